"""Enhancing as a user has it: per slice, a whole series, the first slice, memory, beside peers.

Everything goes the whole way: service, worker, shared memory, rounding, checks and figures. Times
are the best of several, since other programs only ever add to them; the rows named ``cpu`` are the
processor time of the worker, which tells a busy machine from a slow program. Peers: torch eager and
BM3D where a Python that has them is named by PRELIM_PEERS_PYTHON or runs this, and SimpleITK's
curvature flow. Where a graphics card can be used its slices per second are told, with transfer.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK as sitk  # noqa: N813 the name its users know

from inference.packs.store import PackStore
from inference.tasks.prepare import PrepareRequest
from inference.worker.client import ModelWorker
from tests.support.benchmarking import Measured, Row, ct_folder, in_fresh_process, our_volume, row
from tests.support.data import REPOSITORY
from workstation.core.errors import CancelledError
from workstation.core.job import CancelToken
from workstation.core.volume import Volume, read_only
from workstation.services.enhance_series import enhance
from workstation.settings.resources import resource

SERIES_SLICES = 300
SHORT_SLICES = 40
SHORT_ROUNDS = 3

SLICE_BUDGETS_MS = {"ct-denoise": 25.0, "ct-denoise-fine": 50.0, "mr-denoise": 50.0}
"""Issue of the enhancement, section 3: per 512 x 512 slice on two cores."""

SERIES_BUDGET_S = 15.0
FIRST_SLICE_BUDGET_MS = 300.0
"""From the key to the screen; the worker runs and the pack is loaded, as beside a reader."""

GROWTH_BUDGET_MB = 150.0
"""Private memory of the worker over what it takes when idle."""

BM3D_RATIO = 100.0
"""How many times faster than BM3D a slice has to be."""

CANCEL_BUDGET_MS = 200.0
"""Within a slice, and the 50 ms in which a call looks at its token, on a busy machine."""

PEER_ITERATIONS = 10
"""Iterations of curvature flow at the peer's tuned setting for this noise (enhancement.md 3.3)."""

MR_LEVEL = 1100
"""Added to the CT so that it can stand for the magnitudes of an MR: time depends on sizes only."""

PEERS_PYTHON = "PRELIM_PEERS_PYTHON"
"""Environment variable: a Python with torch, bm3d, or both."""

WATCH_SECONDS = 0.01


@dataclass(slots=True)
class _Times:
    """Times of one run: wall of the whole, arrival of the first slice, worker's processor time."""

    whole_s: float
    first_s: float
    cpu_s: float
    arrivals: list[float] = field(default_factory=list)


def run() -> Measured:
    """Return the rows of enhancing and its ratios to peers."""
    packs = PackStore(resource("model_packs"))
    with ct_folder(SERIES_SLICES, is_synthetic=True) as folder:
        volume = our_volume(folder)
        rows, per_slice = _slices(packs, volume)
        rows += _series(packs, volume)
        rows += _cancelled(packs, volume)
        found = in_fresh_process(__name__, "on_screen", str(folder), QT_QPA_PLATFORM="offscreen")
    rows.append(row("enhance.first_slice_on_screen", min(found) * 1e3, "ms", FIRST_SLICE_BUDGET_MS))
    peers, ratios = _peers(per_slice, volume)
    return {"rows": rows + peers + _providers(packs), "ratios": ratios}


def on_screen(folder: str) -> list[float]:
    """Press E over a CT in this fresh process again and again; return the seconds to the screen."""
    from tests.support.window_session import WindowSession  # brings Qt
    from workstation.services.enhance_choices import EnhanceTask

    session = WindowSession()
    window = session.window
    session.open(Path(folder))
    session.until_loaded()
    series = window.study.active_series
    if series is None:
        raise RuntimeError("no series is on screen")
    session.prepare(series.volume)
    times, row_number = [], window.study.rows.index(series.item)
    for _ in range(SHORT_ROUNDS):
        times.append(session.enhanced_after(lambda: window.enhance.toggle("denoise")))
        enhancement = window.enhance.runs.of(row_number, EnhanceTask.LESS_NOISE)
        if enhancement is not None:
            window.enhance.runs.cancel(enhancement)
        session.rest(0.5)
    session.close()
    return times


def _slices(packs: PackStore, volume: Volume) -> tuple[list[Row], dict[str, float]]:
    """Return the rows of a slice, by pack, and the best seconds of each."""
    rows, best = [], {}
    for name, budget in SLICE_BUDGETS_MS.items():
        short = _short(volume, packs.get(name).manifest.modalities[0])
        with _worker(packs) as worker:
            idle = _private_mb(worker)
            _prepared(worker, name, short)
            with _Watch(worker) as watch:
                runs = [_timed(worker, packs, name, short) for _ in range(SHORT_ROUNDS)]
        best[name] = min(one.whole_s for one in runs) / SHORT_SLICES
        cpu = min(one.cpu_s for one in runs) / SHORT_SLICES
        first = min(one.first_s for one in runs)
        rows += [
            row(f"enhance.{name}_slice", best[name] * 1e3, "ms", budget),
            row(f"enhance.{name}_slice_cpu", cpu * 1e3, "ms"),
            row(f"enhance.{name}_first_slice", first * 1e3, "ms", FIRST_SLICE_BUDGET_MS),
            row(f"enhance.{name}_memory", watch.most_mb - idle, "MB", GROWTH_BUDGET_MB),
        ]
    return rows, best


def _series(packs: PackStore, volume: Volume) -> list[Row]:
    """Return the rows of 300 slices, by pack; the first slice of such a series as well."""
    rows = []
    for name in ("ct-denoise", "ct-denoise-fine"):
        with _worker(packs) as worker:
            _prepared(worker, name, volume)
            found = _timed(worker, packs, name, volume)
        budget = SERIES_BUDGET_S
        rows += [
            row(f"enhance.{name}_series_{SERIES_SLICES}", found.whole_s, "s", budget),
            row(f"enhance.{name}_series_{SERIES_SLICES}_cpu", found.cpu_s, "s"),
            row(f"enhance.{name}_series_first", found.first_s * 1e3, "ms", FIRST_SLICE_BUDGET_MS),
        ]
    return rows


def _cancelled(packs: PackStore, volume: Volume) -> list[Row]:
    """Return the row of the time from asking for a stop to being free again."""
    token, asked = CancelToken(), list[float]()

    def stop(_k: int, _plane: object) -> None:
        if not asked:
            asked.append(time.perf_counter())
            token.cancel()

    with _worker(packs) as worker:
        name = "ct-denoise-fine"
        _prepared(worker, name, volume)
        with contextlib.suppress(CancelledError):
            enhance(
                volume,
                task="denoise",
                worker=worker,
                packs=packs,
                pack_id=name,
                on_slice=stop,
                cancel=token,
            )
        taken = time.perf_counter() - asked[0]
    return [row("enhance.cancel", taken * 1e3, "ms", CANCEL_BUDGET_MS)]


def _timed(worker: ModelWorker, packs: PackStore, name: str, volume: Volume) -> _Times:
    arrivals: list[float] = []
    cpu, begun = _cpu_s(worker), time.perf_counter()
    enhance(
        volume,
        task="denoise",
        worker=worker,
        packs=packs,
        pack_id=name,
        first_index=len(volume.voxels) // 2,
        on_slice=lambda _k, _plane: arrivals.append(time.perf_counter() - begun),
    )
    whole = time.perf_counter() - begun
    return _Times(whole, arrivals[0], _cpu_s(worker) - cpu, arrivals)


def _prepared(worker: ModelWorker, name: str, volume: Volume) -> None:
    shape = volume.voxels.shape
    worker.run(PrepareRequest(name, (shape[1], shape[2])), None)


@contextmanager
def _worker(packs: PackStore) -> Iterator[ModelWorker]:
    worker = ModelWorker(pack_folders=packs.folders)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def _short(volume: Volume, modality: str) -> Volume:
    """Return the first slices, as a series of that modality."""
    voxels = volume.voxels[:SHORT_SLICES]
    geometry = replace(
        volume.geometry,
        shape_kji=(SHORT_SLICES, *volume.geometry.shape_kji[1:]),
        positions_mm=volume.geometry.positions_mm[:SHORT_SLICES],
    )
    intensity = volume.intensity
    if modality == "MR":
        voxels = voxels + np.int16(MR_LEVEL)
        unit = type(intensity.unit).SIGNAL
        intensity = replace(intensity, unit=unit)
    return replace(
        volume,
        voxels=read_only(voxels),
        geometry=geometry,
        intensity=intensity,
        series=replace(volume.series, modality=modality),
        instance_uids=volume.instance_uids[:SHORT_SLICES],
        frame_numbers=volume.frame_numbers[:SHORT_SLICES],
    )


def _cpu_s(worker: ModelWorker) -> float:
    """Return the processor seconds a worker has used; 0 where the system does not tell."""
    stat = Path(f"/proc/{worker.process_id}/stat")
    if not stat.is_file():
        return 0.0
    fields = stat.read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _private_mb(worker: ModelWorker) -> float:
    """Return the memory a worker has for itself; what it shares with the application is not in."""
    status = Path(f"/proc/{worker.process_id}/status")
    if not status.is_file():
        return 0.0
    lines = status.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon:"))


class _Watch:
    """Watches the memory of a worker from a thread of its own."""

    def __init__(self, worker: ModelWorker) -> None:
        self.most_mb = 0.0
        self._worker, self._over = worker, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(WATCH_SECONDS):
            self.most_mb = max(self.most_mb, _private_mb(self._worker))


def _peers(per_slice: dict[str, float], volume: Volume) -> tuple[list[Row], dict[str, float]]:
    """Return the rows of the peers, and how long ours take beside them."""
    flow = _curvature_flow_s(volume)
    rows = [row("enhance.curvature_flow_slice", flow * 1e3, "ms")]
    ratios = {f"{name}_vs_curvature_flow": s / flow for name, s in per_slice.items()}
    found = _peer_times(list(per_slice))
    for name, (wall, _cpu) in found.get("torch", {}).items():
        rows.append(row(f"enhance.{name}_torch_eager", wall * 1e3, "ms"))
        ratios[f"{name}_vs_torch_eager"] = per_slice[name] / wall
    if "bm3d" in found:
        wall = found["bm3d"][0]
        rows.append(row("enhance.bm3d_slice", wall * 1e3, "ms"))
        for name, seconds in per_slice.items():
            times = wall / seconds
            rows.append(row(f"enhance.{name}_times_bm3d", times, "x", BM3D_RATIO, is_least=True))
    return rows, {name: round(ratio, 3) for name, ratio in ratios.items()}


def _peer_times(packs: list[str]) -> dict[str, Any]:
    python = os.environ.get(PEERS_PYTHON) or sys.executable
    ended = subprocess.run(
        [python, "-m", "tests.benchmarks._enhance_peers", *packs],
        check=False,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
    )
    if ended.returncode != 0:
        sys.stderr.write(f"peers were not measured: {ended.stderr.strip().splitlines()[-1:]}\n")
        return {}
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def _curvature_flow_s(volume: Volume) -> float:
    image = sitk.GetImageFromArray(volume.voxels[0].astype(np.float32))
    begun = time.perf_counter()
    sitk.CurvatureFlow(image, timeStep=0.125, numberOfIterations=PEER_ITERATIONS)
    return time.perf_counter() - begun


def _providers(packs: PackStore) -> list[Row]:
    """Return slices per second of each provider beside the processor, with transfer."""
    folders = [f"--packs={folder}" for folder in packs.folders]
    ended = subprocess.run(
        [sys.executable, "-m", "inference.worker.describe", *folders],
        check=True,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
    )
    rows = []
    for trial in json.loads(ended.stdout)["trials"]:
        sys.stderr.write(f"{trial['sentence']}\n")
        if trial["seconds"]:
            rows.append(row(f"enhance.{trial['provider']}", 1 / trial["seconds"], "slices/s"))
    return rows
