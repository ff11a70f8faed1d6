"""Frames for the screen: looked up in one pass, shrunk fast, in bands that hand errors on."""

from __future__ import annotations

import numpy as np
import pytest

from viewers.qt.raster import shrunk
from viewers.render.bands import in_bands
from viewers.render.windowing import THREADS_FROM_PX, LookUp, to_grey, window_lut
from workstation.core.intensity import Window

WINDOW = Window(40.0, 400.0)
SIDE = 1800
"""Two threads look such a slice up."""


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    assert SIDE * SIDE > THREADS_FROM_PX
    return np.random.default_rng(1).integers(-2000, 3000, (SIDE, SIDE), dtype=np.int16)


def test_what_goes_to_the_screen_has_the_grey_of_the_window_in_all_three_channels(
    values: np.ndarray,
) -> None:
    picture = LookUp(values, window_lut(WINDOW, is_inverted=False))
    rgb = np.empty(values.shape, dtype=np.uint32)

    picture.onto(rgb)

    for shift in (0, 8, 16):
        assert np.array_equal((rgb >> shift) & 255, to_grey(values, WINDOW, is_inverted=False))
    assert not (rgb >> 24).any()


def test_a_hasty_picture_takes_the_middle_of_each_block(values: np.ndarray) -> None:
    picture = LookUp(values, window_lut(WINDOW, is_inverted=True))
    rgb = np.empty((SIDE // 3, SIDE // 3), dtype=np.uint32)

    picture.onto(rgb, 3)

    assert np.array_equal(rgb & 255, to_grey(values, WINDOW, is_inverted=True)[1::3, 1::3])


@pytest.mark.parametrize("factor", [2, 3, 7])
@pytest.mark.parametrize("shape", [(30, 41), (30, 41, 3)])
def test_a_shrunk_picture_is_the_mean_of_its_blocks(factor: int, shape: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, shape, dtype=np.uint8)

    small = shrunk(pixels, factor)

    block = pixels[:factor, factor : 2 * factor].astype(np.float64)
    assert np.abs(small[0, 1] - block.mean(axis=(0, 1))).max() <= 0.5
    assert small.shape[:2] == (-(-30 // factor), -(-41 // factor))
    last = pixels[29:, 40:] if 30 % factor == 1 and 41 % factor == 1 else None
    assert last is None or np.array_equal(small[-1, -1], last[0, 0])


def test_every_row_is_in_one_band_whoever_works_on_it() -> None:
    rows = np.zeros(1000, dtype=int)

    def count(band: slice) -> None:
        rows[band] += 1

    in_bands(1000, 32, count)

    assert (rows == 1).all()


def test_what_fails_in_a_band_is_raised() -> None:
    def fail(band: slice) -> None:
        if band.start >= 320:
            raise ValueError("a band")

    with pytest.raises(ValueError, match="a band"):
        in_bands(1000, 32, fail)
