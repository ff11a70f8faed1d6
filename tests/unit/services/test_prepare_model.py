"""The model for what is on screen is got ready, unless there is no room or no model for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.packs.store import PackStore
from inference.tasks.prepare import PrepareRequest
from inference.worker.client import ModelWorker
from tests.support.canary import CANARY
from tests.support.model_packs import shift_model, write_pack
from workstation.core.errors import PackRefusedError
from workstation.core.geometry import StackGeometry
from workstation.core.identity import PatientIdentity, SeriesIdentity, StudyIdentity
from workstation.core.intensity import Intensity, IntensityUnit
from workstation.core.memory import MIB, Memory
from workstation.core.phi import Phi
from workstation.core.volume import Volume, read_only
from workstation.services.prepare_model import prepare_model

PLENTY = Memory(8 << 30, 8 << 30, 8 << 30)


class Worker:
    def __init__(self) -> None:
        self.asked: list[object] = []

    def run(self, request: object, voxels: object, **_: object) -> tuple[Any, Any]:
        assert voxels is None
        self.asked.append(request)
        return None, None


def volume(modality: str = "CT") -> Volume:
    positions = np.array([[0.0, 0, k] for k in range(3)])
    geometry = StackGeometry((3, 40, 50), np.eye(3)[0], np.eye(3)[1], (1.0, 1.0), positions, "1.9")
    study = StudyIdentity("1.1", PatientIdentity(name=Phi(CANARY)))
    return Volume(
        voxels=read_only(np.zeros((3, 40, 50), np.int16)),
        geometry=geometry,
        intensity=Intensity(IntensityUnit.HU),
        series=SeriesIdentity("1.2", study, modality=modality),
        instance_uids=("1.3.0", "1.3.1", "1.3.2"),
        frame_numbers=(0, 0, 0),
        thickness_mm=1.0,
    )


@pytest.fixture
def packs(tmp_path: Path) -> PackStore:
    write_pack(tmp_path, shift_model(0))
    return PackStore(tmp_path)


def test_the_pack_is_loaded_at_the_size_of_the_slices(packs: PackStore) -> None:
    worker = Worker()

    assert prepare_model(volume(), worker=worker, packs=packs, memory=PLENTY)
    assert worker.asked == [PrepareRequest("test-denoise", (40, 50))]


def test_nothing_is_started_where_memory_is_short(packs: PackStore) -> None:
    worker = Worker()
    short = replace(PLENTY, free_bytes=300 * MIB)

    assert not prepare_model(volume(), worker=worker, packs=packs, memory=short)
    assert worker.asked == []


def test_nothing_is_started_for_what_is_only_shown(packs: PackStore) -> None:
    worker = Worker()

    assert not prepare_model(volume("US"), worker=worker, packs=packs, memory=PLENTY)
    assert worker.asked == []


def test_where_no_pack_fits_that_is_said(packs: PackStore) -> None:
    with pytest.raises(PackRefusedError):
        prepare_model(volume("MR"), worker=Worker(), packs=packs, memory=PLENTY)


def test_the_real_worker_is_ready_afterwards(packs: PackStore, tmp_path: Path) -> None:
    worker = ModelWorker(pack_folders=[tmp_path], is_background=True)

    result, nothing = worker.run(PrepareRequest("test-denoise", (40, 50)), None)

    assert result.pack == packs.get("test-denoise").ref
    assert result.provider == "CPUExecutionProvider"
    assert result.note == ""
    assert nothing is None
    worker.stop()
