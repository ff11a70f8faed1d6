"""The steps themselves: pure functions of a frame (before a model) or of its result (after it)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from inference.ops.frame import Frame
from inference.packs.manifest import Step
from workstation.core.errors import InputRefusedError
from workstation.core.intensity import Padding, is_padding

Parameters: TypeAlias = Mapping[str, float]
Slices: TypeAlias = NDArray[np.float32]
BeforeStep: TypeAlias = Callable[[Frame, Parameters], Frame]
AfterStep: TypeAlias = Callable[[Slices, Frame], Slices]

PERCENTILE_SAMPLES = 500_000
"""Voxels looked at for a percentile; more change the 99th percentile by less than 0.1 %."""


def fill_padding(frame: Frame, parameters: Parameters) -> Frame:
    """Return the frame with voxels outside the scanned field set to ``value``."""
    if frame.is_padding is None:
        return frame
    filled = np.where(frame.is_padding, np.float32(parameters["value"]), frame.slices)
    return replace(frame, slices=filled)


def clip(frame: Frame, parameters: Parameters) -> Frame:
    """Return the frame with values limited to ``low`` .. ``high``."""
    limited = np.clip(frame.slices, np.float32(parameters["low"]), np.float32(parameters["high"]))
    return replace(frame, slices=limited)


def scale(frame: Frame, parameters: Parameters) -> Frame:
    """Return the frame multiplied by ``factor``."""
    factor = np.float32(parameters["factor"])
    return replace(frame, slices=frame.slices * factor, scale=frame.scale * float(factor))


def window(frame: Frame, parameters: Parameters) -> Frame:
    """Return the frame with a window mapped to 0 .. 1 and limited to it."""
    low = parameters["center"] - parameters["width"] / 2
    mapped = (frame.slices - np.float32(low)) / np.float32(parameters["width"])
    return replace(frame, slices=np.clip(mapped, 0, 1))


def undo_scale(result: Slices, frame: Frame) -> Slices:
    """Return the result divided by what the frame was multiplied with."""
    return result / np.float32(frame.scale)


def keep_pair_mean(result: Slices, frame: Frame) -> Slices:
    """Return the children of a slice, two or four, moved so that their mean is the slice."""
    if len(result) == 2:
        half = (result[0] - result[1]) / 2
        return np.stack([frame.original + half, frame.original - half])
    moved: Slices = frame.original + (result - result.mean(axis=0))
    return moved


def restore_padding(result: Slices, frame: Frame) -> Slices:
    """Return the result with the original where the middle slice holds padding."""
    if frame.is_padding is None:
        return result
    return np.where(frame.is_padding[frame.is_padding.shape[0] // 2], frame.original, result)


BEFORE: Mapping[str, BeforeStep] = MappingProxyType(
    {"fill_padding": fill_padding, "clip": clip, "scale": scale, "window": window}
)
"""Steps on a frame, by name; ``scale_by_percentile`` becomes a ``scale`` once per volume."""

AFTER: Mapping[str, AfterStep] = MappingProxyType(
    {
        "undo_scale": undo_scale,
        "keep_pair_mean": keep_pair_mean,
        "restore_padding": restore_padding,
    }
)
"""Steps on a result, by name."""


def bind(steps: Sequence[Step], volume: NDArray[Any], padding: Padding) -> tuple[Step, ...]:
    """Return the steps with those that look at the whole volume replaced by what they found.

    Raises:
        InputRefusedError: the volume is empty, so that there is nothing to scale by.
    """
    return tuple(
        _percentile_scale(step, volume, padding) if step.name == "scale_by_percentile" else step
        for step in steps
    )


def prepare(frame: Frame, steps: Sequence[Step]) -> Frame:
    """Return the frame after all steps, in order; they come from :func:`bind`."""
    for step in steps:
        frame = BEFORE[step.name](frame, step.parameters)
    return frame


def finish(result: Slices, frame: Frame, steps: Sequence[Step]) -> Slices:
    """Return the result after all steps, in order."""
    for step in steps:
        result = AFTER[step.name](result, frame)
    return result


def clipped_off(frame: Frame, steps: Sequence[Step]) -> Slices:
    """Return what clipping takes from the middle slice, ``[j, i]`` in the unit of the volume.

    A model sees no more than the range it knows; what it changes there is a change of the scanned
    value, also where that lies outside, as with metal or untold padding. Zero in padding, which
    has a step of its own.
    """
    middle = frame.slices.shape[0] // 2
    outside = None if frame.is_padding is None else frame.is_padding[middle]
    alone = replace(
        frame,
        slices=frame.slices[middle : middle + 1],
        is_padding=None if outside is None else outside[None],
    )
    taken = np.zeros_like(frame.original)
    for step in steps:
        made = BEFORE[step.name](alone, step.parameters)
        if step.name == "clip":
            taken += (alone.slices[0] - made.slices[0]) / np.float32(alone.scale)
        alone = made
    return taken if outside is None else np.where(outside, np.float32(0), taken)


def _percentile_scale(step: Step, volume: NDArray[Any], padding: Padding) -> Step:
    stride = max(volume.size // PERCENTILE_SAMPLES, 1)
    sample = volume.reshape(-1)[::stride].astype(np.float32)
    lifted = sample[(sample > 0) & ~is_padding(sample, padding)]
    level = float(np.percentile(lifted, step.parameters["percentile"])) if lifted.size else 0.0
    if level <= 0:
        raise InputRefusedError("This series cannot be enhanced", why="it holds no signal")
    return Step("scale", MappingProxyType({"factor": 1.0 / level}))
