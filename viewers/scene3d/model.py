"""What the 3D view shows: its state, what is known of the volume, and the newest picture.

No widget knows more than this. Owned by the UI thread; events of the client's thread come over
through one queued signal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import count

import numpy as np
from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from viewers.render.region_marks import ShownRegion
from viewers.scene3d.camera import Projection, projection
from viewers.scene3d.client import (
    SceneClient,
    SceneEvent,
    SceneFailed,
    ScenePicture,
    SceneProgress,
    SceneRestarted,
    SceneShown,
)
from viewers.scene3d.presets import Blend, Scale, VolumePreset, transfer, without_outside
from viewers.scene3d.protocol import MOST_PICTURE_PX, Draw
from viewers.scene3d.state import Box, CutPlane, SceneState, box_around
from viewers.scene3d.volume import Subject, require_drawable, subject_of
from viewers.scene3d.words import tr
from workstation.core.errors import WorkstationError
from workstation.core.observable import Observable
from workstation.core.regions import MaskStack
from workstation.core.volume import Volume

REST_MS = 120
"""A hand that is still this long rests; then the picture is drawn in full."""

CROP_MARGIN_MM = 10.0
"""Left around regions that the box is cropped to: enough to see what they border on."""


class Phase(Enum):
    """Where the view stands."""

    EMPTY = "empty"
    LOADING = "loading"
    STARTING = "starting"
    SHOWN = "shown"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, eq=False)
class SceneStatus:
    """What is known of the picture on show.

    Attributes:
        phase: where the view stands.
        subject: what is shown; None for nothing.
        shown: what the process took over; None before.
        fraction: of loading or preparing, 0..1; 1 where nothing is under way.
        is_coarse: only every second voxel is drawn so far.
        is_full: the picture is as good as it gets.
        hides_outside: table and outside air are not in the picture.
        sentence: why there is no picture; empty where there is one.
    """

    phase: Phase = Phase.EMPTY
    subject: Subject | None = None
    shown: SceneShown | None = None
    fraction: float = 1.0
    is_coarse: bool = False
    is_full: bool = False
    hides_outside: bool = False
    sentence: str = ""


class SceneModel(QObject):
    """One 3D view. UI thread.

    Signals:
        changed: state, status or picture changed: paint anew.
        said(str): a sentence for the status line.
    """

    changed = Signal()
    said = Signal(str)
    _arrived = Signal(object)

    def __init__(
        self,
        presets: tuple[VolumePreset, ...],
        make_client: Callable[[Callable[[SceneEvent], None]], SceneClient] = SceneClient,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.presets = presets
        self.state: Observable[SceneState] = Observable(SceneState())
        self.status: Observable[SceneStatus] = Observable(SceneStatus())
        self.regions: tuple[ShownRegion, ...] = ()
        self.picture: QImage | None = None
        self.pictured: SceneState | None = None
        self._asked: dict[int, SceneState] = {}
        self._size = QSize(0, 0)
        self._ratio = 1.0
        self._crosshair: tuple[float, float, float] | None = None
        self._follows_cut = False
        self._numbers = count(1)
        self._region_numbers: dict[MaskStack, int] = {}
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._client = make_client(self._arrived.emit)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(lambda: self._ask(is_moving=False))
        self.state.observe(lambda _old, _new: self.changed.emit())
        self.status.observe(lambda _old, _new: self.changed.emit())

    # What is shown

    def show(self, volume: Volume, is_loaded: Callable[[int], bool]) -> None:
        """Show a volume whose slices are all in, as far as they can be read."""
        try:
            require_drawable(volume)
        except WorkstationError as error:
            self._fail(subject_of(volume), error)
            return
        subject = subject_of(volume)
        self._forget_picture()
        self.state.set(SceneState(preset_id=self._first_preset(subject)))
        self.status.set(SceneStatus(Phase.STARTING, subject, fraction=0.0))
        self._client.show(volume, is_loaded)
        self._send_regions()

    def wait_for(self, volume: Volume, fraction: float) -> None:
        """Say that slices of a volume are still coming."""
        self.status.set(SceneStatus(Phase.LOADING, subject_of(volume), fraction=fraction))

    def clear(self) -> None:
        """Show nothing; the process ends and its memory is free."""
        self._rest.stop()
        self._client.forget()
        self._forget_picture()
        self._follows_cut = False
        self.status.set(SceneStatus())

    def close(self) -> None:
        """End the process for good."""
        self._rest.stop()
        self._client.close()

    def set_regions(self, regions: Sequence[ShownRegion]) -> None:
        """Show these regions as surfaces; those of another frame of reference are left out."""
        self.regions = tuple(regions)
        self._send_regions()
        self._ask(is_moving=False)
        self.changed.emit()

    def placed_regions(self) -> tuple[ShownRegion, ...]:
        """Return the regions whose positions hold in the volume on show."""
        subject = self.status.value.subject
        uid = subject.frame_of_reference_uid if subject is not None else ""
        return tuple(one for one in self.regions if one.region.is_placed_in(uid))

    def offered_presets(self) -> tuple[VolumePreset, ...]:
        """Return the presets for the volume on show, in their order."""
        subject = self.status.value.subject
        return () if subject is None else self._offered(subject)

    def preset_of(self, state: SceneState) -> VolumePreset | None:
        """Return the preset of a state."""
        wanted = state.preset_id
        return next((one for one in self.presets if one.preset_id == wanted), None)

    def can_hide_outside(self) -> bool:
        """Whether the outside can be told: by Hounsfield units, in axial slices, by this preset."""
        subject, preset = self.status.value.subject, self.preset_of(self.state.value)
        is_ct = subject is not None and subject.is_hu and subject.is_axial
        return is_ct and preset is not None and preset.scale is Scale.HU

    def hides_outside(self, state: SceneState) -> bool:
        """Whether a state asks for the body without table and air around it."""
        preset, wanted = self.preset_of(state), state.hides_outside
        opens_so = preset is not None and preset.hides_outside
        return self.can_hide_outside() and (opens_so if wanted is None else wanted)

    def toggle_outside(self) -> bool:
        """Hide table and outside air, or show them; False where they cannot be told."""
        state = self.state.value
        if self.can_hide_outside():
            self.propose(replace(state, hides_outside=not self.hides_outside(state)))
        return self.can_hide_outside()

    @property
    def box(self) -> Box | None:
        """The box around the volume; None before it is known."""
        shown = self.status.value.shown
        return None if shown is None else shown.box

    def projection(self, state: SceneState | None = None) -> Projection | None:
        """Return where places lie on the widget, in its own pixels; None where nothing is shown.

        Args:
            state: which state's view; that of now by default. What is written over the picture
                goes by ``pictured``: letters must not run ahead of a picture that is still to come.
        """
        box = self.box
        if box is None or self._size.isEmpty():
            return None
        size = (self._size.width(), self._size.height())
        camera = (state or self.state.value).camera
        return projection(camera, box.low_mm, box.high_mm, size)

    # What the hand does

    def propose(self, state: SceneState, *, is_moving: bool = False) -> None:
        """Take a new state.

        Args:
            state: the state.
            is_moving: the hand still moves; speed counts before quality.
        """
        if self.status.value.phase is not Phase.SHOWN or state == self.state.value:
            return
        self.state.set(state)
        self._ask(is_moving=is_moving)
        if is_moving:
            self._rest.start()

    def set_size(self, size: QSize, ratio: float) -> None:
        """Take the size of the widget, and pixels of the screen per pixel of the widget."""
        if (size, ratio) != (self._size, self._ratio):
            self._size, self._ratio = size, ratio
            self._ask(is_moving=False)

    def choose_preset(self, preset_id: str) -> None:
        """Use another preset."""
        self.propose(self.state.value.with_preset(preset_id))

    def set_crosshair(self, point_mm: tuple[float, float, float] | None) -> None:
        """Follow the crosshair of the planes; a cut through it goes along."""
        self._crosshair = point_mm
        cut = self.state.value.cut
        if cut is not None and self._follows_cut and point_mm is not None:
            self.propose(
                replace(self.state.value, cut=replace(cut, point_mm=point_mm)), is_moving=True
            )

    def cut_point(self) -> tuple[float, float, float] | None:
        """Return where a cut is begun: the crosshair, else the middle of the volume."""
        if self._crosshair is not None:
            return self._crosshair
        box = self.box
        if box is None:
            return None
        x, y, z = ((np.array(box.low_mm) + np.array(box.high_mm)) / 2).tolist()
        return (x, y, z)

    def set_cut(self, cut: CutPlane | None) -> None:
        """Open the volume by a plane, or close it."""
        self._follows_cut = cut is not None
        self.propose(replace(self.state.value, cut=cut))

    def crop_to_regions(self) -> bool:
        """Set the box around the regions on show; False where there are none here."""
        box, regions = self.box, self.placed_regions()
        if box is None or not regions:
            return False
        corners = np.concatenate([one.region.masks.corners_mm for one in regions])
        cropped = box_around(corners, CROP_MARGIN_MM, box)
        self.propose(replace(self.state.value, box=cropped))
        return True

    def reset(self) -> None:
        """Show it as it opened."""
        self._follows_cut = False
        self.propose(self.state.value.reset())

    # Private

    def _forget_picture(self) -> None:
        self.picture = self.pictured = None
        self._asked = {}

    def _offered(self, subject: Subject) -> tuple[VolumePreset, ...]:
        modality, is_hu = subject.modality, subject.is_hu
        return tuple(one for one in self.presets if one.fits(modality, is_hu=is_hu))

    def _first_preset(self, subject: Subject) -> str:
        offered = self._offered(subject)
        kept = self.state.value.preset_id
        if any(one.preset_id == kept for one in offered):
            return kept
        return offered[0].preset_id if offered else ""

    def _send_regions(self) -> None:
        placed = self.placed_regions()
        wanted: dict[int, MaskStack] = {}
        for one in placed:
            masks = one.region.masks
            number = self._region_numbers.setdefault(masks, len(self._region_numbers) + 1)
            wanted[number] = masks
        if self.status.value.subject is not None:
            self._client.set_regions(wanted)

    def _ask(self, *, is_moving: bool) -> None:
        status = self.status.value
        request = self._request(is_moving=is_moving)
        if status.phase is Phase.SHOWN and request is not None:
            self._asked[request.number] = self.state.value
            self.status.set(replace(status, is_full=False))
            self._client.draw(request)

    def _request(self, *, is_moving: bool) -> Draw | None:
        state, shown, preset = (
            self.state.value,
            self.status.value.shown,
            self.preset_of(self.state.value),
        )
        if shown is None or preset is None or self._size.isEmpty():
            return None
        size = _picture_size(self._size, self._ratio)
        seen = projection(state.camera, shown.box.low_mm, shown.box.high_mm, size)
        points = transfer(
            preset, shown.statistics, shift=state.shift, stretch=state.stretch,
            opacity=state.opacity,
        )  # fmt: skip
        light = preset.light if state.is_shaded else None
        is_cleared = self.hides_outside(state)
        if is_cleared and preset.blend is Blend.MINIP:
            points = without_outside(points)
        return Draw(
            number=next(self._numbers),
            width=size[0],
            height=size[1],
            is_moving=is_moving,
            axes=tuple(seen.axes.ravel().tolist()),
            focal=tuple(seen.focal_mm.tolist()),
            px_per_mm=seen.px_per_mm,
            blend=preset.blend.value,
            opacity=points.opacity,
            color=points.color,
            light=() if light is None else light.parts,
            planes=clip_planes(state),
            regions=tuple(
                (self._region_numbers[one.region.masks], *(part / 255 for part in one.color_rgb))
                for one in self.placed_regions()
            ),
            region_opacity=state.region_opacity,
            has_volume=state.opacity > 0,
            fill=preset.unseen if is_cleared else None,
        )  # fmt: skip

    @Slot(object)
    def _take(self, event: SceneEvent) -> None:
        status = self.status.value
        match event:
            case _ if status.phase in {Phase.EMPTY, Phase.LOADING, Phase.FAILED}:
                return
            case SceneShown():
                self.status.set(replace(status, phase=Phase.SHOWN, shown=event, fraction=1.0))
                self._ask(is_moving=False)
            case ScenePicture() if event.number not in self._asked:
                return
            case ScenePicture():
                self.picture, self.pictured = _image(event), self._asked[event.number]
                self._asked = {n: one for n, one in self._asked.items() if n >= event.number}
                is_whole = event.is_full or not event.is_coarse
                is_last = event.number == max(self._asked)
                fraction = 1.0 if is_whole else min(status.fraction, _ALMOST)
                self.status.set(
                    replace(
                        status,
                        is_coarse=event.is_coarse,
                        hides_outside=event.hides_outside,
                        is_full=event.is_full and is_last,
                        fraction=fraction,
                    )
                )
            case SceneProgress(fraction):
                self.status.set(replace(status, fraction=fraction))
            case SceneRestarted():
                self.said.emit(tr("The 3D view had stopped and was started again."))
                self._ask(is_moving=False)
            case SceneFailed(error):
                self._fail(status.subject, error)

    def _fail(self, subject: Subject | None, error: WorkstationError) -> None:
        self._forget_picture()
        self.status.set(SceneStatus(Phase.FAILED, subject, sentence=tr(str(error))))
        self.said.emit(tr(str(error)))


_ALMOST = 0.99
"""Part of the line while a coarse picture is shown: a full one is still to come."""


def clip_planes(state: SceneState) -> tuple[tuple[float, ...], ...]:
    """Return (point, normal) of each plane; what lies on the side of the normal is drawn."""
    planes: list[tuple[float, ...]] = []
    if state.box is not None:
        for axis in range(3):
            for corner, sign in ((state.box.low_mm, 1.0), (state.box.high_mm, -1.0)):
                normal = [0.0, 0.0, 0.0]
                normal[axis] = sign
                planes.append((*corner, *normal))
    if state.cut is not None:
        planes.append((*state.cut.point_mm, *(-part for part in state.cut.normal)))
    return tuple(planes)


def _picture_size(size: QSize, ratio: float) -> tuple[int, int]:
    """Return pixels of the picture: those of the screen, fewer where it is larger than 4K."""
    width, height = size.width() * ratio, size.height() * ratio
    shrink = min(1.0, (MOST_PICTURE_PX / (width * height)) ** 0.5)
    return max(int(width * shrink), 1), max(int(height * shrink), 1)


def _image(event: ScenePicture) -> QImage:
    rows, columns = event.rgba.shape[:2]
    return QImage(event.rgba.data, columns, rows, 4 * columns, QImage.Format.Format_RGBX8888).copy()
