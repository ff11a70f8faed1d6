"""A provider is used only if it gives the CPU's numbers; a model only if it fits its manifest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from inference.engine import sessions
from inference.engine.sessions import CPU, Session, SessionCache
from inference.packs.store import load_pack
from tests.support.model_packs import pair_model, shift_model, write_pack
from workstation.core.errors import PackRefusedError

FAST = "CUDAExecutionProvider"


class FakeSession(Session):
    """A provider that is off by a fixed amount, or fails."""

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float32]:
        if self.runtime == "fails":
            raise RuntimeError("driver")
        return feeds["slices"][:, 1:2] + np.float32(self.runtime)


@pytest.fixture
def with_provider(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [FAST, CPU])
    return monkeypatch


@pytest.mark.parametrize(
    ("behaviour", "used"), [(0.1, FAST), (0.6, CPU), (np.nan, CPU), ("fails", CPU)]
)
def test_a_provider_is_used_only_with_the_numbers_of_the_cpu(
    tmp_path: Path, with_provider: pytest.MonkeyPatch, behaviour: object, used: str
) -> None:
    real = sessions.open_session

    def opened(model: bytes, provider: str) -> Session:
        if provider == FAST:
            return FakeSession(behaviour, ("slices", "sigma"), provider)
        return real(model, provider)

    with_provider.setattr(sessions, "open_session", opened)
    pack = load_pack(write_pack(tmp_path, shift_model(0)))

    assert SessionCache().get(pack).provider == used


def test_a_model_is_loaded_once(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(0)))
    cache = SessionCache()

    assert cache.get(pack) is cache.get(pack)


def test_a_model_that_gives_another_size_than_its_manifest_says_is_refused(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, pair_model(1)))

    with pytest.raises(PackRefusedError, match="does not give"):
        SessionCache().get(pack)


def test_a_model_whose_numbers_are_not_finite_is_refused(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(float("inf"))))

    with pytest.raises(PackRefusedError, match="does not give"):
        SessionCache().get(pack)


def test_a_session_does_not_spin_between_slices(tmp_path: Path) -> None:
    session = sessions.open_session(shift_model(0), CPU)

    options = session.runtime.get_session_options()
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
