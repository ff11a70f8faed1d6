"""The gates of a super-resolution pack, measured through the engine that the worker runs.

What was scanned has to come back; values must not drift; a ball of known size keeps its size and
contrast; noise alone must not grow structure; and the pack has to come nearer to the truth than a
B-spline that was moved onto the scan, which costs nothing. The truth is drawn in closed form.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.engine.sessions import SessionCache
from inference.engine.super_resolve import super_resolve
from inference.gates import superres_classic as classic
from inference.gates import superres_figures as figures
from inference.gates.scanner import Scanner
from inference.gates.superres_phantom import (
    BALL_CONTRAST,
    BASE,
    Profile,
    Scan,
    Stack,
    measured_ball,
    scanned,
    scene,
)
from inference.packs.manifest import Manifest, refused
from inference.packs.store import Pack
from inference.tasks.denoise import EnhancementFigures
from inference.tasks.gates import GateFigure, GatesResult
from inference.tasks.super_resolve import SHAPES, Direction, SuperResolveRequest
from workstation.core.job import CancelToken

PROFILES = (Profile(), Profile(0.7), Profile(1.3), Profile(1.0, 1.0), Profile(1.3, 1.0))
"""Profiles of the gates; of them those are measured that the pack says it knows."""

DEVIATION_LIMIT = 0.5
"""Grey levels under which |averaged result - scan| has to stay: rounding then gives it back."""

BIAS_LIMIT = 0.5
"""Half a grey level: what is shown in whole numbers is then the same on average."""

DIAMETER_LIMIT = 0.03
CONTRAST_LIMIT = 0.03
"""Parts of the true size and contrast of a ball of five slices or twenty pixels."""

WIDTH_LIMIT = 0.05
"""Part of its true width along the slice normal, where a cell of the truth is a tenth of it."""

OVERSHOOT_LIMIT = 0.10
"""Part of the contrast beyond the ball's and the background's values: a rim that is not there."""

NOISE_LIMIT = 1.25
"""Noise over the scan's. Slices of half the thickness would have 1.41 times as much."""

STRONGEST_LIMIT = 1.25
KURTOSIS_LIMIT = 0.5
"""A response with an excess kurtosis of half looks like noise; blotches have two and more."""

SIGMA = 20.0
NOISE_SLICES = 10
SEED = 20261121

Report = Callable[[float], None]


def measure_super_resolver(
    pack: Pack,
    *,
    sessions: SessionCache,
    report: Report | None = None,
    cancel: CancelToken | None = None,
) -> GatesResult:
    """Return the gates of a super-resolution pack, at full strength.

    Args:
        pack: which pack; its model is verified before it is loaded.
        sessions: keeps models for the next run.
        report: called with the part done, 0..1.
        cancel: looked at between slices.

    Raises:
        PackRefusedError: the pack is damaged or doubles nothing.
        CancelledError: it was cancelled.
    """
    if pack.manifest.input.direction is None:
        raise refused("these gates are for packs that double voxels")
    started = time.monotonic()
    runner = _Runner(pack, sessions, cancel or CancelToken())
    gates: list[GateFigure] = []
    told: list[GateFigure] = []
    steps = (*(_of_profile(p) for p in profiles_of(pack.manifest)), _of_ball, _of_noise)
    for done, step in enumerate(steps):
        judged, open_ = step(runner)
        gates += judged
        told += open_
        if report is not None:
            report((done + 1) / len(steps))
    gates.append(_most("slices left as scanned", float(runner.left), 0.0))
    return GatesResult(
        pack=pack.ref,
        strength=pack.manifest.output.default_strength,
        gates=tuple(gates),
        figures=tuple(told),
        seconds=time.monotonic() - started,
        provider=runner.provider,
    )


def profiles_of(manifest: Manifest) -> tuple[Profile, ...]:
    """Return the profiles of the gates that a pack says it was trained on."""
    if manifest.input.direction is Direction.IN_PLANE:
        return (Profile(),)
    shapes = {SHAPES[name] for name in manifest.input.profile_shapes}
    ratios = manifest.input.profile_ratio
    return tuple(p for p in PROFILES if p.shape in shapes and p.ratio in ratios)


Judged = tuple[list[GateFigure], list[GateFigure]]
Step = Callable[["_Runner"], Judged]


class _Runner:
    """Runs one pack over phantoms. Owned by one measurement."""

    def __init__(self, pack: Pack, sessions: SessionCache, cancel: CancelToken) -> None:
        self._pack, self._sessions, self._cancel = pack, sessions, cancel
        self.manifest = pack.manifest
        self.modality = "CT" if "CT" in self.manifest.modalities else "MR"
        self.direction = self.manifest.input.direction or Direction.THROUGH_PLANE
        self.left = 0
        self.provider = ""

    def run(self, coarse: NDArray[Any], profile: Profile) -> NDArray[Any]:
        """Return what the pack makes of a scan; whole numbers are given for whole ones."""
        request = SuperResolveRequest(
            self.manifest.pack_id,
            self.modality,
            (1.0, 1.0, 4.0),
            direction=self.direction,
            profile_ratio=profile.ratio,
            profile_shape=profile.shape,
        )
        result = np.zeros(request.result_shape(coarse.shape), coarse.dtype)
        done = super_resolve(
            self._pack,
            request,
            coarse,
            result,
            sessions=self._sessions,
            report=lambda _fraction, _slices: None,
            cancel=self._cancel,
        )
        self._note(done.figures)
        return result

    def _note(self, done: EnhancementFigures) -> None:
        self.left += done.slices_left_original
        self.provider = done.provider

    def scan(self, profile: Profile, *, is_ball: bool = False) -> Scan:
        """Return a phantom under a profile: the ball alone, or the whole scene."""
        objects = (measured_ball(self.direction),) if is_ball else scene()
        return scanned(objects, base=BASE[self.modality], direction=self.direction, profile=profile)


def _of_profile(profile: Profile) -> Step:
    """Return the step that measures consistency, bias and gain under one profile."""

    def step(runner: _Runner) -> Judged:
        scan = runner.scan(profile)
        whole = np.rint(scan.coarse).astype(np.int16)
        made = runner.run(whole, profile).astype(np.float32)
        off = float(np.abs(_averaged(made, scan) - whole).max())
        result = runner.run(scan.coarse, profile)
        bias = float(result.mean(dtype=np.float64) - scan.truth.mean(dtype=np.float64))
        bias -= float(scan.coarse.mean(dtype=np.float64) - scan.truth.mean(dtype=np.float64))
        spline = _spline(scan)
        gain = _error_db(spline, scan) - _error_db(result, scan)
        at = f", {profile.words}" if runner.direction is Direction.THROUGH_PLANE else ""
        unit = "HU" if runner.modality == "CT" else "signal"
        return (
            [
                GateFigure(f"largest |averaged - scanned|{at}", off, unit, None, DEVIATION_LIMIT),
                GateFigure(f"bias{at}", bias, unit, -BIAS_LIMIT, BIAS_LIMIT),
                GateFigure(f"gain over B-spline with projection{at}", gain, "dB", 0.0, None),
            ],
            [GateFigure(f"error{at}", 10 ** (_error_db(result, scan) / 20), unit, None, None)],
        )

    return step


def _of_ball(runner: _Runner) -> Judged:
    scan = runner.scan(Profile(), is_ball=True)
    result = runner.run(scan.coarse, Profile())
    middle = measured_ball(runner.direction)
    is_through = runner.direction is Direction.THROUGH_PLANE
    found, truth, before = (
        figures.ball(part, base=BASE[runner.modality], middle=middle, is_through=is_through)
        for part in (result, scan.truth, figures.spread(scan.coarse, is_through=is_through))
    )
    judged = [
        _within(
            "change of a ball's diameter", found.diameter_mm / truth.diameter_mm - 1, DIAMETER_LIMIT
        ),
        _within(
            "change of its width across slices", found.width_mm / truth.width_mm - 1, WIDTH_LIMIT
        ),
        _within("change of its contrast", found.contrast / BALL_CONTRAST - 1, CONTRAST_LIMIT),
        _most("rim beyond the ball, of its contrast", found.overshoot, OVERSHOOT_LIMIT),
    ]
    if not is_through:
        del judged[1]
    told = [
        _open("change of a ball's diameter as scanned", before.diameter_mm / truth.diameter_mm - 1),
        _open("rim beyond the ball as scanned, of its contrast", before.overshoot),
    ]
    return judged, told


def _of_noise(runner: _Runner) -> Judged:
    random = np.random.default_rng(SEED)
    scanner = Scanner(runner.modality)
    base = np.full(1, BASE[runner.modality])
    noisy = scanner.scan(base, random, SIGMA, NOISE_SLICES).astype(np.float32)
    result = runner.run(noisy, Profile())
    found = figures.noise(result, noisy)
    scan = Scan(noisy, np.zeros_like(result), Profile(), runner.direction)
    spline = figures.noise(_spline(scan), noisy)
    judged = [
        _most("noise over the scan's", found.deviation, NOISE_LIMIT),
        _most("strongest false lesion over the scan's", found.strongest, STRONGEST_LIMIT),
        _within("excess kurtosis of false lesions", found.kurtosis, KURTOSIS_LIMIT),
    ]
    told = [
        _open("noise over the scan's, B-spline with projection", spline.deviation),
        _open("strongest false lesion over the scan's, B-spline with projection", spline.strongest),
    ]
    widest = profiles_of(runner.manifest)[-1]
    if widest != Profile():
        # To undo a wide profile takes noise with it, whatever the model.
        wide = figures.noise(runner.run(noisy, widest), noisy)
        told.append(_open(f"noise over the scan's, {widest.words}", wide.deviation))
    return judged, told


def _averaged(fine: Stack, scan: Scan) -> Stack:
    if scan.direction is Direction.IN_PLANE:
        k, rows, columns = fine.shape
        means: Stack = fine.reshape(k, rows // 2, 2, columns // 2, 2).mean(axis=(2, 4))
        return means
    return classic.apply(_average_of(scan), fine)


def _average_of(scan: Scan) -> classic.Matrix:
    return classic.averages(scan.coarse.shape[0], scan.profile.ratio, scan.profile.shape)


def _spline(scan: Scan) -> Stack:
    """Return the better half of what costs nothing: a cubic B-spline, moved onto the scan."""
    count, rows, columns = scan.coarse.shape
    if scan.direction is Direction.THROUGH_PLANE:
        return classic.apply(
            classic.projected(classic.spline(count), _average_of(scan)), scan.coarse
        )
    made = classic.apply(classic.spline(rows), scan.coarse, axis=1)
    made = classic.apply(classic.spline(columns), made, axis=2)
    off = scan.coarse - _averaged(made, scan)
    moved: Stack = made + off.repeat(2, axis=1).repeat(2, axis=2)
    return moved


def _error_db(result: Stack, scan: Scan) -> float:
    """Return the root mean square error in dB; the outermost slices have too few neighbours."""
    inner = slice(4, -4) if scan.direction is Direction.THROUGH_PLANE else slice(None)
    error = (result - scan.truth)[inner].astype(np.float64)
    return 10 * float(np.log10(np.mean(error**2)))


def _within(name: str, value: float, limit: float) -> GateFigure:
    return GateFigure(name, value, "", -limit, limit)


def _most(name: str, value: float, limit: float) -> GateFigure:
    return GateFigure(name, value, "", None, limit)


def _open(name: str, value: float) -> GateFigure:
    return GateFigure(name, value, "", None, None)
