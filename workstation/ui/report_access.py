"""Whether a study can have a report, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workstation.ui.words import NO_REPORT, tr

if TYPE_CHECKING:  # it brings the DICOM toolkit
    from workstation.services.import_studies import ImportedStudy


def is_research(study: ImportedStudy | None) -> bool:
    """Whether a study names no patient, so that it has no report."""
    return study is not None and study.identity.is_research


def why_no_report(study: ImportedStudy | None) -> str:
    """Return why there is no report to sign or to export, as a sentence."""
    if is_research(study):
        return tr(NO_REPORT)
    return tr("Open a study first: its report can be signed then.")
