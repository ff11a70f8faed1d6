"""Volumes with slices left out or rows lost, whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.packs.store import PackStore
from inference.phantoms.grids import stack_of, tilted_stack
from tests.support.fill_packs import FillWorker, between_model, write_filler
from tests.support.series import CANARY_PATIENT, moved_slices
from workstation.core.filled import FilledBox
from workstation.core.identity import SeriesIdentity, StudyIdentity
from workstation.core.intensity import Intensity, IntensityUnit
from workstation.core.volume import Volume, read_only
from workstation.services.fill_gaps import FilledSeries, fill_gaps, plan_filling

ROWS, COLUMNS = 40, 48


def body(count: int, *, seed: int = 3) -> NDArray[np.int16]:
    """Return (count, 40, 48) HU: a cylinder of tissue with noise, that leans, in air."""
    random = np.random.default_rng(seed)
    k, j, i = np.indices((count, ROWS, COLUMNS))
    inside = np.hypot(j - ROWS / 2, i - COLUMNS / 2 - (k - count / 2) / 4) < 16
    noise = random.normal(0, 12, k.shape)
    return np.rint(np.where(inside, 40 + 2 * k, -1000) + noise).astype(np.int16)


def scanned(
    kept: Sequence[int],
    *,
    count: int = 20,
    voxels: NDArray[Any] | None = None,
    modality: str = "CT",
    spacing_ijk_mm: tuple[float, float, float] = (0.8, 0.8, 3.0),
    tilt_deg: float = 0.0,
    unit: IntensityUnit = IntensityUnit.HU,
    **changed: Any,  # noqa: ANN401 - fields of a volume
) -> Volume:
    """Return a volume of which only some slices were kept."""
    whole = body(count) if voxels is None else voxels
    stack = stack_of(tilted_stack((count, *whole.shape[1:3]), spacing_ijk_mm, tilt_deg=tilt_deg))
    study = StudyIdentity("1.2.3", CANARY_PATIENT)
    made = Volume(
        read_only(np.ascontiguousarray(whole[list(kept)])),
        moved_slices(stack, kept),
        Intensity(unit),
        SeriesIdentity("1.2.3.4", study, modality=modality),
        tuple(f"1.2.3.4.{k}" for k in kept),
        thickness_mm=spacing_ijk_mm[2],
    )
    return replace(made, **changed)


def without(*missing: int, count: int = 20) -> list[int]:
    """Return the slices that are left."""
    return [k for k in range(count) if k not in missing]


def filled_series(folder: Path, volume: Volume, *rows: FilledBox) -> FilledSeries:
    """Return what a tiny model proposes for a volume."""
    write_filler(folder, between_model())
    packs = PackStore(folder, None)
    return fill_gaps(plan_filling(volume, rows), worker=FillWorker(packs), packs=packs)
