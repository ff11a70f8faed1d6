"""Paper: its formats, and where on it a printed report may be signed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class PageFormat(Enum):
    """Paper sizes a report is printed on."""

    A4 = "A4"
    LETTER = "US Letter"


@dataclass(frozen=True, slots=True)
class SignatureBox:
    """Where the signature block stands, in PDF points from the lower left corner of its page.

    Attributes:
        page: counted from 0.
        left_pt, bottom_pt, right_pt, top_pt: the rectangle.
    """

    page: int
    left_pt: float
    bottom_pt: float
    right_pt: float
    top_pt: float


@dataclass(frozen=True, slots=True)
class PrintedReport:
    """What a printer made.

    Attributes:
        pages: how many.
        signature_box: of a report that is signed; else None.
    """

    pages: int
    signature_box: SignatureBox | None
