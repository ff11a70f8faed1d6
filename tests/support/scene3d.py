"""Pictures of the scene process for tests: ask, wait, look. Skips where VTK is absent."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.unit.viewers.volumes import every_slice
from viewers.scene3d.camera import Camera, StandardView, projection, standard_camera
from viewers.scene3d.client import (
    SceneClient,
    SceneEvent,
    SceneFailed,
    ScenePicture,
    SceneRestarted,
    SceneShown,
)
from viewers.scene3d.launch import has_vtk
from viewers.scene3d.presets import load_presets, transfer
from viewers.scene3d.protocol import Draw
from viewers.scene3d.reduction import Limits
from workstation.core.volume import Volume
from workstation.settings.resources import resource

needs_vtk = pytest.mark.skipif(
    not has_vtk(), reason="VTK is not installed: pip install 'prelim[scene3d]'"
)

WAIT_S = 60.0
SIZE = (200, 160)
Event = TypeVar("Event", SceneShown, ScenePicture, SceneFailed, SceneRestarted)


@dataclass
class Studio:
    """A client whose events are kept until a test asks for them."""

    client: SceneClient
    events: queue.SimpleQueue[SceneEvent]
    seen: list[SceneEvent] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    shown: SceneShown | None = None

    def show(self, volume: Volume, is_loaded: Callable[[int], bool] = every_slice) -> SceneShown:
        """Show a volume and wait until it was taken over."""
        self.client.show(volume, is_loaded)
        self.shown = self.wait(SceneShown)
        return self.shown

    def wait(
        self, kind: type[Event], where: Callable[[Event], bool] = lambda _event: True
    ) -> Event:
        """Return the next event of a kind; a failure that is not waited for fails the test."""
        while True:
            event = self.events.get(timeout=WAIT_S)
            self.seen.append(event)
            if isinstance(event, kind) and where(event):
                return event
            if isinstance(event, SceneFailed):
                pytest.fail(str(event.error))

    def request(
        self,
        view: StandardView | Camera = StandardView.ANTERIOR,
        *,
        preset_id: str = "ct-bone",
        size: tuple[int, int] = SIZE,
    ) -> Draw:
        """Return the request of a view, not yet asked."""
        assert self.shown is not None
        presets = load_presets(resource("volume_presets"))
        preset = next(one for one in presets if one.preset_id == preset_id)
        camera = standard_camera(view) if isinstance(view, StandardView) else view
        box = self.shown.box
        seen = projection(camera, box.low_mm, box.high_mm, size)
        points = transfer(preset, self.shown.statistics, shift=0.0, stretch=1.0, opacity=1.0)
        return Draw(
            next(self.numbers), *size, False, tuple(seen.axes.ravel().tolist()),
            tuple(seen.focal_mm.tolist()), seen.px_per_mm, preset.blend.value, points.opacity,
            points.color, () if preset.light is None else preset.light.parts,
        )  # fmt: skip

    def picture(self, request: Draw) -> NDArray[np.uint8]:
        """Return the full picture of a request, (rows, columns, 3)."""
        self.client.draw(request)
        number = request.number
        found = self.wait(ScenePicture, lambda one: one.number == number and one.is_full)
        return found.rgba[..., :3]


@contextmanager
def studio(
    command: tuple[str, ...] | None = None,
    *,
    limits: Callable[[bool, int], Limits] | None = None,
    answer_seconds: float = 30.0,
) -> Iterator[Studio]:
    """Give a studio; its process has ended afterwards."""
    events: queue.SimpleQueue[SceneEvent] = queue.SimpleQueue()
    client = SceneClient(events.put, command=command, limits=limits, answer_seconds=answer_seconds)
    try:
        yield Studio(client, events)
    finally:
        client.close()


def centroid(picture: NDArray[np.uint8], *, brighter_than: int = 40) -> tuple[float, float]:
    """Return (x, y) of the middle of what is bright, pixel centers at halves."""
    rows, columns = np.nonzero(picture.max(axis=2) > brighter_than)
    assert rows.size, "the picture is black"
    return float(columns.mean()) + 0.5, float(rows.mean()) + 0.5


def moved(request: Draw, number: int) -> Draw:
    """Return a request while the hand moves."""
    return replace(request, number=number, is_moving=True)
