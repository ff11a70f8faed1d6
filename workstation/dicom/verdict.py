"""Build display sets and the verdict of a series from its frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workstation.core.geometry import Reformat
from workstation.core.identity import SeriesIdentity
from workstation.core.image_stack import stack_verdict, still_right
from workstation.core.intensity import IntensityUnit
from workstation.core.verdict import (
    Answer,
    Doubt,
    MissingSlices,
    SeriesVerdict,
    SetAside,
    StackVerdict,
)
from workstation.dicom.display_sets import DisplaySet
from workstation.dicom.frames import Frame
from workstation.dicom.grouping import FrameGroup, split
from workstation.dicom.intensities import distinct_imaging, intensity_of, voxel_type, windows_of
from workstation.dicom.ordering import order, order_turning
from workstation.dicom.pet import in_uptake
from workstation.dicom.pixel_doubts import doubts_of_pixels
from workstation.dicom.pixel_history import doubt_of, known_history
from workstation.dicom.series_facts import SeriesFacts
from workstation.dicom.sop_classes import is_capture
from workstation.dicom.stack_ends import begins_late, missing_at_ends
from workstation.dicom.tags import Tag
from workstation.dicom.transfer_syntaxes import transfer_syntax_name

_ALWAYS_LOSSY = frozenset({"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"})
"""JPEG baseline and extended lose something whatever the header says. Source: PS3.5 8.2.1."""


def display_sets(frames: Sequence[Frame], series: SeriesIdentity) -> tuple[DisplaySet, ...]:
    """Return the frames of a series as stacks, the largest first. No frame is lost."""
    if not frames:
        return ()
    groups = split(frames)
    sets = [_display_set(group, series) for group in groups]
    families: dict[int, list[int]] = {}
    for index, group in enumerate(groups):
        if not group.is_repeat:
            families.setdefault(group.family, []).append(index)
    for members in families.values():
        lacking = missing_at_ends([sets[index] for index in members])
        for index, lost in zip(members, lacking, strict=True):
            if lost:
                sets[index] = _shortened(sets[index], lost)
    return tuple(sets)


def _shortened(one: DisplaySet, lost: tuple[MissingSlices, ...]) -> DisplaySet:
    """Return a stack that says which slices it lacks at its ends."""
    texts = "; ".join(hole.text for hole in lost)
    doubt = Doubt("missing_slices", f"A stack is shorter than the others ({one.name}): {texts}.")
    return replace(one, holes=(*one.holes, *lost), doubts=(*one.doubts, doubt))


def verdict(
    series: SeriesIdentity,
    sets: Sequence[DisplaySet],
    set_aside: Sequence[SetAside],
    *,
    duplicates: int,
    facts: SeriesFacts | None = None,
) -> SeriesVerdict:
    """Return the verdict of a series.

    Args:
        series: the series.
        sets: its display sets, the largest first; may be empty.
        set_aside: its files that are not shown.
        duplicates: how many of those repeat an instance.
        facts: what the headers say of the series as a whole; None where only frames are known.
    """
    facts = facts or SeriesFacts()
    shown = len({frame.file for one in sets for frame in one.frames})
    repeats = sum(one.slice_count for one in sets if _is_repeat(one))
    stacks = tuple(map(stack_verdict, sets))
    main = stacks[0] if stacks else _NO_STACK
    frames_shown = sum(one.slice_count for one in sets)
    return SeriesVerdict(
        series_uid=series.series_uid,
        modality=series.modality,
        description=series.description,
        received=shown + len(set_aside),
        shown=shown,
        set_aside=tuple(set_aside),
        rows=main.rows,
        columns=main.columns,
        slices=main.slices,
        display_sets=len(sets),
        spacing_ij_mm=main.spacing_ij_mm,
        spacing=main.spacing,
        tilt_deg=main.tilt_deg,
        missing_positions=sum(one.missing for one in sets),
        duplicates=duplicates + repeats,
        sort_key=sets[0].sort_key if sets else "",
        unit=main.unit,
        orientation=main.orientation,
        transfer_syntaxes=_transfer_syntaxes(sets),
        warnings=_warnings(sets, duplicates + repeats, set_aside, facts),
        frames_received=max(facts.frames_received, frames_shown),
        frames_shown=frames_shown,
        stacks=stacks,
        is_unit_trusted=main.is_unit_trusted,
        unit_reason=sets[0].intensity.reason if sets else "",
        reformat=main.reformat,
        reason_not_reformattable=main.reason_not_reformattable,
        still_right=still_right(sets[0].geometry) if sets else "",
        missing=tuple(hole for one in sets for hole in one.holes),
        is_lossy=facts.is_lossy or _has_lossy_syntax(sets),
        lossy_ratio=facts.lossy_ratio,
        burned_in=_burned_in(sets, facts),
        patient_position=facts.only(Tag.PATIENT_POSITION),
        laterality=facts.laterality,
        expected=facts.expected,
        listed_absent=tuple(facts.listed_absent),
        frame_of_reference_uid=sets[0].geometry.frame_of_reference_uid if sets else "",
    )


_NO_STACK = StackVerdict(
    name="",
    slices=0,
    rows=0,
    columns=0,
    spacing_ij_mm=None,
    spacing=None,
    tilt_deg=0.0,
    orientation="unknown",
    missing=0,
    unit=IntensityUnit.UNKNOWN.value,
    is_unit_trusted=True,
    reformat=Reformat.NONE,
    reason_not_reformattable="",
)
"""Stands for the largest stack of a series that has none."""


def _burned_in(sets: Sequence[DisplaySet], facts: SeriesFacts) -> Answer:
    """Return whether text is burned in; a screen capture that says no is not believed."""
    imagings = [imaging for one in sets for imaging in distinct_imaging(one.frames)]
    stated = facts.burned_in
    if stated is Answer.NO and any(is_capture(imaging.sop_class_uid) for imaging in imagings):
        return Answer.UNKNOWN
    return stated


def _has_lossy_syntax(sets: Sequence[DisplaySet]) -> bool:
    return any(
        imaging.layout.transfer_syntax in _ALWAYS_LOSSY
        for one in sets
        for imaging in distinct_imaging(one.frames)
    )


def _display_set(group: FrameGroup, series: SeriesIdentity) -> DisplaySet:
    stack = order_turning(group.frames) if group.is_turning else order(group.frames)
    frames, doubts_of_units = in_uptake(stack.frames)
    imagings = distinct_imaging(frames)
    intensity = intensity_of(imagings, series.modality)
    doubts = list(stack.doubts)
    if group.is_repeat:
        text = "These slices repeat the places of others, and no header says why they differ."
        doubts.append(Doubt("duplicate_positions", text))
    if not intensity.is_trusted:
        doubts.append(Doubt("unit_untrusted", f"No number is reported: {intensity.reason}."))
    is_linked = len({frame.frame_of_reference_uid for frame in frames}) == 1
    if not is_linked:
        text = "The slices name different frames of reference: the series is not linked to others."
        doubts.append(Doubt("mixed_reference_frames", text))
    history = known_history(frames)
    made = doubt_of(history)
    doubts += [*([made] if made else []), *doubts_of_units, *doubts_of_pixels(frames, series)]
    return DisplaySet(
        series=series,
        name=group.name,
        frames=frames,
        geometry=stack.geometry
        if is_linked
        else replace(stack.geometry, frame_of_reference_uid=""),
        intensity=intensity,
        windows=windows_of(frames),
        voxel_type=voxel_type(imagings, series.modality),
        holes=tuple(replace(hole, stack=group.name) for hole in stack.missing),
        sort_key=stack.sort_key,
        doubts=tuple(doubts),
        provenance=history,
    )


def _is_repeat(one: DisplaySet) -> bool:
    return any(doubt.code == "duplicate_positions" for doubt in one.doubts)


def _transfer_syntaxes(sets: Sequence[DisplaySet]) -> tuple[str, ...]:
    uids = {frame.imaging.layout.transfer_syntax for one in sets for frame in one.frames}
    return tuple(sorted(transfer_syntax_name(uid) for uid in uids))


def _warnings(
    sets: Sequence[DisplaySet],
    duplicates: int,
    set_aside: Sequence[SetAside],
    facts: SeriesFacts,
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
    late = begins_late(sets[0]) if len(sets) == 1 else None
    found.update(dict.fromkeys((*([late] if late else []), *facts.doubts())))
    return tuple(found)


DAMAGE_WORDS = ("the file", "its pixels", "the bits", "its table", "this is a mosaic")
"""How reasons begin that mean a picture was lost, not that the object is none."""

_NAMED_SETS = 6
"""How many stacks a sentence names before it counts the rest."""
