"""A calibrated pack is kept only if it is not worse than its base and passes every gate."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.packs.store import PackStore
from inference.tasks.calibrate import CalibrationFigures, CalibrationOrder, order_from_line
from inference.tasks.gates import GateFigure, GatesRequest, GatesResult
from inference.tasks.golden import GoldenRequest, GoldenResult
from tests.support.canary import CANARY, CANARY_ID, FAMILY
from tests.support.model_packs import shift_model, write_pack
from tests.unit.enhance.test_enhance_series import volume
from workstation.core.errors import CancelledError, InputRefusedError, PackRefusedError
from workstation.core.identity import PatientIdentity
from workstation.core.job import CancelToken
from workstation.core.phi import Phi
from workstation.core.volume import Volume
from workstation.services import calibrate_pack as service
from workstation.services.calibrate_pack import CalibrationWish, calibrate_pack

GOOD = CalibrationFigures(
    sigma=20.0,
    frequency_per_mm=0.3,
    correlation=0.2,
    patches=90,
    trained_slices=40,
    held_out_slices=8,
    steps=9,
    seconds=3.0,
    strength=0.6,
    new_strength=0.5,
    base_error=0.6,
    new_error=0.5,
    base_error_full=0.4,
    new_error_full=0.3,
    base_kept=0.9,
    new_kept=0.9,
    difference=-0.1,
    difference_error=0.02,
)

WISH = CalibrationWish("ct-denoise", "room-two", 1.0, "B40f")

MakeWorker = Callable[[Sequence[Path]], AbstractContextManager[Any]]


def gates_of(bias: float) -> MakeWorker:
    """Return what makes a worker whose one gate measures that bias."""

    class Worker:
        def __init__(self, folders: Sequence[Path]) -> None:
            self._store = PackStore(folders[0])

        def run(
            self, request: GoldenRequest | GatesRequest, voxels: object, **_: object
        ) -> tuple[GoldenResult | GatesResult, None]:
            assert voxels is None
            pack = self._store.get(request.pack_id).ref
            if isinstance(request, GoldenRequest):
                return GoldenResult(pack, True, 0.0, 1.0, 0.1, "CPU"), None
            gate = GateFigure("bias of water", bias, "HU", -1.0, 1.0)
            return GatesResult(pack, 0.6, (gate,), (), 1.0, "CPU"), None

    @contextmanager
    def make(folders: Sequence[Path]) -> Iterator[Worker]:
        yield Worker(folders)

    return make


class Trainer:
    """Writes a pack as the process would, and keeps what it was asked for."""

    def __init__(self, figures: CalibrationFigures = GOOD) -> None:
        self.figures = figures
        self.orders: list[CalibrationOrder] = []

    def __call__(
        self,
        order: CalibrationOrder,
        voxels: NDArray[Any],
        *,
        on_progress: Callable[[str, float], None],
        cancel: CancelToken,
    ) -> CalibrationFigures:
        self.orders.append(order)
        assert voxels.shape == order.shape_kji
        assert voxels.dtype == np.dtype(order.dtype)
        write_pack(Path(order.folder).parent, shift_model(0.0), pack_id=order.pack_id)
        on_progress("training", 0.5)
        return self.figures


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PackStore:
    monkeypatch.setattr(service, "can_calibrate", lambda: True)
    write_pack(tmp_path / "bundled", shift_model(0.0), pack_id="ct-denoise")
    return PackStore(tmp_path / "bundled", tmp_path / "user")


def patients(series_text: str = "Somatom 7") -> Volume:
    made = volume()
    patient = PatientIdentity(Phi(CANARY), Phi(CANARY_ID))
    study = replace(made.series.study, patient=patient, description=CANARY)
    series = replace(made.series, study=study, description=CANARY, model_name=series_text)
    return replace(made, series=series)


def test_a_pack_that_passes_everything_is_installed_and_counts_as_measured(
    store: PackStore, tmp_path: Path
) -> None:
    said: list[tuple[str, float]] = []

    done = calibrate_pack(
        volume(),
        WISH,
        packs=store,
        folder=tmp_path / "user",
        make_worker=gates_of(0.2),
        train=Trainer(),
        on_progress=lambda stage, part: said.append((stage, part)),
    )

    assert done.failed == ()
    assert done.pack is not None
    assert store.get("room-two").digest == done.pack.digest
    assert store.failed_gates() == {done.pack.digest: ()}
    assert said[-1] == ("installed", 1.0)
    assert [part for _, part in said] == sorted(part for _, part in said)


@pytest.mark.parametrize(
    ("figures", "bias", "failed"),
    [
        (GOOD, -1.5, ("bias of water",)),
        (replace(GOOD, difference=0.01), 0.0, ("error on slices held out",)),
        (replace(GOOD, difference=float("nan")), 0.0, ("error on slices held out",)),
        (replace(GOOD, new_kept=0.87), 0.0, ("contrast of lesions on slices held out",)),
    ],
)
def test_a_pack_that_fails_anything_is_thrown_away_and_leaves_nothing(
    store: PackStore,
    tmp_path: Path,
    figures: CalibrationFigures,
    bias: float,
    failed: tuple[str, ...],
) -> None:
    done = calibrate_pack(
        volume(),
        WISH,
        packs=store,
        folder=tmp_path / "user",
        make_worker=gates_of(bias),
        train=Trainer(figures),
    )

    assert done.pack is None
    assert done.failed == failed
    assert list((tmp_path / "user").iterdir()) == []


def test_a_stopped_calibration_leaves_nothing(store: PackStore, tmp_path: Path) -> None:
    token = CancelToken()

    with pytest.raises(CancelledError):
        calibrate_pack(
            volume(),
            WISH,
            packs=store,
            folder=tmp_path / "user",
            make_worker=gates_of(0.0),
            train=Trainer(),
            on_progress=lambda _stage, _part: token.cancel(),
            cancel=token,
        )

    assert list((tmp_path / "user").iterdir()) == []


def test_nothing_of_the_patient_is_told_to_the_process_that_trains(
    store: PackStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    trainer, source = Trainer(), patients()

    with caplog.at_level(logging.DEBUG):
        calibrate_pack(
            source,
            WISH,
            packs=store,
            folder=tmp_path / "user",
            make_worker=gates_of(0.0),
            train=trainer,
        )

    (order,) = trainer.orders
    line = order.to_line().decode().lower()
    assert "somatom 7" in line
    assert "kernel b40f" in line
    told = (line, caplog.text.lower())
    hidden = (FAMILY, CANARY_ID, source.series.series_uid, *source.instance_uids)
    assert not [word for word in hidden for text in told if word and word.lower() in text]
    assert order_from_line(order.to_line()) == order


@pytest.mark.parametrize("text", [CANARY, "x" * 60, "a\nb", ""])
def test_what_is_no_technical_name_is_left_out(store: PackStore, tmp_path: Path, text: str) -> None:
    trainer = Trainer()

    calibrate_pack(
        patients(text),
        WISH,
        packs=store,
        folder=tmp_path / "user",
        make_worker=gates_of(0.0),
        train=trainer,
    )

    assert text not in trainer.orders[0].scanner


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (replace(WISH, base_id="superres-ct"), "ct-denoise-fine"),
        (replace(WISH, pack_id="Room 2"), "small letters"),
        (replace(WISH, pack_id="../room"), "small letters"),
        (replace(WISH, pack_id="ct-denoise"), "already a pack"),
    ],
)
def test_what_cannot_be_made_is_refused_before_any_training(
    store: PackStore, tmp_path: Path, wish: CalibrationWish, words: str
) -> None:
    trainer = Trainer()

    with pytest.raises((InputRefusedError, PackRefusedError), match=words):
        calibrate_pack(
            volume(),
            wish,
            packs=store,
            folder=tmp_path / "user",
            make_worker=gates_of(0.0),
            train=trainer,
        )

    assert trainer.orders == []


def test_without_torch_it_says_what_to_install(
    store: PackStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "can_calibrate", lambda: False)

    with pytest.raises(InputRefusedError, match="extra vlm") as refused:
        service.require_calibration(WISH, store)

    assert refused.value.exit_code == 3
