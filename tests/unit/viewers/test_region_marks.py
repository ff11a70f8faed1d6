"""Outlined regions on slices of any plane, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from viewers.render.planes import acquired_stack, reformatted_stack
from viewers.render.region_marks import ShownRegion, outline, region_layer, region_trace
from viewers.state.view_state import Plane
from workstation.core.geometry import StackGeometry
from workstation.core.regions import ContourStack, MaskStack, OutlinedRegion, RegionForm

FRAME = "2.25.3"


def geometry(slices: int = 10) -> StackGeometry:
    """Axial slices of 30 x 40 pixels of 1 mm, 2 mm apart, the first at z = 0."""
    positions = np.zeros((slices, 3))
    positions[:, 2] = 2.0 * np.arange(slices)
    return StackGeometry((slices, 30, 40), np.eye(3)[0], np.eye(3)[1], (1.0, 1.0), positions, FRAME)


def box(contours: ContourStack | None = None) -> OutlinedRegion:
    """A box: x 10 to 13, y 5 to 6 (pixel centers), z 4 and 6, each 2 mm thick."""
    positions = np.array([[10.0, 5.0, 4.0], [10.0, 5.0, 6.0]])
    masks = MaskStack(
        np.ones((2, 2, 4), dtype=np.bool_), np.eye(3)[0], np.eye(3)[1], (1.0, 1.0), positions, 2.0
    )
    return OutlinedRegion(
        "box", 1, RegionForm.SEGMENT, "", (10, 20, 30), FRAME, masks, contours=contours
    )


def test_a_region_lies_on_the_slices_it_was_drawn_on_and_on_no_other() -> None:
    stack = acquired_stack(geometry())

    found = {k: region_trace(box(), stack, k) for k in range(stack.count)}

    assert [k for k, trace in found.items() if trace] == [2, 3]
    trace = found[2]
    assert trace is not None
    rows, columns = np.nonzero(trace.mask)
    assert set(columns + trace.corner_cr[0]) == {10, 11, 12, 13}
    assert set(rows + trace.corner_cr[1]) == {5, 6}


@pytest.mark.parametrize(
    ("plane", "width_mm", "height_mm"), [(Plane.CORONAL, 4, 4), (Plane.SAGITTAL, 2, 4)]
)
def test_a_region_has_its_size_on_other_planes(
    plane: Plane, width_mm: float, height_mm: float
) -> None:
    stack = reformatted_stack(geometry().grid(), plane, is_resampled=False)
    index = stack.nearest_index(np.array([11.0, 5.0, 5.0]))

    trace = region_trace(box(), stack, index)

    assert trace is not None
    rows, columns = np.nonzero(trace.mask)
    assert np.ptp(columns) + 1 == pytest.approx(width_mm / stack.spacing_rc_mm[1], abs=1)
    assert np.ptp(rows) + 1 == pytest.approx(height_mm / stack.spacing_rc_mm[0], abs=1)
    centers = np.stack([columns, rows], axis=-1) + np.array(trace.corner_cr)
    middle = stack.to_patient_mm(index, centers.mean(axis=0))
    assert middle @ stack.right_patient == pytest.approx(
        np.array([11.5, 5.5, 5.0]) @ stack.right_patient, abs=0.51
    )
    assert middle @ stack.down_patient == pytest.approx(
        np.array([11.5, 5.5, 5.0]) @ stack.down_patient, abs=0.51
    )


def test_contours_are_shown_as_they_were_drawn_on_their_slice() -> None:
    loop = np.array([[10.2, 5.2, 4], [14.7, 5.2, 4], [14.7, 9.1, 4], [10.2, 9.1, 4]])
    contours = ContourStack(np.eye(3)[2], (4.0,), ((loop,),), 2.0)

    trace = region_trace(box(contours), acquired_stack(geometry()), 2)

    assert trace is not None
    assert trace.lines_cr[:, 0] == pytest.approx(loop[:, :2])
    rows, columns = np.nonzero(trace.mask)
    assert set(columns + trace.corner_cr[0]) == {11, 12, 13, 14}
    assert set(rows + trace.corner_cr[1]) == {6, 7, 8, 9}


def test_an_outline_runs_along_the_edges_of_the_pixels() -> None:
    mask = np.zeros((5, 6), dtype=np.bool_)
    mask[1:3, 2:5] = True

    lines = outline(mask)

    found = {tuple(map(tuple, sorted(line.tolist()))) for line in lines}
    assert found == {
        ((1.5, 0.5), (4.5, 0.5)),
        ((1.5, 2.5), (4.5, 2.5)),
        ((1.5, 0.5), (1.5, 2.5)),
        ((4.5, 0.5), (4.5, 2.5)),
    }


def test_areas_are_mixed_by_their_opacity_and_the_last_lies_on_top() -> None:
    stack = acquired_stack(geometry())
    trace = region_trace(box(), stack, 2)
    assert trace is not None
    below = ShownRegion(box(), (200, 0, 0), 1.0)
    above = ShownRegion(box(), (0, 100, 0), 0.25)

    layer = region_layer([(below, trace), (above, trace)])

    assert layer is not None
    at = (5 - layer.corner_cr[1], 10 - layer.corner_cr[0])
    assert layer.rgba[at].tolist() == [150, 25, 0, 255]
    assert layer.rgba[0, 0, 3] == 0


def test_a_slice_beyond_the_region_shows_nothing() -> None:
    moved = StackGeometry(
        (3, 30, 40),
        np.eye(3)[0],
        np.eye(3)[1],
        (1.0, 1.0),
        np.array([[100.0, 0, 4], [100, 0, 6], [100, 0, 8]]),
        FRAME,
    )

    assert region_trace(box(), acquired_stack(moved), 0) is None
