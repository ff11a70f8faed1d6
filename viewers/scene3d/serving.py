"""The loop of the scene process: takes requests, draws the newest, sends pictures back."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable
from typing import BinaryIO

import numpy as np

from viewers.scene3d import protocol
from viewers.scene3d.blocks import Block, attach_block
from viewers.scene3d.protocol import (
    AddRegion,
    Busy,
    Draw,
    DropRegion,
    Load,
    Loaded,
    Picture,
    Pictures,
    Progress,
    Ready,
    RegionMade,
    Release,
    SharedArray,
)
from viewers.scene3d.scene import Drawn, Scene

BEAT_SECONDS = 1.0
"""A picture that takes longer is announced; the application gives up after thirty."""

USUAL_STEPS = 24
"""Reports VTK makes while it prepares a volume of 300 slices; only the thin line needs them."""


class Server:
    """Serves the requests that come through a pipe. Owned by the main thread.

    Args:
        requests: messages of the application.
        answers: where ours go.
        scene: draws.
        ready: what is told first.
    """

    def __init__(self, requests: BinaryIO, answers: BinaryIO, scene: Scene, ready: Ready) -> None:
        self._requests, self._answers = requests, answers
        self._scene, self._ready = scene, ready
        self._inbox: queue.SimpleQueue[Load | AddRegion | DropRegion | Pictures | None]
        self._inbox = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._newest: Draw | None = None
        self._free: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._slots: Block | None = None
        self._voxels: Block | None = None
        self._told_at = time.monotonic()

    def serve(self) -> None:
        """Serve until the application closes the pipe; then the process ends."""
        threading.Thread(target=self._listen, name="requests", daemon=True).start()
        self._send(self._ready)
        while True:
            message = self._inbox.get()
            if message is not None:
                self._take(message)
            elif (request := self._next()) is not None:
                self._answer(request)

    def _listen(self) -> None:
        """Take messages while the main thread draws; leave with the application."""
        try:
            while (message := protocol.receive(self._requests)) is not None:
                match message:
                    case Draw():
                        with self._lock:
                            self._newest = message
                        self._inbox.put(None)
                    case Release(slot):
                        self._free.put(slot)
                    case Load() | AddRegion() | DropRegion() | Pictures():
                        self._inbox.put(message)
                    case _:
                        break
        finally:
            # The application is gone or wants us gone: a picture in hand is void.
            os._exit(0)

    def _take(self, message: Load | AddRegion | DropRegion | Pictures) -> None:
        match message:
            case Pictures(slots):
                self._slots = _attached(slots)
                for slot in range(slots.shape[0]):
                    self._free.put(slot)
            case Load(voxels):
                block = _attached(voxels)
                self._scene.load(message, block)
                if self._voxels is not None:
                    self._voxels.close()
                self._voxels = block
                self._send(Loaded())
            case AddRegion(_, masks):
                block = _attached(masks)
                self._scene.add_region(message, np.array(block.array))
                block.close()
                self._send(RegionMade(message.region))
            case DropRegion(region):
                self._scene.drop_region(region)

    def _next(self) -> Draw | None:
        with self._lock:
            request, self._newest = self._newest, None
        return request

    def _has_newer(self) -> bool:
        return self._newest is not None

    def _answer(self, request: Draw) -> None:
        if not self._scene.has_volume:
            return
        if self._scene.is_prepared(request):
            drawn = self._scene.draw(request, must_stop=self._must_stop_for(request))
            self._give(request, drawn, is_full=not request.is_moving)
            return
        self._give(request, self._coarse(request), is_full=False)
        if request.is_moving or self._has_newer():
            return
        self._prepare(request)
        if not self._has_newer():
            drawn = self._scene.draw(request, must_stop=self._must_stop)
            self._give(request, drawn, is_full=True)

    def _must_stop(self) -> bool:
        self._beat()
        return self._has_newer()

    def _go_on(self) -> bool:
        self._beat()
        return False

    def _beat(self) -> None:
        """Tell now and then that a picture is still being drawn."""
        if time.monotonic() - self._told_at > BEAT_SECONDS:
            self._send(Busy())

    def _must_stop_for(self, request: Draw) -> Callable[[], bool]:
        """A picture at rest gives way to a newer request; one in motion is shown, or all jerks."""
        return self._go_on if request.is_moving else self._must_stop

    def _coarse(self, request: Draw) -> Drawn | None:
        return self._scene.draw(request, must_stop=self._go_on, is_coarse=True)

    def _prepare(self, request: Draw) -> None:
        steps = 0

        def meanwhile() -> None:
            nonlocal steps
            steps += 1
            self._send(Progress(min(steps / USUAL_STEPS, 1.0)))
            newer = self._next()
            if newer is not None:
                self._give(newer, self._coarse(newer), is_full=False)
                if not newer.is_moving:
                    self._put_back(newer)

        self._scene.prepare(request, meanwhile)
        self._send(Progress(1.0))

    def _put_back(self, request: Draw) -> None:
        """Let a request that was shown coarse be drawn in full later, unless a newer one comes."""
        with self._lock:
            if self._newest is None:
                self._newest = request
                self._inbox.put(None)

    def _give(self, request: Draw, drawn: Drawn | None, *, is_full: bool) -> None:
        if drawn is None or self._slots is None:
            return
        slot = self._free.get()
        target = self._slots.array[slot, : drawn.rgba.size]
        target.reshape(drawn.rgba.shape)[...] = drawn.rgba
        picture = Picture(
            request.number,
            slot,
            request.width,
            request.height,
            is_full and not drawn.is_coarse,
            drawn.is_coarse,
            drawn.ms,
            drawn.hides_outside,
        )
        self._send(picture)

    def _send(self, message: protocol.Message) -> None:
        self._told_at = time.monotonic()
        try:
            protocol.send(self._answers, message)
        except OSError:
            os._exit(0)


def _attached(shared: SharedArray) -> Block:
    return attach_block(shared.name, shared.shape, shared.dtype)
