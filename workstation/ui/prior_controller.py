"""Compare with a prior: its series beside those of the study being read, and never as its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from viewers.qt.desk import ViewportDesk
from viewers.qt.link_moves import subject_of
from viewers.qt.link_texts import prior_words
from viewers.state.layout import Layout
from viewers.state.linking import shares_window
from workstation.core.errors import WorkstationError
from workstation.core.identity import StudyIdentity
from workstation.core.measurement import Measurement
from workstation.services.jobs import JobContext, Lane, Request
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.loaded_series import LoadedSeries
from workstation.ui.prior_panel import PriorLine, PriorPanel
from workstation.ui.registration_box import RegistrationBox
from workstation.ui.series_keeper import Wish
from workstation.ui.study_controller import StudyController
from workstation.ui.use_cases import UseCases
from workstation.ui.words import date_text, tr
from workstation.ui.worklist.entry import WorklistEntry

if TYPE_CHECKING:  # these bring the DICOM toolkit
    from workstation.services.import_studies import ImportedStudy, ImportResult
    from workstation.services.prior_images import SamePatient

SIDE_BY_SIDE = 2
"""Viewports that a comparison needs."""


class PriorController(QObject):
    """Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
    """

    said = Signal(str)

    def __init__(
        self,
        desk: ViewportDesk,
        study: StudyController,
        use_cases: UseCases,
        bridge: JobBridge,
        *,
        entries: Callable[[], tuple[WorklistEntry, ...]],
        box: RegistrationBox,
    ) -> None:
        """Make the controller.

        Args:
            desk: the viewports.
            study: the open study.
            use_cases: reads a prior from its files.
            bridge: starts jobs.
            entries: studies that are known here: of this import, and of earlier days.
            box: the part of the panel that fits series.
        """
        super().__init__(desk)
        self._desk, self._study = desk, study
        self._use_cases, self._bridge, self._entries = use_cases, bridge, entries
        self._shown: dict[str, tuple[ImportedStudy, int]] = {}
        self._job = 0
        self.panel = PriorPanel(self.compare, box)
        study.study_changed.connect(self._follow)
        study.keeper.ready.connect(self._show_alike)

    def refresh(self) -> None:
        """List what is known of the patient by now."""
        self.panel.show_lines(self._lines())

    def compare(self, study_uid: str) -> None:
        """Show a prior beside the study being read; one from an earlier day is read first."""
        found = {entry.study_uid: entry for entry, _same in self._candidates()}
        entry = found.get(study_uid)
        if entry is None:
            return
        if study_uid in self._shown:
            self._show(*self._shown[study_uid])
        elif entry.imported is not None:
            self._take(entry.imported)
        else:
            self._read(entry)

    def of_current(self, measurements: Sequence[Measurement]) -> tuple[Measurement, ...]:
        """Return the measurements made on the study being read: the report knows no others.

        Marks on a prior are kept with this study and come back before the prior does: they are
        told by what they were made on, not by what is listed beside it now.
        """
        current = self._study.imported
        uids = {series.identity.series_uid for series in current.series} if current else set()
        return tuple(one for one in measurements if one.series_uid in uids)

    # Private

    def _follow(self, _study: StudyIdentity | None) -> None:
        self._bridge.cancel(self._job)
        self._shown = {}
        self.panel.say("")
        self.refresh()

    def _candidates(self) -> list[tuple[WorklistEntry, SamePatient]]:
        # The rules read headers' values only; the DICOM toolkit is there since a study is open.
        from workstation.services.prior_images import prior_studies

        imported = self._study.imported
        if imported is None or imported.identity.is_research:
            return []
        entries = {entry.study_uid: entry for entry in self._entries()}
        found = prior_studies(imported.identity, (entry.study for entry in entries.values()))
        return [(entries[study.study_uid], same) for study, same in found]

    def _lines(self) -> list[PriorLine]:
        return [
            PriorLine(
                entry.study_uid,
                _title(entry),
                tuple(tr(doubt) for doubt in same.doubts),
                tr(same.why_not) if same.why_not else "",
                is_shown=entry.study_uid in self._shown,
            )
            for entry, same in self._candidates()
        ]

    def _read(self, entry: WorklistEntry) -> None:
        missing = [source for source in entry.sources if not source.exists()]
        if missing or not entry.sources:
            self._say(
                tr(
                    "The files of this prior are not where they were. Connect the disk they are "
                    "on, or open the prior from its new place."
                )
            )
            return
        current = self._study.imported
        take_in, sources = self._use_cases.import_paths, entry.sources

        def work(context: JobContext) -> ImportResult:
            return take_in(
                sources, cancel=context.cancel, progress=lambda _count: context.progress(None)
            )

        def done(result: ImportResult) -> None:
            if self._study.imported is current:
                self._came(entry.study_uid, result)

        def failed(error: WorkstationError) -> None:
            self._say(tr(str(error)))

        self._say(tr("Reading the prior…"))
        request = Request(Lane.READ, "Reading a prior", work)
        self._job = self._bridge.start(request, Replies(done=done, failed=failed))

    def _came(self, study_uid: str, result: ImportResult) -> None:
        study = next((s for s in result.studies if s.identity.study_uid == study_uid), None)
        if study is None or not study.series:
            self._say(tr("The prior is not among the files at its place any more."))
            return
        self._take(study)

    def _take(self, study: ImportedStudy) -> None:
        """List and show a prior, if what its own headers say is the same patient."""
        from workstation.services.prior_images import same_patient

        current = self._study.imported
        if current is None:
            return
        same = same_patient(current.identity.patient, study.identity.patient)
        if same.why_not:
            self._say(tr(same.why_not))
            return
        if study.identity.study_uid in self._shown:  # it was asked for twice while it was read
            self._show(*self._shown[study.identity.study_uid])
            return
        word, _text = prior_words(date_text(study.identity.study_date))
        first = self._study.add_prior(study, word)
        self._shown[study.identity.study_uid] = (study, first)
        self._say(" ".join(tr(doubt) for doubt in same.doubts))
        self.refresh()
        self._show(study, first)

    def _show(self, study: ImportedStudy, first: int) -> None:
        """Show the series of a prior that is read beside the one on show, in the next viewport."""
        from workstation.services.prior_images import matching_series

        current = self._study.active_series
        if current is None:
            current = next(iter(self._study.keeper.loaded.values()), None)
        stacks = [stack for series in study.series for stack in series.display_sets]
        match = matching_series(current.item.display_set, stacks) if current is not None else None
        if match is None:
            self._say(
                tr("No series of this prior is like the one on show. Choose one in the list.")
            )
            return
        if len(self._desk.viewports) < SIDE_BY_SIDE or self._desk.layout_shown.is_mpr:
            self._desk.set_layout(Layout.TWO)
        others = [one for one in self._desk.viewports if one is not self._desk.active]
        self._study.show_in(others[0], first + match)

    def _show_alike(self, series: LoadedSeries, wish: Wish) -> None:
        """Open a prior in the window of the study being read, where that means the same."""
        leader, prior = subject_of(self._desk.active), subject_of(wish.viewport)
        is_new = bool(series.item.prior) and series.view is None
        if not is_new or leader is None or prior is None or not shares_window(leader, prior):
            return
        lead, state = self._desk.active.state.value, wish.viewport.state.value
        content = wish.viewport.content
        if lead.window.table is None and content is not None and series.is_of(content.volume):
            alike = replace(state, window=lead.window, is_inverted=lead.is_inverted)
            wish.viewport.follow(alike)

    def _say(self, text: str) -> None:
        self.panel.say(text)
        if text:
            self.said.emit(text)


def _title(entry: WorklistEntry) -> str:
    date = date_text(entry.study.study_date) or tr("Date not known")
    return "  ".join(part for part in (date, entry.study.description, entry.modalities) if part)
