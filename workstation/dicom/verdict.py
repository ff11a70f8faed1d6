"""Build display sets and the verdict of a series from its frames."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydicom.uid import UID

from workstation.core.geometry import plane_name
from workstation.core.identity import SeriesIdentity
from workstation.core.intensity import IntensityUnit
from workstation.core.verdict import Doubt, SeriesVerdict, SetAside, Spacing
from workstation.dicom.display_sets import DisplaySet
from workstation.dicom.frames import Frame, Imaging
from workstation.dicom.grouping import FrameGroup, split
from workstation.dicom.intensities import distinct_imaging, intensity_of, voxel_type, windows_of
from workstation.dicom.ordering import order

_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
"""Secondary Capture Image Storage; its multi-frame forms begin so. Source: PS3.6 table A-1."""


def display_sets(frames: Sequence[Frame], series: SeriesIdentity) -> tuple[DisplaySet, ...]:
    """Return the frames of a series as stacks, the largest first. No frame is lost."""
    return tuple(_display_set(group, series) for group in split(frames)) if frames else ()


def verdict(
    series: SeriesIdentity,
    sets: Sequence[DisplaySet],
    set_aside: Sequence[SetAside],
    *,
    duplicates: int,
) -> SeriesVerdict:
    """Return the verdict of a series.

    Args:
        series: the series.
        sets: its display sets, the largest first; may be empty.
        set_aside: its files that are not shown.
        duplicates: how many of those repeat an instance.
    """
    shown = len({frame.file for one in sets for frame in one.frames})
    repeats = sum(one.slice_count for one in sets if _is_repeat(one))
    main = sets[0] if sets else None
    geometry = main.geometry if main else None
    in_plane = geometry.spacing_ij_mm if geometry and geometry.has_millimetres else None
    return SeriesVerdict(
        series_uid=series.series_uid,
        modality=series.modality,
        description=series.description,
        received=shown + len(set_aside),
        shown=shown,
        set_aside=tuple(set_aside),
        rows=main.rows if main else 0,
        columns=main.columns if main else 0,
        slices=main.slice_count if main else 0,
        display_sets=len(sets),
        spacing_ij_mm=in_plane,
        spacing=_spacing(main) if main else None,
        tilt_deg=geometry.tilt_deg if geometry and geometry.is_placed else 0.0,
        missing_positions=sum(one.missing for one in sets),
        duplicates=duplicates + repeats,
        sort_key=main.sort_key if main else "",
        unit=(main.intensity.unit if main else IntensityUnit.UNKNOWN).value,
        orientation=plane_name(geometry.normal) if geometry and geometry.is_placed else "unknown",
        transfer_syntaxes=_transfer_syntaxes(sets),
        warnings=_warnings(sets, duplicates + repeats, set_aside),
    )


def _display_set(group: FrameGroup, series: SeriesIdentity) -> DisplaySet:
    stack = order(group.frames)
    imagings = distinct_imaging(stack.frames)
    intensity = intensity_of(imagings, series.modality)
    doubts = list(stack.doubts)
    if group.is_repeat:
        text = "These slices repeat the places of others, and no header says why they differ."
        doubts.append(Doubt("duplicate_positions", text))
    if not intensity.is_trusted:
        doubts.append(Doubt("unit_untrusted", f"No number is reported: {intensity.reason}."))
    if len({frame.frame_of_reference_uid for frame in stack.frames}) > 1:
        text = "The slices name different frames of reference: the series is not linked to others."
        doubts.append(Doubt("mixed_reference_frames", text))
    doubts += _doubts_of_pixels(imagings, series)
    return DisplaySet(
        series=series,
        name=group.name,
        frames=stack.frames,
        geometry=stack.geometry,
        intensity=intensity,
        windows=windows_of(stack.frames),
        voxel_type=voxel_type(imagings, series.modality),
        missing=stack.missing,
        sort_key=stack.sort_key,
        doubts=tuple(doubts),
    )


def _is_repeat(one: DisplaySet) -> bool:
    return any(doubt.code == "duplicate_positions" for doubt in one.doubts)


def _spacing(one: DisplaySet) -> Spacing | None:
    gaps = one.geometry.gaps_mm
    if gaps.size == 0 or not (one.geometry.has_millimetres and one.geometry.is_placed):
        return None
    return Spacing(float(gaps.min()), float(np.median(gaps)), float(gaps.max()))


def _transfer_syntaxes(sets: Sequence[DisplaySet]) -> tuple[str, ...]:
    uids = {frame.imaging.layout.transfer_syntax for one in sets for frame in one.frames}
    return tuple(sorted(UID(uid).name for uid in uids))


def _is_capture(imaging: Imaging) -> bool:
    uid = imaging.sop_class_uid
    return uid == _SECONDARY_CAPTURE or uid.startswith(f"{_SECONDARY_CAPTURE}.")


def _doubts_of_pixels(imagings: Sequence[Imaging], series: SeriesIdentity) -> list[Doubt]:
    marks = dict(mark.split(":", 1) for imaging in imagings for mark in imaging.marks)
    doubts = []
    if "lossy" in marks:
        ratio = f" ({marks['lossy']}:1)" if marks["lossy"] else ""
        doubts.append(Doubt("lossy", f"The images were compressed with loss{ratio}."))
    if "burned_in" in marks:
        doubts.append(
            Doubt("burned_in", "Text is burned into the pixels; it may name the patient.")
        )
    elif any(_is_capture(imaging) for imaging in imagings):
        text = "This is a screen capture: text burned into its pixels may name the patient."
        doubts.append(Doubt("maybe_burned_in", text))
    if "overlay" in marks:
        doubts.append(Doubt("overlay_ignored", "The images carry drawn overlays, not shown here."))
    if "voi_table" in marks and not any(imaging.windows for imaging in imagings):
        text = "The images bring a gray-scale table of their own; a plain window is used instead."
        doubts.append(Doubt("voi_table_ignored", text))
    if any(imaging.padding_limit is not None for imaging in imagings):
        text = "Pixels outside the scanned field have a range of values; only one is left out."
        doubts.append(Doubt("padding_range", text))
    if any(imaging.is_localizer for imaging in imagings):
        doubts.append(Doubt("localizer", "This is a localizer picture, not a cross section."))
    if any(imaging.layout.is_color and imaging.layout.bits_allocated > 8 for imaging in imagings):
        doubts.append(Doubt("color_depth", "The colors are shown with 8 bits; the file has more."))
    if not series.series_uid:
        text = "The files name no series, so images that do not belong together may be here."
        doubts.append(Doubt("no_series_uid", text))
    return doubts


def _warnings(
    sets: Sequence[DisplaySet], duplicates: int, set_aside: Sequence[SetAside]
) -> tuple[Doubt, ...]:
    found: dict[Doubt, None] = {}
    if len(sets) > 1:
        names = "; ".join(f"{one.name or 'main'} ({one.slice_count})" for one in sets[:_NAMED_SETS])
        more = "" if len(sets) <= _NAMED_SETS else f" and {len(sets) - _NAMED_SETS} more"
        text = f"The series holds {len(sets)} stacks of images: {names}{more}."
        found[Doubt("split", text)] = None
    for one in sets:
        found.update(dict.fromkeys(one.doubts))
    if duplicates:
        images = "1 image repeats" if duplicates == 1 else f"{duplicates} images repeat"
        text = f"{images} another image, or the place of one."
        found[Doubt("duplicates", text)] = None
    damaged = sum(1 for one in set_aside if one.reason.startswith(DAMAGE_WORDS))
    if damaged and sets:
        text = f"The series is incomplete: {damaged} of its files could not be used."
        found[Doubt("incomplete", text)] = None
    return tuple(found)


DAMAGE_WORDS = ("the file", "its pixels", "the bits", "its table", "this is a mosaic")
"""How reasons begin that mean a picture was lost, not that the object is none."""

_NAMED_SETS = 6
"""How many stacks a sentence names before it counts the rest."""
