"""Children that average to what was scanned: the averaging of a slice profile and its inverse.

With D the averaging of all children x of a stack into its slices y, any start x becomes consistent
by ``x + D^T (D D^T)^-1 (y - D x)``, the smallest change that makes D x = y. The inverse is not
local, but its kernel fades along k: a slice needs only its neighbours within ``reach``.
Beyond the first and the last slice the outermost child is taken to go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from inference.ops.slice_profile import cell_weights

TAIL = 3e-5
"""Part of a deviation that the kernel leaves by ending at its reach: 0.06 HU of 2,000."""

MOST_REACH = 24
"""Slices to either side that a kernel may need. Profiles that need more overlap so much that what
is undone is mostly noise, which would grow eightfold and more."""

FAR = 2 * MOST_REACH
"""Slices after which a kernel no longer feels the end of a stack."""

Planes: TypeAlias = NDArray[np.float32]
Weights: TypeAlias = Mapping[int, NDArray[np.float64]]
"""By slice: a weight for each of its children."""


@dataclass(frozen=True, slots=True, eq=False)
class Averaging:
    """How the slices of a stack follow from their children along k, and back.

    Attributes:
        weights: of the children around the middle of a slice, as cell_weights gives them.
        children: children per slice; in the planes: per pixel.
        count: slices of the stack.
        support: slices to either side of which children count in a slice.
        reach: slices to either side whose deviations change a slice; 0 where slices stand alone.
    """

    weights: NDArray[np.float64]
    children: int
    count: int
    support: int
    reach: int
    _kernels: dict[tuple[int, int], NDArray[np.float64]] = field(default_factory=dict)

    def parts(self, k: int) -> Weights:
        """Return what the children count in slice k."""
        return _parts(self.weights, self.children, k, self.count)

    def kernel(self, k: int) -> Weights:
        """Return what a deviation of each slice near k adds to the children of slice k."""
        near = range(max(k - self.reach, 0), min(k + self.reach + 1, self.count))
        first, stop = max(k - FAR, 0), min(k + FAR + 1, self.count)
        key = (k - first, stop - k)
        if key not in self._kernels:
            rows = slice(self.children * (k - first), self.children * (k - first + 1))
            inverse = _inverse(self.weights, self.children, stop - first)[rows]
            self._kernels[key] = inverse[:, near.start - first : near.stop - first].T
        return dict(zip(near, self._kernels[key], strict=True))


def averaging(ratio: float, shape: float, *, children: int, count: int) -> Averaging:
    """Return the averaging of a slice profile.

    Args:
        ratio: slice thickness over slice spacing.
        shape: 0 for a box, 1 for a Gaussian.
        children: children per slice, 2 or 4.
        count: slices of the stack.

    Raises:
        ValueError: the slices overlap so much that no kernel fades within MOST_REACH.
    """
    weights = cell_weights(ratio, shape, children)
    beyond = max(weights.size // 2 - children // 2, 0)
    support = -(-beyond // children)
    reach = max(_reach(weights, children), support) if support else 0
    return Averaging(weights, children, count, support, reach)


def averaging_in_plane(factor: int, *, count: int) -> Averaging:
    """Return the averaging of squares of factor x factor pixels into one."""
    pixels = factor**2
    return Averaging(np.full(pixels, 1 / pixels), pixels, count, support=0, reach=0)


def limited(children: Planes, original: Planes, *, low: float, high: float) -> Planes:
    """Return children drawn towards their mean where one of them leaves ``low`` .. ``high``.

    Args:
        children: ``[n, j, i]`` whose mean is the original.
        original: ``[j, i]`` itself within the limits.
        low: least value the volume can hold.
        high: largest.
    """
    least, most = children.min(axis=0), children.max(axis=0)
    if least.min() >= low and most.max() <= high:
        return children
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        down = np.where(least < low, (original - low) / (original - least), 1)
        up = np.where(most > high, (high - original) / (most - original), 1)
    share = np.clip(np.minimum(down, up), 0, 1).astype(np.float32)
    return original + share * (children - original)


def rounded(children: Planes, weights: NDArray[np.float64]) -> Planes:
    """Return whole numbers whose running sums stay within a half of those of the children.

    So a sum of all children that is whole stays exactly what it is, and an average changes by less
    than half a grey level. The children that count most come first.

    Args:
        children: ``[n, j, i]``.
        weights: (n,) how much each counts in the slice.
    """
    result = np.empty_like(children)
    total, before = np.zeros(children.shape[1:], np.float64), np.zeros(children.shape[1:])
    for n in np.argsort(-weights, kind="stable"):
        total += children[n]
        after = np.rint(total)
        result[n] = after - before
        before = after
    return result


def _parts(weights: NDArray[np.float64], children: int, k: int, count: int) -> Weights:
    found: dict[int, NDArray[np.float64]] = {}
    start = children * k + children // 2 - weights.size // 2
    for n, weight in enumerate(weights):
        child = min(max(start + n, 0), children * count - 1)
        row = found.setdefault(child // children, np.zeros(children))
        row[child % children] += weight
    return found


def _inverse(weights: NDArray[np.float64], children: int, count: int) -> NDArray[np.float64]:
    """Return D^T (D D^T)^-1 of a whole stack, (children x count, count)."""
    matrix = np.zeros((count, count, children))
    for k in range(count):
        for m, row in _parts(weights, children, k, count).items():
            matrix[k, m] = row
    flat = matrix.reshape(count, -1)
    return np.asarray(np.linalg.solve(flat @ flat.T, flat).T, np.float64)


def _reach(weights: NDArray[np.float64], children: int) -> int:
    rows = slice(children * FAR, children * (FAR + 1))
    kernel = np.abs(_inverse(weights, children, 2 * FAR + 1)[rows]).max(axis=0)
    sides = kernel[FAR:] + np.append(0.0, kernel[:FAR][::-1])
    left = sides.sum() - np.cumsum(sides)
    fading = np.flatnonzero(left[: MOST_REACH + 1] < TAIL)
    if not fading.size:
        raise ValueError("these slices overlap too much to be taken apart")
    return int(fading[0])
