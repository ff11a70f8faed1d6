"""The small sign before a statement that tells its state by shape, not by color."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from workstation.report.document import StatementStatus
from workstation.ui.theme import current_theme, step_px
from workstation.ui.words import tr

STATUS_WORDS = {
    StatementStatus.PROPOSED: "proposed, not decided yet",
    StatementStatus.ACCEPTED: "accepted",
    StatementStatus.EDITED: "edited",
    StatementStatus.REJECTED: "rejected",
}


class StatusRing(QWidget):
    """Hollow ring proposed, filled ring accepted, pencil edited, struck ring rejected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status = StatementStatus.PROPOSED
        side = step_px(4)
        self.setFixedSize(side, step_px(5))

    def set_status(self, status: StatementStatus) -> None:
        """Show a state."""
        self._status = status
        self.setToolTip(tr(STATUS_WORDS[status]).capitalize())
        self.setAccessibleName(tr(STATUS_WORDS[status]))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sign."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current_theme()
        is_open = self._status is StatementStatus.PROPOSED
        color = QColor(theme.text if is_open else theme.quiet)
        painter.setPen(QPen(color, max(1.5, step_px(0.4))))
        size = step_px(2.5)
        ring = QRectF(0, 0, size, size)
        ring.moveCenter(QPointF(self.width() / 2, self.height() / 2))
        match self._status:
            case StatementStatus.PROPOSED:
                painter.drawEllipse(ring)
            case StatementStatus.ACCEPTED:
                painter.setBrush(color)
                painter.drawEllipse(ring)
            case StatementStatus.EDITED:
                _draw_pencil(painter, ring)
            case StatementStatus.REJECTED:
                painter.drawEllipse(ring)
                painter.drawLine(ring.bottomLeft(), ring.topRight())
        painter.end()


def _draw_pencil(painter: QPainter, box: QRectF) -> None:
    tip = box.bottomLeft()
    head = box.topRight()
    side = box.width() / 4
    painter.drawPolygon(
        [
            tip,
            tip + QPointF(side / 2, -side * 1.4),
            head + QPointF(-side, 0),
            head + QPointF(0, side),
            tip + QPointF(side * 1.4, -side / 2),
        ]
    )
