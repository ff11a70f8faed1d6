"""The export panel: which copies of the report, into which folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QWidget

from workstation.report.document import ReportDocument
from workstation.ui.widgets import button, column, label, line, scrolled
from workstation.ui.words import tr

FORMS = (
    ("sr", "DICOM structured report, for a PACS"),
    ("pdf", "PDF, for paper and mail"),
    ("fhir", "FHIR bundle, for a records system"),
    ("hl7", "HL7 message, for an interface engine"),
    ("txt", "Plain text"),
    ("json", "Prelim's own file, with its history"),
)
"""Forms of the contract, with their name and what they are for; short: 360 pixels hold them."""


class ExportPanel(QWidget):
    """Forms and folder. Owned by the UI thread."""

    def __init__(
        self, export: Callable[[tuple[str, ...], Path], None], *, folder: str = ""
    ) -> None:
        """Make the panel.

        Args:
            export: writes copies of the forms into a folder.
            folder: proposed folder; may be empty.
        """
        super().__init__()
        self._export = export
        self.notice = label("", wraps=True)
        self.boxes: dict[str, QCheckBox] = {}
        self.folder = QLineEdit(folder)
        self.folder.setAccessibleName(tr("Folder"))
        self.folder.textChanged.connect(self._update)
        self.go = button(tr("Export"), self._go, role="primary")
        self.message = label("", wraps=True)
        self._has_report = False
        self._lay_out()
        self.show_report(None)

    def show_report(self, document: ReportDocument | None) -> None:
        """Say what the copies will be: signed, or marked as not signed."""
        self._has_report = document is not None
        if document is None:
            self.notice.setText(tr("Open a study first: its report can be exported here."))
        elif document.is_signed:
            self.notice.setText(tr("This report is signed. The copies say by whom and when."))
        else:
            self.notice.setText(
                tr("This report is not signed. Each copy says PRELIMINARY - NOT SIGNED.")
            )
        self.message.clear()
        self._update()

    def show_result(self, sentence: str) -> None:
        """Show what was written, or why it was not."""
        self.message.setText(sentence)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Forms that are ticked."""
        return tuple(form for form, box in self.boxes.items() if box.isChecked())

    def _lay_out(self) -> None:
        content = QWidget()
        inside = column(content, margin=3, gap=2)
        inside.addWidget(self.notice)
        for form, name in FORMS:
            box = QCheckBox(tr(name))
            box.setChecked(form in ("sr", "pdf"))
            box.toggled.connect(self._update)
            inside.addWidget(box)
            self.boxes[form] = box
        inside.addWidget(label(tr("Folder"), "heading"))
        where = line(gap=1)
        where.addWidget(self.folder, 1)
        where.addWidget(button(tr("Choose…"), self._choose))
        inside.addLayout(where)
        inside.addWidget(self.go)
        inside.addWidget(self.message)
        inside.addStretch(1)
        column(self).addWidget(scrolled(content))

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Folder for the copies"))
        if folder:
            self.folder.setText(folder)

    def _update(self) -> None:
        is_ready = self._has_report and bool(self.chosen) and bool(self.folder.text().strip())
        self.go.setEnabled(is_ready)

    def _go(self) -> None:
        self.message.setText(tr("Writing…"))
        self._export(self.chosen, Path(self.folder.text().strip()).expanduser())
