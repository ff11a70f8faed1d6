"""One statement as one row: who wrote it, its state, its words, its evidence, what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from workstation.core.finding import Evidence, RegionKind
from workstation.core.provenance import OriginKind
from workstation.report.check_finding import CheckFinding
from workstation.report.document import Statement, StatementStatus
from workstation.ui.report_editor.acts import ReportActs
from workstation.ui.report_editor.statement_text import StatementText
from workstation.ui.report_editor.status_ring import STATUS_WORDS, StatusRing
from workstation.ui.theme import current_theme, step_px
from workstation.ui.widgets import button, clear, column, label, line, tool_button
from workstation.ui.words import confidence_word, tr

MARK_PX = 3
"""Width of the origin mark, as the look of the statements asks."""

SMALL_REGION_MM = 100.0
"""A region up to this size is a lesion whose size helps; above, it is an organ's outline."""

CHIPS_SHOWN = 3
"""More places than this do not fit a row; the rest is one step away in the images."""

ORIGIN_WORDS = {
    OriginKind.MEASURED: "measured by Prelim",
    OriginKind.MODEL: "written by a model",
    OriginKind.TEMPLATE: "from a template",
    OriginKind.PRIOR: "from a prior report",
    OriginKind.HUMAN: "your own words",
}

KeyAction = Callable[[QKeyEvent], QAction | None]
"""Finds the report command that a key means."""


class KeyRow(QFrame):
    """A row of the report that takes the report's keys while it has the focus.

    Signals:
        focused(): the row got the focus.
    """

    focused = Signal()

    def __init__(self, key_action: KeyAction) -> None:
        super().__init__()
        self.installEventFilter(self)  # not event(): see CanvasWidget.eventFilter
        self._key_action = key_action
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim the report's keys before the page's shortcuts see them."""
        if watched is not self:
            return False
        is_override = event.type() is QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and self._key_action(event):
            event.accept()
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do the command of a key."""
        action = self._key_action(event)
        if action is None:
            super().keyPressEvent(event)
        else:
            action.trigger()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Become the current row."""
        super().focusInEvent(event)
        self.focused.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Become the current row by a click."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)


class StatementRow(KeyRow):
    """One statement. Owned by the UI thread."""

    def __init__(self, statement: Statement, acts: ReportActs, key_action: KeyAction) -> None:
        super().__init__(key_action)
        self._acts = acts
        self._statement = statement
        self._needs_evidence = False
        self._is_locked = False
        self._is_current = False
        self.text = StatementText()
        self.text.typed.connect(lambda words: acts.edit(self.statement_id, words))
        self.text.left.connect(self._stop_edit)
        self.text.installEventFilter(self)
        self.text.viewport().installEventFilter(self)
        self._ring = StatusRing()
        self._chips = line(gap=1)
        self._hint = label("")
        self._buttons = QWidget()
        self.accept_button = self._make_buttons()
        self._lay_out()

    @property
    def statement_id(self) -> str:
        """Id of the statement shown."""
        return self._statement.statement_id

    @property
    def hint(self) -> QLabel:
        """The words that say why the statement cannot be accepted yet."""
        return self._hint

    def show_statement(
        self, statement: Statement, *, needs_evidence: bool, is_locked: bool, place_of: PlaceOf
    ) -> None:
        """Show a statement as it now is; words under the reader's hands are left alone.

        Args:
            statement: the statement; its id stays the same.
            needs_evidence: its evidence has not been on screen.
            is_locked: it is signed.
            place_of: says where evidence is.
        """
        self._statement = statement
        self._needs_evidence, self._is_locked = needs_evidence, is_locked
        self._show_words()
        self._ring.set_status(statement.status)
        self._fill_chips(place_of)
        waits = needs_evidence and statement.is_open
        self._hint.setText(tr("show evidence first (Enter)") if waits else "")
        self._hint.setVisible(waits)
        self._update_buttons()
        self._name_it()
        self.update()

    def set_marks(self, marks: Sequence[CheckFinding]) -> None:
        """Underline what the checker found in the words."""
        self.text.set_marks(marks)
        self.setToolTip("\n".join(mark.text for mark in marks))

    def set_current(self, *, is_current: bool) -> None:
        """Show or hide the buttons of the row."""
        self._is_current = is_current
        self._update_buttons()
        self.update()

    def start_edit(self) -> None:
        """Open the words for typing."""
        if not self._is_locked and self._statement.status is not StatementStatus.REJECTED:
            self.text.set_editing(is_editing=True)
            self._update_buttons()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on the words makes the row current; a double click edits."""
        if watched is not self and not self.text.is_editing:
            if event.type() is QEvent.Type.MouseButtonPress:
                self.setFocus(Qt.FocusReason.MouseFocusReason)
                return True
            if event.type() is QEvent.Type.MouseButtonDblClick:
                self.start_edit()
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the mark of the origin and the frame of the current row."""
        super().paintEvent(event)
        painter = QPainter(self)
        theme = current_theme()
        if self._is_current:
            painter.fillRect(self.rect(), QColor(theme.raised))
        _paint_origin(painter, self._statement.origin.kind, self.rect())
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRect(self.rect().adjusted(MARK_PX + 2, 1, -1, -1))
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus."""
        super().focusOutEvent(event)
        self.update()

    def _make_buttons(self) -> QPushButton:
        row = line(self._buttons, gap=1)
        statement_id = self.statement_id
        accept = button(tr("Accept"), lambda: self._acts.accept(statement_id), role="small")
        self._edit = button(tr("Edit"), self.start_edit, role="small")
        self._reject = button(tr("Reject"), lambda: self._acts.reject(statement_id), role="small")
        self._reopen = button(
            tr("Take back"), lambda: self._acts.reopen(statement_id), role="small"
        )
        for control in (accept, self._edit, self._reject, self._reopen):
            row.addWidget(control)
        row.addStretch(1)
        self._buttons.hide()
        return accept

    def _lay_out(self) -> None:
        whole = line(self, gap=1)
        whole.setContentsMargins(MARK_PX + step_px(2), step_px(1.5), step_px(2), step_px(1.5))
        whole.addWidget(self._ring, 0, Qt.AlignmentFlag.AlignTop)
        inside = column(gap=1)
        inside.addWidget(self.text)
        below = line(gap=1)
        below.addLayout(self._chips)
        below.addStretch(1)
        inside.addLayout(below)
        inside.addWidget(self._hint)
        inside.addWidget(self._buttons)
        whole.addLayout(inside, 1)

    def _show_words(self) -> None:
        theme = current_theme()
        statement = self._statement
        is_out = statement.status is StatementStatus.REJECTED
        color = theme.proposed if statement.is_open else theme.quiet if is_out else theme.text
        self.text.set_words(statement.text, color=color, is_struck=is_out)

    def _fill_chips(self, place_of: PlaceOf) -> None:
        clear(self._chips)
        statement_id = self.statement_id
        for words in _chip_words(self._statement.evidence, place_of):
            chip = tool_button(words, lambda: self._acts.show_evidence(statement_id), role="chip")
            chip.setToolTip(tr("Show it in the images (Enter)"))
            self._chips.addWidget(chip)
        if self._statement.origin.kind is OriginKind.MODEL and self._statement.is_open:
            sure = label(confidence_word(self._statement.confidence), "quiet")
            sure.setToolTip(f"{tr('Confidence')} {self._statement.confidence:.0%}")
            self._chips.addWidget(sure)

    def _update_buttons(self) -> None:
        is_open = self._statement.is_open
        is_drafted = self._statement.is_drafted
        is_rejected = self._statement.status is StatementStatus.REJECTED
        self.accept_button.setVisible(is_open)
        self.accept_button.setEnabled(not self._needs_evidence)
        self._edit.setVisible(not is_rejected)
        self._reject.setVisible(not is_rejected)
        self._reopen.setVisible(is_rejected or (is_drafted and not is_open))
        is_busy = self.text.is_editing or self._is_locked
        self._buttons.setVisible(self._is_current and not is_busy)

    def _name_it(self) -> None:
        statement = self._statement
        parts = [statement.text, tr(STATUS_WORDS[statement.status])]
        parts.append(tr(ORIGIN_WORDS[statement.origin.kind]))
        if statement.origin.pack is not None:
            parts.append(str(statement.origin.pack))
        if statement.origin.kind is OriginKind.MODEL:
            parts.append(f"{tr('confidence')} {statement.confidence:.0%}")
        if self._hint.text():
            parts.append(self._hint.text())
        self.setAccessibleName("; ".join(parts))

    def _stop_edit(self) -> None:
        if not self.text.toPlainText().strip():
            self._acts.reject(self.statement_id)
        self._acts.end_edit()
        self._show_words()
        self._update_buttons()
        window = self.window()
        if window.focusWidget() in (None, self.text, self):
            self.setFocus(Qt.FocusReason.OtherFocusReason)


PlaceOf = Callable[[Evidence], str]
"""Says where evidence is ("slice 87"); empty where it is not in the open study."""


def _chip_words(evidence: Sequence[Evidence], place_of: PlaceOf) -> list[str]:
    words = []
    for piece in evidence:
        place = place_of(piece)
        if place and place not in words:
            words.append(place)
    del words[CHIPS_SHOWN:]
    size = _size_words(evidence[0]) if evidence else ""
    return [*words, size] if size else words


def _size_words(evidence: Evidence) -> str:
    region = evidence.region
    if region.kind in (RegionKind.POINT, RegionKind.SLICE):
        return ""
    x_mm, y_mm, _ = region.size_mm
    if not 0 < max(x_mm, y_mm) <= SMALL_REGION_MM:
        return ""
    return f"{x_mm:.0f} x {y_mm:.0f} mm"


def _paint_origin(painter: QPainter, kind: OriginKind, rect: QRect) -> None:
    theme = current_theme()
    styles = {
        OriginKind.MEASURED: (theme.measured, Qt.PenStyle.SolidLine),
        OriginKind.MODEL: (theme.model, Qt.PenStyle.DashLine),
        OriginKind.TEMPLATE: (theme.template, Qt.PenStyle.SolidLine),
        OriginKind.PRIOR: (theme.prior, Qt.PenStyle.DotLine),
    }
    if kind not in styles:
        return
    color, style = styles[kind]
    pen = QPen(QColor(color), MARK_PX, style, Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    x = rect.left() + MARK_PX / 2
    painter.drawLine(QPointF(x, rect.top() + 2), QPointF(x, rect.bottom() - 1))
