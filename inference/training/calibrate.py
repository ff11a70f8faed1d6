"""The process that calibrates a denoising pack to the scanner of one series.

    python -m inference.training.calibrate

It reads an order and voxels from standard input (``inference.tasks.calibrate``) and answers in
lines of JSON: ``progress``, then one of ``done``, ``refused`` and ``stopped``. Standard input stays
open; when it is closed, the process removes what it wrote and ends. It sees no name, no date and no
UID. Needs the extra ``vlm``.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import torch
from numpy.typing import NDArray

from inference.engine.noise import estimate_sigma
from inference.engine.noise_profile import estimate_profile
from inference.engine.sessions import SessionCache
from inference.gates.draws import draw
from inference.gates.measure import COUNT, gates, model_of
from inference.ops.steps import bind
from inference.packs.manifest import FileRole
from inference.packs.store import Pack, load_pack, read_verified
from inference.tasks.calibrate import CalibrationFigures, CalibrationOrder, order_from_line
from inference.training import denoise, fine_tuning, held_out, pack_weights, strengths
from inference.training.banks import PATCH_PX
from inference.training.calibrated_pack import write_calibrated
from inference.training.networks import DenoiseNet
from inference.training.series_batches import OwnSeries
from inference.training.series_noise import measure_noise
from workstation.core.errors import CancelledError, InputRefusedError, WorkstationError
from workstation.core.job import CancelToken

FEWEST_SLICES = 20
"""Slices without which there are too few to train on and to hold out."""

ADDED_AT_LEAST = 2**0.5
"""Noise of the series with as much added as it has: it must still be in the range of the pack."""

BEAT_SECONDS = 0.5
"""How often the process says how far it is, and looks whether it should stop."""

LEAVE_SECONDS = 3.0
"""How long a stopped process may take to leave; then it is ended from inside."""

NICENESS = 15
"""Priority on POSIX; elsewhere the one who starts the process sets it."""

SEED = 20261121

TRAINING_PART = (0.08, 0.75)
"""Parts of the progress before and after the training."""

CHOOSING_PART = 0.95
"""Part of the progress when the strength was chosen; drawing takes about a minute."""

Image = NDArray[Any]


@dataclass(slots=True)
class _Standing:
    """How far the work is; written by the work, read by the thread that says it."""

    stage: str = "starting"
    fraction: float = 0.0


def calibrate(
    order: CalibrationOrder,
    voxels: Image,
    *,
    report: Callable[[str, float], None],
    cancel: CancelToken,
) -> CalibrationFigures:
    """Write the calibrated pack into the folder of the order, and return its figures.

    Raises:
        InputRefusedError: nothing can be learnt from this series; the sentence says why.
        PackRefusedError: the base is damaged or of another network.
        CancelledError: it was cancelled.
    """
    report("measuring the noise", 0.0)
    base = load_pack(Path(order.base))
    recipe = denoise.RECIPES[order.base_id]
    network = DenoiseNet(recipe.shape)
    (model,) = base.manifest.paths(FileRole.MODEL)
    pack_weights.load_weights(network, read_verified(base, model))
    sessions = SessionCache()
    pack_weights.require_same(network, sessions.get(base))
    series, sigma = _series(order, voxels, base)
    middles = held_out.trained_middles(len(voxels))
    tuned = fine_tuning.fine_tune(
        network,
        series,
        middles,
        fine_tuning.TuningPlan(recipe, order.seconds, order.steps, SEED),
        report=lambda part: report("training", _between(*TRAINING_PART, part)),
        cancel=cancel,
    )
    strength = base.manifest.output.default_strength
    pack = write_calibrated(tuned.network, base, order, strength)
    choosing = _reporting("choosing the strength", TRAINING_PART[1], CHOOSING_PART, report)
    strength = _strength(pack, sessions, choosing)
    comparing = _reporting("comparing", CHOOSING_PART, 1.0, report)
    measured = _compared(series, (base, pack), sessions, strength, comparing)
    figures = replace(
        measured,
        sigma=sigma,
        frequency_per_mm=series.noise.mean_frequency_per_mm,
        correlation=series.noise.correlation[0],
        patches=series.noise.patches,
        trained_slices=len(middles),
        steps=tuned.steps,
        seconds=round(tuned.seconds, 1),
    )
    write_calibrated(tuned.network, base, order, strength, figures)
    return figures


def _series(order: CalibrationOrder, voxels: Image, base: Pack) -> tuple[OwnSeries, float]:
    """Return the series with its noise measured, and that noise as one number."""
    if len(voxels) < FEWEST_SLICES or min(voxels.shape[1:]) < PATCH_PX:
        raise _refused(
            f"it needs {FEWEST_SLICES} slices of {PATCH_PX} x {PATCH_PX} pixels to learn from and "
            "to be tested on"
        )
    i_mm, j_mm = order.spacing_ijk_mm[:2]
    modality, padding = order.modality, order.padding
    sigma = estimate_sigma(voxels, modality=modality, padding=padding, pixel_mm=i_mm)
    if not sigma:
        raise _refused("its noise cannot be told: there is too little even soft tissue in it")
    steps = bind(base.manifest.before, voxels, padding)
    _require_level(sigma, base, steps)
    profile = estimate_profile(
        voxels, modality=modality, padding=padding, sigma=sigma, pixel_mm=i_mm
    )
    noise = measure_noise(
        voxels, profile, modality=modality, padding=padding, spacing_ij_mm=(i_mm, j_mm)
    )
    if noise is None:
        raise _refused("it shows too little even tissue for a noise power spectrum")
    return OwnSeries(voxels, padding, modality, steps, profile, noise), sigma


def _require_level(sigma: float, base: Pack, steps: tuple[Any, ...]) -> None:
    trained = base.manifest.input.noise
    if trained is None:
        return
    factors = [step.parameters["factor"] for step in steps if step.name == "scale"]
    level = sigma * (factors[0] if factors else 1.0)
    unit = " of its bright signal" if factors else f" {base.manifest.input.unit}"
    if level * ADDED_AT_LEAST > trained.high:
        raise _refused(
            f"its noise of {level:.3g}{unit} is too strong for a target: with as much added it is "
            f"over the {trained.high:g}{unit} that the model works on",
            "Choose a series with less noise, such as thicker slices of the same scan",
        )
    if level < trained.low:
        raise _refused(
            f"its noise of {level:.3g}{unit} is less than the {trained.low:g}{unit} that the model "
            "works on: there is nothing to learn"
        )


def _refused(why: str, todo: str = "Choose another series of this scanner") -> InputRefusedError:
    return InputRefusedError("No pack can be calibrated on this series", why=why, todo=todo)


def _strength(pack: Pack, sessions: SessionCache, done: Callable[[float], None]) -> float:
    """Return the highest strength, up to that of the base, that passes on draws of its own."""
    manifest = pack.manifest
    modality = "CT" if "CT" in manifest.modalities else "MR"
    draws = draw(
        model_of(pack, sessions.get(pack)),
        modality=modality,
        neighbours=manifest.input.neighbours,
        count=COUNT,
        seed=strengths.CHOOSING_SEED,
        done=done,
    )
    most, bound = manifest.output.default_strength, manifest.output.bound_sigmas
    passed = []
    for strength in sorted((s for s in {*strengths.STRENGTHS, most} if s <= most), reverse=True):
        done(1.0)
        if not strengths.tried_at(draws, modality, bound, strength).failed:
            return strength
        if all(gate.has_passed for gate in gates(draws, modality, strength, bound)):
            passed.append(strength)
    # With nothing to spare anywhere, the middle of what passes is the farthest from all limits.
    return passed[len(passed) // 2] if passed else most


def _compared(
    series: OwnSeries,
    packs: tuple[Pack, Pack],
    sessions: SessionCache,
    strength: float,
    done: Callable[[float], None],
) -> CalibrationFigures:
    """Return the figures of both packs on slices held out; what is not known here is 0."""
    shown = (packs[0].manifest.output.default_strength, strength)
    models = tuple(
        (model_of(pack, sessions.get(pack)), share)
        for pack, share in zip(packs, shown, strict=True)
    )
    old, new = held_out.compare(series, models, seed=SEED, done=done)
    differences = np.subtract(new.squared, old.squared)
    spread = float(differences.std(ddof=1)) if len(differences) > 1 else 0.0
    return CalibrationFigures(
        sigma=0.0,
        frequency_per_mm=0.0,
        correlation=0.0,
        patches=0,
        trained_slices=0,
        held_out_slices=len(differences),
        steps=0,
        seconds=0.0,
        strength=shown[0],
        new_strength=shown[1],
        base_error=_error(old.squared),
        new_error=_error(new.squared),
        base_error_full=_error(old.squared_full),
        new_error_full=_error(new.squared_full),
        base_kept=float(np.mean(old.kept)),
        new_kept=float(np.mean(new.kept)),
        difference=float(differences.mean()),
        difference_error=spread / len(differences) ** 0.5,
    )


def _error(squared: tuple[float, ...]) -> float:
    """Return the error against the truth: the target's own is two squared deviations."""
    return max(float(np.mean(squared)) - 2.0, 0.0) ** 0.5


def _between(low: float, high: float, part: float) -> float:
    return low + (high - low) * part


def _reporting(
    stage: str, first: float, last: float, report: Callable[[str, float], None]
) -> Callable[[float], None]:
    def done(part: float) -> None:
        report(stage, _between(first, last, part))  # raises where it was cancelled

    return done


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Carry out the one order that comes, and answer."""
    order = order_from_line(source.readline())
    size = int(np.prod(order.shape_kji)) * np.dtype(order.dtype).itemsize
    content = source.read(size)
    if len(content) < size:
        return
    voxels = np.frombuffer(content, order.dtype).reshape(order.shape_kji)
    standing, cancel, is_done = _Standing(), CancelToken(), threading.Event()
    lock = threading.Lock()

    def say(kind: str, **value: Any) -> None:  # noqa: ANN401 values of JSON
        with lock, contextlib.suppress(OSError):  # the other side may be gone
            sink.write(json.dumps({"kind": kind, **value}).encode() + b"\n")
            sink.flush()

    def beat() -> None:
        while not is_done.wait(BEAT_SECONDS):
            say("progress", stage=standing.stage, fraction=round(standing.fraction, 4))

    def report(stage: str, fraction: float) -> None:
        cancel.raise_if_cancelled()
        standing.stage, standing.fraction = stage, fraction

    threading.Thread(target=beat, daemon=True).start()
    watch = threading.Thread(target=_watch, args=(source, cancel, is_done, order), daemon=True)
    watch.start()
    try:
        figures = calibrate(order, voxels, report=report, cancel=cancel)
    except CancelledError:
        shutil.rmtree(order.folder, ignore_errors=True)
        is_done.set()
        say("stopped")
    except WorkstationError as error:
        is_done.set()
        say("refused", what=error.what, why=error.why, todo=error.todo)
    else:
        is_done.set()
        say("done", figures=asdict(figures))


def _watch(
    source: BinaryIO, cancel: CancelToken, is_done: threading.Event, order: CalibrationOrder
) -> None:
    """Stop when standard input is closed: the one who asked has stopped, or is gone."""
    source.read(1)
    cancel.cancel()
    time.sleep(LEAVE_SECONDS)
    if not is_done.is_set():
        shutil.rmtree(order.folder, ignore_errors=True)
        os._exit(1)


def main() -> None:
    """Serve one order over the standard streams."""
    # An interrupt of the terminal goes to both processes; this one is stopped by the other.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    torch.set_num_threads(1)
    logging.disable(logging.CRITICAL)
    sink = os.fdopen(os.dup(1), "wb")
    # What a library prints must not come between the lines.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    serve(sys.stdin.buffer, sink)


if __name__ == "__main__":
    main()
