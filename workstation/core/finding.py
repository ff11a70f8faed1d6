"""What was found or measured, with the evidence for it: the facts of DESIGN section 4."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Side(Enum):
    """Side of the patient a finding is on."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    MIDLINE = "midline"
    NONE = ""


class RegionKind(Enum):
    """How a region is marked in the image."""

    MASK = "mask"
    BOX = "box"
    POINT = "point"
    SLICE = "slice"


@dataclass(frozen=True, slots=True)
class Region:
    """A place in the patient, LPS millimetres: its centre and full extent along x, y, z."""

    kind: RegionKind
    center_mm: tuple[float, float, float]
    size_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Pixels that support a fact: the slices, most telling first, and the region in them."""

    series_uid: str
    instance_uids: tuple[str, ...]
    region: Region


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing measured or detected; a negative is a Fact with value 0 or None and assessed.

    Attributes:
        fact_id: unique within one draft, e.g. ``f3``.
        finding: what, in the vocabulary of ``resources/codes`` (e.g. ``lung volume``).
        anatomy: where (e.g. ``lung``); side apart.
        side: side of the patient.
        value: the quantity; None for a presence.
        unit: UCUM unit as people write it (``ml``, ``HU``, ``mm``, ``%``); "" without a value.
        confidence: 0..1; 1 for a plain measurement whose validity conditions hold.
        is_assessed: False where it could not be measured; then ``reason`` says why.
        reason: the clause of "not assessed", or the limit of validity of a value.
        evidence: where it can be seen.
        origin_pack: digest-bearing name of the pack whose head found it; "" if measured.
        is_present: True/False for a presence claim; None for a plain quantity.
        uncertainty: one standard deviation of the value, in its unit; None if not known.
    """

    fact_id: str
    finding: str
    anatomy: str
    side: Side = Side.NONE
    value: float | None = None
    unit: str = ""
    confidence: float = 1.0
    is_assessed: bool = True
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    origin_pack: str = ""
    is_present: bool | None = None
    uncertainty: float | None = None
