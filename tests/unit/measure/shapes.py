"""Analytic chests, heads and abdomens: ellipsoids, boxes and tubes with volumes by formula."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inference.tasks.measure import MeasureRequest
from workstation.core.geometry import StackGeometry
from workstation.core.intensity import Intensity, IntensityUnit

Voxels = NDArray[np.int16]


@dataclass(frozen=True)
class Canvas:
    """Sample points of an axial stack, in LPS millimeters, and the voxels drawn there."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    voxels: Voxels
    geometry: StackGeometry

    def ellipsoid(
        self, center: tuple[float, float, float], half: tuple[float, float, float]
    ) -> NDArray[np.bool_]:
        """Return where an ellipsoid of these half axes lies."""
        parts = (
            (a - c) / h for a, c, h in zip((self.x, self.y, self.z), center, half, strict=True)
        )
        inside: NDArray[np.bool_] = sum(part**2 for part in parts) <= 1  # type: ignore[assignment]
        return inside

    def tube(self, center: tuple[float, float], half: tuple[float, float]) -> NDArray[np.bool_]:
        """Return where an elliptic tube along z lies."""
        inside: NDArray[np.bool_] = (
            ((self.x - center[0]) / half[0]) ** 2 + ((self.y - center[1]) / half[1]) ** 2 <= 1
        ) & np.isfinite(self.z)
        return inside


def canvas(
    size_xyz_mm: tuple[float, float, float], step_xyz_mm: tuple[float, float, float]
) -> Canvas:
    """Return an empty axial stack (air) around the origin."""
    sizes = [round(size / step) for size, step in zip(size_xyz_mm, step_xyz_mm, strict=True)]
    axes: list[NDArray[np.float64]] = [
        ((np.arange(count) - (count - 1) / 2) * step).astype(np.float64)
        for count, step in zip(sizes, step_xyz_mm, strict=True)
    ]
    shape = (sizes[2], sizes[1], sizes[0])
    positions = np.stack(
        [np.full(sizes[2], axes[0][0]), np.full(sizes[2], axes[1][0]), axes[2]], axis=1
    )
    geometry = StackGeometry(
        shape,
        np.array([1.0, 0.0, 0.0]),
        np.array([0.0, 1.0, 0.0]),
        (step_xyz_mm[0], step_xyz_mm[1]),
        positions,
        "1.2",
    )
    return Canvas(
        axes[0][None, None, :],
        axes[1][None, :, None],
        axes[2][:, None, None],
        np.full(shape, -1000, dtype=np.int16),
        geometry,
    )


RIGHT_LUNG_MM = (50.0, 70.0, 100.0)
LEFT_LUNG_MM = (45.0, 65.0, 90.0)
MARROW_HU = 150


def ellipsoid_ml(half: tuple[float, float, float]) -> float:
    """Return 4/3 pi a b c in milliliters."""
    return float(4 / 3 * np.pi * np.prod(half) / 1000)


def chest(
    step_mm: tuple[float, float, float] = (4.0, 4.0, 4.0), *, height_mm: float = 260.0
) -> tuple[Voxels, StackGeometry]:
    """Return a trunk with two lungs (RIGHT_LUNG_MM, LEFT_LUNG_MM), a rib cage and a spine."""
    page = canvas((330.0, 250.0, height_mm), step_mm)
    v = page.voxels
    v[page.tube((0, 0), (155, 110))] = 40
    cage = page.tube((0, -5), (135, 95)) & ~page.tube((0, -5), (129, 89))
    v[cage & (np.abs(np.mod(page.z, 24.0) - 12.0) < 6.0)] = 600
    v[page.ellipsoid((-65, -5, 0), RIGHT_LUNG_MM)] = -860
    v[page.ellipsoid((65, -5, 0), LEFT_LUNG_MM)] = -860
    v[page.tube((0, 72), (26, 30))] = 500
    v[page.tube((0, 60), (17, 16))] = MARROW_HU
    v[page.tube((0, 84), (9, 8))] = 20
    return v, page.geometry


INNER_TABLE_MM = (66.0, 82.0, 62.0)
BLEED_MM = (14.0, 14.0, 14.0)
VENTRICLE_MM = (9.0, 26.0, 12.0)


def head(
    step_mm: tuple[float, float, float] = (3.0, 3.0, 4.0), *, bleed_hu: int | None = None
) -> tuple[Voxels, StackGeometry]:
    """Return a closed skull with brain, two ventricles and, if wanted, a bleed on the left.

    The skull's inner surface is an ellipsoid of INNER_TABLE_MM; the scan holds all of it.
    """
    page = canvas((190.0, 230.0, 180.0), step_mm)
    v = page.voxels
    outer = tuple(half + 14.0 for half in INNER_TABLE_MM)
    skull = tuple(half + 7.0 for half in INNER_TABLE_MM)
    v[page.ellipsoid((0, 0, 0), (outer[0], outer[1], outer[2]))] = 30
    v[page.ellipsoid((0, 0, 0), (skull[0], skull[1], skull[2]))] = 1000
    v[page.ellipsoid((0, 0, 0), INNER_TABLE_MM)] = 33
    for x in (-12.0, 12.0):
        v[page.ellipsoid((x, 0, 0), VENTRICLE_MM)] = 6
    if bleed_hu is not None:
        v[page.ellipsoid((38, 10, 5), BLEED_MM)] = bleed_hu
    return v, page.geometry


def request(
    geometry: StackGeometry, *, modality: str = "CT", padding: float | None = None
) -> MeasureRequest:
    """Return a request without hints."""
    unit = IntensityUnit.HU if modality == "CT" else IntensityUnit.SIGNAL
    return MeasureRequest(
        modality=modality,
        body_part="",
        description="",
        series_uid="1.2.3",
        instance_uids=tuple(f"1.2.3.{k}" for k in range(geometry.shape_kji[0])),
        geometry=geometry,
        intensity=Intensity(unit, padding=padding),
    )


def with_intensity(asked: MeasureRequest, intensity: Intensity) -> MeasureRequest:
    """Return the request with another intensity."""
    return replace(asked, intensity=intensity)


def sagittal(voxels: Voxels, geometry: StackGeometry) -> tuple[Voxels, StackGeometry]:
    """Return the same patient acquired in sagittal slices, rows to the back, columns to the feet.

    Slices run along row x column = (0, 1, 0) x (0, 0, -1) = (-1, 0, 0): from left to right.
    """
    spacing_i, spacing_j = geometry.spacing_ij_mm
    first, last = geometry.positions_mm[0], geometry.positions_mm[-1]
    turned = np.ascontiguousarray(voxels[::-1, :, ::-1].transpose(2, 0, 1))
    count = voxels.shape[2]
    positions = np.tile(last, (count, 1))
    positions[:, 0] = first[0] + spacing_i * np.arange(count - 1, -1, -1)
    step_k = float(geometry.gaps_mm[0])
    return turned, StackGeometry(
        (turned.shape[0], turned.shape[1], turned.shape[2]),
        np.array([0.0, 1.0, 0.0]),
        np.array([0.0, 0.0, -1.0]),
        (spacing_j, step_k),
        positions,
        "1.2",
    )


def coronal(voxels: Voxels, geometry: StackGeometry) -> tuple[Voxels, StackGeometry]:
    """Return the same patient in coronal slices, rows to the left, columns to the feet.

    Slices run along (1, 0, 0) x (0, 0, -1) = (0, 1, 0): from front to back.
    """
    spacing_i, spacing_j = geometry.spacing_ij_mm
    last = geometry.positions_mm[-1]
    turned = np.ascontiguousarray(voxels[::-1].transpose(1, 0, 2))
    positions = np.tile(last, (voxels.shape[1], 1))
    positions[:, 1] += spacing_j * np.arange(voxels.shape[1])
    return turned, StackGeometry(
        (turned.shape[0], turned.shape[1], turned.shape[2]),
        np.array([1.0, 0.0, 0.0]),
        np.array([0.0, 0.0, -1.0]),
        (spacing_i, float(geometry.gaps_mm[0])),
        positions,
        "1.2",
    )


def feet_first(voxels: Voxels, geometry: StackGeometry) -> tuple[Voxels, StackGeometry]:
    """Return the same patient from head to feet.

    Columns run to the right, so that the normal points to the feet.
    """
    spacing_i, _ = geometry.spacing_ij_mm
    turned = np.ascontiguousarray(voxels[::-1, :, ::-1])
    positions = geometry.positions_mm[::-1].copy()
    positions[:, 0] += spacing_i * (voxels.shape[2] - 1)
    return turned, StackGeometry(
        geometry.shape_kji,
        np.array([-1.0, 0.0, 0.0]),
        np.array([0.0, 1.0, 0.0]),
        geometry.spacing_ij_mm,
        positions,
        "1.2",
    )
