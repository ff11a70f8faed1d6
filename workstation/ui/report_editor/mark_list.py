"""The reader's own marks in the Measures tab: values, histogram, a jump to each, deletion."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewers.qt.mark_texts import kind_name, measurement_text, region_lines, statistic
from workstation.core.finding import Evidence, Region, RegionKind
from workstation.core.measurement import POINTING, Measurement, RegionStatistics
from workstation.ui.theme import step_px
from workstation.ui.widgets import column, frame, label, line, rule, tool_button
from workstation.ui.words import tr

HISTOGRAM_STEPS = 10
"""Height of a histogram in steps: 40 pixels show the shape, and no more is asked of it."""


class HistogramBars(QWidget):
    """The histogram of a region as bars in the color of text. Owned by the UI thread."""

    def __init__(self, region: RegionStatistics) -> None:
        super().__init__()
        self._counts = region.histogram
        self.setFixedHeight(step_px(HISTOGRAM_STEPS))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = tr("Histogram from {0} to {1}, {2} voxels").format(
            statistic(region.low), statistic(region.high), region.voxels
        )
        self.setAccessibleName(words)
        self.setToolTip(words)

    def sizeHint(self) -> QSize:
        """Return the wish for a short, wide strip."""
        return QSize(step_px(6 * HISTOGRAM_STEPS), step_px(HISTOGRAM_STEPS))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint one bar per bin, the fullest as high as the strip."""
        painter = QPainter(self)
        most, width = max(self._counts), self.width() / len(self._counts)
        ink = self.palette().color(QPalette.ColorRole.WindowText)
        ink.setAlphaF(0.65)
        for n, count in enumerate(self._counts):
            height = (self.height() - 1) * count / most
            bar = QRectF(n * width, self.height() - 1 - height, max(width - 1, 1), height)
            painter.fillRect(bar, ink)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), ink)
        painter.end()


def mark_row(
    measurement: Measurement,
    place: str,
    *,
    jump: Callable[[Measurement], object],
    delete: Callable[[Measurement], object],
) -> QWidget:
    """Return the row of one mark.

    Args:
        measurement: the mark.
        place: where it is ("slice 87"); empty where that is not known.
        jump: shows it.
        delete: deletes it.
    """
    made = frame("plain")
    inside = column(made, gap=0.5)
    inside.setContentsMargins(step_px(1), step_px(1), step_px(1), step_px(1))
    top = line(gap=2)
    top.addWidget(label(_name(measurement), wraps=True), 1)
    if measurement.kind not in POINTING:
        top.addWidget(label(measurement_text(measurement), "strong"))
    inside.addLayout(top)
    region = measurement.region
    if region is not None:
        words = "   ".join(region_lines(region, measurement.unit))
        inside.addWidget(label(words, "quiet", wraps=True))
        if len(region.histogram) > 1:
            inside.addWidget(HistogramBars(region))
    below = line(gap=1)
    words = place or tr("show")
    go = tool_button(words, lambda: jump(measurement), role="chip")
    go.setAccessibleName(f"{tr('Show')} {_name(measurement)}, {words}")
    gone = tool_button(tr("Delete"), lambda: delete(measurement))
    gone.setAccessibleName(f"{tr('Delete')} {_name(measurement)}, {words}")
    below.addWidget(go)
    below.addStretch(1)
    below.addWidget(gone)
    inside.addLayout(below)
    inside.addWidget(rule())
    return made


def mark_rows(
    measurements: Sequence[Measurement],
    place_of: Callable[[Measurement], str],
    *,
    jump: Callable[[Measurement], object],
    delete: Callable[[Measurement], object],
) -> tuple[QWidget, ...]:
    """Return the rows of marks, in the order they were made."""
    return tuple(mark_row(one, place_of(one), jump=jump, delete=delete) for one in measurements)


def _name(measurement: Measurement) -> str:
    kind = kind_name(measurement.kind)
    return f"{kind}: {measurement.text}" if measurement.text else kind


def evidence_of(measurement: Measurement) -> Evidence:
    """Return where a mark is, as a piece of evidence."""
    x, y, z = (float(value) for value in np.mean(np.array(measurement.points_mm), axis=0))
    region = Region(RegionKind.POINT, (x, y, z))
    return Evidence(measurement.series_uid, (measurement.instance_uid,), region)
