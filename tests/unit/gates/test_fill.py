"""The gates of packs that propose missing pixels: what passes, and what each of them catches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference.engine.sessions import SessionCache
from inference.gates.fill import LEVEL, NOISE_SD, TUBES, measure_filler, phantom
from inference.packs.store import load_pack
from inference.tasks.gates import GateFigure
from tests.support.fill_packs import between_model, constant_model, write_filler
from tests.support.model_packs import shift_model, write_pack
from workstation.core.errors import CancelledError, PackRefusedError
from workstation.core.job import CancelToken

PACKS = Path(__file__).resolve().parents[3] / "resources" / "model_packs"


def gates_of(folder: Path) -> dict[str, GateFigure]:
    result = measure_filler(load_pack(folder), sessions=SessionCache())
    return {gate.name: gate for gate in result.gates}


@pytest.mark.parametrize("name", ["fill-ct", "fill-mr"])
def test_the_embedded_packs_pass_every_gate(name: str) -> None:
    assert {gate.name for gate in gates_of(PACKS / name).values() if not gate.has_passed} == set()


def test_plain_interpolation_stands_at_the_limit_of_what_passes(tmp_path: Path) -> None:
    """Its error is by its own measure; of two missing the model's equal shares are worse."""
    found = gates_of(write_filler(tmp_path, between_model()))

    assert found["error, one slice missing, over linear"].value == pytest.approx(1.0, abs=0.002)
    assert found["error, two slices missing, over linear"].value > 1.02
    assert found["blotches on noise alone, over linear"].value == pytest.approx(1.0, abs=0.01)
    assert not found["error, two slices missing, over linear"].has_passed


def test_a_wild_model_is_caught(tmp_path: Path) -> None:
    found = gates_of(write_filler(tmp_path, constant_model(9000.0)))

    assert found["voxels held in the scanned range"].value == pytest.approx(1.0)
    assert not found["voxels held in the scanned range"].has_passed
    assert not found["shift of the mean on noise alone"].has_passed
    assert not found["error, one slice missing, over linear"].has_passed
    assert found["change of what was scanned"].has_passed


def test_the_phantom_is_what_it_says() -> None:
    still = phantom("CT", noise_sd=0.0)
    noisy = phantom("CT", tubes=False)

    row, column, drift, _, contrast = TUBES[0]
    for k in (8, 10, 12):
        middle = round(column + drift * (k - 10))
        assert still[k, round(row), middle] == pytest.approx(LEVEL["CT"] + contrast, abs=1)
    assert float(noisy.mean()) == pytest.approx(LEVEL["CT"], abs=0.2)
    assert float(noisy.std()) == pytest.approx(NOISE_SD, rel=0.02)
    assert np.array_equal(noisy, phantom("CT", tubes=False))


def test_a_pack_for_something_else_is_refused(tmp_path: Path) -> None:
    denoiser = load_pack(write_pack(tmp_path, shift_model(0.1)))

    with pytest.raises(PackRefusedError, match="propose missing pixels"):
        measure_filler(denoiser, sessions=SessionCache())


def test_the_gates_can_be_stopped(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()

    with pytest.raises(CancelledError):
        measure_filler(
            load_pack(write_filler(tmp_path, between_model())),
            sessions=SessionCache(),
            cancel=token,
        )
