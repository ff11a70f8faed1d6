"""Scores of the finding networks and of whole drafts on phantoms with unseen parameters.

Run as ``python -m inference.training.findings_evaluation CASES TRAINED --out figures.json``. The
networks are scored on cubes (F1, side accuracy, calibration, what they take for their region)
beside two baselines: saying that nothing is there, and saying the most frequent findings.
"""

from __future__ import annotations

import argparse
import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from inference.training.findings_batches import as_sampled
from inference.training.findings_cache import kept_seeds, read_case
from inference.training.findings_calibration import area_under_curve
from inference.training.findings_cases import Case
from inference.training.findings_negatives import (
    FOREIGN_KINDS,
    SPOILS,
    as_signal,
    foreign,
    spoiled,
)
from inference.training.findings_recipes import RECIPES
from inference.training.findings_regions import IGNORE, RegionRecipe
from inference.vlm.heads import network_input
from inference.vlm.image import Cube, Sampled

log = logging.getLogger(__name__)

BINS = 10
"""Bins of the expected calibration error."""

FOREIGN_PER_KIND = 6
"""Foreign cubes drawn per kind for the test."""

FOREIGN_SEED = 4242


@dataclass(frozen=True, slots=True)
class FindingScore:
    """Scores of one finding at its threshold for asking.

    Attributes:
        finding: which.
        cases, positives: scored cases, and those that have it.
        f1, precision, recall: of asking or saying.
        f1_always: of saying it always where it is frequent, else never (most frequent report).
        side_accuracy: among found ones on one side only; NaN where there is no side.
        ece: expected calibration error.
        auc: area under the receiver operating curve.
    """

    finding: str
    cases: int
    positives: int
    f1: float
    precision: float
    recall: float
    f1_always: float
    side_accuracy: float
    ece: float
    auc: float


def evaluate(recipe: RegionRecipe, cases: list[Case], trained: Path) -> dict[str, Any]:
    """Return the scores of one network on test cases and foreign cubes."""
    path = trained / f"{recipe.name}.onnx"
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    calibration = json.loads((trained / f"{recipe.name}.json").read_text(encoding="utf-8"))
    known, presence, sides = _run(session, recipe, [as_sampled(case, recipe) for case in cases])
    scores = []
    for place, (finding, head) in enumerate(
        zip(recipe.findings, calibration["heads"], strict=True)
    ):
        scored = np.array([case.presence[place] != IGNORE for case in cases])
        if not scored.any():
            continue
        truth = np.array([case.presence[place] for case in cases])[scored]
        logits = head["scale"] * presence[scored, place] + head["shift"]
        side_truth = np.array([case.sides[place] for case in cases])[scored]
        side = _side_accuracy(sides[scored, place], side_truth) if finding.has_side else np.nan
        scores.append(_score(finding.finding, _sigmoid(logits), truth, head["ask"], side))
    strange = _run(session, recipe, _foreign_cubes(recipe, cases))[0]
    limit = calibration["known_from"]
    return {
        "region": recipe.region,
        "own_known": float((_sigmoid(known[:, 0]) >= limit).mean()),
        "foreign_known": float((_sigmoid(strange[:, 0]) >= limit).mean()),
        "findings": [asdict(score) for score in scores],
    }


def _run(
    session: onnxruntime.InferenceSession, recipe: RegionRecipe, seen: list[Sampled]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    results = []
    for sampled in seen:
        cube = network_input(sampled, recipe.channels, is_ct=recipe.modality == "CT")
        results.append([np.asarray(r)[0] for r in session.run(None, {"cube": cube})[:3]])
    known, presence, sides = (np.stack(part) for part in zip(*results, strict=True))
    return known, presence, sides


def _foreign_cubes(recipe: RegionRecipe, cases: list[Case]) -> list[Sampled]:
    rng = np.random.default_rng(FOREIGN_SEED)
    means = []
    for kind in FOREIGN_KINDS:
        for _ in range(FOREIGN_PER_KIND):
            mean = foreign(kind, recipe.shape_zyx, rng)
            means.append(as_signal(mean, rng) if recipe.modality == "MR" else mean)
    for kind in SPOILS:
        for _ in range(FOREIGN_PER_KIND):
            case = cases[int(rng.integers(len(cases)))]
            means.append(spoiled(case.mean.astype(np.float32), kind, rng))
    cube = Cube(recipe.shape_zyx, recipe.spacing_mm, (0.0, 0.0, 0.0))
    return [Sampled(cube, m, m, np.ones(m.shape, dtype=np.bool_)) for m in means]


def _score(
    finding: str,
    probability: NDArray[np.float64],
    truth: NDArray[np.int8],
    ask: float,
    side_accuracy: float,
) -> FindingScore:
    found, is_there = probability >= ask, truth == 1
    hits = float((found & is_there).sum())
    precision, recall = hits / max(found.sum(), 1), hits / max(is_there.sum(), 1)
    share = float(is_there.mean())
    return FindingScore(
        finding=finding,
        cases=int(truth.size),
        positives=int(is_there.sum()),
        f1=2 * precision * recall / max(precision + recall, 1e-9),
        precision=precision,
        recall=recall,
        f1_always=2 * share / (1 + share) if share > 0.5 else 0.0,
        side_accuracy=float(side_accuracy),
        ece=_ece(probability, is_there),
        auc=area_under_curve(probability, is_there),
    )


def _side_accuracy(sides: NDArray[np.float32], truth: NDArray[np.int8]) -> float:
    one_sided = (truth == 1).sum(axis=1) == 1
    one_sided &= (truth == 0).sum(axis=1) == 1
    if not one_sided.any():
        return float("nan")
    return float((sides[one_sided].argmax(axis=1) == truth[one_sided].argmax(axis=1)).mean())


def _ece(probability: NDArray[np.float64], is_there: NDArray[np.bool_]) -> float:
    place = np.minimum((probability * BINS).astype(int), BINS - 1)
    total = 0.0
    for number in range(BINS):
        inside = place == number
        if inside.any():
            gap = abs(float(probability[inside].mean()) - float(is_there[inside].mean()))
            total += gap * float(inside.mean())
    return total


def _sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-np.clip(logits.astype(np.float64), -60, 60)))


def main() -> None:
    """Evaluate from the command line."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument("trained", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    figures = {}
    for name, recipe in RECIPES.items():
        if (arguments.trained / f"{name}.json").exists():
            files = kept_seeds(arguments.cases, name, is_unseen=True)
            cases = [read_case(file) for file in files]
            figures[name] = evaluate(recipe, cases, arguments.trained)
            log.info("%s", json.dumps(figures[name], indent=1))
    arguments.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
