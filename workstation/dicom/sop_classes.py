"""Objects that come with images but are none, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Mapping

DICOMDIR = "1.2.840.10008.1.3.10"
"""Media Storage Directory Storage. Source: PS3.6 table A-1."""

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
"""Secondary Capture Image Storage; its multi-frame forms begin so. Source: PS3.6 table A-1."""

_STANDARD = "1.2.840.10008.5.1.4.1.1."

GRAYSCALE_LOOK, COLOR_LOOK = "11.1", "11.2"
"""Presentation states that are applied; ends of their SOP Class UIDs."""

PRESENTATION_STATES: Mapping[str, str] = {
    GRAYSCALE_LOOK: "Grayscale presentation state",
    COLOR_LOOK: "Color presentation state",
    "11.3": "Pseudo-color presentation state",
    "11.4": "Blending presentation state",
    "11.5": "X-ray presentation state",
    "11.6": "Presentation state of a plane",
    "11.7": "Presentation state of several planes",
    "11.8": "Advanced blending presentation state",
    "11.9": "Presentation state of a volume",
    "11.10": "Presentation state of a segmented volume",
    "11.11": "Presentation state of several volumes",
    "11.12": "Presentation state with several modality tables",
}
"""What a presentation state is, in words, by the end of its class. Source: PS3.6 table A-1."""

NOT_AN_IMAGE: Mapping[str, str] = {
    "66": "this is raw scanner data, not an image",
    "66.1": "this is a spatial registration, not an image",
    "66.2": "this is a set of reference points, not an image",
    "66.3": "this is a deformable registration, not an image",
    "66.4": "this is a segmentation of another series; it is listed under Objects",
    "66.5": "this is a surface segmentation of another series, not an image",
    "66.7": "this is a label map of another series; it is listed under Objects",
    "66.6": "this is a set of nerve fiber tracts, not an image",
    "67": "this is a real world value mapping, not an image",
    "68.1": "this is a surface scan, not an image",
    "68.2": "this is a surface scan, not an image",
    "30": "this is a parametric map of another series, not a scanner image",
    "4.2": "this is a spectroscopy measurement, not an image",
    "481.2": "this is a radiation dose grid, not an image",
    "481.3": "this is a radiotherapy structure set; it is listed under Objects",
    "481.4": "this is a radiotherapy treatment record, not an image",
    "481.5": "this is a radiotherapy plan, not an image",
    "481.6": "this is a radiotherapy treatment record, not an image",
    "481.7": "this is a radiotherapy treatment record, not an image",
    "481.8": "this is a radiotherapy plan, not an image",
    "481.9": "this is a radiotherapy treatment record, not an image",
    "104.1": "this is a PDF document, not an image",
    "104.2": "this is a clinical document, not an image",
    "104.3": "this is a 3D print model, not an image",
    "104.4": "this is a 3D model, not an image",
    "104.5": "this is a 3D model, not an image",
    "88.59": "this is a selection of key images; it is listed under Objects",
}
"""Reason by the end of the SOP Class UID below 1.2.840.10008.5.1.4.1.1. Source: PS3.6 table A-1."""

_FAMILIES: tuple[tuple[str, str], ...] = (
    ("88.", "this is a structured report; it is listed under Objects"),
    ("11.", "this is a presentation state (stored look); it is listed under Objects"),
    ("9.", "this is a waveform such as an ECG, not an image"),
    ("78.", "this is a set of measurements, not an image"),
    ("90.", "this is an assessment of other objects, not an image"),
    ("91.", "this is a set of annotations, not an image"),
    ("200.", "this is a protocol, not an image"),
    ("201.", "this is an inventory, not an image"),
    ("481.", "this is a radiotherapy object, not an image"),
)
"""Reason by the beginning of that end, for families of classes."""

_IMAGES_OF_A_FAMILY = frozenset({"481.1", "481.23", "481.24"})
"""RT Image Storage and its enhanced forms are pictures."""


def is_capture(sop_class_uid: str) -> bool:
    """Whether images of a SOP class are captures of a screen or of paper, not measured ones."""
    return sop_class_uid == SECONDARY_CAPTURE or sop_class_uid.startswith(f"{SECONDARY_CAPTURE}.")


def reason_not_an_image(sop_class_uid: str) -> str:
    """Return why objects of a SOP class are not shown as images; empty for images."""
    if sop_class_uid == DICOMDIR:
        return "this is the index of a disk (DICOMDIR); the files it lists are read themselves"
    if not sop_class_uid.startswith(_STANDARD):
        return ""
    end = sop_class_uid[len(_STANDARD) :]
    if end in NOT_AN_IMAGE:
        return NOT_AN_IMAGE[end]
    if end in _IMAGES_OF_A_FAMILY:
        return ""
    return next((reason for start, reason in _FAMILIES if end.startswith(start)), "")
