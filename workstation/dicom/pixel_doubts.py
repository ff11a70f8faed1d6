"""What is doubtful, or worth knowing, about the pixels of a stack: sentences for people."""

from __future__ import annotations

from collections.abc import Sequence

from workstation.core.identity import SeriesIdentity
from workstation.core.verdict import Doubt
from workstation.dicom.frames import Frame, Imaging
from workstation.dicom.intensities import distinct_imaging, has_unclear_padding
from workstation.dicom.sop_classes import is_capture


def doubts_of_pixels(frames: Sequence[Frame], series: SeriesIdentity) -> list[Doubt]:
    """Return the doubts about the pixels of a stack, the gravest first, each once."""
    imagings = distinct_imaging(frames)
    found = [
        *_marked(imagings),
        *_shown_otherwise(frames, imagings),
        *(doubt for imaging in imagings for doubt in imaging.doubts),
    ]
    if not series.series_uid:
        text = "The files name no series, so images that do not belong together may be here."
        found.append(Doubt("no_series_uid", text))
    # Sentences with numbers that differ from slice to slice are said once.
    return list({doubt.code: doubt for doubt in reversed(found)}.values())[::-1]


def _marked(imagings: Sequence[Imaging]) -> list[Doubt]:
    marks = dict(mark.split(":", 1) for imaging in imagings for mark in imaging.marks)
    doubts = []
    if "lossy" in marks:
        ratio = f" ({marks['lossy']}:1)" if marks["lossy"] else ""
        doubts.append(Doubt("lossy", f"The images were compressed with loss{ratio}."))
    if "burned_in" in marks:
        text = "Text is burned into the pixels; it may name the patient."
        doubts.append(Doubt("burned_in", text))
    elif any(is_capture(imaging.sop_class_uid) for imaging in imagings):
        text = "This is a screen capture: text burned into its pixels may name the patient."
        doubts.append(Doubt("maybe_burned_in", text))
    if "mosaic_step" in marks:
        text = (
            "The mosaic does not say how far apart its slices are: Slice Thickness is taken for it."
        )
        doubts.append(Doubt("mosaic_step", text))
    if any(imaging.is_localizer for imaging in imagings):
        doubts.append(Doubt("localizer", "This is a localizer picture, not a cross section."))
    return doubts


def _shown_otherwise(frames: Sequence[Frame], imagings: Sequence[Imaging]) -> list[Doubt]:
    """Return what is drawn, hidden, or shown with less than the file holds."""
    doubts = []
    if any(imaging.has_overlays for imaging in imagings):
        if any(frame.tile for frame in frames):
            text = "The images carry drawn overlays, not shown here."
            doubts.append(Doubt("overlay_ignored", text))
        else:
            text = "Drawn overlays of the maker are shown; they hide with the marks."
            doubts.append(Doubt("overlays_shown", text))
    shutters = {imaging.shutter for imaging in imagings}
    if shutters != {None}:
        text = "A display shutter of the maker covers parts; it opens when the marks are hidden."
        if len(shutters) > 1:
            text = "The display shutters of the slices differ; none is shown."
        doubts.append(Doubt("shutter", text))
    if has_unclear_padding(imagings):
        text = "What marks the outside of the scanned field cannot be told from values inside it."
        doubts.append(Doubt("padding_unclear", text))
    if any(imaging.layout.is_color and imaging.layout.bits_allocated > 8 for imaging in imagings):
        doubts.append(Doubt("color_depth", "The colors are shown with 8 bits; the file has more."))
    return doubts
