"""Write a view as a Grayscale Softcopy Presentation State; the images stay as they are.

Source: PS3.3 A.33.1, C.10.5 (Graphic Annotation), C.10.4 (Displayed Area), C.10.6 (Spatial
Transformation), C.11.8 (Softcopy VOI LUT), C.11.6 (Softcopy Presentation LUT), C.11.10.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import highdicom
import numpy as np
from pydicom import DataElement, Dataset, config
from pydicom.dataset import FileMetaDataset
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRLittleEndian
from pydicom.valuerep import DSfloat

from workstation.core.errors import InputRefusedError
from workstation.core.grayscale import WHITE, gray_levels
from workstation.core.intensity import Window, WindowFunction
from workstation.core.presentation import (
    Annotation,
    DisplayedArea,
    Fit,
    Graphic,
    GraphicText,
    PresentationState,
    References,
    Space,
)
from workstation.dicom.character_sets import character_set
from workstation.dicom.derived_header import mend
from workstation.dicom.frames import LookupTable, Rescale
from workstation.dicom.presentation_graphics import HALF_PIXEL
from workstation.dicom.structured_report import MANUFACTURER, person_name

GRAYSCALE_STATE = "1.2.840.10008.5.1.4.1.1.11.1"

SERIES_NUMBER = 992
"""Stored looks sort behind key images (991), and both behind the images."""

LABEL_CHARACTERS = 16
"""A Content Label is a code string: 16 capitals, digits, blanks and underscores; PS3.5 6.2."""

MOST_TABLE_ENTRIES = 65535

_CARRIED = (
    "PatientName",
    "PatientID",
    "IssuerOfPatientID",
    "PatientBirthDate",
    "PatientSex",
    "PatientAge",
    "PatientSize",
    "PatientWeight",
    "PatientIdentityRemoved",
    "DeidentificationMethod",
    "StudyInstanceUID",
    "StudyDate",
    "StudyTime",
    "StudyID",
    "StudyDescription",
    "AccessionNumber",
    "ReferringPhysicianName",
)
"""Attributes of patient and study that are those of the images; PS3.3 A.33.1.3."""


@dataclass(frozen=True, slots=True)
class PresentedImage:
    """A slice that is presented.

    Attributes:
        instance_uid: its instance.
        frame_number: which frame of it, from 1; 0 for an instance of one frame.
        sop_class_uid: its class.
        rescale: what its volume was rescaled by.
    """

    instance_uid: str
    frame_number: int
    sop_class_uid: str
    rescale: Rescale


def content_label(words: str) -> str:
    """Return a label as a code string: capitals, digits and underscores, 16 at most."""
    kept = re.sub(r"[^A-Z0-9]+", "_", words.upper()).strip("_")
    return kept[:LABEL_CHARACTERS].strip("_") or "VIEW"


def build_presentation_state(
    header: Dataset,
    images: Sequence[PresentedImage],
    state: PresentationState,
    *,
    made_at: datetime,
    version: str,
) -> Dataset:
    """Return the look as a DICOM object with new UIDs.

    Args:
        header: of one of the images; patient and study are taken from it.
        images: every slice it is about, of one series.
        state: the look, in the unit of the volume. Its UID and dates are not used.
        made_at: aware; when.
        version: of this program.

    Raises:
        InputRefusedError: the images have no identity by which others would find them.
    """
    needed = all(header.get(word) for word in ("StudyInstanceUID", "SeriesInstanceUID"))
    if not images or not needed or not all(one.instance_uid for one in images):
        raise InputRefusedError(
            "The view cannot be saved as a presentation state",
            why="the images lack the identity by which others would find them",
            todo="Export the picture instead",
        )
    with config.disable_value_validation():
        made = _begun(header, made_at)
        _describe(made, state, made_at, version)
        made.ReferencedSeriesSequence = [_series(header, images)]
        _add_gray(made, images, state)
        made.DisplayedAreaSelectionSequence = [
            _area(area, images) for area in state.areas or (_whole(header, state),)
        ]
        if state.rotation_deg or state.is_flipped:
            made.ImageRotation = state.rotation_deg
            made.ImageHorizontalFlip = "Y" if state.is_flipped else "N"
        if state.annotations:
            _add_annotations(made, images, state)
        made.SpecificCharacterSet = character_set(made)
    return made


def _begun(header: Dataset, made_at: datetime) -> Dataset:
    made = Dataset()
    for keyword in _CARRIED:
        if keyword in header:
            made[keyword] = header[keyword]
    mend(made)
    del made.PositionReferenceIndicator
    made.SOPClassUID = GRAYSCALE_STATE
    made.SOPInstanceUID = highdicom.UID()
    made.SeriesInstanceUID = highdicom.UID()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.InstanceCreationDate = made_at.strftime("%Y%m%d")
    made.InstanceCreationTime = made_at.strftime("%H%M%S")
    made.TimezoneOffsetFromUTC = made_at.strftime("%z")
    return made


def _describe(made: Dataset, state: PresentationState, made_at: datetime, version: str) -> None:
    made.Modality = "PR"
    made.SeriesNumber = SERIES_NUMBER
    made.SeriesDescription = "Presentation states"
    made.Laterality = ""
    made.Manufacturer = MANUFACTURER
    made.ManufacturerModelName = MANUFACTURER
    made.SoftwareVersions = version
    made.InstanceNumber = 1
    made.ContentLabel = content_label(state.label)
    made.ContentDescription = (state.description or state.label)[:64]
    made.PresentationCreationDate = made_at.strftime("%Y%m%d")
    made.PresentationCreationTime = made_at.strftime("%H%M%S")
    made.ContentCreatorName = person_name(state.creator) if state.creator else ""


def _series(header: Dataset, images: Sequence[PresentedImage]) -> Dataset:
    item = Dataset()
    item.SeriesInstanceUID = header.SeriesInstanceUID
    item.ReferencedImageSequence = _references(images)
    return item


def _references(images: Sequence[PresentedImage]) -> list[Dataset]:
    frames: dict[tuple[str, str], list[int]] = {}
    for image in images:
        key = (image.instance_uid, image.sop_class_uid)
        frames.setdefault(key, []).append(image.frame_number)
    found = []
    for (instance_uid, sop_class_uid), numbers in frames.items():
        item = Dataset()
        item.ReferencedSOPClassUID = sop_class_uid
        item.ReferencedSOPInstanceUID = instance_uid
        if any(numbers):
            item.ReferencedFrameNumber = sorted(numbers)
        found.append(item)
    return found


def _named(images: Sequence[PresentedImage], references: References) -> list[PresentedImage]:
    return [
        image
        for image in images
        if any(one.names(image.instance_uid, image.frame_number) for one in references)
    ]


# Gray


def _add_gray(made: Dataset, images: Sequence[PresentedImage], state: PresentationState) -> None:
    rescales = list(dict.fromkeys(image.rescale for image in images))
    window = state.windows[0].window if state.windows else None
    if len(rescales) == 1:
        _add_rescale(made, rescales[0])
    if window is not None and len(rescales) == 1:
        made.SoftcopyVOILUTSequence = [_voi(window)]
    elif window is not None:
        # One object has one rescale: with several, windows are laid over the stored values.
        made.SoftcopyVOILUTSequence = [
            _voi_over_stored(window, rescale, [one for one in images if one.rescale == rescale])
            for rescale in rescales
        ]
    made.PresentationLUTShape = "INVERSE" if state.is_inverted else "IDENTITY"


def _add_rescale(made: Dataset, rescale: Rescale) -> None:
    if rescale.table is not None:
        made.ModalityLUTSequence = [_modality_table(rescale.table)]
    else:
        made.RescaleIntercept = DSfloat(rescale.intercept, auto_format=True)
        made.RescaleSlope = DSfloat(rescale.slope, auto_format=True)
        made.RescaleType = rescale.kind or "US"


def _modality_table(table: LookupTable) -> Dataset:
    item = Dataset()
    bits = 16 if max(table.entries) > 0xFF else 8
    vr = "SS" if table.first < 0 else "US"
    count = len(table.entries) % 65536
    item[Tag("LUTDescriptor")] = DataElement("LUTDescriptor", vr, [count, table.first, bits])
    item.ModalityLUTType = table.kind or "US"
    data = np.array(table.entries, dtype="<u2").tobytes()
    item[Tag("LUTData")] = DataElement("LUTData", "OW", data)
    return item


def _voi(window: Window) -> Dataset:
    item = Dataset()
    if window.table is not None:
        item.VOILUTSequence = [_voi_table(window)]
        return item
    item.WindowCenter = DSfloat(window.center, auto_format=True)
    item.WindowWidth = DSfloat(window.width, auto_format=True)
    if window.name:
        item.WindowCenterWidthExplanation = window.name[:64].replace("\\", "/")
    if window.function is not WindowFunction.LINEAR:
        item.VOILUTFunction = window.function.value
    elif window.width < 1:  # LINEAR has no such width; shown here LINEAR_EXACT, too
        item.VOILUTFunction = WindowFunction.LINEAR_EXACT.value
    return item


def _voi_table(window: Window) -> Dataset:
    """Return a table as it lies over the values now, moved and stretched as the reader did."""
    low = round(window.center - window.width / 2)
    count = min(max(round(window.width) + 1, 2), MOST_TABLE_ENTRIES)
    levels = gray_levels(np.arange(low, low + count, dtype=np.float64), window)
    item = Dataset()
    vr = "SS" if low < 0 else "US"
    item[Tag("LUTDescriptor")] = DataElement("LUTDescriptor", vr, [count, low, 16])
    if vr == "SS" and count > 0x7FFF:
        raise InputRefusedError(
            "The view cannot be saved as a presentation state",
            why="its gray-scale table is too long to begin below zero",
            todo="Choose a window first",
        )
    entries = np.rint(levels / WHITE * 0xFFFF).astype("<u2")
    item.LUTExplanation = (window.name or "Table")[:64]
    item[Tag("LUTData")] = DataElement("LUTData", "OW", entries.tobytes())
    return item


def _voi_over_stored(window: Window, rescale: Rescale, images: Sequence[PresentedImage]) -> Dataset:
    center, width, function = window.center, window.width, window.function
    if rescale.table is not None or window.table is not None or rescale.slope <= 0:
        raise InputRefusedError(
            "The view cannot be saved as a presentation state",
            why="its slices have different scales and its gray scale is a table",
            todo="Choose a window first",
        )
    if function is WindowFunction.LINEAR and width > 1:
        center, width, function = center - 0.5, width - 1, WindowFunction.LINEAR_EXACT
    center, width = (center - rescale.intercept) / rescale.slope, width / rescale.slope
    item = _voi(Window(center, width, window.name, function))
    item.ReferencedImageSequence = _references(images)
    return item


# Geometry


def _whole(header: Dataset, state: PresentationState) -> DisplayedArea:
    """Return the whole image as a displayed area: its corners are those of the turned screen."""
    columns, rows = int(header.Columns), int(header.Rows)
    around = [(1, 1), (columns, 1), (columns, rows), (1, rows)]
    # Turned clockwise by a quarter, the lower left pixel comes to the upper left.
    first = -(state.rotation_deg // 90) % 4
    top_left, top_right = around[first], around[(first + 1) % 4]
    bottom_right, bottom_left = around[(first + 2) % 4], around[(first + 3) % 4]
    if state.is_flipped:
        return DisplayedArea(top_right, bottom_left)
    return DisplayedArea(top_left, bottom_right)


def _area(area: DisplayedArea, images: Sequence[PresentedImage]) -> Dataset:
    item = Dataset()
    if area.references:
        item.ReferencedImageSequence = _references(_named(images, area.references))
    item.DisplayedAreaTopLeftHandCorner = list(area.top_left)
    item.DisplayedAreaBottomRightHandCorner = list(area.bottom_right)
    item.PresentationSizeMode = area.fit.value
    if area.spacing_rc_mm is not None:
        item.PresentationPixelSpacing = [
            DSfloat(one, auto_format=True) for one in area.spacing_rc_mm
        ]
    else:
        item.PresentationPixelAspectRatio = [max(round(1000 * one), 1) for one in area.aspect_rc]
    if area.fit is Fit.MAGNIFY:
        item.PresentationPixelMagnificationRatio = area.magnification
    return item


# What is drawn


def _add_annotations(
    made: Dataset, images: Sequence[PresentedImage], state: PresentationState
) -> None:
    found = []
    for annotation in state.annotations:
        about = _named(images, annotation.references) if annotation.references else images
        if about:
            found.append(_annotation(annotation, about))
    if not found:
        return
    made.GraphicAnnotationSequence = found
    used = {one.GraphicLayer for one in found}
    made.GraphicLayerSequence = []
    for number, name in enumerate(sorted(used), start=1):
        layer = next((one for one in state.layers if content_label(one.name) == name), None)
        item = Dataset()
        item.GraphicLayer = name
        item.GraphicLayerOrder = number if layer is None else layer.order
        color = None if layer is None else layer.color_rgb
        if color is not None:
            item.GraphicLayerRecommendedDisplayCIELabValue = list(
                highdicom.color.CIELabColor.from_rgb(*color).value
            )
        if layer is not None and layer.description:
            item.GraphicLayerDescription = layer.description[:64]
        made.GraphicLayerSequence.append(item)


def _annotation(annotation: Annotation, about: Sequence[PresentedImage]) -> Dataset:
    item = Dataset()
    item.ReferencedImageSequence = _references(about)
    item.GraphicLayer = content_label(annotation.layer)
    if annotation.texts:
        item.TextObjectSequence = [_text(one) for one in annotation.texts]
    if annotation.graphics:
        item.GraphicObjectSequence = [_graphic(one) for one in annotation.graphics]
    return item


def _graphic(graphic: Graphic) -> Dataset:
    item = Dataset()
    item.GraphicAnnotationUnits = graphic.space.value
    item.GraphicDimensions = 2
    item.NumberOfGraphicPoints = len(graphic.points)
    item.GraphicData = _numbers(graphic.points, graphic.space)
    item.GraphicType = graphic.shape.value
    is_closed = graphic.shape.value in ("CIRCLE", "ELLIPSE") or (
        len(graphic.points) > 2 and graphic.points[0] == graphic.points[-1]
    )
    if is_closed:
        item.GraphicFilled = "Y" if graphic.is_filled else "N"
    return item


def _text(said: GraphicText) -> Dataset:
    item = Dataset()
    if said.box is not None:
        item.BoundingBoxAnnotationUnits = said.box_space.value
        first, last = (_numbers((corner,), said.box_space) for corner in said.box)
        item.BoundingBoxTopLeftHandCorner = first
        item.BoundingBoxBottomRightHandCorner = last
        item.BoundingBoxTextHorizontalJustification = said.justification
    if said.anchor is not None:
        item.AnchorPointAnnotationUnits = said.anchor_space.value
        item.AnchorPoint = _numbers((said.anchor,), said.anchor_space)
        item.AnchorPointVisibility = "Y" if said.is_anchor_visible else "N"
    item.UnformattedTextValue = "\r\n".join(said.text)[:1024]
    return item


def _numbers(points: Sequence[tuple[float, float]], space: Space) -> list[float]:
    shift = HALF_PIXEL if space is Space.PIXEL else 0.0
    return [value + shift for point in points for value in point]
