"""Hanging: fifty protocols scored against a study of forty series, before its first slice."""

from __future__ import annotations

from dataclasses import replace

from tests.benchmarks._frames import Measured, p95_ms, row
from tests.support.data import REPOSITORY
from viewers.state.hanging import Attribute, HangingProtocol, SeriesTraits, plain
from viewers.state.hanging_match import Matcher
from workstation.services.hanging_store import HangingStore

BUDGET_MS = 5.0
"""Of the 100 ms to the first image (DESIGN section 6) it may take a twentieth."""

PROTOCOLS, SERIES = 50, 40
NAMES = ("T1 tse", "T2 tse", "FLAIR", "ep2d_diff", "ADC", "T1 mprage post KM", "SWI", "PD fs")


def run() -> Measured:
    """Return the rows ``{name, value, unit, budget, met}`` and the ratios."""
    protocols, study = _protocols(), [_series(key) for key in range(SERIES)]

    def match(_n: int) -> None:
        Matcher(study).matches(protocols)

    return {"rows": [row("hanging.match_50_40_p95", p95_ms(match), BUDGET_MS)], "ratios": {}}


def _protocols() -> list[HangingProtocol]:
    ours = HangingStore(REPOSITORY / "resources" / "hanging_protocols", REPOSITORY / ".none").load()
    found = [
        replace(one, protocol_id=f"{one.protocol_id}-{n}")
        for n in range(3)
        for one in ours.protocols
    ]
    return found[:PROTOCOLS]


def _series(key: int) -> SeriesTraits:
    name = NAMES[key % len(NAMES)]
    texts = {
        Attribute.MODALITY: "mr",
        Attribute.WORDS: plain(name),
        Attribute.ANATOMY: plain(f"brain {name}"),
        Attribute.PLANE: "axial",
        Attribute.COLOR: "no",
    }
    numbers = {Attribute.SLICES: 100.0, Attribute.THICKNESS_MM: 4.0}
    return SeriesTraits(key, name, f"series {key}", texts, numbers)
