"""Windows with viewports on other screens: opened, remembered, hidden with the lock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication

from viewers.qt.desk import ViewportDesk
from viewers.state.layout import Layout
from workstation.core.identity import StudyIdentity
from workstation.settings import schema
from workstation.ui.option_desk import OptionDesk
from workstation.ui.screen_memory import ScreenPlace, from_text, to_text
from workstation.ui.screen_window import ScreenWindow
from workstation.ui.words import tr

HoldKey: TypeAlias = Callable[..., None]
"""Called with a key event and ``is_down``."""

FIRST_SHARE = 0.6
"""Part of the only screen that a second window takes: the report stays in reach beside it."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of the machine.

    Attributes:
        name: as the system gives it.
        area: where windows may stand, device-independent pixels of the desktop.
    """

    name: str
    area: QRect


def screens_of_machine() -> tuple[Screen, ...]:
    """Return the screens that are connected, the main one first."""
    primary = QGuiApplication.primaryScreen()
    listed = sorted(QGuiApplication.screens(), key=lambda one: one is not primary)
    return tuple(Screen(one.name(), one.availableGeometry()) for one in listed)


class ScreenController(QObject):
    """Owned by the UI thread.

    A window is made once for each screen and then shown or hidden, so that what it showed comes
    back with it.

    Signals:
        said(str): a sentence for the status line.
    """

    said = Signal(str)

    def __init__(
        self,
        desk: ViewportDesk,
        options: OptionDesk,
        *,
        hold: HoldKey,
        screens: Callable[[], tuple[Screen, ...]] = screens_of_machine,
    ) -> None:
        """Begin with no window.

        Args:
            desk: the viewports of all screens.
            options: keep the places.
            hold: told of keys that go down and up in a window.
            screens: gives the screens that are connected now.
        """
        super().__init__(desk)
        self._desk, self._options, self._hold, self._screens = desk, options, hold, screens
        self._windows: dict[str, ScreenWindow] = {}
        self._actions: Sequence[QAction] = ()
        self._study: StudyIdentity | None = None
        self._is_locked = False
        desk.layout_changed.connect(lambda _layout: self._keep())
        desk.layout_dragged.connect(lambda _layout: self._keep())
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenAdded.connect(lambda _screen: self.follow_screens())
            app.screenRemoved.connect(lambda _screen: self.follow_screens())

    @property
    def windows(self) -> tuple[ScreenWindow, ...]:
        """The windows on show."""
        return tuple(one for one in self._windows.values() if one.isVisible())

    def take_actions(self, actions: Sequence[QAction]) -> None:
        """Let the keys of these commands work in every window."""
        self._actions = actions

    def open(self) -> None:
        """Open a window on the next screen that has none."""
        screens = self._screens()
        main = self._desk.main.window().screen().name()
        others = [one for one in screens if one.name != main]
        free = [one for one in others or screens if not self._is_shown(one.name)]
        if not free:
            self.said.emit(tr("Every screen has its viewports already."))
            return
        if not others:
            self.said.emit(tr("There is one screen: the window with viewports stands on it."))
        kept = {one.screen: one for one in self._places()}
        self._show(free[0], kept.get(free[0].name))
        self._keep()

    def show_study(self, study: StudyIdentity | None) -> None:
        """Say in every window whose images these are; open those that were open before."""
        self._study = study
        for window in self._windows.values():
            window.show_study(study)
        if study is not None:
            self.follow_screens()

    def follow_screens(self) -> None:
        """Show windows whose screen is there, and hide those whose screen went."""
        present = {one.name: one for one in self._screens()}
        for name, window in self._windows.items():
            if name not in present and window.isVisible():
                window.hide()
                self._desk.set_shown(window.grid, is_shown=False)
        main = self._desk.main.window().screen().name()
        for place in self._places():
            screen = present.get(place.screen)
            # A window that stood on a screen of its own is not laid over the report.
            is_alone = place.screen == main and len(present) > 1
            if screen is not None and place.is_open and not is_alone:
                self._show(screen, place)

    def set_locked(self, *, is_locked: bool) -> None:
        """Hide every window while the main one is locked, and show them again."""
        self._is_locked = is_locked
        for window in self._windows.values():
            if window.grid in self._desk.grids:
                window.setVisible(not is_locked)

    def close(self) -> None:
        """Close every window with the program; they open again with it."""
        self._keep()
        for window in self._windows.values():
            window.hide()

    # Private

    def _is_shown(self, screen: str) -> bool:
        window = self._windows.get(screen)
        return window is not None and window.grid in self._desk.grids

    def _show(self, screen: Screen, place: ScreenPlace | None) -> None:
        if self._is_shown(screen.name):
            return
        window = self._windows.get(screen.name)
        if window is None:
            window = self._made(screen.name)
            window.grid.set_layout(Layout.ONE if place is None else place.layout)
        real = next((s for s in QGuiApplication.screens() if s.name() == screen.name), None)
        if real is not None:
            # A window whose screen went belongs to another one until it is told otherwise.
            window.setScreen(real)
        window.setGeometry(_area_of(screen, place, is_only=len(self._screens()) == 1))
        window.setWindowState(_state_of(place, is_only=len(self._screens()) == 1))
        self._desk.set_shown(window.grid, is_shown=True)
        window.setVisible(not self._is_locked)

    def _made(self, screen: str) -> ScreenWindow:
        window = ScreenWindow(self._desk.new_grid(), self._actions, self._hold)
        window.show_study(self._study)
        window.closed_by_reader.connect(lambda: self._closed(window))
        self._windows[screen] = window
        self._desk.destroyed.connect(window.deleteLater)
        return window

    def _closed(self, window: ScreenWindow) -> None:
        self._keep()
        self._desk.set_shown(window.grid, is_shown=False)
        self._keep()

    def _keep(self) -> None:
        """Remember where the windows are; a screen that is not there keeps its place."""
        areas = {one.name: one.area for one in self._screens()}
        places = {one.screen: one for one in self._places()}
        for name, window in self._windows.items():
            area = areas.get(name)
            if area is None:
                continue
            stood = window.normalGeometry() if window.isMaximized() else window.geometry()
            own = stood.translated(-area.topLeft())
            layout = window.grid.layout_shown
            places[name] = ScreenPlace(
                name,
                (own.left(), own.top(), own.width(), own.height()),
                window.isMaximized(),
                Layout.ONE if layout.is_mpr else layout,
                self._is_shown(name),
            )
        text = to_text(tuple(places.values()))
        if places and text != self._options.get(schema.SCREENS):
            self._options.change(schema.SCREENS, text)

    def _places(self) -> tuple[ScreenPlace, ...]:
        return from_text(self._options.get(schema.SCREENS))


def _area_of(screen: Screen, place: ScreenPlace | None, *, is_only: bool) -> QRect:
    """Return where a window stands: where it stood if that is on the screen, else all of it."""
    area = screen.area
    if place is not None:
        left, top, width, height = place.area_px
        wanted = QRect(area.left() + left, area.top() + top, width, height)
        inside = wanted.intersected(area)
        if inside.width() >= wanted.width() // 2 and inside.height() >= wanted.height() // 2:
            return wanted
    if is_only:
        width = round(area.width() * FIRST_SHARE)
        return QRect(area.left(), area.top(), width, area.height())
    return area


def _state_of(place: ScreenPlace | None, *, is_only: bool) -> Qt.WindowState:
    is_whole = not is_only if place is None else place.is_maximized
    return Qt.WindowState.WindowMaximized if is_whole else Qt.WindowState.WindowNoState
