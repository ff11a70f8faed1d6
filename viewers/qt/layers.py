"""What is done to a rendered frame before it is painted: an overlay is laid on, finer pixels asked.

Owned by the UI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from viewers.qt.content import Content
from viewers.qt.refiner import Refiner
from viewers.render.frame import Frame
from viewers.render.fusion import Overlay
from viewers.render.fusion_sampler import Fuser
from viewers.state.fusion import Fusion
from viewers.state.view_state import ViewState


class FrameLayers:
    """Finishes the frames of one viewport; keeps the last one. UI thread.

    Attributes:
        refiner: makes full pixels of turned slabs beside; None where they are made at once, as
            for pictures that leave.
        hide_key: name of the key that hides the overlay while it is held; empty for none.
    """

    def __init__(self) -> None:
        self.refiner: Refiner | None = None
        self.hide_key = ""
        self._fuser = Fuser()
        self._from: tuple[Frame, Overlay | None, Fusion | None, bool] | None = None
        self._made: Frame | None = None

    def finished(self, frame: Frame, content: Content, state: ViewState) -> Frame:
        """Return a frame as it is painted, and let what it lacks be made.

        Args:
            frame: as it was rendered.
            content: what is shown, and what is laid over it.
            state: how.
        """
        overlay = None if state.hides_fusion else content.overlay
        fusion = content.fusion
        is_loading = overlay is not None and not overlay.is_complete
        if self._made is not None and self._from is not None and not is_loading:
            before, last_overlay, last_fusion, was_loading = self._from
            is_same = before is frame and last_overlay is overlay and last_fusion == fusion
            if is_same and not was_loading:
                return self._made
        made = frame
        if overlay is not None and fusion is not None:
            made = self._fuser.fused(frame, overlay, fusion, state.slab)
            if frame.original is not None and frame.original.stack is frame.stack:
                left = self._fuser.fused(frame.original, overlay, fusion, state.slab)
                made = replace(made, original=left)
        self._from, self._made = (frame, overlay, fusion, is_loading), made
        if self.refiner is not None:
            self.refiner.want(frame.lacking, self._preparing(frame, overlay, state))
        return made

    def forget(self) -> None:
        """Let everything go: nothing is on show."""
        self._from, self._made = None, None
        self._fuser.forget()
        if self.refiner is not None:
            self.refiner.want(None)

    def _preparing(
        self, frame: Frame, overlay: Overlay | None, state: ViewState
    ) -> Callable[[int], None] | None:
        """Return what samples the overlay of a frame in the thread that makes it finer."""
        if overlay is None:
            return None
        fuser, stack, index, slab = self._fuser, frame.stack, frame.index, state.slab

        def prepare(coarse: int) -> None:
            fuser.prepare(overlay, stack, index, slab, coarse)

        return prepare
