"""The character set in which an object of ours is written. Source: PS3.3 C.12.1.1.2."""

from __future__ import annotations

from pydicom import Dataset

LATIN, UNICODE = "ISO_IR 100", "ISO_IR 192"

_TEXTS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
"""Value representations whose texts depend on the character set; PS3.5 6.1.2.3."""


def character_set(dataset: Dataset) -> str:
    """Return Latin-1 where it holds every text, which old displays read, too; else Unicode."""
    for element in dataset.iterall():
        if element.VR in _TEXTS:
            try:
                str(element.value).encode("latin-1")
            except UnicodeEncodeError:
                return UNICODE
    return LATIN
