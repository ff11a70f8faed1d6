"""Canvas to patient and back; tools that move the picture keep what they promise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.viewers.volumes import SAGITTAL, stack
from viewers.render.mapping import canvas_map
from viewers.render.planes import acquired_stack
from viewers.state.view_state import MAX_ZOOM, MIN_ZOOM, QUARTER_TURNS_DEG, Turn, ViewState
from viewers.tools import navigate
from viewers.tools.gesture import Drag, View
from viewers.tools.grey import drag_window
from workstation.core.intensity import Window

SIZE = (320.0, 240.0)
WINDOW = Window(40, 400)
states = st.builds(
    ViewState,
    st.just(WINDOW),
    slice_index=st.integers(0, 4),
    zoom=st.one_of(st.none(), st.floats(0.1, 20.0)),
    pan_mm=st.tuples(st.floats(-50, 50), st.floats(-50, 50)),
    turn=st.builds(Turn, st.sampled_from(QUARTER_TURNS_DEG), st.booleans(), st.booleans()),
)
points = st.tuples(st.floats(-100, 400), st.floats(-100, 400))
OBLONG = acquired_stack(stack(spacing_ij_mm=(0.5, 1.5), cosines=SAGITTAL))
"""Slices with columns 0.5 mm and rows 1.5 mm apart."""


@given(state=states, point=points)
def test_canvas_to_patient_and_back_is_the_same_point(
    state: ViewState, point: tuple[float, float]
) -> None:
    mapping = canvas_map(OBLONG, state, SIZE)

    back = mapping.patient_to_canvas(mapping.canvas_to_patient(np.array(point)))

    np.testing.assert_allclose(back, point, atol=1e-6)


@given(state=states, point=points)
def test_a_canvas_point_lies_in_the_plane_of_its_slice(
    state: ViewState, point: tuple[float, float]
) -> None:
    mapping = canvas_map(OBLONG, state, SIZE)

    xyz = mapping.canvas_to_patient(np.array(point))

    depth = float((xyz - OBLONG.origins_mm[state.slice_index]) @ OBLONG.normal)
    assert depth == pytest.approx(0.0, abs=1e-6)


@given(state=states)
def test_a_millimetre_is_as_long_across_as_down_where_pixels_are_not_square(
    state: ViewState,
) -> None:
    mapping = canvas_map(OBLONG, state, SIZE)
    origin = OBLONG.to_patient_mm(state.slice_index, np.array([2.0, 3.0]))

    across = mapping.patient_to_canvas(origin + 4 * OBLONG.right_patient)
    down = mapping.patient_to_canvas(origin + 4 * OBLONG.down_patient)

    start = mapping.patient_to_canvas(origin)
    lengths = np.linalg.norm([across - start, down - start], axis=1)
    np.testing.assert_allclose(lengths, 4 * mapping.px_per_mm, rtol=1e-6)


@pytest.mark.parametrize("degrees", QUARTER_TURNS_DEG)
def test_a_fitted_slice_touches_two_edges_and_leaves_none(degrees: int) -> None:
    mapping = canvas_map(OBLONG, ViewState(WINDOW, turn=Turn(degrees)), SIZE)
    rows, columns = OBLONG.shape_rc
    edges = np.array([[-0.5, -0.5], [columns - 0.5, rows - 0.5]])

    corners = mapping.pixel_to_canvas(edges)

    low, high = corners.min(axis=0), corners.max(axis=0)
    assert np.all(low >= -1e-9)
    assert np.all(high <= np.array(SIZE) + 1e-9)
    assert np.isclose(high - low, SIZE).any()


def test_a_zoom_is_canvas_pixels_per_finer_pixel_whatever_the_canvas() -> None:
    state = ViewState(WINDOW, zoom=2.0)
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])

    for size in (SIZE, (64.0, 48.0)):
        start, right, down = canvas_map(OBLONG, state, size).pixel_to_canvas(corners)

        np.testing.assert_allclose(right - start, (2.0, 0.0))
        np.testing.assert_allclose(down - start, (0.0, 6.0))


@given(state=states, at=points, factor=st.floats(0.5, 2.0))
def test_zooming_keeps_the_point_under_the_pointer(
    state: ViewState, at: tuple[float, float], factor: float
) -> None:
    view = View(OBLONG, SIZE)

    zoomed = navigate.zoom_by(state, view, factor, at)

    np.testing.assert_allclose(view.patient_at(zoomed, at), view.patient_at(state, at), atol=1e-6)
    assert MIN_ZOOM <= (zoomed.zoom or 1.0) <= MAX_ZOOM


@given(state=states, start=points, end=points)
def test_panning_carries_the_grabbed_point_along(
    state: ViewState, start: tuple[float, float], end: tuple[float, float]
) -> None:
    view = View(OBLONG, SIZE)

    panned = navigate.drag_pan(state, view, Drag(start, end))

    np.testing.assert_allclose(
        view.patient_at(panned, end), view.patient_at(state, start), atol=1e-6
    )


def test_scrolling_stops_at_both_ends() -> None:
    view, state = View(OBLONG, SIZE), ViewState(WINDOW, slice_index=2)

    assert navigate.scroll(state, view, 100).slice_index == 4
    assert navigate.scroll(state, view, -100).slice_index == 0


def test_fit_and_reset_leave_the_slice_and_the_tool() -> None:
    state = ViewState(WINDOW, slice_index=3, zoom=4.0, pan_mm=(1.0, 2.0), is_inverted=True)

    assert navigate.fit(state) == replace(state, zoom=None, pan_mm=(0.0, 0.0))
    assert navigate.reset(state, Window(1, 2)) == ViewState(Window(1, 2), slice_index=3)


def test_dragging_right_widens_and_dragging_up_raises_the_window() -> None:
    state = ViewState(WINDOW)

    wider = drag_window(state, Drag((0.0, 0.0), (250.0, 0.0))).window
    higher = drag_window(state, Drag((0.0, 100.0), (0.0, 0.0))).window

    assert wider == Window(40, round(400 * np.e))
    assert higher.center > 40
    assert higher.width == 400


@given(right=st.floats(-5000, 5000), down=st.floats(-5000, 5000), width=st.floats(1e-3, 1e4))
def test_no_drag_makes_a_window_that_is_none(right: float, down: float, width: float) -> None:
    state = ViewState(Window(0, width))

    dragged = drag_window(state, Drag((0.0, 0.0), (min(right, 2000), down)))

    assert dragged.window.width > 0
    assert np.isfinite(dragged.window.center)


def test_a_zoom_out_of_its_limits_is_no_state() -> None:
    with pytest.raises(ValueError, match="zoom"):
        ViewState(WINDOW, zoom=1000.0)
