"""What the report panel may ask for; the controller behind it does it."""

from __future__ import annotations

from typing import Protocol

from workstation.core.finding import Evidence
from workstation.report.document import Answer, Section


class ReportActs(Protocol):
    """The wishes of the report panel. UI thread."""

    def show_evidence(self, statement_id: str) -> None:
        """Bring the evidence of a statement on screen."""
        ...

    def accept(self, statement_id: str) -> None:
        """Take a statement over."""
        ...

    def edit(self, statement_id: str, text: str) -> None:
        """Change the words of a statement."""
        ...

    def end_edit(self) -> None:
        """Typing has ended: further typing is a step of its own."""
        ...

    def reject(self, statement_id: str) -> None:
        """Refuse a statement."""
        ...

    def reopen(self, statement_id: str) -> None:
        """Take a decision back."""
        ...

    def add(self, section: Section, text: str, statement_id: str) -> None:
        """Add a sentence of the reader's own, with a fresh id."""
        ...

    def answer(self, statement_id: str, answer: Answer | None) -> None:
        """Answer a question."""
        ...

    def place_of(self, evidence: Evidence) -> str:
        """Return where a piece of evidence is, as people say it ("slice 87")."""
        ...

    def check(self) -> None:
        """Check the report now."""
        ...

    def sign(self) -> None:
        """Open the sign panel."""
        ...

    def draft(self) -> None:
        """Ask for a draft."""
        ...

    def measure(self) -> None:
        """Ask for measurements."""
        ...
