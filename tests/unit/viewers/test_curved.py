"""Lines through the patient against circles and helices, and tubes straightened along them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.unit.viewers.volumes import every_slice, stack, volume
from viewers.render.centerline import centerline
from viewers.render.curved import CurveCutter, CurvedError
from viewers.render.mapping import canvas_map
from viewers.render.planes import acquired_stack
from viewers.state.curve import Curve, CurvedLook
from viewers.state.slab import Projection, Slab
from viewers.state.view_state import ViewState
from viewers.tools.curve import is_near, point_at, point_under, reaches
from workstation.core.errors import CancelledError
from workstation.core.intensity import Window
from workstation.core.volume import Volume

SPACING = (0.9, 1.1)
GAP_MM = 1.4
TUBE_MM = 4.0
LOOKS = [0.0, 35.0, 90.0]


def helix(
    turns: float, count: int, radius_mm: float = 18.0, rise_mm: float = 3.0
) -> NDArray[np.float64]:
    """Return points of a helix around (20, 30), from z = 18 upwards."""
    angle = np.linspace(0.0, turns * 2 * np.pi, count)
    around = radius_mm * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return np.column_stack([around + np.array([20.0, 30.0]), 18.0 + rise_mm * angle])


def helix_mm(turns: float, radius_mm: float = 18.0, rise_mm: float = 3.0) -> float:
    """Return the length of the same helix in closed form."""
    return float(turns * 2 * np.pi * np.hypot(radius_mm, rise_mm))


@cache
def tube(turns: float) -> Volume:
    """Return a volume with a smooth tube of TUBE_MM along a helix, made of 300 of its points."""
    points_mm = helix(turns, 300).astype(np.float32)
    shape = (40, 64, 72)
    geometry = stack(
        shape,
        spacing_ij_mm=SPACING,
        positions_mm=np.array([-12.0, -5.0, 0.0]) + np.arange(40)[:, None] * [0.0, 0.0, GAP_MM],
    )
    k, j, i = np.indices(shape)
    axes = (-12.0 + i * SPACING[0], -5.0 + j * SPACING[1], k * GAP_MM)
    x, y, z = (axis.astype(np.float32) for axis in axes)
    nearest = np.full(shape, np.inf, dtype=np.float32)
    for px, py, pz in points_mm:
        np.minimum(nearest, (x - px) ** 2 + (y - py) ** 2 + (z - pz) ** 2, out=nearest)
    # 1000 inside, 0 outside, half at the wall: linear over 2 mm, so that its place is exact.
    values = np.clip((TUBE_MM - np.sqrt(nearest)) / 2 + 0.5, 0, 1) * 1000
    return volume(values.astype(np.float32), geometry)


def curve(points: NDArray[np.float64], frame: str = "1.2.3") -> Curve:
    made = Curve("1.2.9", frame)
    for x, y, z in points:
        made = made.placed((float(x), float(y), float(z)))
    return made.ended()


@pytest.mark.parametrize("turns", [0.5, 1.0, 2.0])
def test_a_helix_has_its_length(turns: float) -> None:
    line = centerline(helix(turns, int(turns * 14) + 1), 0.5)

    assert line.length_mm == pytest.approx(helix_mm(turns), rel=0.005)
    assert np.ptp(np.linalg.norm(np.diff(line.points_mm, axis=0), axis=1)) < 0.01


def test_two_points_are_joined_straight() -> None:
    line = centerline(np.array([[1.0, 2.0, 3.0], [4.0, 6.0, 3.0]]), 0.5)

    assert line.length_mm == pytest.approx(5.0)
    assert np.allclose(np.cross(line.points_mm - line.points_mm[0], [3, 4, 0]), 0, atol=1e-9)


def test_the_line_passes_through_its_points_without_loops() -> None:
    points = np.array([[0.0, 0, 0], [1, 0, 0], [1.2, 0.1, 0], [30, 2, 0], [30.5, 3, 0]])

    line = centerline(points, 0.05)

    away = np.linalg.norm(line.points_mm[:, None] - points, axis=-1).min(axis=0)
    assert away.max() < 0.03
    # A centripetal line never turns back between points that run on; the last span is bent.
    before_last = line.points_mm[:, 0] < 30
    assert (np.diff(line.points_mm[before_last, 0]) > 0).all()


def test_points_at_one_place_are_one_point() -> None:
    twice = np.array([[0.0, 0, 0], [0.0, 0, 0], [0.0, 0, 9.0]])

    assert centerline(twice, 1.0).length_mm == pytest.approx(9.0)
    with pytest.raises(ValueError, match="two points"):
        centerline(twice[:2], 1.0)


def test_directions_across_a_line_are_square_to_it_and_do_not_twist() -> None:
    line = centerline(helix(2.0, 40), 0.25)
    right, away = line.across(20.0)

    assert np.abs((right * line.tangents).sum(axis=1)).max() < 1e-3
    assert np.abs((right * away).sum(axis=1)).max() < 1e-9
    # Without twist a direction changes only along the tangent: its slope has no part away from it.
    slope = np.diff(right, axis=0) / line.step_mm
    twist = np.abs((slope * (away[1:] + away[:-1]) / 2).sum(axis=1))
    assert twist.max() < 1e-3


def test_a_plane_line_keeps_its_plane() -> None:
    angle = np.linspace(0, 1.5 * np.pi, 15)
    flat = np.stack([30 * np.cos(angle), 30 * np.sin(angle), 0 * angle], axis=1)
    line = centerline(flat, 0.5)

    height = line.right[:, 2]

    assert np.ptp(height) < 1e-6


@pytest.mark.parametrize("rotation", LOOKS)
def test_a_helix_tube_becomes_a_straight_one_of_constant_radius(rotation: float) -> None:
    turns = 1.2
    cutter = CurveCutter(tube(turns))
    line = cutter.line(curve(helix(turns, 22)))

    picture = cutter.straightened(line, CurvedLook(rotation_deg=rotation, width_mm=16.0))

    rows, columns = picture.pixels.shape
    assert (rows - 1) * picture.row_mm == pytest.approx(helix_mm(turns), rel=0.005)
    middle = (columns - 1) / 2
    inner = picture.pixels[8:-8]
    # The wall is where the value is half: its place is found between two columns.
    widths = []
    for row in inner:
        inside = np.flatnonzero(row >= 500)
        first, last = inside[0], inside[-1]
        left = first - (row[first] - 500) / max(row[first] - row[first - 1], 1e-6)
        right = last + (row[last] - 500) / max(row[last] - row[last + 1], 1e-6)
        widths.append(((middle - left) * picture.column_mm, (right - middle) * picture.column_mm))
    radii = np.array(widths)
    assert np.abs(radii - TUBE_MM).max() < 0.45
    assert np.abs(radii.mean() - TUBE_MM) < 0.12


def test_a_cross_section_of_a_tube_is_a_disk_around_its_middle() -> None:
    turns = 1.2
    cutter = CurveCutter(tube(turns))
    line = cutter.line(curve(helix(turns, 22)))

    section = cutter.cross_section(line, CurvedLook(at_mm=60.0, width_mm=14.0))

    rows, columns = np.nonzero(section.pixels >= 500)
    middle = (section.pixels.shape[0] - 1) / 2
    assert abs(rows.mean() - middle) * section.pixel_mm < 0.4
    assert abs(columns.mean() - middle) * section.pixel_mm < 0.4
    area_mm2 = len(rows) * section.pixel_mm**2
    assert area_mm2 == pytest.approx(np.pi * TUBE_MM**2, rel=0.12)
    assert section.at_mm == pytest.approx(60.0, abs=line.step_mm / 2 + 1e-9)


def test_pixels_of_the_straightened_picture_know_their_place_in_the_patient() -> None:
    cutter = CurveCutter(tube(1.2))
    field = cutter.volume.geometry
    i = np.indices(field.shape_kji)[2]
    x = (-12.0 + i * SPACING[0]).astype(np.float32)
    sloped = CurveCutter(replace(cutter.volume, voxels=_frozen(x)))
    line = sloped.line(curve(helix(1.0, 18)))

    picture = sloped.straightened(line, CurvedLook(rotation_deg=15.0, width_mm=10.0))

    for row, column in ((0, 0), (20, 3), (70, 8)):
        expected = picture.patient_at(row, column)[0]
        assert float(picture.pixels[row, column]) == pytest.approx(expected, abs=2e-3)


def test_a_slab_projects_straight_behind_the_picture() -> None:
    cutter = CurveCutter(tube(1.2))
    line = cutter.line(curve(helix(1.0, 18)))
    thin = CurvedLook(width_mm=30.0)

    thick = replace(thin, slab=Slab(Projection.MIP, 6.0))
    single, projected = cutter.straightened(line, thin), cutter.straightened(line, thick)

    assert (projected.pixels >= single.pixels - 1e-3).all()
    right, away = line.across(0.0)
    at = line.points_mm[40] + 3.6 * right[40]
    behind = [at + depth * away[40] for depth in cutter._depths(thick.slab)]
    index = 40, round(3.6 / projected.column_mm) + projected.pixels.shape[1] // 2
    near = np.array([_value(cutter.volume, point) for point in behind])
    assert float(projected.pixels[index]) == pytest.approx(near.max(), abs=45)


def test_a_picture_that_is_not_wanted_any_more_is_not_finished() -> None:
    cutter = CurveCutter(tube(1.2))
    line = cutter.line(curve(helix(1.0, 18)))

    with pytest.raises(CancelledError):
        cutter.straightened(line, CurvedLook(), lambda: False)


def test_a_series_without_other_planes_is_refused_with_its_reason() -> None:
    flat = volume(np.zeros((2, 8, 8), dtype=np.int16))

    with pytest.raises(CurvedError, match="only two slices"):
        CurveCutter(flat)


def test_points_are_placed_taken_back_and_moved() -> None:
    drawn = curve(helix(1.0, 5))

    assert drawn.is_ended
    assert len(drawn.taken_back().points_mm) == 4
    assert not drawn.taken_back().is_ended
    assert drawn.placed(drawn.points_mm[-1]) is drawn
    moved = drawn.moved(2, (1.0, 2.0, 3.0))
    assert moved.points_mm[2] == (1.0, 2.0, 3.0)
    assert moved.moved(1, (1.0, 2.0, 3.0)) is moved


def test_a_point_is_under_the_pointer_only_on_its_own_slice() -> None:
    geometry = stack((9, 20, 20), gap_mm=3.0)
    slices = acquired_stack(geometry)
    state = ViewState(Window(0, 1), slice_index=4)
    here = canvas_map(slices, state, (400.0, 400.0))
    there = canvas_map(slices, replace(state, slice_index=8), (400.0, 400.0))
    x, y, z = slices.to_patient_mm(4, np.array([7.0, 9.0]))
    drawn = curve(np.array([[x, y, z], [x + 5, y, z + 9.0]]))
    canvas = here.pixel_to_canvas(np.array([7.0, 9.0]))

    assert point_under(drawn, here, (float(canvas[0]) + 4, float(canvas[1]))) == 0
    assert point_under(drawn, there, (float(canvas[0]) + 4, float(canvas[1]))) is None
    assert is_near(drawn, here).tolist() == [True, False]
    assert point_at(here, (float(canvas[0]), float(canvas[1]))) == pytest.approx((x, y, z))
    assert point_at(here, (-50.0, 0.0)) is None


def test_a_line_holds_in_its_frame_of_reference_alone() -> None:
    drawn = curve(helix(1.0, 5))

    assert reaches(drawn, stack(frame="1.2.3"), "other series")
    assert not reaches(drawn, stack(frame="9.9"), "other series")
    assert reaches(drawn, stack(frame="9.9"), "1.2.9")
    assert not reaches(curve(helix(1.0, 5), frame=""), stack(frame=""), "other series")


def test_looks_turn_round_and_step_through_their_widths() -> None:
    look = CurvedLook()

    assert look.turned(-30).rotation_deg == 330
    assert look.widened(1).width_mm == 80.0
    assert look.widened(-99).width_mm == 20.0
    assert every_slice(0)


def _frozen(values: NDArray[np.float32]) -> NDArray[np.float32]:
    values.setflags(write=False)
    return values


def _value(one: Volume, point: NDArray[np.float64]) -> float:
    """Return the value at a position, interpolated by hand."""
    i, j, k = (
        (point[0] + 12.0) / SPACING[0],
        (point[1] + 5.0) / SPACING[1],
        point[2] / GAP_MM,
    )
    low = np.floor([k, j, i]).astype(int)
    share = np.array([k, j, i]) - low
    total = 0.0
    for corner in np.ndindex(2, 2, 2):
        weight = np.prod(np.where(corner, share, 1 - share))
        total += float(weight * one.voxels[tuple(low + corner)])
    return total


@pytest.mark.parametrize("step_mm", [0.3, 0.5, 0.7])
def test_a_line_that_turns_back_on_itself_has_directions_everywhere(step_mm: float) -> None:
    line = centerline(np.array([[0.0, 0.0, 0.0], [10.0, 0.0, 0.0], [0.0, 0.0, 0.0]]), step_mm)

    right, away = line.across(30.0)

    assert line.length_mm == pytest.approx(20.0)
    assert np.linalg.norm(right, axis=1) == pytest.approx(1.0)
    assert np.linalg.norm(away, axis=1) == pytest.approx(1.0)
