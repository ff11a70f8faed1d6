"""Moving what a model made of a stack onto what was scanned, slice by slice, as far as needed.

A slice is finished when its neighbours within the reach of the profile are started, and checked
when those that share its children are finished. Until then its start waits in the result itself, so
that beside the result only deviations are held, of a few slices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.engine.doubling import Starts, pixels_of, plane_of
from inference.engine.slice_runs import Report, follow
from inference.engine.told import Told
from inference.ops.consistency import Averaging, Planes, limited, rounded
from inference.tasks.super_resolve import Direction, SuperResolveRequest
from workstation.core.intensity import is_padding
from workstation.core.job import CancelToken

GREY_LEVELS = 4096
"""Grey levels of a volume of fractions: scanners count in 12 bits."""

LARGEST_DEVIATION = 0.5
"""Grey levels under which |averaged result - scanned| has to stay: rounding then gives it back."""

HELD_PLANES = 16
"""Planes of float32 per child that working on one slice takes, at most, beside the deviations."""

OnSlice = Callable[[int, Planes, Planes], None]
"""Takes k, the scanned slice and the children that stand for it in the result."""


@dataclass(frozen=True, slots=True)
class Level:
    """What the numbers of a volume can say.

    Attributes:
        is_whole: whether they are whole numbers.
        step: one grey level, 1 or less.
        low: least value they can hold.
        high: largest.
    """

    is_whole: bool
    step: float
    low: float
    high: float


def level_of(voxels: NDArray[Any]) -> Level:
    """Return what the numbers of a volume ``[k, j, i]`` can say."""
    if np.issubdtype(voxels.dtype, np.integer):
        limits = np.iinfo(voxels.dtype)
        return Level(is_whole=True, step=1.0, low=float(limits.min), high=float(limits.max))
    span = float(np.fmax.reduce(voxels, axis=None)) - float(np.fmin.reduce(voxels, axis=None))
    return Level(False, min(span / GREY_LEVELS, 1.0) or 1.0, -np.inf, np.inf)


class Reconciliation:
    """Does one volume. Owned by one run.

    Args:
        request: direction, factor, padding.
        voxels: ``[k, j, i]`` as scanned.
        result: where the children go.
        starts: gives what the model makes of a slice.
        profile: how slices follow from their children.
        limits: least and largest value of a child. They are kept where slices stand alone; where
            they share children, averaging to the scan comes first.
        on_slice: told of each slice that is complete.
    """

    def __init__(
        self,
        request: SuperResolveRequest,
        voxels: NDArray[Any],
        result: NDArray[Any],
        *,
        starts: Starts,
        profile: Averaging,
        limits: tuple[float, float],
        on_slice: OnSlice,
    ) -> None:
        self._request, self._voxels, self._result = request, voxels, result
        self._starts, self._profile, self._on_slice = starts, profile, on_slice
        self._level, self._limits = level_of(voxels), limits
        self._started: set[int] = set()
        self._finished: set[int] = set()
        self._checked: set[int] = set()
        self._deviations: dict[int, Planes] = {}
        self._broken: list[int] = []
        self._left: set[int] = set()
        self._largest = 0.0

    @property
    def left(self) -> int:
        """Slices that are the scanned slice, repeated, because the model's result was of no use."""
        return len(self._left)

    @property
    def largest_deviation(self) -> float:
        """Largest |averaged result - scanned| of what was kept, in the unit of the volume."""
        return self._largest

    def run(self, report: Report, cancel: CancelToken, told: Told) -> None:
        """Do every slice, always the one nearest to where the reader looks.

        A jump leaves an island of finished slices behind. Deviations near it were worked out before
        it was finished, and are kept until the slices around them are finished too.

        Raises:
            CancelledError: it was cancelled.
        """
        for k in follow(self._count, self._request.first_index, told):
            cancel.raise_if_cancelled()
            for m in self._profile.kernel(k):
                self._prepare(m, report)
            self._finish(k)
            for m in self._around(k):
                if self._is_ready(m) and self._check(m):
                    report(self._part, self._places(m))
        # Not before: their neighbours were checked with them.
        for k in self._broken:
            self._keep(k, self._repeated(k))
            report(self._part, self._places(k))

    @property
    def _count(self) -> int:
        return int(self._voxels.shape[0])

    @property
    def _part(self) -> float:
        return (len(self._started) + len(self._checked)) / (2 * self._count)

    def _prepare(self, k: int, report: Report) -> None:
        """Work out by how much the starts deviate from slice k."""
        if k in self._deviations or k in self._finished:
            return
        for m in self._profile.parts(k):
            if m not in self._started:
                self._start(m)
                report(self._part, ())
        self._deviations[k] = self._deviation(k).astype(np.float32)

    def _start(self, k: int) -> None:
        children = self._starts.of(k)
        if children.is_kept:
            self._left.add(k)
        self._write(k, self._held(k, children.planes))
        self._started.add(k)

    def _finish(self, k: int) -> None:
        """Add to the start of a slice what makes it and its neighbours average to the scan."""
        planes = self._read(k)
        for m, weights in self._profile.kernel(k).items():
            deviation = self._deviations.get(m)
            if deviation is not None and deviation.any():
                planes += weights.astype(np.float32)[:, None, None] * deviation
        if self._profile.support == 0:
            low, high = self._limits
            planes = limited(planes, self._original(k), low=low, high=high)
        self._write(k, self._held(k, planes))
        self._finished.add(k)
        for m in [m for m in self._deviations if self._is_behind(m)]:
            del self._deviations[m]

    def _is_behind(self, k: int) -> bool:
        """Whether all slices that need the deviation of slice k are finished."""
        reach = self._profile.reach
        near = range(max(k - reach, 0), min(k + reach + 1, self._count))
        return all(m in self._finished for m in near)

    def _is_ready(self, k: int) -> bool:
        return k not in self._checked and self._profile.parts(k).keys() <= self._finished

    def _check(self, k: int) -> bool:
        """Return whether the slice is complete; it is broken if it does not average to the scan."""
        self._checked.add(k)
        largest = float(np.abs(self._deviation(k)).max(initial=0.0))
        if not largest < LARGEST_DEVIATION * self._level.step:
            self._broken.append(k)
            self._left.add(k)
            return False
        self._largest = max(self._largest, largest)
        self._on_slice(k, self._original(k), self._read(k))
        return True

    def _keep(self, k: int, planes: Planes) -> None:
        self._write(k, planes)
        self._on_slice(k, self._original(k), planes)

    def _deviation(self, k: int) -> NDArray[np.float64]:
        """Return scanned - averaged; 0 where the profile reaches out of the scanned field."""
        padding = self._request.padding
        off: NDArray[np.float64] = self._voxels[k].astype(np.float64)
        is_outside = is_padding(self._voxels[k], padding)
        for m, weights in self._profile.parts(k).items():
            for weight, plane in zip(weights, self._read(m), strict=True):
                off -= weight * plane
            if padding is not None and m != k:
                is_outside |= is_padding(self._voxels[m], padding)
        off[is_outside] = 0
        return off

    def _held(self, k: int, planes: Planes) -> Planes:
        """Return children as the volume can hold them; outside the scanned field they are it."""
        if self._level.is_whole:
            whole = rounded(planes, self._own_weights(k))
            planes = np.clip(whole, self._level.low, self._level.high)
        if self._request.padding is None:
            return planes
        original = self._voxels[k]
        return np.where(is_padding(original, self._request.padding), original, planes)

    def _own_weights(self, k: int) -> NDArray[np.float64]:
        return self._profile.parts(k)[k]

    def _original(self, k: int) -> Planes:
        plane: Planes = self._voxels[k].astype(np.float32)
        return plane

    def _repeated(self, k: int) -> Planes:
        return np.repeat(self._original(k)[None], self._profile.children, axis=0)

    def _around(self, k: int) -> range:
        support = self._profile.support
        return range(max(k - support, 0), min(k + support + 1, self._count))

    def _places(self, k: int) -> tuple[int, ...]:
        if self._request.direction is Direction.IN_PLANE:
            return (k,)
        return tuple(range(self._request.factor * k, self._request.factor * (k + 1)))

    def _read(self, k: int) -> Planes:
        """Return the children of slice k in the result, ``[n, j, i]``, as a copy."""
        factor = self._request.factor
        if self._request.direction is Direction.IN_PLANE:
            return pixels_of(self._result[k], factor).astype(np.float32)
        planes: Planes = self._result[factor * k : factor * (k + 1)].astype(np.float32)
        return planes

    def _write(self, k: int, planes: Planes) -> None:
        factor = self._request.factor
        if self._request.direction is Direction.IN_PLANE:
            self._result[k] = plane_of(planes, factor)
        else:
            self._result[factor * k : factor * (k + 1)] = planes
