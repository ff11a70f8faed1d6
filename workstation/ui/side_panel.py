"""The frame around a panel at the right: a title, and a way back to the report."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QWidget

from workstation.ui.theme import step_px
from workstation.ui.widgets import column, label, line, rule, tool_button
from workstation.ui.words import tr


class SidePanel(QFrame):
    """A titled panel. Owned by the UI thread."""

    def __init__(self, title: str, content: QWidget, close: Callable[[], None]) -> None:
        """Put a panel into its frame.

        Args:
            title: words above it.
            content: the panel.
            close: goes back to what was shown before.
        """
        super().__init__()
        self.setProperty("role", "panel")
        self.setAccessibleName(title)
        self.content = content
        whole = column(self, gap=0)
        top = line(gap=2)
        top.setContentsMargins(step_px(3), step_px(2), step_px(2), step_px(1))
        top.addWidget(label(title, "strong"), 1)
        self.back = tool_button(tr("Close"), close)
        self.back.setToolTip(tr("Close (Esc)"))
        top.addWidget(self.back)
        whole.addLayout(top)
        whole.addWidget(rule())
        whole.addWidget(content, 1)
