"""Truth: a bright ball at a known patient position, drawn voxel by voxel from the geometry."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.vlm.image import Cube, aim, overview, reduce_blocks, sample
from workstation.core.errors import CancelledError
from workstation.core.geometry import StackGeometry
from workstation.core.job import CancelToken

BALL_MM = (18.0, -12.0, 25.0)
RADIUS_MM = 14.0


def stack(
    row: tuple[float, float, float],
    column: tuple[float, float, float],
    *,
    distances: NDArray[np.float64],
    lean_mm: float = 0.0,
    pixel: float = 2.0,
    pixels: int = 80,
) -> StackGeometry:
    """Return slices around the origin; ``lean_mm`` shifts each along the columns."""
    r, c = np.array(row, dtype=np.float64), np.array(column, dtype=np.float64)
    normal = np.cross(r, c)
    corner = -(r + c) * pixel * (pixels - 1) / 2
    lean = np.linspace(-lean_mm, lean_mm, distances.size)
    positions = corner + distances[:, None] * normal + lean[:, None] * c
    shape = (distances.size, pixels, pixels)
    return StackGeometry(shape, r, c, (pixel, pixel), positions, "1.2.3")


def ball(geometry: StackGeometry) -> NDArray[np.int16]:
    """Return air with a ball of 400 at BALL_MM inside water."""
    voxels = np.zeros(geometry.shape_kji, dtype=np.int16)
    j, i = np.mgrid[: geometry.shape_kji[1], : geometry.shape_kji[2]].astype(np.float64)
    for k in range(geometry.shape_kji[0]):
        xyz = geometry.to_patient_mm(k, np.stack([i, j], axis=-1))
        voxels[k][np.linalg.norm(xyz - np.array(BALL_MM), axis=-1) <= RADIUS_MM] = 400
    return voxels


EVEN = np.arange(-70.0, 71.0, 2.0)
UNEVEN = np.concatenate([np.arange(-70.0, 0.0, 1.5), np.arange(0.0, 71.0, 5.0)])
GEOMETRIES = {
    "axial": stack((1, 0, 0), (0, 1, 0), distances=EVEN),
    "feet first": stack((1, 0, 0), (0, 1, 0), distances=EVEN[::-1].copy()),
    "sagittal": stack((0, 1, 0), (0, 0, -1), distances=EVEN),
    "coronal": stack((1, 0, 0), (0, 0, -1), distances=EVEN),
    "tilted": stack((1, 0, 0), (0, 0.95, -np.sqrt(1 - 0.95**2)), distances=EVEN, lean_mm=20.0),
    "uneven": stack((1, 0, 0), (0, 1, 0), distances=UNEVEN),
}


@pytest.mark.parametrize("name", sorted(GEOMETRIES))
def test_a_ball_is_found_at_its_place_whatever_the_orientation(name: str) -> None:
    geometry = GEOMETRIES[name]
    cube = Cube((40, 40, 40), 4.0, (0.0, 0.0, 0.0))

    reduced = reduce_blocks(ball(geometry), geometry, spacing_mm=4.0, is_ct=True)
    seen = sample(reduced, cube)

    weight = np.where(seen.inside, seen.mean, 0).clip(0)
    z, y, x = (
        float((weight.sum(axis=other) * cube.axis_mm(a)).sum() / weight.sum())
        for a, other in ((0, (1, 2)), (1, (0, 2)), (2, (0, 1)))
    )
    volume = float((weight / 400).sum()) * 4.0**3
    assert np.allclose((x, y, z), BALL_MM, atol=1.5)
    assert volume == pytest.approx(4 / 3 * np.pi * RADIUS_MM**3, rel=0.12)


def test_outside_the_scan_there_is_air_and_no_data() -> None:
    geometry = GEOMETRIES["axial"]

    reduced = reduce_blocks(ball(geometry), geometry, spacing_mm=4.0, is_ct=True)
    seen = sample(reduced, Cube((8, 8, 8), 4.0, (500.0, 0.0, 0.0)))

    assert not seen.inside.any()
    assert (seen.mean == -1024).all()


def test_padding_is_air_and_not_tissue() -> None:
    geometry = GEOMETRIES["axial"]
    voxels = np.full(geometry.shape_kji, 3000, dtype=np.int16)

    reduced = reduce_blocks(voxels, geometry, spacing_mm=4.0, is_ct=True, padding=3000.0)

    assert (reduced.mean == -1024).all()


def test_maxima_keep_a_speck_that_means_wash_out() -> None:
    geometry = GEOMETRIES["axial"]
    voxels = np.zeros(geometry.shape_kji, dtype=np.int16)
    voxels[35, 40, 40] = 900  # pixels of 2 mm: a plaque, not noise
    cube = Cube((40, 40, 40), 4.0, (0.0, 0.0, 0.0))

    seen = sample(reduce_blocks(voxels, geometry, spacing_mm=4.0, is_ct=True), cube)

    assert seen.peak.max() == 900
    assert seen.mean.max() < 200


def test_a_head_hangs_from_its_top() -> None:
    geometry = GEOMETRIES["axial"]
    seen = overview(reduce_blocks(3 * ball(geometry) - 1000, geometry, spacing_mm=4.0, is_ct=True))

    cube = aim(seen, (16, 16, 16), 4.0, is_ct=True, is_head=True)

    top_of_ball = BALL_MM[2] + RADIUS_MM
    assert cube.axis_mm(0)[-1] == pytest.approx(top_of_ball + 10, abs=12)
    assert cube.center_mm[0] == pytest.approx(BALL_MM[0], abs=6)


def test_an_empty_scan_is_looked_at_in_its_middle() -> None:
    geometry = GEOMETRIES["axial"]
    voxels = np.full(geometry.shape_kji, -1000, dtype=np.int16)

    seen = overview(reduce_blocks(voxels, geometry, spacing_mm=4.0, is_ct=True))
    cube = aim(seen, (16, 16, 16), 4.0, is_ct=True, is_head=False)

    assert np.allclose(cube.center_mm, 0, atol=6)


def test_looking_stops_when_asked() -> None:
    geometry = GEOMETRIES["axial"]
    token = CancelToken()
    token.cancel()

    with pytest.raises(CancelledError):
        reduce_blocks(
            ball(geometry), geometry, spacing_mm=4.0, is_ct=True, check=token.raise_if_cancelled
        )


def test_noise_of_fine_pixels_does_not_look_like_calcium() -> None:
    geometry = stack((1, 0, 0), (0, 1, 0), distances=np.arange(0.0, 20.0, 1.0), pixel=0.7)
    noise = np.random.default_rng(0).normal(40, 25, geometry.shape_kji).astype(np.float32)

    reduced = reduce_blocks(noise, geometry, spacing_mm=5.0, is_ct=True)

    # The largest of some 245 raw pixels lies 2.8 deviations up, near 110; grains halve that.
    assert float(np.median(reduced.peak)) < 85
    assert reduced.mean == pytest.approx(40, abs=12)
