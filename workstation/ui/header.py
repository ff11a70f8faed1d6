"""The header: whose images and report these are, the search, who reads, and the lock."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QLineEdit, QSizePolicy

from workstation.core.identity import StudyIdentity
from workstation.ui.theme import step_px
from workstation.ui.widgets import label, line, tool_button
from workstation.ui.words import patient_facts, study_facts, study_name, tr


class Header(QFrame):
    """One line above everything. Owned by the UI thread."""

    def __init__(
        self, *, toggle_page: Callable[[], None], lock: Callable[[], None], me: Callable[[], None]
    ) -> None:
        """Make the header.

        Args:
            toggle_page: goes between studies and images.
            lock: hides everything until the passphrase is given.
            me: opens the signing identity.
        """
        super().__init__()
        self.setProperty("role", "header")
        self.page_button = tool_button(tr("Studies"), toggle_page)
        self.name = label("", "strong")
        self.facts = label("")
        self.facts.setMinimumWidth(0)
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search studies"))
        self.search.setAccessibleName(tr("Search studies by name, ID, accession number or text"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(step_px(60))
        self.user = tool_button("", me)
        self.lock_button = tool_button(tr("Lock"), lock)
        inside = line(self, gap=3)
        inside.setContentsMargins(step_px(2), step_px(1), step_px(2), step_px(1))
        inside.addWidget(self.page_button)
        inside.addWidget(self.name)
        inside.addWidget(self.facts, 1)
        inside.addWidget(self.search)
        inside.addWidget(self.user)
        inside.addWidget(self.lock_button)
        self.setMinimumHeight(step_px(10))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_study(None)
        self.show_user("")

    def show_study(self, study: StudyIdentity | None) -> None:
        """Show whose study is open; None for none."""
        is_nobodys = study is not None and study.is_research
        self.name.setProperty("role", "no-patient" if is_nobodys else "strong")
        self.name.style().unpolish(self.name)
        self.name.style().polish(self.name)
        if study is None:
            self.name.setText(tr("No study open"))
            self.facts.clear()
            return
        self.name.setText(study_name(study))
        words = f"{patient_facts(study.patient)}   {study_facts(study)}"
        self.facts.setText(words.strip())
        self.facts.setToolTip(words.strip())

    def show_user(self, name: str) -> None:
        """Show who reads; empty where nobody has said so."""
        self.user.setText(name or tr("Who are you?"))
        self.user.setAccessibleName(f"{tr('Reader')}: {self.user.text()}")
        self.lock_button.setVisible(bool(name))

    def show_page(self, *, is_worklist: bool, has_study: bool) -> None:
        """Name the page that the button leads to."""
        self.page_button.setText(tr("Images") if is_worklist else tr("Studies"))
        self.page_button.setAccessibleName(self.page_button.text())
        self.page_button.setEnabled(has_study or not is_worklist)
