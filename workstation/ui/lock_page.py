"""The page that hides everything until the reader's passphrase is given."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from workstation.ui.theme import step_px
from workstation.ui.widgets import button, column, label, line
from workstation.ui.words import tr


class LockPage(QWidget):
    """Asks for the passphrase; shows no patient. Owned by the UI thread."""

    def __init__(self, unlock: Callable[[str], None]) -> None:
        """Make the page.

        Args:
            unlock: tries a passphrase.
        """
        super().__init__()
        self.setProperty("role", "page")
        self._unlock = unlock
        self._title = label("", "title")
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(tr("Passphrase"))
        self.field.setPlaceholderText(tr("Passphrase"))
        self.field.setFixedWidth(step_px(80))
        self.field.returnPressed.connect(self._try)
        self.message = label("")
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside = column(self, margin=6, gap=3)
        inside.addStretch(1)
        inside.addWidget(self._title)
        row = line(gap=2)
        row.addStretch(1)
        row.addWidget(self.field)
        row.addWidget(button(tr("Unlock"), self._try))
        row.addStretch(1)
        inside.addLayout(row)
        inside.addWidget(self.message)
        inside.addStretch(2)

    def lock(self, name: str) -> None:
        """Ask for the passphrase of a reader."""
        self._title.setText(tr("Locked by {0}").format(name))
        self.message.clear()
        self.field.clear()
        self.field.setFocus()

    def show_wrong(self) -> None:
        """Say that the passphrase did not fit."""
        self.message.setText(tr("That passphrase does not fit. Try again."))
        self.field.setFocus()

    def _try(self) -> None:
        secret = self.field.text()
        self.field.clear()
        self.message.setText(tr("Checking…"))
        self._unlock(secret)
