"""Frames of the volume on show: its own, those of the stored volume behind it, and both at once."""

from __future__ import annotations

from dataclasses import replace

from viewers.qt.content import Content, every_slice
from viewers.render.frame import Frame, FrameRenderer
from viewers.render.hatch import FilledPlanes
from viewers.render.source import SliceSource
from viewers.state.view_state import Compare, ViewState


class MadeFrames:
    """Renders what a viewport shows. Owned by the thread that shows it.

    Args:
        renderer: of the volume on show.
        content: what is shown.
    """

    def __init__(self, renderer: FrameRenderer, content: Content) -> None:
        self._renderer = renderer
        self._filled = FilledPlanes(renderer.source)
        self._original: FrameRenderer | None = None
        self._follow(content)

    def render(self, content: Content, state: ViewState) -> Frame:
        """Return the frame of a state; what was filled and not scanned is told in it."""
        self._follow(content)
        if state.shows_original:
            return self._scanned(content, state)
        made = self._filled.hatched(self._renderer.render(state, content.enhanced), state)
        if self._original is None or state.compare is not Compare.CURTAIN:
            return made
        return replace(made, original=self._scanned(content, state))

    def _follow(self, content: Content) -> None:
        """Take the stored volume behind; it may come after the one on show."""
        behind, stored = self._original, content.original
        if stored is None:
            self._original = None
        elif behind is None or behind.source.volume is not stored:
            self._original = FrameRenderer(SliceSource(stored, every_slice))

    def _scanned(self, content: Content, state: ViewState) -> Frame:
        """Return what is stored at the place of a frame: nothing of a slice nobody scanned."""
        nothing = self._filled.nothing_at(state)
        if nothing is not None:
            return nothing
        if self._original is not None:
            return self._of_original(self._original, state)
        return self._filled.hatched(self._renderer.render(state, content.enhanced), state)

    def _of_original(self, original: FrameRenderer, state: ViewState) -> Frame:
        """Return the stored slice at the place of one that a model made."""
        made = self._renderer.source.stack(state.plane, state.cut)
        stored = original.source.stack(state.plane, state.cut)
        here = made.to_patient_mm(state.slice_index, made.center_cr)
        at = state.slice_index if stored.count == made.count else None
        index = stored.nearest_index(here, at=at)
        return original.render(replace(state, slice_index=index))
