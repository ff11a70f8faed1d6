"""Squares of color in lists are as sharp as the screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor

from workstation.ui.objects_panel.panel import swatch
from workstation.ui.theme import step_px


@pytest.mark.parametrize("pixel_ratio", [1.0, 1.5, 2.0])
@pytest.mark.usefixtures("qapp")
def test_a_swatch_has_the_pixels_of_the_screen(pixel_ratio: float) -> None:
    side = step_px(3)

    made = swatch((200, 30, 40), pixel_ratio).pixmap(QSize(side, side), pixel_ratio)

    assert made.width() == pytest.approx(side * pixel_ratio, abs=1)
    assert made.toImage().pixelColor(1, 1) == QColor(200, 30, 40)
