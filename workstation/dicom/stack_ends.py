"""Slices that are missing at the ends of a stack, where its neighbors or its numbers tell.

Places alone cannot show that the last slice was lost. Other stacks of the same places can (of
other b-values, phases, echoes), and numbers that do not begin at one can make it likely.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workstation.core.verdict import Doubt, MissingSlices
from workstation.dicom.display_sets import DisplaySet

SAME_STEP = 0.01
"""Stacks are compared only if their usual gaps differ by less than this share."""

MOST_SHORT = 0.5
"""A stack that lacks more than this share of the places covers less on purpose."""

FEWEST_NUMBERED = 3
"""Fewer slices than this are numbered too freely to conclude from."""


def missing_at_ends(sets: Sequence[DisplaySet]) -> tuple[tuple[MissingSlices, ...], ...]:
    """Return for each stack of one family the slices that it lacks at its ends.

    Args:
        sets: stacks that were told apart only by contrast or time.
    """
    steps = {
        index: float(np.median(one.geometry.gaps_mm))
        for index, one in enumerate(sets)
        if one.geometry.is_placed and not one.geometry.is_at_one_place
    }
    usual = float(np.median(list(steps.values()))) if steps else 0.0
    alike = [index for index, step in steps.items() if abs(step - usual) <= SAME_STEP * usual]
    if len(alike) < 2:
        return tuple(() for _ in sets)
    places = _shared_places([sets[index] for index in alike], usual)
    return tuple(
        _lacking(one, places, usual) if index in alike else () for index, one in enumerate(sets)
    )


def begins_late(one: DisplaySet) -> Doubt | None:
    """Return a doubt where the images of a whole series are numbered from more than one on."""
    numbers = sorted(frame.instance_number for frame in one.frames)
    is_plain = all(frame.frame_count == 0 and frame.tile is None for frame in one.frames)
    is_run = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    if not (is_plain and is_run and numbers[0] > 1 and len(numbers) >= FEWEST_NUMBERED):
        return None
    before = numbers[0] - 1
    images = "1 image before is" if before == 1 else f"{before} images before are"
    text = (
        f"The images are numbered from {numbers[0]} on: the {images} missing, or in another series."
    )
    return Doubt("first_slices_unsure", text)


def _shared_places(sets: Sequence[DisplaySet], step: float) -> NDArray[np.float64]:
    """Return the places that most stacks have; of two stacks, those of the longer one."""
    if len(sets) == 2:
        return max(sets, key=lambda one: one.slice_count).geometry.distances_mm
    every = np.concatenate([one.geometry.distances_mm for one in sets])
    first = float(every.min())
    counts = Counter(np.rint((every - first) / step).astype(int).tolist())
    held = sorted(index for index, count in counts.items() if count > len(sets) / 2)
    return first + step * np.array(held, dtype=np.float64)


def _lacking(
    one: DisplaySet, places: NDArray[np.float64], usual: float
) -> tuple[MissingSlices, ...]:
    distances = one.geometry.distances_mm
    below = places[places < distances[0] - usual / 2]
    above = places[places > distances[-1] + usual / 2]
    if below.size + above.size > MOST_SHORT * places.size:
        return ()
    ends = ((below, one.frames[0]), (above, one.frames[-1]))
    return tuple(
        MissingSlices(
            stack=one.name,
            count=int(lost.size),
            lower=frame.frame_number or frame.instance_number,
            upper=frame.frame_number or frame.instance_number,
            from_mm=float(lost.min()),
            to_mm=float(lost.max()),
        )
        for lost, frame in ends
        if lost.size
    )
