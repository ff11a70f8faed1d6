"""The key help, made from the commands, and the five hints of the first minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from workstation.ui.theme import step_px
from workstation.ui.widgets import button, clear, column, label, line, scrolled
from workstation.ui.words import tr

HINTS = (
    "Scroll with the wheel. Drag with the right button to change the window; 1 to 9 are presets.",
    "Press E for less noise. Hold H to see the original. The amber band says what is shown.",
    "Press Ctrl+D for a draft. Tab goes to the report, Up and Down walk through it.",
    "Enter shows the evidence of a sentence. After that A accepts, E edits, Backspace rejects.",
    "When nothing is open, Sign shows the pages that will leave, and asks for your passphrase.",
)
"""The five hints, in the order of the work."""


FINGERS = (
    ("One finger", "The chosen tool"),
    ("Two fingers together or apart", "Zoom"),
    ("Two fingers down or up", "Scroll"),
    ("Two fingers across", "Move the picture"),
    ("Three fingers", "Window"),
    ("A finger that rests", "Value"),
)
"""What fingers do to the images."""

KEYS_STEPS = 30
"""Width of the keys in steps: "Ctrl+Shift+Right" fits."""


class HelpPanel(QWidget):
    """Every key of the window. Owned by the UI thread."""

    def __init__(self) -> None:
        super().__init__()
        self._content = QWidget()
        self._inside = column(self._content, margin=3, gap=1)
        column(self).addWidget(scrolled(self._content))

    def show_keys(
        self, rows: Sequence[tuple[str, str, str]], mouse: Sequence[tuple[str, str]]
    ) -> None:
        """Show keys and mouse, in the place of those before.

        Args:
            rows: (where, command, keys).
            mouse: (act of the hand, what it does).
        """
        clear(self._inside)
        groups: dict[str, list[tuple[str, str]]] = {}
        for where, command, keys in rows:
            groups.setdefault(where, []).append((command, keys))
        for where, entries in groups.items():
            self._add_table(where, entries)
        self._add_table(tr("Mouse"), mouse)
        fingers = [(tr(act), tr(meaning)) for act, meaning in FINGERS]
        self._add_table(tr("Touch"), fingers)
        self._inside.addStretch(1)

    def _add_table(self, title: str, entries: Sequence[tuple[str, str]]) -> None:
        self._inside.addWidget(label(title, "heading"))
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, step_px(2))
        grid.setVerticalSpacing(step_px(0.5))
        grid.setColumnStretch(0, 1)
        grid.setColumnMinimumWidth(1, step_px(KEYS_STEPS))  # the keys of all tables stand in line
        for number, (words, keys) in enumerate(entries):
            grid.addWidget(label(words, wraps=True), number, 0)
            grid.addWidget(label(keys, "quiet"), number, 1)
        self._inside.addWidget(table)


class HintBar(QFrame):
    """One of five hints above the images of the demo study. Owned by the UI thread."""

    def __init__(self, turn_off: Callable[[], None]) -> None:
        """Make the bar at its first hint.

        Args:
            turn_off: turns hints off for good.
        """
        super().__init__()
        self.setProperty("role", "hint")
        self._place = 0
        self.words = label("", wraps=True)
        self._next = button(tr("Next"), self._go_on, role="small")
        inside = line(self, gap=2)
        inside.setContentsMargins(step_px(3), step_px(1), step_px(2), step_px(1))
        inside.addWidget(self.words, 1)
        inside.addWidget(self._next)
        inside.addWidget(button(tr("No more hints"), turn_off, role="small"))
        self._show()

    def _go_on(self) -> None:
        self._place = (self._place + 1) % len(HINTS)
        self._show()

    def _show(self) -> None:
        self.words.setText(f"{self._place + 1} / {len(HINTS)}   {tr(HINTS[self._place])}")
        is_last = self._place == len(HINTS) - 1
        self._next.setText(tr("From the start") if is_last else tr("Next"))
