"""Rows and blocks of slices that were lost on the way: constant or repeated where anatomy must be.

A rule, no model. A part of a slice counts as lost only where the slices on both sides of it show
anatomy, so that air, padding and masked backgrounds are never taken for a loss.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.filled import FilledBox
from workstation.core.geometry import StackGeometry
from workstation.core.intensity import IntensityUnit
from workstation.core.volume import Volume

BODY_HU = -500.0
"""Above this a CT shows the body, or bed and clothes; below it is air or lung."""

BODY_SHARE = 0.1
"""Part of the bright signal (99th percentile) above which other images show the body."""

BODY_OF_ROW = 0.15
"""Least part of a row that shows the body on both sides before its loss can be told."""

LOST_OF_BODY = 0.9
"""Least part of that body which a lost row or block hides: what is lost is lost altogether."""

LEAST_RUN_PX = 24
"""Shortest run of one value in a row that counts as part of a lost block."""

LEAST_BLOCK_ROWS = 6
"""Fewest rows of a lost block that does not span its rows: smaller ones may be anatomy."""

FEWEST_VALUES = 48
"""Different values a body has at least; what has fewer is a map of labels, where rows are alike."""

JUDGED = (IntensityUnit.HU, IntensityUnit.SIGNAL)
"""Units of scanned pictures of which a loss can be told."""

SAMPLES = 200_000
"""Voxels looked at for the bright signal."""

MOST_SLICES = 0.2
"""Largest share of slices with findings: beyond it this is how the images are and no loss."""


@dataclass(frozen=True, slots=True)
class _Levels:
    """What tells the body from the rest in one series."""

    body: float


def find_lost_rows(
    volume: Volume, check: Callable[[], None] = lambda: None
) -> tuple[FilledBox, ...]:
    """Return the parts of slices that look lost; empty where nothing does.

    The first and last slice have a neighbor on one side only and are not judged, nor are color
    images and slices that all lie at one place.

    Args:
        volume: as scanned, wholly loaded.
        check: called before each slice; raises to cancel.
    """
    geometry = volume.geometry
    count = geometry.shape_kji[0]
    is_judged = volume.intensity.unit in JUDGED and not volume.is_colour
    if not is_judged or count < 3 or not _is_stack(geometry):
        return ()
    levels = _levels(volume)
    if levels is None:
        return ()
    found: list[FilledBox] = []
    for k in range(1, count - 1):
        check()
        found += _lost_in(volume.voxels[k - 1 : k + 2], k, levels)
    if len({box.k for box in found}) > max(1, MOST_SLICES * count):
        return ()
    return tuple(found)


def _is_stack(geometry: StackGeometry) -> bool:
    gaps_mm = geometry.gaps_mm
    return geometry.is_placed and bool((gaps_mm > 0).all())


def _levels(volume: Volume) -> _Levels | None:
    """Return what tells the body from the rest; None where there is no picture of a body."""
    sample = volume.voxels.reshape(-1)[:: max(volume.voxels.size // SAMPLES, 1)]
    if volume.intensity.unit is IntensityUnit.HU:
        body = BODY_HU
    else:
        lifted = sample[sample > 0]
        body = BODY_SHARE * float(np.percentile(lifted, 99)) if lifted.size else 0.0
    is_picture = np.unique(sample[sample > body]).size >= FEWEST_VALUES
    return _Levels(body) if is_picture else None


def _lost_in(three: NDArray[Any], k: int, levels: _Levels) -> list[FilledBox]:
    """Return the lost parts of the middle one of three slices."""
    below, slice_, above = three
    is_body = (below > levels.body) & (above > levels.body)
    has_body = is_body.sum(axis=1) >= BODY_OF_ROW * is_body.shape[1]
    if not has_body.any():
        return []
    is_lost = (_constant_rows(slice_) | _repeated_rows(slice_, is_body)) & has_body
    if bool(is_lost[has_body].all()):
        return [FilledBox(k, (0, slice_.shape[0]), (0, slice_.shape[1]))]
    # Rows of one value beside lost ones are lost as well, though they show less of the body.
    beside = _constant_rows(slice_) & ~(_constant_rows(below) & _constant_rows(above))
    whole = [
        FilledBox(k, rows, (0, slice_.shape[1]))
        for rows in _runs(is_lost | beside)
        if is_lost[slice(*rows)].any()
    ]
    return [*whole, *_lost_blocks(slice_, is_body, has_body & ~is_lost, k, levels)]


def _constant_rows(slice_: NDArray[Any]) -> NDArray[np.bool_]:
    lost: NDArray[np.bool_] = slice_.min(axis=1) == slice_.max(axis=1)
    return lost


def _repeated_rows(slice_: NDArray[Any], is_body: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which rows are copies of the one before; noise never repeats itself over a body."""
    lost = np.zeros(len(slice_), dtype=np.bool_)
    same = (slice_[1:] == slice_[:-1]) | ~is_body[1:]
    lost[1:] = same.all(axis=1)
    return lost


def _lost_blocks(
    slice_: NDArray[Any],
    is_body: NDArray[np.bool_],
    is_judged: NDArray[np.bool_],
    k: int,
    levels: _Levels,
) -> list[FilledBox]:
    """Return blocks of one value, dark ones, that hide the body in rows that show some of it."""
    flat = slice_[:, 1:] == slice_[:, :-1]
    spans = [
        _dark_run(slice_[j], flat[j], is_body[j], levels) if is_judged[j] else None
        for j in range(len(slice_))
    ]
    boxes = []
    start = 0
    while start < len(spans):
        stop = start + 1
        if spans[start] is not None:
            while stop < len(spans) and spans[stop] == spans[start]:
                stop += 1
            span = spans[start]
            if span is not None and stop - start >= LEAST_BLOCK_ROWS:
                boxes.append(FilledBox(k, (start, stop), span))
        start = stop
    return boxes


def _dark_run(
    row: NDArray[Any], flat: NDArray[np.bool_], is_body: NDArray[np.bool_], levels: _Levels
) -> tuple[int, int] | None:
    """Return the columns of the longest dark run of one value over the body; None for none."""
    runs = [(a, b + 1) for a, b in _runs(flat) if b + 1 - a >= LEAST_RUN_PX]
    hidden = [
        (a, b) for a, b in runs if row[a] <= levels.body and is_body[a:b].mean() >= LOST_OF_BODY
    ]
    return max(hidden, key=lambda run: run[1] - run[0], default=None)


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return first and one past the last of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def boxes_text(boxes: Sequence[FilledBox]) -> str:
    """Return lost parts as people say them: ``rows 120 to 131 of slice 14``."""
    return ", ".join(
        f"rows {box.rows[0] + 1} to {box.rows[1]} of slice {box.k + 1}" for box in boxes
    )
