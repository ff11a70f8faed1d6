"""Regions against closed forms: areas, holes, and where a region lies on any plane."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from workstation.core.regions import ContourStack, MaskStack, filled

HEAD = np.array([0.0, 0.0, 1.0])


def circle(radius_mm: float, z_mm: float, *, corners: int = 720) -> NDArray[np.float64]:
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    flat = np.stack([np.cos(angles), np.sin(angles)], axis=-1) * radius_mm + (20, 30)
    return np.column_stack([flat, np.full(corners, z_mm)])


def box() -> MaskStack:
    """A box of 4 x 3 x 2 pixels of 0.5 x 1 x 2 mm; first pixel center at (10, 20, 30)."""
    positions = np.array([[10.0, 20.0, 30.0], [10.0, 20.0, 32.0]])
    masks = np.ones((2, 3, 4), dtype=np.bool_)
    return MaskStack(masks, np.eye(3)[0], np.eye(3)[1], (0.5, 1.0), positions, 2.0)


def test_the_volume_of_a_tube_of_contours_is_its_wall_between_two_circles() -> None:
    loops = tuple((circle(10, z), circle(4, z)) for z in (0.0, 3.0, 6.0))

    tube = ContourStack(HEAD, (0.0, 3.0, 6.0), loops, 3.0)

    assert tube.volume_mm3 == pytest.approx(np.pi * (100 - 16) * 9, rel=1e-4)


def test_two_contours_beside_each_other_add_up() -> None:
    away = circle(5, 0.0) + np.array([40.0, 0, 0])

    both = ContourStack(HEAD, (0.0,), ((circle(10, 0.0), away),), 1.0)

    assert both.volume_mm3 == pytest.approx(np.pi * 125, rel=1e-4)


def test_filled_pixels_are_those_whose_center_is_inside_and_a_hole_stays_empty() -> None:
    outer = np.array([(-0.5, -0.5), (9.5, -0.5), (9.5, 9.5), (-0.5, 9.5)])
    inner = np.array([(2.5, 2.5), (6.5, 2.5), (6.5, 5.5), (2.5, 5.5)])
    expected = np.ones((10, 12), dtype=np.bool_)
    expected[:, 10:] = False
    expected[3:6, 3:7] = False

    assert np.array_equal(filled([outer, inner], (10, 12)), expected)


def test_a_filled_circle_has_the_pixels_nearer_to_its_center_than_its_radius() -> None:
    loop = circle(9.3, 0.0)[:, :2]
    row, column = np.mgrid[:50, :50]

    found = filled([loop], (50, 50))

    expected = (column - 20) ** 2 + (row - 30) ** 2 < 9.3**2
    assert np.count_nonzero(found != expected) <= 2


def test_a_box_is_cut_by_planes_across_and_along_it() -> None:
    right, down = np.array([0.5, 0, 0]), np.array([0.0, 0.0, -1.0])

    coronal = box().sampled(np.array([8.0, 21.0, 36.0]), right, down, (10, 20))

    expected = np.zeros((10, 20), dtype=np.bool_)
    # x from 10 to 11.5 are columns 4 to 7; z from 29 to 33 are rows 3 to 7.
    expected[3:8, 4:8] = True
    assert np.array_equal(coronal, expected)


def test_nothing_is_shown_beyond_the_slabs_of_the_planes() -> None:
    right, down = np.array([0.5, 0, 0]), np.array([0.0, 1.0, 0])

    seen = [
        bool(box().sampled(np.array([10.0, 20.0, z]), right, down, (3, 4)).any())
        for z in (28.9, 29.1, 31.0, 32.9, 33.1)
    ]

    assert seen == [False, True, True, True, False]


def test_the_center_and_corners_of_a_box_are_where_it_is() -> None:
    one = box()

    assert one.center_mm == pytest.approx([10.75, 21.0, 31.0])
    assert one.corners_mm.min(axis=0) == pytest.approx([9.75, 19.5, 29.0])
    assert one.corners_mm.max(axis=0) == pytest.approx([11.75, 22.5, 33.0])
    assert one.volume_mm3 == pytest.approx(4 * 0.5 * 3 * 1 * 2 * 2)


def test_a_slice_between_contours_shows_the_nearest_and_an_oblique_one_none() -> None:
    tube = ContourStack(HEAD, (0.0, 3.0), ((circle(10, 0.0),), (circle(4, 3.0),)), 3.0)
    leaning = np.array([0.0, np.sin(0.1), np.cos(0.1)])

    assert tube.loops_at(HEAD, 1.0) == tube.loops_mm[0]
    assert tube.loops_at(-HEAD, -2.0) == tube.loops_mm[1]
    assert tube.loops_at(HEAD, 4.6) == ()
    assert tube.loops_at(leaning, 0.0) is None
