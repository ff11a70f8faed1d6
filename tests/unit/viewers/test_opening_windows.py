"""The window a part of a series opens with: one source for all parts of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.unit.viewers.volumes import every_slice, volume
from viewers.state.windows import auto_window, opening_window
from workstation.core.intensity import IntensityUnit, Window
from workstation.core.volume import Volume

SHAPE = (3, 20, 20)


def signal(top: int, *windows: Window, part: str = "") -> Volume:
    voxels = np.linspace(0, top, 1200).reshape(SHAPE).astype(np.int16)
    return replace(volume(voxels, unit=IntensityUnit.SIGNAL, windows=windows), display_set=part)


def test_parts_of_one_series_take_their_windows_from_one_source() -> None:
    scanner = Window(500.0, 1000.0)
    parts = [signal(1000, scanner, part="b=0"), signal(90, scanner, part="b=1000")]

    windows = [opening_window(one, every_slice) for one in parts]

    assert windows == [auto_window(one, every_slice) for one in parts]


def test_a_series_of_one_part_opens_in_the_window_of_the_scanner() -> None:
    scanner = Window(500.0, 1000.0)

    assert opening_window(signal(1000, scanner), every_slice) == scanner


def test_hounsfield_units_mean_the_same_in_every_part() -> None:
    scanner = Window(40.0, 400.0)
    one = replace(volume(np.zeros(SHAPE, np.int16), windows=(scanner,)), display_set="phase 2")

    assert opening_window(one, every_slice) == scanner
