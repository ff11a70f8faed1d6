"""One finished picture of a view state: 8-bit pixels and what they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Any
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from viewers.render.blends import BlendedVoxels, Voxels, blended
from viewers.render.enhanced import EnhancedOverlay, difference
from viewers.render.fusion import Fused
from viewers.render.maker_marks import has_drawings, marked
from viewers.render.planes import PlaneStack
from viewers.render.regularize import as_dtype
from viewers.render.slabs import slab_members
from viewers.render.source import SliceSource
from viewers.render.turned_slabs import SlabRequest, TurnedSlabs
from viewers.render.windowing import LookUp, to_grey, window_lut
from viewers.state.slab import Projection
from viewers.state.view_state import Compare, Plane, ViewState
from workstation.core.intensity import Window, WindowFunction

DIFFERENCE_SIGMAS = 3.0
"""Change that is white or black in the difference picture, in noise standard deviations of the
original: what our packs may change a voxel by, and what hardly any noise reaches."""

DIFFERENCE_SHARE = 0.25
"""Full width of the difference picture as a share of the window, as long as the noise is not known
yet: four times the contrast, since what a denoiser takes away is small beside the anatomy."""


MOVING_COARSE = 2
"""While planes turn under the hand each second row and column is sampled: a quarter of the time."""


class Shown(Enum):
    """Which pixels a frame shows."""

    ORIGINAL = "original"
    ENHANCED = "enhanced"
    DIFFERENCE = "difference"


@dataclass(frozen=True, eq=False)
class Frame:
    """A rendered slice.

    Attributes:
        picture: the pixels, or values and the table that makes them grey: what is only painted is
            looked up straight into the memory of the screen.
        stack: where the slice lies.
        index: which slice of the stack.
        shown: whether a model's pixels are in it.
        is_loaded: every acquired slice it rests on is in.
        projected: number of slices that a slab shows behind each other; 0 for a single slice.
        coarse: each so many-th row and column was sampled; 1 for all.
        fused: what is laid over it; None for nothing.
        lacking: what is to be made beside for the full picture; None where this is it.
        original: the stored pixels of the same place, shown left of the curtain; None for no
            curtain.
        filled: parts that rest on voxels a model proposed and nobody scanned: first row and one
            past the last, first column and one past the last. They are hatched.
    """

    picture: NDArray[np.uint8] | LookUp
    stack: PlaneStack
    index: int
    shown: Shown
    is_loaded: bool
    projected: int = 0
    coarse: int = 1
    fused: Fused | None = None
    lacking: SlabRequest | None = None
    original: Frame | None = None
    filled: tuple[tuple[int, int, int, int], ...] = ()

    @cached_property
    def pixels(self) -> NDArray[np.uint8]:
        """(rows, columns) uint8 grey or (rows, columns, 3) uint8 RGB, C-contiguous."""
        return self.picture.grey if isinstance(self.picture, LookUp) else self.picture

    @property
    def is_color(self) -> bool:
        """Whether the pixels are RGB."""
        return not isinstance(self.picture, LookUp) and self.picture.ndim == 3


class FrameRenderer:
    """Renders view states of one volume; keeps the last look-up table.

    Owned by the thread that shows the volume.
    """

    def __init__(self, source: SliceSource) -> None:
        self.source = source
        self.slabs = TurnedSlabs()
        self._lut: NDArray[np.uint8] | None = None
        self._lut_key: tuple[Window, bool] | None = None
        self._sampled: _Sampled | None = None

    def render(self, state: ViewState, enhanced: EnhancedOverlay | None = None) -> Frame:
        """Return the picture of a state.

        Raises:
            GeometryError: the plane cannot be had of this series.
        """
        source = self.source
        stack = source.stack(state.plane, state.cut)
        index = min(state.slice_index, stack.count - 1)
        if state.cut is not None:
            return self._oblique(state, stack, index, enhanced)
        shown, pixels = self._values(state, index, enhanced)
        frame = self._straight(state, stack, index, shown, pixels, enhanced)
        if shown is not Shown.ENHANCED or state.compare is not Compare.CURTAIN:
            return frame
        stored = source.pixels(state.plane, index, state.interpolation, slab=state.slab)
        left = self._straight(state, stack, index, Shown.ORIGINAL, stored, None)
        return replace(frame, original=left)

    def _straight(
        self,
        state: ViewState,
        stack: PlaneStack,
        index: int,
        shown: Shown,
        pixels: NDArray[Any],
        enhanced: EnhancedOverlay | None,
    ) -> Frame:
        """Return the picture of pixels of a plane along the axes of the volume."""
        source, volume = self.source, self.source.volume
        has_all = source.is_complete or bool(
            source.covered(state.plane, index, source.is_loaded, state.slab).all()
        )
        projected = source.members(state.plane, index, state.slab).size if state.slab else 0
        is_single = state.plane is Plane.ACQUIRED and state.slab is None
        has_marks = is_single and state.shows_overlays and has_drawings(volume, index)
        scale = self._gray_scale(state, shown, enhanced)
        if has_all and not has_marks and (later := self._look_up(scale, pixels)) is not None:
            return Frame(later, stack, index, shown, has_all, projected)
        picture = self._picture(state, scale, pixels)
        if has_marks:
            picture = marked(picture, volume, index)
        if not has_all and not source.is_across_slices(state.plane, state.slab):
            mask = source.covered(state.plane, index, source.is_loaded)
            mask = np.broadcast_to(mask, picture.shape[:2])
            picture = np.where(mask.reshape(mask.shape + (1,) * (picture.ndim - 2)), picture, 0)
        return Frame(np.ascontiguousarray(picture), stack, index, shown, has_all, projected)

    def _oblique(
        self,
        state: ViewState,
        stack: PlaneStack,
        index: int,
        enhanced: EnhancedOverlay | None,
    ) -> Frame:
        """Return the picture of a turned plane; coarser as long as the hand moves."""
        source, slab = self.source, state.slab
        count = source.volume.geometry.shape_kji[0]
        is_ready = enhanced is not None and all(map(enhanced.is_ready, range(count)))
        shows_model = is_ready and not state.shows_original
        overlay = enhanced if shows_model else None
        stored, model, coarse, lacking = self._turned(state, stack, index, overlay)
        shown, pixels = Shown.ORIGINAL, stored
        if enhanced is not None and model is not None:
            shown, pixels = _compared(state, stored, model, enhanced.strength)
        projected = slab_members(stack, index, slab).size if slab else 0

        def made(shown: Shown, pixels: NDArray[Any], overlay: EnhancedOverlay | None) -> Frame:
            scale = self._gray_scale(state, shown, overlay)
            picture, has_all = self._turned_picture(state, stack, index, scale, pixels, coarse)
            return Frame(
                picture, stack, index, shown, has_all, projected, coarse=coarse, lacking=lacking
            )

        frame = made(shown, pixels, enhanced)
        if shown is Shown.ENHANCED and state.compare is Compare.CURTAIN:
            return replace(frame, original=made(Shown.ORIGINAL, stored, None))
        return frame

    def _turned_picture(
        self,
        state: ViewState,
        stack: PlaneStack,
        index: int,
        scale: tuple[Window, bool],
        pixels: NDArray[Any],
        coarse: int,
    ) -> tuple[NDArray[np.uint8] | LookUp, bool]:
        """Return the picture of pixels of a turned plane, and whether every slice is in it."""
        source, has_all = self.source, self.source.is_complete
        later = self._look_up(scale, pixels) if has_all and coarse == 1 else None
        if later is not None:
            return later, has_all
        picture = self._picture(state, scale, pixels)
        if coarse > 1:
            rows, columns = stack.shape_rc
            picture = picture.repeat(coarse, 0)[:rows].repeat(coarse, 1)[:, :columns]
        if not has_all:
            mask = source.oblique_covered(stack, index, source.is_loaded)
            mask = np.broadcast_to(mask, picture.shape[:2])
            picture = np.where(mask.reshape(mask.shape + (1,) * (picture.ndim - 2)), picture, 0)
        return np.ascontiguousarray(picture), has_all

    def _turned(
        self, state: ViewState, stack: PlaneStack, index: int, enhanced: EnhancedOverlay | None
    ) -> tuple[NDArray[Any], NDArray[Any] | None, int, SlabRequest | None]:
        """Return stored pixels, a model's, how coarse they are, and what is still to be made."""
        source, slab = self.source, state.slab
        voxels = None if enhanced is None else enhanced.voxels
        if slab is not None:
            before = enhanced.strength if enhanced is not None and _mixes_before(state) else 1.0
            request = SlabRequest(source, stack, index, slab, voxels, source.loaded_count, before)
            made = self.slabs.pixels(request, is_moving=state.is_moving)
            lacking = self.slabs.lacking(made, is_moving=state.is_moving)
            return made.original, made.model, made.coarse, lacking
        coarse = MOVING_COARSE if state.is_moving else 1
        if voxels is None:
            return source.oblique_pixels(stack, index, coarse=coarse), None, coarse, None
        key = (stack, index, coarse, source.loaded_count)
        kept = self._kept(key, voxels)
        if kept is None:
            stored = source.oblique_pixels(stack, index, coarse=coarse)
            model = source.oblique_pixels(stack, index, voxels, coarse=coarse)
            kept = self._keep(key, voxels, stored, model)
        return kept.original, kept.model, coarse, None

    def _picture(
        self, state: ViewState, scale: tuple[Window, bool], pixels: NDArray[Any]
    ) -> NDArray[np.uint8]:
        """Return pixels as grey or color, 8 bits."""
        volume = self.source.volume
        if volume.is_colour:
            rgb: NDArray[np.uint8] = as_dtype(pixels, np.dtype(np.uint8))
            return 255 - rgb if state.is_inverted else rgb
        window, is_inverted = scale
        lut = self._table(window, is_inverted=is_inverted) if pixels.dtype == np.int16 else None
        return to_grey(pixels, window, is_inverted=is_inverted, lut=lut)

    def _look_up(self, scale: tuple[Window, bool], pixels: NDArray[Any]) -> LookUp | None:
        """Return int16 pixels with their table; None for others."""
        if self.source.volume.is_colour or pixels.dtype != np.int16:
            return None
        window, is_inverted = scale
        lut = self._table(window, is_inverted=is_inverted)
        return LookUp(np.ascontiguousarray(pixels), lut)

    def _gray_scale(
        self, state: ViewState, shown: Shown, enhanced: EnhancedOverlay | None
    ) -> tuple[Window, bool]:
        """Return the window, and whether low values are bright."""
        if shown is Shown.DIFFERENCE:
            return _difference_window(state, enhanced), state.is_inverted
        return state.window, self.source.volume.is_monochrome1 != state.is_inverted

    def _values(
        self, state: ViewState, index: int, enhanced: EnhancedOverlay | None
    ) -> tuple[Shown, NDArray[Any]]:
        if enhanced is None or state.shows_original:
            return Shown.ORIGINAL, self._pixels(state, index, None)
        ready = self.source.covered(state.plane, index, enhanced.is_ready, state.slab)
        if not ready.any():
            return Shown.ORIGINAL, self._pixels(state, index, None)
        original, model = self._both(state, index, enhanced, is_whole=bool(ready.all()))
        shown, pixels = _compared(state, original, model, enhanced.strength)
        if not ready.all():
            left = 0 if shown is Shown.DIFFERENCE else original
            pixels = np.where(ready, pixels, left)
        is_result = shown is Shown.ENHANCED
        return shown, as_dtype(pixels, original.dtype) if is_result else pixels

    def _pixels(self, state: ViewState, index: int, voxels: Voxels | None) -> NDArray[Any]:
        return self.source.pixels(state.plane, index, state.interpolation, voxels, slab=state.slab)

    def _both(
        self, state: ViewState, index: int, enhanced: EnhancedOverlay, *, is_whole: bool
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return stored and model's pixels of a slice; kept while only the strength changes.

        What has to be mixed before it is projected comes mixed.
        """
        is_stored = state.plane is Plane.ACQUIRED and state.slab is None
        before = enhanced.strength if _mixes_before(state) else None
        key = (state.plane, index, state.interpolation, state.slab, before)
        can_keep = not is_stored and is_whole and self.source.is_complete
        kept = self._kept(key, enhanced.voxels) if can_keep else None
        if kept is not None:
            return kept.original, kept.model
        original = self._pixels(state, index, None)
        model = self._pixels(state, index, _projected(state, self.source.volume.voxels, enhanced))
        if can_keep:
            self._keep(key, enhanced.voxels, original, model)
        return original, model

    def _kept(self, key: object, voxels: NDArray[Any]) -> _Sampled | None:
        kept = self._sampled
        is_same = kept is not None and kept.key == key and kept.voxels() is voxels
        return kept if is_same else None

    def _keep(
        self, key: object, voxels: NDArray[Any], original: NDArray[Any], model: NDArray[Any]
    ) -> _Sampled:
        self._sampled = _Sampled(key, ref(voxels), original, model)
        return self._sampled

    def _table(self, window: Window, *, is_inverted: bool) -> NDArray[np.uint8]:
        key = (window, is_inverted)
        if self._lut is None or key != self._lut_key:
            self._lut, self._lut_key = window_lut(window, is_inverted=is_inverted), key
        return self._lut


@dataclass(frozen=True, slots=True, eq=False)
class _Sampled:
    """Pixels of a reformat or slab, stored and of a model, that were sampled for the last frame."""

    key: object
    voxels: ref[NDArray[Any]]
    original: NDArray[Any]
    model: NDArray[Any]


def _compared(
    state: ViewState, original: NDArray[Any], model: NDArray[Any], strength: float
) -> tuple[Shown, NDArray[Any]]:
    """Return what is shown of stored and model's pixels, float32."""
    strength = 1.0 if _mixes_before(state) else strength
    if state.compare is Compare.DIFFERENCE:
        return Shown.DIFFERENCE, difference(original, model, strength)
    return Shown.ENHANCED, blended(original, model, strength)


def _mixes_before(state: ViewState) -> bool:
    """Whether result and original are mixed before a slab is projected.

    The largest values of a mixture are no mixture of the largest values; a mean is.
    """
    return state.slab is not None and state.slab.projection is not Projection.MEAN


def _projected(state: ViewState, stored: NDArray[Any], enhanced: EnhancedOverlay) -> Voxels:
    """Return the model's voxels as they are sampled or projected."""
    if not _mixes_before(state) or enhanced.strength == 1.0:
        return enhanced.voxels
    return BlendedVoxels(stored, enhanced.voxels, enhanced.strength)


def _difference_window(state: ViewState, enhanced: EnhancedOverlay | None) -> Window:
    half = difference_half_width(state, enhanced)
    return Window(0.0, 2 * half, "Difference", WindowFunction.LINEAR_EXACT)


def difference_half_width(state: ViewState, enhanced: EnhancedOverlay | None = None) -> float:
    """Return the change that is shown as full white (or black), in the unit of the volume."""
    if enhanced is not None and enhanced.sigma > 0:
        return DIFFERENCE_SIGMAS * enhanced.sigma
    return max(state.window.width * DIFFERENCE_SHARE / 2, 5e-7)
