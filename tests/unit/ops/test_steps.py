"""Each named step does what its name says, on hand-worked numbers."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pytest

from inference.ops.frame import gather
from inference.ops.steps import bind, finish, prepare
from inference.packs.manifest import Step
from workstation.core.errors import InputRefusedError

VOLUME = np.array([[[0, 10]], [[20, -2000]], [[40, 50]]], np.int16)
"""Three slices of one row and two columns; -2000 is padding."""


def step(name: str, **parameters: float) -> Step:
    return Step(name, MappingProxyType(parameters))


def test_a_frame_holds_the_neighbours_and_repeats_the_ends() -> None:
    frame = gather(VOLUME, 0, 5)

    assert frame.slices[:, 0, 0].tolist() == [0, 0, 0, 20, 40]
    assert frame.slices.dtype == np.float32
    assert frame.original.tolist() == [[0, 10]]


def test_padding_is_filled_before_and_restored_after() -> None:
    frame = prepare(gather(VOLUME, 1, 3, padding=-2000), [step("fill_padding", value=-1000)])

    assert frame.slices[1].tolist() == [[20, -1000]]
    result = finish(frame.slices[1:2] + 5, frame, [step("restore_padding")])
    assert result.tolist() == [[[25, -2000]]]


def test_a_volume_without_padding_is_left_as_it_is() -> None:
    frame = prepare(gather(VOLUME, 1, 1), [step("fill_padding", value=0)])

    assert finish(frame.slices, frame, [step("restore_padding")]).tolist() == [[[20, -2000]]]


def test_clip_scale_and_window_work_in_order() -> None:
    steps = [step("clip", low=-1000, high=25), step("scale", factor=0.1)]
    windowed = prepare(gather(VOLUME, 2, 1), [step("window", center=40, width=40)])

    assert prepare(gather(VOLUME, 1, 1), steps).slices.ravel().tolist() == [2.0, -100.0]
    assert windowed.slices.ravel().tolist() == pytest.approx([0.5, 0.75])


def test_what_was_scaled_by_a_percentile_is_scaled_back() -> None:
    steps = bind([step("scale_by_percentile", percentile=100)], VOLUME, -2000)
    frame = prepare(gather(VOLUME, 2, 1, padding=-2000), steps)

    assert frame.slices.max() == pytest.approx(1.0)
    assert finish(frame.slices, frame, [step("undo_scale")]).ravel() == pytest.approx([40, 50])


def test_a_volume_without_signal_cannot_be_scaled() -> None:
    with pytest.raises(InputRefusedError, match="no signal"):
        bind([step("scale_by_percentile", percentile=99)], np.zeros((2, 4, 4), np.int16), None)


def test_a_pair_is_moved_to_the_mean_of_its_slice() -> None:
    frame = gather(VOLUME, 2, 1)
    pair = np.array([[[41, 60]], [[45, 50]]], np.float32)

    moved = finish(pair, frame, [step("keep_pair_mean")])

    assert moved.tolist() == [[[38, 55]], [[42, 45]]]
