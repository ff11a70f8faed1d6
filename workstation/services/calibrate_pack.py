"""Calibrate a denoising pack to the scanner of one series: train, measure, then keep or throw away.

What is trained lies in a hidden folder beside the user's packs until it has passed: it must not be
worse than the pack it was made from on slices held out, and it must pass every gate of ours.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from inference.packs.manifest import Task
from inference.packs.store import Pack, PackStore
from inference.tasks.calibrate import (
    BASES,
    CalibrationFigures,
    CalibrationOrder,
    shortfalls,
)
from inference.tasks.gates import GatesResult
from inference.worker.calibration import can_calibrate, run_calibration
from workstation.core.errors import InputRefusedError, PackRefusedError
from workstation.core.image_stack import ImageStack
from workstation.core.job import CancelToken
from workstation.core.verdict import Doubt
from workstation.core.volume import Volume
from workstation.dicom.acquisition import acquisition_of
from workstation.services.enhancement_gate import require_fit
from workstation.services.measure_packs import measure_packs
from workstation.services.ports import ModelWorkerPort

WORK_PREFIX = ".calibrating-"
"""Hidden, so that it is not taken for a pack while it is none."""

STALE_SECONDS = 24 * 3600.0
"""Age from which such a folder is what a killed program left."""

PACK_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")

TECHNICAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/+-]{0,39}")
"""What a technical name may look like; anything else in its place is left out of the card."""

TRAINING_PART = 0.8
"""Part of the progress before the gates are measured."""

MakeWorker = Callable[[Sequence[Path]], AbstractContextManager[ModelWorkerPort]]
"""Gives a model worker for some folders of packs, and ends it afterwards."""

Report = Callable[[str, float], None]


class Trainer(Protocol):
    """Trains in a process of its own; see :func:`inference.worker.calibration.run_calibration`."""

    def __call__(
        self,
        order: CalibrationOrder,
        voxels: NDArray[Any],
        *,
        on_progress: Report,
        cancel: CancelToken,
    ) -> CalibrationFigures:
        """Write a pack into the folder of the order and return its figures."""
        ...


@dataclass(frozen=True, slots=True)
class CalibrationWish:
    """What is asked for.

    Attributes:
        base_id: pack to start from, one of ``BASES``.
        pack_id: id of the new pack.
        minutes: time for the training; what is measured afterwards comes on top.
        kernel: Convolution Kernel of the series, for the card; may be empty.
        steps: training steps at most; 0 for as many as the time allows.
    """

    base_id: str
    pack_id: str
    minutes: float
    kernel: str = ""
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What came out.

    Attributes:
        pack: the new pack, installed; None if it was thrown away.
        figures: what was measured of the series and of both packs on slices held out.
        gates: what the gates said; None if it did not come to them.
        failed: why it was thrown away: names of gates and figures; empty if it was not.
        doubts: what to know about the series.
    """

    pack: Pack | None
    figures: CalibrationFigures
    gates: GatesResult | None
    failed: tuple[str, ...]
    doubts: tuple[Doubt, ...]


def kernel_of(stack: ImageStack) -> str:
    """Return the Convolution Kernel of a stack; empty where the headers do not tell it."""
    return acquisition_of(stack).kernel.replace("\\", " ")


def require_calibration(wish: CalibrationWish, packs: PackStore) -> Pack:
    """Return the pack to start from; refuse what cannot be done before a series is read.

    Raises:
        InputRefusedError: training is not installed, or the wish is not one.
        PackRefusedError: there is no such pack, or the id is taken.
    """
    if not can_calibrate():
        raise InputRefusedError(
            "No model pack can be calibrated here",
            why="training needs torch, which is not installed",
            todo="Install Prelim with the extra vlm: pip install prelim[vlm]",
        )
    if wish.base_id not in BASES:
        raise InputRefusedError(
            f'No model pack can be calibrated from "{wish.base_id}"',
            todo=f"Use one of these: {', '.join(BASES)}",
        )
    if not PACK_ID.fullmatch(wish.pack_id):
        raise InputRefusedError(
            f'"{wish.pack_id}" cannot be the id of a pack',
            why="an id holds small letters, digits and hyphens",
        )
    taken = {pack.manifest.pack_id for pack in packs.packs()}
    if wish.pack_id in taken or wish.pack_id in {each.folder_name for each in packs.refused()}:
        raise PackRefusedError(
            f'There is already a pack "{wish.pack_id}"',
            todo="Choose another id, or remove that pack first",
        )
    base = packs.get(wish.base_id)
    if base.manifest.task is not Task.DENOISE:
        raise PackRefusedError(
            f'No model pack can be calibrated from "{wish.base_id}"', why="it does not denoise"
        )
    return base


def calibrate_pack(  # noqa: PLR0913 - what is asked, who does it, and two callbacks
    volume: Volume,
    wish: CalibrationWish,
    *,
    packs: PackStore,
    folder: Path,
    make_worker: MakeWorker,
    train: Trainer = run_calibration,
    on_progress: Report = lambda _stage, _part: None,
    cancel: CancelToken | None = None,
) -> Calibrated:
    """Train, measure and, if all is well, install a pack. Takes the minutes asked for and more.

    Args:
        volume: original pixels.
        wish: what is asked for.
        packs: the packs of this machine; the new one is added to them.
        folder: of the user's packs; work is done in a hidden folder in it, removed at the end.
        make_worker: gives what measures the gates.
        train: trains in a process of its own.
        on_progress: called with the stage and the part done, 0..1.
        cancel: stops within a second or two; nothing is left then.

    Raises:
        InputRefusedError: the series is not one to learn from; the sentence says why.
        PackRefusedError: the base is damaged, or the id is taken.
        WorkerError: a process failed.
        CancelledError: it was cancelled.
    """
    token = cancel or CancelToken()
    base = require_calibration(wish, packs)
    doubts = require_fit(volume, base.manifest)
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    with tempfile.TemporaryDirectory(
        dir=folder, prefix=WORK_PREFIX, ignore_cleanup_errors=True
    ) as work:
        order = _order(volume, wish, base, Path(work) / wish.pack_id)
        figures = train(
            order,
            volume.voxels,
            on_progress=lambda stage, part: on_progress(stage, part * TRAINING_PART),
            cancel=token,
        )
        token.raise_if_cancelled()
        if short := shortfalls(figures):
            return Calibrated(None, figures, None, short, doubts)
        on_progress("measuring the gates", TRAINING_PART)
        gates, failed = _gates(Path(work), wish.pack_id, make_worker)
        token.raise_if_cancelled()
        if failed:
            return Calibrated(None, figures, gates, failed, doubts)
        pack = packs.add(Path(order.folder))
        packs.note_gates(pack.digest, ())
    on_progress("installed", 1.0)
    return Calibrated(pack, figures, gates, (), doubts)


def _gates(
    root: Path, pack_id: str, make_worker: MakeWorker
) -> tuple[GatesResult | None, tuple[str, ...]]:
    """Return what the gates say of the pack in a folder, and which of them it failed."""
    store = PackStore(root)
    with make_worker(store.folders) as worker:
        found = measure_packs((store.get(pack_id),), worker=worker, store=store)
    gates = found.gates[0] if found.gates else None
    failed = [gate.name for gate in gates.gates if not gate.has_passed] if gates else ["gates"]
    if not all(each.has_passed for each in found.golden):
        failed.append("golden case")
    return gates, tuple(failed)


def _order(volume: Volume, wish: CalibrationWish, base: Pack, folder: Path) -> CalibrationOrder:
    geometry, series = volume.geometry, volume.series
    names = (series.manufacturer, series.model_name, wish.kernel and f"kernel {wish.kernel}")
    i_mm, j_mm = geometry.spacing_ij_mm
    gap_mm = abs(float(np.median(geometry.gaps_mm)))
    count, rows, columns = volume.voxels.shape
    return CalibrationOrder(
        base=str(base.folder),
        base_id=wish.base_id,
        pack_id=wish.pack_id,
        folder=str(folder),
        modality=series.modality,
        shape_kji=(count, rows, columns),
        dtype=volume.voxels.dtype.str,
        spacing_ijk_mm=(float(i_mm), float(j_mm), gap_mm),
        padding=volume.intensity.outside,
        scanner=tuple(name for name in names if TECHNICAL.fullmatch(name)),
        seconds=wish.minutes * 60,
        steps=wish.steps,
    )


def _sweep(folder: Path) -> None:
    """Remove what a program that was killed left behind."""
    for left in folder.glob(f"{WORK_PREFIX}*"):
        if time.time() - left.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
