"""The plot of the noise power spectrum: original and result over spatial frequency."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.services.enhancement_figures import NoisePlot
from workstation.ui.theme import current_theme, step_px
from workstation.ui.words import tr

HEIGHT_STEPS = 44
"""Height in steps: two curves can be told apart, and the rows above keep their room."""

WHOLE_FROM = 10.0
"""Power from which it is told in whole numbers: no reader wants powers of ten."""

LINES_ACROSS = 4
"""Frequencies that are named on the axis."""


class SpectrumPlot(QWidget):
    """Two curves; shapes differ, so that color alone tells nothing. Owned by the UI thread."""

    def __init__(self) -> None:
        """Make an empty plot."""
        super().__init__()
        self._spectrum: NoisePlot | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Noise power spectrum"))
        self.hide()

    def sizeHint(self) -> QSize:
        """Return a size in which the curves can be read."""
        lines = 3 * self.fontMetrics().lineSpacing()
        return QSize(step_px(60), step_px(HEIGHT_STEPS) + lines)

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(step_px(30), self.sizeHint().height())

    def show_spectrum(self, spectrum: NoisePlot | None) -> None:
        """Show other curves; nothing for None."""
        self._spectrum = spectrum
        self.setVisible(spectrum is not None)
        if spectrum is not None:
            self.setAccessibleDescription(_heard(spectrum))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint axes, names and curves."""
        spectrum = self._spectrum
        if spectrum is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        area = self._area(painter)
        _paint_axes(painter, area, spectrum)
        theme = current_theme()
        most = max((*spectrum.before, *spectrum.after, 1e-12))
        solid, dashed = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine
        for curve, color, style in (
            (spectrum.before, theme.quiet, dashed),
            (spectrum.after, theme.accent, solid),
        ):
            points = _points(area, spectrum.frequencies_per_mm, curve, most)
            painter.setPen(QPen(QColor(color), 2.0, style))
            painter.drawPolyline(QPolygonF(points))
        end = self._paint_names(painter, area)
        number = f"{most:,.0f}" if most >= WHOLE_FROM else f"{most:.2g}"
        _paint_top(painter, area, f"{number} {spectrum.unit}", end)
        painter.end()

    def _area(self, painter: QPainter) -> QRectF:
        line = painter.fontMetrics().lineSpacing()
        return QRectF(self.rect()).adjusted(step_px(1), 1.5 * line, -step_px(1), -2.4 * line)

    def _paint_names(self, painter: QPainter, area: QRectF) -> float:
        """Name the curves; return where the names end."""
        theme, metrics = current_theme(), painter.fontMetrics()
        y, x = area.top() - metrics.descent() - 2, area.left()
        solid, dashed = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine
        for name, color, style in (
            (tr("original"), theme.quiet, dashed),
            (tr("enhanced"), theme.accent, solid),
        ):
            painter.setPen(QPen(QColor(color), 2.0, style))
            middle = y - metrics.ascent() / 2.5
            painter.drawLine(QPointF(x, middle), QPointF(x + step_px(6), middle))
            painter.setPen(QColor(theme.text))
            painter.drawText(QPointF(x + step_px(7), y), name)
            x += step_px(10) + metrics.horizontalAdvance(name)
        return x


def _paint_top(painter: QPainter, area: QRectF, most: str, left: float) -> None:
    """Say how much power the top of the plot is, where there is room for it."""
    metrics = painter.fontMetrics()
    words = tr("top {0}").format(most)
    x = area.right() - metrics.horizontalAdvance(words)
    if x >= left:
        painter.setPen(QColor(current_theme().quiet))
        painter.drawText(QPointF(x, area.top() - metrics.descent() - 2), words)


def _paint_axes(painter: QPainter, area: QRectF, spectrum: NoisePlot) -> None:
    theme, metrics = current_theme(), painter.fontMetrics()
    painter.setPen(QPen(QColor(theme.line), 1.0))
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    painter.drawLine(area.bottomLeft(), area.topLeft())
    last = max(spectrum.frequencies_per_mm[-1], 1e-6)
    step = _step(last)
    for n in range(1, int(last / step + 1e-6) + 1):
        x = area.left() + area.width() * n * step / last
        painter.setPen(QPen(QColor(theme.line), 1.0))
        painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.top()))
        text = f"{n * step:g}"
        painter.setPen(QColor(theme.quiet))
        left = min(
            x - metrics.horizontalAdvance(text) / 2, area.right() - metrics.horizontalAdvance(text)
        )
        painter.drawText(QPointF(left, area.bottom() + metrics.lineSpacing()), text)
    words = tr("spatial frequency, 1/mm")
    x = area.right() - metrics.horizontalAdvance(words)
    painter.setPen(QColor(theme.quiet))
    painter.drawText(QPointF(x, area.bottom() + 2 * metrics.lineSpacing()), words)


def _step(last: float) -> float:
    """Return a step people say, so that a few fit below the last frequency."""
    wanted = last / LINES_ACROSS
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(s * power for s in (1.0, 2.0, 5.0, 10.0) if s * power >= wanted)


def _points(
    area: QRectF, per_mm: tuple[float, ...], power: tuple[float, ...], most: float
) -> list[QPointF]:
    last = max(per_mm[-1], 1e-6)
    return [
        QPointF(
            area.left() + area.width() * one / last, area.bottom() - area.height() * value / most
        )
        for one, value in zip(per_mm, power, strict=True)
    ]


def _heard(spectrum: NoisePlot) -> str:
    """Return where most of the noise lies, before and after."""
    return tr("Mean frequency of the noise: {0} 1/mm before, {1} 1/mm after").format(
        f"{spectrum.mean_before_per_mm:.2g}", f"{spectrum.mean_after_per_mm:.2g}"
    )
