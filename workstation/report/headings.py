"""LOINC codes of the report and its headings, shared by FHIR and HL7; the SR has the title too.

Source: LOINC codes as PS3.16 CID 7000 and CID 7001 list them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from workstation.report.document import Section


class HeadingCode(NamedTuple):
    """A LOINC code and its meaning."""

    value: str
    meaning: str


TITLE_CODE = HeadingCode("18748-4", "Diagnostic Imaging Report")
SUMMARY_CODE = HeadingCode("55112-7", "Summary")
"""Notice, AI share and signatures stand under it."""

HEADING_CODES: Mapping[Section, HeadingCode] = {
    Section.INDICATION: HeadingCode("18785-6", "Indications for Procedure"),
    Section.TECHNIQUE: HeadingCode("55111-9", "Current Procedure Descriptions"),
    Section.COMPARISON: HeadingCode("55114-3", "Prior Procedure Descriptions"),
    Section.FINDINGS: HeadingCode("59776-5", "Findings"),
    Section.IMPRESSION: HeadingCode("19005-8", "Impressions"),
    Section.ADDENDUM: HeadingCode("55107-7", "Addendum"),
}
