"""A reader's mark with who made it and when, as it is kept between two readings."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.core.measurement import Measurement


@dataclass(frozen=True, slots=True)
class MarkRecord:
    """One kept mark.

    Attributes:
        measurement: the mark.
        made_by: who made it, or changed it last; may be empty. Never logged.
        made_at: when, ISO 8601 with UTC offset.
    """

    measurement: Measurement
    made_by: str
    made_at: str
