"""A pack is added only where its model runs and gives numbers; else all is as it was before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inference.packs.store import PackStore
from inference.tasks.golden import GoldenRequest, GoldenResult
from tests.support.model_packs import shift_model, write_pack
from workstation.core.errors import PackRefusedError
from workstation.services.add_pack import add_pack


class GoldenWorker:
    """Answers a golden case with a difference, or refuses as the real one does."""

    def __init__(self, store: PackStore, answer: float | PackRefusedError) -> None:
        self._store, self._answer = store, answer

    def run(self, *all_: Any, **_named: Any) -> Any:  # noqa: ANN401 - as the port
        request = all_[0]
        assert isinstance(request, GoldenRequest)
        pack = self._store.get(request.pack_id)
        if isinstance(self._answer, PackRefusedError):
            raise self._answer
        return GoldenResult(pack.ref, False, self._answer, 0.1, 0.1, "CPU"), None


REFUSALS = [float("nan"), float("inf"), PackRefusedError("The model pack is refused")]


@pytest.mark.parametrize("answer", REFUSALS)
def test_a_pack_whose_model_gives_no_numbers_is_not_added_and_the_one_before_stays(
    tmp_path: Path, answer: float | PackRefusedError
) -> None:
    store = PackStore(tmp_path / "none", tmp_path / "user")
    worker = GoldenWorker(store, answer)
    broken = write_pack(tmp_path / "stick", shift_model(1.0), pack_id="own-pack")

    with pytest.raises(PackRefusedError, match="refused"):
        add_pack(broken, store=store, worker=worker)
    assert store.packs() == ()

    before = store.add(write_pack(tmp_path / "older", shift_model(0.0), pack_id="own-pack"))
    with pytest.raises(PackRefusedError, match="refused"):
        add_pack(broken, store=store, worker=worker)
    assert store.packs() == (before,)


def test_a_pack_that_gives_numbers_is_added(tmp_path: Path) -> None:
    store = PackStore(tmp_path / "none", tmp_path / "user")
    good = write_pack(tmp_path / "stick", shift_model(1.0), pack_id="own-pack")

    added = add_pack(good, store=store, worker=GoldenWorker(store, 0.5))

    assert store.packs() == (added,)
