"""Read segmentations: binary, fractional and label maps, as masks placed in the patient.

Source: PS3.3 A.51 and C.8.20 (Segmentation), C.8.23 (Label Map), C.7.6.16 (functional groups).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels import pixel_array

from workstation.core.regions import MaskStack, OutlinedRegion, RegionForm
from workstation.core.study_objects import RegionObject
from workstation.dicom.limits import MAX_FRAME_BYTES, MAX_FRAMES
from workstation.dicom.object_files import ObjectReadError
from workstation.dicom.recommended_colors import color_of, rgb_of_cielab

HALF = 0.5
"""A fractional pixel counts as inside from one half on: the border of most even spread."""

BACKGROUND = 0
"""In a label map this number is what belongs to no segment. Source: PS3.3 C.8.20.2.4."""

NEXT_SLICE = 1.5
"""Frames nearer than this many thicknesses are neighbors; twice the thickness is every second."""

DIRECTION_TOLERANCE = 1e-4
"""Frames whose cosines differ by more do not lie on parallel planes."""

_NATIVE = frozenset(
    {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2"}
)
_RLE = "1.2.840.10008.1.2.5"


@dataclass(frozen=True, slots=True)
class _Place:
    position: tuple[float, ...]
    orientation: tuple[float, ...]
    spacing_rc: tuple[float, ...]
    slab_mm: float | None
    number: int


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """One frame of one segment, cut to what is inside."""

    place: _Place
    mask: NDArray[np.bool_]
    row: int
    column: int


def read_segmentation(dataset: Dataset) -> RegionObject:
    """Return the segments of a segmentation.

    Raises:
        ObjectReadError: its pixels or places cannot be read.
    """
    places = [_place(dataset, n) for n in range(_frame_count(dataset))]
    pitch_mm = _pitch_mm(places)
    cuts: dict[int, list[_Cut]] = {}
    for place, frame in zip(places, _frames(dataset), strict=True):
        for number, mask in _masks(dataset, place, frame):
            if mask.any():
                cuts.setdefault(number, []).append(_cut(place, mask))
    regions, refused = [], []
    for item in dataset.get("SegmentSequence", []):
        number = int(item.SegmentNumber)
        if number == BACKGROUND:
            continue
        name = str(item.get("SegmentLabel", "")) or f"Segment {number}"
        if number not in cuts:
            refused.append(f"{name}: it holds no pixel.")
            continue
        try:
            regions.append(_region(dataset, item, name, cuts[number], pitch_mm))
        except ObjectReadError as error:
            refused.append(f"{name}: {error}")
    title = str(dataset.get("SeriesDescription", "")) or str(dataset.get("ContentLabel", ""))
    kind = f"Segmentation, {str(dataset.get('SegmentationType', '')).lower()}"
    return RegionObject(title or "Segmentation", kind, tuple(regions), tuple(refused))


def _frame_count(dataset: Dataset) -> int:
    count = int(dataset.get("NumberOfFrames", 1) or 1)
    size = int(dataset.get("Rows", 0)) * int(dataset.get("Columns", 0))
    if not 0 < count <= MAX_FRAMES or not 0 < size <= MAX_FRAME_BYTES:
        raise ObjectReadError("Its size cannot be what it claims.")
    if len(dataset.get("PerFrameFunctionalGroupsSequence", [])) != count:
        raise ObjectReadError("It does not say where each of its frames lies.")
    return count


def _place(dataset: Dataset, n: int) -> _Place:
    shared = (dataset.get("SharedFunctionalGroupsSequence") or [Dataset()])[0]
    groups = (dataset.PerFrameFunctionalGroupsSequence[n], shared)

    def item(keyword: str) -> Dataset:
        for group in groups:
            if found := group.get(keyword):
                first: Dataset = found[0]
                return first
        return Dataset()

    position = item("PlanePositionSequence").get("ImagePositionPatient")
    orientation = item("PlaneOrientationSequence").get("ImageOrientationPatient")
    measures = item("PixelMeasuresSequence")
    spacing = measures.get("PixelSpacing")
    if not position or not orientation or not spacing:
        raise ObjectReadError("It does not say where its frames lie in the patient.")
    slab = measures.get("SpacingBetweenSlices") or measures.get("SliceThickness")
    number = item("SegmentIdentificationSequence").get("ReferencedSegmentNumber", 0)
    return _Place(
        tuple(map(float, position)),
        tuple(map(float, orientation)),
        tuple(map(float, spacing)),
        abs(float(slab)) if slab else None,
        int(number),
    )


def _frames(dataset: Dataset) -> Iterator[NDArray[np.generic]]:
    """Yield the stored frames, (rows, columns), one after the other."""
    syntax = str(dataset.file_meta.get("TransferSyntaxUID", "1.2.840.10008.1.2"))
    rows, columns = int(dataset.Rows), int(dataset.Columns)
    if syntax in _NATIVE and int(dataset.BitsAllocated) == 1:
        yield from _bits(dataset, rows, columns)
        return
    if syntax not in _NATIVE and syntax != _RLE:
        raise ObjectReadError("Its pixels are compressed in a way that is not read here.")
    for n in range(_frame_count(dataset)):
        try:
            yield pixel_array(
                dataset, index=n, decoding_plugin="" if syntax in _NATIVE else "pydicom"
            )
        except Exception as error:
            raise ObjectReadError("Its pixels are damaged or cut.") from error


def _bits(dataset: Dataset, rows: int, columns: int) -> Iterator[NDArray[np.generic]]:
    """Yield frames of single bits, which follow each other without a gap; PS3.5 8.1.1."""
    count, size = _frame_count(dataset), rows * columns
    stored = np.frombuffer(dataset.get("PixelData", b""), dtype=np.uint8)
    if len(stored) * 8 < count * size:
        raise ObjectReadError("Its pixels are cut: there are fewer than it claims.")
    for n in range(count):
        first, last = n * size, (n + 1) * size
        bits = np.unpackbits(stored[first // 8 : (last + 7) // 8], bitorder="little")
        yield bits[first % 8 : first % 8 + size].reshape(rows, columns)


def _masks(
    dataset: Dataset, place: _Place, frame: NDArray[np.generic]
) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    kind = str(dataset.get("SegmentationType", "BINARY"))
    if kind == "LABELMAP":
        for number in np.unique(frame):
            if number != BACKGROUND:
                yield int(number), frame == number
    elif kind == "FRACTIONAL":
        most = int(dataset.get("MaximumFractionalValue", 255)) or 255
        yield place.number, np.asarray(frame, dtype=np.float32) >= HALF * most
    else:
        yield place.number, frame != 0


def _cut(place: _Place, mask: NDArray[np.bool_]) -> _Cut:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    row, column = int(rows[0]), int(columns[0])
    return _Cut(place, mask[row : rows[-1] + 1, column : columns[-1] + 1].copy(), row, column)


def _region(
    dataset: Dataset, item: Dataset, name: str, cuts: list[_Cut], pitch_mm: float
) -> OutlinedRegion:
    color = rgb_of_cielab(item.get("RecommendedDisplayCIELabValue") or ())
    types = item.get("SegmentedPropertyTypeCodeSequence")
    kind = str(dataset.get("SegmentationType", ""))
    remarks = ["Fractions from one half on count as inside."] if kind == "FRACTIONAL" else []
    if str(item.get("SegmentAlgorithmType", "")) == "AUTOMATIC":
        remarks.append("Made by a program without a person.")
    referenced = dataset.get("ReferencedSeriesSequence", [])
    return OutlinedRegion(
        name=name,
        number=int(item.SegmentNumber),
        form=RegionForm.SEGMENT,
        meaning=str(types[0].get("CodeMeaning", "")) if types else "",
        color_rgb=color or color_of(int(item.SegmentNumber) - 1),
        frame_of_reference_uid=str(dataset.get("FrameOfReferenceUID", "")),
        masks=_stack(cuts, pitch_mm),
        series_uids=tuple(str(one.get("SeriesInstanceUID", "")) for one in referenced),
        remarks=tuple(remarks),
    )


def _pitch_mm(places: list[_Place]) -> float:
    """Return the least distance of two frames of all segments; 0 where all lie at one place."""
    axes = np.array(places[0].orientation)
    normal = np.cross(axes[:3], axes[3:])
    depths = np.unique(np.array([one.position for one in places]) @ normal)
    gaps = np.diff(depths)
    gaps = gaps[gaps > _SAME_PLACE_MM]
    return float(gaps.min()) if gaps.size else 0.0


def _slab_mm(stated_mm: float | None, pitch_mm: float) -> float:
    """Return the thickness that a frame stands for.

    Slices may be thicker than their distance (they overlap) or a little thinner (there are gaps
    between them): each then stands for the distance, so that nothing is counted twice and no
    stripes are left. Frames that lie far apart were drawn on some slices only.
    """
    if not stated_mm:
        return pitch_mm
    is_next = 0 < pitch_mm < NEXT_SLICE * stated_mm
    return pitch_mm if is_next else stated_mm


def _stack(cuts: list[_Cut], pitch_mm: float) -> MaskStack:
    """Return the frames of one segment as one stack; frames at one place are joined."""
    first = cuts[0].place
    for one in cuts:
        if one.place.spacing_rc != first.spacing_rc or not np.allclose(
            one.place.orientation, first.orientation, atol=DIRECTION_TOLERANCE
        ):
            raise ObjectReadError("its frames do not lie on parallel planes.")
    right, down = np.array(first.orientation[:3]), np.array(first.orientation[3:])
    normal = np.cross(right, down)
    step_right, step_down = right * first.spacing_rc[1], down * first.spacing_rc[0]
    top, left = min(one.row for one in cuts), min(one.column for one in cuts)
    bottom = max(one.row + one.mask.shape[0] for one in cuts)
    edge = max(one.column + one.mask.shape[1] for one in cuts)
    depths = [float(np.array(one.place.position) @ normal) for one in cuts]
    order = sorted(range(len(cuts)), key=lambda n: depths[n])
    planes: list[NDArray[np.bool_]] = []
    positions: list[NDArray[np.float64]] = []
    places: list[float] = []
    for n in order:
        one = cuts[n]
        if not places or depths[n] - places[-1] > _SAME_PLACE_MM:
            planes.append(np.zeros((bottom - top, edge - left), dtype=np.bool_))
            corner = np.array(one.place.position) + left * step_right + top * step_down
            positions.append(corner)
            places.append(depths[n])
        row, column = one.row - top, one.column - left
        height, width = one.mask.shape
        planes[-1][row : row + height, column : column + width] |= one.mask
    slab = _slab_mm(first.slab_mm, pitch_mm)
    if slab <= 0:
        raise ObjectReadError("it does not say how thick its planes are.")
    spacing = (first.spacing_rc[1], first.spacing_rc[0])
    return MaskStack(np.array(planes), right, down, spacing, np.array(positions), slab)


_SAME_PLACE_MM = 0.01
"""Frames nearer than this along the normal lie at one place; positions carry 3 to 6 decimals."""
