"""The line below the images while an enhanced picture is on show: what, how strong, what it did."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSizePolicy, QSlider

from workstation.ui.theme import step_px
from workstation.ui.widgets import label, line
from workstation.ui.words import tr

if TYPE_CHECKING:  # a value of the worker's tasks; only its fields are read
    from inference.tasks.denoise import EnhancementFigures


class EnhanceBar(QFrame):
    """Strength of the enhancement and its figures. Owned by the UI thread."""

    def __init__(self, set_strength: Callable[[float], None]) -> None:
        """Make a hidden line.

        Args:
            set_strength: takes the strength, 0..1.
        """
        super().__init__()
        self.setProperty("role", "status")
        self.name = label("", "strong")
        self.state = label("", "quiet")
        self.state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setSingleStep(5)
        self.slider.setPageStep(20)
        self.slider.setValue(100)
        self.slider.setFixedWidth(step_px(40))
        self.slider.setAccessibleName(tr("Strength of the enhancement, percent"))
        self.percent = label("100 %")
        self._strength_name = label(tr("Strength"), "quiet")
        self.slider.valueChanged.connect(self._changed)
        self._set_strength = set_strength
        inside = line(self, gap=3)
        inside.setContentsMargins(step_px(3), step_px(1), step_px(3), step_px(1))
        inside.addWidget(self.name)
        for widget in (self._strength_name, self.slider, self.percent):
            inside.addWidget(widget)
        inside.addWidget(self.state, 1)
        self._keys = label("", "quiet")
        inside.addWidget(self._keys)
        self.hide()

    def show_enhancement(self, name: str, *, has_strength: bool) -> None:
        """Show what is on screen."""
        self.name.setText(name)
        for widget in (self._strength_name, self.slider, self.percent):
            widget.setVisible(has_strength)
        keys = "H original   D difference   E off" if has_strength else "H original   Shift+E off"
        self._keys.setText(tr(keys))
        self.state.clear()
        self.show()

    def show_state(self, text: str) -> None:
        """Show how far it is, or what it did."""
        self.state.setText(text)
        self.state.setToolTip(text)

    def _changed(self, percent: int) -> None:
        self.percent.setText(f"{percent} %")
        self._set_strength(percent / 100)


def figures_text(figures: EnhancementFigures, unit: str) -> str:
    """Return what an enhancement did to this series, in words."""
    parts = []
    if figures.sigma_before:
        after, before = f"{figures.sigma_after:.3g}", f"{figures.sigma_before:.3g}"
        parts.append(
            tr("at full strength: noise {0} → {1} {2}").format(before, after, unit).strip()
        )
        parts.append(tr("mean shift {0} {1}").format(f"{figures.bias:+.2g}", unit).strip())
    if figures.consistency:
        parts.append(
            tr("deviation from the source {0} {1}")
            .format(f"{figures.consistency:.2g}", unit)
            .strip()
        )
    if figures.seconds:
        parts.append(f"{figures.seconds:.1f} s")
    return ", ".join(parts)
