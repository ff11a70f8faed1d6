"""From the points of a mark to its values: on stored voxels, in millimetres, or refused in words.

Lengths and angles are those of the points in the patient, on any plane. Regions read the stored
voxels whose centers they hold; see :mod:`viewers.tools.regions`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from viewers.tools import regions
from viewers.tools.measure import measure_length, measure_probe, value_unit
from viewers.tools.regions import Slab
from viewers.tools.shapes import CLOSED, REGIONS
from workstation.core.measurement import Measurement, MeasurementKind, PointMm, RegionStatistics
from workstation.core.volume import Volume

DEGREES = "°"

MOST_AT_ONCE = 5_000
"""Voxels that are counted while the hand waits: 5 ms on a slow machine; a circle of 5 cm."""

VOXELS_PER_CORNER = 20
"""What a corner of an outline costs: it is compared with the voxels beside it, one by one."""

SD_OF_WINDOW = 2.0
"""A window from a region reaches two standard deviations to both sides of its mean: 95 % of a
normal tissue, and a calcification in one corner does not widen it."""

MIN_WIDTH_SHARE = 1e-6
"""A region of one value still gets a window: this share of the value."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mark is drawn.

    Attributes:
        at: the stored slice on show; None where the plane is not a stored slice.
        slab: the reformatted plane; None on a stored slice and on a model's slice before one.
    """

    at: int | None = None
    slab: Slab | None = None


def measure(
    volume: Volume,
    kind: MeasurementKind,
    points_mm: NDArray[np.float64],
    place: Place,
    *,
    measurement_id: str,
    text: str = "",
) -> Measurement | None:
    """Return a mark with its values; None where the stored voxels have none to give.

    Args:
        volume: the stored voxels.
        kind: what is measured.
        points_mm: its points, (n, 3); see :class:`Measurement`.
        place: the plane they were drawn on.
        measurement_id: of the mark.
        text: words of the reader.
    """
    if kind is MeasurementKind.PROBE:
        made = measure_probe(volume, points_mm[0], measurement_id=measurement_id, at=place.at)
    elif kind is MeasurementKind.SPHERE:
        made = _sphere(volume, points_mm, place, measurement_id)
    elif kind in CLOSED:
        made = _outlined(volume, kind, points_mm, place, measurement_id)
    else:
        made = _drawn(volume, kind, points_mm, place, measurement_id)
    if made is None:
        return None
    return replace(made, text=text, is_reformatted=place.slab is not None)


TaskKey: TypeAlias = tuple[MeasurementKind, bytes, int, str]
"""Tells marks apart whose values are being counted."""


@dataclass(frozen=True, slots=True, eq=False)
class MarkTask:
    """A mark that is to be measured: the arguments of :func:`measure`. Immutable; any thread."""

    volume: Volume
    kind: MeasurementKind
    points_mm: NDArray[np.float64]
    place: Place
    measurement_id: str
    text: str = ""

    @property
    def key(self) -> TaskKey:
        """What makes it another task."""
        return (self.kind, self.points_mm.tobytes(), id(self.volume), self.measurement_id)

    @property
    def is_long(self) -> bool:
        """Whether it may take longer than the hand can wait."""
        if self.kind not in REGIONS:
            return False
        corners = len(self.points_mm) if self.kind not in _OF_FOUR else 0
        return self._voxels() + corners * VOXELS_PER_CORNER > MOST_AT_ONCE

    def made(self) -> Measurement | None:
        """Return the mark with its values."""
        return measure(
            self.volume,
            self.kind,
            self.points_mm,
            self.place,
            measurement_id=self.measurement_id,
            text=self.text,
        )

    def _voxels(self) -> float:
        """Return about how many voxels are looked at."""
        geometry = self.volume.geometry
        pixel_mm2 = float(np.prod(geometry.spacing_ij_mm))
        step_mm = float(np.median(geometry.slab_mm())) or 1.0
        if self.kind is MeasurementKind.SPHERE:
            radius_mm = float(np.linalg.norm(self.points_mm[1] - self.points_mm[0]))
            return 4 / 3 * np.pi * radius_mm**3 / (pixel_mm2 * step_mm)
        spread = np.ptp(self.points_mm, axis=0)
        box_mm2 = float(np.sort(spread)[1:].prod())
        if self.place.slab is None:
            return box_mm2 / pixel_mm2
        return box_mm2 * max(2 * self.place.slab.reach_mm, step_mm) / (pixel_mm2 * step_mm)


_OF_FOUR = frozenset({MeasurementKind.ELLIPSE, MeasurementKind.RECTANGLE, MeasurementKind.SPHERE})
"""Kinds whose points say nothing of how long they take."""


def angle_deg(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Return the angle between two directions, 0..180 degrees."""
    size = float(np.linalg.norm(first) * np.linalg.norm(second))
    if size == 0:
        return 0.0
    cross = float(np.linalg.norm(np.cross(first, second)))
    return float(np.degrees(np.arctan2(cross, float(first @ second))))


def cobb_deg(points_mm: NDArray[np.float64]) -> float:
    """Return the angle between two lines, points (4, 3), whichever way they were drawn: 0..90."""
    angle = angle_deg(points_mm[1] - points_mm[0], points_mm[3] - points_mm[2])
    return min(angle, 180.0 - angle)


def region_window(region: RegionStatistics) -> tuple[float, float]:
    """Return (center, width) of the window that shows the tissue of a region."""
    low = max(region.low, region.mean - SD_OF_WINDOW * region.sd)
    high = min(region.high, region.mean + SD_OF_WINDOW * region.sd)
    least = max(abs(region.mean) * MIN_WIDTH_SHARE, MIN_WIDTH_SHARE)
    return (low + high) / 2, max(high - low, least)


def why_not(volume: Volume, kind: MeasurementKind) -> str:
    """Return why a volume cannot give a kind of measurement, as a sentence; empty if it can."""
    geometry = volume.geometry
    if kind is not MeasurementKind.SPHERE:
        return ""
    if not (geometry.has_millimetres and geometry.is_placed):
        return "A sphere needs millimeters and positions, and the headers do not give both."
    if geometry.shape_kji[0] < 2 or geometry.is_at_one_place:
        return "A sphere needs slices that lie beside each other."
    if geometry.holes:
        return "Slices are missing in this series: no volume is measured."
    return ""


def _drawn(
    volume: Volume,
    kind: MeasurementKind,
    points: NDArray[np.float64],
    place: Place,
    measurement_id: str,
) -> Measurement:
    length = measure_length(
        volume, points[0], points[-1], measurement_id=measurement_id, at=place.at
    )
    made = replace(length, kind=kind, points_mm=_points(points))
    match kind:
        case MeasurementKind.LENGTH:
            return made
        case MeasurementKind.BIDIRECTIONAL:
            axes = [
                measure_length(volume, start, end, measurement_id="", at=place.at).value
                for start, end in (points[:2], points[2:])
            ]
            return replace(made, value=max(axes), short_value=min(axes))
        case MeasurementKind.ANGLE:
            value = angle_deg(points[0] - points[1], points[2] - points[1])
            return replace(made, value=value, unit=DEGREES)
        case MeasurementKind.COBB:
            return replace(made, value=cobb_deg(points), unit=DEGREES)
        case _:
            return replace(made, value=0.0, unit="")


def _outlined(
    volume: Volume,
    kind: MeasurementKind,
    points: NDArray[np.float64],
    place: Place,
    measurement_id: str,
) -> Measurement | None:
    geometry = volume.geometry
    k = geometry.nearest_slice_index(points[0], at=place.at)
    area = regions.outline_area(kind, points)
    unit = "mm²" if geometry.has_millimetres else "px²"
    if place.slab is None:
        values = regions.voxels_on_slice(volume, kind, points, k)
    else:
        values = regions.voxels_in_slab(volume, kind, points, place.slab)
    return _region(volume, kind, points, k, values, area, unit, measurement_id)


def _sphere(
    volume: Volume, points: NDArray[np.float64], place: Place, measurement_id: str
) -> Measurement | None:
    if why_not(volume, MeasurementKind.SPHERE):
        return None
    radius = float(np.linalg.norm(points[1] - points[0]))
    k = volume.geometry.nearest_slice_index(points[0], at=place.at)
    values = regions.voxels_in_sphere(volume, points[0], radius)
    size = 4 / 3 * np.pi * radius**3
    kind = MeasurementKind.SPHERE
    return _region(volume, kind, points, k, values, size, "mm³", measurement_id)


def _region(  # noqa: PLR0913, PLR0917 - one value per field of the measurement
    volume: Volume,
    kind: MeasurementKind,
    points: NDArray[np.float64],
    k: int,
    values: NDArray[Any],
    size: float,
    size_unit: str,
    measurement_id: str,
) -> Measurement | None:
    """Return a region: of color and of nothing scanned only the size is known.

    None where no stored voxel lies inside.
    """
    if not len(values):
        return None
    found = None
    if not volume.is_colour:
        found = regions.statistics(volume, values, size=size, size_unit=size_unit)
    unit = value_unit(volume.intensity)
    return Measurement(
        measurement_id,
        kind,
        volume.series.series_uid,
        volume.instance_uids[k],
        _points(points),
        size if found is None else found.mean,
        size_unit if found is None else unit,
        region=found,
        frame_number=volume.frame_numbers[k] if volume.frame_numbers else 0,
    )


def _points(points: NDArray[np.float64]) -> tuple[PointMm, ...]:
    return tuple((float(x), float(y), float(z)) for x, y, z in points)
