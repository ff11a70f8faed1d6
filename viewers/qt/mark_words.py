"""The field on the image in which the words of a mark are typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from viewers.qt.marker import Marker
from viewers.qt.words import tr
from workstation.core.measurement import Measurement, MeasurementKind

LONGEST = 120
"""Letters of the words of a mark: a line on the image, not a report."""

LETTERS_WIDE = 24
"""Width of the field in letters: a short line, so that little of the image is covered."""


class WordField(QLineEdit):
    """Takes the words of one mark: Enter keeps them, Esc does not. UI thread."""

    def __init__(
        self,
        marker: Marker,
        canvas: QWidget,
        place: Callable[[Measurement], tuple[float, float] | None],
    ) -> None:
        super().__init__(canvas)
        self._marker, self._canvas, self._place = marker, canvas, place
        self._measurement: Measurement | None = None
        self.setMaxLength(LONGEST)
        self.setAccessibleName(tr("Words of the mark"))
        self.setPlaceholderText(tr("Words, then Enter"))
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("n") * LETTERS_WIDE)
        self.hide()
        self.returnPressed.connect(self._keep)
        self.editingFinished.connect(self._keep)
        marker.words_wanted.connect(self.ask)

    def ask(self, measurement: Measurement) -> None:
        """Let the reader type the words of a mark beside it."""
        self._measurement = measurement
        x, y = self._place(measurement) or (0.0, 0.0)
        self.setText(measurement.text)
        room = self._canvas.width() - self.width(), self._canvas.height() - self.height()
        self.move(max(min(round(x), room[0]), 0), max(min(round(y), room[1]), 0))
        self.show()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the words as they were on Esc; type otherwise. No key goes on to the image."""
        if event.key() == Qt.Key.Key_Escape:
            self._measurement = None
            self._close()
        else:
            super().keyPressEvent(event)
        # A line edit lets Enter pass to its parent, where it would take the mark into the hand.
        event.accept()

    def _keep(self) -> None:
        """Keep the words; a note without words is none."""
        measurement, self._measurement = self._measurement, None
        if measurement is None:
            return
        text = self.text().strip()
        is_note = measurement.kind is MeasurementKind.TEXT
        self._close()
        if text != measurement.text and (text or not is_note):
            self._marker.keep(replace(measurement, text=text))

    def _close(self) -> None:
        had_focus = self.hasFocus()
        self.hide()
        if had_focus:
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
