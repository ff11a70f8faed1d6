"""Request and result of running a pack's golden case on this machine."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.core.provenance import PackRef


@dataclass(frozen=True, slots=True)
class GoldenRequest:
    """Run the golden case of one pack; no voxels travel beside it."""

    pack_id: str


@dataclass(frozen=True, slots=True)
class GoldenResult:
    """What the golden case gave.

    Attributes:
        pack: the pack.
        has_passed: the difference is within the tolerance.
        largest_difference: max |result - expected|, in the unit of the case.
        tolerance: what the manifest allows.
        seconds: time of the run, model loading included.
        provider: execution provider that ran it.
    """

    pack: PackRef
    has_passed: bool
    largest_difference: float
    tolerance: float
    seconds: float
    provider: str
