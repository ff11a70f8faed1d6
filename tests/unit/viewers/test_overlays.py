"""Evidence and measurements appear on the slices they belong to, at their place."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.viewers.volumes import every_slice, noise, stack, volume
from viewers.render.overlays import (
    evidence_mark,
    evidence_slices,
    mask_outline,
    measurement_points,
    painted,
)
from viewers.render.source import SliceSource
from viewers.state.view_state import Plane
from viewers.tools.measure import measure_length
from workstation.core.finding import Evidence, Region, RegionKind

SHAPE = (5, 20, 20)
SERIES = volume(noise(SHAPE), stack(SHAPE, spacing_ij_mm=(0.5, 0.5)))
ACQUIRED = SliceSource(SERIES, every_slice).stack(Plane.ACQUIRED)


def evidence(kind: RegionKind, *slices: int, series_uid: str = "1.2.9") -> Evidence:
    at = SERIES.geometry.to_patient_mm(2, np.array([6.0, 8.0]))
    center = (float(at[0]), float(at[1]), float(at[2]))
    uids = tuple(SERIES.instance_uids[k] for k in slices)
    return Evidence(series_uid, uids, Region(kind, center, (4.0, 3.0, 2.0)))


def test_the_most_telling_slice_comes_first() -> None:
    assert evidence_slices(evidence(RegionKind.BOX, 3, 1, 2), SERIES) == (3, 1, 2)
    assert evidence_slices(evidence(RegionKind.BOX, 3, series_uid="9.9"), SERIES) == ()


def test_a_box_is_drawn_around_its_center_in_millimetres() -> None:
    mark = evidence_mark(evidence(RegionKind.BOX, 2), SERIES, ACQUIRED, 2)

    # 4 mm are 8 columns and 3 mm are 6 rows of 0.5 mm around column 6, row 8.
    assert mark is not None
    np.testing.assert_allclose(mark.corners_cr, [(2, 5), (10, 5), (10, 11), (2, 11)])


def test_a_box_is_not_drawn_on_slices_it_does_not_reach() -> None:
    assert evidence_mark(evidence(RegionKind.BOX, 2), SERIES, ACQUIRED, 0) is None
    assert evidence_mark(evidence(RegionKind.BOX, 2, series_uid="9"), SERIES, ACQUIRED, 2) is None


def test_a_point_and_a_slice_are_marked_as_what_they_are() -> None:
    point = evidence_mark(evidence(RegionKind.POINT, 2), SERIES, ACQUIRED, 2)
    whole = evidence_mark(evidence(RegionKind.SLICE, 4), SERIES, ACQUIRED, 4)

    assert point is not None
    np.testing.assert_allclose(point.corners_cr, [(6, 8)])
    assert whole is not None
    assert whole.corners_cr == ()
    assert evidence_mark(evidence(RegionKind.SLICE, 4), SERIES, ACQUIRED, 2) is None


def test_a_box_is_seen_in_a_reformat_that_cuts_it() -> None:
    coronal = SliceSource(SERIES, every_slice).stack(Plane.CORONAL)

    assert evidence_mark(evidence(RegionKind.BOX, 2), SERIES, coronal, 8) is not None
    assert evidence_mark(evidence(RegionKind.BOX, 2), SERIES, coronal, 19) is None


@pytest.mark.parametrize(("index", "is_shown"), [(1, False), (2, True), (3, False)])
def test_a_length_is_shown_on_its_own_slice_only(index: int, is_shown: bool) -> None:
    start, end = SERIES.geometry.to_patient_mm(2, np.array([[1.0, 2.0], [11.0, 2.0]]))
    made = measure_length(SERIES, start, end, measurement_id="m1")

    points = measurement_points(made, SERIES, SERIES, ACQUIRED, index)

    assert (points is not None) == is_shown
    if points is not None:
        np.testing.assert_allclose(points, [(1, 2), (11, 2)], atol=1e-9)


def test_the_outline_of_a_mask_is_its_border_from_inside() -> None:
    mask = np.zeros((7, 7), dtype=bool)
    mask[1:6, 1:6] = True

    outline = mask_outline(mask)

    assert outline.sum() == 16
    assert not outline[2:5, 2:5].any()


def test_paint_lies_over_masked_pixels_only() -> None:
    grey = np.full((3, 3), 100, dtype=np.uint8)
    mask = np.zeros((3, 3), dtype=bool)
    mask[1, 1] = True

    rgba = painted(grey, mask, (200, 0, 100), 0.5)

    assert rgba[1, 1].tolist() == [150, 50, 100, 255]
    assert rgba[0, 0].tolist() == [100, 100, 100, 255]
