"""Taking studies in: files, folders, zips and the demo; the worklist and its pictures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from workstation.core.errors import WorkstationError
from workstation.core.verdict import SetAside
from workstation.services.jobs import JobContext, Lane, Request
from workstation.services.join_paths import joined_paths
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.study_controller import THUMB_PX, gray_image
from workstation.ui.use_cases import UseCases
from workstation.ui.words import count_of, tr
from workstation.ui.worklist.entry import WorklistEntry, entry_of, entry_of_row
from workstation.ui.worklist.view import WorklistView

if TYPE_CHECKING:  # these bring the DICOM toolkit and SQL
    from workstation.library.studies import StudyRow
    from workstation.services.import_studies import ImportedStudy, ImportResult


class LibraryController(QObject):
    """Owned by the UI thread.

    Signals:
        study_ready(ImportedStudy): a study the reader asked for is there.
        arrived(str): studies came in and wait under Studies; a sentence on them.
        said(str): a sentence for the status line.
    """

    study_ready = Signal(object)
    arrived = Signal(str)
    said = Signal(str)

    def __init__(
        self,
        view: WorklistView,
        use_cases: UseCases,
        bridge: JobBridge,
        *,
        may_show: Callable[[], bool],
    ) -> None:
        """Make the controller of a worklist.

        Args:
            view: the page.
            use_cases: doors of the house.
            bridge: starts jobs.
            may_show: whether a study may be put on screen now without interrupting a read.
        """
        super().__init__(view)
        self._view, self._use_cases, self._bridge = view, use_cases, bridge
        self._may_show = may_show
        self._homeless: dict[str, tuple[SetAside, ...]] = {}
        self._sources: dict[str, tuple[Path, ...]] = {}
        view.study_chosen.connect(self.open_entry)

    def homeless(self, study: ImportedStudy) -> tuple[SetAside, ...]:
        """Return the files that came with a study and belong to no series."""
        return self._homeless.get(study.identity.study_uid, ())

    def sources_of(self, study_uid: str) -> tuple[Path, ...]:
        """Return where a study was opened from; nothing for the demo study."""
        return self._sources.get(study_uid, ())

    def show_recent(self) -> None:
        """List the studies opened earlier."""
        recent = self._use_cases.shelf.recent

        def done(rows: tuple[StudyRow, ...]) -> None:
            self._view.model.put([entry_of_row(row) for row in rows], is_new=False)

        request = Request(Lane.SAVE, "Reading the worklist", lambda _c: recent(), is_quiet=True)
        self._bridge.start(request, Replies(done=done))

    def open_paths(self, paths: tuple[Path, ...], *, is_demo: bool = False) -> None:
        """Take studies in and show the one there is."""
        if not paths:
            return
        self._view.say(tr("Reading the files…"))
        take_in = self._use_cases.import_paths

        def work(context: JobContext) -> ImportResult:
            return take_in(
                paths, cancel=context.cancel, progress=lambda _count: context.progress(None)
            )

        self._start(Request(Lane.READ, "Opening studies", work), paths, is_demo=is_demo)

    def open_demo(self) -> None:
        """Show the demo study; it is computed at its first use."""
        self._view.say(tr("Making the demo study…"))
        demo, take_in = self._use_cases.demo, self._use_cases.import_paths

        def work(context: JobContext) -> ImportResult:
            context.progress(None)
            # Its folders, one per series; beside them lies a mark of ours that is no image.
            series = tuple(sorted(path for path in demo().iterdir() if path.is_dir()))
            return take_in(series, cancel=context.cancel, progress=lambda _count: None)

        self._start(Request(Lane.READ, "Opening the demo study", work), (), is_demo=True)

    def open_entry(self, entry: WorklistEntry) -> None:
        """Show a study of the worklist; one from an earlier day is read again."""
        if entry.imported is not None:
            self.study_ready.emit(entry.imported)
            return
        missing = [source for source in entry.sources if not source.exists()]
        if missing or not entry.sources:
            self._view.say(
                tr(
                    "The files of this study are not where they were. Connect the disk they are "
                    "on, or open the study from its new place."
                )
            )
            return
        self.open_paths(entry.sources)

    def _start(
        self, request: Request[ImportResult], paths: tuple[Path, ...], *, is_demo: bool
    ) -> None:
        def done(result: ImportResult) -> None:
            self._take(result, paths, is_demo=is_demo)

        def failed(error: WorkstationError) -> None:
            self._view.say(tr(str(error)))

        self._bridge.start(request, Replies(done=done, failed=failed))

    def _take(self, result: ImportResult, paths: tuple[Path, ...], *, is_demo: bool) -> None:
        entries = [
            self._joined(study, _absolute(paths), result.set_aside)
            for study in result.studies
            if study.series or _has_documents(study)
        ]
        studies = [entry.imported for entry in entries if entry.imported is not None]
        self._view.model.put(entries, is_new=True)
        words = count_of(len(studies), "study", "studies")
        if result.set_aside:
            words += "; " + count_of(
                len(result.set_aside), "file belongs to no series", "files belong to no series"
            )
        self._view.say("" if not result.set_aside else f"{words}.")
        # What came without DICOM is no study: it is shown, not kept in the worklist, and a picture
        # beside a study does not keep the study from opening.
        named = [study for study in studies if not study.identity.is_research]
        likely = named or studies
        # First what the reader waits for, then what the worklist shows and keeps of it.
        if len(likely) == 1 and self._may_show():
            self.study_ready.emit(likely[0])
        else:
            is_one = len(studies) == 1
            where = tr("It is under Studies.") if is_one else tr("Choose one under Studies.")
            self.said.emit(f"{words}. {where}")
            self.arrived.emit(f"{words}. {where}")
            if self._may_show() and likely:
                self._view.say(f"{words}. {where}")
                self._view.choose_new()
        for study in studies:
            self._picture(study)
        if not is_demo:
            self._remember([one for one in entries if one.imported in named])

    def _picture(self, study: ImportedStudy) -> None:
        stacks = [one for series in study.series for one in series.display_sets]
        if not stacks:
            return
        largest = max(stacks, key=lambda one: one.slice_count)
        thumbnail = self._use_cases.thumbnail

        def done(gray: Any) -> None:  # noqa: ANN401 an array of gray levels
            self._view.model.set_thumbnail(study.identity, gray_image(gray))

        request = Request(
            Lane.READ, "Making a thumbnail", lambda _c: thumbnail(largest, THUMB_PX), is_quiet=True
        )
        self._bridge.start(request, Replies(done=done))

    def _joined(
        self, study: ImportedStudy, paths: tuple[Path, ...], aside: tuple[SetAside, ...]
    ) -> WorklistEntry:
        """Return the line of a study, with what came of it from other places before."""
        uid = study.identity.study_uid
        entry = entry_of(study, paths)
        known = next((one for one in self._view.model.entries if one.key == entry.key), None)
        if known is not None and known.imported is not None:
            sources = joined_paths(known.sources, paths)
            # What is gone, or was read from the same place again, is what is there now.
            if sources != paths and all(source.exists() for source in known.sources):
                # It brings the DICOM toolkit, which is there by now.
                from workstation.services.join_studies import joined

                entry = entry_of(joined(known.imported, study), sources)
                aside = tuple(dict.fromkeys((*self._homeless.get(uid, ()), *aside)))
        self._homeless[uid], self._sources[uid] = aside, entry.sources
        return entry

    def _remember(self, entries: list[WorklistEntry]) -> None:
        remember, now = self._use_cases.shelf.remember, self._use_cases.clock.now()
        kept = [(one.imported, one.sources) for one in entries if one.imported is not None]

        def work(_context: JobContext) -> None:
            for study, paths in kept:
                remember(_row(study, paths, now))

        request = Request(Lane.SAVE, "Remembering the study", work, is_quiet=True)
        self._bridge.start(request)


def _has_documents(study: ImportedStudy) -> bool:
    return any(one.objects for one in study.documents)


def _row(study: ImportedStudy, paths: tuple[Path, ...], now: datetime) -> StudyRow:
    # SQLAlchemy comes with it; only the saving lane pays for that.
    from workstation.library.studies import StudyRow

    every = study.series or study.documents
    modalities = sorted({one.verdict.modality for one in every})
    received = sum(one.verdict.received for one in (*study.series, *study.documents))
    return StudyRow(study.identity, tuple(modalities), received, paths, now)


def _absolute(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(path.absolute() for path in paths)
