"""Classical ways to double samples along one axis, as matrices: what a model has to be better than.

Coarse sample k is the mean of the cells factor * k .. factor * k + factor - 1; a method gives those
cells from the samples. Beyond the ends samples are mirrored about the outermost one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inference.ops.consistency import averaging

Matrix = NDArray[np.float64]
"""(factor * count, count): takes coarse samples to cells."""

Stack = NDArray[np.float32]

SPLINE_REACH = {3: 2, 5: 3}
"""Half the support of a B-spline, by its order."""


def repeated(count: int, factor: int = 2) -> Matrix:
    """Return the matrix that repeats each sample."""
    return np.repeat(np.eye(count), factor, axis=0)


def linear(count: int, factor: int = 2) -> Matrix:
    """Return linear interpolation."""
    return _kernel(count, factor, 1, lambda x: np.maximum(1 - np.abs(x), 0))


def lanczos(count: int, factor: int = 2, lobes: int = 3) -> Matrix:
    """Return interpolation by a windowed sinc whose weights sum to one."""
    matrix = _kernel(count, factor, lobes, lambda x: np.sinc(x) * np.sinc(x / lobes))
    whole: Matrix = matrix / matrix.sum(axis=1, keepdims=True)
    return whole


def spline(count: int, factor: int = 2, order: int = 3) -> Matrix:
    """Return interpolation by a B-spline through the samples (Unser 1999, 10.1109/79.799930)."""
    reach = SPLINE_REACH[order]
    basis = _kernel(count, 1, reach, lambda x: _basis(x, order))
    return _kernel(count, factor, reach, lambda x: _basis(x, order)) @ np.linalg.inv(basis)


def averages(count: int, ratio: float, shape: float, factor: int = 2) -> Matrix:
    """Return D (count, factor * count): the slices that follow from their cells."""
    profile = averaging(ratio, shape, children=factor, count=count)
    matrix = np.zeros((count, count, factor))
    for k in range(count):
        for m, weights in profile.parts(k).items():
            matrix[k, m] = weights
    return matrix.reshape(count, factor * count)


def projected(method: Matrix, average: Matrix) -> Matrix:
    """Return a method followed by the smallest change that gives the samples back."""
    inverse = np.linalg.solve(average @ average.T, average).T
    return method + inverse @ (np.eye(method.shape[1]) - average @ method)


def apply(matrix: Matrix, coarse: Stack, axis: int = 0) -> Stack:
    """Return what a method makes of samples along an axis of a volume."""
    moved = np.moveaxis(coarse, axis, 0)
    made = matrix.astype(np.float32) @ moved.reshape(moved.shape[0], -1)
    return np.moveaxis(made.reshape(-1, *moved.shape[1:]), 0, axis)


def _kernel(count: int, factor: int, reach: int, weigh: Callable[[Matrix], Matrix]) -> Matrix:
    """Return a matrix whose rows are a kernel around each cell's middle."""
    places = (np.arange(factor * count) + 0.5) / factor - 0.5
    matrix = np.zeros((places.size, count))
    first = np.ceil(places - reach - 1e-9).astype(int)
    for step in range(2 * reach + 1):
        node = first + step
        np.add.at(matrix, (np.arange(places.size), _mirrored(node, count)), weigh(places - node))
    return matrix


def _mirrored(node: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    if count == 1:
        return np.zeros_like(node)
    period = 2 * (count - 1)
    folded = np.abs(node) % period
    return np.where(folded < count, folded, period - folded)


def _basis(x: NDArray[np.float64], order: int) -> NDArray[np.float64]:
    """Return the centred B-spline of an odd order as a sum of truncated powers."""
    total, sign, choose = np.zeros_like(x), 1.0, 1.0
    factorial = 1.0
    for n in range(order + 2):
        total = total + sign * choose * np.maximum(x + (order + 1) / 2 - n, 0) ** order
        sign, choose = -sign, choose * (order + 1 - n) / (n + 1)
    for n in range(2, order + 1):
        factorial *= n
    return total / factorial
