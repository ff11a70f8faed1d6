"""Tiles cover an image once and leave no seam."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.engine.tiles import tiles
from inference.packs.manifest import TileSpec

SPEC = TileSpec(64, 6)


@given(
    rows=st.integers(1, 200), columns=st.integers(1, 200), multiple=st.sampled_from([1, 2, 4, 8])
)
def test_every_pixel_is_kept_once_and_every_tile_starts_on_the_grid(
    rows: int, columns: int, multiple: int
) -> None:
    count = np.zeros((rows, columns), int)

    for tile in tiles((rows, columns), SPEC, multiple):
        count[tile.keep_ji] += 1
        assert all(part.start % multiple == 0 for part in tile.run_ji)
        assert all(part.stop - part.start <= 64 + 2 * multiple for part in tile.run_ji)

    assert (count == 1).all()


@given(size=st.integers(65, 150))
def test_a_margin_as_wide_as_the_reach_leaves_no_seam(size: int) -> None:
    image = np.random.default_rng(size).normal(0, 1, (size, size))
    reach = SPEC.overlap_px

    def smoothed(part: NDArray[np.float64]) -> NDArray[np.float64]:
        padded = np.pad(part, reach)
        shifted = [np.roll(padded, shift, 0) for shift in range(-reach, reach + 1)]
        total: NDArray[np.float64] = np.sum(shifted, axis=0)
        return total[reach:-reach, reach:-reach]

    whole, tiled = smoothed(image), np.zeros_like(image)
    for tile in tiles((size, size), SPEC, 2):
        tiled[tile.keep_ji] = smoothed(image[tile.run_ji])[tile.core_ji]

    np.testing.assert_array_equal(tiled, whole)
