"""What a reader is used to, put in force at once: keys, mouse, window presets, text size."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from viewers.qt.desk import ViewportDesk
from viewers.state.mouse_map import ClickAct
from viewers.state.user_windows import LONGEST_NAME, UserWindow, added, as_text, of_text
from viewers.state.windows import typed_window
from workstation.core.errors import InputRefusedError
from workstation.settings import schema
from workstation.settings.keys import LONGEST_FILE_BYTES, keys_as_file, keys_of_file
from workstation.ui.actions import COMMANDS, ActionSet, key_rows
from workstation.ui.help_panel.panel import HelpPanel
from workstation.ui.mouse_settings import map_values, mouse_map, mouse_rows
from workstation.ui.option_desk import OptionDesk
from workstation.ui.preferences.key_editor import KeyEditor
from workstation.ui.preferences.mouse_editor import MouseEditor
from workstation.ui.preferences.preset_editor import PresetEditor
from workstation.ui.tool_bar import StudyToolBar
from workstation.ui.words import tr

TEXT_STEP = 10
"""Percent by which a key makes the text larger or smaller."""

CLICK_COMMANDS: Mapping[ClickAct, str] = {
    ClickAct.NEXT_SERIES: "next_series",
    ClickAct.PREVIOUS_SERIES: "previous_series",
    ClickAct.UNDO: "undo",
}
"""Acts of the mouse that are commands of the window; the viewport does the others itself."""

KEYS_FILE = "prelim-keys.json"


class HabitDesk(QObject):
    """Puts the habits of the settings in force and lets the reader change them. UI thread.

    Signals:
        said(str): a sentence for the status line.
    """

    said = Signal(str)

    def __init__(
        self,
        options: OptionDesk,
        views: ViewportDesk,
        first: tuple[tuple[str, QWidget], ...] = (),
    ) -> None:
        """Make the desk and its editors.

        Args:
            options: keep the habits.
            views: all viewports.
            first: title and content of parts of the preferences before those of habits.
        """
        super().__init__(views)
        self._first = first
        self._options, self._views = options, views
        self._habits = views.marks.habits
        self._actions: ActionSet | None = None
        self._help: HelpPanel | None = None
        self._tool_bar: StudyToolBar | None = None
        settings = options.settings.value
        self.keys = KeyEditor(COMMANDS, settings, options.change_keys)
        self.keys.save_asked.connect(self._save_keys)
        self.keys.load_asked.connect(self._load_keys)
        self.mouse = MouseEditor(settings, options.change_all, map_values)
        windows, is_whole = of_text(settings.get(schema.WINDOW_PRESETS))
        self.presets = PresetEditor(windows, self.take_windows, self.add_window)
        self._is_damaged = not is_whole
        self._habits.windows.set(windows)
        options.changed.connect(self._follow)
        self._habits.ask = self.click

    @property
    def sections(self) -> tuple[tuple[str, QWidget], ...]:
        """Title and content of each part of the preferences."""
        return (
            *self._first,
            (tr("Keys"), self.keys),
            (tr("Mouse"), self.mouse),
            (tr("Window presets"), self.presets),
        )

    def take_actions(
        self, actions: ActionSet, help_panel: HelpPanel, tool_bar: StudyToolBar
    ) -> None:
        """Take the commands whose keys are meant, and what shows their keys."""
        self._actions, self._help, self._tool_bar = actions, help_panel, tool_bar
        actions.keys_changed.connect(self._tell_keys)
        actions.said.connect(self.said)
        tool_bar.window_typed.connect(self.set_typed_window)
        tool_bar.window_left.connect(self._back_to_images)
        self._tell_keys()
        self._follow()
        # When the window stands: nobody listens before.
        QTimer.singleShot(0, self, self._tell_problems)

    # Commands

    def larger_text(self) -> None:
        """Make all text one step larger."""
        self._scale_text(TEXT_STEP)

    def smaller_text(self) -> None:
        """Make all text one step smaller."""
        self._scale_text(-TEXT_STEP)

    def toggle_theme(self) -> None:
        """Change between the dark theme and the light one."""
        is_dark = self._options.get(schema.THEME) == "dark"
        self._options.change(schema.THEME, "light" if is_dark else "dark")

    def hold_lens(self, is_down: bool) -> None:
        """Show the lens for as long as the key is held."""
        self._habits.show_lens(is_shown=is_down)

    def toggle_lens(self) -> None:
        """Take the lens into the hand, or put it away."""
        self._habits.show_lens(is_shown=not self._habits.lens.value)

    def strengthen_lens(self, steps: int) -> None:
        """Make the lens stronger or weaker."""
        self._habits.strengthen_lens(steps)

    def click(self, act: ClickAct) -> None:
        """Do what a click of the mouse means as a command of the window."""
        command_id = CLICK_COMMANDS.get(act)
        if command_id is not None and self._actions is not None:
            self._actions.action(command_id).trigger()

    def say_view(self) -> None:
        """Say what the active viewport shows, and the value at its cursor or crosshair."""
        words = self._views.active.canvas.view_words()
        self.said.emit(words or tr("Nothing is shown here."))

    # Windows

    def type_window(self) -> None:
        """Let the reader type center and width."""
        if self._tool_bar is not None:
            self._tool_bar.ask_window()

    def set_typed_window(self, text: str) -> None:
        """Set the window that was typed, and go back to the images."""
        window = typed_window(text)
        if window is None:
            self.said.emit(tr("Type center and width, as in 40/400; the width is above 0."))
            return
        self._views.active.set_window(window)
        self._views.active.setFocus()

    def auto_window(self, part: str) -> None:
        """Set a window over the values on show.

        Args:
            part: ``slice`` for all of the slice, ``seen`` for what is on the canvas.
        """
        if not self._views.active.auto_window(of_all=part == "slice"):
            self.said.emit(tr("There are no values here to make a window from."))
            return
        self.said.emit(
            tr("Window from the darkest 1 % to the brightest 0.5 % of the values on show.")
        )

    def keep_window(self) -> None:
        """Keep the window on screen as a preset named by its numbers."""
        self.add_window("")

    def take_windows(self, windows: tuple[UserWindow, ...]) -> None:
        """Take other window presets and keep them."""
        self._options.change(schema.WINDOW_PRESETS, as_text(windows))

    def add_window(self, name: str) -> None:
        """Keep the window on screen as a preset.

        Args:
            name: what the reader calls it; center and width where it is empty.
        """
        content = self._views.active.content
        if content is None or content.volume.is_colour:
            self.said.emit(tr("Show a gray series first: its window can be kept then."))
            return
        window, volume = self._views.active.state.value.window, content.volume
        words = name or f"{window.center:g} / {window.width:g}"
        one = UserWindow(
            volume.series.modality,
            volume.intensity.unit,
            words[:LONGEST_NAME],
            window.center,
            window.width,
        )
        try:
            self.take_windows(added(self._habits.windows.value, one))
        except ValueError:
            self.said.emit(tr("There are too many presets of this modality: delete one first."))
            return
        self.said.emit(tr("The window is kept as '{0}'.").format(words))

    # Private

    def _back_to_images(self) -> None:
        self._views.active.setFocus()

    def _scale_text(self, step: int) -> None:
        option = schema.TEXT_SCALE
        wanted = self._options.get(option) + step
        scale = min(max(wanted, option.minimum), option.maximum)
        if scale != self._options.get(option):
            self._options.change(option, scale)
        self.said.emit(tr("Text size {0} %.").format(scale))

    def _follow(self) -> None:
        settings = self._options.settings.value
        mouse = mouse_map(settings)
        if mouse != self._habits.mouse.value:
            self._habits.mouse.set(mouse)
            self._tell_keys()
        windows, _is_whole = of_text(settings.get(schema.WINDOW_PRESETS))
        if windows != self._habits.windows.value:
            self._habits.windows.set(windows)
            # Its list of presets and the tool bar tell the window by its name.
            self._views.active_changed.emit(self._views.active)
        if self._actions is not None:
            self._actions.take_keys(settings)
        self.keys.show_settings(settings)
        self.mouse.show_settings(settings)
        self.presets.show_presets(windows)

    def _tell_problems(self) -> None:
        for problem in self._actions.problems if self._actions is not None else ():
            self.said.emit(problem)
        if self._is_damaged:
            self.said.emit(tr("Some of your window presets could not be read and were left out."))

    def _tell_keys(self) -> None:
        if self._actions is None or self._help is None or self._tool_bar is None:
            return
        self._views.set_compare_key(self._actions.keys_text("hold_original") or "-")
        mouse = mouse_rows(self._options.settings.value)
        self._help.show_keys(key_rows(self._actions), mouse)
        self._tool_bar.show_keys(self._actions.keys_text)

    def _save_keys(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self.keys, tr("Save keys"), KEYS_FILE, tr("Keys (*.json)")
        )
        if name:
            self.save_keys(Path(name))

    def save_keys(self, path: Path) -> None:
        """Write the changed keys to a file for another machine."""
        try:
            path.write_text(keys_as_file(self._options.settings.value.keys), encoding="utf-8")
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self.keys.say(tr("The keys could not be saved: {0}.").format(reason))
            return
        self.keys.say(tr("The keys are saved."))

    def _load_keys(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self.keys, tr("Load keys"), "", tr("Keys (*.json)"))
        if name:
            self.load_keys(Path(name))

    def load_keys(self, path: Path) -> None:
        """Take the changed keys of a file in the place of those now."""
        try:
            with path.open("rb") as file:
                read = file.read(LONGEST_FILE_BYTES)
            keys = keys_of_file(read.decode("utf-8"))
        except InputRefusedError as error:
            self.keys.say(tr(str(error)))
            return
        except (OSError, UnicodeDecodeError):
            self.keys.say(tr("The file of keys could not be read."))
            return
        self._options.change_keys(keys)
        problems = self._actions.problems if self._actions is not None else ()
        self.keys.say(" ".join((tr("The keys are loaded."), *problems)))
