"""prelim evaluate denoise: which series are pairs, what is compared, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import dcmread

from inference.packs.store import PackStore
from inference.tasks.denoise import EnhancementFigures, EnhanceResult
from tests.support.canary import FAMILY
from tests.support.data import study
from tests.support.model_packs import shift_model, write_pack
from tests.support.series import tiny_series, tiny_stack
from workstation.__main__ import main
from workstation.core.errors import InputRefusedError
from workstation.core.provenance import PackRef
from workstation.services.evaluate_denoise import (
    PairToMeasure,
    measure_pair,
    packs_for,
    simulated,
)
from workstation.services.evaluate_filters import FILTERS
from workstation.services.evaluate_pairs import find_pairs, mismatch
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_readable

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.filterwarnings("ignore::UserWarning:pydicom"),
]

SHAPE = (5, 48, 48)


class PerfectWorker:
    """Gives the clean volume it was made with, as a model without fault would."""

    def __init__(self, clean: NDArray[Any]) -> None:
        self._clean = clean

    def run(self, request: Any, voxels: NDArray[Any] | None, **_: Any) -> tuple[Any, Any]:  # noqa: ANN401 - as the port
        del request, voxels
        return EnhanceResult(PackRef("p", "1", "0" * 64), EnhancementFigures()), self._clean


def body(sigma: float = 0.0, seed: int = 1) -> NDArray[np.int16]:
    random = np.random.default_rng(seed)
    flat = np.full(SHAPE, 40.0)
    flat[:, 10:20, 10:20] = -100
    return np.rint(flat + random.normal(0, sigma, SHAPE)).astype(np.int16)


def write(folder: Path, voxels: NDArray[np.int16], *, seed: int, words: str = "tiny") -> None:
    files = tiny_series(folder, stack=tiny_stack(shape_kji=SHAPE), voxels=voxels, seed=seed)
    for file in files:
        dataset = dcmread(file)
        dataset.SeriesDescription = words
        dataset.save_as(file)


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    write(tmp_path / "pairs" / "low" / "one", body(20), seed=1)
    write(tmp_path / "pairs" / "high" / "one", body(0), seed=2)
    return tmp_path / "pairs"


def to_measure(folder: Path) -> PairToMeasure:
    pairs, _ = find_pairs(folder, import_paths([folder]))
    low, high = (load_readable(one).volume for one in (pairs[0].low, pairs[0].high))
    return PairToMeasure(low, high, "abdomen", 0)


def test_a_model_without_fault_leaves_no_noise_and_no_bias(pair: Path, tmp_path: Path) -> None:
    write_pack(tmp_path / "packs", shift_model(0))
    found = to_measure(pair)

    result = measure_pair(
        found,
        packs_for(PackStore(tmp_path / "packs"), "CT", ()),
        worker=PerfectWorker(found.high.voxels),
        has_filters=False,
    )

    best = result.rows[-1]
    assert result.sigma == pytest.approx(20, rel=0.03)
    assert result.rows[0].noise_left == pytest.approx(1)
    assert best.psnr_db == 100
    assert best.noise_left == 0
    assert dict(best.bias)["soft tissue"] == 0


def test_the_input_has_the_psnr_of_its_noise(pair: Path) -> None:
    result = measure_pair(to_measure(pair), (), worker=PerfectWorker(body()), has_filters=False)

    # 20 HU of a window of 400; fat and its noise are inside it, too.
    assert result.rows[0].psnr_db == pytest.approx(20 * np.log10(399 / 20), abs=0.2)


def test_every_filter_at_its_best_is_nearer_to_the_truth_than_the_noise(pair: Path) -> None:
    result = measure_pair(to_measure(pair), (), worker=PerfectWorker(body()))

    noisy, *filtered = result.rows
    assert len(filtered) == len(FILTERS)
    assert all(row.psnr_db > noisy.psnr_db + 1 for row in filtered)


def test_series_of_the_tcia_collection_are_paired_by_patient(tmp_path: Path) -> None:
    write(tmp_path / "x" / "1", body(20), seed=1, words="Low Dose Images")
    write(tmp_path / "x" / "2", body(0), seed=2, words="Full Dose Images")

    pairs, left = find_pairs(tmp_path / "x", import_paths([tmp_path / "x"]))

    assert len(pairs) == 1
    assert "Low" in pairs[0].low.series.description
    assert not left


def test_series_that_are_no_pair_are_told_in_words(tmp_path: Path) -> None:
    write(tmp_path / "x" / "low", body(20), seed=1)

    with pytest.raises(InputRefusedError, match="no partner") as caught:
        find_pairs(tmp_path / "x", import_paths([tmp_path / "x"]))

    assert "--simulate" in caught.value.todo


def test_scans_of_different_size_are_no_pair(tmp_path: Path) -> None:
    tiny_series(tmp_path / "low", seed=1)
    tiny_series(tmp_path / "high", seed=2, stack=tiny_stack(shape_kji=(4, 12, 16)))
    low, high = (
        load_readable(import_paths([tmp_path / side]).all_series[0].display_sets[0]).volume
        for side in ("low", "high")
    )

    assert mismatch(low, high) == "the series have different sizes, 16x12x5 against 16x12x4"
    assert mismatch(low, low) == ""


def test_noise_can_be_added_to_one_clean_series(pair: Path) -> None:
    high = to_measure(pair).high

    low = simulated(high, 25.0)

    assert (low.voxels.astype(float) - high.voxels).std() == pytest.approx(25, rel=0.05)


@pytest.fixture
def prelim(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, dict[str, Any], str]]:
    def run(*arguments: str | Path) -> tuple[int, dict[str, Any], str]:
        code = main([str(one) for one in arguments])
        written = capsys.readouterr()
        assert FAMILY not in written.out + written.err
        return code, json.loads(written.out), written.err

    return run


def test_the_command_answers_with_one_row_per_method(
    prelim: Callable[..., tuple[int, dict[str, Any], str]], pair: Path
) -> None:
    code, value, _ = prelim(
        "evaluate", "denoise", pair, "--pack", "ct-denoise", "--no-filters", "--anatomy", "abdomen",
        "--json",
    )  # fmt: skip

    rows = value["pairs"][0]["rows"]
    assert code == 0
    assert rows[0]["method"] == "low dose"
    assert rows[-1]["method"] == "ct-denoise at 1"
    assert rows[-1]["noise_left"] < 1


def test_a_pair_that_does_not_match_is_refused_with_the_reason(
    prelim: Callable[..., tuple[int, dict[str, Any], str]], tmp_path: Path
) -> None:
    tiny_series(tmp_path / "x" / "low", seed=1)
    tiny_series(tmp_path / "x" / "high", seed=2, stack=tiny_stack(shape_kji=(4, 12, 16)))

    code, value, _ = prelim("evaluate", "denoise", tmp_path / "x", "--json")

    assert code == 3
    assert "pair 1 does not match" in value["error"]["why"]


@pytest.mark.data
def test_a_pack_is_nearer_to_a_real_scan_than_the_noise_that_was_added(
    prelim: Callable[..., tuple[int, dict[str, Any], str]],
) -> None:
    limb = sorted(study("s15_sts_petctmr_rtstruct").glob("STS_*/CT/image"))[0]

    code, value, _ = prelim(
        "evaluate", "denoise", limb, "--simulate", "30", "--anatomy", "abdomen", "--slices", "2",
        "--no-filters", "--pack", "ct-denoise", "--json",
    )  # fmt: skip

    low, shown, full = value["pairs"][0]["rows"]
    # The reference has as much noise as was added: that part cannot be foreseen.
    assert code == 0
    assert value["is_simulated"]
    assert low["noise_left"] == pytest.approx(1)
    assert shown["psnr_db"] > low["psnr_db"] + 0.5
    assert abs(full["bias"]["soft tissue"]) < 2
