"""The process that draws may die, hang or be slow: pictures come back or a sentence says why."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.data import study
from tests.support.processes import all_end
from tests.support.scene3d import Studio, centroid, moved, needs_vtk, studio
from tests.unit.viewers.volumes import noise, stack, volume
from viewers.scene3d.camera import StandardView, standard_camera
from viewers.scene3d.client import SceneFailed, ScenePicture, SceneRestarted
from viewers.scene3d.presets import load_presets
from viewers.scene3d.reduction import Limits, Reason
from workstation.core.volume import Volume
from workstation.settings.resources import resource

pytestmark = needs_vtk

HANGS = (sys.executable, "-c", "import sys; sys.stdin.read()")
DIES = (sys.executable, "-c", "raise SystemExit(3)")
TALKS_NONSENSE = (sys.executable, "-c", "import sys; sys.stdout.write('GL error' * 9)")


def bone() -> Volume:
    voxels = np.full((20, 40, 40), -1000, dtype=np.int16)
    voxels[6:12, 8:20, 10:28] = 900
    return volume(voxels, stack((20, 40, 40)))


def shared_blocks() -> set[str]:
    return {path.name for path in Path("/dev/shm").glob("psm_*")}  # noqa: S108 it is looked at


def test_a_process_that_is_killed_is_started_again_and_shows_the_same(
    expect_log: Callable[[str], None],
) -> None:
    expect_log("the scene process ended; it is started once more")
    with studio() as room:
        room.show(bone())
        before = centroid(room.picture(room.request()))
        first = room.client.process_id
        assert first is not None

        os.kill(first, signal.SIGKILL)
        room.wait(SceneRestarted)
        after = centroid(room.picture(room.request()))

        assert room.client.process_id not in {None, first}
        assert after == before


def test_a_process_that_dies_each_time_ends_in_a_sentence_and_nothing_is_left(
    expect_log: Callable[[str], None],
) -> None:
    expect_log("the scene process ended; it is started once more")
    blocks = shared_blocks()
    with studio() as room:
        room.show(bone())
        # A request that no scene can be made of: the process ends by an error of its own.
        bad = replace(room.request(), blend="no such thing")

        room.client.draw(bad)
        failed = room.wait(SceneFailed)

        assert "stopped twice" in str(failed.error)
        assert "Reading and reporting go on" in str(failed.error)
        assert room.client.process_id is None
    assert shared_blocks() <= blocks


def test_a_process_that_hangs_is_ended(expect_log: Callable[[str], None]) -> None:
    expect_log("the scene process does not answer")
    expect_log("the scene process ended; it is started once more")
    with studio(answer_seconds=1.0) as room:
        room.show(bone())
        first = room.client.process_id
        assert first is not None
        os.kill(first, signal.SIGSTOP)

        room.client.draw(room.request())
        room.wait(SceneRestarted)

        assert all_end((first,))
        assert room.picture(room.request()).max() > 40


@pytest.mark.parametrize("command", [DIES, TALKS_NONSENSE])
def test_a_process_that_does_not_start_is_said(command: tuple[str, ...]) -> None:
    with studio(command) as room:
        room.client.show(bone(), lambda _k: True)

        failed = room.wait(SceneFailed)

        assert "The 3D view cannot be drawn" in str(failed.error)


def test_closing_ends_the_process_and_frees_the_memory() -> None:
    blocks = shared_blocks()
    with studio() as room:
        room.show(bone())
        process = room.client.process_id
        assert process is not None

    assert all_end((process,))
    assert shared_blocks() <= blocks


def test_the_newest_of_many_requests_is_drawn_and_old_ones_are_dropped() -> None:
    with studio() as room:
        room.show(volume(noise((120, 200, 200)), stack((120, 200, 200), gap_mm=1.0)))
        room.picture(room.request())
        asked = []
        for degrees in range(40):
            camera = standard_camera().turned(right_deg=degrees)
            request = moved(room.request(camera), next(room.numbers))
            asked.append(request.number)
            room.client.draw(request)

        room.wait(ScenePicture, lambda one: one.number == asked[-1])

        drawn = [one.number for one in room.seen if isinstance(one, ScenePicture)]
        assert len([number for number in drawn if number in asked]) < len(asked)
        assert drawn == sorted(drawn)


def test_a_volume_that_does_not_fit_is_thinned_out_says_so_and_keeps_its_place() -> None:
    scene = bone()

    def small(is_software: bool, most_side: int) -> Limits:
        return Limits(100_000, is_software, most_side)

    with studio(limits=small) as room:
        shown = room.show(scene)
        thin = centroid(room.picture(room.request()))
    with studio() as room:
        whole_shown = room.show(scene)
        whole = centroid(room.picture(room.request()))

    assert shown.reduction.reason is Reason.MEMORY
    assert shown.reduction.one_of > 1
    assert whole_shown.reduction.is_whole
    assert thin == pytest.approx(whole, abs=4)


def test_a_series_in_color_or_of_two_slices_has_no_3d_view() -> None:
    color = volume(np.zeros((5, 8, 8, 3), dtype=np.uint8), stack((5, 8, 8)))
    two = volume(np.zeros((2, 8, 8), dtype=np.int16), stack((2, 8, 8)))
    with studio() as room:
        for unfit, why in ((color, "in color"), (two, "only two slices")):
            room.client.show(unfit, lambda _k: True)

            failed = room.wait(SceneFailed)

            assert why in str(failed.error)


def test_slices_that_could_not_be_read_are_gaps_and_are_counted() -> None:
    scene = bone()
    with studio() as room:
        shown = room.show(scene, lambda k: not 8 <= k < 10)

        picture = room.picture(room.request(StandardView.LEFT))

        lit = np.flatnonzero(picture.max(axis=2).max(axis=1) > 40)
        assert shown.unread == 2
        assert np.diff(lit).max() > 3


def test_a_picture_that_takes_longer_than_an_answer_may_is_waited_for() -> None:
    """While it draws the process says so: slowness is not taken for hanging."""
    scene = volume(noise((200, 240, 240)), stack((200, 240, 240), gap_mm=1.0))
    with studio(answer_seconds=2.5) as room:
        room.show(scene)
        request = room.request(preset_id="ct-airways", size=(1000, 750))
        faint = replace(request, opacity=((-3000.0, 0.0001), (3000.0, 0.0001)))

        picture = room.picture(faint)

        assert picture.shape == (750, 1000, 3)
        assert not any(isinstance(one, SceneRestarted) for one in room.seen)


def _mean(room: Studio, preset_id: str) -> float:
    return float(room.picture(room.request(preset_id=preset_id)).mean())


@pytest.mark.data
def test_every_ct_preset_shows_something_of_a_real_chest_and_no_two_look_alike() -> None:
    from tests.support.benchmarking import opened  # brings the DICOM toolkit

    series = opened(study("s01_ct_chest_abdomen_philips"))
    series.wait()
    every = [one for one in load_presets(resource("volume_presets")) if one.fits("CT", is_hu=True)]
    with studio() as room:
        room.show(series.volume)

        found = {one.preset_id: _mean(room, one.preset_id) for one in every}

    inside = {name: mean for name, mean in found.items() if name != "ct-minip"}
    assert min(inside.values()) > 4
    assert len({round(mean, 2) for mean in found.values()}) == len(found)
