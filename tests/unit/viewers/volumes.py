"""Volumes of synthetic patients with known geometry and known values."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.support.canary import CANARY, CANARY_ID
from workstation.core.geometry import StackGeometry
from workstation.core.identity import PatientIdentity, SeriesIdentity, StudyIdentity
from workstation.core.intensity import Intensity, IntensityUnit, Window
from workstation.core.phi import Phi
from workstation.core.volume import Volume, read_only

AXIAL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
CORONAL = ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0))
SAGITTAL = ((0.0, 1.0, 0.0), (0.0, 0.0, -1.0))
Cosines = tuple[tuple[float, float, float], tuple[float, float, float]]


def stack(
    shape_kji: tuple[int, int, int] = (5, 12, 10),
    *,
    cosines: Cosines = AXIAL,
    spacing_ij_mm: tuple[float, float] = (1.0, 1.0),
    gap_mm: float = 2.0,
    positions_mm: NDArray[np.float64] | None = None,
    frame: str = "1.2.3",
    has_millimetres: bool = True,
    is_placed: bool = True,
) -> StackGeometry:
    """Return a stack at the origin; even along its normal unless positions are given."""
    row, column = (np.array(direction) for direction in cosines)
    if positions_mm is None:
        steps = np.arange(shape_kji[0])[:, None] * gap_mm
        positions_mm = np.array([-7.0, 11.0, 3.0]) + steps * np.cross(row, column)
    return StackGeometry(
        shape_kji, row, column, spacing_ij_mm, positions_mm, frame, has_millimetres, is_placed
    )


def volume(
    voxels: NDArray[Any],
    geometry: StackGeometry | None = None,
    *,
    series_uid: str = "1.2.9",
    unit: IntensityUnit = IntensityUnit.HU,
    padding: float | None = None,
    windows: tuple[Window, ...] = (),
    is_monochrome1: bool = False,
) -> Volume:
    """Return a volume of the canary patient around an array."""
    patient = PatientIdentity(Phi(CANARY), Phi(CANARY_ID), Phi("19700102"), "F", "054Y")
    study = StudyIdentity("1.2.8", patient, study_date="20261120", description="CT chest")
    modality = "CT" if unit is IntensityUnit.HU else "MR"
    shape = (voxels.shape[0], voxels.shape[1], voxels.shape[2])
    return Volume(
        read_only(voxels),
        geometry or stack(shape),
        Intensity(unit, padding=padding),
        SeriesIdentity(series_uid, study, modality, "Thin", number="3"),
        tuple(f"{series_uid}.{k}" for k in range(shape[0])),
        windows=windows,
        is_monochrome1=is_monochrome1,
        thickness_mm=2.0,
    )


def every_slice(_k: int) -> bool:
    """Say that a slice is in."""
    return True


def noise(shape_kji: tuple[int, int, int], seed: int = 0) -> NDArray[np.int16]:
    """Return reproducible int16 noise in the range of CT."""
    return np.random.default_rng(seed).integers(-1000, 2000, shape_kji, dtype=np.int16)
