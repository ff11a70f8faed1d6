"""Codes of a report document: headings, elements, units and languages.

Source: PS3.16 CID 7000, 7001, 7002, 7003 (headings and elements of diagnostic imaging reports),
UCUM for units, RFC 5646 for languages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from highdicom.sr import CodedConcept
from pydicom.sr.coding import Code

from workstation.core.finding import Fact, Side
from workstation.report.document import Section
from workstation.report.headings import HEADING_CODES, SUMMARY_CODE, TITLE_CODE

OWN_SCHEME = "99PRELIM"
"""Coding scheme of what no public scheme names; declared in each object that uses it."""

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
    section: Code(code.value, "LN", code.meaning) for section, code in HEADING_CODES.items()
}
"""CID 7001."""

ELEMENTS: Mapping[Section, Code] = {
    Section.INDICATION: Code("11329-0", "LN", "History"),
    Section.TECHNIQUE: Code("121065", "DCM", "Procedure Description"),
    Section.COMPARISON: Code("121065", "DCM", "Procedure Description"),
    Section.FINDINGS: Code("121071", "DCM", "Finding"),
    Section.IMPRESSION: Code("121073", "DCM", "Impression"),
    Section.ADDENDUM: Code("121077", "DCM", "Conclusion"),
}
"""CID 7002."""

SUMMARY = Code(SUMMARY_CODE.value, "LN", SUMMARY_CODE.meaning)
"""CID 7001 and 7002: notice, AI share and signatures stand under it."""

BEST_ILLUSTRATION = Code("121080", "DCM", "Best illustration of finding")
"""CID 7003: purpose of an image reference."""

UNITS: Mapping[str, Code] = {
    "mm": Code("mm", "UCUM", "mm"),
    "cm": Code("cm", "UCUM", "cm"),
    "mm2": Code("mm2", "UCUM", "mm2"),
    "mm²": Code("mm2", "UCUM", "mm2"),
    "cm2": Code("cm2", "UCUM", "cm2"),
    "cm²": Code("cm2", "UCUM", "cm2"),
    "mm3": Code("mm3", "UCUM", "mm3"),
    "mm³": Code("mm3", "UCUM", "mm3"),
    "cm3": Code("cm3", "UCUM", "cm3"),
    "cm³": Code("cm3", "UCUM", "cm3"),
    "ml": Code("ml", "UCUM", "ml"),
    "mL": Code("mL", "UCUM", "mL"),
    "l": Code("l", "UCUM", "l"),
    "L": Code("L", "UCUM", "L"),
    "HU": Code("[hnsf'U]", "UCUM", "Hounsfield unit"),
    "%": Code("%", "UCUM", "percent"),
    "deg": Code("deg", "UCUM", "degree"),
    "1": Code("1", "UCUM", "no units"),
    "mg": Code("mg", "UCUM", "mg"),
}
"""UCUM codes by unit as people write it; a fact in another unit is told in words only."""

_SIDE_WORDS = {Side.LEFT: "left", Side.RIGHT: "right", Side.BOTH: "both sides"}


def concept(code: Code) -> CodedConcept:
    """Return a code as highdicom takes it."""
    return CodedConcept(
        value=code.value, scheme_designator=code.scheme_designator, meaning=code.meaning
    )


def language_concept(tag: str) -> CodedConcept:
    """Return the code of a language by its BCP 47 tag."""
    meaning = LANGUAGES.get(tag.split("-", maxsplit=1)[0].lower(), tag)
    return CodedConcept(value=tag[:16], scheme_designator="RFC5646", meaning=meaning)


def quantity_concept(fact: Fact) -> CodedConcept:
    """Return the name of a measured quantity: finding, anatomy and side in words.

    The code value is made from the words, so equal quantities have equal codes everywhere.
    """
    where = " ".join(filter(None, (_SIDE_WORDS.get(fact.side, ""), fact.anatomy)))
    words = fact.finding if where in ("", fact.finding) else f"{fact.finding}, {where}"
    value = "Q" + hashlib.sha256(words.casefold().encode()).hexdigest()[:11].upper()
    return CodedConcept(value=value, scheme_designator=OWN_SCHEME, meaning=words[:64])
