"""Split the frames of a series into display sets without losing one.

First by what can never be in one stack: size, color, orientation, pixel size, frame of reference,
kind of image. Then, only where several slices claim the same place, by what makes them differ:
echo, b-value, time and so on. What nothing explains is kept as a repeat. The number of slices over
all sets always equals the number of frames given.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from workstation.core.geometry import SAME_PLACE_MM
from workstation.dicom.frames import Frame
from workstation.dicom.ordering import positions_of, unit_axes
from workstation.dicom.splitting_keys import IMAGE_TYPE, RANKED, Key, always, where_places_repeat

ROUNDED_PLACE_MM = 0.1
"""Repeated slices may be this far apart along the normal where real steps are several times wider.

A table that returns, or motion correction, does not stop at the same micrometer.
"""

STEP_OF_ROUNDING = 4.0
"""How many times wider a real step is than the differences of repeated slices."""


FEWEST_TURNING = 4
"""So many single images of different directions are one rotation; a scout has three planes."""


@dataclass(frozen=True, slots=True)
class FrameGroup:
    """Frames of one display set, not yet in order.

    Attributes:
        name: names the group inside its series; empty if the series is one group.
        frames: the frames.
        is_repeat: whether nothing in the headers tells it from another group at the same places.
        is_turning: whether each frame looks from a direction of its own, as in a rotating
            projection; they have an order, but no common normal.
        family: groups of one number were at the same places and were told apart by contrast.
    """

    name: str
    frames: tuple[Frame, ...]
    is_repeat: bool = False
    is_turning: bool = False
    family: int = 0


def split(frames: Sequence[Frame]) -> tuple[FrameGroup, ...]:
    """Return the frames as groups that can each be one stack, largest first.

    The groups are stable: the same files in another order give the same groups.
    """
    in_order = sorted(
        frames,
        key=lambda frame: (
            frame.instance_number,
            frame.instance_uid,
            frame.file.name,
            frame.index,
        ),
    )
    groups = [FrameGroup("", tuple(in_order))]
    *firmly, direction = always(in_order)
    for key in firmly:
        groups = [part for group in groups for part in _parts(group, key)]
    groups = [part for group in groups for part in _turning(_parts(group, direction))]
    keys = where_places_repeat(in_order)
    resolved = [
        part
        for family, group in enumerate(groups)
        for part in _resolve(replace(group, family=family), keys)
    ]
    return _named(sorted(resolved, key=lambda group: -len(group.frames)))


def most_at_one_place(frames: Sequence[Frame]) -> int:
    """Return the largest number of frames at the same place along the normal; 0 without places."""
    places = _places(frames)
    return 0 if places is None else int(np.bincount(places).max())


def _parts(group: FrameGroup, key: Key) -> list[FrameGroup]:
    buckets: dict[Hashable, list[Frame]] = {}
    for frame in group.frames:
        buckets.setdefault(key.value(frame), []).append(frame)
    if len(buckets) == 1:
        return [group]
    return [
        replace(group, name=_joined(group.name, key.label(bucket[0])), frames=tuple(bucket))
        for bucket in buckets.values()
    ]


def _turning(parts: list[FrameGroup]) -> list[FrameGroup]:
    """Return the parts of one group with the single ones together, where they are many."""
    singles = [part for part in parts if len(part.frames) == 1]
    if len(singles) < FEWEST_TURNING or len(singles) <= len(parts) / 2:
        return parts
    frames = tuple(frame for part in singles for frame in part.frames)
    film = replace(singles[0], name="turning", frames=frames, is_turning=True)
    return [*(part for part in parts if len(part.frames) > 1), film]


def _resolve(group: FrameGroup, keys: Sequence[Key]) -> list[FrameGroup]:
    """Split a group until no two of its frames are at the same place.

    A key is taken only where it tells slices at one place apart: an acquisition number that
    merely changes half way along the patient must not cut the volume because of one repeat.
    """
    most = 1 if group.is_turning else most_at_one_place(group.frames)
    if most <= 1:
        return [group]
    if most == len(group.frames):
        return _films(group, keys)
    for number, key in enumerate(keys):
        parts = _parts(group, key)
        if 1 < len(parts) <= most and _are_told_apart(parts, most):
            rest = keys[number + 1 :]
            return [piece for part in parts for piece in _resolve(part, rest)]
    return _ranked(group) or _repeats(group)


def _films(group: FrameGroup, keys: Sequence[Key]) -> list[FrameGroup]:
    """Return slices that all lie at one place: as films, if they differ by time or contrast.

    Thirty phases of one slice are one picture that moves, not thirty stacks. What no header tells
    apart is a repeat.
    """
    kinds = _parts(group, IMAGE_TYPE)
    films = []
    for kind in kinds:
        identities = {tuple(key.value(frame) for key in keys) for frame in kind.frames}
        films += [kind] if len(identities) == len(kind.frames) else _repeats(kind)
    return films


def _are_told_apart(parts: Sequence[FrameGroup], most: int) -> bool:
    return max(most_at_one_place(part.frames) for part in parts) < most


def _ranked(group: FrameGroup) -> list[FrameGroup]:
    """Return one group per phase where each place was scanned equally often at different times."""
    places = _places(group.frames)
    if places is None or len(set(np.bincount(places))) != 1:
        return []
    for key in RANKED:
        values = [key.value(frame) for frame in group.frames]
        if "" in values or len({type(value) for value in values}) != 1:
            continue
        keyed = list(zip(places.tolist(), values, strict=True))
        if len(set(keyed)) == len(keyed):
            return _phases(group, keyed, key)
    return []


def _phases(group: FrameGroup, keyed: Sequence[tuple[int, Hashable]], key: Key) -> list[FrameGroup]:
    """Return the frames by their turn at their place, in order of a time."""
    turns: dict[int, int] = {}
    phases: dict[int, list[Frame]] = {}
    for index in sorted(range(len(keyed)), key=lambda index: keyed[index]):
        place = keyed[index][0]
        turn = turns[place] = turns.get(place, 0) + 1
        phases.setdefault(turn, []).append(group.frames[index])
    return [
        replace(
            group,
            name=_joined(group.name, f"{key.label(members[0])} {turn}"),
            frames=tuple(members),
        )
        for turn, members in phases.items()
    ]


def _places(frames: Sequence[Frame]) -> np.typing.NDArray[np.intp] | None:
    """Return the number of the place of each frame along the normal."""
    positions = positions_of(frames)
    axes = unit_axes(frames[0].imaging.orientation)
    if positions is None or axes is None:
        return None
    distances = positions @ np.cross(axes[0], axes[1])
    sequence = np.argsort(distances, kind="stable")
    gaps = np.diff(distances[sequence], prepend=distances[sequence[0]])
    places = np.empty(len(frames), dtype=np.intp)
    places[sequence] = np.cumsum(gaps > _same_place_mm(gaps))
    return places


def _same_place_mm(gaps: np.typing.NDArray[np.float64]) -> float:
    """Return how far apart repeated slices may be, from the gaps between all in order.

    More than the rounding of positions only where every gap is either tiny or a real step, and no
    run of tiny ones is itself as wide as a step could be (a microscope's slices).
    """
    is_tiny = gaps <= ROUNDED_PLACE_MM
    widest_tiny = float(gaps[is_tiny].max())
    if widest_tiny <= SAME_PLACE_MM or is_tiny.all():
        return SAME_PLACE_MM
    runs = np.cumsum(~is_tiny)
    widest_run = float(np.bincount(runs, weights=np.where(is_tiny, gaps, 0.0)).max())
    is_clear = float(gaps[~is_tiny].min()) >= STEP_OF_ROUNDING * widest_tiny
    return ROUNDED_PLACE_MM if is_clear and widest_run <= ROUNDED_PLACE_MM else SAME_PLACE_MM


def _repeats(group: FrameGroup) -> list[FrameGroup]:
    """Give the first frame at each place to the first set, the second to the second ..."""
    places = _places(group.frames)
    if places is None:
        return [group]
    seen: dict[int, int] = {}
    sets: dict[int, list[Frame]] = {}
    for frame, place in zip(group.frames, places, strict=True):
        turn = seen[int(place)] = seen.get(int(place), 0) + 1
        sets.setdefault(turn, []).append(frame)
    return [
        replace(
            group,
            name=group.name if turn == 1 else _joined(group.name, f"repeat {turn}"),
            frames=tuple(members),
            is_repeat=turn > 1,
        )
        for turn, members in sets.items()
    ]


def _named(groups: Sequence[FrameGroup]) -> tuple[FrameGroup, ...]:
    """Make the names of the groups unique."""
    counts: dict[str, int] = {}
    for group in groups:
        counts[group.name] = counts.get(group.name, 0) + 1
    turns: dict[str, int] = {}
    named = []
    for group in groups:
        name = group.name
        if counts[name] > 1:
            turns[name] = turns.get(name, 0) + 1
            name = f"{name} #{turns[name]}".strip()
        named.append(replace(group, name=name))
    return tuple(named)


def _joined(name: str, label: str) -> str:
    return ", ".join(part for part in (name, label) if part)
