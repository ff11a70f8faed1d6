"""Measure a volume: recognize what it shows, then measure what that region allows.

Needs no weights: numpy and SimpleITK only. Runs in the model worker; nothing here knows a
patient. All quantities come from original voxels, or from their block means (working_grid)
where averaging does not change the figure.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from inference.measure.abdomen_ct import abdomen_facts
from inference.measure.brain_mr import brain_fact
from inference.measure.chest_ct import chest_facts
from inference.measure.head_ct import head_facts
from inference.measure.noise import soft_tissue_noise_hu
from inference.measure.region import Recognition, recognize_ct, recognize_mr, unsuitable
from inference.measure.scene import Scene
from inference.measure.vocabulary import UNKNOWN
from inference.measure.working_grid import working_grid
from inference.tasks.measure import MeasureRequest, MeasureResult
from workstation.core.finding import Fact
from workstation.core.job import CancelToken

Progress = Callable[[float], None]


def measure(
    voxels: NDArray[Any],
    request: MeasureRequest,
    *,
    cancel: CancelToken | None = None,
    on_progress: Progress | None = None,
) -> MeasureResult:
    """Return what can be measured in a volume, and what cannot with the reason.

    Args:
        voxels: ``[k, j, i]`` original voxels in the unit of ``request.intensity``.
        request: geometry, unit and identity for the evidence.
        cancel: asked between steps.
        on_progress: called with the done part, 0..1, between steps.

    Raises:
        CancelledError: the token was set.
    """
    started = time.perf_counter()
    steps = _Steps(cancel or CancelToken(), on_progress or (lambda _: None))
    steps.reached(0.0)
    reason = unsuitable(voxels, request)
    if reason:
        return MeasureResult(UNKNOWN, reason, (), time.perf_counter() - started)
    recognition, facts = _measured(voxels, request, steps)
    numbered = tuple(
        replace(fact, fact_id=f"f{number}") for number, fact in enumerate(facts, start=1)
    )
    steps.reached(1.0)
    seconds = time.perf_counter() - started
    return MeasureResult(recognition.region, recognition.reason, numbered, seconds)


class _Steps:
    """Tells how far it got and stops where asked. Owned by the thread that measures."""

    def __init__(self, cancel: CancelToken, on_progress: Progress) -> None:
        self._cancel = cancel
        self._on_progress = on_progress

    def reached(self, fraction: float) -> None:
        """Raise CancelledError if asked to stop, else report."""
        self._cancel.raise_if_cancelled()
        self._on_progress(fraction)


def _measured(
    voxels: NDArray[Any], request: MeasureRequest, steps: _Steps
) -> tuple[Recognition, list[Fact]]:
    is_hu = request.modality == "CT"
    grid = working_grid(voxels, request.geometry, padding=request.intensity.outside, is_hu=is_hu)
    steps.reached(0.2)
    recognition = recognize_ct(grid) if is_hu else recognize_mr(grid, request)
    steps.reached(0.6)
    return recognition, _facts(Scene(voxels, request, grid), recognition)


def _facts(scene: Scene, seen: Recognition) -> list[Fact]:
    if seen.brain is not None:
        return [brain_fact(scene, seen.brain)]
    if seen.spine is not None:
        return abdomen_facts(scene, seen.spine)
    noise_hu = soft_tissue_noise_hu(scene.voxels)
    if seen.lungs is not None and seen.body is not None:
        return chest_facts(scene, seen.lungs, seen.body, noise_hu=noise_hu)
    if seen.cranium is not None:
        return head_facts(scene, seen.cranium, noise_hu=noise_hu)
    return []
