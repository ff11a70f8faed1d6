"""Views are rotations: they turn as the hand pushes, and nothing can mirror them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewers.scene3d.camera import (
    MAX_ZOOM,
    MIN_ZOOM,
    Camera,
    StandardView,
    projection,
    standard_camera,
)
from viewers.scene3d.texts import edge_words

SIDES = {
    # View: letters at left, right, top, bottom, and toward the reader.
    StandardView.ANTERIOR: "RLHFA",
    StandardView.POSTERIOR: "LRHFP",
    StandardView.LEFT: "APHFL",
    StandardView.RIGHT: "PAHFR",
    StandardView.HEAD: "LRAPH",
    StandardView.FEET: "RLAPF",
}
"""What a reader sees at the edges, by anatomy: facing somebody, their right is at left."""

degrees = st.floats(-720, 720)


@pytest.mark.parametrize("view", StandardView)
def test_the_letters_of_a_standard_view_are_those_of_anatomy(view: StandardView) -> None:
    words = edge_words(standard_camera(view))

    assert words.left + words.right + words.top + words.bottom + words.toward == SIDES[view]


@given(right=degrees, up=degrees, roll=degrees, view=st.sampled_from(StandardView))
def test_no_turning_mirrors_the_patient(
    right: float, up: float, roll: float, view: StandardView
) -> None:
    camera = standard_camera(view)
    for _ in range(5):
        camera = camera.turned(right_deg=right, up_deg=up, roll_deg=roll)

    axes = camera.axes

    assert np.linalg.det(axes) == pytest.approx(1)
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-9)


def test_pushing_the_near_side_right_brings_the_right_of_the_patient_to_the_front() -> None:
    words = edge_words(standard_camera().turned(right_deg=90))

    # Seen from the front, the patient's right is at left; pushed right by a quarter it faces us.
    assert (words.toward, words.left, words.right) == ("R", "P", "A")


def test_pushing_the_near_side_up_shows_the_feet() -> None:
    words = edge_words(standard_camera().turned(up_deg=90))

    assert (words.toward, words.top) == ("F", "A")


def test_rolling_turns_the_picture_clockwise() -> None:
    words = edge_words(standard_camera().turned(roll_deg=90))

    assert (words.right, words.bottom, words.toward) == ("H", "L", "A")


def test_the_middle_of_the_volume_is_the_middle_of_the_picture_until_it_is_moved() -> None:
    low, high = (-10.0, 5.0, 0.0), (30.0, 25.0, 100.0)
    middle = np.array([10.0, 15.0, 50.0])
    camera = standard_camera().turned(right_deg=31, up_deg=17)

    here = projection(camera, low, high, (400, 300))
    there = projection(camera.panned(10.0, 4.0), low, high, (400, 300))

    assert here.to_canvas(middle) == pytest.approx([200, 150])
    scale = here.px_per_mm
    assert there.to_canvas(middle) == pytest.approx([200 + 10 * scale, 150 - 4 * scale])
    assert there.to_canvas(there.focal_mm) == pytest.approx([200, 150])


def test_at_zoom_one_the_longest_edge_fits_into_the_shorter_side() -> None:
    seen = projection(standard_camera(), (0, 0, 0), (40, 20, 110), (400, 300))

    top, bottom = seen.to_canvas(np.array([[20, 10, 110], [20, 10, 0.0]]))

    assert bottom[1] - top[1] == pytest.approx(300 / 1.1)


def test_zoom_is_held_at_its_bounds() -> None:
    camera = standard_camera()

    assert camera.zoomed(1e6).zoom == MAX_ZOOM
    assert camera.zoomed(1e-6).zoom == MIN_ZOOM


def test_a_turn_that_is_no_rotation_is_refused() -> None:
    with pytest.raises(ValueError, match="unit quaternion"):
        Camera((1.0, 0.5, 0.0, 0.0))
