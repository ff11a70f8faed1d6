"""Doors for the window in tests: real for files and checks, fakes for models, keys and disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from inference.tasks.denoise import EnhancementFigures, EnhanceResult
from inference.tasks.measure import MeasureResult
from tests.support.reports import PACK, StillClock
from workstation import app
from workstation.core.errors import SafetyGateError
from workstation.core.finding import Evidence, Fact, Region, RegionKind, Side
from workstation.core.job import CancelToken
from workstation.core.mark_record import MarkRecord
from workstation.core.provenance import Origin, OriginKind, PackRef, PixelKind, Provenance
from workstation.core.study_objects import KeyImage
from workstation.core.volume import Volume, read_only
from workstation.library.studies import StudyRow
from workstation.report.document import Meaning, Section, Signature, Statement
from workstation.report.events import DraftProposed, Event, ReportSigned, fold
from workstation.services.enhance_choices import EnhanceWish
from workstation.services.examine_machine import MachineReport
from workstation.ui.use_cases import Enhancement, SignedReport, StudyShelf, UseCases

WAIT_S = 20.0
PASSPHRASE = "four words in order"  # noqa: S105 it opens nothing


class FakeReports:
    """A report store in memory; it can be made to fail."""

    def __init__(self) -> None:
        self.events: dict[str, tuple[Event, ...]] = {}
        self.studies: dict[str, str] = {}
        self.error: Exception | None = None

    def append(self, report_id: str, study_uid: str, events: tuple[Event, ...]) -> None:
        if self.error is not None:
            raise self.error
        self.events[report_id] = (*self.events.get(report_id, ()), *events)
        self.studies[report_id] = study_uid

    def load(self, report_id: str) -> tuple[Event, ...]:
        return self.events.get(report_id, ())

    def reports_of_study(self, study_uid: str) -> tuple[str, ...]:
        return tuple(uid for uid, study in reversed(self.studies.items()) if study == study_uid)


class FakeMarks:
    """A store of marks in memory; it can be made to fail."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[MarkRecord, ...]] = {}
        self.keys: dict[str, tuple[KeyImage, ...]] = {}
        self.error: Exception | None = None

    def save(self, key: str, records: tuple[MarkRecord, ...]) -> None:
        if self.error is not None:
            raise self.error
        self.kept[key] = records

    def load(self, key: str) -> tuple[MarkRecord, ...]:
        return self.kept.get(key, ())

    def save_keys(self, key: str, keys: tuple[KeyImage, ...]) -> None:
        if self.error is not None:
            raise self.error
        self.keys[key] = keys

    def load_keys(self, key: str) -> tuple[KeyImage, ...]:
        return self.keys.get(key, ())


@dataclass
class Doors:
    """Fakes behind the window, and what they were asked.

    Attributes:
        error: raised by every model door, where set.
        gate: model doors wait for it before they answer; it is open at first.
    """

    reports: FakeReports = field(default_factory=FakeReports)
    marks: FakeMarks = field(default_factory=FakeMarks)
    rows: list[StudyRow] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    exported: list[tuple[tuple[str, ...], Path]] = field(default_factory=list)
    error: Exception | None = None
    gate: threading.Event = field(default_factory=threading.Event)
    demo: Path = Path()
    signed: Path = Path()

    def __post_init__(self) -> None:
        self.gate.set()

    def use_cases(self) -> UseCases:
        return UseCases(
            clock=StillClock(),
            import_paths=app._import_paths,
            open_series=app._open_series,
            thumbnail=app._thumbnail,
            shelf=StudyShelf(self.rows.append, lambda: tuple(self.rows), lambda: self.reports),
            read_series=app._read_series,
            enhance=self.enhance,
            measure=self.measure,
            register=partial(app._register, clock=StillClock()),
            draft=self.draft,
            check=app._check,
            preview=_preview,
            sign=self.sign,
            export=self.export,
            users=lambda: tuple(self.names),
            create_identity=self.create_identity,
            unlocks=lambda _user, passphrase: passphrase == PASSPHRASE,
            machine=_machine,
            demo=lambda: self.demo,
            read_objects=app._read_objects,
            save_key_images=app._save_key_images,
            save_presentation_state=app._save_presentation_state,
            save_measurements=app._save_measurements,
            marks=lambda: self.marks,
        )

    def enhance(
        self,
        volume: Volume,
        wish: EnhanceWish,
        *,
        on_pack: Callable[[PackRef, float], None],
        on_progress: Callable[[float], None],
        on_slice: Callable[[int, NDArray[Any]], None],
        cancel: CancelToken,
    ) -> Enhancement:
        """Add 100 to every voxel, nearest slice first; the rest waits for the gate."""
        self._fail_or_wait(cancel, is_waiting=False)
        pack = PackRef(wish.pack_id, "1.0.0", "0" * 64) if wish.pack_id else PACK
        on_pack(pack, 0.5)
        count = volume.voxels.shape[0]
        if not wish.task.is_laid_over:
            return self._finer(volume, wish)
        order = sorted(range(count), key=lambda k: abs(k - wish.first_index))
        result = volume.voxels + np.array(100, dtype=volume.voxels.dtype)
        for done, k in enumerate(order, start=1):
            on_slice(k, result[k])
            on_progress(done / count)
            self._fail_or_wait(cancel, is_waiting=done == 1)
        made = EnhanceResult(pack, EnhancementFigures(sigma_before=20.0, sigma_after=8.0))
        result.setflags(write=False)
        return Enhancement(made, voxels=result)

    def _finer(self, volume: Volume, wish: EnhanceWish) -> Enhancement:
        """Show every slice as often as it becomes slices; 50 brighter."""
        times = wish.task.growth
        voxels = np.repeat(volume.voxels, times, axis=0) + np.array(50, volume.voxels.dtype)
        gap = volume.geometry.normal * float(np.median(volume.geometry.gaps_mm)) / times
        shifts = (np.arange(times) - (times - 1) / 2)[:, None] * gap
        positions = (volume.geometry.positions_mm[:, None] + shifts).reshape(-1, 3)
        shape = (len(voxels), *volume.geometry.shape_kji[1:])
        made = replace(
            volume,
            voxels=read_only(voxels),
            geometry=replace(volume.geometry, shape_kji=shape, positions_mm=positions),
            instance_uids=tuple(np.repeat(volume.instance_uids, times).tolist()),
            frame_numbers=tuple(np.repeat(volume.frame_numbers, times).tolist()),
            provenance=Provenance(PixelKind.ENHANCED, volume.series.series_uid, PACK),
        )
        return Enhancement(EnhanceResult(PACK, EnhancementFigures(consistency=0.1)), volume=made)

    def measure(
        self, volume: Volume, *, on_progress: Callable[[float], None], cancel: CancelToken
    ) -> MeasureResult:
        self._fail_or_wait(cancel)
        on_progress(1.0)
        return MeasureResult("chest CT", "", a_draft(volume).facts, 0.1)

    def draft(
        self, volume: Volume, *, on_progress: Callable[[float], None], cancel: CancelToken
    ) -> DraftProposed:
        self._fail_or_wait(cancel)
        on_progress(1.0)
        return a_draft(volume)

    def sign(
        self, events: tuple[Event, ...], *, user: str, passphrase: str, meaning: Meaning
    ) -> SignedReport:
        if passphrase != PASSPHRASE:
            raise SafetyGateError("The signing identity stays locked", why="wrong passphrase")
        at = StillClock().now().isoformat(timespec="seconds")
        signature = Signature(user, "", at, meaning, "0" * 64)
        signed = (*events, Event(ReportSigned(signature), user, at))
        fold(signed)
        return SignedReport(signed, at, self.signed)

    def export(
        self, events: tuple[Event, ...], *, forms: tuple[str, ...], folder: Path
    ) -> tuple[Path, ...]:
        self.exported.append((forms, folder))
        return tuple(folder / f"report.{form}" for form in forms)

    def create_identity(self, *, user: str, organization: str, passphrase: str) -> str:
        self.names.append(user)
        return "-".join(("ABCDE",) * 8)

    def _fail_or_wait(self, cancel: CancelToken, *, is_waiting: bool = True) -> None:
        if self.error is not None:
            raise self.error
        while is_waiting and not self.gate.wait(0.01):
            cancel.raise_if_cancelled()


def a_draft(volume: Volume) -> DraftProposed:
    """Return a draft on a volume: technique, a finding on its second slice, a question."""
    model = Origin(OriginKind.MODEL, PACK)
    seen = _evidence(volume, 1)
    statements = (
        Statement("s1", Section.TECHNIQUE, "CT of the chest.", Origin(OriginKind.TEMPLATE)),
        Statement(
            "s2",
            Section.FINDINGS,
            "Small pleural effusion on the right.",
            model,
            fact_ids=("f1",),
            evidence=(seen,),
            confidence=0.8,
        ),
        Statement("s3", Section.IMPRESSION, "Pleural effusion.", model, fact_ids=("f1",)),
    )
    facts = (
        Fact("f1", "pleural effusion", "pleura", Side.RIGHT, 120.0, "ml", evidence=(seen,)),
        Fact("f2", "liver", "liver", is_assessed=False, reason="outside the scan"),
    )
    question = Statement(
        "q1",
        Section.FINDINGS,
        "A nodule in the left lung?",
        model,
        evidence=(_evidence(volume, 3),),
    )
    return DraftProposed((PACK,), facts, statements, (question,))


def _evidence(volume: Volume, k: int) -> Evidence:
    rows, columns = volume.geometry.shape_kji[1:]
    center = volume.geometry.to_patient_mm(k, np.array([columns / 2, rows / 2]))
    x, y, z = (float(value) for value in center)
    region = Region(RegionKind.BOX, (x, y, z), (4.0, 3.0, 2.0))
    return Evidence(volume.series.series_uid, (volume.instance_uids[k],), region)


def _preview(_document: object, width_px: int) -> tuple[QImage, ...]:
    page = QImage(width_px, round(width_px * 1.4), QImage.Format.Format_RGB32)
    page.fill(QColor("#ffffff"))
    return (page,)


def _machine() -> MachineReport:
    return MachineReport(
        processors=2,
        memory_bytes=8 * 2**30,
        disk_free_bytes=50 * 2**30,
        system="Test",
        python="3.11",
        versions=(),
        volume_budget_bytes=8 * 2**30,
        gpus=(),
        runtime=None,
        has_library=False,
        has_signing_identity=False,
        packs=("ct-denoise 1.0.0",),
        peers=(),
        advice=("The model worker does not start.",),
    )
