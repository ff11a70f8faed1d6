"""Make an inherited header pass for one of our own: what its source lacked or broke is mended.

Real files leave out Type 2 attributes, hold empty Type 1C ones, or dates that are asterisks. A
derived series with such a header is turned away by an archive that checks. Nothing is made up:
what is missing becomes empty, what is broken is left out.

Source: PS3.3 C.7.1.1 (Patient), C.7.2.1 (General Study), C.7.5.1 (General Equipment), C.7.4.1
(Frame of Reference), C.8.3.1 (MR Image), C.11.2.1.2 (window width); PS3.5 6.2 (dates, ages).
"""

from __future__ import annotations

import re

from pydicom import DataElement, Dataset
from pydicom.datadict import dictionary_has_tag, dictionary_VR

TYPE_2 = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyDate",
    "StudyTime",
    "StudyID",
    "AccessionNumber",
    "ReferringPhysicianName",
    "Manufacturer",
    "PositionReferenceIndicator",
)
"""Attributes of classic CT and MR images that must be there, even if empty."""

SHAPES = {
    "DA": re.compile(r"\d{8}"),
    "TM": re.compile(r"\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?"),
    "AS": re.compile(r"\d{3}[DWMY]"),
}
"""How dates, times and ages are written (PS3.5 6.2)."""

NEVER_EMPTY = ("SpecificCharacterSet", "TriggerTime", "InversionTime", "DeidentificationMethod")
"""Conditional attributes that must not be there without a value."""

UNSTATED = "Not stated by the source"
"""De-identification Method where the source says only that it was done."""

NARROWEST_WINDOW = 1
"""Least Window Width of the function LINEAR; C.11.2.1.2.1."""


def mend(dataset: Dataset) -> None:
    """Mend the top level of an inherited header in place."""
    for element in list(dataset):
        mended = _mended(element)
        if mended is None:
            del dataset[element.tag]
        elif mended is not element:
            dataset[element.tag] = mended
    for keyword in TYPE_2:
        if keyword not in dataset:
            setattr(dataset, keyword, "")
    _mend_window(dataset)
    _mend_identity_removed(dataset)


def _mended(element: DataElement) -> DataElement | None:
    """Return an element as it may be written; None where it must be left out."""
    is_empty = element.is_empty or (element.VR == "SQ" and len(element.value) == 0)
    if is_empty and (element.keyword in NEVER_EMPTY or element.VR == "SQ"):
        return None
    if element.tag.element == 0 or not dictionary_has_tag(element.tag):
        return None  # a group length, or what no reader knows
    vr = dictionary_VR(element.tag)
    if " or " not in vr and vr != element.VR:
        return None
    shape = SHAPES.get(vr)
    if shape is None or is_empty or shape.fullmatch(str(element.value).strip()):
        return element
    return DataElement(element.tag, vr, "") if element.keyword in TYPE_2 else None


def _mend_window(dataset: Dataset) -> None:
    widths = dataset.get("WindowWidth")
    if widths is None or "WindowCenter" not in dataset:
        return
    listed = widths if dataset["WindowWidth"].VM > 1 else [widths]
    is_usable = all(width is not None and float(width) >= NARROWEST_WINDOW for width in listed)
    if not is_usable and dataset.get("VOILUTFunction", "LINEAR") in ("LINEAR", ""):
        del dataset.WindowWidth
        del dataset.WindowCenter


def _mend_identity_removed(dataset: Dataset) -> None:
    said = "DeidentificationMethod" in dataset or "DeidentificationMethodCodeSequence" in dataset
    if dataset.get("PatientIdentityRemoved") == "YES" and not said:
        dataset.DeidentificationMethod = UNSTATED
