"""What a viewport says that is too small for all corner texts."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from tests.unit.viewers.volumes import noise, volume
from viewers.qt.brief_texts import brief_texts, is_small
from viewers.qt.texts import corner_texts
from viewers.qt.viewport import ViewportWidget


def test_a_small_viewport_says_who_and_where_and_what_is_unusual(qtbot: QtBot) -> None:
    viewport = ViewportWidget()
    qtbot.addWidget(viewport)
    viewport.resize(200, 160)
    viewport.show_volume(volume(noise((9, 16, 16))))
    content, frame = viewport.content, viewport._model.frame()
    assert content is not None
    assert frame is not None
    viewport.flip()
    state = viewport.state.value
    texts = corner_texts(content, state, frame, zoom=2.0)

    brief = brief_texts(texts, content, state, frame, zoom=2.0)

    assert brief.top_left == texts.top_left[:1]
    assert brief.bottom_left == ("Zoom 200 %  mirrored", "5 of 9")
    assert is_small(200, 19)
    assert not is_small(600, 19)
