"""The gates of super-resolvers let the truth through and stop what does harm."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference.engine.providers import CPU
from inference.engine.sessions import SessionCache
from inference.gates import superres_figures as figures
from inference.gates.superres import measure_super_resolver, profiles_of
from inference.gates.superres_phantom import (
    BALL_CONTRAST,
    BALL_MM,
    Profile,
    measured_ball,
    scanned,
    scene,
)
from inference.packs.store import load_pack
from inference.tasks.super_resolve import Direction
from tests.support.model_packs import pair_model, ramp_model, write_pack, write_resolver
from workstation.core.errors import PackRefusedError


def failed(folder: Path) -> set[str]:
    result = measure_super_resolver(load_pack(folder), sessions=SessionCache((CPU,)))
    return {gate.name for gate in result.gates if not gate.has_passed}


def touching(folder: Path, model: bytes) -> Path:
    """Write a pack that knows boxes that touch only, so that one profile is measured."""
    return write_pack(
        folder, model, task="super_resolve", kind="slice_pair", bound=0.0, consistency=0.01
    )


@pytest.mark.parametrize("direction", list(Direction))
def test_the_truth_of_the_ball_has_its_size_and_contrast(direction: Direction) -> None:
    ball = measured_ball(direction)
    scan = scanned((ball,), base=40.0, direction=direction, profile=Profile())

    found = figures.ball(
        scan.truth, base=40.0, middle=ball, is_through=direction is Direction.THROUGH_PLANE
    )

    assert found.diameter_mm == pytest.approx(BALL_MM, rel=0.005)
    assert found.contrast == pytest.approx(BALL_CONTRAST, rel=0.005)
    assert found.overshoot < 0.001


@pytest.mark.parametrize("direction", list(Direction))
def test_touching_boxes_average_to_the_scan(direction: Direction) -> None:
    scan = scanned(scene(), base=40.0, direction=direction, profile=Profile())

    k, j, i = scan.coarse.shape
    if direction is Direction.THROUGH_PLANE:
        averaged = scan.truth.reshape(k, 2, j, i).mean(axis=1)
    else:
        averaged = scan.truth.reshape(k, j, 2, i, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(averaged, scan.coarse, atol=1e-3)


def test_slices_repeated_are_stopped_for_being_no_better(tmp_path: Path) -> None:
    found = failed(touching(tmp_path, pair_model(0.0)))

    assert "gain over B-spline with projection, box 1" in found
    assert "noise over the scan's" not in found
    assert "slices left as scanned" not in found


def test_halves_that_are_driven_apart_are_stopped(tmp_path: Path) -> None:
    found = failed(touching(tmp_path, pair_model(16.0)))

    assert "rim beyond the ball, of its contrast" in found
    assert "noise over the scan's" in found


def test_a_model_that_breaks_its_promise_is_stopped(tmp_path: Path) -> None:
    found = failed(touching(tmp_path, pair_model(0.0, offset=3.0)))

    assert "slices left as scanned" in found


def test_a_straight_slope_in_the_planes_invents_nothing(tmp_path: Path) -> None:
    pack = write_resolver(tmp_path, ramp_model(is_in_plane=True), is_in_plane=True)

    found = failed(pack)

    assert found <= {"gain over B-spline with projection"}


def test_a_pack_is_measured_at_the_profiles_it_knows(tmp_path: Path) -> None:
    every = load_pack(write_resolver(tmp_path / "a", ramp_model(is_in_plane=False)))
    box = load_pack(touching(tmp_path / "b", pair_model(0.0)))

    assert len(profiles_of(every.manifest)) == 5
    assert profiles_of(box.manifest) == (Profile(),)


def test_a_pack_that_doubles_nothing_has_no_such_gates(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, pair_model(0.0)))

    with pytest.raises(PackRefusedError, match="double voxels"):
        measure_super_resolver(pack, sessions=SessionCache((CPU,)))
