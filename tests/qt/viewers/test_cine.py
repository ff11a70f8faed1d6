"""Cine: every slice is painted, speeds, to and fro, and what it says of itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import noise, volume
from viewers.qt.cine import SPEEDS_FPS
from viewers.qt.viewport import ViewportWidget
from viewers.state.view_state import Plane

SLICES = 6


@pytest.fixture
def viewport(qtbot: QtBot) -> ViewportWidget:
    widget = ViewportWidget()
    qtbot.addWidget(widget)
    widget.resize(400, 400)
    widget.show_volume(volume(noise((SLICES, 16, 16))))
    widget.go_to_slice(0)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def played(qtbot: QtBot, viewport: ViewportWidget, steps: int) -> list[int]:
    """Play so many steps; return the slices in the order of the film."""
    seen: list[int] = []
    viewport.state_changed.connect(lambda state: seen.append(state.slice_index))
    viewport.cine.set_fps(60)
    viewport.cine.toggle()
    qtbot.waitUntil(lambda: len(seen) >= steps, timeout=10_000)
    viewport.cine.toggle()
    return seen[:steps]


def test_the_film_begins_again_at_the_first_slice(qtbot: QtBot, viewport: ViewportWidget) -> None:
    assert played(qtbot, viewport, 8) == [1, 2, 3, 4, 5, 0, 1, 2]


def test_to_and_fro_turns_at_both_ends(qtbot: QtBot, viewport: ViewportWidget) -> None:
    viewport.cine.toggle_bounce()

    assert played(qtbot, viewport, 11) == [1, 2, 3, 4, 5, 4, 3, 2, 1, 0, 1]


def test_the_film_begins_at_the_speed_of_the_headers_and_else_at_that_of_the_reader(
    viewport: ViewportWidget,
) -> None:
    plain = volume(noise((SLICES, 16, 16)))
    viewport.cine.set_fps(20)

    viewport.show_volume(replace(plain, frame_rate=7.5))
    asked = viewport.cine.fps
    viewport.show_volume(replace(plain, frame_rate=7.5), plane=Plane.CORONAL)
    of_another_plane = viewport.cine.fps
    viewport.show_volume(replace(plain, frame_rate=500.0))
    too_fast = viewport.cine.fps
    viewport.show_volume(plain)

    assert (asked, of_another_plane, too_fast) == (7.5, 20.0, SPEEDS_FPS[-1])
    assert viewport.cine.fps == 20.0


def test_a_slow_screen_slows_the_film_and_hides_no_slice(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.cine.set_fps(60)
    viewport.cine.toggle()
    qtbot.waitUntil(lambda: viewport.cine.reached_fps > 0, timeout=10_000)
    viewport.canvas.setUpdatesEnabled(False)
    at_once = viewport.state.value.slice_index
    for _ in range(5):
        viewport.cine._on_tick()

    assert (viewport.state.value.slice_index - at_once) % SLICES <= 1
    viewport.canvas.setUpdatesEnabled(True)
    viewport.cine.toggle()


def test_speeds_are_stepped_through_and_end_at_the_ends(viewport: ViewportWidget) -> None:
    cine = viewport.cine
    assert cine.fps == 15

    cine.step_speed(1)
    assert cine.fps == 20
    cine.step_speed(-2)
    assert cine.fps == 12
    cine.step_speed(-50)
    assert cine.fps == SPEEDS_FPS[0]
    cine.step_speed(50)
    assert cine.fps == 60


def test_the_film_says_how_fast_it_is_and_how_fast_it_should_be(
    qtbot: QtBot, viewport: ViewportWidget
) -> None:
    viewport.cine.set_fps(20)
    viewport.cine.toggle()
    qtbot.waitUntil(lambda: viewport.cine.reached_fps >= 2, timeout=10_000)

    assert viewport.cine.words.isVisible()
    assert viewport.cine.words.text().startswith("20/s, ")
    assert viewport.cine.words.geometry().bottom() < viewport.canvas.height() / 4
    assert viewport.cine.reached_fps <= 22

    viewport.cine.toggle()
    assert not viewport.cine.words.isVisible()


def test_a_wide_viewport_says_it_in_whole_words(viewport: ViewportWidget) -> None:
    viewport.resize(1200, 500)
    viewport.cine.toggle_bounce()

    viewport.cine.toggle()

    assert viewport.cine.words.text() == "Cine 15 per second, 0 reached, to and fro"
    viewport.cine.toggle()


def test_another_series_stops_the_film(viewport: ViewportWidget) -> None:
    viewport.cine.toggle()

    viewport.show_volume(volume(noise((3, 8, 8))))

    assert not viewport.cine.is_running


def test_an_empty_viewport_has_no_film(qtbot: QtBot) -> None:
    widget = ViewportWidget()
    qtbot.addWidget(widget)

    widget.cine.toggle()

    assert not widget.cine.is_running


def test_a_single_slice_stands_still(qtbot: QtBot, viewport: ViewportWidget) -> None:
    viewport.show_volume(volume(noise((1, 8, 8))))
    viewport.cine.toggle()

    qtbot.waitUntil(lambda: viewport.cine.is_running, timeout=1000)
    viewport.cine._on_tick()

    assert viewport.state.value.slice_index == 0
    viewport.cine.toggle()
