"""Split the frames of a series into display sets without losing one.

First by what can never be in one stack: size, color, orientation, pixel size, frame of reference,
kind of image. Then, only where several slices claim the same place, by what makes them differ:
echo, b-value, time and so on. What nothing explains is kept as a repeat. The number of slices over
all sets always equals the number of frames given.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from workstation.core.geometry import plane_name
from workstation.dicom.frames import Frame
from workstation.dicom.ordering import SAME_PLACE_MM, positions_of, unit_axes

SAME_DIRECTION = 2e-4
"""Largest difference of direction cosines inside one stack: 0.08 mm at the edge of 400 mm."""

IN_PLANE_STEP_MM = 1.0
"""Slices at one depth whose corners differ by more belong to different stacks."""


MEANINGLESS_REFERENCES = 0.5
"""Share of different frames of reference among slices above which they are noise."""


@dataclass(frozen=True, slots=True)
class FrameGroup:
    """Frames of one display set, not yet in order.

    Attributes:
        name: names the group inside its series; empty if the series is one group.
        frames: the frames.
        is_repeat: whether nothing in the headers tells it from another group at the same places.
    """

    name: str
    frames: tuple[Frame, ...]
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class _Key:
    """A reason to split: the value of a frame, and how a value is named to people."""

    value: Callable[[Frame], Hashable]
    label: Callable[[Frame], str]


def split(frames: Sequence[Frame]) -> tuple[FrameGroup, ...]:
    """Return the frames as groups that can each be one stack, largest first.

    The groups are stable: the same files in another order give the same groups.
    """
    in_order = sorted(
        frames, key=lambda frame: (frame.instance_number, frame.instance_uid, frame.index)
    )
    directions = _Directions()
    groups = [FrameGroup("", tuple(in_order))]
    references = _Key(_reference_frames(in_order), lambda _frame: "other reference frame")
    for key in (*_ALWAYS, references, _Key(directions.number_of, _plane)):
        groups = [part for group in groups for part in _parts(group, key)]
    resolved = [part for group in groups for part in _resolve(group, _WHERE_PLACES_REPEAT)]
    return _named(sorted(resolved, key=lambda group: -len(group.frames)))


def _parts(group: FrameGroup, key: _Key) -> list[FrameGroup]:
    buckets: dict[Hashable, list[Frame]] = {}
    for frame in group.frames:
        buckets.setdefault(key.value(frame), []).append(frame)
    if len(buckets) == 1:
        return [group]
    return [
        FrameGroup(_joined(group.name, key.label(bucket[0])), tuple(bucket), group.is_repeat)
        for bucket in buckets.values()
    ]


def _resolve(group: FrameGroup, keys: Sequence[_Key]) -> list[FrameGroup]:
    """Split a group until no two of its frames are at the same place."""
    most = most_at_one_place(group.frames)
    if most <= 1:
        return [group]
    for number, key in enumerate(keys):
        parts = _parts(group, key)
        if 1 < len(parts) <= most:
            rest = keys[number + 1 :]
            return [piece for part in parts for piece in _resolve(part, rest)]
    return _repeats(group)


def most_at_one_place(frames: Sequence[Frame]) -> int:
    """Return how many frames share the most crowded place; 0 where they have no places."""
    places = _places(frames)
    return 0 if places is None else int(np.bincount(places).max())


def _places(frames: Sequence[Frame]) -> np.typing.NDArray[np.intp] | None:
    """Return the number of the place of each frame along the normal."""
    positions = positions_of(frames)
    axes = unit_axes(frames[0].imaging.orientation)
    if positions is None or axes is None:
        return None
    distances = positions @ np.cross(axes[0], axes[1])
    sequence = np.argsort(distances, kind="stable")
    steps = np.diff(distances[sequence], prepend=distances[sequence[0]]) > SAME_PLACE_MM
    places = np.empty(len(frames), dtype=np.intp)
    places[sequence] = np.cumsum(steps)
    return places


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
        FrameGroup(
            group.name if turn == 1 else _joined(group.name, f"repeat {turn}"),
            tuple(members),
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
        named.append(FrameGroup(name, group.frames, group.is_repeat))
    return tuple(named)


def _joined(name: str, label: str) -> str:
    return ", ".join(part for part in (name, label) if part)


def _reference_frames(frames: Sequence[Frame]) -> Callable[[Frame], Hashable]:
    """Return what tells frames of reference apart; nothing where nearly each slice has its own.

    Some de-identification gives every file a new UID (s01); then it says nothing.
    """
    uids = {frame.frame_of_reference_uid for frame in frames}
    if len(uids) > MEANINGLESS_REFERENCES * len(frames):
        return lambda _frame: ""
    return lambda frame: frame.frame_of_reference_uid


class _Directions:
    """Numbers orientations, taking those within SAME_DIRECTION for one. One thread."""

    def __init__(self) -> None:
        self._known: list[tuple[float, ...]] = []
        self._numbers: dict[tuple[float, ...] | None, int] = {None: -1}

    def number_of(self, frame: Frame) -> int:
        """Return the number of the orientation of a frame; -1 where it has none."""
        cosines = frame.imaging.orientation if frame.position is not None else None
        number = self._numbers.get(cosines)
        if number is None and cosines is not None:
            number = self._numbers[cosines] = self._find(cosines)
        return -1 if number is None else number

    def _find(self, cosines: tuple[float, ...]) -> int:
        for number, known in enumerate(self._known):
            if max(abs(a - b) for a, b in zip(cosines, known, strict=True)) <= SAME_DIRECTION:
                return number
        self._known.append(cosines)
        return len(self._known) - 1


def _plane(frame: Frame) -> str:
    axes = unit_axes(frame.imaging.orientation)
    if axes is None or frame.position is None:
        return "no position"
    return plane_name(np.cross(axes[0], axes[1]))


def _size_label(frame: Frame) -> str:
    return f"{frame.columns} x {frame.rows}"


def _color_label(frame: Frame) -> str:
    return "color" if frame.imaging.layout.is_color else "gray"


def _spacing_label(frame: Frame) -> str:
    spacing = frame.imaging.spacing_mm
    return f"{spacing[1]:g} mm pixels" if spacing else "no pixel size"


def _kind_label(frame: Frame) -> str:
    return frame.imaging.contrast.image_type[2].lower() if _kind(frame)[2:] else "other kind"


def _kind(frame: Frame) -> tuple[str, ...]:
    return frame.imaging.contrast.image_type[:3]


def _type_label(frame: Frame) -> str:
    return " ".join(frame.imaging.contrast.image_type[2:]).lower() or "other kind"


def _photometric(frame: Frame) -> Hashable:
    layout = frame.imaging.layout
    return layout.is_color or layout.photometric == "MONOCHROME1", layout.is_color


def _in_plane(frame: Frame) -> Hashable:
    axes = unit_axes(frame.imaging.orientation)
    if axes is None or frame.position is None:
        return None
    position = np.array(frame.position)
    return tuple(round(float(position @ axis) / IN_PLANE_STEP_MM) for axis in axes)


def _number(text: str) -> Hashable:
    try:
        return float(text)
    except ValueError:
        return text


_ALWAYS: tuple[_Key, ...] = (
    _Key(lambda frame: (frame.rows, frame.columns), _size_label),
    _Key(_photometric, _color_label),
    _Key(lambda frame: frame.imaging.spacing_mm, _spacing_label),
    _Key(_kind, _kind_label),
)
"""What can never be in one stack."""

_WHERE_PLACES_REPEAT: tuple[_Key, ...] = (
    _Key(lambda frame: frame.imaging.contrast.image_type, _type_label),
    _Key(
        lambda frame: frame.imaging.contrast.b_value,
        lambda frame: f"b={frame.imaging.contrast.b_value or 0:.0f}",
    ),
    _Key(lambda frame: frame.imaging.contrast.gradient, lambda frame: "direction"),
    _Key(
        lambda frame: frame.imaging.contrast.echo_time_ms,
        lambda frame: f"TE {frame.imaging.contrast.echo_time_ms or 0:g} ms",
    ),
    _Key(
        lambda frame: frame.imaging.contrast.echo_number,
        lambda frame: f"echo {frame.imaging.contrast.echo_number}",
    ),
    _Key(
        lambda frame: frame.imaging.contrast.inversion_time_ms,
        lambda frame: f"TI {frame.imaging.contrast.inversion_time_ms or 0:g} ms",
    ),
    _Key(
        lambda frame: frame.imaging.contrast.kernel, lambda f: f"kernel {f.imaging.contrast.kernel}"
    ),
    _Key(
        lambda frame: _number(frame.timing.temporal_position),
        lambda frame: f"time {frame.timing.temporal_position}",
    ),
    _Key(
        lambda frame: _number(frame.timing.trigger_time),
        lambda frame: f"trigger {frame.timing.trigger_time} ms",
    ),
    _Key(
        lambda frame: frame.timing.acquisition_number,
        lambda frame: f"acquisition {frame.timing.acquisition_number}",
    ),
    _Key(
        lambda frame: frame.timing.acquisition_time,
        lambda _frame: "time",
    ),
    _Key(lambda frame: frame.timing.content_time, lambda _frame: "time"),
    _Key(_in_plane, lambda frame: "other place"),
)
"""What makes slices at one place differ, in the order in which it is asked."""
