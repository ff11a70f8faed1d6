"""Read presentation states: how images are meant to be seen, and what is drawn over them.

Each part that is not shown here is said in words. What is about colors, volumes or several
images laid over each other is listed with the reason why it is not applied.

Source: PS3.3 A.33 (Softcopy Presentation States), C.10, C.11; PS3.4 N (their storage classes).
"""

from __future__ import annotations

from dataclasses import replace

from pydicom.dataset import Dataset

from workstation.core.drawings import Shutter
from workstation.core.presentation import (
    DisplayedArea,
    Fit,
    PresentationState,
    ReferencedSeries,
)
from workstation.dicom.object_files import ObjectReadError
from workstation.dicom.presentation_graphics import read_annotations, read_layers
from workstation.dicom.presentation_values import day_and_time, items, numbers, references, text
from workstation.dicom.presentation_windows import RescaleOf, read_windows
from workstation.dicom.shutters import MOST_CORNERS
from workstation.dicom.sop_classes import COLOR_LOOK, GRAYSCALE_LOOK, PRESENTATION_STATES
from workstation.dicom.tags import OVERLAY_GROUPS

ASPECT_TOLERANCE = 0.01
"""Pixel aspects nearer than this are one: spacings are rounded."""

OVERLAY_ACTIVATION = 0x1001
"""Element of Overlay Activation Layer in a group 60xx. Source: PS3.3 C.11.7."""

_NOT_APPLIED = {
    "11.3": "It gives gray values colors, which is not done here.",
    "11.4": "It lays one series over another; that is not done from a stored state here.",
    "11.5": "It subtracts X-ray frames from each other, which is not done here.",
    "11.8": "It lays several series over each other; that is not done from a stored state here.",
}
"""Why a class is listed and not applied, by the end of its SOP Class UID. Source: PS3.4 N."""

_OTHER = "It is about a volume, and stored looks of volumes are not applied here."


def read_presentation_state(dataset: Dataset, rescale_of: RescaleOf) -> PresentationState:
    """Return a stored look, in the unit of the volumes it is laid over.

    Args:
        dataset: of a class of presentation states.
        rescale_of: gives the rescale of images of the study.

    Raises:
        ObjectReadError: it names no image.
    """
    end = text(dataset, "SOPClassUID").removeprefix("1.2.840.10008.5.1.4.1.1.")
    series = _series(dataset)
    found = PresentationState(
        uid=text(dataset, "SOPInstanceUID"),
        label=text(dataset, "ContentLabel") or "Unnamed",
        description=text(dataset, "ContentDescription"),
        creator=text(dataset, "ContentCreatorName"),
        made=day_and_time(dataset, "PresentationCreationDate", "PresentationCreationTime"),
        kind=PRESENTATION_STATES.get(end, "Presentation state"),
        series=series,
    )
    if end not in (GRAYSCALE_LOOK, COLOR_LOOK):
        return replace(found, refused=_NOT_APPLIED.get(end, _OTHER))
    if not series:
        raise ObjectReadError("It names no image.")
    return _applied(found, dataset, rescale_of, is_color=end == COLOR_LOOK)


def _applied(
    found: PresentationState, dataset: Dataset, rescale_of: RescaleOf, *, is_color: bool
) -> PresentationState:
    windows, doubts = ((), ()) if is_color else read_windows(dataset, found.series, rescale_of)
    annotations, undrawn = read_annotations(dataset)
    areas = tuple(
        area
        for item in items(dataset, "DisplayedAreaSelectionSequence")
        if (area := _area(item)) is not None
    )
    rotation = int((numbers(dataset, "ImageRotation") or (0,))[0]) % 360
    remarks = [*doubts, *undrawn, *_left_out(dataset)]
    if rotation % 90:
        remarks.append("Its rotation is not by quarters and is not applied.")
        rotation = 0
    return replace(
        found,
        windows=windows,
        areas=areas,
        rotation_deg=rotation,
        is_flipped=text(dataset, "ImageHorizontalFlip") == "Y",
        is_inverted=text(dataset, "PresentationLUTShape") == "INVERSE",
        annotations=annotations,
        layers=read_layers(dataset),
        shutter=_shutter(dataset),
        has_active_overlays=_has_active_overlays(dataset),
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _series(dataset: Dataset) -> tuple[ReferencedSeries, ...]:
    found = [
        ReferencedSeries(text(item, "SeriesInstanceUID"), references(item))
        for item in items(dataset, "ReferencedSeriesSequence")
    ]
    return tuple(one for one in found if one.images)


def _area(item: Dataset) -> DisplayedArea | None:
    first = numbers(item, "DisplayedAreaTopLeftHandCorner")
    last = numbers(item, "DisplayedAreaBottomRightHandCorner")
    if len(first) != 2 or len(last) != 2:
        return None
    try:
        fit = Fit(text(item, "PresentationSizeMode") or "SCALE TO FIT")
    except ValueError:
        fit = Fit.SCALE_TO_FIT
    spacing = numbers(item, "PresentationPixelSpacing")
    aspect = numbers(item, "PresentationPixelAspectRatio")
    ratio = numbers(item, "PresentationPixelMagnificationRatio")
    has_spacing = len(spacing) == 2 and min(spacing) > 0
    has_aspect = len(aspect) == 2 and min(aspect) > 0
    return DisplayedArea(
        (int(first[0]), int(first[1])),
        (int(last[0]), int(last[1])),
        fit if fit is not Fit.MAGNIFY or (ratio and ratio[0] > 0) else Fit.SCALE_TO_FIT,
        ratio[0] if ratio else 0.0,
        (spacing[0], spacing[1]) if has_spacing else None,
        (aspect[0], aspect[1]) if has_aspect else (1.0, 1.0),
        references(item),
    )


def _shutter(dataset: Dataset) -> Shutter | None:
    shapes = text(dataset, "ShutterShape")
    edges = tuple(
        int(number)
        for side in ("LeftVertical", "RightVertical", "UpperHorizontal", "LowerHorizontal")
        for number in numbers(dataset, f"Shutter{side}Edge")
    )
    middle = numbers(dataset, "CenterOfCircularShutter")
    radius = numbers(dataset, "RadiusOfCircularShutter")
    corners = tuple(int(number) for number in numbers(dataset, "VerticesOfThePolygonalShutter"))
    rectangle = edges if "RECTANGULAR" in shapes and len(edges) == 4 else None
    circle = None
    if "CIRCULAR" in shapes and len(middle) == 2 and radius and radius[0] > 0:
        circle = int(middle[0]), int(middle[1]), int(radius[0])
    is_outline = "POLYGONAL" in shapes and not len(corners) % 2
    is_outline = is_outline and 6 <= len(corners) <= 2 * MOST_CORNERS
    polygon = tuple(zip(corners[::2], corners[1::2], strict=True)) if is_outline else ()
    if rectangle is None and circle is None and not polygon:
        return None
    level = int((numbers(dataset, "ShutterPresentationValue") or (0,))[0]) >> 8
    return Shutter(_edges(rectangle), circle, polygon, min(max(level, 0), 255))


def _edges(found: tuple[int, ...] | None) -> tuple[int, int, int, int] | None:
    return None if found is None else (found[0], found[1], found[2], found[3])


def _has_active_overlays(dataset: Dataset) -> bool:
    """Whether a layer is named for overlays of the images; C.11.7, (60xx,1001)."""
    return any(
        dataset[tag].value
        for tag in dataset.keys()  # noqa: SIM118 a Dataset iterates elements
        if tag.group in OVERLAY_GROUPS and tag.element == OVERLAY_ACTIVATION
    )


def _left_out(dataset: Dataset) -> tuple[str, ...]:
    """Return what is in a stored look and not shown here, as sentences."""
    found = []
    overlays = [tag for tag in dataset.keys() if tag.group in OVERLAY_GROUPS]  # noqa: SIM118 see above
    # One that is activated lies in the images, and is drawn with them.
    if any(tag.element != OVERLAY_ACTIVATION for tag in overlays):
        found.append("An overlay of its own is not drawn.")
    if "BITMAP" in text(dataset, "ShutterShape"):
        found.append("Its bitmap shutter is not laid over the image.")
    if dataset.get("MaskSubtractionSequence"):
        found.append("Its mask subtraction is not done.")
    if dataset.get("ModalityLUTSequence"):
        found.append("Its modality table is not applied; that of the image is.")
    return tuple(found)
