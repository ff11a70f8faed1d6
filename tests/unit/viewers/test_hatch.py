"""What was proposed is told in frames of every plane, slab and turn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.viewers.volumes import noise, stack, volume
from viewers.render.frame import FrameRenderer
from viewers.render.hatch import FilledPlanes, rectangles
from viewers.render.source import SliceSource
from viewers.state.cuts import Cut, vector
from viewers.state.slab import Projection, Slab
from viewers.state.view_state import Plane, ViewState
from workstation.core.filled import Filled, FilledBox, whole_slice
from workstation.core.intensity import Window
from workstation.core.volume import Volume

SHAPE = (9, 24, 30)
WINDOW = Window(0, 2000)


def filled(*boxes: FilledBox) -> Volume:
    made = volume(noise(SHAPE), stack(SHAPE, spacing_ij_mm=(1.0, 1.0)))
    return replace(made, filled=Filled(SHAPE, boxes))


def hatched(made: Volume, state: ViewState) -> tuple[tuple[int, int, int, int], ...]:
    source = SliceSource(made, lambda _k: True)
    return FilledPlanes(source).hatched(FrameRenderer(source).render(state), state).filled


def test_a_proposed_slice_is_hatched_as_a_whole_and_its_neighbors_are_not() -> None:
    made = filled(whole_slice(4, SHAPE))

    assert hatched(made, ViewState(WINDOW, slice_index=4)) == ((0, 24, 0, 30),)
    assert hatched(made, ViewState(WINDOW, slice_index=3)) == ()


def test_lost_rows_are_hatched_where_they_are() -> None:
    made = filled(FilledBox(4, (5, 9), (2, 20)))

    assert hatched(made, ViewState(WINDOW, slice_index=4)) == ((5, 9, 2, 20),)


def test_a_reformat_is_hatched_between_the_scanned_slices() -> None:
    made = filled(whole_slice(4, SHAPE))
    state = ViewState(WINDOW, plane=Plane.CORONAL, slice_index=10)
    source = SliceSource(made, lambda _k: True)
    per_slice = source.stack(Plane.CORONAL).shape_rc[0] / SHAPE[0]

    ((top, bottom, left, right),) = hatched(made, state)

    assert (left, right) == (0, 30)
    # All that rests on the slice in part: up to a step to both sides.
    assert 1 <= (bottom - top) / per_slice <= 2.2


def test_a_slab_through_a_proposed_slice_is_hatched_and_one_beside_it_is_not() -> None:
    made = filled(whole_slice(4, SHAPE))
    step = float(made.geometry.gaps_mm[0])
    slab = Slab(Projection.MIP, 2.2 * step)

    assert hatched(made, ViewState(WINDOW, slice_index=5, slab=slab)) == ((0, 24, 0, 30),)
    assert hatched(made, ViewState(WINDOW, slice_index=7, slab=slab)) == ()


@pytest.mark.parametrize("projection", list(Projection))
def test_every_projection_is_hatched(projection: Projection) -> None:
    made = filled(FilledBox(4, (5, 9), (2, 20)))
    slab = Slab(projection, 2.2 * float(made.geometry.gaps_mm[0]))

    assert hatched(made, ViewState(WINDOW, slice_index=5, slab=slab)) == ((5, 9, 2, 20),)


def test_a_turned_plane_is_hatched_where_it_cuts_the_proposed_slice() -> None:
    made = filled(whole_slice(4, SHAPE))
    source = SliceSource(made, lambda _k: True)
    state = ViewState(WINDOW, plane=Plane.CORONAL, slice_index=10)
    flat = source.stack(Plane.CORONAL)
    middle = flat.to_patient_mm(10, flat.center_cr)
    cut = Cut(vector(middle), vector(flat.right_patient), vector(flat.down_patient))
    cut = cut.rotated(flat.normal, np.deg2rad(20.0))
    at = source.stack(Plane.CORONAL, cut).nearest_index(middle)
    turned = replace(state, cut=cut, slice_index=at)
    frame = FrameRenderer(source).render(turned)

    parts = FilledPlanes(source).hatched(frame, turned).filled

    mask = np.zeros(frame.stack.shape_rc, dtype=bool)
    for top, bottom, left, right in parts:
        mask[top:bottom, left:right] = True
    assert 0.05 < mask.mean() < 0.5


def test_of_a_slice_nobody_scanned_nothing_is_shown() -> None:
    made = filled(whole_slice(4, SHAPE), FilledBox(6, (5, 9), (2, 20)))
    planes = FilledPlanes(SliceSource(made, lambda _k: True))

    nothing = planes.nothing_at(ViewState(WINDOW, slice_index=4))

    assert nothing is not None
    assert not nothing.pixels.any()
    assert nothing.filled == ((0, 24, 0, 30),)
    assert planes.nothing_at(ViewState(WINDOW, slice_index=6)) is None
    assert planes.nothing_at(ViewState(WINDOW, slice_index=3)) is None


def test_rectangles_make_up_the_mask_and_nothing_else() -> None:
    random = np.random.default_rng(1)
    for share in (0.0, 0.1, 0.5, 1.0):
        mask = random.random((17, 13)) < share
        made = np.zeros_like(mask)
        for top, bottom, left, right in rectangles(mask):
            assert not made[top:bottom, left:right].any()
            made[top:bottom, left:right] = True
        assert np.array_equal(made, mask)


def test_a_mask_of_whole_slices_takes_no_memory() -> None:
    mask = Filled((300, 512, 512), (whole_slice(7, (300, 512, 512)),)).mask

    assert mask.strides == (1, 0, 0)
    assert mask[7].all()
    assert not mask[6].any()
