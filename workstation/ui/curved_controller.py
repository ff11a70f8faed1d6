"""Opens and closes the picture straightened along a line that the reader draws."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from viewers.qt.curve_hand import CurveHand
from viewers.qt.curved_pane import CurvedPane
from viewers.qt.palette import Palette
from viewers.qt.viewport import ViewportWidget
from viewers.render.curved import CurveCutter, CurvedError
from viewers.state.curve import Curve
from viewers.state.layout import Layout
from viewers.state.view_state import Tool
from workstation.ui.study_controller import StudyController
from workstation.ui.study_page import StudyPage
from workstation.ui.words import tr


class CurvedController(QObject):
    """Lets a line be drawn, and shows the picture along it beside the images. UI thread.

    Signals:
        said(str): a sentence for the status line.
    """

    said = Signal(str)

    def __init__(self, page: StudyPage, study: StudyController) -> None:
        """Make the controller; nothing is drawn yet."""
        super().__init__(page)
        self._grid, self._study = page.desk, study
        self._board = page.desk.marks.curves
        self._hand = CurveHand(self._board, self)
        self._hand.refused.connect(self.said)
        self.pane: CurvedPane | None = None
        self._source: ViewportWidget | None = None
        self._is_opening = False
        self._layout_before: Layout | None = None
        self._board.curve.observe(self._follow)
        self._watch()
        self._grid.layout_changed.connect(lambda _layout: self._watch())
        self._grid.viewports_changed.connect(self._watch)
        study.study_changed.connect(lambda _study: self._forget())
        study.shown_changed.connect(self._check_source)

    def toggle(self) -> None:
        """Begin to draw a line; end one that is begun; take the picture along it away."""
        curve = self._board.curve.value
        if self.pane is not None:
            self.close()
        elif curve is not None and curve.is_line:
            self._board.change(curve.ended()) if not curve.is_ended else self._open()
        else:
            self._study.set_tool(Tool.CURVE.value)
            self._grid.active.setFocus()
            self.said.emit(
                tr("Click points along the vessel or duct; scroll between them. Enter ends.")
            )

    def close(self) -> None:
        """Take the picture away, and the line with it."""
        self._leave()
        self._board.change(None)

    # Private

    def _watch(self) -> None:
        for viewport in self._grid.viewports:
            self._hand.watch(viewport)
        if self.pane is not None and not self._is_opening and self._over_is_gone():
            self._leave()

    def _over_is_gone(self) -> bool:
        return self.pane is not None and self.pane.parent() not in self._grid.viewports

    def _follow(self, before: Curve | None, now: Curve | None) -> None:
        was_ended = before is not None and before.is_ended
        if now is None or not now.is_line:
            self._leave()
        elif now.is_ended and not was_ended and self.pane is None:
            self._open()
        elif not now.is_ended and self.pane is not None:
            self._leave()

    def _open(self) -> None:
        source = self._grid.active
        content = source.content
        if content is None:
            return
        try:
            CurveCutter(content.stored)
        except CurvedError as error:
            self.said.emit(tr(str(error)))
            return
        self._is_opening = True
        over = self._place_beside(source)
        self._is_opening = False
        if over is None:
            self.said.emit(tr("There is no room for a second picture in this layout."))
            return
        self._source = source
        self.pane = CurvedPane(self._board, source, Palette(), over)
        self.pane.refused.connect(self.said)
        self.pane.closed.connect(self.close)

    def _place_beside(self, source: ViewportWidget) -> ViewportWidget | None:
        """Return the viewport that is covered: the last of the others, or a new one beside."""
        main = self._grid.main
        if len(main.viewports) < 2:
            self._layout_before = main.layout_shown
            main.set_layout(Layout.grid(1, 2))
        others = [one for one in main.viewports if one is not source]
        return others[-1] if others else None

    def _check_source(self) -> None:
        if self.pane is None or self._source is None or self._is_opening:
            return
        content, curve = self._source.content, self._board.curve.value
        series = content.stored.series.series_uid if content is not None else ""
        if curve is None or series != curve.series_uid:
            self._leave()

    def _leave(self) -> None:
        pane, self.pane, self._source = self.pane, None, None
        if pane is None:
            return
        pane.leave()
        before, self._layout_before = self._layout_before, None
        if before is not None and len(self._grid.main.viewports) == 2:
            self._grid.main.set_layout(before)

    def _forget(self) -> None:
        self._leave()
        self._board.forget()
