"""Bands of a picture: each row once, errors raised where the work was asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewers.render.bands import in_bands
from viewers.render.windowing import THREADS_FROM_PX, to_grey
from workstation.core.intensity import Window


@settings(deadline=None)  # threads wait for a core on a busy machine
@given(rows=st.integers(0, 300), band_rows=st.integers(1, 64))
def test_each_row_is_worked_on_once(rows: int, band_rows: int) -> None:
    seen = np.zeros(rows, dtype=int)

    def work(band: slice) -> None:
        seen[band] += 1

    in_bands(rows, band_rows, work)

    assert (seen == 1).all()


def test_what_a_band_raises_is_raised_here() -> None:
    def work(band: slice) -> None:
        if band.start == 64:
            raise ValueError("this band")

    with pytest.raises(ValueError, match="this band"):
        in_bands(200, 32, work)


def test_a_large_slice_has_the_greys_of_the_standard() -> None:
    side = 1 + int(THREADS_FROM_PX**0.5)
    pixels = (np.arange(side * side) % 2000 - 900).astype(np.int16).reshape(side, side)

    grey = to_grey(pixels, Window(50.0, 400.0), is_inverted=False)

    # PS3.3 C.11.2.1.2.1: y = ((x - (c - 0.5)) / (w - 1) + 0.5) * 255, clipped.
    wanted = np.clip(((pixels - 49.5) / 399 + 0.5) * 255, 0, 255)
    assert np.abs(grey - wanted).max() <= 0.5 + 1e-4
