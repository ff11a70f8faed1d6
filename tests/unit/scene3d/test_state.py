"""The state of a 3D view: its box, its cut, its gestures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewers.scene3d.camera import Projection, StandardView, projection, standard_camera
from viewers.scene3d.hand import Drag, Hold, caught_face, dragged, face_moved, zoomed_at
from viewers.scene3d.model import clip_planes
from viewers.scene3d.state import Box, CutPlane, Face, SceneState, box_around, facing_cut

AROUND = Box((-100.0, -50.0, 0.0), (100.0, 70.0, 300.0))
SIZE = (400, 300)


def seen(state: SceneState) -> Projection:
    return projection(state.camera, AROUND.low_mm, AROUND.high_mm, SIZE)


def is_drawn(state: SceneState, point: tuple[float, float, float]) -> bool:
    """Whether every plane leaves a place."""
    return all(
        float(np.dot(np.array(point) - plane[:3], plane[3:])) > 0 for plane in clip_planes(state)
    )


@given(at=st.floats(-1000, 1000), face=st.sampled_from(Face))
def test_a_face_stays_inside_the_volume_and_never_passes_the_other(at: float, face: Face) -> None:
    box = Box((-20.0, -10.0, 100.0), (20.0, 10.0, 130.0)).with_face(face, at, AROUND)

    for axis in range(3):
        assert box.high_mm[axis] - box.low_mm[axis] >= 2.0 - 1e-9
        assert AROUND.low_mm[axis] <= box.low_mm[axis]
        assert box.high_mm[axis] <= AROUND.high_mm[axis]


def test_a_box_leaves_what_is_inside_and_nothing_else() -> None:
    state = SceneState(box=Box((-20.0, -10.0, 100.0), (20.0, 10.0, 130.0)))

    assert is_drawn(state, (0, 0, 115))
    for outside in (
        (-21, 0, 115),
        (21, 0, 115),
        (0, -11, 115),
        (0, 11, 115),
        (0, 0, 99),
        (0, 0, 131),
    ):
        assert not is_drawn(state, outside)


def test_the_cut_through_a_place_takes_away_what_faces_the_reader() -> None:
    camera = standard_camera(StandardView.ANTERIOR).turned(right_deg=20)

    cut = facing_cut((5.0, 6.0, 7.0), camera)

    assert cut == CutPlane((5.0, 6.0, 7.0), (0.0, -1.0, 0.0))
    assert not is_drawn(SceneState(cut=cut), (5, 0, 7))
    assert is_drawn(SceneState(cut=cut), (5, 12, 7))


def test_a_box_around_regions_has_a_margin_and_stays_inside() -> None:
    corners = np.array([[-95.0, 0.0, 50.0], [10.0, 20.0, 90.0]])

    box = box_around(corners, 10.0, AROUND)

    assert box == Box((-100.0, -10.0, 40.0), (20.0, 30.0, 100.0))


def test_dragging_right_turns_the_near_side_right() -> None:
    state = SceneState()
    hold = Hold(Drag.TURN, state, (100.0, 100.0), seen(state))
    near = np.array([0.0, -50.0, 150.0])

    turned = dragged(hold, (130.0, 100.0), AROUND)

    assert seen(turned).to_canvas(near)[0] > seen(state).to_canvas(near)[0] + 5


def test_panning_moves_the_picture_with_the_pointer() -> None:
    state = SceneState()
    hold = Hold(Drag.PAN, state, (100.0, 100.0), seen(state))
    point = np.array([10.0, 20.0, 30.0])

    moved = dragged(hold, (117.0, 92.0), AROUND)

    way = seen(moved).to_canvas(point) - seen(state).to_canvas(point)
    assert way == pytest.approx([17.0, -8.0])


@pytest.mark.parametrize("view", StandardView)
def test_a_handle_goes_with_the_pointer(view: StandardView) -> None:
    state = replace(SceneState().seen_from(view), box=AROUND)
    before = seen(state)
    for face in Face:
        start = before.to_canvas(AROUND.center_of(face))
        inward = before.direction_canvas(-face.outward)
        if np.hypot(*inward) < 0.1:
            continue  # it looks at the reader: there is no way to drag it
        to = start + inward * 12
        hold = Hold(Drag.FACE, state, (start[0], start[1]), before, face)

        box = dragged(hold, (to[0], to[1]), AROUND).box

        assert box is not None
        assert abs(box.at(face) - AROUND.at(face)) == pytest.approx(12)
        assert before.to_canvas(box.center_of(face)) == pytest.approx(to, abs=1e-6)


def test_the_handle_under_the_pointer_is_caught_and_the_nearer_one_of_two() -> None:
    state = SceneState()
    here = seen(state)
    x, y = here.to_canvas(AROUND.center_of(Face.HEAD))
    middle = here.to_canvas(AROUND.center_of(Face.ANTERIOR))

    assert caught_face(here, AROUND, (x + 5, y - 5)) is Face.HEAD
    assert caught_face(here, AROUND, (x + 40, y)) is None
    assert caught_face(here, AROUND, (middle[0], middle[1])) is Face.ANTERIOR


def test_a_box_whose_faces_are_all_back_in_place_is_no_box() -> None:
    state = face_moved(SceneState(), Face.LEFT, -5.0, AROUND)

    assert state.box is not None
    assert state.box.at(Face.LEFT) == 95.0
    assert face_moved(state, Face.LEFT, 5.0, AROUND).box is None


def test_zooming_keeps_what_is_under_the_pointer() -> None:
    state = SceneState()
    at = (311.0, 77.0)
    before = seen(state)
    offset = (np.array(at) - np.array(SIZE) / 2) / before.px_per_mm
    point = before.focal_mm + offset[0] * before.axes[0] - offset[1] * before.axes[1]

    after = seen(zoomed_at(state, before, 1.7, at))

    assert after.to_canvas(point) == pytest.approx(at)
    assert after.px_per_mm == pytest.approx(1.7 * before.px_per_mm)


def test_the_transfer_function_is_held_at_its_bounds() -> None:
    state = SceneState().shifted(9.0, 1e9)

    assert (state.shift, state.stretch) == (2.0, 10.0)
    assert SceneState().shifted(-9.0, 1e-9).stretch == 0.1


def test_reset_keeps_the_preset_only() -> None:
    state = replace(
        SceneState(preset_id="ct-bone"), shift=0.3, box=AROUND, opacity=0.2, is_shaded=False
    )

    assert state.reset() == SceneState(preset_id="ct-bone")
