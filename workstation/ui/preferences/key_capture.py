"""A control that waits for a key and tells which one was pressed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton

from workstation.ui.key_map import pressed_key
from workstation.ui.words import tr


class KeyCapture(QPushButton):
    """A button that, once pressed, takes the next key whatever it means elsewhere. UI thread.

    Esc gives up, so Esc itself cannot be chosen; it always goes back.

    Signals:
        key_pressed(str): the key in portable words.
    """

    key_pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.installEventFilter(self)  # not event(): see CanvasWidget.eventFilter
        self._is_waiting = False
        self.clicked.connect(lambda _checked=False: self.wait())
        self._show()

    @property
    def is_waiting(self) -> bool:
        """Whether the next key is taken."""
        return self._is_waiting

    def wait(self) -> None:
        """Take the next key."""
        self._is_waiting = True
        self.setFocus()
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a key before shortcuts, Tab and the mnemonics of buttons see it."""
        if watched is not self:
            return False
        if self._is_waiting and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._take(event)
                return True
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Wait no longer: the reader went elsewhere."""
        self._stop()
        super().focusOutEvent(event)

    def _take(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._stop()
            return
        key = pressed_key(event)
        if key and not event.isAutoRepeat():
            self._stop()
            self.key_pressed.emit(key)

    def _stop(self) -> None:
        self._is_waiting = False
        self._show()

    def _show(self) -> None:
        words = tr("Press a key…") if self._is_waiting else tr("Add a key")
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(tr("The next key you press is taken; Esc gives up."))
