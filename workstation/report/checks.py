"""The offline checker."""

from workstation.report.check_finding import CheckFinding
from workstation.report.document import ReportDocument


def check(document: ReportDocument) -> tuple[CheckFinding, ...]:
    """Return findings."""
    return ()
