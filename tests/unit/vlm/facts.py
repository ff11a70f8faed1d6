"""Facts for the tests of drafting, by the words of the measurement engine."""

from __future__ import annotations

from pathlib import Path

from inference.vlm.grammar import PointKind, parse_grammar
from workstation.core.finding import Evidence, Fact, Region, RegionKind, Side

PACK_FOLDER = Path(__file__).resolve().parents[3] / "resources" / "model_packs" / "draft-embedded"

PACK_NAME = "draft-embedded 1.0.0 0123456789abcdef"


def grammar() -> dict[str, PointKind]:
    """Return the sentence patterns of the embedded pack."""
    return parse_grammar((PACK_FOLDER / "grammar.toml").read_bytes())


def measured(
    finding: str,
    anatomy: str,
    value: float | None,
    unit: str,
    side: Side = Side.NONE,
    *,
    fact_id: str = "f1",
    center_mm: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> Fact:
    """Return a measured quantity."""
    region = Region(RegionKind.MASK, center_mm, (10.0, 10.0, 10.0))
    evidence = (Evidence("1.2.3", ("1.2.3.4",), region),)
    return Fact(fact_id, finding, anatomy, side, value, unit, evidence=evidence)


def detected(
    finding: str,
    anatomy: str,
    side: Side = Side.NONE,
    *,
    fact_id: str = "f9",
    center_mm: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> Fact:
    """Return a finding of the image model."""
    region = Region(RegionKind.BOX, center_mm, (20.0, 20.0, 20.0))
    evidence = (Evidence("1.2.3", ("1.2.3.4",), region),)
    return Fact(
        fact_id,
        finding,
        anatomy,
        side,
        confidence=0.9,
        evidence=evidence,
        origin_pack=PACK_NAME,
        is_present=True,
    )


def lung(value: float, side: Side) -> Fact:
    """Return a lung volume in ml."""
    return measured("lung volume", "lung", value, "ml", side)


def low_area(value: float, side: Side) -> Fact:
    """Return a low-attenuation area in percent."""
    return measured("low-attenuation area below -950 HU", "lung", value, "%", side)


def ventricles(value: float) -> Fact:
    """Return a ventricle volume in ml."""
    return measured("ventricle volume", "cerebral ventricles", value, "ml", fact_id="f2")


def hyperdense(value: float) -> Fact:
    """Return a hyperdense volume in ml; 0 says that there is none."""
    return measured("hyperdense volume", "intracranial space", value, "ml", fact_id="f3")
