"""Read radiotherapy structure sets: closed contours placed in the patient.

Source: PS3.3 C.8.8.5 (Structure Set), C.8.8.6 (ROI Contour), C.8.8.8 (RT ROI Observations).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from workstation.core.regions import (
    SAME_PLANE_MM,
    ContourStack,
    MaskStack,
    OutlinedRegion,
    RegionForm,
    filled,
)
from workstation.core.study_objects import RegionObject
from workstation.dicom.object_files import ObjectReadError
from workstation.dicom.recommended_colors import color_of

CLOSED = frozenset({"CLOSED_PLANAR", "CLOSEDPLANAR_XOR"})
"""Contours that enclose an area; points and open lines enclose none. By the even-odd rule that
holds here, a hole may be told by an inner contour, by a keyhole, or by XOR."""

_FEWEST_POINTS = {"POINT": 1, "OPEN_PLANAR": 2, "OPEN_NONPLANAR": 2} | dict.fromkeys(CLOSED, 3)
"""Fewest points of each kind of contour that is read; PS3.3 C.8.8.6.1."""

GRID_MM = 0.5
"""Pixel of the masks made of contours for other planes: half of what most scanners resolve."""

MOST_GRID_PX = 1024
"""Widest such mask; a larger structure gets coarser pixels."""

MOST_POINTS = 2_000_000
"""Most contour points of one structure; a whole body drawn slice by slice has 500,000."""

FLATNESS_MM = 0.5
"""A contour whose points leave its plane by more is not planar."""

LONE_SLAB_MM = 1.0
"""Thickness of a structure drawn on a single plane, where nothing says how thick it is."""


def read_structure_set(dataset: Dataset) -> RegionObject:
    """Return the structures of a structure set; those that cannot be shown with the reason.

    Raises:
        ObjectReadError: it holds no list of structures.
    """
    contours = {
        int(one.ReferencedROINumber): one for one in dataset.get("ROIContourSequence") or []
    }
    kinds = {
        int(one.get("ReferencedROINumber", -1)): str(one.get("RTROIInterpretedType", "") or "")
        for one in dataset.get("RTROIObservationsSequence") or []
    }
    regions, refused = [], []
    items = dataset.get("StructureSetROISequence")
    if not items:
        raise ObjectReadError("It lists no structure.")
    for item in items:
        number = int(item.ROINumber)
        name = str(item.get("ROIName", "")) or f"Structure {number}"
        try:
            drawn = contours.get(number, Dataset())
            regions.append(_region(dataset, item, name, drawn, kinds.get(number, "")))
        except ObjectReadError as error:
            refused.append(f"{name}: {error}")
    title = str(dataset.get("StructureSetLabel", "")) or str(dataset.get("SeriesDescription", ""))
    return RegionObject(title or "Structure set", "Structure set", tuple(regions), tuple(refused))


def _region(
    dataset: Dataset, item: Dataset, name: str, drawn: Dataset, kind: str
) -> OutlinedRegion:
    loops, paths = _drawn(drawn)
    stack = _stacked(loops, _normal(max(loops, key=len))) if loops else None
    color = drawn.get("ROIDisplayColor")
    number = int(item.ROINumber)
    remarks = []
    if stack is None:
        remarks.append("It is made of points or open lines, which enclose nothing.")
    elif len(stack.places_mm) == 1:
        remarks.append("It is drawn on one plane; its volume is for a thickness of 1 mm.")
    return OutlinedRegion(
        name=name,
        number=number,
        form=RegionForm.STRUCTURE,
        meaning=kind.replace("_", " ").lower(),
        color_rgb=_rgb(color, number),
        frame_of_reference_uid=_frame_of_reference(dataset, item),
        masks=_speck(paths) if stack is None else _masks(stack),
        contours=stack,
        series_uids=_series(dataset),
        remarks=tuple(remarks),
        paths_mm=tuple(paths),
    )


def _rgb(color: object, number: int) -> tuple[int, int, int]:
    values = [int(value) for value in color] if isinstance(color, (list, tuple)) else []
    try:
        values = values or [int(value) for value in color or ()]  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        values = []
    if len(values) != 3 or not all(0 <= value <= 255 for value in values):
        return color_of(number - 1)
    return values[0], values[1], values[2]


def _frame_of_reference(dataset: Dataset, item: Dataset) -> str:
    own = str(item.get("ReferencedFrameOfReferenceUID", "") or "")
    return own or str(dataset.get("FrameOfReferenceUID", "") or "")


def _series(dataset: Dataset) -> tuple[str, ...]:
    found = [
        str(series.get("SeriesInstanceUID", ""))
        for frame in dataset.get("ReferencedFrameOfReferenceSequence") or []
        for study in frame.get("RTReferencedStudySequence") or []
        for series in study.get("RTReferencedSeriesSequence") or []
    ]
    return tuple(dict.fromkeys(uid for uid in found if uid))


def _drawn(drawn: Dataset) -> tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]]:
    """Return the closed contours, and the points and open lines, each (n, 3)."""
    loops: list[NDArray[np.float64]] = []
    paths: list[NDArray[np.float64]] = []
    points = 0
    for contour in drawn.get("ContourSequence") or []:
        kind = str(contour.get("ContourGeometricType", ""))
        values = contour.get("ContourData") or ()
        fewest = _FEWEST_POINTS.get(kind)
        if fewest is None or len(values) < 3 * fewest or len(values) % 3:
            continue
        points += len(values) // 3
        if points > MOST_POINTS:
            raise ObjectReadError("it has more points than any drawing.")
        line = np.array([float(value) for value in values]).reshape(-1, 3)
        if not np.isfinite(line).all():
            raise ObjectReadError("a point of it is no number.")
        (loops if kind in CLOSED else paths).append(line)
    if not loops and not paths:
        raise ObjectReadError("it holds no contour and no point.")
    return loops, paths


def _speck(paths: list[NDArray[np.float64]]) -> MaskStack:
    """Return one small pixel in the middle of what encloses nothing: its place, not its size."""
    middle = np.concatenate(paths).mean(axis=0)
    one = np.ones((1, 1, 1), dtype=np.bool_)
    axes = np.eye(3)
    spacing = (LONE_SLAB_MM, LONE_SLAB_MM)
    return MaskStack(one, axes[0], axes[1], spacing, middle[None, :], LONE_SLAB_MM)


def _normal(loop: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the unit normal of a loop (Newell's method), towards the head, back or left."""
    following = np.roll(loop, -1, axis=0)
    normal = np.cross(loop - loop[0], following - loop[0]).sum(axis=0)
    length = float(np.linalg.norm(normal))
    if length < 1e-9:
        raise ObjectReadError("a contour of it encloses no area.")
    unit: NDArray[np.float64] = normal / length
    return unit if unit[int(np.abs(unit).argmax())] > 0 else -unit


def _stacked(loops: list[NDArray[np.float64]], normal: NDArray[np.float64]) -> ContourStack:
    planes: list[tuple[float, list[NDArray[np.float64]]]] = []
    placed = [(float((loop @ normal).mean()), loop) for loop in loops]
    for place, loop in sorted(placed, key=lambda one: one[0]):
        if float(np.ptp(loop @ normal)) > FLATNESS_MM:
            raise ObjectReadError("its contours do not lie on parallel planes.")
        if planes and place - planes[-1][0] <= SAME_PLANE_MM:
            planes[-1][1].append(loop)
        else:
            planes.append((place, [loop]))
    places = tuple(place for place, _loops in planes)
    slab = float(np.median(np.diff(places))) if len(places) > 1 else LONE_SLAB_MM
    return ContourStack(normal, places, tuple(tuple(loops) for _place, loops in planes), slab)


def _masks(stack: ContourStack) -> MaskStack:
    """Return masks of the contours on a grid of their own."""
    right, down = stack.axes
    points = np.concatenate([loop for loops in stack.loops_mm for loop in loops])
    across, along = points @ right, points @ down
    width_mm, height_mm = float(np.ptp(across)), float(np.ptp(along))
    pixel = max(GRID_MM, width_mm / MOST_GRID_PX, height_mm / MOST_GRID_PX)
    shape = (int(height_mm / pixel) + 2, int(width_mm / pixel) + 2)
    left, top = float(across.min()), float(along.min())
    masks, positions = [], []
    for place, loops in zip(stack.places_mm, stack.loops_mm, strict=True):
        flat = [
            np.stack([(loop @ right - left) / pixel, (loop @ down - top) / pixel], axis=-1)
            for loop in loops
        ]
        masks.append(filled(flat, shape))
        positions.append(left * right + top * down + place * stack.normal)
    return MaskStack(
        np.array(masks), right, down, (pixel, pixel), np.array(positions), stack.slab_mm
    )
