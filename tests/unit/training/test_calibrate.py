"""From a phantom series to a calibrated pack, in the process that makes it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.engine.sessions import SessionCache
from inference.packs.manifest import FileRole
from inference.packs.store import PackStore, read_verified, verify_pack
from inference.tasks.calibrate import CalibrationOrder
from inference.worker.calibration import run_calibration
from tests.support.canary import CANARY_ID, FAMILY
from workstation.core.errors import CancelledError, InputRefusedError, WorkerCrashedError
from workstation.core.job import CancelToken
from workstation.settings.resources import resource

torch = pytest.importorskip("torch", reason="training needs torch: install the extra vlm")

from inference.engine.noise_profile import steady  # noqa: E402 - these need torch
from inference.gates.scanner import Scanner  # noqa: E402
from inference.ops.steps import bind  # noqa: E402
from inference.training import denoise, held_out, pack_weights, simulate  # noqa: E402
from inference.training.networks import DenoiseNet  # noqa: E402
from inference.training.series_batches import OwnSeries, SeriesBatches  # noqa: E402
from inference.training.series_noise import measure_noise  # noqa: E402

pytestmark = pytest.mark.training

SIGMA = 20.0
BASES = ("ct-denoise-fine", "ct-denoise", "mr-denoise")


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def truth() -> NDArray[np.float64]:
    """Return 24 slices of water with a disc of fat that moves along them."""
    j, i = np.indices((288, 288))
    slices = [np.where(np.hypot(j - 90 - k, i - 110) < 26, -100.0, 20.0) for k in range(24)]
    return np.stack(slices)


def scanned(sigma: float = SIGMA) -> NDArray[np.int16]:
    noise = Scanner("CT").noise(np.random.default_rng(4), 24)
    return np.rint(truth() + sigma * noise).astype(np.int16)


def order_for(folder: Path, voxels: NDArray[np.int16], **changes: object) -> CalibrationOrder:
    base = PackStore(resource("model_packs")).get("ct-denoise")
    count, rows, columns = voxels.shape
    order = CalibrationOrder(
        base=str(base.folder),
        base_id="ct-denoise",
        pack_id="room-two",
        folder=str(folder / "room-two"),
        modality="CT",
        shape_kji=(count, rows, columns),
        dtype=voxels.dtype.str,
        spacing_ijk_mm=(0.75, 0.75, 2.0),
        padding=None,
        scanner=("Siemens", "kernel B40f"),
        seconds=600,
        steps=2,
    )
    return replace(order, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("pack_id", BASES)
def test_the_weights_of_a_pack_give_in_torch_what_they_give_when_it_runs(pack_id: str) -> None:
    pack = PackStore(resource("model_packs")).get(pack_id)
    network = DenoiseNet(denoise.RECIPES[pack_id].shape)
    session = SessionCache().get(pack)
    (model,) = pack.manifest.paths(FileRole.MODEL)

    torch.nn.init.normal_(network.head.weight)
    with pytest.raises(InputRefusedError, match="do not give"):
        pack_weights.require_same(network, session)
    pack_weights.load_weights(network, read_verified(pack, model))
    pack_weights.require_same(network, session)


def test_weights_of_another_network_are_refused() -> None:
    pack = PackStore(resource("model_packs")).get("ct-denoise")
    (model,) = pack.manifest.paths(FileRole.MODEL)
    other = DenoiseNet(denoise.RECIPES["ct-denoise-fine"].shape)

    with pytest.raises(InputRefusedError, match="not those of a network"):
        pack_weights.load_weights(other, read_verified(pack, model))


@pytest.mark.parametrize("count", [20, 24, 41, 300])
def test_no_slice_held_out_is_seen_in_training(count: int) -> None:
    held, trained = held_out.held_out_middles(count), held_out.trained_middles(count)
    half = 2
    seen = {k + lag for k in trained for lag in range(-half, half + 1)}
    kept = {k + lag for k in held for lag in range(-half, half + 1)}

    assert held
    assert trained
    assert seen.isdisjoint(kept)
    assert min(seen | kept) >= 0
    assert max(seen | kept) < count


def test_the_target_of_the_series_has_the_mean_of_the_image_without_noise() -> None:
    voxels = scanned()
    noise = measure_noise(
        voxels, steady(SIGMA), modality="CT", padding=None, spacing_ij_mm=(0.75, 0.75)
    )
    assert noise is not None
    pack = PackStore(resource("model_packs")).get("ct-denoise")
    steps = bind(pack.manifest.before, voxels, None)
    series = OwnSeries(voxels, None, "CT", steps, steady(SIGMA), noise)
    lesions = torch.stack([simulate.faint_lesions(np.random.default_rng(1), 96)])
    teacher = DenoiseNet(denoise.RECIPES["ct-denoise"].shape)
    own = SeriesBatches(series, (2, 3, 4), lesions=lesions, teacher=teacher, seed=1)

    shared = []
    for step in range(16):
        batch = own.draw(step, 2)
        # In water alone: what is given and what is wanted less the truth have nothing in common.
        is_water = batch.clean[:, :, 30:70, 30:70]
        given = batch.noisy[:, 2:3, 30:70, 30:70]
        if float(is_water.mean()) > 15:
            shared.append(float(((given - 20) * (is_water - 20)).mean()) / SIGMA**2)

    assert len(shared) >= 5
    assert float(np.mean(shared)) == pytest.approx(0.0, abs=0.1)


def test_a_phantom_series_gives_a_pack_that_tells_nothing_but_the_scanner(tmp_path: Path) -> None:
    voxels = scanned()
    said: list[tuple[str, float]] = []

    figures = run_calibration(
        order_for(tmp_path, voxels),
        voxels,
        on_progress=lambda stage, part: said.append((stage, part)),
        cancel=CancelToken(),
    )

    pack = PackStore(tmp_path).get("room-two")
    verify_pack(pack)
    base = PackStore(resource("model_packs")).get("ct-denoise").manifest
    assert replace(pack.manifest.output, default_strength=0.0) == replace(
        base.output, default_strength=0.0
    )
    assert pack.manifest.output.default_strength == figures.new_strength <= figures.strength
    assert pack.manifest.input == base.input
    assert pack.manifest.uncertainty is None
    assert figures.steps == 2
    assert figures.sigma == pytest.approx(SIGMA, rel=0.1)
    assert figures.correlation == pytest.approx(0.25, abs=0.05)
    assert figures.held_out_slices == 3
    assert figures.base_error_full == pytest.approx(figures.new_error_full, abs=0.05)
    assert 0 < figures.base_error_full < figures.base_error < 2**0.5
    card = (pack.folder / "CARD.md").read_text(encoding="utf-8")
    assert "Siemens, kernel B40f" in card
    assert FAMILY not in card
    assert CANARY_ID not in card
    assert [part for _, part in said] == sorted(part for _, part in said)


def test_the_error_told_is_that_against_the_truth() -> None:
    voxels, clean = scanned(), truth()
    noise = measure_noise(
        voxels, steady(SIGMA), modality="CT", padding=None, spacing_ij_mm=(0.75, 0.75)
    )
    assert noise is not None
    series = OwnSeries(voxels, None, "CT", (), steady(SIGMA), noise)
    middles = held_out.held_out_middles(len(voxels))
    real: list[float] = []

    def mean_of_slices(slices: NDArray[np.float32], _sigma: float) -> NDArray[np.float32]:
        """Stands for a model; each slice is given to it as it is, then with lesions."""
        result: NDArray[np.float32] = slices.mean(axis=0)
        wanted = clean[middles[len(real) // 2], 16:272, 16:272]
        real.append(float(np.mean((result - wanted) ** 2)) / SIGMA**2)
        return result

    (found,) = held_out.compare(series, ((mean_of_slices, 1.0),), seed=5)

    # Errors against the target hold two squared deviations that no result can share.
    assert len(found.squared) == len(middles)
    assert np.mean(found.squared) - 2 == pytest.approx(np.mean(real[::2]), abs=0.06)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: scanned(70.0), "too strong for a target"),
        (lambda: scanned(2.0), "nothing to learn"),
        (lambda: scanned()[:12], "needs 20 slices"),
    ],
)
def test_a_series_that_nothing_can_be_learnt_from_is_refused(
    tmp_path: Path, make: Callable[[], NDArray[np.int16]], words: str
) -> None:
    voxels = make()

    with pytest.raises(InputRefusedError, match=words):
        run_calibration(
            order_for(tmp_path, voxels),
            voxels,
            on_progress=lambda _stage, _part: None,
            cancel=CancelToken(),
        )


def test_a_stopped_process_removes_what_it_wrote_and_ends(tmp_path: Path) -> None:
    voxels, token = scanned(), CancelToken()
    order = order_for(tmp_path, voxels, steps=0)
    Path(order.folder).mkdir()
    Path(order.folder, "half.onnx").write_bytes(b"x")

    def stop(stage: str, _part: float) -> None:
        if stage == "training":
            token.cancel()

    started = time.monotonic()
    with pytest.raises(CancelledError):
        run_calibration(order, voxels, on_progress=stop, cancel=token)

    assert not Path(order.folder).exists()
    assert time.monotonic() - started < order.seconds / 2


def test_a_process_that_dies_is_told_as_such(tmp_path: Path) -> None:
    voxels = scanned()

    with pytest.raises(WorkerCrashedError, match="code 3"):
        run_calibration(
            order_for(tmp_path, voxels),
            voxels,
            on_progress=lambda _stage, _part: None,
            cancel=CancelToken(),
            command=("python3" if os.name == "posix" else "python", "-c", "raise SystemExit(3)"),
        )


def test_an_order_is_one_line_of_json(tmp_path: Path) -> None:
    line = order_for(tmp_path, scanned(), padding=(-3024.0, -2000.0)).to_line()

    assert line.count(b"\n") == 1
    assert json.loads(line)["padding"] == [-3024.0, -2000.0]
