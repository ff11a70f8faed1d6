"""The name each synthetic patient carries; it must never be seen outside a screen or a document."""

from __future__ import annotations

CANARY = "Zyxcanary^Quorra"
CANARY_ID = "ZYXID-77031"
"""Patient's Name and Patient ID of synthetic patients; tests/conftest.py hunts for both."""

FAMILY = CANARY.split("^", maxsplit=1)[0]
"""The part that is searched for, whatever the case."""
