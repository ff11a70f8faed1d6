"""Gray levels by the formulas of PS3.3 C.11.2.1.2 and C.11.2.1.3, worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from workstation.core.grayscale import gray_levels
from workstation.core.intensity import (
    GrayTable,
    Intensity,
    IntensityUnit,
    Window,
    WindowFunction,
    is_padding,
    table_window,
)


def table(*entries: int, first: float = 0, bits: int = 8) -> GrayTable:
    return GrayTable(first, np.array(entries, dtype=np.uint16).tobytes(), bits)


def levels(window: Window, *values: float, dtype: type = np.int16) -> list[float]:
    return [float(level) for level in gray_levels(np.array(values, dtype=dtype), window)]


def test_the_worked_example_of_the_standard_holds() -> None:
    # PS3.3 C.11.2.1.2.1: c=2048, w=4096 becomes ((x - 2047.5) / 4095 + 0.5) * (ymax - ymin) + ymin.
    window = Window(2048, 4096)

    for x in (0, 1, 2047, 2048, 4095):
        expected = min(max(((x - 2047.5) / 4095 + 0.5) * 255, 0), 255)
        assert levels(window, x)[0] == pytest.approx(expected, abs=1e-3)


def test_a_width_of_one_is_a_threshold_at_center_less_a_half() -> None:
    # PS3.3 C.11.2.1.2.1: c=2048, w=1 becomes: x <= 2047.5 is ymin, else ymax.
    assert levels(Window(2048, 1), 2047, 2048) == [0, 255]


def test_linear_exact_has_no_half_steps() -> None:
    # PS3.3 C.11.2.1.3.2: ((x - c) / w + 0.5) * (ymax - ymin) + ymin.
    window = Window(100, 50, function=WindowFunction.LINEAR_EXACT)

    assert levels(window, 75, 100, 125, 74, 126) == [0, 127.5, 255, 0, 255]
    assert levels(Window(0.5, 0.1), 0.475, dtype=np.float64)[0] == pytest.approx(63.75, abs=1e-3)


def test_sigmoid_follows_its_formula() -> None:
    # PS3.3 C.11.2.1.3.1: (ymax - ymin) / (1 + exp(-4 (x - c) / w)) + ymin.
    window = Window(1000, 200, function=WindowFunction.SIGMOID)

    for x in (0, 900, 1000, 1050, 4000):
        expected = 255 / (1 + math.exp(-4 * (x - 1000) / 200))
        assert levels(window, x)[0] == pytest.approx(expected, abs=1e-2)


def test_a_table_gives_its_entries_and_its_ends_beyond_them() -> None:
    window = table_window(table(0, 255, 51, first=-1))

    assert levels(window, -30000, -1, 0, 1, 30000) == [0, 0, 255, 51, 51]


def test_deeper_entries_come_down_to_the_same_black_and_white() -> None:
    window = table_window(table(0, 4095, 2047, bits=12))

    assert levels(window, 0, 1, 2) == pytest.approx([0, 255, 2047 * 255 / 4095])


def test_a_window_moved_by_the_reader_stretches_the_table() -> None:
    original = table_window(table(0, 100, 200, 255))
    wider = Window(original.center + 10, original.width * 2, table=original.table)

    # 4 entries over 0..3 now lie over 8.5..14.5: two intensities to an entry.
    assert levels(wider, 8, 9, 10, 11, 13, 14, 15) == [0, 0, 100, 100, 200, 255, 255]


def test_a_table_of_one_entry_is_one_gray() -> None:
    assert levels(table_window(table(77, first=5)), 0, 5, 9) == [77, 77, 77]


def test_a_value_that_is_no_number_disturbs_no_neighbor() -> None:
    window = table_window(table(10, 20))

    assert levels(window, math.nan, 1, dtype=np.float32)[1] == 20


@pytest.mark.parametrize(("entries", "bits"), [(b"", 8), (b"\0", 8), (b"\0\0", 0), (b"\0\0", 17)])
def test_a_table_that_is_none_cannot_be_made(entries: bytes, bits: int) -> None:
    with pytest.raises(ValueError, match="table"):
        GrayTable(0, entries, bits)


def test_padding_is_a_value_a_range_or_nothing() -> None:
    values = np.array([-3, -2, -1, 0], dtype=np.int16)

    assert is_padding(values, None).tolist() == [False] * 4
    assert is_padding(values, -2.0).tolist() == [False, True, False, False]
    assert is_padding(values, (-3.0, -2.0)).tolist() == [True, True, False, False]


def test_padding_rescaled_in_double_precision_is_found_in_single() -> None:
    voxels = np.array([0.1, 0.2, 0.3], dtype=np.float32)

    assert is_padding(voxels, 0.1).tolist() == [True, False, False]
    assert is_padding(voxels, (0.1, 0.2)).tolist() == [True, True, False]


def test_the_range_goes_before_the_value() -> None:
    assert Intensity(IntensityUnit.HU, padding=-5).outside == -5
    assert Intensity(IntensityUnit.HU, padding=-5, padding_range=(-9, -5)).outside == (-9, -5)
