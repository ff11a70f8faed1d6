"""Palettes against the standard's own tables, as pydicom carries them."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.pixels import apply_color_lut

from viewers.render.palettes import is_luminance_monotonic, palette_rgb
from viewers.state.fusion import PaletteName

STANDARD = {
    PaletteName.HOT_IRON: "1.2.840.10008.1.5.1",
    PaletteName.PET: "1.2.840.10008.1.5.2",
    PaletteName.HOT_METAL_BLUE: "1.2.840.10008.1.5.3",
    PaletteName.PET_20_STEP: "1.2.840.10008.1.5.4",
}
"""SOP Instance UID of the well-known palettes; PS3.6 Table A-1."""


@pytest.mark.parametrize("name", STANDARD)
def test_a_palette_is_the_table_of_the_standard(name: PaletteName) -> None:
    every_entry = np.arange(256, dtype=np.uint8)[None]

    standard = apply_color_lut(every_entry, palette=STANDARD[name])[0]

    assert np.array_equal(palette_rgb(name), standard)


def test_inverse_gray_runs_from_white_to_black() -> None:
    table = palette_rgb(PaletteName.GRAY_INVERSE)

    assert table[0].tolist() == [255, 255, 255]
    assert table[255].tolist() == [0, 0, 0]
    assert (np.diff(table.astype(int), axis=0) == -1).all()


def test_only_palettes_that_grow_in_brightness_are_marked_so() -> None:
    # CIE 1931 luminance of sRGB by hand: blue (0, 0, 255) is darker than its neighbors in PET.
    marked = {name for name in PaletteName if is_luminance_monotonic(name)}

    assert marked == {PaletteName.HOT_IRON, PaletteName.GRAY_INVERSE}
