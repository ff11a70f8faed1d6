"""The 3D view: first picture, pictures while the hand moves, full quality, memory.

Needs the extra ``scene3d``. The volume is 300 x 512 x 512 voxels: a body with bones and noise.
Times are those of a reader: from asking to the picture in the application's memory.
"""

from __future__ import annotations

import queue
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks._frames import Measured
from tests.support.benchmarking import row
from tests.unit.viewers.volumes import every_slice, stack, volume
from viewers.scene3d.camera import Camera, projection, standard_camera
from viewers.scene3d.client import (
    SceneClient,
    SceneEvent,
    SceneFailed,
    ScenePicture,
    SceneShown,
)
from viewers.scene3d.launch import has_vtk
from viewers.scene3d.presets import load_presets, transfer
from viewers.scene3d.protocol import Draw
from workstation.core.volume import Volume
from workstation.settings.resources import resource

SHAPE = (300, 512, 512)
SIZE = (1100, 900)
"""The picture on a screen of 1920 x 1080 with report and controls beside it."""

MOVING_FRAMES = 40
FIRST_BUDGET_S = 5.0
MOVING_BUDGET_MS = 100.0
"""Ten pictures in a second are the least that can be steered by; ours, DESIGN has none."""

WAIT_S = 120.0


def run() -> Measured:
    """Return the rows ``{name, value, unit, budget, met}`` and the ratios."""
    if not has_vtk():
        return {"rows": [row("scene3d.installed", 0, "yes")], "ratios": {}}
    events: queue.SimpleQueue[SceneEvent] = queue.SimpleQueue()
    client = SceneClient(events.put)
    try:
        return {"rows": _Run(client, events).rows(), "ratios": {}}
    finally:
        client.close()


class _Run:
    def __init__(self, client: SceneClient, events: queue.SimpleQueue[SceneEvent]) -> None:
        self._client, self._events = client, events
        self._number = 0

    def rows(self) -> list[Measured]:
        begun = time.perf_counter()
        self._client.show(body(), every_slice)
        shown = self._next(SceneShown)
        assert isinstance(shown, SceneShown)
        self._ask(shown, standard_camera(), is_moving=False)
        first = self._picture()
        to_first = time.perf_counter() - begun
        while not first.is_full:
            first = self._picture()
        to_full = time.perf_counter() - begun
        moving = self._moving(shown)
        resting = self._resting(shown)
        process_id = self._client.process_id
        peak = _peak_mib(process_id) if process_id is not None else 0.0
        return [
            row("scene3d.first_picture", to_first, "s", FIRST_BUDGET_S),
            row("scene3d.first_full_picture", to_full, "s"),
            row("scene3d.moving_median", float(np.median(moving)), "ms", MOVING_BUDGET_MS),
            row("scene3d.moving_p95", float(np.percentile(moving, 95)), "ms"),
            row("scene3d.full_at_rest_median", float(np.median(resting)), "ms"),
            row("scene3d.process_peak", peak, "MiB"),
            row("scene3d.is_software", float(shown.is_software), "yes"),
            row("scene3d.one_of_voxels", float(shown.reduction.one_of), "voxels"),
        ]

    def _moving(self, shown: SceneShown) -> NDArray[np.float64]:
        camera, times = standard_camera(), []
        for _ in range(MOVING_FRAMES):
            camera = camera.turned(right_deg=3)
            begun = time.perf_counter()
            self._ask(shown, camera, is_moving=True)
            self._picture()
            times.append((time.perf_counter() - begun) * 1000)
        # The first ones find out how far apart rays may be.
        return np.array(times[MOVING_FRAMES // 4 :])

    def _resting(self, shown: SceneShown) -> NDArray[np.float64]:
        times = []
        for turn in range(5):
            begun = time.perf_counter()
            self._ask(shown, standard_camera().turned(right_deg=20 * turn + 10), is_moving=False)
            while not self._picture().is_full:
                pass
            times.append((time.perf_counter() - begun) * 1000)
        return np.array(times)

    def _ask(self, shown: SceneShown, camera: Camera, *, is_moving: bool) -> None:
        presets = load_presets(resource("volume_presets"))
        preset = next(one for one in presets if one.preset_id == "ct-bone")
        seen = projection(camera, shown.box.low_mm, shown.box.high_mm, SIZE)
        points = transfer(preset, shown.statistics, shift=0.0, stretch=1.0, opacity=1.0)
        self._number += 1
        self._client.draw(
            Draw(
                self._number, *SIZE, is_moving, tuple(seen.axes.ravel().tolist()),
                tuple(seen.focal_mm.tolist()), seen.px_per_mm, preset.blend.value, points.opacity,
                points.color, () if preset.light is None else preset.light.parts,
            )
        )  # fmt: skip

    def _picture(self) -> ScenePicture:
        while True:
            found = self._next(ScenePicture)
            if isinstance(found, ScenePicture) and found.number == self._number:
                return found

    def _next(self, kind: type[SceneEvent]) -> SceneEvent:
        while True:
            event = self._events.get(timeout=WAIT_S)
            if isinstance(event, SceneFailed):
                raise event.error
            if isinstance(event, kind):
                return event


def body() -> Volume:
    """Return an oval body with a spine, ribs like rings, and noise."""
    count, rows, columns = SHAPE
    j, i = np.mgrid[:rows, :columns] - 256
    oval = np.hypot(i, j * 1.4)
    plane = np.full((rows, columns), -1000, dtype=np.int16)
    plane[oval < 210] = 40
    plane[np.hypot(i, j - 90) < 28] = 500
    voxels = np.repeat(plane[None], count, axis=0)
    ribs = (oval > 190) & (oval < 202)
    for k in range(0, count, 24):
        voxels[k : k + 8, ribs] = 700
    generator = np.random.default_rng(0)
    for k in range(count):
        voxels[k] += generator.integers(-25, 25, (rows, columns), dtype=np.int16)
    return volume(voxels, stack(SHAPE, spacing_ij_mm=(0.75, 0.75), gap_mm=1.0))


def _peak_mib(process_id: int) -> float:
    status = Path(f"/proc/{process_id}/status")
    if not status.is_file():
        return 0.0
    lines = status.read_text(encoding="ascii").splitlines()
    return next(int(one.split()[1]) / 1024 for one in lines if one.startswith("VmHWM:"))
