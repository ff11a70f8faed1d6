"""The Priors tab: what was signed about this patient before, to read beside the new report."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from workstation.report.document import Section
from workstation.services.find_priors import Prior
from workstation.ui.widgets import clear, column, empty_notice, label, rule, scrolled
from workstation.ui.words import date_text, tr


class PriorsTab(QWidget):
    """Earlier signed reports of the patient. Owned by the UI thread."""

    def __init__(self) -> None:
        super().__init__()
        content = QWidget()
        self._inside = column(content, margin=3, gap=2)
        column(self).addWidget(scrolled(content))
        self.show_priors(())

    def show_priors(self, priors: Sequence[Prior]) -> None:
        """Show reports, newest first."""
        clear(self._inside)
        if not priors:
            words = tr(
                "Earlier reports of this patient that were signed on this machine stand here, "
                "newest first. They are found by the patient's ID."
            )
            self._inside.addWidget(empty_notice(tr("No prior reports"), words))
        for prior in priors:
            self._add(prior)
        self._inside.addStretch(1)

    def _add(self, prior: Prior) -> None:
        study = prior.study
        title = "  ".join(part for part in (date_text(study.study_date), study.description) if part)
        self._inside.addWidget(label(title or tr("Study without a date"), "strong", wraps=True))
        signature = prior.document.signatures[-1]
        signed = f"{signature.meaning.value}, {signature.signer}, {signature.signed_at[:10]}"
        self._inside.addWidget(label(signed, "quiet", wraps=True))
        for doubt in (prior.why_not, *prior.doubts):
            if doubt:
                self._inside.addWidget(label(tr(doubt), "doubt", wraps=True))
        if prior.why_not:
            self._inside.addWidget(rule())
            return
        for section in (Section.IMPRESSION, Section.FINDINGS, Section.ADDENDUM):
            said = [s.text for s in prior.document.in_section(section) if s.is_in_report]
            if said:
                self._inside.addWidget(label(tr(section.title), "heading"))
            for words in said:
                self._inside.addWidget(label(words, wraps=True))
        self._inside.addWidget(rule())
