"""The application's side of the scene process: starts it, feeds it, and survives it.

Everything that takes time happens on a thread of its own: starting the process, copying voxels into
shared memory, waiting. Imports no VTK. The newest request wins. A process that dies or hangs is
started once more with all it knew; if that fails as well, a sentence says so and nothing else
suffers.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from viewers.scene3d import protocol
from viewers.scene3d.blocks import Block, make_block
from viewers.scene3d.launch import HOW_TO_GET_VTK, NO_VTK, Heard, Side, failed, has_vtk, started
from viewers.scene3d.presets import Statistics
from viewers.scene3d.protocol import (
    MOST_PICTURE_PX,
    PICTURE_SLOTS,
    AddRegion,
    Draw,
    DropRegion,
    Loaded,
    Message,
    Picture,
    Pictures,
    Progress,
    RegionMade,
    Release,
    SharedArray,
    Trouble,
)
from viewers.scene3d.reduction import Limits, Reduction
from viewers.scene3d.state import Box
from viewers.scene3d.volume import SceneVolume, scene_volume
from workstation.core.errors import (
    CancelledError,
    WorkerCrashedError,
    WorkerError,
    WorkstationError,
)
from workstation.core.memory import read_memory
from workstation.core.regions import MaskStack
from workstation.core.volume import Volume

LOG = logging.getLogger(__name__)

ANSWER_SECONDS = 30.0
"""Longest silence while a picture is awaited; in preparing it speaks several times a second."""

POLL_SECONDS = 0.5
"""How often a silent process is looked at."""

MOST_RESTARTS = 1
"""A driver that dies twice over one volume will die again."""


@dataclass(frozen=True, slots=True, eq=False)
class SceneShown:
    """A volume was taken over; it can be drawn from now on.

    Attributes:
        box: around it.
        statistics: percentiles of what is not background.
        reduction: which voxels are drawn.
        is_resampled: whether tilted or uneven slices were brought to a grid.
        unread: how many slices could not be read.
        is_software: whether the processor draws.
    """

    box: Box
    statistics: Statistics
    reduction: Reduction
    is_resampled: bool
    unread: int
    is_software: bool


@dataclass(frozen=True, slots=True, eq=False)
class ScenePicture:
    """A picture: (rows, columns, 4) uint8 RGBA, a copy; and what :class:`Picture` says of it."""

    rgba: NDArray[np.uint8]
    number: int
    is_full: bool
    is_coarse: bool
    ms: float
    hides_outside: bool = False


@dataclass(frozen=True, slots=True)
class SceneProgress:
    """So much of the preparation is done, 0..1."""

    fraction: float


@dataclass(frozen=True, slots=True)
class SceneRestarted:
    """The process died and was started again; what was shown comes back."""


@dataclass(frozen=True, slots=True, eq=False)
class SceneFailed:
    """There is no picture; the error says why and what to do."""

    error: WorkstationError


SceneEvent: TypeAlias = SceneShown | ScenePicture | SceneProgress | SceneRestarted | SceneFailed


@dataclass(frozen=True, slots=True, eq=False)
class _Show:
    token: int
    volume: Volume | None
    is_loaded: Callable[[int], bool]


@dataclass(frozen=True, slots=True, eq=False)
class _Regions:
    regions: Mapping[int, MaskStack]


class _Quit:
    """Ends the thread."""


class SceneClient:
    """The scene process as one object. Its methods return at once; any thread may call them.

    Args:
        on_event: called on the client's thread with each event.
        command: how the process is started; a frozen program gives its own.
        limits: what a volume may take, given whether the processor draws and the most voxels along
            a side; by the free memory of this machine where None.
        answer_seconds: longest silence while a picture is awaited.
    """

    def __init__(
        self,
        on_event: Callable[[SceneEvent], None],
        *,
        command: Sequence[str] | None = None,
        limits: Callable[[bool, int], Limits] | None = None,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._tell = on_event
        self._command = list(command or (sys.executable, "-m", "viewers.scene3d.process"))
        self._limits = limits or _free_memory
        self._answer_seconds = answer_seconds
        self._inbox: queue.SimpleQueue[_Show | _Regions | Draw | Heard | _Quit | None]
        self._inbox = queue.SimpleQueue()
        self._token = 0
        self._thread: threading.Thread | None = None
        self._side: Side | None = None

    @property
    def process_id(self) -> int | None:
        """Process id of the running process; None if there is none."""
        side = self._side
        return side.process.pid if side is not None and side.process.poll() is None else None

    def show(self, volume: Volume, is_loaded: Callable[[int], bool]) -> None:
        """Show a volume from now on; what was shown before is let go."""
        self._token += 1
        self._put(_Show(self._token, volume, is_loaded))

    def set_regions(self, regions: Mapping[int, MaskStack]) -> None:
        """Keep the surfaces of these regions, by numbers of the caller's."""
        self._put(_Regions(dict(regions)))

    def draw(self, request: Draw) -> None:
        """Ask for a picture; one that was asked for before and not begun is dropped."""
        self._put(request)

    def forget(self) -> None:
        """End the process and let go of all memory; a later :meth:`show` starts again."""
        self._token += 1
        self._put(None)

    def close(self) -> None:
        """End the process and the thread; waits for both."""
        self._token += 1
        thread, self._thread = self._thread, None
        if thread is not None:
            self._inbox.put(_Quit())
            thread.join()

    def _put(self, item: _Show | _Regions | Draw | None) -> None:
        if self._thread is None:
            if item is None:
                return
            self._thread = threading.Thread(target=self._run, name="scene3d", daemon=True)
            self._thread.start()
        self._inbox.put(item)

    # The thread

    def _run(self) -> None:
        desk = _Desk(self)
        try:
            while True:
                try:
                    item = self._inbox.get(timeout=POLL_SECONDS)
                except queue.Empty:
                    desk.look_at_clock()
                    continue
                if isinstance(item, _Quit):
                    return
                desk.take(item)
        finally:
            desk.let_go()


class _Desk:
    """What the client's thread knows: the volume, the regions, the last request. One thread."""

    def __init__(self, client: SceneClient) -> None:
        self._client = client
        self._tell = client._tell
        self._shown: _Show | None = None
        self._volume: SceneVolume | None = None
        self._regions: dict[int, MaskStack] = {}
        self._sent: dict[int, _SentRegion] = {}
        self._last: Draw | None = None
        self._awaits_since: float | None = None
        self._restarts = 0

    def take(self, item: _Show | _Regions | Draw | Heard | None) -> None:
        """Act on a wish of the application or a message of the process."""
        try:
            match item:
                case _Show():
                    self._show(item)
                case _Regions(regions):
                    self._regions = dict(regions)
                    self._send_regions()
                case Draw():
                    self._draw(item)
                case Heard():
                    self._hear(item)
                case None:
                    self.let_go()
        except CancelledError:
            LOG.debug("a 3D view was given up for another")
        except WorkstationError as error:
            self.let_go()
            self._tell(SceneFailed(error))

    def look_at_clock(self) -> None:
        """End a process that has been silent for too long."""
        since = self._awaits_since
        if since is not None and time.monotonic() - since > self._client._answer_seconds:
            LOG.warning("the scene process does not answer")
            self.take(Heard(self._process_id(), None))

    def let_go(self) -> None:
        """End the process and close every block."""
        self._end()
        if self._volume is not None:
            self._volume.block.close()
        self._shown = self._volume = self._last = None
        self._regions = {}
        self._restarts = 0

    # Wishes

    def _show(self, wish: _Show) -> None:
        if wish.token != self._client._token:
            return
        regions = self._regions
        if self._volume is not None:
            self._volume.block.close()
            self._volume = None
        self._shown, self._last, self._restarts = wish, None, 0
        self._regions = regions
        self._begin()

    def _begin(self) -> None:
        """Start the process if need be and give it the volume and the regions."""
        wish = self._shown
        if wish is None:
            return
        if self._client.process_id is None:
            self._start()
        side = self._need_side()
        if self._volume is None and wish.volume is not None:
            limits = self._client._limits(side.ready.is_software, side.ready.most_side)
            self._volume = scene_volume(wish.volume, limits, wish.is_loaded, self._check(wish))
            # The copy is enough from now on, also after a crash: the voxels may be given up.
            self._shown = replace(wish, volume=None)
        if self._volume is None:
            return
        self._send(self._volume.load)
        self._send_regions()
        self._wait()
        volume = self._volume
        self._tell(
            SceneShown(
                volume.box, volume.statistics, volume.reduction, volume.is_resampled,
                volume.unread, side.ready.is_software,
            )
        )  # fmt: skip

    def _check(self, wish: _Show) -> Callable[[], None]:
        def check() -> None:
            if wish.token != self._client._token:
                raise CancelledError("Another volume was asked for")

        return check

    def _draw(self, request: Draw) -> None:
        if self._shown is None or self._volume is None:
            return
        self._last = request
        if self._client.process_id is None:
            self._again()
            return
        self._send(request)
        self._wait()

    def _send_regions(self) -> None:
        if self._client.process_id is None:
            return
        for number, sent in list(self._sent.items()):
            if self._regions.get(number) is not sent.masks:
                sent.block.close()
                del self._sent[number]
                self._send(DropRegion(number))
        for number, masks in self._regions.items():
            if number not in self._sent:
                block = _masks_block(masks)
                self._sent[number] = _SentRegion(masks, block)
                self._send(_add_region(number, masks, block))

    # Messages

    def _hear(self, heard: Heard) -> None:
        if heard.process_id != self._process_id():
            return
        if self._awaits_since is not None:
            self._awaits_since = time.monotonic()
        match heard.message:
            case Picture():
                self._picture(heard.message)
            case Progress(fraction):
                self._tell(SceneProgress(fraction))
            case RegionMade(region):
                if region in self._sent:
                    self._sent[region].block.close()
            case Loaded():
                if self._last is None:
                    self._awaits_since = None
            case Trouble(why):
                raise failed(why)
            case WorkstationError() | None:
                self._again()
            case _:
                pass

    def _picture(self, picture: Picture) -> None:
        side = self._need_side()
        size = picture.width * picture.height * 4
        flat = side.slots.array[picture.slot, :size]
        rgba = flat.reshape(picture.height, picture.width, 4).copy()
        self._send(Release(picture.slot))
        if self._last is not None and picture.number == self._last.number:
            if picture.is_full or self._last.is_moving:
                self._awaits_since = None
            if picture.is_full:
                self._restarts = 0
        self._tell(
            ScenePicture(
                rgba, picture.number, picture.is_full, picture.is_coarse, picture.ms,
                picture.hides_outside,
            )
        )  # fmt: skip

    def _again(self) -> None:
        """Start a process that is gone once more, with all that it knew."""
        had_work = self._awaits_since is not None or self._last is not None
        self._end()
        if not had_work or self._shown is None:
            return
        if self._restarts >= MOST_RESTARTS:
            raise WorkerCrashedError(
                "The 3D view stopped twice",
                why="the part that draws it ended without an answer, perhaps its graphics driver",
                todo="Reading and reporting go on; close the 3D view and open it to try again",
            )
        self._restarts += 1
        last = self._last
        LOG.warning("the scene process ended; it is started once more")
        self._begin()
        self._tell(SceneRestarted())
        if last is not None:
            self._last = last
            self._send(last)

    # The process

    def _process_id(self) -> int:
        side = self._client._side
        return 0 if side is None else side.process.pid

    def _need_side(self) -> Side:
        side = self._client._side
        if side is None:
            raise failed("its process is not running")
        return side

    def _start(self) -> None:
        if not has_vtk():
            raise WorkerError("There is no 3D view", why=NO_VTK, todo=HOW_TO_GET_VTK)
        self._end()
        slots = make_block((PICTURE_SLOTS, MOST_PICTURE_PX * 4), np.uint8)
        try:
            self._client._side = started(self._client._command, self._client._inbox.put, slots)
        except BaseException:
            slots.close()
            raise
        self._send(Pictures(SharedArray(slots.name, slots.shape, slots.dtype)))

    def _send(self, message: Message) -> None:
        side = self._client._side
        if side is None or side.process.stdin is None:
            return
        with contextlib.suppress(OSError):  # the reader of its pipe tells that it is gone
            protocol.send(side.process.stdin, message)

    def _wait(self) -> None:
        self._awaits_since = time.monotonic()

    def _end(self) -> None:
        side, self._client._side = self._client._side, None
        self._awaits_since = None
        for sent in self._sent.values():
            sent.block.close()
        self._sent = {}
        if side is not None:
            side.end()


@dataclass(frozen=True, slots=True, eq=False)
class _SentRegion:
    """A region the process has, and the block its masks went in; closed once they were read."""

    masks: MaskStack
    block: Block


def _free_memory(is_software: bool, most_side: int) -> Limits:
    return Limits(read_memory().room_bytes, is_software, most_side)


def _masks_block(masks: MaskStack) -> Block:
    block = make_block(masks.masks.shape, np.uint8)
    np.copyto(block.array, masks.masks)
    return block


def _add_region(number: int, masks: MaskStack, block: Block) -> AddRegion:
    right = masks.row_cosines * masks.spacing_ij_mm[0]
    down = masks.column_cosines * masks.spacing_ij_mm[1]
    return AddRegion(
        number,
        SharedArray(block.name, block.shape, block.dtype),
        tuple(masks.positions_mm.ravel().tolist()),
        tuple(right.tolist()),
        tuple(down.tolist()),
        tuple((masks.normal * masks.slab_mm / 2).tolist()),
    )
