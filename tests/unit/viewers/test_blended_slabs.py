"""Slabs of a model's result: what lies behind each other is mixed first, and then projected."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.viewers.volumes import every_slice, noise, stack, volume
from viewers.render.enhanced import EnhancedOverlay
from viewers.render.frame import FrameRenderer
from viewers.render.source import SliceSource
from viewers.state.cuts import Cut
from viewers.state.slab import Projection, Slab
from viewers.state.view_state import Compare, Plane, ViewState
from workstation.core.geometry import StackGeometry
from workstation.core.intensity import Window
from workstation.core.provenance import PackRef
from workstation.core.volume import read_only

PACK = PackRef("ct-denoise", "1.0.0", "abc")
TURN = Cut((0.0, 0.0, 0.0), (0.8, 0.6, 0.0), (0.0, 0.0, -1.0))


def leaning(shape: tuple[int, int, int]) -> StackGeometry:
    """Return slices that lean, as those of a tilted gantry do."""
    positions = np.zeros((shape[0], 3))
    positions[:, 2] = np.arange(shape[0]) * 1.0
    positions[:, 1] = np.arange(shape[0]) * 0.35
    return stack(shape, positions_mm=positions)


def turned_state(geometry: StackGeometry, slab: Slab) -> ViewState:
    """Return a turned plane through the middle of a stack."""
    rows, columns = geometry.shape_kji[1:]
    middle = geometry.to_patient_mm(
        geometry.shape_kji[0] // 2, np.array([[columns / 2, rows / 2]])
    )[0]
    cut = TURN.through((float(middle[0]), float(middle[1]), float(middle[2])))
    stacked = SliceSource(volume(noise(geometry.shape_kji), geometry), every_slice)
    index = stacked.stack(Plane.CORONAL, cut).nearest_index(middle)
    return ViewState(Window(300, 3000), plane=Plane.CORONAL, slice_index=index, cut=cut, slab=slab)


@pytest.mark.parametrize("projection", list(Projection))
@pytest.mark.parametrize("plane", [Plane.ACQUIRED, Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL])
@pytest.mark.parametrize("is_tilted", [False, True])
def test_a_slab_of_a_result_projects_the_mixture(
    projection: Projection, plane: Plane, is_tilted: bool
) -> None:
    shape, strength = (12, 16, 14), 0.4
    stored, model = noise(shape, 1), noise(shape, 2)
    geometry = leaning(shape) if is_tilted else stack(shape, gap_mm=1.0)
    mixed = stored + np.float32(strength) * (model.astype(np.float32) - stored)
    state = ViewState(Window(300, 3000), plane=plane, slice_index=6, slab=Slab(projection, 6.0))

    shown = FrameRenderer(SliceSource(volume(stored, geometry), every_slice)).render(
        state, EnhancedOverlay(read_only(model), PACK, strength)
    )

    truth = FrameRenderer(SliceSource(volume(mixed, geometry), every_slice)).render(state)
    difference = shown.pixels.astype(int) - truth.pixels.astype(int)
    assert np.abs(difference).max() <= 1
    assert shown.pixels.std() > 5


@pytest.mark.parametrize("projection", list(Projection))
def test_a_turned_slab_of_a_result_projects_the_mixture(projection: Projection) -> None:
    shape, strength = (12, 16, 14), 0.4
    stored, model = noise(shape, 1), noise(shape, 2)
    geometry = stack(shape, gap_mm=1.0)
    mixed = stored + np.float32(strength) * (model.astype(np.float32) - stored)
    turned = turned_state(geometry, Slab(projection, 6.0))
    renderer = FrameRenderer(SliceSource(volume(stored, geometry), every_slice))
    overlay = EnhancedOverlay(read_only(model), PACK, 1.0)
    renderer.render(turned, overlay)

    shown = renderer.render(turned, replace(overlay, strength=strength))

    truth = FrameRenderer(SliceSource(volume(mixed, geometry), every_slice)).render(turned)
    difference = shown.pixels.astype(int) - truth.pixels.astype(int)
    assert np.abs(difference).max() <= 1
    assert shown.pixels.std() > 5


def test_the_difference_of_a_slab_is_that_of_two_projections() -> None:
    shape, strength = (12, 16, 14), 0.5
    stored = np.zeros(shape, dtype=np.int16)
    model = stored.copy()
    stored[5, 8, 7], stored[6, 8, 7] = 1000, 900
    model[5, 8, 7], model[6, 8, 7] = 200, 900
    state = ViewState(
        Window(300, 3000), slice_index=6, slab=Slab(Projection.MIP, 6.0), compare=Compare.DIFFERENCE
    )
    overlay = EnhancedOverlay(read_only(model), PACK, strength, sigma=100.0)
    source = SliceSource(volume(stored, stack(shape, gap_mm=1.0)), every_slice)

    shown = FrameRenderer(source).render(state, overlay)

    # Mixed, the largest value is 900 (the other is 600): 100 less than the stored 1000.
    assert shown.pixels[8, 7] == pytest.approx(127.5 * (1 - 100 / 300), abs=2)
    assert shown.pixels[0, 0] == 128
