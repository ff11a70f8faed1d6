"""The window presets of the reader: names, order, and which keys they have."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from viewers.state.user_windows import CT_DEFAULTS, LONGEST_NAME, UserWindow, moved
from workstation.ui.theme import step_px
from workstation.ui.widgets import button, column, label, line
from workstation.ui.words import tr

LIST_STEPS = 50
"""Height of the list: the nine presets that have keys are seen at once."""

KEYS = 9
"""So many presets of a modality have keys."""


class PresetEditor(QWidget):
    """Shows the presets and proposes others. Owned by the UI thread."""

    def __init__(
        self,
        presets: tuple[UserWindow, ...],
        change: Callable[[tuple[UserWindow, ...]], None],
        add: Callable[[str], None],
    ) -> None:
        """Make the editor.

        Args:
            presets: all presets now.
            change: takes all presets.
            add: keeps the window that is on screen now under a name.
        """
        super().__init__()
        self._presets, self._change, self._add = presets, change, add
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Your window presets"))
        self.list.setMinimumHeight(step_px(LIST_STEPS))
        self.list.currentRowChanged.connect(lambda _row: self._show_name())
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setAccessibleName(tr("Name of the preset"))
        self.name.setPlaceholderText(tr("Name of the preset"))
        self._lay_out()
        self.show_presets(presets)

    def show_presets(self, presets: tuple[UserWindow, ...]) -> None:
        """Show the presets that are in force now."""
        row = self.list.currentRow()
        self._presets = presets
        self.list.blockSignals(True)
        self.list.clear()
        count: dict[str, int] = {}
        for one in presets:
            count[one.modality] = number = count.get(one.modality, 0) + 1
            key = f"{number}  " if number <= KEYS else ""
            words = f"{one.modality}  {key}{one.name}   {one.center:g} / {one.width:g}"
            self.list.addItem(QListWidgetItem(words))
        self.list.blockSignals(False)
        if presets:
            self.list.setCurrentRow(min(max(row, 0), len(presets) - 1))
        self._show_name()

    def add(self) -> None:
        """Keep the window on screen under the name that was typed."""
        self._add(self.name.text().strip())

    def rename(self) -> None:
        """Give the chosen preset the name that was typed."""
        row, name = self.list.currentRow(), self.name.text().strip()
        if row < 0 or not name:
            return
        old = self._presets[row]
        one = UserWindow(old.modality, old.unit, name, old.center, old.width)
        self._change((*self._presets[:row], one, *self._presets[row + 1 :]))

    def move_preset(self, step: int) -> None:
        """Move the chosen preset among those of its modality; its key follows."""
        row = self.list.currentRow()
        if row < 0:
            return
        one, changed = self._presets[row], moved(self._presets, row, step)
        self._change(changed)
        self.list.setCurrentRow(changed.index(one))

    def delete(self) -> None:
        """Take the chosen preset away."""
        row = self.list.currentRow()
        if row >= 0:
            self._change((*self._presets[:row], *self._presets[row + 1 :]))

    def reset(self) -> None:
        """Take the presets everybody begins with."""
        self._change(CT_DEFAULTS)

    def _show_name(self) -> None:
        row = self.list.currentRow()
        self.name.setText(self._presets[row].name if 0 <= row < len(self._presets) else "")

    def _lay_out(self) -> None:
        inside = column(self, gap=2)
        words = tr("The first nine of a modality have the keys 1 to 9.")
        inside.addWidget(label(words, "quiet", wraps=True))
        inside.addWidget(self.list)
        inside.addWidget(self.name)
        rows = (
            (
                button(tr("Keep this window"), self.add, role="small"),
                button(tr("Rename"), self.rename, role="small"),
            ),
            (
                button(tr("Up"), lambda: self.move_preset(-1), role="small"),
                button(tr("Down"), lambda: self.move_preset(1), role="small"),
            ),
            (
                button(tr("Delete"), self.delete, role="small"),
                button(tr("As they came"), self.reset, role="small"),
            ),
        )
        for row in rows:
            across = line()
            for widget in row:
                across.addWidget(widget, 1)
            inside.addLayout(across)
