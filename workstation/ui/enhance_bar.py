"""The line below the images while an enhanced picture is on show: what, how strong, what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QSizePolicy, QSlider, QToolButton, QWidget

from workstation.services.enhancement_figures import enhancement_warnings, noise_at
from workstation.ui.enhance_run import Run, Stage
from workstation.ui.enhance_tasks import TASK_WORDS, Preset, percent, preset_words, unit_words
from workstation.ui.theme import step_px
from workstation.ui.widgets import label, line, tool_button
from workstation.ui.words import tr

if TYPE_CHECKING:  # a value of the worker's tasks; only its fields are read
    from inference.tasks.denoise import EnhancementFigures

ARROW = "→"
"""Stands between figures before and after."""

STATE_STEPS = 28
"""Room kept for what is said, in steps, before anything else of the line is left out."""


class EnhanceBar(QFrame):
    """Strength of the enhancement and its figures. Owned by the UI thread.

    What does not fit is left out from the right; the slider and the words stay.

    Signals:
        strength_moved(float): the reader moved the slider, 0..1.
        preset_chosen(Preset): the reader chose a strength with a name.
        stop_wanted(): what runs is to be stopped.
        figures_wanted(): the panel with noise and bias is to be shown.
    """

    strength_moved = Signal(float)
    preset_chosen = Signal(object)
    stop_wanted = Signal()
    figures_wanted = Signal()

    def __init__(self) -> None:
        """Make a hidden line."""
        super().__init__()
        self.setProperty("role", "status")
        self.name = label("", "strong")
        self.state = ElidedLabel()
        self.slider = self._made_slider()
        self.percent = label("100 %")
        self.presets = {preset: self._preset(preset) for preset in Preset}
        self.stop = tool_button(tr("Stop"), self.stop_wanted.emit)
        self.figures = tool_button(tr("Noise and bias"), self.figures_wanted.emit)
        self._keys = label("", "quiet")
        self._strength: tuple[QWidget, ...] = (
            *self.presets.values(),
            self.slider,
            self.percent,
        )
        self._has_strength = self._has_stop = self._has_figures = False
        self._figures: tuple[EnhancementFigures, str] | None = None
        self._doubts = 0
        self._lay_out()
        self.hide()

    def minimumSizeHint(self) -> QSize:
        """Return a small width: this line never makes the window wider than its screen."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what can be had elsewhere too where the room is short."""
        super().resizeEvent(event)
        self._fit()

    def show_enhancement(self, name: str, *, has_strength: bool, is_running: bool = False) -> None:
        """Show what is on screen.

        Args:
            name: the pack.
            has_strength: less or more of it can be shown.
            is_running: it is still being made, and can be stopped.
        """
        self.name.setText(name)
        self._has_strength = has_strength
        self._has_stop, self._has_figures = is_running, not is_running
        keys = "H original   Shift+D curtain   D difference"
        self._keys.setText(tr(keys if has_strength else "H original   Shift+D curtain"))
        self.show()
        self._fit()

    def show_state(self, text: str) -> None:
        """Show how far it is, or what it did."""
        self._figures = None
        self.state.say(text)

    def show_doubts(self, doubts: int) -> None:
        """Say how many things a reader must know stand in the panel of figures."""
        words = tr("Noise and bias")
        if doubts:
            words = tr("Noise and bias: 1 doubt")
        if doubts > 1:
            words = tr("Noise and bias: {0} doubts").format(doubts)
        if self.figures.text() != words:
            self.figures.setText(words)
            self._fit()

    def show_figures(
        self, figures: EnhancementFigures, unit: str, strength: float, doubts: int = 0
    ) -> None:
        """Show what a denoising did at the strength on show; it follows the slider.

        Args:
            figures: of the denoising.
            unit: of the series.
            strength: 0..1.
            doubts: what is to be known at every strength.
        """
        self._figures, self._doubts = (figures, unit), doubts
        self._say_figures(strength)

    def _say_figures(self, strength: float) -> None:
        if self._figures is None:
            return
        figures, unit = self._figures
        self.state.say(figures_text(figures, unit, strength))
        found = enhancement_warnings(figures, strength=strength, unit=unit_words(unit))
        self.show_doubts(self._doubts + len(found))

    def show_refusal(self, sentence: str) -> None:
        """Show why a series is not enhanced."""
        self.name.setText(tr("Not enhanced"))
        self._has_strength = self._has_stop = self._has_figures = False
        self._keys.setText("")
        self.show_state(sentence)
        self.show()
        self._fit()

    def show_strength(self, strength: float, standard: float) -> None:
        """Show the strength in force, and the preset it is; nothing is told about it."""
        self.slider.blockSignals(True)
        self.slider.setValue(round(100 * strength))
        self.slider.blockSignals(False)
        self.percent.setText(percent(strength))
        for preset, one in self.presets.items():
            value = preset.of(standard)
            one.setChecked(abs(value - strength) < 0.005)
            one.setToolTip(f"{preset_words(preset)}: {percent(value)}")
        self._say_figures(strength)

    def _made_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, 100)
        slider.setSingleStep(5)
        slider.setPageStep(20)
        slider.setValue(100)
        slider.setFixedWidth(step_px(30))
        slider.setAccessibleName(tr("Strength of the enhancement, percent"))
        slider.valueChanged.connect(lambda value: self.strength_moved.emit(value / 100))
        return slider

    def _preset(self, preset: Preset) -> QToolButton:
        made = tool_button(preset_words(preset), lambda: self.preset_chosen.emit(preset))
        made.setCheckable(True)
        return made

    def _lay_out(self) -> None:
        inside = line(self, gap=2)
        inside.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        inside.setContentsMargins(step_px(3), step_px(1), step_px(3), step_px(1))
        inside.addWidget(self.name)
        for widget in self._strength:
            inside.addWidget(widget)
        inside.addWidget(self.stop)
        inside.addWidget(self.figures)
        inside.addWidget(self.state, 1)
        inside.addWidget(self._keys)
        self.percent.setMinimumWidth(self.percent.fontMetrics().horizontalAdvance("100 %"))

    def _fit(self) -> None:
        """Show what there is room for; a widget is touched only where that changes."""
        wanted = {
            self._keys: bool(self._keys.text()),
            self.name: True,
            self.stop: self._has_stop,
            self.figures: self._has_figures,
            **dict.fromkeys(self._strength, self._has_strength),
        }
        gap = step_px(2)
        width = {one: one.sizeHint().width() + gap for one, is_on in wanted.items() if is_on}
        room = self.width() - step_px(STATE_STEPS) - step_px(6)
        for spare in ((self._keys,), tuple(self.presets.values()), (self.name,)):
            if sum(width.values()) <= room:
                break
            for one in spare:
                width.pop(one, None)
        for widget in wanted:
            if widget.isHidden() is (widget in width):
                widget.setVisible(widget in width)


def show_on_bar(bar: EnhanceBar, run: Run | None, refusal: str, unit: str) -> None:
    """Show an enhancement, why there is none, or nothing.

    Args:
        bar: the line.
        run: what is on show, or is being made; None for nothing.
        refusal: why the series is not enhanced; empty where nobody asked.
        unit: of the series.
    """
    if run is None and refusal:
        bar.show_refusal(tr(refusal))
    elif run is None:
        bar.hide()
    else:
        is_running = run.stage is not Stage.DONE
        has_strength = run.task.is_laid_over and run.pack is not None
        name = str(run.pack) if run.pack else tr("Enhancing")
        bar.show_enhancement(name, has_strength=has_strength, is_running=is_running)
        bar.show_strength(run.strength, run.standard)
        bar.show_doubts(len(run.doubts))
        if is_running:
            bar.show_state(run.words())
        elif run.figures is None:
            bar.show_state(tr(TASK_WORDS[run.task]))
        elif run.task.is_laid_over:
            bar.show_figures(run.figures, unit, run.strength, len(run.doubts))
        else:
            bar.show_state(finer_text(run, run.figures, unit))


def figures_text(figures: EnhancementFigures, unit: str, strength: float) -> str:
    """Return what a denoising did to this series at a strength, in words."""
    unit, parts = unit_words(unit), []
    if figures.slices_left_original:
        left = figures.slices_left_original
        parts.append(tr("{0} slices stay the original").format(left))
    if figures.sigma_before:
        after, before = f"{noise_at(figures, strength):.3g}", f"{figures.sigma_before:.3g}"
        parts.append(tr("noise {0} → {1} {2}").format(before, after, unit).strip())
        shift = f"{strength * figures.bias:+.2f}"
        shift = "0" if float(shift) == 0 else shift.replace("-", "\N{MINUS SIGN}")
        parts.append(tr("mean shift {0} {1}").format(shift, unit).strip())
    return ", ".join([*parts, *_seconds(figures)])


def finer_text(run: Run, figures: EnhancementFigures, unit: str) -> str:
    """Return what finer voxels are, and that averaged they give back what was scanned."""
    kept = tr("averaged they are exactly what was scanned")
    if figures.consistency:
        deviation = f"{figures.consistency:.2g} {unit_words(unit)}".strip()
        kept = tr("averaged they are what was scanned, to {0}").format(deviation)
    left = figures.slices_left_original
    stay = [tr("{0} slices stay the original").format(left)] if left else []
    return ", ".join([tr(TASK_WORDS[run.task]), *stay, kept, *_seconds(figures)])


def _seconds(figures: EnhancementFigures) -> list[str]:
    return [f"{figures.seconds:.1f} s"] if figures.seconds else []


class ElidedLabel(QLabel):
    """One line of text that ends in dots where the room ends: no number is ever cut in two."""

    def __init__(self) -> None:
        """Make an empty one."""
        super().__init__()
        self.setProperty("role", "quiet")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, text: str) -> None:
        """Show a text; all of it is told to those who hear it, or rest the pointer on it."""
        self.setText(text)
        self.setToolTip(text)
        self.setAccessibleName(text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint as many words as there is room for."""
        painter, room = QPainter(self), self.contentsRect()
        shown = fitting_words(self.text(), room.width(), self.fontMetrics())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()


def fitting_words(text: str, room_px: int, metrics: QFontMetrics) -> str:
    """Return a text, or as many of its parts (of figures) or words as fit, and dots."""
    if metrics.horizontalAdvance(text) <= room_px:
        return text
    # A figure is told with its unit or not at all.
    separator = ", " if ARROW in text else " "
    parts = text.split(separator)
    for count in range(len(parts) - 1, 0, -1):
        shown = f"{separator.join(parts[:count])} \N{HORIZONTAL ELLIPSIS}"
        if metrics.horizontalAdvance(shown) <= room_px:
            return shown
    return "\N{HORIZONTAL ELLIPSIS}"
