"""The line of tools above the images, made from the commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QWidget

from workstation.core.intensity import Window
from workstation.ui.menus import MORE, TOOLS, fill_menu
from workstation.ui.theme import step_px
from workstation.ui.tool_line import ToolLine
from workstation.ui.widgets import line
from workstation.ui.words import tr

BUTTONS: tuple[tuple[tuple[str, str], ...], ...] = (
    (
        ("tool_scroll", "Scroll"),
        ("tool_crosshair", "Crosshair"),
        ("tool_length", "Length"),
        ("tool_bidirectional", "Diameters"),
        ("tool_angle", "Angle"),
        ("tool_ellipse", "Ellipse"),
        ("tool_probe", "Probe"),
    ),
    (
        ("layout_1", "1"),
        ("layout_2", "2"),
        ("layout_4", "4"),
        ("layout_pick", "Layout"),
        ("reformat", "3 planes"),
    ),
    (("enhance", "Less noise"), ("superres", "Thinner slices")),
)
"""Groups of (command, short words); everything else is in the menus."""

PRESET_LETTERS = 12
"""Width of the list of window presets in letters: "1  Soft tissue" fits."""


PRESET_LEAST_STEPS = 20
"""Least width of that list in steps: its key and the first letters of a name."""

FIELD_LETTERS = 14
"""Width of the field for center and width in letters: "-1024/4096" fits."""


class StudyToolBar(QFrame):
    """Tools, layouts, enhancement and the window preset. Owned by the UI thread.

    What does not fit moves behind "More" at the end, so that no width is ever too small.

    Signals:
        window_typed(str): the reader typed a window.
        window_left(): the reader leaves the field for the window with Esc.
    """

    window_typed = Signal(str)
    window_left = Signal()

    def __init__(self, choose_preset: Callable[[int], None]) -> None:
        """Make an empty line; the commands come with :meth:`show_actions`.

        Args:
            choose_preset: applies a window preset, 0-based.
        """
        super().__init__()
        self.setProperty("role", "header")
        self._actions: dict[str, QAction] = {}
        self._action: Callable[[str], QAction] | None = None
        self.tools = ToolLine()
        self.presets = QComboBox()
        self.presets.setAccessibleName(tr("Window preset"))
        self.presets.setMinimumContentsLength(PRESET_LETTERS)
        self.presets.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.presets.setPlaceholderText(tr("Window"))
        # Large text on a small screen: the name is cut before the window grows beyond it.
        self.presets.setMinimumWidth(step_px(PRESET_LEAST_STEPS))
        self.presets.activated.connect(choose_preset)
        self.window_field = _WindowField()
        self.window_field.returnPressed.connect(
            lambda: self.window_typed.emit(self.window_field.text())
        )
        self.window_field.left.connect(self.window_left)
        inside = line(self, gap=1)
        inside.setContentsMargins(step_px(2), step_px(1), step_px(2), step_px(1))
        inside.addWidget(self.tools, 1)
        inside.addWidget(self.presets)
        inside.addWidget(self.window_field)

    def ask_window(self) -> None:
        """Let the reader type center and width."""
        self.window_field.setFocus()
        self.window_field.selectAll()

    def show_actions(self, action: Callable[[str], QAction]) -> None:
        """Make the buttons.

        Args:
            action: gives the QAction of a command.
        """
        self._action = action
        for number, group in enumerate(BUTTONS):
            if number:
                self.tools.add_rule()
            for command_id, words in group:
                self._add(command_id, action(command_id), tr(words))
        fill_menu(self.tools.menu, MORE, action)

    def show_presets(self, presets: Sequence[Window]) -> None:
        """Show the window presets of the series on screen."""
        self.presets.clear()
        for number, preset in enumerate(presets, start=1):
            key = f"{number}  " if number <= 9 else ""
            self.presets.addItem(f"{key}{tr(preset.name)}")
        self.presets.setEnabled(bool(presets))
        self.presets.setCurrentIndex(-1)

    def show_window(self, window: Window, presets: Sequence[Window]) -> None:
        """Show the name of the window in use; none where it was set by hand."""
        if not self.window_field.hasFocus():
            self.window_field.setText(f"{window.center:g}/{window.width:g}")
        here = (window.center, window.width)
        same = [n for n, preset in enumerate(presets) if (preset.center, preset.width) == here]
        self.presets.setCurrentIndex(same[0] if same else -1)

    def control(self, command_id: str) -> QWidget | None:
        """Return the button of a command on show; None where it has none, or no room."""
        action = self._actions.get(command_id)
        found = self.tools.button(action) if action is not None else None
        return found if found is not None and found.isVisible() else None

    def mark(self, command_ids: Sequence[str], chosen: str) -> None:
        """Show which of several commands is in force."""
        for command_id in command_ids:
            action = self._actions.get(command_id)
            if action is not None:
                action.setChecked(command_id == chosen)
        if self._action is not None and chosen.startswith("tool_"):
            self.tools.show_chosen(self._action(chosen) if chosen in TOOLS else None)

    def _add(self, command_id: str, action: QAction, words: str) -> None:
        self._actions[command_id] = action
        action.setIconText(words)
        self.tools.add_button(action)

    def show_keys(self, keys_text: Callable[[str], str]) -> None:
        """Say the keys of the buttons.

        Args:
            keys_text: gives the keys of a command as people read them.
        """
        for command_id, action in self._actions.items():
            keys = keys_text(command_id)
            action.setToolTip(f"{action.text()} ({keys})" if keys else action.text())


class _WindowField(QLineEdit):
    """Takes center and width; Esc gives up. Owned by the UI thread."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.installEventFilter(self)  # not event(): see CanvasWidget.eventFilter
        words = tr("Window: center/width")
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setMaxLength(24)
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("0") * FIELD_LETTERS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim Esc before it means to leave the page."""
        if watched is not self:
            return False
        is_key = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_key and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if is_key and event.type() == QEvent.Type.KeyPress:
            self.left.emit()
            return True
        return False
