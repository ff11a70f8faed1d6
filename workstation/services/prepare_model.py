"""Getting the model that a reader may ask for ready, while nobody waits for it."""

from __future__ import annotations

from inference.packs.manifest import Task
from inference.packs.store import PackStore
from inference.tasks.prepare import PrepareRequest
from workstation.core.job import CancelToken
from workstation.core.memory import MIB, Memory, read_memory
from workstation.core.volume import Volume
from workstation.services.choose_series import READ_MODALITIES
from workstation.services.ports import ModelWorkerPort

WORKER_BYTES = 512 * MIB
"""Memory that must be free: the worker takes 130 MB, and a reader with less needs it for images."""


def prepare_model(
    volume: Volume,
    *,
    worker: ModelWorkerPort,
    packs: PackStore,
    pack_id: str = "",
    cancel: CancelToken | None = None,
    memory: Memory | None = None,
) -> bool:
    """Start the worker and have it load the denoising pack for a series; return whether it did.

    Where memory is short nothing is done: the first slice then comes a second later.

    Args:
        volume: the series on screen.
        worker: runs the models.
        packs: the packs of this machine.
        pack_id: the pack the reader prefers; empty for the best one.
        cancel: stops it before the worker is asked.
        memory: of this process; None reads it.

    Raises:
        PackRefusedError: no pack is for such a series.
        WorkerError: the worker failed.
    """
    series, shape = volume.series, volume.voxels.shape
    free = (memory or read_memory()).free_bytes
    if series.modality not in READ_MODALITIES or volume.is_colour or free < WORKER_BYTES:
        return False
    pack = (
        packs.get(pack_id)
        if pack_id
        else packs.choose(Task.DENOISE, series.modality, series.body_part)
    )
    request = PrepareRequest(pack.manifest.pack_id, (shape[1], shape[2]))
    worker.run(request, None, cancel=cancel)
    return True
