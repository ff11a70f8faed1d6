"""Codes of a report document: headings, elements and languages.

Source: PS3.16 CID 7000, 7001, 7002, 7003 (headings and elements of diagnostic imaging reports),
RFC 5646 for languages.
"""

from __future__ import annotations

from collections.abc import Mapping

from highdicom.sr import CodedConcept
from pydicom.sr.coding import Code

from workstation.report.document import Section
from workstation.report.headings import TITLE_CODE

TITLE = Code(TITLE_CODE.value, "LN", TITLE_CODE.meaning)
LANGUAGES: Mapping[str, str] = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "it": "Italian",
    "pt": "Portuguese",
}
"""Meanings of language tags; another tag is its own meaning."""

HEADINGS: Mapping[Section, Code] = {
    Section.INDICATION: Code("121109", "DCM", "Indications for Procedure"),
    Section.TECHNIQUE: Code("121064", "DCM", "Current Procedure Descriptions"),
    Section.COMPARISON: Code("121066", "DCM", "Prior Procedure Descriptions"),
    Section.FINDINGS: Code("121070", "DCM", "Findings"),
    Section.IMPRESSION: Code("121072", "DCM", "Impressions"),
    Section.ADDENDUM: Code("121078", "DCM", "Addendum"),
}
"""CID 7001 in its DCM codes: archives and validators of the last twenty years know them, and the
group is extensible, so that they stay lawful where newer editions list LOINC codes."""

ELEMENTS: Mapping[Section, Code] = {
    Section.INDICATION: Code("121060", "DCM", "History"),
    Section.TECHNIQUE: Code("121065", "DCM", "Procedure Description"),
    Section.COMPARISON: Code("121065", "DCM", "Procedure Description"),
    Section.FINDINGS: Code("121071", "DCM", "Finding"),
    Section.IMPRESSION: Code("121073", "DCM", "Impression"),
    Section.ADDENDUM: Code("121077", "DCM", "Conclusion"),
}
"""CID 7002."""

SUMMARY = Code("121111", "DCM", "Summary")
"""CID 7001 and 7002: notice, AI share and signatures stand under it."""

BEST_ILLUSTRATION = Code("121080", "DCM", "Best illustration of finding")
"""CID 7003: purpose of an image reference."""


def concept(code: Code) -> CodedConcept:
    """Return a code as highdicom takes it."""
    return CodedConcept(
        value=code.value, scheme_designator=code.scheme_designator, meaning=code.meaning
    )


def language_concept(tag: str) -> CodedConcept:
    """Return the code of a language by its BCP 47 tag."""
    meaning = LANGUAGES.get(tag.split("-", maxsplit=1)[0].lower(), tag)
    return CodedConcept(value=tag[:16], scheme_designator="RFC5646", meaning=meaning)
