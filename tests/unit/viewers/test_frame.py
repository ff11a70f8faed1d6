"""The finished picture: what is enhanced, what is loaded, what is inverted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.viewers.volumes import every_slice, noise, stack, volume
from viewers.render.enhanced import EnhancedOverlay
from viewers.render.frame import FrameRenderer, Shown, difference_half_width
from viewers.render.source import SliceSource
from viewers.render.windowing import to_grey
from viewers.state.view_state import Compare, Plane, ViewState
from workstation.core.intensity import IntensityUnit, Window
from workstation.core.provenance import PackRef
from workstation.core.volume import read_only

SHAPE = (6, 16, 16)
WINDOW = Window(300, 3000)
STATE = ViewState(WINDOW, slice_index=2)
PACK = PackRef("ct-denoise", "1.0.0", "abc")
ORIGINAL, ENHANCED = noise(SHAPE, 1), noise(SHAPE, 2)


def renderer() -> FrameRenderer:
    return FrameRenderer(SliceSource(volume(ORIGINAL), every_slice))


def overlay(strength: float = 1.0) -> EnhancedOverlay:
    return EnhancedOverlay(read_only(ENHANCED), PACK, strength)


@pytest.mark.parametrize("strength", [0.0, 0.25, 0.6, 1.0])
def test_strength_moves_from_the_original_to_the_enhanced(strength: float) -> None:
    frame = renderer().render(STATE, overlay(strength))

    low, high = ORIGINAL[2].astype(float), ENHANCED[2].astype(float)
    shown = np.rint(low + strength * (high - low)).astype(np.int16)
    assert np.array_equal(frame.pixels, to_grey(shown, WINDOW, is_inverted=False))
    assert frame.shown is Shown.ENHANCED


def test_comparing_shows_the_stored_pixels_untouched() -> None:
    frame = renderer().render(replace(STATE, is_comparing=True), overlay())

    assert np.array_equal(frame.pixels, to_grey(ORIGINAL[2], WINDOW, is_inverted=False))
    assert frame.shown is Shown.ORIGINAL


def test_a_slice_the_model_has_not_reached_is_the_original_and_says_so() -> None:
    waiting = replace(overlay(), is_ready=lambda k: k == 5)

    frame = renderer().render(STATE, waiting)

    assert np.array_equal(frame.pixels, renderer().render(STATE).pixels)
    assert frame.shown is Shown.ORIGINAL


def test_the_difference_is_grey_where_nothing_changed() -> None:
    same = ORIGINAL.copy()
    same[2, 4, 4] += 10_000
    changed = EnhancedOverlay(read_only(same), PACK)

    frame = renderer().render(replace(STATE, compare=Compare.DIFFERENCE), changed)

    assert frame.shown is Shown.DIFFERENCE
    assert frame.pixels[4, 4] == 255
    assert set(np.unique(frame.pixels)) == {128, 255}
    assert difference_half_width(STATE) == pytest.approx(3000 / 8)


def test_a_reformat_blends_only_slices_the_model_has_reached() -> None:
    half = replace(overlay(), is_ready=lambda k: k < 3)
    state = replace(STATE, plane=Plane.CORONAL, slice_index=5)

    frame = renderer().render(state, half)

    plain = renderer().render(state)
    full = renderer().render(state, overlay())
    # Coronal rows run from head to feet: slices 5, 4, 3 (not reached) are above.
    rows_above = frame.stack.shape_rc[0] // 2
    assert np.array_equal(frame.pixels[:rows_above], plain.pixels[:rows_above])
    assert np.array_equal(frame.pixels[-3:], full.pixels[-3:])


def test_parts_of_a_reformat_that_are_not_loaded_are_black_and_said_to_be() -> None:
    bright = volume(np.full(SHAPE, 2000, dtype=np.int16))
    source = SliceSource(bright, lambda k: k < 3)

    frame = FrameRenderer(source).render(replace(STATE, plane=Plane.SAGITTAL, slice_index=5))

    assert not frame.is_loaded
    assert np.all(frame.pixels[:4] == 0)
    assert np.all(frame.pixels[-4:] > 0)


def test_a_frame_is_loaded_once_its_slice_is_in() -> None:
    loaded = {0}
    source = SliceSource(volume(ORIGINAL), loaded.__contains__)

    before = FrameRenderer(source).render(STATE).is_loaded
    loaded.update(range(6))

    assert not before
    assert FrameRenderer(source).render(STATE).is_loaded
    assert source.is_complete


def test_monochrome1_is_inverted_and_inverting_it_restores_it() -> None:
    low_bright = volume(ORIGINAL, is_monochrome1=True)
    rendering = FrameRenderer(SliceSource(low_bright, every_slice))
    plain = to_grey(ORIGINAL[2], WINDOW, is_inverted=False)

    assert np.array_equal(rendering.render(STATE).pixels, 255 - plain)
    assert np.array_equal(rendering.render(replace(STATE, is_inverted=True)).pixels, plain)


def test_the_look_up_table_follows_the_window() -> None:
    rendering = renderer()
    rendering.render(STATE)

    frame = rendering.render(replace(STATE, window=Window(40, 80)))

    assert np.array_equal(frame.pixels, to_grey(ORIGINAL[2], Window(40, 80), is_inverted=False))


def test_color_is_shown_as_stored_and_reformatted() -> None:
    rgb = np.random.default_rng(0).integers(0, 255, (*SHAPE, 3), dtype=np.uint8)
    colored = volume(rgb, stack(SHAPE, gap_mm=1.0), unit=IntensityUnit.COLOR)
    rendering = FrameRenderer(SliceSource(colored, every_slice))

    acquired = rendering.render(STATE).pixels
    coronal = rendering.render(replace(STATE, plane=Plane.CORONAL, slice_index=3)).pixels

    assert np.array_equal(acquired, rgb[2])
    assert np.array_equal(coronal, rgb[::-1, 3])
