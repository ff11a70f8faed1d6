"""A provider is used only if it gives the CPU's numbers faster; a model only if it fits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference.engine import sessions
from inference.engine.enhance import enhance
from inference.engine.providers import CPU, OPTIONS, PREFERRED, STATIC_SHAPES
from inference.engine.sessions import SessionCache
from inference.packs.store import Pack, load_pack
from inference.tasks.denoise import DenoiseRequest
from tests.support.fake_providers import COREML, CUDA, Card, install
from tests.support.model_packs import (
    mean_model,
    noisy_water,
    pair_model,
    shift_model,
    write_pack,
)
from workstation.core.errors import PackRefusedError
from workstation.core.job import CancelToken

SHAPE = (96, 128)


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return load_pack(write_pack(tmp_path, mean_model(), bound=0.0))


@pytest.fixture
def slow_cpu(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let every run on the CPU seem to take a second."""
    real = sessions._seconds

    def seconds(session: sessions.Session, feeds: sessions.Feeds) -> float:
        return real(session, feeds) + (1.0 if session.provider == CPU else 0.0)

    monkeypatch.setattr(sessions, "_seconds", seconds)
    return monkeypatch


@pytest.mark.parametrize(
    ("card", "used", "words"),
    [
        (Card(offset=0.1), CUDA, ""),
        (Card(offset=0.6), CPU, "differ from the processor's by 0.6"),
        (Card(nan_from=0), CPU, "does not give the numbers"),
        (Card(fails_from=0), CPU, "it failed (RuntimeError)"),
        (Card(is_absent=True), CPU, "its driver is not there"),
        (Card(seconds=1.5), CPU, "ms for a slice"),
    ],
)
def test_a_provider_is_used_only_with_the_numbers_of_the_cpu_and_faster(
    pack: Pack, slow_cpu: pytest.MonkeyPatch, card: Card, used: str, words: str
) -> None:
    install(slow_cpu, card)

    session = SessionCache().get(pack, SHAPE)

    assert session.provider == used
    assert words in session.note
    assert session.note.startswith("CUDA is not used: ") == (used == CPU)


def test_the_next_provider_is_tried_where_one_is_wrong(
    pack: Pack, slow_cpu: pytest.MonkeyPatch
) -> None:
    install(slow_cpu, Card(offset=3), Card(COREML))

    session = SessionCache().get(pack, SHAPE)

    assert session.provider == COREML
    assert session.note == "CUDA is not used: its numbers differ from the processor's by 3"


@pytest.mark.parametrize(
    "card", [Card(fails_from=7), Card(nan_from=7)], ids=["driver fails", "numbers are none"]
)
def test_a_provider_that_fails_in_the_middle_of_a_series_loses_no_slice(
    pack: Pack, slow_cpu: pytest.MonkeyPatch, card: Card
) -> None:
    voxels = noisy_water(count=9, size=64)
    request = DenoiseRequest("x", "CT", (0.8, 0.8, 3.0))
    alone, mixed = np.zeros_like(voxels), np.zeros_like(voxels)

    def run(result: np.ndarray) -> tuple[str, str, int]:
        figures = enhance(
            pack,
            request,
            voxels,
            result,
            sessions=SessionCache(),
            report=lambda _part, _slices: None,
            cancel=CancelToken(),
        ).figures
        return figures.provider, figures.provider_note, figures.slices_left_original

    expected = run(alone)
    install(slow_cpu, card)
    found = run(mixed)

    assert expected == (CPU, "", 0)
    assert found[0] == CPU
    assert found[1].startswith("CUDA failed while it worked")
    assert found[2] == 0
    assert card.runs == 8  # three in the trial, four slices, and the one that failed
    np.testing.assert_array_equal(mixed, alone)


def test_precision_is_not_given_up_for_speed() -> None:
    assert OPTIONS[CUDA]["use_tf32"] == "0"
    assert OPTIONS[CUDA]["cudnn_conv_algo_search"] == "HEURISTIC"
    assert OPTIONS["TensorrtExecutionProvider"]["trt_fp16_enable"] == "0"
    assert OPTIONS[COREML]["RequireStaticInputShapes"] == "1"
    assert PREFERRED[-1] == CPU


@pytest.mark.parametrize("provider", [CUDA, COREML])
def test_options_reach_the_runtime(
    pack: Pack, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    card = Card(provider)
    install(monkeypatch, card)

    SessionCache().get(pack)

    assert card.options == [dict(OPTIONS[provider])]


def test_a_provider_of_fixed_sizes_gets_a_session_of_the_real_size(
    pack: Pack, slow_cpu: pytest.MonkeyPatch
) -> None:
    card = Card(COREML)
    install(slow_cpu, card)
    cache = SessionCache()

    first = cache.get(pack, SHAPE)
    again = cache.get(pack, SHAPE)
    other = cache.get(pack, (64, 64))

    assert COREML in STATIC_SHAPES
    assert first is again
    assert other is not first
    # A size that was fixed is no name any more.
    assert first.runtime.get_inputs()[0].shape == [1, 3, *SHAPE]


def test_a_model_is_loaded_once(pack: Pack) -> None:
    cache = SessionCache()

    assert cache.get(pack) is cache.get(pack)
    assert cache.get(pack) is cache.get(pack, SHAPE)


def test_a_model_that_gives_another_size_than_its_manifest_says_is_refused(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, pair_model(1)))

    with pytest.raises(PackRefusedError, match="does not give"):
        SessionCache().get(pack)


def test_a_model_whose_numbers_are_not_finite_is_refused(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, shift_model(float("inf"))))

    with pytest.raises(PackRefusedError, match="does not give"):
        SessionCache().get(pack)


def test_a_session_does_not_spin_between_slices() -> None:
    session = sessions.open_session(shift_model(0), CPU)

    options = session.runtime.get_session_options()
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
