"""The start of a super-resolution: what the model makes of each slice, in one pass or in two.

Each pass keeps the mean: the children of a slice average to it. What has been made is kept for the
neighbours that ask for it, and no longer than they do, so that a long series needs no more memory
than a short one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from inference.engine.sessions import Session
from inference.engine.slice_runs import infer
from inference.ops.consistency import Planes, limited
from inference.ops.frame import Frame, gather
from inference.ops.steps import finish, prepare
from inference.packs.manifest import Manifest, Step, TileSpec
from inference.tasks.super_resolve import BOX, Direction, SuperResolveRequest
from workstation.core.job import CancelToken

Value = TypeVar("Value")

FLOAT_SLACK = 1e-6
"""Part of the largest value by which a mean of float32 numbers may be off by arithmetic alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Children:
    """What became of one slice.

    Attributes:
        planes: ``[n, j, i]``: along k, or the pixels of each square row by row.
        is_kept: whether it is the slice itself, repeated, because the model broke its promise.
    """

    planes: Planes
    is_kept: bool


@dataclass(frozen=True, slots=True, eq=False)
class Doubler:
    """Runs a model once over one slice.

    Attributes:
        manifest: of the pack.
        session: its model.
        before: its steps, bound to the volume.
        spec: how slices are cut.
        limits: least and largest value of a child.
    """

    manifest: Manifest
    session: Session
    before: tuple[Step, ...]
    spec: TileSpec
    limits: tuple[float, float]

    def run(self, frame: Frame, *, ratio: float, shape: float) -> Children:
        """Return the two halves or four quarters of the middle slice of a frame."""
        prepared = prepare(frame, self.before)
        profile = np.array([[ratio, shape]], np.float32)
        raw = infer(
            self.session, self.manifest, prepared, values={"profile": profile}, spec=self.spec
        )
        planes = finish(raw, prepared, self.manifest.after)
        if not self._keeps_promise(planes, frame.original):
            return Children(np.repeat(frame.original[None], len(planes), axis=0), is_kept=True)
        low, high = self.limits
        return Children(limited(planes, frame.original, low=low, high=high), is_kept=False)

    def _keeps_promise(self, planes: Planes, original: Planes) -> bool:
        if not np.isfinite(planes).all():
            return False
        allowed = self.manifest.output.consistency
        if allowed == 0:
            return True
        off = np.abs(planes.mean(axis=0, dtype=np.float64) - original).max()
        return bool(off <= allowed + FLOAT_SLACK * float(np.abs(original).max()))


class Starts:
    """Gives the children of each slice of a volume. Owned by one run.

    Args:
        doubler: runs the model.
        request: direction, factor and profile.
        voxels: ``[k, j, i]`` as scanned.
        cancel: looked at before the model runs, which it does up to seven times for a first slice.
    """

    def __init__(
        self,
        doubler: Doubler,
        request: SuperResolveRequest,
        voxels: NDArray[Any],
        cancel: CancelToken,
    ) -> None:
        self._doubler, self._cancel = doubler, cancel
        self._request = request
        self._voxels = voxels
        self._neighbours = doubler.manifest.input.neighbours
        # Two fronts move through the volume, up and down from the first slice.
        self._firsts = Recent(self._once, 2 * (self._neighbours + 1))

    def of(self, k: int) -> Children:
        """Return the children of slice k, at first hand; ask once for each slice.

        Raises:
            CancelledError: it was cancelled.
        """
        if self._request.factor == 2:
            return self._once(k)
        if self._request.direction is Direction.THROUGH_PLANE:
            return self._twice_through(k)
        return self._twice_in(k)

    def _once(self, k: int) -> Children:
        frame = gather(self._voxels, k, self._neighbours, padding=self._request.padding)
        request = self._request
        self._cancel.raise_if_cancelled()
        return self._doubler.run(frame, ratio=request.profile_ratio, shape=request.profile_shape)

    def _twice_through(self, k: int) -> Children:
        halves = [self._again(self._near(2 * k + n)) for n in range(2)]
        planes = np.concatenate([half.planes for half in halves])
        is_kept = self._firsts.get(k).is_kept or any(half.is_kept for half in halves)
        return Children(planes, is_kept)

    def _twice_in(self, k: int) -> Children:
        count = self._voxels.shape[0]
        half = self._neighbours // 2
        near = [min(max(k + n, 0), count - 1) for n in range(-half, half + 1)]
        again = self._again([plane_of(self._firsts.get(m).planes, 2) for m in near])
        return Children(
            pixels_of(plane_of(again.planes, 2), 4), self._firsts.get(k).is_kept or again.is_kept
        )

    def _near(self, fine: int) -> list[Planes]:
        """Return the halves around one half, the outermost repeated at the ends."""
        last, reach = 2 * self._voxels.shape[0] - 1, self._neighbours // 2
        places = [min(max(fine + n, 0), last) for n in range(-reach, reach + 1)]
        return [self._firsts.get(place // 2).planes[place % 2] for place in places]

    def _again(self, planes: list[Planes]) -> Children:
        """Return what the model makes of planes that it made; they touch like boxes."""
        stack = np.stack(planes)
        middle = len(planes) // 2
        frame = gather(stack, middle, len(planes), padding=self._request.padding)
        self._cancel.raise_if_cancelled()
        return self._doubler.run(frame, ratio=1.0, shape=BOX)


class Recent(Generic[Value]):
    """Values by number, made when asked for; the ones asked for last are kept. Owned by one run.

    Args:
        make: makes the value of a number.
        kept: how many are kept.
    """

    def __init__(self, make: Callable[[int], Value], kept: int) -> None:
        self._make = make
        self._limit = kept
        self._kept: OrderedDict[int, Value] = OrderedDict()

    def get(self, number: int) -> Value:
        """Return the value of a number."""
        if number not in self._kept:
            self._kept[number] = self._make(number)
        self._kept.move_to_end(number)
        while len(self._kept) > self._limit:
            self._kept.popitem(last=False)
        return self._kept[number]


def plane_of(pixels: Planes, factor: int) -> Planes:
    """Return the plane ``[f j, f i]`` whose squares of f x f pixels are given, ``[f f, j, i]``."""
    _, rows, columns = pixels.shape
    squares = pixels.reshape(factor, factor, rows, columns).transpose(2, 0, 3, 1)
    return squares.reshape(factor * rows, factor * columns)


def pixels_of(plane: Planes, factor: int) -> Planes:
    """Return the pixels of each square of f x f of a plane, ``[f f, j, i]``, row by row."""
    rows, columns = plane.shape[0] // factor, plane.shape[1] // factor
    squares = plane.reshape(rows, factor, columns, factor).transpose(1, 3, 0, 2)
    return squares.reshape(factor * factor, rows, columns)
