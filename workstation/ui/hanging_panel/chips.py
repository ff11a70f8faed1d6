"""Words as small buttons that go when they are pressed, and a line that takes more of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QToolButton, QWidget

from workstation.ui.theme import step_px
from workstation.ui.widgets import clear, column
from workstation.ui.words import tr

PER_ROW = 3
"""Words beside each other: three of ten letters fit the panel of the small screen."""


class WordChips(QWidget):
    """Words that can be taken away and added. Owned by the UI thread."""

    def __init__(self, name: str, changed: Callable[[tuple[str, ...]], None]) -> None:
        """Make it without words.

        Args:
            name: what the words are, for screen readers.
            changed: takes the words after each change of the reader.
        """
        super().__init__()
        self._name, self._changed = name, changed
        self._words: tuple[str, ...] = ()
        self._chips = QGridLayout()
        self._chips.setSpacing(step_px(1))
        self._chips.setContentsMargins(0, 0, 0, 0)
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("Add a word, then Enter"))
        self.line.setAccessibleName(tr("Add a word to: {0}").format(name))
        self.line.returnPressed.connect(self._add)
        inside = column(self, gap=1)
        inside.addLayout(self._chips)
        inside.addWidget(self.line)
        self.setAccessibleName(name)

    @property
    def words(self) -> tuple[str, ...]:
        """The words."""
        return self._words

    def show_words(self, words: tuple[str, ...]) -> None:
        """Show other words."""
        self._words = words
        clear(self._chips)
        for number, word in enumerate(words):
            chip = _Chip(word, partial(self._remove, word))
            self._chips.addWidget(chip, number // PER_ROW, number % PER_ROW)
        self._chips.setColumnStretch(PER_ROW, 1)

    def _remove(self, word: str) -> None:
        self.show_words(tuple(one for one in self._words if one != word))
        self.line.setFocus()
        self._changed(self._words)

    def _add(self) -> None:
        added = tuple(part.strip() for part in self.line.text().split(",") if part.strip())
        self.line.clear()
        fresh = tuple(word for word in added if word not in self._words)
        if fresh:
            self.show_words((*self._words, *fresh))
            self._changed(self._words)


class _Chip(QToolButton):
    """One word; pressing it, or Del on it, takes it away."""

    def __init__(self, word: str, remove: Callable[[], None]) -> None:
        super().__init__()
        self._remove = remove
        self.setText(f"{word}  ×")
        self.setProperty("role", "flat")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Take away: {0}").format(word))
        self.setToolTip(tr("Take this word away (Del)"))
        self.clicked.connect(lambda _checked=False: remove())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the word away with Del or Backspace."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._remove()
        else:
            super().keyPressEvent(event)
