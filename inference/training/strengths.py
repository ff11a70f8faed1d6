"""Choose the strength a denoising pack is shown at: on noise that its card does not report.

    python -m inference.training.strengths --packs resources/model_packs --pack mr-denoise

Prints, for each strength, which gates are failed and what is left of the error in detail. The one
to take is that with the least error among those that pass. ``prelim models test`` measures the
gates on other draws, so that the choice cannot flatter them.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import dataclass
from pathlib import Path

from inference.engine.sessions import SessionCache
from inference.gates.draws import Draws, draw
from inference.gates.measure import COUNT, SEED, gates, model_of
from inference.packs.store import load_pack
from inference.tasks.gates import GateFigure

LOG = logging.getLogger(__name__)

CHOOSING_SEED = SEED + 1
"""Seed of the draws a strength is chosen on; never that of the gates."""

STRENGTHS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 1.0)

SPARED = 0.03
"""Part of each limit that has to be spared: other draws differ by about that."""

BOUND = "largest change in noise deviations"
DETAIL = "error in detail over the input's"


@dataclass(frozen=True, slots=True)
class StrengthTried:
    """What the gates say at one strength.

    Attributes:
        strength: 0..1.
        failed: gates that fail, or pass by less than SPARED of their limit.
        error_in_detail: over that of the input.
    """

    strength: float
    failed: tuple[str, ...]
    error_in_detail: float


def tried(draws: Draws, modality: str, bound: float) -> list[StrengthTried]:
    """Return what the gates say at every strength."""
    return [tried_at(draws, modality, bound, strength) for strength in STRENGTHS]


def tried_at(draws: Draws, modality: str, bound: float, strength: float) -> StrengthTried:
    """Return what the gates say at one strength."""
    judged = gates(draws, modality, strength, bound)
    short = [gate.name for gate in judged if not gate.has_passed or _is_close(gate)]
    error = next(gate.value for gate in judged if gate.name == DETAIL)
    return StrengthTried(strength, tuple(short), error)


def best(found: list[StrengthTried]) -> StrengthTried | None:
    """Return the strength with the least error in detail that passes; None if none does."""
    passed = [one for one in found if not one.failed]
    return min(passed, key=lambda one: one.error_in_detail) if passed else None


def _is_close(gate: GateFigure) -> bool:
    """Whether a figure is nearer to a limit than is safe; the bound holds by itself."""
    if gate.name == BOUND:
        return False
    # A limit of one without a unit means: no worse than before. There no spare is asked for.
    ends = [end for end in (gate.low, gate.high) if end is not None and (gate.unit or end != 1)]
    return any(abs(gate.value - end) < SPARED * abs(end) for end in ends)


def main() -> None:
    """Print the strengths of a pack."""
    parser = argparse.ArgumentParser(description="Choose the strength of a denoiser.")
    parser.add_argument("--packs", type=Path, required=True)
    parser.add_argument("--pack", required=True)
    parser.add_argument("--count", type=int, default=COUNT)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    pack = load_pack(asked.packs / asked.pack)
    manifest = pack.manifest
    modality = "CT" if "CT" in manifest.modalities else "MR"
    draws = draw(
        model_of(pack, SessionCache().get(pack)),
        modality=modality,
        neighbours=manifest.input.neighbours,
        count=asked.count,
        seed=CHOOSING_SEED,
    )
    found = tried(draws, modality, manifest.output.bound_sigmas)
    for one in found:
        LOG.info("%.2f error in detail %.3f %s", one.strength, one.error_in_detail, one.failed)
    LOG.info("best %s", best(found))


if __name__ == "__main__":
    main()
