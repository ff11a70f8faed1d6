"""Tiny synthetic DICOM series for everybody's tests, written by the phantom writer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.grids import stack_of, tilted_stack
from inference.phantoms.phantom import Phantom, PhantomTruth
from tests.support.canary import CANARY
from workstation.core.geometry import StackGeometry
from workstation.core.identity import PatientIdentity
from workstation.core.phi import Phi
from workstation.dicom.phantom_series import Vendor, write_series

CANARY_PATIENT = PatientIdentity(Phi(CANARY), Phi("ZYX-1"), Phi("19700101"), "O")
"""The patient of every synthetic series."""


def tiny_stack(
    *,
    shape_kji: tuple[int, int, int] = (5, 12, 16),
    spacing_ijk_mm: tuple[float, float, float] = (0.8, 0.8, 2.5),
    tilt_deg: float = 0.0,
) -> StackGeometry:
    """Return a few small axial slices around the origin."""
    return stack_of(tilted_stack(shape_kji, spacing_ijk_mm, tilt_deg=tilt_deg))


def moved_slices(stack: StackGeometry, kept: Sequence[int]) -> StackGeometry:
    """Return only some slices of a stack, e.g. to leave a gap."""
    return StackGeometry(
        (len(kept), *stack.shape_kji[1:]),
        stack.row_cosines,
        stack.column_cosines,
        stack.spacing_ij_mm,
        stack.positions_mm[list(kept)],
        stack.frame_of_reference_uid,
    )


def ramp_voxels(shape_kji: tuple[int, int, int]) -> NDArray[np.int16]:
    """Return voxels that differ everywhere: 100 * k + 10 * j + i - 500."""
    k, j, i = np.indices(shape_kji)
    return (100 * k + 10 * j + i - 500).astype(np.int16)


def tiny_series(
    folder: Path,
    *,
    stack: StackGeometry | None = None,
    voxels: NDArray[Any] | None = None,
    modality: str = "CT",
    vendor: Vendor = Vendor.SIEMENS,
    seed: int = 1,
) -> list[Path]:
    """Write a tiny series of the canary patient; return its files in slice order.

    Args:
        folder: where to.
        stack: geometry; five 16 x 12 axial slices if None.
        voxels: HU (CT) or signal (MR); :func:`ramp_voxels` if None (made positive for MR).
        modality: CT or MR.
        vendor: whose tag habits.
        seed: the UIDs follow from it.
    """
    stack = stack or tiny_stack()
    if voxels is None:
        voxels = ramp_voxels(stack.shape_kji) + (500 if modality == "MR" else 0)
    contrast = "standard" if modality == "CT" else "T1"
    phantom = Phantom(voxels, stack, modality, PhantomTruth(()), "CHEST", contrast, 2.5)
    return write_series(
        phantom, folder, patient=CANARY_PATIENT, vendor=vendor, description="tiny", seed=seed
    )
