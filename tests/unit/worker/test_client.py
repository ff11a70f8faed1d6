"""The application survives whatever its model worker does; every worker here is a real process."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.packs.store import load_pack
from inference.tasks.denoise import DenoiseRequest
from inference.tasks.gates import GatesRequest
from inference.tasks.golden import GoldenRequest
from inference.worker.client import ModelWorker
from tests.support.model_packs import noisy_water, shift_model, write_pack
from workstation.core.errors import (
    CancelledError,
    InputRefusedError,
    PackRefusedError,
    WorkerCrashedError,
    WorkerError,
    WorkerOutOfMemoryError,
)
from workstation.core.job import CancelToken, Focus

ODD = (sys.executable, "-m", "tests.support.odd_worker")
VOXELS = np.arange(4 * 8 * 8, dtype=np.int16).reshape(4, 8, 8)


def request(kind: str) -> DenoiseRequest:
    return DenoiseRequest(kind, "CT", (1.0, 1.0, 1.0))


@pytest.fixture(scope="module")
def odd() -> Iterator[ModelWorker]:
    worker = ModelWorker(pack_folders=[], command=ODD)
    yield worker
    worker.stop()


@pytest.fixture(autouse=True)
def _no_block_is_left() -> Iterator[None]:
    yield
    if sys.platform == "linux":
        gc.collect()
        assert "/memfd:voxels" not in Path("/proc/self/maps").read_text(encoding="utf-8")


def test_slices_come_as_they_are_made_and_the_result_outlives_the_run(odd: ModelWorker) -> None:
    slices: list[tuple[int, int]] = []
    parts: list[float] = []

    def take(k: int, plane: NDArray[Any]) -> None:
        slices.append((k, int(plane[0, 0])))

    result, voxels = odd.run(request("plain"), VOXELS, on_progress=parts.append, on_slice=take)

    assert result.pack.pack_id == "plain"
    np.testing.assert_array_equal(voxels, VOXELS + 1)
    assert slices == [(0, 1), (1, 65), (2, 129), (3, 193)]
    assert parts == [0.25, 0.5, 0.75, 1.0]


def test_the_process_stays_for_the_next_run_and_sees_no_variable_of_ours(
    odd: ModelWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRELIM_PASSPHRASE", "hidden")
    odd.stop()

    first, _ = odd.run(request("plain"), VOXELS)
    second, _ = odd.run(request("plain"), VOXELS)

    assert first.pack.version == second.pack.version == str(odd.process_id)
    assert not [
        name for name in first.pack.digest.split(",") if name.startswith(("PRELIM", "HOME"))
    ]


def test_the_worker_goes_on_where_the_reader_looks(odd: ModelWorker) -> None:
    focus, seen = Focus(10), list[int]()

    def take(k: int, _plane: NDArray[Any]) -> None:
        seen.append(k)
        if len(seen) == 5:
            focus.move(180)

    asked = replace(request("follows"), first_index=10)
    _, voxels = odd.run(asked, np.zeros((200, 8, 8), np.int16), on_slice=take, focus=focus)

    assert seen[:5] == [10, 11, 9, 12, 8]
    moved = next(place for place, k in enumerate(seen) if k > 100)
    # One is in hand when the reader moves, and a few may be on their way.
    assert 5 <= moved < 20
    assert seen[moved : moved + 5] == [180, 181, 179, 182, 178]
    assert sorted(seen) == list(range(200))
    assert (voxels == 1).all()


def test_a_volume_larger_than_the_first_message_arrives_whole(odd: ModelWorker) -> None:
    voxels = np.random.default_rng(3).integers(-1000, 1000, (333, 16, 16), dtype=np.int16)

    _, result = odd.run(replace(request("plain"), first_index=300), voxels)

    np.testing.assert_array_equal(result, voxels + 1)


def test_a_worker_gone_while_it_is_handed_voxels_is_a_sentence(odd: ModelWorker) -> None:
    voxels = np.zeros((600, 64, 64), np.int16)

    for _ in range(3):
        with pytest.raises(WorkerCrashedError):
            odd.run(request("dies"), voxels)

    assert odd.run(request("plain"), VOXELS)[0].pack.pack_id == "plain"


def test_what_a_library_prints_does_not_break_the_pipe(odd: ModelWorker) -> None:
    result, _ = odd.run(request("prints"), VOXELS)

    assert result.pack.pack_id == "prints"


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        ("dies", WorkerCrashedError, "(?i)crashed. exit code 3"),
        ("killed", WorkerOutOfMemoryError, "ended by the system"),
        ("memory", WorkerOutOfMemoryError, "ran out of memory"),
        ("refuse", InputRefusedError, "(?i)it is odd"),
    ],
)
def test_each_way_to_fail_is_a_sentence_and_the_next_run_works(
    odd: ModelWorker, kind: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        odd.run(request(kind), VOXELS)

    result, _ = odd.run(request("plain"), VOXELS)
    assert result.pack.pack_id == "plain"


def test_a_fault_is_told_by_its_type_and_logged_once(
    odd: ModelWorker, expect_log: Callable[[str], None]
) -> None:
    expect_log("the model worker failed")

    with pytest.raises(WorkerError, match="RuntimeError") as raised:
        odd.run(request("fault"), VOXELS)

    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("kind", ["slow", "stuck"])
def test_a_run_is_cancelled_soon_even_if_the_model_does_not_listen(
    odd: ModelWorker, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inference.worker.client.CANCEL_SECONDS", 0.3)
    monkeypatch.setattr("inference.worker.client.STOP_SECONDS", 0.3)
    token = CancelToken()
    odd.start()
    started = time.monotonic()

    with pytest.raises(CancelledError):
        odd.run(
            request(kind),
            np.zeros((400, 8, 8), np.int16),
            on_slice=lambda _k, _plane: token.cancel(),
            cancel=token,
        )

    assert time.monotonic() - started < 5
    assert odd.run(request("plain"), VOXELS)[0].pack.pack_id == "plain"


def test_a_module_in_the_folder_of_the_user_is_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numpy.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    worker = ModelWorker(pack_folders=[])

    worker.start()

    assert worker.process_id is not None
    worker.stop()


def test_a_run_cancelled_before_it_starts_starts_no_process() -> None:
    worker = ModelWorker(pack_folders=[], command=ODD)
    token = CancelToken()
    token.cancel()

    with pytest.raises(CancelledError):
        worker.run(request("plain"), VOXELS, cancel=token)

    assert worker.process_id is None


@pytest.mark.parametrize(
    "command", [("/nonexistent/worker",), (sys.executable, "-c", "raise SystemExit(7)")]
)
def test_a_worker_that_does_not_start_is_a_sentence(command: tuple[str, ...]) -> None:
    worker = ModelWorker(pack_folders=[], command=command)

    with pytest.raises(WorkerError, match="did not start"):
        worker.run(request("plain"), VOXELS)


def test_the_worker_leaves_with_its_application() -> None:
    worker = ModelWorker(pack_folders=[], command=ODD)
    worker.start()
    process_id = worker.process_id
    assert process_id is not None

    worker.stop()

    with pytest.raises(ProcessLookupError):
        os.kill(process_id, 0)


def test_the_real_worker_runs_packs_and_refuses_damaged_ones(tmp_path: Path) -> None:
    write_pack(tmp_path / "packs", shift_model(0.5))
    worker = ModelWorker(pack_folders=[tmp_path / "packs"])
    voxels = noisy_water(count=3, size=64)

    golden, nothing = worker.run(GoldenRequest("test-denoise"), None)
    enhanced, result = worker.run(request("test-denoise"), voxels)

    assert golden.pack == load_pack(tmp_path / "packs" / "test-denoise").ref
    assert not golden.has_passed
    assert nothing is None
    assert abs((result - voxels).mean() - enhanced.figures.sigma_before / 2) < 0.5
    with pytest.raises(PackRefusedError, match="no model pack"):
        worker.run(request("other"), voxels)
    worker.stop()


def test_gates_are_measured_in_the_worker_and_can_be_stopped(tmp_path: Path) -> None:
    write_pack(tmp_path / "packs", shift_model(0.5))
    worker = ModelWorker(pack_folders=[tmp_path / "packs"])
    token = CancelToken()
    parts: list[float] = []

    def stop_soon(part: float) -> None:
        parts.append(part)
        if len(parts) == 2:
            token.cancel()

    with pytest.raises(CancelledError):
        worker.run(GatesRequest("test-denoise"), None, on_progress=stop_soon, cancel=token)

    assert 0 < parts[1] < 0.2
    worker.stop()


def test_a_worker_under_a_memory_limit_refuses_before_it_runs(tmp_path: Path) -> None:
    write_pack(tmp_path / "packs", shift_model(0), base_bytes=20 * 1024**3)
    worker = ModelWorker(pack_folders=[tmp_path / "packs"], memory_limit_bytes=8 * 1024**3)

    with pytest.raises(WorkerOutOfMemoryError, match="21475 MB"):
        worker.run(request("test-denoise"), noisy_water(count=3, size=64))

    worker.stop()
