"""One enhancement of one series: what was asked, how far it is, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from viewers.render.enhanced import EnhancedOverlay
from workstation.core.errors import InputRefusedError, PackRefusedError
from workstation.core.job import Focus
from workstation.core.provenance import PackRef
from workstation.core.volume import Volume
from workstation.services.enhance_choices import EnhanceTask, EnhanceWish
from workstation.services.jobs import JobContext
from workstation.ui.loaded_series import LoadedSeries
from workstation.ui.words import tr

if TYPE_CHECKING:  # values of the worker's tasks
    from inference.tasks.denoise import EnhancementFigures
    from workstation.ui.use_cases import Enhance, Enhancement


class Stage(Enum):
    """How far an enhancement is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The pack a job uses, and the strength it is shown with at first."""

    pack: PackRef
    strength: float


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a series is not enhanced, as a sentence; for those nobody asked for by hand."""

    sentence: str


@dataclass(slots=True, eq=False)
class Run:
    """An enhancement of one series; its slices come in while it runs. Owned by the UI thread.

    Attributes:
        row: the series in the rail.
        task: what is made of it.
        pack_id: the pack that was asked for; empty for the best one.
        is_automatic: a hanging protocol wished for it, not the reader.
        is_on: its result is shown wherever the series is.
        stage: how far it is.
        job_id: of the job that makes it.
        pack: the pack; None until it is known.
        standard, strength: what the pack shows first, and what is shown, 0..1.
        voxels, is_ready: the result on the voxels of the series, and which slices are in.
        volume: a result with voxels of its own.
        figures: what it did; None until it is done.
        doubts: what a reader must know of it, as sentences.
        focus: where the reader looks while it is made.
        release: lets the voxels of the series go, where a job reads them.
    """

    row: int
    task: EnhanceTask
    pack_id: str = ""
    is_automatic: bool = False
    is_on: bool = True
    stage: Stage = Stage.QUEUED
    job_id: int = 0
    pack: PackRef | None = None
    standard: float = 1.0
    strength: float = 1.0
    voxels: NDArray[Any] | None = None
    is_ready: NDArray[np.bool_] | None = None
    volume: Volume | None = None
    figures: EnhancementFigures | None = None
    doubts: tuple[str, ...] = ()
    focus: Focus = field(default_factory=lambda: Focus(0))
    release: Callable[[], None] = field(default=lambda: None)

    @property
    def key(self) -> tuple[int, EnhanceTask]:
        """What tells it from others."""
        return self.row, self.task

    @property
    def has_result(self) -> bool:
        """Whether there is something to show."""
        return self.voxels is not None or self.volume is not None

    @property
    def size_bytes(self) -> int:
        """What its result takes in memory."""
        volume = 0 if self.volume is None else self.volume.voxels.nbytes
        return volume + (0 if self.voxels is None else self.voxels.nbytes)

    def overlay(self, volume: Volume) -> EnhancedOverlay | None:
        """Return what is laid over the series; None as long as no pack is known.

        Before the first slice it holds none of the result: the notice is there, and says so.
        """
        if self.pack is None or not self.task.is_laid_over:
            return None
        ready, sigma = self.is_ready, 0.0
        if self.figures is not None:
            sigma = self.figures.sigma_before
        if self.voxels is None or ready is None:
            return EnhancedOverlay(volume.voxels, self.pack, self.strength, _none, sigma)
        if ready.all():
            return EnhancedOverlay(self.voxels, self.pack, self.strength, sigma=sigma)
        return EnhancedOverlay(
            self.voxels, self.pack, self.strength, lambda k: bool(ready[k]), sigma
        )

    def words(self) -> str:
        """Return how far it is, for people; empty once it is done."""
        if self.stage is Stage.QUEUED:
            return tr("waits for its turn")
        if self.stage is Stage.DONE:
            return ""
        if self.is_ready is None or not self.is_ready.any():
            return tr("the first slices are being made")
        return tr("{0} of {1} slices").format(int(self.is_ready.sum()), self.is_ready.size)


def _none(_k: int) -> bool:
    return False


def work_of(
    enhance: Enhance, series: LoadedSeries, run: Run
) -> Callable[[JobContext], Enhancement | Refused]:
    """Return the work of the model lane: wait for the pixels, then run the model.

    It captures the door and the open series; slices are handed over as they come.
    """
    opened, task = series.opened, run.task
    wish = EnhanceWish(task, run.pack_id, run.focus.index, run.focus)
    is_quiet = run.is_automatic

    def work(context: JobContext) -> Enhancement | Refused:
        opened.wait()
        context.cancel.raise_if_cancelled()
        given: list[NDArray[Any]] = []
        shape = opened.volume.voxels.shape

        def on_slice(k: int, pixels: NDArray[Any]) -> None:
            if not task.is_laid_over:
                return
            if not given:
                given.append(_whole_of(pixels, shape))
                context.give(given[0])
            if not np.may_share_memory(given[0], pixels):
                given[0][k] = pixels
            context.give(k)

        try:
            return enhance(
                opened.volume,
                wish,
                on_pack=lambda pack, strength: context.give(Chosen(pack, strength)),
                on_progress=context.progress,
                on_slice=on_slice,
                cancel=context.cancel,
            )
        except (InputRefusedError, PackRefusedError) as error:
            if not is_quiet:
                raise
            return Refused(str(error))

    return work


def _whole_of(plane: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Return the array a finished slice is a view of, or a new one where it is of none.

    Showing the worker's own result while it is made saves a second copy of the volume.
    """
    whole = plane.base
    if isinstance(whole, np.ndarray) and whole.shape == shape and whole.dtype == plane.dtype:
        return whole
    return np.zeros(shape, dtype=plane.dtype)
