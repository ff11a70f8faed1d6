"""Composition root of the window: builds every object and wires ports to services to widgets.

The services bring the DICOM toolkit, SQL and the signing libraries. Each is imported where it is
first used, on a job lane, so that the window can be used before they are there.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QApplication

from inference.packs.store import PackStore
from inference.worker.client import ModelWorker
from workstation.core.clock import Clock, SystemClock
from workstation.core.filled import FilledBox
from workstation.core.job import CancelToken
from workstation.core.observable import Observable
from workstation.core.provenance import PackRef
from workstation.core.volume import Volume
from workstation.report.document import Meaning, ReadSeries, ReportDocument
from workstation.report.events import DraftProposed, Event
from workstation.services.enhance_choices import EnhanceWish, pack_choices
from workstation.services.hanging_store import HangingStore, LoadedProtocols
from workstation.services.jobs import JobContext, Lane, Request
from workstation.settings import schema
from workstation.settings.home import Home
from workstation.settings.resources import resource
from workstation.settings.store import SettingsStore
from workstation.ui.enhance_ready import ReadyDesk
from workstation.ui.enhance_sure_door import uncertainty_door
from workstation.ui.hanging_doors import HangingDoors
from workstation.ui.language import speak
from workstation.ui.main_window import MainWindow
from workstation.ui.option_desk import OptionDesk
from workstation.ui.use_cases import Enhancement, FittedSeries, SignedReport, StudyShelf, UseCases

if TYPE_CHECKING:  # imported where they are used, see above
    from inference.tasks.measure import MeasureResult
    from workstation.dicom.decode_pool import DecodePool
    from workstation.library.database import Database
    from workstation.library.marks import LibraryMarks
    from workstation.library.reports import LibraryReports
    from workstation.library.studies import StudyRow
    from workstation.report.check_finding import CheckFinding
    from workstation.services.examine_machine import MachineReport
    from workstation.services.fill_gaps import FilledSeries
    from workstation.services.open_series import OpenedSeries

QUIET_MS = 300
"""After so long the window has been painted and takes input; a person still looks for a folder."""

LIBRARY_LOGGERS = ("pydicom", "highdicom", "pyhanko", "fontTools", "PIL")
"""Loggers of libraries that may quote what they read: only their warnings pass (rule 28)."""


def run_window(paths: Sequence[Path], *, home: Path, demo: bool = False) -> int:
    """Show the window until it is closed; return the exit code.

    Args:
        paths: files and folders to open.
        home: folder of all state; it exists.
        demo: open the bundled study.
    """
    app = QApplication.instance() or QApplication(["prelim"])
    if not isinstance(app, QApplication):
        raise TypeError("there is a Qt application without widgets already")
    app.setApplicationName("prelim")
    app.setApplicationDisplayName("Prelim")
    app.setWindowIcon(QIcon(str(resource("icons") / "prelim.svg")))
    window, house = build_window(app, Home(home))
    ReadyDesk(window.study, window.bridge, house.prepare_model)
    window.show()
    # Only now, when the reader has just started it: later nothing takes the focus.
    window.activateWindow()
    window.start(tuple(paths), is_demo=demo)
    try:
        return app.exec()
    finally:
        house.close()


def build_window(app: QApplication, home: Home) -> tuple[MainWindow, House]:
    """Build the window and what stands behind it, without showing it.

    Args:
        app: the Qt application.
        home: where all state lives.
    """
    for name in LIBRARY_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    store = SettingsStore(home.settings_file)
    loaded = store.load()
    options = OptionDesk(Observable(loaded.settings), store)
    speak(app, options.get(schema.LANGUAGE))
    options.show_looks(app)
    house = House(home, organization=partial(options.get, schema.ORGANIZATION))
    house.signed_folder = lambda: options.get(schema.SIGNED_FOLDER)
    window = MainWindow(house.use_cases(), options)
    window.resize(_first_size(app))
    for warning in loaded.warnings:
        window.status_line.say(warning)
    getting_ready = Request(Lane.READ, "Getting ready", _get_ready, is_quiet=True)
    QTimer.singleShot(QUIET_MS, window, lambda: window.bridge.start(getting_ready))
    return window, house


@dataclass
class House:
    """The services behind the window's doors; each door may be used from any job lane.

    Attributes:
        home: where all state lives.
        organization: of the reader.
        signed_folder: where signed reports go; empty for a folder of the home.
    """

    home: Home
    organization: Callable[[], str]
    signed_folder: Callable[[], str] = field(default=str)

    @cached_property
    def clock(self) -> SystemClock:
        """Time."""
        return SystemClock()

    @cached_property
    def packs(self) -> PackStore:
        """Model packs that came with the program and those the user added."""
        return PackStore(resource("model_packs"), self.home.packs)

    @cached_property
    def hanging(self) -> HangingStore:
        """Hanging protocols that came with the program and those of the reader."""
        return HangingStore(resource("hanging_protocols"), self.home.root / "hanging_protocols")

    @cached_property
    def _protocols(self) -> LoadedProtocols:
        return self.hanging.load()

    def _hanging_loaded(self) -> LoadedProtocols:
        return self._protocols

    @cached_property
    def worker(self) -> ModelWorker:
        """The model worker; its process starts with the first task."""
        return ModelWorker(pack_folders=self.packs.folders, is_background=True)

    def prepare_model(self, volume: Volume, cancel: CancelToken) -> None:
        """Get the model that a reader of a series may ask for ready; a job lane calls it."""
        from workstation.services.prepare_model import prepare_model

        prepare_model(volume, worker=self.worker, packs=self.packs, cancel=cancel)

    @cached_property
    def decoders(self) -> DecodePool:
        """Processes that decode compressed pixels; they start when a compressed series is seen."""
        from workstation.dicom.decode_pool import DecodePool

        return DecodePool()

    @cached_property
    def engine(self) -> Database:
        """The encrypted library; opened on the saving lane."""
        from workstation.library.database import library_key, open_database

        self.home.prepared()
        return open_database(self.home.database, library_key(self.home.keys))

    def close(self) -> None:
        """End the processes beside this one and the library."""
        if "decoders" in self.__dict__:
            self.decoders.close()
        if "worker" in self.__dict__:
            self.worker.stop()
        if "engine" in self.__dict__:
            self.engine.dispose()

    def use_cases(self) -> UseCases:
        """Return the doors of the window."""
        return UseCases(
            clock=self.clock,
            import_paths=self._import_paths,
            open_series=self._open_series,
            thumbnail=self._thumbnail,
            shelf=StudyShelf(self._remember, self._recent, self._reports),
            read_series=_read_series,
            enhance=self._enhance,
            fill=self._fill,
            measure=self._measure,
            register=self._register,
            draft=self._draft,
            check=_check,
            preview=_preview,
            sign=self._sign,
            export=self._export,
            users=self._users,
            create_identity=self._create_identity,
            unlocks=self._unlocks,
            machine=self._machine,
            demo=self._demo,
            read_objects=_read_objects,
            save_key_images=_save_key_images,
            save_presentation_state=_save_presentation_state,
            save_measurements=_save_measurements,
            marks=self._marks,
            hanging=HangingDoors(self._hanging_loaded, _hanging_traits, self.hanging),
            enhance_packs=lambda: pack_choices(self.packs),
            uncertainty=uncertainty_door(self.packs),
        )

    # Series

    def _import_paths(
        self, paths: tuple[Path, ...], *, cancel: CancelToken, progress: Callable[[int], None]
    ) -> Any:  # noqa: ANN401 an ImportResult, see the function
        import workstation.services.hanging_study  # noqa: F401 the window is not to wait for it
        from workstation.services.open_series import is_compressed

        # While the files are read: the study is hung by them as it opens.
        self._hanging_loaded()
        result = _import_paths(paths, cancel=cancel, progress=progress)
        if any(is_compressed(one) for each in result.all_series for one in each.display_sets):
            self.decoders.warm()
        return result

    def _open_series(
        self,
        display_set: Any,  # noqa: ANN401 an ImageStack, see the function
        *,
        first_index: int | None = None,
        on_slice: Callable[[int], None],
        cancel: CancelToken,
    ) -> Any:  # noqa: ANN401 an OpenedSeries
        return _open_series(
            display_set,
            first_index=first_index,
            on_slice=on_slice,
            cancel=cancel,
            pool=self.decoders,
        )

    def _thumbnail(self, display_set: Any, size_px: int) -> NDArray[np.uint8]:  # noqa: ANN401
        return _thumbnail(display_set, size_px, pool=self.decoders)

    # The library

    def _remember(self, row: StudyRow) -> None:
        from workstation.library.studies import LibraryStudies

        LibraryStudies(self.engine).remember(row)

    def _recent(self) -> tuple[StudyRow, ...]:
        from workstation.library.studies import LibraryStudies

        return LibraryStudies(self.engine).recent()

    def _marks(self) -> LibraryMarks:
        from workstation.library.marks import LibraryMarks

        return LibraryMarks(self.engine)

    def _reports(self) -> LibraryReports:
        from workstation.library.reports import LibraryReports

        return LibraryReports(self.engine)

    # Models

    def _enhance(
        self,
        volume: Volume,
        wish: EnhanceWish,
        *,
        on_pack: Callable[[PackRef, float], None],
        on_progress: Callable[[float], None],
        on_slice: Callable[[int, NDArray[Any]], None],
        cancel: CancelToken,
    ) -> Enhancement:
        from workstation.services.enhance_on_request import enhance_on_request
        from workstation.services.enhance_series import enhanced_volume

        made = enhance_on_request(
            volume,
            wish,
            worker=self.worker,
            packs=self.packs,
            on_pack=on_pack,
            on_progress=_first_only(on_progress),
            on_slice=on_slice,
            cancel=cancel,
        )
        doubts = tuple(doubt.text for doubt in made.doubts)
        if wish.task.is_laid_over:
            return Enhancement(made.result, voxels=made.voxels, doubts=doubts)
        return Enhancement(made.result, volume=enhanced_volume(made, 1.0), doubts=doubts)

    def _fill(
        self,
        volume: Volume,
        rows: tuple[FilledBox, ...],
        *,
        on_progress: Callable[[float], None],
        cancel: CancelToken,
    ) -> FilledSeries:
        from workstation.services.fill_gaps import fill_gaps, plan_filling
        from workstation.services.fill_rows import find_lost_rows

        found = find_lost_rows(volume, cancel.raise_if_cancelled)
        return fill_gaps(
            plan_filling(volume, (*rows, *found)),
            worker=self.worker,
            packs=self.packs,
            on_progress=_first_only(on_progress),
            cancel=cancel,
        )

    def _measure(
        self, volume: Volume, *, on_progress: Callable[[float], None], cancel: CancelToken
    ) -> MeasureResult:
        from workstation.services.measure_study import measure

        return measure(volume, self.worker, on_progress=_first_only(on_progress), cancel=cancel)

    def _register(
        self,
        fixed: OpenedSeries,
        moving: OpenedSeries,
        *,
        on_progress: Callable[[float], None],
        cancel: CancelToken,
    ) -> FittedSeries:
        return _register(fixed, moving, self.clock, on_progress=on_progress, cancel=cancel)

    def _draft(
        self, volume: Volume, *, on_progress: Callable[[float], None], cancel: CancelToken
    ) -> DraftProposed:
        from workstation.services.draft_findings import draft
        from workstation.services.report_files import start_report

        made = draft(
            volume, worker=self.worker, on_progress=_first_only(on_progress), cancel=cancel
        )
        _, proposed = start_report(made, volume, volume.series.study, self.clock)
        if not isinstance(proposed.act, DraftProposed):
            raise TypeError("a drafted report proposes its draft second")
        return proposed.act

    # Documents

    def _sign(
        self, events: tuple[Event, ...], *, user: str, passphrase: str, meaning: Meaning
    ) -> SignedReport:
        from workstation.printing.report_pdf import ReportPdf
        from workstation.report.events import fold
        from workstation.services.sign_report import sign

        folder = self._signed_place(fold(events))
        signed = sign(
            events,
            user=user,
            organization=self.organization(),
            passphrase=passphrase,
            identity_folder=self.home.keys,
            out=folder,
            meaning=meaning,
            clock=self.clock,
            printer=ReportPdf(),
        )
        return SignedReport(signed.events, signed.signature.signed_at, folder)

    def _export(
        self, events: tuple[Event, ...], *, forms: tuple[str, ...], folder: Path
    ) -> tuple[Path, ...]:
        from workstation.printing.report_pdf import ReportPdf
        from workstation.report.events import fold
        from workstation.services.export_report import ExportKind, export

        made = export(
            events,
            [ExportKind(form) for form in forms],
            out=folder,
            clock=self.clock,
            printer=ReportPdf(),
            originals=self._signed_place(fold(events)),
        )
        return tuple(path for _, path in made.files)

    def _signed_place(self, document: ReportDocument) -> Path:
        named = self.signed_folder()
        root = Path(named).expanduser() if named else self.home.root / "signed"
        return root / document.report_id

    # The reader and the machine

    def _users(self) -> tuple[str, ...]:
        from workstation.services.signing_identity import list_identities

        return tuple(identity.user for identity in list_identities(self.home.keys))

    def _create_identity(self, *, user: str, organization: str, passphrase: str) -> str:
        from workstation.services.signing_identity import create_identity

        made = create_identity(
            self.home.keys,
            user=user,
            organization=organization,
            passphrase=passphrase,
            clock=self.clock,
        )
        return made.recovery_key

    def _unlocks(self, user: str, passphrase: str) -> bool:
        from workstation.core.errors import SafetyGateError
        from workstation.services.signing_identity import find_identity, unlock

        identity = find_identity(self.home.keys, user)
        if identity is None:
            return True
        try:
            unlock(identity, passphrase)
        except SafetyGateError:
            return False
        return True

    def _machine(self) -> MachineReport:
        from workstation.services.ask_runtime import ask_runtime
        from workstation.services.examine_machine import examine_machine

        return examine_machine(
            state_folder=self.home.root,
            keys_folder=self.home.keys,
            packs=tuple(str(pack.ref) for pack in self.packs.packs()),
            ask_runtime=ask_runtime,
        )

    def _demo(self) -> Path:
        from workstation.services.prepare_demo import demo_study

        return demo_study(self.home.prepared().demo)


def _get_ready(_context: JobContext) -> None:
    """Import what the first study needs while nobody waits for it."""
    import workstation.services.import_studies
    import workstation.services.open_series  # noqa: F401


def _import_paths(
    paths: tuple[Path, ...], *, cancel: CancelToken, progress: Callable[[int], None]
) -> Any:  # noqa: ANN401 an ImportResult; its module is imported here for the first time
    from workstation.services.import_studies import import_paths

    return import_paths(paths, cancel=cancel, progress=progress)


def _hanging_traits(study: Any, priors: Any) -> Any:  # noqa: ANN401 an ImportedStudy, see above
    from workstation.services.hanging_study import traits_with_priors

    return traits_with_priors(study, priors)


def _open_series(
    display_set: Any,  # noqa: ANN401 a DisplaySet, see above
    *,
    first_index: int | None = None,
    on_slice: Callable[[int], None],
    cancel: CancelToken,
    pool: DecodePool | None = None,
) -> Any:  # noqa: ANN401 an OpenedSeries
    from workstation.services.open_series import open_series

    return open_series(
        display_set, first_index=first_index, on_slice=on_slice, cancel=cancel, pool=pool
    )


def _thumbnail(
    display_set: Any,  # noqa: ANN401 a DisplaySet, see above
    size_px: int,
    *,
    pool: DecodePool | None = None,
) -> NDArray[np.uint8]:
    from workstation.services.open_series import thumbnail

    return thumbnail(display_set, size_px, pool=pool)


def _register(
    fixed: OpenedSeries,
    moving: OpenedSeries,
    clock: Clock,
    *,
    on_progress: Callable[[float], None],
    cancel: CancelToken,
) -> FittedSeries:
    from workstation.services.open_series import readable
    from workstation.services.register_pictures import fit_pictures
    from workstation.services.register_rigid import RigidRegistrar
    from workstation.services.register_series import register_series

    # Without the slices that could not be read: they would be air to the fit.
    one, other = readable(fixed).volume, readable(moving).volume
    fit = register_series(
        one, other, RigidRegistrar(), clock, on_progress=on_progress, cancel=cancel
    )
    return FittedSeries(fit, fit_pictures(one, other, fit))


def _read_series(volume: Volume) -> ReadSeries:
    from workstation.services.report_files import read_series

    return read_series(volume)


def _read_objects(study: Any, *, cancel: CancelToken) -> Any:  # noqa: ANN401 see the function
    from workstation.services.read_objects import read_objects

    return read_objects(study, cancel=cancel)


def _save_key_images(study: Any, keys: Any, path: Path, *, reader: str) -> None:  # noqa: ANN401
    from workstation.core.clock import SystemClock
    from workstation.services.save_key_images import save_key_images

    save_key_images(study, keys, path, reader=reader, made_at=SystemClock().now())


def _save_presentation_state(display_set: Any, state: Any, path: Path) -> None:  # noqa: ANN401
    from workstation.core.clock import SystemClock
    from workstation.services.save_presentation_state import save_presentation_state
    from workstation.services.sign_report import program_version

    now, version = SystemClock().now(), program_version()
    save_presentation_state(display_set, state, path, made_at=now, version=version)


def _save_measurements(study: Any, records: Any, path: Path, *, reader: str) -> Any:  # noqa: ANN401
    from workstation.core.clock import SystemClock
    from workstation.services.save_measurements import save_measurements
    from workstation.services.sign_report import program_version

    now, version = SystemClock().now(), program_version()
    return save_measurements(study, records, path, reader=reader, made_at=now, version=version)


def _check(document: ReportDocument) -> tuple[CheckFinding, ...]:
    from workstation.report.checks import check

    return check(document)


def _preview(document: ReportDocument, width_px: int) -> tuple[QImage, ...]:
    from workstation.printing.page_pictures import page_pictures

    return page_pictures(document, width_px)


def _first_only(on_progress: Callable[[float], None]) -> Callable[..., None]:
    """Return a listener for the worker, which tells the slice beside the done part."""
    return lambda fraction, _slice=None: on_progress(fraction)


def _first_size(app: QApplication) -> Any:  # noqa: ANN401 a QSize
    room = app.primaryScreen().availableGeometry().size()
    return room.boundedTo(room) * 0.96 if sys.platform == "darwin" else room
