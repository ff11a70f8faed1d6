"""What one viewport shows: its state, its content, and the picture made of both.

No widget knows more than this; the widgets paint it and propose new states. Owned by the UI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from viewers.qt.acts import ActLog, Look, look_of
from viewers.qt.content import Content
from viewers.qt.curve_board import CurveBoard
from viewers.qt.fusion_texts import fusion_notice
from viewers.qt.habits import Habits
from viewers.qt.layers import FrameLayers
from viewers.qt.link_show import LinkShow
from viewers.qt.link_texts import link_notices
from viewers.qt.look_words import look_notice
from viewers.qt.made_frames import MadeFrames
from viewers.qt.texts import Notice, notices
from viewers.render.frame import Frame, FrameRenderer, Shown
from viewers.render.fusion import Overlay
from viewers.render.mapping import CanvasMap, canvas_map
from viewers.render.overlays import EvidenceMark, evidence_mark, evidence_slices
from viewers.render.planes import PlaneStack
from viewers.render.region_marks import ShownRegion
from viewers.render.slabs import why_no_slab
from viewers.render.source import SliceSource
from viewers.render.stored_look import slice_name
from viewers.render.turned_slabs import SlabPixels
from viewers.render.uncertainty import Uncertainty
from viewers.state.crosshair import Crosshair
from viewers.state.cuts import Cut, TurnedPlanes
from viewers.state.fusion import Fusion
from viewers.state.history import History
from viewers.state.slab import Slab
from viewers.state.stored_look import StoredLook
from viewers.state.user_windows import presets_for
from viewers.state.view_state import MAX_ZOOM, MIN_ZOOM, Compare, Interpolation, Plane, ViewState
from viewers.state.windows import opening_window, window_of, window_presets
from viewers.tools.gesture import View
from viewers.tools.navigate import follow
from workstation.core.finding import Evidence
from workstation.core.intensity import Window
from workstation.core.measurement import Measurement
from workstation.core.observable import Observable
from workstation.core.volume import Volume

ON_SLICE_MM = 1e-3
"""A crosshair this near to a slice of a turned plane is on it: rounding of positions."""

UNSET_WINDOW = Window(127.5, 255.0)
"""Window of a viewport that shows nothing yet."""


FrameKey: TypeAlias = tuple[
    Plane, int, Window, bool, Interpolation, bool, Compare, bool, Slab | None, Cut | None, bool
]


class SharedMarks:
    """What linked viewports have in common: crosshair, measurements, evidence, habits, acts.

    Measurements name their series and slice, so that they stay while series come and go. What a
    reader does to them goes through :meth:`change` and can be taken back, in one order with the
    changes of views. Owned by the UI thread.
    """

    def __init__(self) -> None:
        self.crosshair: Observable[Crosshair | None] = Observable(None)
        self.turned: Observable[TurnedPlanes | None] = Observable(None)
        self.measurements: Observable[tuple[Measurement, ...]] = Observable(())
        self.selected: Observable[str] = Observable("")
        self.evidence: Observable[tuple[Evidence, ...]] = Observable(())
        self.current_study_uid = ""
        self.regions: Observable[tuple[ShownRegion, ...]] = Observable(())
        self.stored_look: Observable[StoredLook | None] = Observable(None)
        self._history: History[tuple[Measurement, ...]] = History(())
        self.habits = Habits()
        self.acts = ActLog()
        self.curves = CurveBoard(self.acts)
        self.settling: list[Callable[[], None]] = []
        self.era = 0

    @property
    def history(self) -> History[tuple[Measurement, ...]]:
        """What was done to the measurements."""
        return replace(self._history, present=self.measurements.value)

    def change(self, measurements: tuple[Measurement, ...], *, selected: str = "") -> None:
        """Take new measurements as one act of the reader, one of them selected."""
        if measurements != self.measurements.value:
            self.acts.add_marks()
        self._take(self.history.then(measurements), selected)

    def restore(self, measurements: tuple[Measurement, ...]) -> None:
        """Put marks kept from before under those made since; it is no act to take back."""
        known = {one.measurement_id for one in measurements}

        def joined(now: tuple[Measurement, ...]) -> tuple[Measurement, ...]:
            return (*measurements, *(one for one in now if one.measurement_id not in known))

        history = self.history
        whole = History(
            joined(history.present),
            tuple(map(joined, history.past)),
            tuple(map(joined, history.future)),
        )
        self._take(whole, self.selected.value)

    def undo(self) -> bool:
        """Take the last act on marks or views back; False where there is none."""
        self.settle()
        return self.acts.undo(self._undo_marks)

    def redo(self) -> bool:
        """Do the act taken back last again; False where there is none."""
        self.settle()
        return self.acts.redo(self._redo_marks)

    def settle(self) -> None:
        """Wait for the values of marks that are drawn and not counted yet; a tenth of a second."""
        for one in tuple(self.settling):
            one()

    def forget(self) -> None:
        """Let everything go: another study is opened."""
        self.era += 1
        self.turned.set(None)
        self.crosshair.set(None)
        self.evidence.set(())
        self.regions.set(())
        self.stored_look.set(None)
        self.acts.forget()
        self._take(History(()), "")

    def _undo_marks(self) -> bool:
        history = self.history
        self._take(history.undone(), self.selected.value)
        return history.can_undo

    def _redo_marks(self) -> bool:
        history = self.history
        self._take(history.redone(), self.selected.value)
        return history.can_redo

    def _take(self, history: History[tuple[Measurement, ...]], selected: str) -> None:
        self._history = history
        self.measurements.set(history.present)
        is_there = any(one.measurement_id == selected for one in history.present)
        self.selected.set(selected if is_there else "")


class ViewportModel:
    """State and content of one viewport, and the frame rendered of them.

    Args:
        marks: shared with the other viewports of a grid.
    """

    def __init__(self, marks: SharedMarks) -> None:
        self.marks = marks
        self.state = Observable(ViewState(UNSET_WINDOW))
        self.content: Observable[Content | None] = Observable(None)
        self.layers = FrameLayers()
        self._renderer: FrameRenderer | None = None
        self._made: MadeFrames | None = None
        self._frame: Frame | None = None
        self._frame_key: FrameKey | None = None
        self._opening_window = UNSET_WINDOW
        self._awaits_window = False
        self.link: Observable[LinkShow] = Observable(LinkShow())
        self.is_led = False
        self.shown_number = 0
        self._forget = marks.crosshair.observe(self._on_crosshair)

    def close(self) -> None:
        """Stop following the shared crosshair."""
        self._forget()

    @property
    def source(self) -> SliceSource | None:
        """The slices of the volume on show; None where there is no volume."""
        return self._renderer.source if self._renderer else None

    @property
    def opening_window(self) -> Window:
        """The window the series opened with, for a reset."""
        return self._opening_window

    def show(self, content: Content, plane: Plane) -> None:
        """Show a volume in a plane, at its middle slice.

        Raises:
            GeometryError: the plane cannot be had of this series; nothing has changed then.
        """
        if self._is_prior(content.volume):
            content = replace(content, prior_date=content.volume.series.study.study_date)
        source = SliceSource(content.volume, content.is_loaded)
        stack = source.stack(plane)
        self._renderer = FrameRenderer(source)
        self._renderer.slabs.is_deferred = self.layers.refiner is not None
        self.layers.forget()
        self._made = MadeFrames(self._renderer, content)
        self._frame = None
        self._awaits_window = source.loaded_count == 0
        self._opening_window = opening_window(content.volume, content.is_loaded)
        old = self.state.value
        state = ViewState(
            self._opening_window,
            plane=plane,
            slice_index=stack.count // 2,
            interpolation=old.interpolation,
            tool=old.tool,
            shows_overlays=old.shows_overlays,
            shows_texts=old.shows_texts,
            curtain=old.curtain,
        )
        self.shown_number += 1
        self.content.set(content)
        self.state.set(state)

    def replace_content(self, content: Content) -> None:
        """Take new doubts, enhancement or key slices for the volume on show."""
        self._frame = None
        self.content.set(content)

    def clear(self) -> None:
        """Show nothing."""
        self.shown_number += 1
        self._renderer, self._made, self._frame = None, None, None
        self.layers.forget()
        self.content.set(None)
        self.state.set(ViewState(UNSET_WINDOW, tool=self.state.value.tool))

    def stack(self) -> PlaneStack | None:
        """Return the slices of the shown plane; None where nothing is shown."""
        state = self.state.value
        return self.source.stack(state.plane, state.cut) if self.source else None

    def view(self, size_canvas: tuple[float, float]) -> View | None:
        """Return what a gesture acts on; None where nothing is shown."""
        stack = self.stack()
        return View(stack, size_canvas) if stack else None

    def presets(self) -> tuple[Window, ...]:
        """Return the window presets of the volume on show, in the order of the keys."""
        content = self.content.value
        if content is None:
            return ()
        volume = content.volume
        windows = self.marks.habits.windows.value
        own = presets_for(windows, volume.series.modality, volume.intensity.unit)
        return window_presets(volume, content.is_loaded, own)

    def auto_window(self, size_canvas: tuple[float, float], *, of_all: bool) -> Window | None:
        """Return a window over the stored values on show; None where there are none.

        Args:
            size_canvas: width and height of the canvas.
            of_all: of the whole slice, also of what lies beyond the canvas.
        """
        content, view, state = self.content.value, self.view(size_canvas), self.state.value
        source = self.source
        if content is None or view is None or source is None or content.volume.is_colour:
            return None
        if state.cut is not None:
            values = source.oblique_pixels(view.stack, state.slice_index, slab=state.slab)
        else:
            values = source.pixels(state.plane, state.slice_index, slab=state.slab)
        if not of_all:
            width, height = size_canvas
            ends = np.array([(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)])
            seen = view.map(state).canvas_to_pixel(ends)
            low = np.maximum(np.floor(seen.min(axis=0)), 0).astype(int)
            high = np.maximum(np.ceil(seen.max(axis=0)), 0).astype(int) + 1
            values = values[low[1] : high[1], low[0] : high[0]]
        return window_of(values, content.volume.intensity.outside)

    def take_look(self, look: Look) -> None:
        """Look as before an act that is taken back; it is no new act."""
        self.state.set(look.on(self.state.value))

    def frame_map(self, size_canvas: tuple[float, float]) -> CanvasMap | None:
        """Return where the frame lies on the canvas; None where nothing is shown.

        An original on a coarser grid than the model's volume before it keeps the size in mm.
        """
        frame = self.frame()
        return None if frame is None else self.map_of(frame, size_canvas)

    def map_of(self, frame: Frame, size_canvas: tuple[float, float]) -> CanvasMap | None:
        """Return where a frame of the volume on show, or of its original, lies on the canvas."""
        stack, state = self.stack(), self.state.value
        if stack is None:
            return None
        mapping = canvas_map(stack, state, size_canvas)
        if frame.stack is stack:
            return mapping
        zoom = mapping.px_per_mm * min(frame.stack.spacing_rc_mm)
        zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM)
        return canvas_map(
            frame.stack, replace(state, slice_index=frame.index, zoom=zoom), size_canvas
        )

    @property
    def shows_stored_slices(self) -> bool:
        """Whether the acquired slices on show are stored ones and not those of a model."""
        content = self.content.value
        if content is None or content.original is None:
            return True
        return self.state.value.shows_original and content.volume.filled is None

    def regions(self) -> tuple[ShownRegion, ...]:
        """Return the outlined regions whose positions hold in the volume on show."""
        content = self.content.value
        if content is None or not content.volume.geometry.is_placed:
            return ()
        uid = content.volume.geometry.frame_of_reference_uid
        return tuple(one for one in self.marks.regions.value if one.region.is_placed_in(uid))

    def mark_of(self, evidence: Evidence, frame: Frame) -> EvidenceMark | None:
        """Return the mark of a piece of evidence on a frame; None where it is not in it."""
        content = self.content.value
        if content is None:
            return None
        return evidence_mark(
            evidence, content.stored, frame.stack, frame.index, is_stored=self.shows_stored_slices
        )

    def stored_look(self, frame: Frame) -> StoredLook | None:
        """Return the presentation state that is applied to the slice of a frame; None for none."""
        content, look, state = self.content.value, self.marks.stored_look.value, self.state.value
        if content is None or look is None or content.original is not None:
            return None
        if state.plane is not Plane.ACQUIRED or state.slab is not None:
            return None
        name = slice_name(content.volume, frame.index)
        return look if look.state.is_about(*name) else None

    def uncertainty(self, frame: Frame) -> Uncertainty | None:
        """Return how far the result on show may be from the truth; None where it is not asked."""
        content, state = self.content.value, self.state.value
        known = None if content is None else content.uncertainty
        is_single = state.plane is Plane.ACQUIRED and state.slab is None
        if known is None or frame.shown is not Shown.ENHANCED or not is_single:
            return None
        return known if known.k == frame.index else None

    def why_no_slab(self) -> str:
        """Return why the volume on show has no slabs, as a clause; empty where it has."""
        content = self.content.value
        return why_no_slab(content.volume) if content else ""

    def set_plane(self, plane: Plane) -> None:
        """Show another plane at the place in the patient that is at the center now.

        Raises:
            GeometryError: the plane cannot be had of this series; nothing has changed then.
        """
        before = self.stack()
        if self.source is None or before is None:
            return
        stack = self.source.stack(plane)
        state = self.state.value
        here = self._point_in_view(before, state)
        self.shown_number += 1
        self.state.set(
            replace(
                state,
                plane=plane,
                slice_index=stack.nearest_index(here),
                zoom=None,
                pan_mm=(0.0, 0.0),
                turn=type(state.turn)(),
                cut=None,
            )
        )

    def propose(self, state: ViewState) -> None:
        """Take a new state; a crosshair in the slice goes along when another slice is shown."""
        old = self.state.value
        is_heavy = state.cut is not None and state.slab is not None
        if is_heavy and state.slice_index != old.slice_index:
            state = replace(state, is_moving=True)
        self.marks.acts.add_view(self, look_of(old), look_of(state))
        self.state.set(state)
        crosshair = self.marks.crosshair.value
        stack = self.stack()
        has_moved = state.slice_index != old.slice_index and state.plane is old.plane
        if not (has_moved and crosshair and stack and self.is_reached_by(crosshair)):
            return
        point = np.array(crosshair.point_mm)
        depth = float(stack.distances_mm[state.slice_index] - point @ stack.normal)
        x, y, z = (float(value) for value in point + depth * stack.normal)
        self.marks.crosshair.set(replace(crosshair, point_mm=(x, y, z)))

    def follow(self, state: ViewState) -> None:
        """Take a state that the reader did not set here; it leads no other viewport."""
        self.is_led = True
        try:
            self.state.set(state)
        finally:
            self.is_led = False

    def own_crosshair(self) -> Crosshair | None:
        """Return a crosshair that names this series; None where positions mean nothing."""
        content = self.content.value
        if content is None or not content.volume.geometry.is_placed:
            return None
        volume = content.volume
        return Crosshair(
            volume.geometry.frame_of_reference_uid, volume.series.series_uid, (0.0, 0.0, 0.0)
        )

    def is_reached_by(self, crosshair: Crosshair) -> bool:
        """Whether a crosshair means a place in the volume on show."""
        content = self.content.value
        if content is None or not content.volume.geometry.is_placed:
            return False
        return crosshair.reaches(
            frame_of_reference_uid=content.volume.geometry.frame_of_reference_uid,
            series_uid=content.volume.series.series_uid,
        )

    def frame(self) -> Frame | None:
        """Return the picture of the present state; rendered only when something changed."""
        content, state = self.content.value, self.state.value
        if self._made is None or content is None:
            return None
        key = (
            state.plane,
            state.slice_index,
            state.window,
            state.is_inverted,
            state.interpolation,
            state.is_comparing,
            state.compare,
            state.shows_overlays,
            state.slab,
            state.cut,
            state.is_moving and state.cut is not None,
        )
        if self._frame is None or key != self._frame_key:
            self._frame = self._made.render(content, state)
            self._frame_key = key
        return self.layers.finished(self._frame, content, state)

    def take_refined(self, pixels: SlabPixels) -> None:
        """Show pixels of a turned slab that were made beside."""
        if self._renderer is not None and pixels.request.source is self._renderer.source:
            self._renderer.slabs.take(pixels)
            self._frame = None

    def lay_over(self, overlay: Overlay | None, fusion: Fusion | None) -> None:
        """Lay another series over the volume on show, draw it otherwise, or take it away."""
        content = self.content.value
        if overlay is not None and overlay.prior_date is None and self._is_prior(overlay.volume):
            overlay = replace(overlay, prior_date=overlay.volume.series.study.study_date)
        if content is not None:
            self.content.set(replace(content, overlay=overlay, fusion=fusion))

    def _is_prior(self, volume: Volume) -> bool:
        current = self.marks.current_study_uid
        return bool(current) and volume.series.study.study_uid != current

    def notices(self, compare_key: str) -> tuple[Notice, ...]:
        """Return what the notice band says of the present picture.

        Args:
            compare_key: name of the key that shows the original while it is held.
        """
        content, frame, source = self.content.value, self.frame(), self.source
        if content is None or frame is None or source is None:
            return ()
        loaded = source.loaded_count
        said = notices(content, self.state.value, frame, loaded=loaded, key=compare_key)
        said += tuple(Notice(*one) for one in link_notices(self.link.value.mark))
        if frame.fused is not None:
            said = (fusion_notice(frame.fused, content.volume, self.layers.hide_key), *said)
        look = self.stored_look(frame)
        return said if look is None else (look_notice(look), *said)

    def refresh(self, k: int) -> bool:
        """Note that acquired slice k came in; return whether the picture changes by it."""
        content, state = self.content.value, self.state.value
        if content is None:
            return False
        if self._awaits_window:
            self._awaits_window = False
            guessed = self._opening_window
            self._opening_window = opening_window(content.volume, content.is_loaded)
            if state.window == guessed:
                self.follow(replace(state, window=self._opening_window))
        is_single = state.plane is Plane.ACQUIRED and state.slab is None
        is_shown = not is_single or k == state.slice_index
        if is_shown:
            self._frame = None
        return is_shown

    def evidence_slices(self) -> tuple[int, ...]:
        """Return the acquired slices of the evidence on show."""
        content = self.content.value
        if content is None:
            return ()
        stored, shown = content.stored, content.volume.geometry
        found = [k for e in self.marks.evidence.value for k in evidence_slices(e, stored)]
        if content.original is not None:
            found = [shown.nearest_slice_index(stored.geometry.positions_mm[k]) for k in found]
        return tuple(dict.fromkeys(found))

    def go_to_evidence(self, evidence: Evidence) -> bool:
        """Show the most telling slice of a piece of evidence; False if it is not in this volume."""
        content, stack = self.content.value, self.stack()
        if content is None or stack is None:
            return False
        slices = evidence_slices(evidence, content.stored)
        if not slices:
            return False
        state = self.state.value
        index = slices[0]
        if state.plane is not Plane.ACQUIRED:
            index = stack.nearest_index(np.array(evidence.region.center_mm))
        elif content.original is not None:
            index = stack.nearest_index(content.original.geometry.positions_mm[index])
        # Evidence is read on single slices: in a projection it may lie under something brighter.
        self.propose(replace(state, slice_index=index, shows_overlays=True, slab=None))
        return True

    def go_to_measurement(self, measurement: Measurement) -> bool:
        """Show the slice a measurement was made on; False if it is not of this series."""
        content, stack = self.content.value, self.stack()
        if content is None or stack is None:
            return False
        stored = content.stored
        frames = stored.frame_numbers or (0,) * len(stored.instance_uids)
        places = list(zip(stored.instance_uids, frames, strict=True))
        here = (measurement.instance_uid, measurement.frame_number)
        if stored.series.series_uid != measurement.series_uid or here not in places:
            return False
        index = places.index(here)
        if self.state.value.plane is not Plane.ACQUIRED or content.original is not None:
            index = stack.nearest_index(np.mean(np.array(measurement.points_mm), axis=0))
        self.propose(replace(self.state.value, slice_index=index, shows_overlays=True))
        self.marks.selected.set(measurement.measurement_id)
        return True

    def _point_in_view(self, stack: PlaneStack, state: ViewState) -> NDArray[np.float64]:
        crosshair = self.marks.crosshair.value
        if crosshair and self.is_reached_by(crosshair):
            return np.array(crosshair.point_mm)
        return stack.to_patient_mm(state.slice_index, stack.center_cr)

    def _on_crosshair(self, _old: Crosshair | None, new: Crosshair | None) -> None:
        stack = self.stack()
        if new is None or stack is None or not self.is_reached_by(new):
            return
        if stack.holds_depth(np.array(new.point_mm)):
            self.follow(self._followed(stack, new))

    def _followed(self, stack: PlaneStack, crosshair: Crosshair) -> ViewState:
        """Return the state at a crosshair; a turned plane passes exactly through it."""
        state, depth = self.state.value, float(np.array(crosshair.point_mm) @ stack.normal)
        is_on_slice = float(np.abs(stack.distances_mm - depth).min()) < ON_SLICE_MM
        if state.cut is not None and self.source is not None and not is_on_slice:
            cut = state.cut.through(crosshair.point_mm)
            state = replace(state, cut=cut, is_moving=True)
            stack = self.source.stack(state.plane, cut)
        return follow(state, stack, crosshair)
