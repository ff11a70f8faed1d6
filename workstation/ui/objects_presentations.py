"""Presentation states in the window: applied, hidden, left, and the view saved as one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from viewers.qt.desk import ViewportDesk
from viewers.qt.mark_graphics import LAYER, drawn_marks
from viewers.qt.mark_texts import kind_name, measurement_text
from viewers.qt.viewport import ViewportWidget
from viewers.render.planes import acquired_stack
from viewers.render.stored_look import (
    applied,
    area_of_view,
    aspect_differs,
    first_slice,
    slice_name,
)
from viewers.state.stored_look import StoredLook
from viewers.state.view_state import Plane, ViewState
from workstation.core.intensity import Window
from workstation.core.presentation import PresentationState, StoredWindow
from workstation.services.jobs import Lane, Request
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.study_controller import StudyController
from workstation.ui.use_cases import UseCases
from workstation.ui.words import tr

if TYPE_CHECKING:
    from workstation.core.measurement import Measurement

MM_PER_INCH = 25.4
"""Screens say how many dots they have on an inch."""


class PresentationDesk(QObject):
    """Applies and saves presentation states. Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
    """

    said = Signal(str)

    def __init__(
        self,
        study: StudyController,
        grid: ViewportDesk,
        use_cases: UseCases,
        bridge: JobBridge,
        *,
        reader: Callable[[], str],
    ) -> None:
        """Begin to follow a study.

        Args:
            study: the open study.
            grid: its images.
            use_cases: doors of the house.
            bridge: starts jobs.
            reader: name of the reader.
        """
        super().__init__(study)
        self._study, self._grid = study, grid
        self._use_cases, self._bridge, self._reader = use_cases, bridge, reader
        self._awaited: PresentationState | None = None
        self._given: dict[int, tuple[str, int]] = {}
        study.study_changed.connect(lambda _study: self._forget())
        study.shown_changed.connect(self._follow_shown)
        grid.state_changed.connect(lambda _state: self._follow_slice())

    # Applying

    def apply(self, state: PresentationState) -> None:
        """Show images as a presentation state says, from the first one that it names."""
        if state.refused:
            self.said.emit(tr(state.refused))
            return
        self._grid.marks.stored_look.set(StoredLook(state))
        if self._apply_where_shown(state):
            return
        row = self._row_of(state)
        if row is None:
            self._grid.marks.stored_look.set(None)
            self.said.emit(tr("None of the images it names is in the open study."))
            return
        self._awaited = state
        self._study.show_row(row)

    def toggle(self) -> None:
        """Show or hide what the presentation state draws."""
        look = self._grid.marks.stored_look.value
        if look is None:
            self.said.emit(tr("No presentation state is applied. The objects panel lists them."))
            return
        shown = not look.shows_graphics
        self._grid.marks.stored_look.set(replace(look, shows_graphics=shown))

    def leave(self) -> None:
        """Show the images as they were stored again."""
        look = self._grid.marks.stored_look.value
        if look is None:
            self.said.emit(tr("No presentation state is applied. The objects panel lists them."))
            return
        viewports = [one for one in self._grid.viewports if self._is_about(look.state, one)]
        self._grid.marks.stored_look.set(None)
        for viewport in viewports:
            is_inverted = viewport.state.value.is_inverted
            viewport.reset()
            if is_inverted and viewport.state.value.is_inverted:
                viewport.invert()
        self.said.emit(tr("The images are shown as they were stored."))

    def place_of(self, state: PresentationState) -> str:
        """Return how many of the images it names are in the study, in words."""
        here = sum(self._named(state, row) for row in range(len(self._study.items)))
        return tr("{0} of {1} images here").format(here, state.image_count)

    def _named(self, state: PresentationState, row: int) -> int:
        one = self._study.items[row].display_set
        names = zip(one.instance_uids, one.frame_numbers, strict=False)
        return sum(state.is_about(uid, frame) for uid, frame in names)

    def _row_of(self, state: PresentationState) -> int | None:
        rows = range(len(self._study.items))
        return next((row for row in rows if self._named(state, row)), None)

    def _is_about(self, state: PresentationState, viewport: ViewportWidget) -> bool:
        content = viewport.content
        return content is not None and first_slice(state, content.volume) is not None

    def _apply_where_shown(self, state: PresentationState) -> bool:
        found = [
            one
            for one in self._grid.viewports
            if self._is_about(state, one) and one.state.value.plane is Plane.ACQUIRED
        ]
        for viewport in found:
            self._apply_to(viewport, state)
        return bool(found)

    def _apply_to(self, viewport: ViewportWidget, look: PresentationState) -> None:
        content = viewport.content
        if content is None or content.original is not None:
            self.said.emit(tr("A presentation state is about stored images: show those first."))
            return
        volume, view = content.volume, viewport.state.value
        here = slice_name(volume, view.slice_index)
        index = view.slice_index if look.is_about(*here) else first_slice(look, volume)
        if self._awaited is look or index is None:
            index = first_slice(look, volume) or 0
        stack = acquired_stack(volume.geometry)
        canvas = viewport.canvas
        density = canvas.physicalDpiX() / MM_PER_INCH
        asked = applied(
            look, volume, stack, replace(view, slice_index=index, shows_overlays=True),
            canvas.size_canvas, screen_px_per_mm=density,
        )  # fmt: skip
        viewport.state.set(asked)
        self._given[id(viewport)] = slice_name(volume, index)
        area = look.area_of(*slice_name(volume, index))
        words = tr("Shown as stored in {0}.").format(look.label)
        if area is not None and aspect_differs(area, stack):
            words = tr("{0} wants other pixel sizes than the images have: theirs are kept.")
            words = words.format(look.label)
        if look.leaves_out_overlays(content.doubts):
            kept = tr("Overlays of the images stay shown, though it does not ask for them.")
            words = f"{words} {kept}"
        self.said.emit(words)

    def _follow_shown(self) -> None:
        awaited = self._awaited
        if awaited is not None and self._apply_where_shown(awaited):
            self._awaited = None

    def _follow_slice(self) -> None:
        """Give each slice its own stored window, as long as the reader chose no other."""
        look = self._grid.marks.stored_look.value
        if look is None or len(look.state.windows) < 2:
            return
        for viewport in self._grid.viewports:
            before, content = self._given.get(id(viewport)), viewport.content
            if before is None or content is None or not self._is_about(look.state, viewport):
                continue
            view = viewport.state.value
            now = slice_name(content.volume, view.slice_index)
            if now == before:
                continue
            self._given[id(viewport)] = now
            self._exchange(
                viewport, view, look.state.window_of(*before), look.state.window_of(*now)
            )

    def _exchange(
        self, viewport: ViewportWidget, view: ViewState, old: Window | None, new: Window | None
    ) -> None:
        if old is not None and new is not None and view.window == old != new:
            viewport.state.set(replace(view, window=new))

    def _forget(self) -> None:
        self._awaited = None
        self._given.clear()

    # Saving

    def save(self) -> None:
        """Ask for a file and save the view in it; its name becomes the label."""
        if self._why_not():
            self.said.emit(self._why_not())
            return
        name, _ = QFileDialog.getSaveFileName(
            self._grid.main.window(),
            tr("Save the view as a presentation state"),
            "view.dcm",
            "DICOM (*.dcm)",
        )
        if name:
            self.save_to(Path(name))

    def save_to(self, path: Path) -> None:
        """Save the active view, with the marks of its series, as a DICOM presentation state."""
        series, look, left_out = self._study.active_series, self._view(path.stem), self._left_out()
        if series is None or look is None:
            self.said.emit(self._why_not())
            return
        display_set, save = series.item.display_set, self._use_cases.save_presentation_state
        request = Request(
            Lane.SAVE,
            "Saving a presentation state",
            lambda _context: save(display_set, look, path),
        )
        words = tr("The view is saved as a presentation state.")
        if left_out:
            named = ", ".join(f"{kind_name(one.kind)} {measurement_text(one)}" for one in left_out)
            words += " " + tr("Marks on other planes are left out: {0}.").format(named)
        replies = Replies(
            done=lambda _none: self.said.emit(words),
            failed=lambda error: self.said.emit(tr(str(error))),
        )
        self._bridge.start(request, replies)

    def _why_not(self) -> str:
        viewport = self._grid.active
        content, view = viewport.content, viewport.state.value
        if content is None or self._study.active_series is None:
            return tr("Show a series first.")
        if view.plane is not Plane.ACQUIRED or view.slab is not None:
            return tr(
                "A presentation state is about stored slices: show single acquired slices first."
            )
        if content.original is not None or content.enhanced is not None:
            return tr("A presentation state is about stored images: show those first.")
        return ""

    def _view(self, label: str) -> PresentationState | None:
        viewport = self._grid.active
        content, mapping = viewport.content, viewport.canvas.mapping()
        if content is None or mapping is None or self._why_not():
            return None
        view, volume = viewport.state.value, content.volume
        turn = view.turn
        # Two flips are half a turn; a vertical one is a horizontal one and half a turn.
        half = 180 if turn.is_flipped_vertically else 0
        drawn = drawn_marks(self._grid.marks.measurements.value, volume)
        return PresentationState(
            "",
            label,
            description=label,
            creator=self._reader(),
            windows=() if volume.is_colour else (StoredWindow(view.window),),
            areas=(area_of_view(mapping, view, viewport.canvas.size_canvas),),
            rotation_deg=(turn.rotation_deg + half) % 360,
            is_flipped=turn.is_mirrored,
            is_inverted=volume.is_monochrome1 != view.is_inverted,
            annotations=drawn.annotations,
            layers=(LAYER,),
        )

    def _left_out(self) -> tuple[Measurement, ...]:
        content = self._grid.active.content
        if content is None:
            return ()
        return drawn_marks(self._grid.marks.measurements.value, content.volume).left_out
