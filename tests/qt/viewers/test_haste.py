"""A large picture under a moving hand: coarser while it moves, whole again when it rests."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import noise, stack, volume
from viewers.qt import picture as pictures
from viewers.qt.haste import MOVING_S, Haste
from viewers.qt.viewport import ViewportWidget

BACK_S = 0.1
"""Quality is back so soon after the hand rests. Source: the issue of the reading room."""


def shown(viewport: ViewportWidget) -> np.ndarray:
    """Return what stands in the middle of the canvas, where no text is."""
    image = viewport.canvas.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), dtype=np.uint8)
    whole = rows.reshape(image.height(), image.bytesPerLine())[:, : image.width()]
    middle: np.ndarray = whole[150:250, 150:250].copy()
    return middle


@pytest.fixture
def viewport(qtbot: QtBot) -> ViewportWidget:
    widget = ViewportWidget()
    qtbot.addWidget(widget)
    widget.resize(420, 400)
    widget.show_volume(volume(noise((8, 64, 64)), stack((8, 64, 64))))
    with qtbot.waitExposed(widget):
        widget.show()
    widget.zoom_by(1.37)
    qtbot.wait(round(MOVING_S * 1000) + 50)
    return widget


def test_a_single_step_is_painted_with_full_quality(viewport: ViewportWidget) -> None:
    viewport.step(1)

    assert not viewport.canvas.haste.is_moving


def test_a_large_picture_is_coarse_while_the_hand_moves_and_fine_when_it_rests(
    viewport: ViewportWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "HASTY_FROM_PX", 1000)
    fine = shown(viewport)
    viewport.step(1)
    viewport.step(-1)
    moving = shown(viewport)

    begun = time.monotonic()
    with qtbot.waitSignal(viewport.canvas.haste.rested, timeout=2000):
        pass
    rested_s = time.monotonic() - begun

    assert not np.array_equal(fine, moving)
    assert np.array_equal(shown(viewport), fine)
    assert rested_s < BACK_S


def test_a_usual_picture_is_never_coarse(viewport: ViewportWidget) -> None:
    fine = shown(viewport)

    viewport.step(1)
    viewport.step(-1)

    assert viewport.canvas.haste.is_moving
    assert np.array_equal(shown(viewport), fine)


def test_each_change_of_a_movement_puts_the_rest_off(qtbot: QtBot) -> None:
    haste = Haste()
    rested = []
    haste.rested.connect(lambda: rested.append(True))
    for _ in range(6):
        haste.moved()
        qtbot.wait(20)

    assert not rested
    qtbot.waitUntil(lambda: rested == [True])
    assert not haste.is_moving
