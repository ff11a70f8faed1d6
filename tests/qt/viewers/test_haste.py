"""A large picture under a moving hand: coarser while it moves, whole again when it rests."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import noise, stack, volume
from viewers.qt import haste as hasty
from viewers.qt import picture as pictures
from viewers.qt.haste import MOVING_S, Haste
from viewers.qt.viewport import ViewportWidget

BACK_MS = 100
"""Quality is back so soon after the hand rests. Source: the issue of the reading room."""

LONG_S = 1000.0
"""A busy machine does not end a movement."""


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
    monkeypatch.setattr(hasty, "MOVING_S", LONG_S)
    fine = shown(viewport)
    viewport.step(1)
    viewport.step(-1)
    moving = shown(viewport)

    with qtbot.waitSignal(viewport.canvas.haste.rested, timeout=5000):
        pass

    assert not np.array_equal(fine, moving)
    assert np.array_equal(shown(viewport), fine)


def test_a_usual_picture_is_never_coarse(
    viewport: ViewportWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hasty, "MOVING_S", LONG_S)
    fine = shown(viewport)

    viewport.step(1)
    viewport.step(-1)

    assert viewport.canvas.haste.is_moving
    assert np.array_equal(shown(viewport), fine)


def test_a_movement_ends_in_one_rest(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hasty, "MOVING_S", LONG_S)
    haste = Haste()
    rested = []
    haste.rested.connect(lambda: rested.append(True))
    for _ in range(6):
        haste.moved()

    assert haste.is_moving
    qtbot.waitUntil(lambda: not haste.is_moving)
    assert rested == [True]


def test_the_hand_rests_early_enough_for_the_fine_picture() -> None:
    assert hasty.REST_MS <= BACK_MS / 2
