"""Enhancing on the low-end floor: under a limit of the address space, and when memory runs out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.packs.store import PackStore
from inference.tasks.denoise import DenoiseRequest
from inference.worker.client import ModelWorker
from tests.support.data import REPOSITORY
from tests.support.large_series import write_ct
from workstation.core.errors import WorkerOutOfMemoryError
from workstation.settings.resources import resource

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="ulimit -v is Linux's")

REACHED_MIB = 1024
"""What is reached today for 40 slices; a change that needs more is looked at."""

SLICES = 40


def test_a_ct_is_enhanced_under_a_limit_of_the_address_space(tmp_path: Path) -> None:
    write_ct(tmp_path / "ct", SLICES)
    command = ["enhance", str(tmp_path / "ct"), "--task", "denoise", "--pack", "ct-denoise"]

    ended = subprocess.run(
        [
            *("/bin/sh", "-c", 'ulimit -v "$1" && shift && exec "$@"', "sh"),
            str(REACHED_MIB * 1024),
            *(sys.executable, "-m", "workstation", *command),
            *("--out", str(tmp_path / "out"), "--json"),
        ],
        cwd=REPOSITORY,
        env=os.environ | {"PRELIM_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr[-2000:]
    assert json.loads(ended.stdout)["pack"]["id"] == "ct-denoise"
    assert len(list((tmp_path / "out").rglob("*.dcm"))) == SLICES


def test_a_worker_that_the_system_ends_in_the_middle_is_a_sentence_and_the_next_run_works() -> None:
    packs = PackStore(resource("model_packs"))
    worker = ModelWorker(pack_folders=packs.folders)
    noise = np.random.default_rng(4).normal(40, 20, (12, 128, 128))
    voxels = noise.astype(np.int16)
    asked = DenoiseRequest("ct-denoise", "CT", (0.7, 0.7, 2.0))

    def end(_k: int, _plane: NDArray[Any]) -> None:
        if worker.process_id is not None:
            os.kill(worker.process_id, signal.SIGKILL)

    with pytest.raises(WorkerOutOfMemoryError, match="ended by the system"):
        worker.run(asked, np.repeat(voxels, 20, axis=0), on_slice=end)
    result, _ = worker.run(asked, voxels)

    assert result.figures.slices_left_original == 0
    worker.stop()
