"""The keyboard map: every command with its keys, and how to give it others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from workstation.settings.keys import join_keys
from workstation.settings.schema import Settings
from workstation.ui.command import Command, Context
from workstation.ui.key_map import WHERE, conflict_words, fixed_words, holder, key_map, native
from workstation.ui.preferences.key_capture import KeyCapture
from workstation.ui.theme import step_px
from workstation.ui.widgets import button, column, label, line
from workstation.ui.words import tr

ID_ROLE = Qt.ItemDataRole.UserRole
"""Where an item of the list keeps the id of its command."""

LIST_STEPS = 90
"""Height of the list: a dozen commands are seen at once."""


class KeyEditor(QWidget):
    """Shows the keys of all commands and proposes others. Owned by the UI thread.

    Signals:
        save_asked(), load_asked(): the reader wants the changed keys in a file, or from one.
    """

    save_asked = Signal()
    load_asked = Signal()

    def __init__(
        self,
        commands: Sequence[Command],
        settings: Settings,
        change: Callable[[Mapping[str, str]], None],
    ) -> None:
        """Make the editor.

        Args:
            commands: all commands, in the order of the menus.
            settings: the keys now.
            change: takes all changed keys by command id.
        """
        super().__init__()
        self._commands = {command.command_id: command for command in commands}
        self._settings = settings
        self._change = change
        self._wanted: tuple[str, Command] | None = None
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search commands and keys"))
        self.search.setAccessibleName(tr("Search commands and keys"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _words: self._show())
        self.list = QTreeWidget()
        self.capture = KeyCapture()
        self.said = label("", wraps=True)
        self._make_list()
        self._lay_out()
        self.capture.key_pressed.connect(self.offer)
        self._show()

    @property
    def command(self) -> Command | None:
        """The command that is chosen in the list; None for none."""
        item = self.list.currentItem()
        return self._commands.get(str(item.data(0, ID_ROLE))) if item is not None else None

    def choose(self, command_id: str) -> None:
        """Choose a command in the list."""
        for item in self._items():
            if item.data(0, ID_ROLE) == command_id:
                self.list.setCurrentItem(item)

    def show_settings(self, settings: Settings) -> None:
        """Show the keys that are in force now. Other options change nothing here."""
        has_other_keys = settings.keys != self._settings.keys
        self._settings = settings
        if has_other_keys:
            self._show()

    def offer(self, key: str) -> None:
        """Give the chosen command one more key; where another has it, say so and ask first."""
        command = self.command
        if command is None:
            self._say(tr("Choose a command in the list first."))
            return
        fixed = fixed_words(key, command.context)
        if fixed:
            self._say(fixed)
            return
        other = holder(key, command, tuple(self._commands.values()), self._settings)
        if other is None:
            self._give(key, command)
            return
        self._wanted = (key, command)
        self._say(conflict_words(key, other), has_choice=True)

    def take_over(self) -> None:
        """Take the key from the command that has it."""
        if self._wanted is not None:
            key, command = self._wanted
            self._give(key, command)

    def leave(self) -> None:
        """Let the key stay where it is."""
        self._say("")

    def remove_keys(self) -> None:
        """Take all keys of the chosen command away."""
        command = self.command
        if command is not None:
            self._change({**self._settings.keys, command.command_id: ""})
            self._say(tr("'{0}' has no key now.").format(tr(command.text)))

    def reset_command(self) -> None:
        """Give the chosen command the keys it came with."""
        command = self.command
        if command is None:
            return
        keys = {name: v for name, v in self._settings.keys.items() if name != command.command_id}
        for key in command.keys:
            other = holder(key, command, tuple(self._commands.values()), self._settings)
            if other is not None:
                self._say(conflict_words(key, other))
                return
        self._change(keys)
        self._say(tr("'{0}' has the key it came with.").format(tr(command.text)))

    def reset_all(self) -> None:
        """Give every command the keys it came with."""
        self._change({})
        self._say(tr("All commands have the keys they came with."))

    def say(self, words: str) -> None:
        """Show a sentence under the list."""
        self._say(words)

    # Private

    def _give(self, key: str, command: Command) -> None:
        now = key_map(tuple(self._commands.values()), self._settings).keys
        keys = dict(self._settings.keys)
        other = holder(key, command, tuple(self._commands.values()), self._settings)
        if other is not None:
            rest = tuple(one for one in now[other.command_id] if one != key)
            keys[other.command_id] = join_keys(rest)
        mine = dict.fromkeys((*now[command.command_id], key))
        keys[command.command_id] = join_keys(tuple(mine))
        self._change(keys)
        self._say(tr("{0} is now '{1}'.").format(native(key), tr(command.text)))

    def _show(self) -> None:
        chosen = self.command
        self.list.blockSignals(True)
        self.list.clear()
        shown = key_map(tuple(self._commands.values()), self._settings).keys
        wanted = self.search.text().strip().lower()
        for context in Context:
            group = QTreeWidgetItem([tr(WHERE[context]), ""])
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for command in self._commands.values():
                keys = " / ".join(native(key) for key in shown[command.command_id])
                words = f"{tr(command.text)} {keys}".lower()
                if command.context is context and wanted in words:
                    item = QTreeWidgetItem([tr(command.text), keys])
                    item.setData(0, ID_ROLE, command.command_id)
                    if command.command_id in self._settings.keys:
                        item.setToolTip(1, tr("Changed by you"))
                        item.setText(1, f"{keys or tr('none')} *")
                    group.addChild(item)
            if group.childCount():
                self.list.addTopLevelItem(group)
                group.setExpanded(True)
        self.list.blockSignals(False)
        if chosen is not None:
            self.choose(chosen.command_id)

    def _items(self) -> list[QTreeWidgetItem]:
        groups = [self.list.topLevelItem(n) for n in range(self.list.topLevelItemCount())]
        found = [group.child(n) for group in groups if group for n in range(group.childCount())]
        return [item for item in found if item is not None]

    def _say(self, words: str, *, has_choice: bool = False) -> None:
        if not has_choice:
            self._wanted = None
        self.said.setText(words)
        self.said.setAccessibleName(words)
        self._choice.setVisible(has_choice)

    def _make_list(self) -> None:
        self.list.setColumnCount(2)
        self.list.setHeaderLabels([tr("Command"), tr("Keys")])
        self.list.setAccessibleName(tr("Commands and their keys"))
        self.list.setRootIsDecorated(False)
        self.list.setIndentation(step_px(3))
        self.list.setUniformRowHeights(True)
        self.list.setMinimumHeight(step_px(LIST_STEPS))
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)

    def _lay_out(self) -> None:
        self._choice = QWidget()
        choice = line(self._choice)
        choice.addWidget(button(tr("Take it over"), self.take_over, role="small"))
        choice.addWidget(button(tr("Leave it"), self.leave, role="small"))
        choice.addStretch(1)
        self._choice.hide()
        inside = column(self, gap=2)
        inside.addWidget(self.search)
        inside.addWidget(self.list, 1)
        inside.addWidget(self.said)
        inside.addWidget(self._choice)
        rows = (
            (self.capture, button(tr("Remove its keys"), self.remove_keys, role="small")),
            (
                button(tr("As it came"), self.reset_command, role="small"),
                button(tr("All as they came"), self.reset_all, role="small"),
            ),
            (
                button(tr("Save keys…"), self.save_asked.emit, role="small"),
                button(tr("Load keys…"), self.load_asked.emit, role="small"),
            ),
        )
        for row in rows:
            across = line()
            for widget in row:
                across.addWidget(widget, 1)
            inside.addLayout(across)
