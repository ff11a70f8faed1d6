"""Makes probabilities of logits, and thresholds of probabilities, on cases kept back.

Scale and shift are fitted by Newton steps on the log loss (Platt), with the labels softened as
Platt advises, so that a separable handful of cases does not make certainty.

Source: Platt 1999, Probabilistic outputs for support vector machines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from inference.training.findings_batches import Batch
from inference.training.findings_network import FindingNetwork
from inference.training.findings_regions import IGNORE, RegionRecipe

SAY, ASK = 0.8, 0.35
"""Calibrated probabilities from which a finding may be said (if measured too) or is asked."""

MUTE = 1.0
"""Threshold no probability reaches: a head that learned nothing neither says nor asks."""

LEAST_AUC = 0.6
"""Area under the curve, on cases kept back, below which a head is muted: near chance."""

LEAST_KNOWN, MOST_KNOWN = 0.5, 0.7
"""Bounds of the probability from which a cube counts as the region."""

FOREIGN_PASSED = 0.02
"""Share of foreign cubes that may pass; the engine must recognize the region as well."""

RIDGE = 0.05
"""Pull of scale to 1 and shift to 0: a few dozen cases do not fix them alone."""


@dataclass(frozen=True, slots=True)
class HeadCalibration:
    """Scale and shift of one finding and its thresholds."""

    scale: float
    shift: float
    ask: float = ASK
    say: float = SAY


@dataclass(frozen=True, slots=True)
class Calibration:
    """What calibration found: per finding, and from where a cube counts as known."""

    known_from: float
    heads: tuple[HeadCalibration, ...]


def calibrate(network: FindingNetwork, recipe: RegionRecipe, batches: list[Batch]) -> Calibration:
    """Return the calibration of a network from batches it was not trained on."""
    logits, labels, strange = [], [], []
    with torch.no_grad():
        for batch in batches:
            own = batch.known > 0.5
            logits.append(network(batch.cube[own])[1].numpy())
            labels.append(batch.presence[own].numpy())
            strange.append(torch.sigmoid(network(batch.cube[~own])[0]).numpy())
    scores, truth = np.concatenate(logits), np.concatenate(labels)
    heads = []
    for place in range(len(recipe.findings)):
        scored = truth[:, place] != IGNORE
        scale, shift = platt(scores[scored, place], truth[scored, place])
        heads.append(_head(scores[scored, place], truth[scored, place], scale, shift))
    passed = float(np.quantile(np.concatenate(strange), 1 - FOREIGN_PASSED))
    known_from = float(np.clip(passed, LEAST_KNOWN, MOST_KNOWN))
    return Calibration(known_from=round(known_from, 3), heads=tuple(heads))


def _head(
    scores: NDArray[np.float32], truth: NDArray[np.float32], scale: float, shift: float
) -> HeadCalibration:
    """Return the calibration of a head, muted where its scores hardly tell cases apart."""
    if area_under_curve(scores, truth > 0.5) < LEAST_AUC:
        return HeadCalibration(scale, shift, MUTE, MUTE)
    return HeadCalibration(scale, shift)


def area_under_curve(scores: NDArray[np.floating], is_there: NDArray[np.bool_]) -> float:
    """Return the share of pairs that the scores put in the right order; NaN without pairs."""
    positives, negatives = scores[is_there], scores[~is_there]
    if not positives.size or not negatives.size:
        return float("nan")
    above = (positives[:, None] > negatives[None]).mean()
    return float(above + 0.5 * (positives[:, None] == negatives[None]).mean())


def platt(scores: NDArray[np.float32], labels: NDArray[np.float32]) -> tuple[float, float]:
    """Return scale and shift so that sigmoid(scale x score + shift) is the share of positives."""
    positives, negatives = float((labels > 0.5).sum()), float((labels <= 0.5).sum())
    wanted = np.where(labels > 0.5, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    design = np.stack([scores, np.ones_like(scores)], axis=1).astype(np.float64)
    weights, prior = np.array([1.0, 0.0]), np.array([1.0, 0.0])
    for _ in range(50):
        probability = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (probability - wanted) + RIDGE * (weights - prior)
        curve = (design * (probability * (1 - probability) + 1e-6)[:, None]).T @ design
        step = np.linalg.solve(curve + RIDGE * np.eye(2), gradient)
        weights = weights - np.clip(step, -1, 1)
        if float(np.abs(step).max()) < 1e-6:
            break
    return max(float(weights[0]), 0.05), float(weights[1])
