"""Every command of the window, declared once; menus, shortcuts and the key help are made from it.

A key works where its context says: ``WINDOW`` everywhere, ``STUDY`` while a study is on screen,
``IMAGES`` while a viewport has the focus, ``REPORT`` while a row of the report has it. The same
letter may mean one thing in the images and another in the report, because rows take their keys
before the page does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QMenuBar,
    QTabBar,
    QWidget,
)

from workstation.settings.schema import Settings
from workstation.ui.command import Command, Context, Menu
from workstation.ui.curved_commands import CURVED_COMMANDS
from workstation.ui.enhance_commands import ENHANCE_COMMANDS
from workstation.ui.fill_commands import FILL_COMMANDS
from workstation.ui.fusion_commands import FUSION_COMMANDS
from workstation.ui.hanging_commands import HANGING_COMMANDS
from workstation.ui.key_map import WHERE, key_map, sequence_of
from workstation.ui.layout_commands import LAYOUT_COMMANDS
from workstation.ui.link_commands import LINK_COMMANDS
from workstation.ui.menus import MENUS, fill_menu, listed
from workstation.ui.output_commands import OUTPUT_COMMANDS
from workstation.ui.scene3d_commands import SCENE3D_COMMANDS
from workstation.ui.words import tr

_W, _S, _I, _R = Context.WINDOW, Context.STUDY, Context.IMAGES, Context.REPORT


def _tool(name: str, text: str, key: str) -> Command:
    return Command(
        f"tool_{name}", text, (key,), _S, Menu.TOOLS, "study.set_tool", name, is_checkable=True
    )


def _pan(way: str, key: str) -> Command:
    text, keys = f"Move the picture {way}", (f"Alt+Shift+{key}",)
    return Command(f"pan_{way}", text, keys, _S, Menu.VIEW, "study.pan", way)


_FILE = (
    Command("open_files", "Open files…", ("Ctrl+O",), _W, Menu.FILE, "window.open_files"),
    Command("open_folder", "Open folder…", ("Ctrl+Shift+O",), _W, Menu.FILE, "window.open_folder"),
    Command("open_demo", "Open the demo study", (), _W, Menu.FILE, "window.open_demo"),
    Command("export", "Export the report…", ("Ctrl+S",), _W, Menu.FILE, "window.show_export"),
    *OUTPUT_COMMANDS,
    Command("preferences", "Preferences", ("Ctrl+,",), _W, Menu.FILE, "window.show_preferences"),
    Command("quit", "Quit", ("Ctrl+Q",), _W, Menu.FILE, "window.close"),
)

_STUDY = (
    Command("back", "Go back", ("Esc",), _W, Menu.STUDY, "window.go_back"),
    Command("toggle_page", "Studies or images", ("F2",), _W, Menu.STUDY, "window.toggle_page"),
    Command("search", "Search studies", ("Ctrl+F",), _W, Menu.STUDY, "window.focus_search"),
    Command("next_series", "Next series", ("Space",), _S, Menu.STUDY, "study.next_series"),
    Command(
        "previous_series", "Previous series", ("Shift+Space",), _S, Menu.STUDY,
        "study.previous_series",
    ),
    Command("verdict", "What was received", ("V",), _S, Menu.STUDY, "window.show_verdict"),
    *ENHANCE_COMMANDS,
)  # fmt: skip

_VIEW = (
    Command("first_slice", "First slice", ("Home",), _S, Menu.VIEW, "study.first_slice"),
    Command("last_slice", "Last slice", ("End",), _S, Menu.VIEW, "study.last_slice"),
    Command("fit", "Fit to the viewport", ("F",), _S, Menu.VIEW, "study.fit"),
    Command("zoom_in", "Zoom in", ("Ctrl+PgUp",), _S, Menu.VIEW, "study.zoom", 1),
    Command("zoom_out", "Zoom out", ("Ctrl+PgDown",), _S, Menu.VIEW, "study.zoom", -1),
    _pan("left", "Left"),
    _pan("right", "Right"),
    _pan("up", "Up"),
    _pan("down", "Down"),
    Command("reset", "Reset the view", ("R",), _S, Menu.VIEW, "study.reset"),
    Command("invert", "Invert gray", ("I",), _S, Menu.VIEW, "study.invert"),
    Command("flip_h", "Flip left and right", ("Ctrl+H",), _S, Menu.VIEW, "study.flip", "h"),
    Command("flip_v", "Flip top and bottom", ("Ctrl+J",), _S, Menu.VIEW, "study.flip", "v"),
    Command("rotate", "Rotate by a quarter", ("Ctrl+R",), _S, Menu.VIEW, "study.rotate"),
    Command("texts", "Corner texts", ("T",), _S, Menu.VIEW, "study.toggle_texts"),
    Command("fold_rail", "Fold the series list", ("F3",), _W, Menu.VIEW, "window.fold_rail"),
    Command("fold_report", "Fold the report", ("F4",), _W, Menu.VIEW, "window.fold_report"),
    Command("jobs", "Jobs", ("F6",), _W, Menu.VIEW, "window.show_jobs"),
    Command("key_image", "Key image", ("K",), _S, Menu.STUDY, "objects.toggle_key_image"),
    Command("objects", "Objects of the study", ("F7",), _S, Menu.VIEW, "window.show_objects"),
    Command(
        "regions", "Show or hide regions", ("Shift+F7",), _S, Menu.VIEW, "objects.toggle_regions"
    ),
    Command("full_screen", "Full screen", ("F11",), _W, Menu.VIEW, "window.toggle_full_screen"),
)

_PLANES = (
    Command("slab", "Slab: MIP, MinIP, mean, off", ("Z",), _S, Menu.VIEW, "study.next_projection"),
    Command("slab_thicker", "Thicker slab", ("]",), _S, Menu.VIEW, "study.thicken_slab", 1),
    Command("slab_thinner", "Thinner slab", ("[",), _S, Menu.VIEW, "study.thicken_slab", -1),
    Command(
        "turn_right", "Turn the other planes clockwise", ("Alt+Right",), _S, Menu.VIEW,
        "study.turn_planes", 5,
    ),
    Command(
        "turn_left", "Turn the other planes back", ("Alt+Left",), _S, Menu.VIEW,
        "study.turn_planes", -5,
    ),
)  # fmt: skip

_OBJECTS = (
    Command(
        "presentation_toggle", "Show or hide what the presentation state draws", ("Y",), _S,
        Menu.STUDY, "objects.toggle_presentation",
    ),
    Command(
        "presentation_leave", "Back to the stored look", ("Shift+Y",), _S, Menu.STUDY,
        "objects.leave_presentation",
    ),
    Command(
        "presentation_save", "Save the view as a presentation state…", ("Ctrl+Shift+S",), _S,
        Menu.STUDY, "objects.save_presentation",
    ),
    Command(
        "measurements_save", "Save measurements as SR…", ("Ctrl+Shift+M",), _S, Menu.STUDY,
        "objects.save_measurements",
    ),
)  # fmt: skip

_PRESETS = tuple(
    Command(f"window_{n}", f"Window preset {n}", (str(n),), _S, None, "study.set_preset", n - 1)
    for n in range(1, 10)
)

_TOOLS = (
    Command(
        "tool_scroll",
        "Scroll",
        ("S",),
        _S,
        Menu.TOOLS,
        "study.set_tool",
        "scroll",
        is_checkable=True,
    ),
    Command(
        "tool_window",
        "Window",
        ("W",),
        _S,
        Menu.TOOLS,
        "study.set_tool",
        "window",
        is_checkable=True,
    ),
    Command(
        "tool_crosshair",
        "Crosshair",
        ("X",),
        _S,
        Menu.TOOLS,
        "study.set_tool",
        "crosshair",
        is_checkable=True,
    ),
    Command(
        "tool_length",
        "Length",
        ("L",),
        _S,
        Menu.TOOLS,
        "study.set_tool",
        "length",
        is_checkable=True,
    ),
    Command(
        "tool_probe", "Probe", ("P",), _S, Menu.TOOLS, "study.set_tool", "probe", is_checkable=True
    ),
)

_MARKS = (
    _tool("bidirectional", "Two diameters", "B"),
    _tool("angle", "Angle", "G"),
    _tool("cobb", "Cobb angle", "Shift+G"),
    _tool("arrow", "Arrow", "A"),
    _tool("text", "Note", "N"),
    _tool("ellipse", "Ellipse", "O"),
    _tool("rectangle", "Rectangle", "Shift+R"),
    _tool("polygon", "Polygon", "Shift+P"),
    _tool("freehand", "Freehand region", "Shift+F"),
    _tool("sphere", "Sphere", "Shift+O"),
    Command("mark_next", "Next mark", (".",), _S, Menu.TOOLS, "marks.walk", 1),
    Command("mark_previous", "Previous mark", (",",), _S, Menu.TOOLS, "marks.walk", -1),
    Command("mark_name", "Words of the mark…", ("Shift+N",), _S, Menu.TOOLS, "marks.name"),
    Command("mark_window", "Window from the region", ("Shift+W",), _S, Menu.TOOLS, "marks.window"),
    Command(
        "mark_copy_next", "Copy the mark to the next slice", ("Ctrl+Down",), _I, Menu.TOOLS,
        "marks.copy", 1,
    ),
    Command(
        "mark_copy_previous", "Copy the mark to the slice before", ("Ctrl+Up",), _I, Menu.TOOLS,
        "marks.copy", -1,
    ),
    Command("mark_delete", "Delete the mark", ("Del",), _I, Menu.TOOLS, "marks.delete"),
)  # fmt: skip

_REPORT = (
    Command("to_report", "Go to the report", ("Tab",), _I, Menu.REPORT, "window.focus_report"),
    Command("measure", "Measure this series", ("Ctrl+M",), _W, Menu.REPORT, "report.measure"),
    Command("draft", "Draft the report", ("Ctrl+D",), _W, Menu.REPORT, "report.draft"),
    Command("row_up", "Previous row", ("Up",), _R, None, "report.move", -1),
    Command("row_down", "Next row", ("Down",), _R, None, "report.move", 1),
    Command("evidence", "Show evidence", ("Return",), _R, Menu.REPORT, "report.show_current"),
    Command("accept", "Accept", ("A",), _R, Menu.REPORT, "report.accept_current"),
    Command("edit", "Edit", ("E",), _R, Menu.REPORT, "report.edit_current"),
    Command("reject", "Reject", ("Backspace",), _R, Menu.REPORT, "report.reject_current"),
    Command("reopen", "Take the decision back", ("U",), _R, Menu.REPORT, "report.reopen_current"),
    Command("write", "Write a sentence", ("Ctrl+T",), _W, Menu.REPORT, "report.write"),
    Command("undo", "Undo", ("Ctrl+Z",), _W, Menu.REPORT, "marks.undo"),
    Command("redo", "Redo", ("Ctrl+Y", "Ctrl+Shift+Z"), _W, Menu.REPORT, "marks.redo"),
    Command("check", "Check the report", ("Ctrl+K",), _W, Menu.REPORT, "report.check"),
    Command("sign", "Sign…", ("Ctrl+Return",), _W, Menu.REPORT, "window.show_sign"),
)

_HABITS = (
    Command("window_type", "Type the window", ("Shift+T",), _S, Menu.VIEW, "habits.type_window"),
    Command(
        "window_seen", "Window from what is on show", ("Shift+A",), _S, Menu.VIEW,
        "habits.auto_window", "seen",
    ),
    Command(
        "window_slice", "Window from the whole slice", ("Alt+A",), _S, Menu.VIEW,
        "habits.auto_window", "slice",
    ),
    Command(
        "window_keep", "Keep the window as a preset", ("Ctrl+Shift+W",), _S, Menu.VIEW,
        "habits.keep_window",
    ),
    Command(
        "hold_lens", "Magnifier while held", ("Q",), _S, None, "habits.hold_lens", is_held=True
    ),
    Command("say_view", "Say what is shown", ("Shift+I",), _S, Menu.VIEW, "habits.say_view"),
    Command("lens", "Magnifier", ("Shift+Q",), _S, Menu.VIEW, "habits.toggle_lens"),
    Command(
        "lens_stronger", "Stronger magnifier", ("Ctrl+Shift+Q",), _S, Menu.VIEW,
        "habits.strengthen_lens", 1,
    ),
    Command(
        "lens_weaker", "Weaker magnifier", ("Alt+Q",), _S, Menu.VIEW,
        "habits.strengthen_lens", -1,
    ),
    Command(
        "text_larger", "Larger text", ("Ctrl++", "Ctrl+="), _W, Menu.VIEW, "habits.larger_text"
    ),
    Command("text_smaller", "Smaller text", ("Ctrl+-",), _W, Menu.VIEW, "habits.smaller_text"),
    Command("news", "What is new", ("F12",), _W, Menu.VIEW, "window.show_news"),
    Command("theme", "Dark or light", (), _W, Menu.VIEW, "habits.toggle_theme"),
)  # fmt: skip

_HELP = (
    Command("help", "Keys and help", ("F1", "?"), _W, Menu.HELP, "window.show_help"),
    Command("first_run", "Signing identity…", (), _W, Menu.HELP, "window.show_first_run"),
)

COMMANDS: tuple[Command, ...] = (
    *_FILE,
    *_STUDY,
    *LAYOUT_COMMANDS,
    *_VIEW,
    *_PLANES,
    *FUSION_COMMANDS,
    *FILL_COMMANDS,
    *CURVED_COMMANDS,
    *HANGING_COMMANDS,
    *LINK_COMMANDS,
    *SCENE3D_COMMANDS,
    *_OBJECTS,
    *_PRESETS,
    *_TOOLS,
    *_MARKS,
    *_REPORT,
    *_HABITS,
    *_HELP,
)
"""All commands, in the order menus and key help show them."""


class ActionSet(QObject):
    """The commands as QActions of one window. Owned by the UI thread.

    Signals:
        keys_changed(): some command has other keys.
        said(str): a sentence on keys that could not be used.
    """

    keys_changed = Signal()
    said = Signal(str)

    def __init__(
        self,
        handlers: Mapping[str, object],
        settings: Settings,
        *,
        owners: Mapping[Context, QWidget],
    ) -> None:
        """Make every action.

        Args:
            handlers: objects by the name that handlers start with.
            settings: keys the user changed.
            owners: the widget in which the keys of a context work.
        """
        super().__init__(owners[Context.WINDOW])
        self._actions: dict[str, QAction] = {}
        self._held = {c.command_id: _method(handlers, c.handler) for c in COMMANDS if c.is_held}
        for command in COMMANDS:
            action = self._made(command)
            if not command.is_held:
                _connect(action, command, handlers)
            owners[command.context].addAction(action)
        self.problems: tuple[str, ...] = ()
        self.take_keys(settings)

    def take_keys(self, settings: Settings) -> None:
        """Give every command the keys of the settings, at once."""
        found = key_map(COMMANDS, settings)
        has_changed = False
        for command_id, keys in found.keys.items():
            wanted = [QKeySequence(key) for key in keys]
            action = self._actions[command_id]
            if action.shortcuts() != wanted:
                action.setShortcuts(wanted)
                has_changed = True
        if has_changed:
            self.keys_changed.emit()
        if found.problems != self.problems:
            self.problems = found.problems
            for problem in found.problems:
                self.said.emit(problem)

    def action(self, command_id: str) -> QAction:
        """Return the QAction of a command."""
        return self._actions[command_id]

    def of(self, *contexts: Context) -> list[QAction]:
        """Return the QActions of some contexts, for another window in which their keys work."""
        return [self._actions[one.command_id] for one in COMMANDS if one.context in contexts]

    def enable(self, context: Context, *, is_enabled: bool) -> None:
        """Let the commands of a context work, or not."""
        for command in COMMANDS:
            if command.context is context:
                self._actions[command.command_id].setEnabled(is_enabled)

    def keys_text(self, command_id: str) -> str:
        """Return the keys of a command as people read them; empty for none."""
        shortcuts = self._actions[command_id].shortcuts()
        return " / ".join(s.toString(QKeySequence.SequenceFormat.NativeText) for s in shortcuts)

    def report_action(self, event: QKeyEvent) -> QAction | None:
        """Return the enabled report command whose key an event is."""
        return self._match(event, Context.REPORT)

    def held(self, event: QKeyEvent) -> str:
        """Return the id of the held command whose key an event is; empty for none."""
        action = self._match(event, Context.STUDY)
        command_id = "" if action is None else str(action.data())
        return command_id if command_id in self._held else ""

    def hold(self, command_id: str, *, is_down: bool) -> None:
        """Tell a held command that its key went down or up."""
        self._held[command_id](is_down)

    def fill(self, bar: QMenuBar) -> None:
        """Fill a menu bar with the commands."""
        for menu in Menu:
            fill_menu(bar.addMenu(tr(menu.value)), MENUS[menu], self.action)

    def _made(self, command: Command) -> QAction:
        action = QAction(tr(command.text), self)
        action.setData(command.command_id)
        action.setCheckable(command.is_checkable)
        match command.context:
            case Context.WINDOW:
                action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            case Context.STUDY | Context.IMAGES:
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            case Context.REPORT:
                # Rows take these keys themselves; here they are only shown in the menu.
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        if command.is_held:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._actions[command.command_id] = action
        return action

    def _match(self, event: QKeyEvent, context: Context) -> QAction | None:
        pressed = sequence_of(event)
        for command in COMMANDS:
            action = self._actions[command.command_id]
            if command.context is context and pressed in action.shortcuts():
                return action if action.isEnabled() else None
        return None


class KeyGuard(QObject):
    """Keeps the keys that move inside a control with that control. Owned by the UI thread.

    Qt gives a shortcut precedence over the Space that presses a focused button. With commands on
    Space, Home and the arrows, keyboard users could not press a button or walk a list.
    """

    _MOVES = frozenset(
        {
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
            Qt.Key.Key_Left,
            Qt.Key.Key_Right,
            Qt.Key.Key_Home,
            Qt.Key.Key_End,
            Qt.Key.Key_PageUp,
            Qt.Key.Key_PageDown,
        }
    )
    _PRESSES = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter})

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim a key for the focused control before shortcuts see it."""
        # The cheap question first: every event of the program passes here.
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.ShortcutOverride:
            return False
        if event.modifiers() or not self._belongs_to(watched, Qt.Key(event.key())):
            return False
        event.accept()
        return True

    def _belongs_to(self, watched: QObject, key: Qt.Key) -> bool:
        if isinstance(watched, QAbstractButton):
            return key in self._PRESSES
        if isinstance(watched, QAbstractItemView | QAbstractSlider | QComboBox):
            return key in self._MOVES or key in self._PRESSES
        return isinstance(watched, QTabBar) and key in self._MOVES


def key_rows(actions: ActionSet) -> Sequence[tuple[str, str, str]]:
    """Return (heading, command, keys) of every command that has keys, for the key help.

    They stand as in the menus; those of no menu come last, under the place where they work.
    """
    texts = {command.command_id: tr(command.text) for command in COMMANDS}
    in_menus = [
        (tr(title), command_id)
        for menu in Menu
        for title, command_id in listed(MENUS[menu], menu.value)
    ]
    alone = [
        (tr(WHERE[command.context]), command.command_id)
        for command in COMMANDS
        if command.menu is None
    ]
    rows = ((where, texts[one], actions.keys_text(one)) for where, one in (*in_menus, *alone))
    return [row for row in rows if row[2]]


def _connect(action: QAction, command: Command, handlers: Mapping[str, object]) -> None:
    method = _method(handlers, command.handler)
    if command.argument is None:
        # triggered says whether the action is checked; the method wants no argument.
        action.triggered.connect(lambda _checked=False: method())
    else:
        action.triggered.connect(lambda: method(command.argument))


def _method(handlers: Mapping[str, object], handler: str) -> Callable[..., object]:
    target, name = handler.split(".")
    method: Callable[..., object] = getattr(handlers[target], name)
    return method
