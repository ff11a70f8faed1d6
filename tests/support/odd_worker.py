"""A model worker that behaves as the pack id of the request says: crash, memory, stuck, slow ...

Started as a real process by the tests: ``python -m tests.support.odd_worker``.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.engine.slice_runs import follow
from inference.engine.told import Told
from inference.tasks.denoise import DenoiseRequest, EnhancementFigures, EnhanceResult
from inference.worker.__main__ import limit_memory
from inference.worker.protocol import Request, Result
from inference.worker.serving import Report, Server
from workstation.core.errors import InputRefusedError
from workstation.core.job import CancelToken
from workstation.core.provenance import PackRef

ADDRESS_SPACE_BYTES = 2 * 1024**3


def handle(
    request: Request,
    source: NDArray[Any] | None,
    target: NDArray[Any] | None,
    report: Report,
    cancel: CancelToken,
    told: Told,
) -> Result:
    """Do what the pack id says; ``plain`` adds one to every voxel."""
    assert isinstance(request, DenoiseRequest)
    assert source is not None
    assert target is not None
    _misbehave(request.pack_id)
    told.wait(cancel)
    order: Iterable[int] = range(len(source))
    if request.pack_id == "follows":
        order = follow(len(source), request.first_index, told)
    for k in order:
        cancel.raise_if_cancelled()
        target[k] = source[k] + 1
        report((k + 1) / len(source), (k,))
        if request.pack_id == "follows":
            time.sleep(0.01)
        if request.pack_id == "slow":
            time.sleep(0.05)
        if request.pack_id == "stuck":
            time.sleep(600)
        if request.pack_id == "dies":
            os._exit(3)
    names = ",".join(sorted(os.environ))
    return EnhanceResult(PackRef(request.pack_id, str(os.getpid()), names), EnhancementFigures())


def _misbehave(kind: str) -> None:
    match kind:
        case "memory":
            np.ones(10**11)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "fault":
            raise RuntimeError("a secret that stays in the log")
        case "refuse":
            raise InputRefusedError("This series cannot be denoised", why="it is odd")
        case "prints":
            sys.stdout.write("a library that prints\n")
            sys.stdout.flush()
            os.write(1, b"and one that writes to the descriptor\n")
        case _:
            pass


def main() -> None:
    """Serve like the real worker."""
    limit_memory(ADDRESS_SPACE_BYTES)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    Server(sys.stdin.buffer, answers, handle).serve()


if __name__ == "__main__":
    main()
