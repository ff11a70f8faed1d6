"""Shapes on the grid, against formulas."""

from __future__ import annotations

import numpy as np
import pytest

from inference.measure import masks

STEPS = (2.0, 1.0, 1.0)


def ball(radius_mm: float) -> masks.Mask:
    z, y, x = np.ogrid[-20:21, -40:41, -40:41]
    inside: masks.Mask = (z * 2.0) ** 2 + y**2 + x**2 <= radius_mm**2
    return inside


def test_growing_and_shrinking_a_ball_gives_balls_of_the_other_radius() -> None:
    """Distances go from center to center, so a radius is right to half a block."""
    grown = masks.grown(ball(15), 8.0, STEPS)
    shrunk = masks.shrunk(ball(25), 8.0, STEPS)

    assert grown.sum() == pytest.approx(ball(23).sum(), rel=0.07)
    assert shrunk.sum() == pytest.approx(ball(17).sum(), rel=0.07)


def test_closing_fills_a_gap_and_keeps_the_outside() -> None:
    gap = ball(25)
    gap[:, 39:42] = False

    closed = masks.closed(gap, 3.0, STEPS)

    assert closed[20, 40, 40]
    assert closed.sum() == pytest.approx(ball(25).sum(), rel=0.02)


def test_holes_are_filled_plane_by_plane_only_where_they_are_closed() -> None:
    ring = ball(25) & ~ball(20)
    ring[20, :, :40] = False

    filled = masks.filled_per_plane(ring)

    assert filled[19, 40, 40]
    assert not filled[20, 40, 30]


def test_parts_come_largest_first_and_small_ones_are_left_out() -> None:
    mask = np.zeros((9, 9, 9), dtype=np.bool_)
    mask[0, 0, 0] = True
    mask[4:7, 4:7, 4:7] = True

    labels, count = masks.components(mask, least=2)

    assert count == 1
    assert (labels == 1).sum() == 27


def test_an_empty_mask_stays_empty() -> None:
    empty = np.zeros((5, 5, 5), dtype=np.bool_)

    assert not masks.largest(empty).any()
    assert not masks.grown(empty, 3.0, STEPS).any()
    assert np.isinf(masks.distance_to(empty, STEPS)).all()
