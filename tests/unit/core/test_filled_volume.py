"""A volume and what was proposed in it have one shape."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.enhance.test_enhance_series import volume
from workstation.core.filled import Filled, FilledBox


def test_what_was_filled_in_another_shape_is_refused() -> None:
    scanned = volume()
    slices, rows, columns = scanned.geometry.shape_kji
    other = Filled((slices + 1, rows, columns), (FilledBox(0, (0, 1), (0, 1)),))

    with pytest.raises(ValueError, match="different shapes"):
        replace(scanned, filled=other)
