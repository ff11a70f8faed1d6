"""Panels and views beside the images: controls named, reached by Tab, seen and large enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.qt.shell.test_access import LEAST_PX, SMALL_ROLES, controls, told, words
from tests.qt.shell.test_fusion_in_window import opened, with_pair
from tests.qt.shell.test_hanging import hanging, store
from tests.support.scene3d import needs_vtk
from viewers.qt.canvas import CanvasWidget
from viewers.scene3d.model import Phase
from viewers.state.layout import Layout
from workstation.ui.main_window import MainWindow

__all__ = ["hanging", "store"]


@pytest.fixture
def stocked(qtbot: QtBot, hanging: MainWindow, tmp_path: Path) -> MainWindow:
    """The window with hanging protocols, and a CT and an MR in one frame of reference."""
    window = with_pair(qtbot, hanging, tmp_path / "pair")
    window.resize(1920, 1080)
    window.study_page.grid.set_layout(Layout.ONE)
    window.study_page.grid.active.canvas.setFocus()
    return window


def fusion_line(qtbot: QtBot, window: MainWindow) -> QWidget:
    window.fusion.toggle()
    qtbot.waitUntil(window.fusion.bar.isVisible, timeout=WAIT_MS)
    return window.fusion.bar


def curved_pane(qtbot: QtBot, window: MainWindow) -> QWidget:
    return opened(qtbot, window)


def view_in_3d(qtbot: QtBot, window: MainWindow) -> QWidget:
    window.scene3d.toggle()
    stage = window.scene3d.stage
    assert stage is not None
    model = stage.viewport.model
    qtbot.waitUntil(lambda: model.status.value.phase is Phase.SHOWN, timeout=60_000)
    return stage


def hanging_list(_qtbot: QtBot, window: MainWindow) -> QWidget:
    window.hanging.show_panel()
    return window.panels.hanging


def hanging_editor(qtbot: QtBot, window: MainWindow) -> QWidget:
    window.hanging.save_as()
    editor = window.panels.hanging.editor
    qtbot.waitUntil(editor.isVisible, timeout=WAIT_MS)
    return editor


def priors(_qtbot: QtBot, window: MainWindow) -> QWidget:
    window.links.show_priors()
    return window.links.panel


def output(kind: str) -> Callable[[QtBot, MainWindow], QWidget]:
    def show(_qtbot: QtBot, window: MainWindow) -> QWidget:
        getattr(window.output, f"show_{kind}")()
        return window.panels.output

    return show


def key_editor(_qtbot: QtBot, window: MainWindow) -> QWidget:
    window.show_preferences()
    return window.panels.preferences


VIEWS = [
    pytest.param(fusion_line, id="fusion"),
    pytest.param(curved_pane, id="curved"),
    pytest.param(view_in_3d, id="3d", marks=needs_vtk),
    pytest.param(hanging_list, id="hanging"),
    pytest.param(hanging_editor, id="hanging-editor"),
    pytest.param(priors, id="priors"),
    pytest.param(output("pictures"), id="pictures"),
    pytest.param(output("movie"), id="movie"),
    pytest.param(output("print"), id="print"),
    pytest.param(output("media"), id="media"),
    pytest.param(key_editor, id="preferences-with-keys"),
]


@pytest.mark.parametrize("show", VIEWS)
def test_controls_are_named_large_enough_reached_by_tab_and_show_their_focus(
    qtbot: QtBot, stocked: MainWindow, show: Callable[[QtBot, MainWindow], QWidget]
) -> None:
    view = show(qtbot, stocked)
    qtbot.wait(50)
    mine = [one for one in controls(stocked) if view.isAncestorOf(one)]

    faults = [*_plain_faults(mine), *_unreached(view, mine), *_unseen(stocked, mine)]

    assert mine or view.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert told(view).strip() or mine, "the view has no name"
    assert not faults, "\n".join(dict.fromkeys(faults))


def _plain_faults(mine: list[QWidget]) -> Iterator[str]:
    for control in mine:
        if not told(control).strip():
            yield f"{words(control)} has no name"
        if control.isEnabled() and not control.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield f"{words(control)} is not reached by Tab"
        is_small = str(control.property("role")) in SMALL_ROLES
        if control.height() < LEAST_PX and not is_small:
            yield f"{words(control)} is {control.height()} px high"


def _unreached(view: QWidget, mine: list[QWidget]) -> Iterator[str]:
    wanted = {one for one in mine if one.isEnabled()}
    if not wanted:
        return
    next(iter(one for one in mine if one.isEnabled())).setFocus()
    seen: set[QWidget] = set()
    for _ in range(600):
        now = QApplication.focusWidget()
        if now is None or (now in seen and wanted <= seen):
            break
        seen.add(now)
        # Tab in the images means the report; from there on it is a usual step again.
        is_image = isinstance(now, CanvasWidget)
        now.focusNextChild() if is_image else QTest.keyClick(now, Qt.Key.Key_Tab)
    for one in wanted - seen:
        yield f"Tab never reaches {words(one)}"


def _unseen(window: MainWindow, mine: list[QWidget]) -> Iterator[str]:
    kinds: dict[type, QWidget] = {}
    for control in mine:
        if control.isEnabled() and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
            kinds.setdefault(type(control), control)
    for control in kinds.values():
        window.header.page_button.setFocus()
        plain = control.grab().toImage()
        control.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(control, QLineEdit):
            control.deselect()
        if control.hasFocus() and control.grab().toImage() == plain:
            yield f"The focus is not seen on {words(control)}"


@needs_vtk
def test_the_3d_picture_itself_takes_the_focus_has_a_name_and_shows_it(
    qtbot: QtBot, stocked: MainWindow
) -> None:
    view_in_3d(qtbot, stocked)
    stage = stocked.scene3d.stage
    assert stage is not None
    view = stage.viewport
    stocked.header.page_button.setFocus()
    plain = view.grab().toImage()

    view.setFocus(Qt.FocusReason.TabFocusReason)

    assert told(view).strip()
    assert view.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert view.grab().toImage() != plain
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        QTest.keyClick(QApplication.focusWidget() or view, key)
    assert view.hasFocus()


def test_the_curved_picture_takes_the_focus_has_a_name_and_shows_it(
    qtbot: QtBot, stocked: MainWindow
) -> None:
    pane = curved_pane(qtbot, stocked)
    stocked.header.page_button.setFocus()
    plain = pane.grab().toImage()

    parts = [pane, *pane.findChildren(QWidget)]
    taking = [one for one in parts if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert taking
    for one in taking:
        one.setFocus(Qt.FocusReason.TabFocusReason)
        assert told(one).strip()
        assert pane.grab().toImage() != plain


def test_the_layout_picker_has_a_name_tells_its_choice_and_takes_all_keys(
    qtbot: QtBot, stocked: MainWindow
) -> None:
    stocked.layouts.pick()
    picker = QApplication.focusWidget()
    assert picker is not None

    assert told(picker).strip()
    assert picker.accessibleDescription() == "1 x 1"
    QTest.keyClick(picker, Qt.Key.Key_Right)
    assert picker.accessibleDescription() == "1 x 2"
