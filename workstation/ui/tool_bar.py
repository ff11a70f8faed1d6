"""The line of tools above the images, made from the commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFrame, QToolButton

from workstation.core.intensity import Window
from workstation.ui.theme import step_px
from workstation.ui.widgets import line
from workstation.ui.words import tr

BUTTONS: tuple[tuple[tuple[str, str], ...], ...] = (
    (
        ("tool_scroll", "Scroll"),
        ("tool_window", "Window"),
        ("tool_crosshair", "Crosshair"),
        ("tool_length", "Length"),
        ("tool_probe", "Probe"),
    ),
    (
        ("layout_1", "1"),
        ("layout_2", "2"),
        ("layout_4", "4"),
        ("reformat", "3 planes"),
    ),
    (("enhance", "Less noise"), ("superres", "Thinner slices")),
)
"""Groups of (command, short words); everything else is in the menus."""


class StudyToolBar(QFrame):
    """Tools, layouts, enhancement and the window preset. Owned by the UI thread."""

    def __init__(self, choose_preset: Callable[[int], None]) -> None:
        """Make an empty line; the commands come with :meth:`show_actions`.

        Args:
            choose_preset: applies a window preset, 0-based.
        """
        super().__init__()
        self.setProperty("role", "header")
        self._inside = line(self, gap=1)
        self._inside.setContentsMargins(step_px(2), step_px(1), step_px(2), step_px(1))
        self.presets = QComboBox()
        self.presets.setAccessibleName(tr("Window preset"))
        self.presets.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.presets.setPlaceholderText(tr("Window"))
        self.presets.activated.connect(choose_preset)
        self.buttons: dict[str, QToolButton] = {}

    def show_actions(self, action: Callable[[str], QAction]) -> None:
        """Make the buttons.

        Args:
            action: gives the QAction of a command.
        """
        for number, group in enumerate(BUTTONS):
            if number:
                self._inside.addSpacing(step_px(3))
            for command_id, words in group:
                self._inside.addWidget(self._button(action(command_id), command_id, tr(words)))
        self._inside.addStretch(1)
        self._inside.addWidget(self.presets)

    def show_presets(self, presets: Sequence[Window]) -> None:
        """Show the window presets of the series on screen."""
        self.presets.clear()
        for number, preset in enumerate(presets, start=1):
            key = f"{number}  " if number <= 9 else ""
            self.presets.addItem(f"{key}{tr(preset.name)}")
        self.presets.setCurrentIndex(-1)

    def show_window(self, window: Window, presets: Sequence[Window]) -> None:
        """Show the name of the window in use; none where it was set by hand."""
        same = [
            n for n, p in enumerate(presets) if (p.center, p.width) == (window.center, window.width)
        ]
        self.presets.setCurrentIndex(same[0] if same else -1)

    def _button(self, action: QAction, command_id: str, words: str) -> QToolButton:
        made = QToolButton()
        made.setProperty("role", "flat")
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setText(words)
        made.setAccessibleName(action.text())
        keys = " / ".join(key.toString() for key in action.shortcuts())
        made.setToolTip(f"{action.text()} ({keys})" if keys else action.text())
        made.clicked.connect(action.trigger)
        if action.isCheckable():
            made.setCheckable(True)
            action.toggled.connect(made.setChecked)
            # The action's own handler decides whether it is on; a click alone does not.
            made.clicked.connect(lambda: made.setChecked(action.isChecked()))
        action.enabledChanged.connect(made.setEnabled)
        self.buttons[command_id] = made
        return made

    def mark(self, command_ids: Sequence[str], chosen: str) -> None:
        """Show which of several commands is in force."""
        for command_id in command_ids:
            control = self.buttons.get(command_id)
            if control is not None:
                control.setCheckable(True)
                control.setChecked(command_id == chosen)
