"""The reasons to split a series into display sets, in the order in which they are asked.

A key gives a value per frame; frames of different values are in different sets. Numbers that are
rounded differently from file to file are compared with a tolerance.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from workstation.core.geometry import plane_name
from workstation.dicom.distinctions import DISTINCTIONS
from workstation.dicom.frames import Frame
from workstation.dicom.ordering import unit_axes

SAME_DIRECTION = 1e-3
"""Largest difference of direction cosines inside one stack: 0.2 mm at the edge of a 400 mm image.

Some write cosines with three decimals, others jitter in the fourth; two stacks that a reader would
tell apart differ by more than this 0.06 degrees.
"""

SAME_SPACING = 5e-4
"""Largest relative difference of pixel sizes inside one stack: a tenth of a pixel in 256."""

IN_PLANE_STEP_MM = 1.0
"""Slices at one depth whose corners differ by more belong to different stacks."""

MEANINGLESS_SHARE = 0.5
"""Share of different identifiers among slices above which they identify nothing.

Some de-identification gives every file a frame of reference of its own (s01).
"""


@dataclass(frozen=True, slots=True)
class Key:
    """A reason to split: the value of a frame, and how a value is named to people."""

    value: Callable[[Frame], Hashable]
    label: Callable[[Frame], str]


def always(frames: Sequence[Frame]) -> tuple[Key, ...]:
    """Return what can never be in one stack, for the frames of one series; the direction last."""
    return (
        Key(lambda frame: (frame.rows, frame.columns), _size_label),
        Key(_photometric, _color_label),
        Key(Alike(SAME_SPACING, _spacing).number_of, _spacing_label),
        Key(_kind, _kind_label),
        Key(_loop, _loop_label),
        Key(_identifier(frames, _reference), lambda _frame: "other reference frame"),
        Key(_identifier(frames, _stack_id), lambda frame: f"stack {frame.stack_id}"),
        Key(Alike(SAME_DIRECTION, _direction).number_of, _plane),
    )


def where_places_repeat(frames: Sequence[Frame]) -> tuple[Key, ...]:
    """Return what may make slices at one place differ, in the order in which it is asked."""
    depth = max((len(frame.dimensions) for frame in frames), default=0)
    return (*_CONTRASTS, *map(_dimension, range(depth)), *_TIMES, Key(_in_plane, _in_plane_label))


class Alike:
    """Numbers vectors, taking those within a tolerance of the first such for one. One thread.

    Args:
        tolerance: largest difference of a component.
        vector: gives the vector of a frame; None where it has none.
    """

    def __init__(
        self, tolerance: float, vector: Callable[[Frame], tuple[float, ...] | None]
    ) -> None:
        self._tolerance = tolerance
        self._vector = vector
        self._known: list[tuple[float, ...]] = []
        self._numbers: dict[tuple[float, ...] | None, int] = {None: -1}

    def number_of(self, frame: Frame) -> int:
        """Return the number of the vector of a frame; -1 where it has none."""
        vector = self._vector(frame)
        number = self._numbers.get(vector)
        if number is None and vector is not None:
            number = self._numbers[vector] = self._find(vector)
        return -1 if number is None else number

    def _find(self, vector: tuple[float, ...]) -> int:
        for number, known in enumerate(self._known):
            if max(abs(a - b) for a, b in zip(vector, known, strict=True)) <= self._tolerance:
                return number
        self._known.append(vector)
        return len(self._known) - 1


def _identifier(frames: Sequence[Frame], of: Callable[[Frame], str]) -> Callable[[Frame], Hashable]:
    """Return what tells frames apart by a name; nothing where nearly each has its own."""
    if len(set(map(of, frames))) > MEANINGLESS_SHARE * len(frames):
        return lambda _frame: ""
    return of


def _reference(frame: Frame) -> str:
    return frame.frame_of_reference_uid


def _stack_id(frame: Frame) -> str:
    return frame.stack_id


def _direction(frame: Frame) -> tuple[float, ...] | None:
    return frame.imaging.orientation if frame.position is not None else None


def _spacing(frame: Frame) -> tuple[float, ...] | None:
    """Return the logarithm of the pixel size, so that the tolerance is relative."""
    spacing = frame.imaging.spacing_mm
    return (float(np.log(spacing[0])), float(np.log(spacing[1]))) if spacing else None


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


def _kind(frame: Frame) -> tuple[str, ...]:
    return frame.imaging.contrast.image_type[:3]


def _kind_label(frame: Frame) -> str:
    return frame.imaging.contrast.image_type[2].lower() if _kind(frame)[2:] else "other kind"


def _loop(frame: Frame) -> Hashable:
    """A film (cine, ultrasound loop, angiographic run) is never mixed with another one."""
    return frame.file if frame.frame_count > 1 and frame.position is None else None


def _loop_label(frame: Frame) -> str:
    return f"image {frame.instance_number}" if frame.frame_count > 1 else "single images"


def _photometric(frame: Frame) -> Hashable:
    layout = frame.imaging.layout
    return layout.is_color or frame.imaging.is_low_bright, layout.is_color


def _in_plane(frame: Frame) -> Hashable:
    axes = unit_axes(frame.imaging.orientation)
    if axes is None or frame.position is None:
        return None
    position = np.array(frame.position)
    return tuple(round(float(position @ axis) / IN_PLANE_STEP_MM) for axis in axes)


def _in_plane_label(_frame: Frame) -> str:
    return "other place"


def _type_label(frame: Frame) -> str:
    return " ".join(frame.imaging.contrast.image_type[2:]).lower() or "other kind"


def number(text: str) -> Hashable:
    """Return a text as a number where it is one, so that "1" and "1.0" are the same."""
    try:
        return float(text)
    except ValueError:
        return text


def _dimension(index: int) -> Key:
    """Return the key of one component of the Dimension Index Values; PS3.3 C.7.6.17."""

    def value(frame: Frame) -> Hashable:
        return frame.dimensions[index] if index < len(frame.dimensions) else None

    return Key(value, lambda frame: f"index {value(frame) or 0}")


def _other(index: int) -> Key:
    """Return the key of one further attribute."""
    one = DISTINCTIONS[index]

    def value(frame: Frame) -> str:
        others = frame.imaging.contrast.others
        return others[index] if others else ""

    def label(frame: Frame) -> str:
        if not one.is_said:
            return one.name
        return " ".join(part for part in (one.name, value(frame) or "none", one.unit) if part)

    return Key(value, label)


IMAGE_TYPE = Key(lambda frame: frame.imaging.contrast.image_type, _type_label)
"""Image Type in full: magnitude and phase, in-phase and water, and so on."""

_CONTRASTS: tuple[Key, ...] = (
    IMAGE_TYPE,
    Key(
        lambda frame: frame.imaging.contrast.b_value,
        lambda frame: f"b={frame.imaging.contrast.b_value or 0:.0f}",
    ),
    Key(lambda frame: frame.imaging.contrast.gradient, lambda _frame: "direction"),
    Key(
        lambda frame: frame.imaging.contrast.echo_time_ms,
        lambda frame: f"TE {frame.imaging.contrast.echo_time_ms or 0:g} ms",
    ),
    Key(
        lambda frame: frame.imaging.contrast.echo_number,
        lambda frame: f"echo {frame.imaging.contrast.echo_number}",
    ),
    Key(
        lambda frame: frame.imaging.contrast.inversion_time_ms,
        lambda frame: f"TI {frame.imaging.contrast.inversion_time_ms or 0:g} ms",
    ),
    Key(
        lambda frame: frame.imaging.contrast.kernel,
        lambda frame: f"kernel {frame.imaging.contrast.kernel}",
    ),
    *map(_other, range(len(DISTINCTIONS))),
    Key(
        lambda frame: number(frame.timing.temporal_position),
        lambda frame: f"time {frame.timing.temporal_position}",
    ),
    Key(
        lambda frame: number(frame.timing.trigger_time),
        lambda frame: f"trigger {frame.timing.trigger_time} ms",
    ),
    Key(
        lambda frame: frame.timing.acquisition_number,
        lambda frame: f"acquisition {frame.timing.acquisition_number}",
    ),
)

_TIMES: tuple[Key, ...] = (
    Key(lambda frame: frame.timing.acquisition_time, lambda _frame: "time"),
    Key(lambda frame: frame.timing.content_time, lambda _frame: "time"),
)

RANKED: tuple[Key, ...] = (
    Key(lambda frame: number(frame.timing.temporal_position), lambda _frame: "time"),
    Key(lambda frame: number(frame.timing.trigger_time), lambda _frame: "phase"),
    Key(lambda frame: number(frame.timing.acquisition_time), lambda _frame: "time"),
    Key(lambda frame: number(frame.timing.content_time), lambda _frame: "time"),
)
"""Times that differ from slice to slice: the first at each place is the first phase, and so on."""
