"""Packs are tested here, and what failed is remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.packs.manifest import Task
from inference.packs.store import PackStore
from inference.tasks.gates import GateFigure, GatesRequest, GatesResult
from inference.tasks.golden import GoldenRequest, GoldenResult
from tests.support.model_packs import shift_model, write_pack
from workstation.core.errors import PackRefusedError
from workstation.services.measure_packs import measure_packs


class Worker:
    """Answers as a worker would; its gates give the bias it was made with."""

    def __init__(self, store: PackStore, bias: float) -> None:
        self._store, self._bias = store, bias

    def run(
        self, request: GoldenRequest | GatesRequest, voxels: object, **_: object
    ) -> tuple[GoldenResult | GatesResult, None]:
        assert voxels is None
        pack = self._store.get(request.pack_id).ref
        if isinstance(request, GoldenRequest):
            return GoldenResult(pack, True, 0.0, 1.0, 0.1, "CPU"), None
        gate = GateFigure("bias of water", self._bias, "HU", -1.0, 1.0)
        return GatesResult(pack, 0.6, (gate,), (), 1.0, "CPU"), None


@pytest.fixture
def store(tmp_path: Path) -> PackStore:
    write_pack(tmp_path / "bundled", shift_model(0.0))
    return PackStore(tmp_path / "bundled", tmp_path / "user")


@pytest.mark.parametrize(("bias", "failed"), [(0.5, ()), (-1.5, ("test-denoise",))])
def test_a_pack_outside_its_gates_has_failed_and_is_not_chosen_again(
    store: PackStore, bias: float, failed: tuple[str, ...]
) -> None:
    said: list[str] = []

    found = measure_packs(store.packs(), worker=Worker(store, bias), store=store, say=said.append)

    assert found.failed == failed
    assert len(said) == 1
    assert "test-denoise" in said[0]
    if failed:
        with pytest.raises(PackRefusedError, match="failed: bias of water"):
            store.choose(Task.DENOISE, "CT")
    else:
        assert store.choose(Task.DENOISE, "CT").manifest.pack_id == "test-denoise"


def test_gates_are_left_out_where_they_are_not_wanted(store: PackStore) -> None:
    found = measure_packs(store.packs(), worker=Worker(store, 9.0), store=store, has_gates=False)

    assert found.gates == ()
    assert found.failed == ()
    assert store.failed_gates() == {}


@pytest.mark.parametrize(
    ("low", "high", "value", "has_passed"),
    [(None, 1.0, 1.0, True), (None, 1.0, 1.1, False), (0.7, None, 0.6, False), (-1, 1, 0, True)],
)
def test_a_figure_passes_inside_its_range(
    low: float | None, high: float | None, value: float, *, has_passed: bool
) -> None:
    assert GateFigure("x", value, "", low, high).has_passed is has_passed
