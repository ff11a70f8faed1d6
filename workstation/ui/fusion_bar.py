"""The line below the images while one series is laid over another: palette, opacity, window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QLayout,
    QSlider,
    QWidget,
)

from viewers.qt.fusion_texts import palette_text
from viewers.state.fusion import Blend, Fusion, PaletteName
from workstation.ui.theme import step_px
from workstation.ui.widgets import label, line, tool_button
from workstation.ui.words import tr

FARTHEST = 1e7
"""Largest value of an overlay's window: activities reach millions of Bq/ml."""

STEPS_OF_WINDOW = 40
"""An arrow changes an end of the window by a fortieth of it."""


class FusionBar(QFrame):
    """Shows how an overlay is drawn and proposes changes of it. Owned by the UI thread.

    Args:
        change: takes the fusion as the reader wants it.
        choose_partner: lays the next series over instead.
        stop: takes the overlay away.
    """

    def __init__(
        self,
        change: Callable[[Fusion], None],
        *,
        choose_partner: Callable[[], None],
        stop: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setProperty("role", "status")
        self._change = change
        self._fusion: Fusion | None = None
        self._is_telling = False
        self.name = label("", "strong")
        self.palettes = QComboBox()
        self.palettes.setAccessibleName(tr("Palette of the overlay"))
        for palette in PaletteName:
            self.palettes.addItem(palette_text(palette), palette)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setSingleStep(5)
        self.slider.setPageStep(20)
        self.slider.setFixedWidth(step_px(20))
        self.slider.setAccessibleName(tr("Opacity of the overlay, percent"))
        self.percent = label("")
        self.low = _value_box(tr("Lower end of the overlay's window"))
        self.high = _value_box(tr("Upper end of the overlay's window"))
        self.threshold = _value_box(tr("Values under this are transparent"))
        self.unit = label("", "quiet")
        self.by_value = QCheckBox(tr("By value"))
        self.by_value.setAccessibleName(tr("More opaque where the value is higher"))
        self.other = tool_button(tr("Other series"), choose_partner)
        self.stop = tool_button(tr("Off"), stop)
        self.stop.setAccessibleName(tr("Lay nothing over the images"))
        self._lay_out()
        self._connect()
        self.hide()

    def show_fusion(self, name: str, whole_name: str, fusion: Fusion, unit: str) -> None:
        """Show what is laid over and how.

        Args:
            name: what is over what, in a few letters.
            whole_name: both series by their descriptions.
            fusion: how it is drawn.
            unit: of the overlay's values, for people.
        """
        self._fusion = fusion
        with self._quiet():
            self.name.setText(name)
            self.name.setToolTip(whole_name)
            self.name.setAccessibleDescription(whole_name)
            self.palettes.setCurrentIndex(list(PaletteName).index(fusion.palette))
            self.slider.setValue(round(fusion.opacity * 100))
            self.percent.setText(f"{round(fusion.opacity * 100)} %")
            for box, value in (
                (self.low, fusion.low),
                (self.high, fusion.high),
                (self.threshold, fusion.threshold),
            ):
                span = fusion.high - fusion.low
                box.setDecimals(2 if span < 100 else 0)
                box.setSingleStep(span / STEPS_OF_WINDOW)
                box.setValue(value)
            self.by_value.setChecked(fusion.blend is Blend.BY_VALUE)
            self.unit.setText(unit)
        self.show()
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Return a small width: this line never makes the window wider."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave words out where the room is short, and at last what keys and menus can do too."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for widget in self._spare:
            widget.show()
        inside = self.layout()
        for widget in self._spare:
            if inside is None or inside.sizeHint().width() <= self.width():
                return
            widget.hide()

    def _lay_out(self) -> None:
        inside = line(self, gap=2)
        inside.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        opacity, window, start = (
            label(tr(words), "quiet") for words in ("Opacity", "Window", "From")
        )
        self._spare: tuple[QWidget, ...] = (
            opacity, window, self.percent, self.other, self.unit, self.name, start, self.by_value,
        )  # fmt: skip
        inside.setContentsMargins(step_px(3), step_px(1), step_px(3), step_px(1))
        inside.addWidget(self.name)
        inside.addWidget(self.palettes)
        inside.addWidget(opacity)
        inside.addWidget(self.slider)
        inside.addWidget(self.percent)
        inside.addWidget(window)
        inside.addWidget(self.low)
        inside.addWidget(self.high)
        inside.addWidget(self.unit)
        inside.addWidget(start)
        inside.addWidget(self.threshold)
        inside.addWidget(self.by_value)
        inside.addStretch(1)
        inside.addWidget(self.other)
        inside.addWidget(self.stop)

    def _connect(self) -> None:
        self.palettes.activated.connect(
            lambda row: self._propose(palette=self.palettes.itemData(row))
        )
        self.slider.valueChanged.connect(lambda percent: self._propose(opacity=percent / 100))
        self.low.valueChanged.connect(lambda value: self._propose_window(value, self.high.value()))
        self.high.valueChanged.connect(lambda value: self._propose_window(self.low.value(), value))
        self.threshold.valueChanged.connect(lambda value: self._propose(threshold=value))
        self.by_value.toggled.connect(
            lambda is_on: self._propose(blend=Blend.BY_VALUE if is_on else Blend.EVEN)
        )

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        """Let the controls be set without their telling."""
        self._is_telling = True
        try:
            yield
        finally:
            self._is_telling = False

    def _propose(self, **changes: object) -> None:
        if self._fusion is not None and not self._is_telling:
            self._change(replace(self._fusion, **changes))  # type: ignore[arg-type]

    def _propose_window(self, low: float, high: float) -> None:
        if self._fusion is not None and not self._is_telling:
            self._change(self._fusion.with_window(low, high))


def _value_box(name: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(-FARTHEST, FARTHEST)
    box.setKeyboardTracking(False)
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setFixedWidth(step_px(19))
    return box
