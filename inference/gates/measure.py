"""The gates of a denoising pack: figures, limits, and whether it may be offered by default."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from inference.engine.sessions import Session, SessionCache
from inference.gates import figures, texture
from inference.gates.draws import MITA, SIGMA, Draws, Model, Stack, draw
from inference.ops.frame import Frame
from inference.ops.steps import bind, finish, prepare
from inference.packs.manifest import Task, refused
from inference.packs.store import Pack
from inference.tasks.gates import GateFigure, GatesResult
from workstation.core.job import CancelToken

COUNT = 90
"""Noise draws of the disc; with six rods of a kind d' is known to about 4 %."""

SEED = 20261121

BIAS_LIMIT = 1.0
"""HU, or a twentieth of the noise of an MR image."""

TEXTURE_LIMIT = 0.15
CONTRAST_LIMITS = {1: 0.70, 3: 0.85}
"""Least contrast kept, by kind of rod: 5 mm / 7 HU and 10 mm / 3 HU."""

LEAST_MEDIAN_GAIN = 1.20
EDGE_LIMIT = 0.10
DETAIL_ERROR = 0.90
"""Most error in detail over that of the input: a fifth of the noise power has to go there."""

DETAIL_KEPT = 0.80
"""Least detail kept, between what is asked of faint rods of 5 and of 10 mm."""

LEAST_THIN = 12
"""Draws of rods in one slice without which no d' of them is told."""

BOUND_SIGMAS = 3.0
KURTOSIS_LIMIT = 0.5
"""A response with an excess kurtosis of half looks like noise; blotches have two and more."""


def measure(
    pack: Pack,
    *,
    sessions: SessionCache,
    count: int = COUNT,
    report: Callable[[float], None] | None = None,
    cancel: CancelToken | None = None,
) -> GatesResult:
    """Return the gates of a denoising pack at its default strength.

    Args:
        pack: which pack; its model is verified before it is loaded.
        sessions: keeps models for the next run.
        count: noise draws of the disc.
        report: called with the part done, 0..1.
        cancel: looked at between draws.

    Raises:
        PackRefusedError: the pack is damaged or is none for denoising.
        CancelledError: it was cancelled.
    """
    manifest = pack.manifest
    if manifest.task is not Task.DENOISE:
        raise refused("gates are for packs that denoise")
    started = time.monotonic()
    session = sessions.get(pack)
    modality = "CT" if "CT" in manifest.modalities else "MR"
    draws = draw(
        model_of(pack, session),
        modality=modality,
        neighbours=manifest.input.neighbours,
        count=count,
        seed=SEED,
        done=_watch(report, cancel),
    )
    strength = manifest.output.default_strength
    return GatesResult(
        pack=pack.ref,
        strength=strength,
        gates=tuple(gates(draws, modality, strength, manifest.output.bound_sigmas)),
        figures=tuple(told(draws, strength)),
        seconds=time.monotonic() - started,
        provider=session.provider,
    )


def _watch(
    report: Callable[[float], None] | None, cancel: CancelToken | None
) -> Callable[[float], None]:
    def done(fraction: float) -> None:
        if cancel is not None:
            cancel.raise_if_cancelled()
        if report is not None:
            report(fraction)

    return done


def model_of(pack: Pack, session: Session) -> Model:
    """Return a pack's model with its steps around it."""
    manifest = pack.manifest
    multiple = manifest.input.size_multiple

    def run(slices: Stack, sigma: float) -> Stack:
        frame = Frame(slices, slices[len(slices) // 2].copy())
        prepared = prepare(frame, bind(manifest.before, slices, None))
        height, width = slices.shape[1:]
        margins = ((0, 0), (0, -height % multiple), (0, -width % multiple))
        padded = np.ascontiguousarray(np.pad(prepared.slices, margins, mode="edge"))
        told = np.full((1, 1, *padded.shape[1:]), sigma * prepared.scale, np.float32)
        result = session.run({"slices": padded[None], "sigma": told})[0][:, :height, :width]
        finished: Stack = finish(result, prepared, manifest.after)[0]
        return finished

    return run


def gates(draws: Draws, modality: str, strength: float, bound: float) -> list[GateFigure]:
    """Return the figures that are judged."""
    unit = "HU" if modality == "CT" else "signal"
    found = [
        _within(f"bias of {name}", bias, BIAS_LIMIT, unit)
        for name, bias in (
            ("water", figures.water_bias(draws, strength)),
            *figures.tissue_biases(draws, modality, strength),
        )
    ]
    shift = figures.texture_shift(draws.plain, strength)
    found.append(_within("shift of the mean noise frequency", shift, TEXTURE_LIMIT))
    kept = figures.contrast_kept(draws.marked, draws.plain, draws.rods, strength)
    for kind, limit in CONTRAST_LIMITS.items():
        found.append(_least(f"contrast kept, {_rod(kind)}", kept[kind], limit))
    gains = figures.detectability_gains(draws, strength)
    for kind, (value, error) in enumerate(gains):
        found.append(_least(f"d' over unprocessed, {_rod(kind)}", value, 1.0, error))
    median = float(np.median([value for value, _ in gains]))
    found.append(_least("d' over unprocessed, median", median, LEAST_MEDIAN_GAIN))
    for name, change in figures.edge_changes(draws, modality, strength):
        found.append(_within(f"change of f50 at the edge of {name}", change, EDGE_LIMIT))
    found.append(
        _most("flicker between slices over the input's", figures.flicker(draws.run, strength), 1.0)
    )
    found += [
        _most("error in detail over the input's", _error_in_detail(draws, strength), DETAIL_ERROR),
        _least("detail kept", _detail_kept(draws, strength), DETAIL_KEPT),
    ]
    allowed = (bound or BOUND_SIGMAS) * 1.001
    found.append(
        _most("largest change in noise deviations", figures.largest_change(draws), allowed)
    )
    strongest, kurtosis = figures.invented(draws.plain, strength)
    found.append(_most("strongest false lesion over the input's", strongest, 1.0))
    found.append(_most("excess kurtosis of false lesions", kurtosis, KURTOSIS_LIMIT))
    return found


def told(draws: Draws, strength: float) -> list[GateFigure]:
    """Return the figures that are told but not judged."""
    found = []
    for share in dict.fromkeys((strength, 1.0)):
        at = f"at {share:g}"
        found.append(_open(f"noise left {at}", figures.noise_left(draws.plain, share)))
        found.append(
            _open(
                f"shift of the mean noise frequency {at}", figures.texture_shift(draws.plain, share)
            )
        )
        rods = (
            ("contrast kept", draws.marked),
            ("contrast kept of what is in one slice only", draws.thin),
        )
        for name, marked in rods:
            kept = figures.contrast_kept(marked, draws.plain, draws.rods, share)
            found += [_open(f"{name}, {_rod(kind)} {at}", value) for kind, value in enumerate(kept)]
        found.append(
            _open(f"error in detail over the input's {at}", _error_in_detail(draws, share))
        )
        found.append(_open(f"detail kept {at}", _detail_kept(draws, share)))
        has_enough = len(draws.thin.before) >= LEAST_THIN
        thin = figures.detectability_gains(draws, share, is_thin=True) if has_enough else []
        for kind, (value, error) in enumerate(thin):
            name = f"d' over unprocessed of what is in one slice only, {_rod(kind)} {at}"
            found.append(_open(name, value, error))
    for kind, (value, error) in enumerate(figures.detectability_gains(draws, 1.0)):
        found.append(_open(f"d' over unprocessed, {_rod(kind)} at 1", value, error))
    return found


def _error_in_detail(draws: Draws, strength: float) -> float:
    pair = draws.folds
    return texture.error_left(pair.before, pair.at(strength), draws.detail)


def _detail_kept(draws: Draws, strength: float) -> float:
    pair = draws.folds
    return texture.detail_kept(pair.before, pair.at(strength), draws.detail)


def _rod(kind: int) -> str:
    diameter, value = MITA[kind]
    return f"{diameter:g} mm {value / SIGMA:.2f} sigma"


def _within(name: str, value: float, limit: float, unit: str = "") -> GateFigure:
    return GateFigure(name, value, unit, -limit, limit)


def _least(name: str, value: float, limit: float, error: float = 0.0) -> GateFigure:
    return GateFigure(name, value, "", limit, None, error)


def _most(name: str, value: float, limit: float) -> GateFigure:
    return GateFigure(name, value, "", None, limit)


def _open(name: str, value: float, error: float = 0.0) -> GateFigure:
    return GateFigure(name, value, "", None, None, error)
