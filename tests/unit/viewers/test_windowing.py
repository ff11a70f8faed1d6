"""Windowing against the formulas of PS3.3 C.11.2.1.2 and C.11.2.1.3."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewers.render.windowing import to_grey, window_lut
from workstation.core.intensity import Window, WindowFunction


def linear(x: float, center: float, width: float) -> float:
    """PS3.3 C.11.2.1.2.1, pseudo-code, y from 0 to 255."""
    if x <= center - 0.5 - (width - 1) / 2:
        return 0.0
    if x > center - 0.5 + (width - 1) / 2:
        return 255.0
    return ((x - (center - 0.5)) / (width - 1) + 0.5) * 255


def linear_exact(x: float, center: float, width: float) -> float:
    """PS3.3 C.11.2.1.3.2."""
    if x <= center - width / 2:
        return 0.0
    if x > center + width / 2:
        return 255.0
    return ((x - center) / width + 0.5) * 255


def sigmoid(x: float, center: float, width: float) -> float:
    """PS3.3 C.11.2.1.3.1."""
    return 255 / (1 + math.exp(max(min(-4 * (x - center) / width, 700), -700)))


FORMULAS = {
    WindowFunction.LINEAR: linear,
    WindowFunction.LINEAR_EXACT: linear_exact,
    WindowFunction.SIGMOID: sigmoid,
}
HALF_A_GREY = 0.5 + 1e-3
"""Rounding to whole greys; float32 adds less than a thousandth."""


@given(
    function=st.sampled_from(WindowFunction),
    center=st.integers(-2000, 3000),
    width=st.integers(2, 5000),
    value=st.integers(-3000, 4000),
)
def test_each_window_function_follows_its_formula(
    function: WindowFunction, center: int, width: int, value: int
) -> None:
    pixels = np.array([[value]], dtype=np.int16)

    grey = to_grey(pixels, Window(center, width, function=function), is_inverted=False)

    assert abs(float(grey[0, 0]) - FORMULAS[function](value, center, width)) <= HALF_A_GREY


def test_the_example_of_the_standard_reaches_black_and_white_at_its_edges() -> None:
    # PS3.3 C.11.2.1.2.1: c=2048, w=4096 maps 0 to black and 4095 to white.
    pixels = np.array([[0, 4095]], dtype=np.int16)

    grey = to_grey(pixels, Window(2048, 4096), is_inverted=False)

    assert grey.tolist() == [[0, 255]]


def test_float_pixels_look_like_the_same_integers() -> None:
    pixels = np.arange(-1200, 1200, dtype=np.int16).reshape(40, 60)
    window = Window(40, 400)

    by_table = to_grey(pixels, window, is_inverted=False)
    by_formula = to_grey(pixels.astype(np.float32), window, is_inverted=False)

    assert np.array_equal(by_table, by_formula)


def test_inversion_is_the_last_step() -> None:
    pixels = np.arange(-500, 500, dtype=np.int16).reshape(20, 50)
    window = Window(40, 300, function=WindowFunction.SIGMOID)

    plain = to_grey(pixels, window, is_inverted=False)

    assert np.array_equal(to_grey(pixels, window, is_inverted=True), 255 - plain)


def test_the_table_serves_every_int16_value() -> None:
    values = np.arange(-32768, 32768, dtype=np.int32).astype(np.int16).reshape(256, 256)
    window = Window(0, 65000)

    grey = to_grey(values, window, is_inverted=False, lut=window_lut(window, is_inverted=False))

    assert np.array_equal(grey, to_grey(values.astype(np.float32), window, is_inverted=False))
    assert np.all(np.diff(grey.astype(int).ravel()) >= 0)


def test_a_width_below_one_spreads_a_float_map() -> None:
    pixels = np.array([[0.0, 0.5, 1.0]], dtype=np.float32)

    grey = to_grey(pixels, Window(0.5, 1.0), is_inverted=False)

    assert grey.tolist() == [[0, 128, 255]]


@pytest.mark.parametrize("value", [np.nan, -np.inf, np.inf])
def test_values_that_are_no_numbers_do_not_disturb_their_neighbors(value: float) -> None:
    pixels = np.array([[value, 40.0]], dtype=np.float32)

    grey = to_grey(pixels, Window(40, 400), is_inverted=False)

    assert grey[0, 1] == 128
