"""The words of one statement: read, underlined by the checker, or under the reader's hands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from workstation.report.check_finding import CheckFinding, Severity
from workstation.ui.theme import current_theme

SAVE_AFTER_MS = 400
"""Typing is handed over this long after its first unsaved key, so that with the writing itself
no keystroke is ever older than one second (DESIGN promise 7)."""


class StatementText(QTextEdit):
    """Text as tall as its words. Owned by the UI thread.

    Signals:
        typed(str): the words so far, at most every SAVE_AFTER_MS while they change.
        left(): typing has ended, by Enter, Esc or a click elsewhere.
    """

    typed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.installEventFilter(self)  # not event(): see CanvasWidget.eventFilter
        # First of all: Qt calls event() from here on.
        self._is_editing = False
        self.setProperty("role", "statement")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(1)
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._timer.timeout.connect(self._hand_over)
        self.textChanged.connect(self._changed)
        self.set_editing(is_editing=False)

    @property
    def is_editing(self) -> bool:
        """Whether the reader types here."""
        return self._is_editing

    def set_words(self, text: str, *, color: str, is_struck: bool = False) -> None:
        """Show words; left alone while the reader types."""
        if self._is_editing:
            return
        form = QTextCharFormat()
        form.setForeground(QColor(color))
        form.setFontStrikeOut(is_struck)
        if text != self.toPlainText():
            self.setPlainText(text)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.setCharFormat(form)
        self.setAccessibleDescription(text)
        self._fit()

    def set_marks(self, marks: Sequence[CheckFinding]) -> None:
        """Underline what the checker found; the words stay as they are."""
        selections = []
        for mark in marks:
            if mark.end <= mark.start:
                continue
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            words = self.toPlainText()
            cursor.setPosition(_utf16(words[: mark.start]))
            cursor.setPosition(_utf16(words[: mark.end]), QTextCursor.MoveMode.KeepAnchor)
            form = QTextCharFormat()
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            theme = current_theme()
            is_block = mark.severity is Severity.BLOCK
            form.setUnderlineColor(QColor(theme.blocked if is_block else theme.doubt))
            selection.cursor = cursor
            selection.format = form
            selections.append(selection)
        self.setExtraSelections(selections)

    def set_editing(self, *, is_editing: bool) -> None:
        """Open or close the words for typing."""
        self._is_editing = is_editing
        self.setReadOnly(not is_editing)
        self.setProperty("is_editing", is_editing)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_editing else Qt.FocusPolicy.NoFocus)
        interaction = Qt.TextInteractionFlag
        self.setTextInteractionFlags(
            interaction.TextEditorInteraction if is_editing else interaction.NoTextInteraction
        )
        self.viewport().setCursor(
            Qt.CursorShape.IBeamCursor if is_editing else Qt.CursorShape.ArrowCursor
        )
        self.style().unpolish(self)
        self.style().polish(self)
        if is_editing:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.moveCursor(QTextCursor.MoveOperation.End)
        self._fit()

    def open_quietly(self, color: str) -> None:
        """Open an empty field for typing without taking the focus."""
        self._is_editing = True
        self.setReadOnly(False)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextEditorInteraction)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setTextColor(QColor(color))
        self._fit()

    def clear_quietly(self) -> None:
        """Empty the field without handing anything over."""
        self.blockSignals(True)
        self.clear()
        self.blockSignals(False)
        self._timer.stop()
        self._fit()

    def hand_over_now(self) -> None:
        """Hand the words over at once, if any wait."""
        if self._timer.isActive():
            self._timer.stop()
            self._hand_over()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep Enter and Esc from the shortcuts of the window while typing."""
        if watched is not self:
            return False
        is_override = self._is_editing and event.type() is QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() in _ENDS:
            event.accept()
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Esc end the typing; Shift+Enter makes a new line."""
        is_plain = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if self._is_editing and event.key() in _ENDS and is_plain:
            self._leave()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving the field ends the typing, going to another program does not."""
        super().focusOutEvent(event)
        if not self._is_editing:
            return
        self.hand_over_now()
        away = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if event.reason() not in away:
            self._leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the height to the new width."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """As tall as the words, as narrow as need be."""
        return QSize(40, self.height())

    def _changed(self) -> None:
        self._fit()
        if self._is_editing and not self._timer.isActive():
            self._timer.start()

    def _hand_over(self) -> None:
        self.typed.emit(self.toPlainText())

    def _leave(self) -> None:
        self.hand_over_now()
        self.set_editing(is_editing=False)
        self.left.emit()

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        margins = self.contentsMargins()
        frame = self.height() - self.viewport().height()
        inside = int(self.document().size().height() + 0.999)
        self.setFixedHeight(inside + margins.top() + margins.bottom() + max(0, min(frame, 16)))


def _utf16(text: str) -> int:
    """Return the length of a text as Qt counts it: findings count code points."""
    return len(text.encode("utf-16-le")) // 2


_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
