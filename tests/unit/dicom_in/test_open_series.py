"""Opening: at once, nearest first, cancellable, read-only, honest about what failed."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.canary import CANARY
from tests.unit.dicom_in.factory import image, ramp, save_all, stack
from workstation.core.errors import CancelledError, InputRefusedError
from workstation.core.image_stack import ImageStack
from workstation.core.job import CancelToken
from workstation.dicom import series_loader
from workstation.dicom.decoding import Scratch, decode_slices
from workstation.dicom.frames import Frame
from workstation.dicom.series_loader import SlicePlan
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_readable, load_series, open_series, thumbnail


@pytest.fixture
def display_set(tmp_path: Path) -> ImageStack:
    return import_paths([save_all(stack(7), tmp_path)]).all_series[0].display_sets[0]


def test_slices_are_taken_nearest_first_and_follow_the_eye() -> None:
    plan = SlicePlan([(k,) for k in range(7)], 2)

    first = [plan.next_index() for _ in range(3)]
    plan.look_at(6)
    then = [plan.next_index() for _ in range(4)]

    assert first == [2, 1, 3]
    assert then == [6, 5, 4, 0]
    assert plan.next_index() is None


def test_tiles_of_one_frame_are_taken_together() -> None:
    plan = SlicePlan([(0, 1), (0, 1), (2,)], 1)

    assert [plan.next_index(), plan.next_index(), plan.next_index()] == [1, 2, None]


def test_every_slice_is_told_once_and_the_volume_is_complete(display_set: ImageStack) -> None:
    seen: list[int] = []

    opened = open_series(display_set, first_index=0, on_slice=seen.append)
    opened.wait()

    assert sorted(seen) == list(range(7))
    assert opened.is_complete
    assert not opened.is_running
    assert opened.loaded.all()
    assert not opened.doubts
    assert np.array_equal(opened.volume.voxels[6], ramp(700) - 1000)


def test_the_volume_is_known_before_its_pixels(
    display_set: ImageStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def waiting(frames: list[Frame], outs: list[NDArray[Any]], scratch: Scratch) -> int:
        gate.wait(10)
        return decode_slices(frames, outs, scratch)

    monkeypatch.setattr(series_loader, "decode_slices", waiting)

    opened = open_series(display_set)

    assert opened.volume.geometry.shape_kji == (7, 6, 5)
    assert opened.is_running
    assert not opened.loaded.any()
    opened.look_at(6)
    gate.set()
    opened.wait()
    assert opened.is_complete


def test_nobody_can_write_into_the_volume(display_set: ImageStack) -> None:
    volume = load_series(display_set)

    with pytest.raises(ValueError, match="read-only"):
        volume.voxels[0, 0, 0] = 1
    assert volume.instance_uids == display_set.instance_uids


def test_the_volume_is_the_array_that_was_filled_without_a_copy(display_set: ImageStack) -> None:
    volume = load_series(display_set)

    assert volume.voxels.base is not None
    assert not volume.voxels.flags.owndata
    assert volume.voxels.flags.c_contiguous


def test_loading_can_be_cancelled(display_set: ImageStack) -> None:
    token = CancelToken()
    seen: list[int] = []

    def stop(index: int) -> None:
        seen.append(index)
        token.cancel()

    opened = open_series(display_set, on_slice=stop, cancel=token)
    opened.wait()

    assert 1 <= len(seen) <= series_loader.MAX_THREADS
    assert not opened.is_complete


def test_a_cancelled_load_gives_no_half_volume(display_set: ImageStack) -> None:
    token = CancelToken()
    token.cancel()

    with pytest.raises(CancelledError):
        load_series(display_set, cancel=token)


def test_progress_rises_to_one(display_set: ImageStack) -> None:
    seen: list[float] = []

    load_series(display_set, progress=seen.append)

    assert sorted(seen) == [n / 7 for n in range(1, 8)]


def test_a_file_that_vanished_fails_alone(display_set: ImageStack) -> None:
    display_set.files[2].unlink()

    opened = open_series(display_set)
    opened.wait()

    assert opened.loaded.tolist() == [True, True, False, True, True, True, True]
    assert "cannot be read" in opened.failed[0].reason


def test_a_file_that_shrank_fails_alone(display_set: ImageStack) -> None:
    path = display_set.files[2]
    path.write_bytes(path.read_bytes()[:-20])

    opened = open_series(display_set)
    opened.wait()

    assert "has changed since" in opened.failed[0].reason


def test_other_pixels_under_the_same_name_are_never_shown(display_set: ImageStack) -> None:
    path, other = display_set.files[2], display_set.files[4]
    path.write_bytes(other.read_bytes())

    opened = open_series(display_set)
    opened.wait()

    assert opened.loaded.tolist() == [True, True, False, True, True, True, True]
    assert "has changed since" in opened.failed[0].reason


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_the_place_of_a_file_does_not_stop_the_loading(display_set: ImageStack) -> None:
    path = display_set.files[2]
    path.unlink()
    os.mkfifo(path)

    opened = open_series(display_set)
    opened.wait(timeout_s=20)

    assert not opened.is_running
    assert "not a plain file" in opened.failed[0].reason


def test_what_is_measured_has_a_gap_where_a_slice_failed_and_no_blank(
    display_set: ImageStack,
) -> None:
    path = display_set.files[2]
    path.write_bytes(path.read_bytes()[:-20])
    kept = [0, 1, 3, 4, 5, 6]

    found = load_readable(display_set)

    assert [aside.file for aside in found.left_out] == [path.name]
    assert found.volume.instance_uids == tuple(display_set.instance_uids[k] for k in kept)
    assert found.display_set.files == tuple(display_set.files[k] for k in kept)
    assert found.volume.geometry.gaps_mm.tolist() == [1, 2, 1, 1, 1]
    assert [int(plane[0, 0]) for plane in found.volume.voxels] == [
        int(load_series(display_set).voxels[k][0, 0]) for k in kept
    ]
    assert not found.volume.voxels.flags.writeable


def test_a_whole_series_is_readable_as_it_is(display_set: ImageStack) -> None:
    found = load_readable(display_set)

    assert found.display_set is display_set
    assert found.left_out == ()


def test_a_series_of_which_nothing_decodes_is_refused(display_set: ImageStack) -> None:
    for path in display_set.files:
        path.unlink()

    with pytest.raises(InputRefusedError, match="cannot be decoded") as error:
        load_series(display_set)

    assert error.value.exit_code == 3


def test_lost_permission_is_said_in_words(
    display_set: ImageStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)

    opened = open_series(display_set)
    opened.wait()

    assert {aside.reason for aside in opened.failed} == {"you have no permission to read this file"}


def test_a_fault_of_ours_never_looks_like_a_complete_volume(
    display_set: ImageStack,
    monkeypatch: pytest.MonkeyPatch,
    expect_log: Callable[[str], None],
) -> None:
    expect_log("fault of ours")

    def broken(frames: list[Frame], _outs: list[NDArray[Any]], _scratch: object) -> int:
        raise RuntimeError(str(len(frames)))

    monkeypatch.setattr(series_loader, "decode_slices", broken)

    opened = open_series(display_set)
    opened.wait()

    assert not opened.loaded.any()
    assert len(opened.failed) == 7
    assert "fault in this program" in opened.failed[0].reason


def test_the_text_of_a_fault_which_may_name_a_patient_stays_out_of_the_log(
    display_set: ImageStack,
    monkeypatch: pytest.MonkeyPatch,
    expect_log: Callable[[str], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    expect_log("fault of ours|listener to loaded slices")

    def broken(_frames: list[Frame], _outs: list[NDArray[Any]], _scratch: object) -> int:
        raise RuntimeError(CANARY)

    def listener(_k: int) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(series_loader, "decode_slices", broken)

    open_series(display_set, on_slice=listener).wait()

    assert "RuntimeError" in caplog.text
    assert "ValueError" in caplog.text
    assert CANARY not in caplog.text


def test_a_thumbnail_shows_the_middle_slice_in_its_proportions(tmp_path: Path) -> None:
    pixels = np.zeros((4, 4), dtype=np.int16)
    pixels[:, 2:] = 1000
    slices = [
        image(n, pixels=pixels, PixelSpacing=[2, 1], WindowCenter=-500, WindowWidth=1000)
        for n in (1, 2, 3)
    ]
    (series,) = import_paths([save_all(slices, tmp_path)]).all_series

    small = thumbnail(series.display_sets[0], 16)

    assert small.shape == (16, 16)
    assert small.dtype == np.uint8
    assert not small[:, :4].any()
    assert not small[:, 12:].any()
    assert (small[:, 8:12] == 255).all()
    assert (small[:, 4:8] == 0).all()


def test_a_thumbnail_of_monochrome1_is_inverted(tmp_path: Path) -> None:
    pixels = np.zeros((4, 4), dtype=np.int16)
    pixels[:, 2:] = 1000
    data = image(1, pixels=pixels, PixelSpacing=[1, 1], PhotometricInterpretation="MONOCHROME1")
    (series,) = import_paths([save_all([data], tmp_path)]).all_series

    small = thumbnail(series.display_sets[0], 4)

    assert small[0].tolist() == [255, 255, 0, 0]


def test_a_thumbnail_of_color_is_its_brightness(tmp_path: Path) -> None:
    pixels = np.zeros((4, 4, 3), dtype=np.uint8)
    pixels[..., 1] = 200
    (series,) = import_paths(
        [save_all([image(1, pixels=pixels, PixelSpacing=[1, 1])], tmp_path)]
    ).all_series

    assert (thumbnail(series.display_sets[0], 4) == int(200 * 0.587)).all()


def test_a_thumbnail_of_a_damaged_slice_is_black(display_set: ImageStack) -> None:
    display_set.files[3].unlink()

    assert not thumbnail(display_set, 8).any()
