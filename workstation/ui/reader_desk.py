"""Who reads: the name that signs, and the recovery key on paper."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from workstation.settings import schema
from workstation.ui.option_desk import OptionDesk
from workstation.ui.recovery_sheet import write_recovery_sheet
from workstation.ui.words import tr


class ReaderDesk(QObject):
    """Keeps the reader's name in the options. Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
    """

    said = Signal(str)

    def __init__(self, options: OptionDesk, window: QWidget) -> None:
        """Make the desk.

        Args:
            options: keep the name.
            window: dialogs stand over it.
        """
        super().__init__(window)
        self._options, self._window = options, window

    def take_identities(self, names: tuple[str, ...]) -> None:
        """Take the only identity of this machine where nobody has said who reads."""
        if not self._options.reader and len(names) == 1:
            self._options.change(schema.READER_NAME, names[0])

    def take_identity(self, name: str, organization: str) -> None:
        """Take the identity that was just made."""
        self._options.change(schema.READER_NAME, name)
        self._options.change(schema.ORGANIZATION, organization)

    def print_key(self, key: str) -> None:
        """Save a page with the recovery key where the reader says."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, tr("Save the recovery key"), "prelim-recovery-key.pdf", "PDF (*.pdf)"
        )
        if name:
            write_recovery_sheet(Path(name), reader=self._options.reader, key=key)
            self.said.emit(tr("The recovery key is saved. Print it, then delete the file."))
