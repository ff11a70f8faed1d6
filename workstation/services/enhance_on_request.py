"""Enhances a series as a reader asked, and tells which pack does it before the first slice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from inference.packs.store import PackStore
from inference.tasks.super_resolve import Direction
from workstation.core.job import CancelToken
from workstation.core.provenance import PackRef
from workstation.core.volume import Volume
from workstation.services.enhance_choices import EnhanceTask, EnhanceWish
from workstation.services.enhance_series import TASKS, Enhanced, enhance
from workstation.services.ports import ModelWorkerPort
from workstation.services.super_resolve import SuperResolution

RESOLUTIONS = {
    EnhanceTask.THINNER: SuperResolution(Direction.THROUGH_PLANE, 2),
    EnhanceTask.THINNER_4: SuperResolution(Direction.THROUGH_PLANE, 4),
    EnhanceTask.FINER: SuperResolution(Direction.IN_PLANE, 2),
}
"""What each task asks of a super-resolution."""


def enhance_on_request(  # noqa: PLR0913 - what is asked, who does it, and the callbacks
    volume: Volume,
    wish: EnhanceWish,
    *,
    worker: ModelWorkerPort,
    packs: PackStore,
    on_pack: Callable[[PackRef, float], None],
    on_progress: Callable[[float], None],
    on_slice: Callable[[int, NDArray[Any]], None],
    cancel: CancelToken,
) -> Enhanced:
    """Return the result at full strength.

    Args:
        volume: original pixels.
        wish: what is asked for.
        worker: runs the model in its own process.
        packs: the packs of this machine.
        on_pack: gets the pack and its first strength, once, before the first slice.
        on_progress: called with the part done, 0..1.
        on_slice: called with k and each finished slice of the result.
        cancel: stops within about one slice.

    Raises:
        WorkstationError: as :func:`workstation.services.enhance_series.enhance` does.
    """
    how, series = RESOLUTIONS.get(wish.task), volume.series
    task = "denoise" if wish.task.is_laid_over else "superres"
    if wish.pack_id:
        pack = packs.get(wish.pack_id)
    else:
        direction = Direction.THROUGH_PLANE if how is None else how.direction
        pack = packs.choose(TASKS[task], series.modality, series.body_part, direction)
    on_pack(pack.ref, pack.manifest.output.default_strength)
    return enhance(
        volume,
        task=task,
        worker=worker,
        packs=packs,
        pack_id=pack.manifest.pack_id,
        first_index=wish.first_index,
        on_progress=on_progress,
        on_slice=on_slice,
        cancel=cancel,
        how=how,
        focus=wish.focus,
    )
