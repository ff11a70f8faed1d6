"""Length and probe: always on the stored voxels, whatever is shown over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.core.intensity import Intensity, IntensityUnit, is_padding
from workstation.core.measurement import Measurement, MeasurementKind
from workstation.core.volume import Volume

NO_UNIT = frozenset({IntensityUnit.SIGNAL, IntensityUnit.GRAY, IntensityUnit.UNKNOWN})
"""Units that are words about the data and not measures of it."""

UNTRUSTED_UNIT = "no unit"
"""Stands in the place of a unit that the headers do not bear out."""


@dataclass(frozen=True, slots=True)
class PointerReading:
    """What lies under the pointer, on the stored voxels.

    Attributes:
        point_mm: LPS position.
        voxel_kji: the stored voxel nearest to it.
        value: its value, or red, green, blue.
        unit: unit of the value; empty where it has none, UNTRUSTED_UNIT where it is in doubt.
        is_trusted: False where the value must not be reported.
    """

    point_mm: tuple[float, float, float]
    voxel_kji: tuple[int, int, int]
    value: tuple[float, ...]
    unit: str
    is_trusted: bool


def probe(
    volume: Volume, point_mm: NDArray[np.float64], *, at: int | None = None
) -> PointerReading | None:
    """Return the stored voxel at a patient position; None outside the stored voxels.

    What marks the outside of the scanned field is no measured value and not to be trusted.

    Args:
        volume: what is measured.
        point_mm: where, (3,).
        at: the stored slice on show, meant where several lie at one place.
    """
    kji = nearest_voxel(volume, point_mm, at=at)
    if kji is None:
        return None
    stored = np.atleast_1d(volume.voxels[kji])
    x, y, z = (float(value) for value in point_mm)
    return PointerReading(
        (x, y, z),
        kji,
        tuple(float(value) for value in stored),
        value_unit(volume.intensity),
        volume.intensity.is_trusted and not _is_outside(volume, kji),
    )


def nearest_voxel(
    volume: Volume, point_mm: NDArray[np.float64], *, at: int | None = None
) -> tuple[int, int, int] | None:
    """Return (k, j, i) of the stored voxel that a position lies in; None outside."""
    geometry = volume.geometry
    k = geometry.nearest_slice_index(point_mm, at=at)
    away = abs(float(point_mm @ geometry.normal) - float(geometry.distances_mm[k]))
    if away > float(geometry.slab_mm()[k]) / 2 + 1e-6 and away > volume.thickness_mm / 2 + 1e-6:
        count = geometry.shape_kji[0]
        # Between two slices the nearer one is meant; only beyond the ends there is nothing.
        if k in (0, count - 1) and not _is_between(volume, point_mm):
            return None
    i, j = (int(value) for value in np.floor(geometry.in_slice_ij(k, point_mm) + 0.5))
    rows, columns = geometry.shape_kji[1:]
    if not (0 <= i < columns and 0 <= j < rows):
        return None
    return k, j, i


def measure_length(
    volume: Volume,
    start_mm: NDArray[np.float64],
    end_mm: NDArray[np.float64],
    *,
    measurement_id: str,
    at: int | None = None,
) -> Measurement:
    """Return the distance of two positions, in mm, or in pixels where there are no mm.

    It belongs to the stored slice nearest to its start, or to the one on show (``at``) where
    several lie at one place.
    """
    geometry = volume.geometry
    k = geometry.nearest_slice_index(start_mm, at=at)
    if geometry.has_millimetres:
        value, unit = float(np.linalg.norm(end_mm - start_mm)), "mm"
    else:
        ends = geometry.in_slice_ij(k, end_mm) - geometry.in_slice_ij(k, start_mm)
        value, unit = float(np.linalg.norm(ends)), "px"
    return Measurement(
        measurement_id,
        MeasurementKind.LENGTH,
        volume.series.series_uid,
        volume.instance_uids[k],
        (_point(start_mm), _point(end_mm)),
        value,
        unit,
        frame_number=_frame(volume, k),
    )


def measure_probe(
    volume: Volume,
    point_mm: NDArray[np.float64],
    *,
    measurement_id: str,
    at: int | None = None,
) -> Measurement | None:
    """Return the value of the stored voxel at a position.

    None outside the slices or the scanned field, and for color.
    """
    reading = probe(volume, point_mm, at=at)
    if reading is None or volume.is_colour or _is_outside(volume, reading.voxel_kji):
        return None
    k = reading.voxel_kji[0]
    return Measurement(
        measurement_id,
        MeasurementKind.PROBE,
        volume.series.series_uid,
        volume.instance_uids[k],
        (reading.point_mm,),
        reading.value[0],
        reading.unit,
        frame_number=_frame(volume, k),
    )


def value_unit(intensity: Intensity) -> str:
    """Return the unit of stored values for people; empty for none, or words where in doubt."""
    if intensity.unit is IntensityUnit.COLOR:
        return ""
    if not intensity.is_trusted:
        return UNTRUSTED_UNIT
    return "" if intensity.unit in NO_UNIT else intensity.unit.value


def _is_outside(volume: Volume, kji: tuple[int, int, int]) -> bool:
    padding = volume.intensity.outside
    return padding is not None and bool(is_padding(volume.voxels[kji], padding))


def _frame(volume: Volume, k: int) -> int:
    return volume.frame_numbers[k] if volume.frame_numbers else 0


def _is_between(volume: Volume, point_mm: NDArray[np.float64]) -> bool:
    distances = volume.geometry.distances_mm
    along = float(point_mm @ volume.geometry.normal)
    return float(distances.min()) <= along <= float(distances.max())


def _point(xyz_mm: NDArray[np.float64]) -> tuple[float, float, float]:
    return (float(xyz_mm[0]), float(xyz_mm[1]), float(xyz_mm[2]))
