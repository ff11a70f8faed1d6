"""The report of the open study: editing, drafting, measuring, checking, and saving as one types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from workstation.core.errors import SafetyGateError
from workstation.core.finding import Evidence, Fact
from workstation.core.identity import StudyIdentity
from workstation.core.measurement import Measurement
from workstation.core.volume import Volume
from workstation.report.check_finding import CheckFinding
from workstation.report.document import Answer, ReadSeries, ReportDocument, Section
from workstation.report.events import DraftProposed, Event
from workstation.services.edit_report import EditingSession, start_events
from workstation.services.find_priors import Prior, find_priors, report_of
from workstation.services.jobs import JobContext, Lane, Request
from workstation.ui.autosave import Autosave
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.loaded_series import LoadedSeries
from workstation.ui.report_editor.panel import ReportPanel
from workstation.ui.report_editor.statement_row import StatementRow
from workstation.ui.study_controller import StudyController
from workstation.ui.use_cases import UseCases
from workstation.ui.words import NO_REPORT, count_of, tr

if TYPE_CHECKING:  # these bring the DICOM toolkit and the worker's tasks
    from inference.tasks.measure import MeasureResult
    from workstation.services.open_series import OpenedSeries

CHECK_AFTER_MS = 1000
"""The checker looks again when the hands have rested for a second."""


TOLD_BY_ROWS = frozenset({"unreviewed", "empty-report"})
"""Findings that the rings of the rows and the line below them say already."""


@dataclass(slots=True, eq=False)
class _Desk:
    """What belongs to one study and goes with it."""

    study: StudyIdentity | None = None
    session: EditingSession | None = None
    is_read: bool = False
    measured: tuple[Fact, ...] = ()
    by_hand: tuple[Measurement, ...] = ()
    findings: tuple[CheckFinding, ...] = ()
    series: dict[str, ReadSeries] = field(default_factory=dict)
    stop: Callable[[], None] | None = None
    drafting_job: int = 0

    @property
    def has_no_patient(self) -> bool:
        """Whether what is open is nobody's, so that no report is made of it."""
        return self.study is not None and self.study.is_research


class ReportController(QObject):
    """One report under a reader's hands; does what the report panel asks. Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
        saved(): the report is on disk up to the last act.
        save_failed(str): it is not, and why.
        document_changed(): the report changed, or another one is open.
        sign_requested(): the reader wants to sign.
    """

    said = Signal(str)
    saved = Signal()
    save_failed = Signal(str)
    document_changed = Signal()
    sign_requested = Signal()

    def __init__(
        self,
        study: StudyController,
        use_cases: UseCases,
        bridge: JobBridge,
        *,
        reader: Callable[[], str],
        is_read_first: Callable[[], bool],
    ) -> None:
        """Make a controller without a report.

        Args:
            study: the open study.
            use_cases: doors of the house.
            bridge: starts jobs.
            reader: name of the reader, written beside each act.
            is_read_first: whether a draft waits for the reader's own impression.
        """
        super().__init__(study)
        self._study_controller = study
        self._use_cases, self._bridge = use_cases, bridge
        self._reader, self._is_read_first = reader, is_read_first
        self._desk = _Desk()
        self._panel: ReportPanel | None = None
        self._drafts_when_open = False
        self._autosave = Autosave(bridge, use_cases.shelf.reports, self)
        self._autosave.saved.connect(self._tell_saved)
        self._autosave.failed.connect(self._tell_not_saved)
        self._check_timer = QTimer(self, singleShot=True, interval=CHECK_AFTER_MS)
        self._check_timer.timeout.connect(lambda: self._start_check(is_asked=False))
        study.study_changed.connect(self._change_study)
        study.series_opened.connect(self._take_series)

    def take_panel(self, panel: ReportPanel) -> None:
        """Serve a panel."""
        self._panel = panel
        self._show()

    # What others ask

    @property
    def document(self) -> ReportDocument | None:
        """The report; None where no study is open."""
        return self._desk.session.document.value if self._desk.session else None

    @property
    def events(self) -> tuple[Event, ...]:
        """All events of the report."""
        return self._desk.session.events if self._desk.session else ()

    @property
    def findings(self) -> tuple[CheckFinding, ...]:
        """What the checker found last."""
        return self._desk.findings

    def evidence_painted(self, evidence: Evidence) -> None:
        """Note that a piece of evidence has been on screen, with its mark."""
        session = self._desk.session
        if session is None:
            return
        document = session.document.value
        drafted = (*document.statements, *(q.statement for q in document.questions))
        for statement in drafted:
            if evidence in statement.evidence:
                session.show_evidence(statement.statement_id)

    def take_measurements(self, measurements: tuple[Measurement, ...]) -> None:
        """List what the reader measured and marked."""
        self._desk.by_hand = measurements
        self._show_measurements()

    def take_signed(self, events: tuple[Event, ...]) -> None:
        """Take the signed report over."""
        if self._desk.session is not None:
            self._desk.session.take_signed(events)

    def take_findings(self, findings: tuple[CheckFinding, ...], *, is_asked: bool) -> None:
        """Show what the checker found; what is only undecided is told by the rows themselves."""
        self._desk.findings = findings
        if self._panel is not None:
            marks = tuple(f for f in findings if f.code not in TOLD_BY_ROWS)
            self._panel.show_marks(marks, is_asked=is_asked)

    def hand_over(self) -> None:
        """Take every word that is being typed, and save."""
        if self._panel is not None:
            self._panel.body.hand_over()
        if self._desk.session is not None:
            self._autosave.now(self._desk.session)

    def now(self) -> datetime:
        """Return the present time."""
        return self._use_cases.clock.now()

    def draft_when_open(self) -> None:
        """Draft as soon as the report can take it, once."""
        self._drafts_when_open = True
        self._draft_if_wanted()

    def _draft_if_wanted(self) -> None:
        document = self.document
        has_images = self._study_controller.active_series is not None
        if self._drafts_when_open and document is not None and has_images:
            self._drafts_when_open = False
            if not any(s.is_drafted for s in document.statements):
                self.draft()

    # ReportActs: what the panel asks

    def show_evidence(self, statement_id: str) -> None:
        """Bring the evidence of a statement on screen."""
        document = self.document
        if document is None:
            return
        drafted = (*document.statements, *(q.statement for q in document.questions))
        for statement in drafted:
            if statement.statement_id == statement_id:
                if not statement.evidence:
                    self.said.emit(tr("This sentence has no place in the images."))
                elif self._study_controller.show_evidence(statement.evidence[0]):
                    self.said.emit(tr("The evidence is marked in the images."))

    def accept(self, statement_id: str) -> None:
        """Take a statement over."""
        self._do(lambda session: session.accept(statement_id))

    def edit(self, statement_id: str, text: str) -> None:
        """Change the words of a statement."""
        self._do(lambda session: session.edit(statement_id, text))

    def end_edit(self) -> None:
        """Further typing is a step of its own."""
        if self._desk.session is not None:
            self._desk.session.close_step()
            self._show()

    def reject(self, statement_id: str) -> None:
        """Refuse a statement."""
        self._do(lambda session: session.reject(statement_id))

    def reopen(self, statement_id: str) -> None:
        """Take a decision back."""
        self._do(lambda session: session.reopen(statement_id))

    def add(self, section: Section, text: str, statement_id: str) -> None:
        """Add a sentence of the reader's own."""
        self._do(lambda session: session.add(section, text, statement_id))

    def answer(self, statement_id: str, answer: Answer | None) -> None:
        """Answer a question; yes opens a line for the reader's own words."""
        self._do(lambda session: session.answer(statement_id, answer))
        if answer is Answer.YES and self._panel is not None:
            self._panel.body.write_in(Section.FINDINGS)

    def place_of(self, evidence: Evidence) -> str:
        """Return where a piece of evidence is."""
        return self._study_controller.place_of(evidence)

    def check(self) -> None:
        """Check the report and list what was found."""
        self._start_check(is_asked=True)

    def sign(self) -> None:
        """Ask for the sign panel."""
        self.sign_requested.emit()

    # What keys ask

    def move(self, step: int) -> None:
        """Go to the row before or after."""
        if self._panel is not None:
            self._panel.body.walk(step)

    def show_current(self) -> None:
        """Show the evidence of the current row."""
        self._with_current(self.show_evidence)

    def accept_current(self) -> None:
        """Accept the current row."""
        self._with_current(self._accept_if_open)

    def edit_current(self) -> None:
        """Type in the current row."""
        row = self._current_row()
        if row is not None:
            row.start_edit()

    def reject_current(self) -> None:
        """Reject the current row."""
        if self._current_row() is not None:
            self._with_current(self.reject)

    def reopen_current(self) -> None:
        """Take the decision on the current row back."""
        if self._current_row() is not None:
            self._with_current(self.reopen)

    def write(self) -> None:
        """Put the cursor into the empty line of the section at hand."""
        document = self.document
        if self._panel is None or document is None:
            return
        section = self._panel.body.section_of_current()
        self._panel.tabs.setCurrentIndex(0)
        self._panel.body.write_in(Section.ADDENDUM if document.signed_ids else section)

    def undo(self) -> None:
        """Take the last act back."""
        session = self._desk.session
        if session is not None and session.can_undo:
            self._do(lambda session: session.undo())

    def redo(self) -> None:
        """Do the last undone act again."""
        session = self._desk.session
        if session is not None and session.can_redo:
            self._do(lambda session: session.redo())

    def start_addendum(self) -> None:
        """Begin an addendum to a signed report."""
        self._do(lambda session: session.start_addendum())
        if self._panel is not None and self.document is not None and self.document.signed_ids:
            self._panel.body.write_in(Section.ADDENDUM)

    def measure(self) -> None:
        """Measure the active series; the result stands under Measures."""
        series = self._study_controller.active_series
        if series is None:
            self.said.emit(tr("Show a series first, then measure it."))
            return
        desk = self._desk

        def done(result: MeasureResult) -> None:
            if self._desk is desk:
                desk.measured = result.facts
                self._show_measurements()
                number = sum(1 for fact in result.facts if fact.is_assessed)
                self.said.emit(f"{count_of(number, 'measure', 'measures')}: {tr('see Measures')}")

        work = partial(_measure, self._use_cases, series.opened)
        release = self._study_controller.hold(series)
        request = Request(Lane.MODEL, "Measuring", work)
        self._bridge.start(request, Replies(done=done, over=release))

    def draft(self) -> None:
        """Draft a report from the active series."""
        desk, series = self._desk, self._study_controller.active_series
        if desk.has_no_patient:
            self.said.emit(tr(NO_REPORT))
            return
        if desk.study is not None and (desk.session is None or series is None):
            # The report or its images are still being opened: the draft follows them.
            self._drafts_when_open = True
            self.said.emit(tr("The draft is made as soon as the images are open."))
            return
        if series is None or desk.session is None:
            self.said.emit(tr("Open a study first, then ask for a draft."))
            return
        if any(s.is_drafted for s in desk.session.document.value.statements):
            self.said.emit(tr("This report has its draft already."))
            return
        if self._bridge.is_running(desk.drafting_job):
            return

        def done(draft: DraftProposed) -> None:
            if self._desk is desk:
                self._take_draft(desk, series, draft)

        work = partial(_draft, self._use_cases, series.opened)
        request = Request(Lane.MODEL, "Drafting the report", work)
        release = self._study_controller.hold(series)
        desk.drafting_job = self._bridge.start(request, Replies(done=done, over=release))

    # The desk

    def _change_study(self, study: StudyIdentity | None) -> None:
        self.hand_over()
        if self._desk.stop is not None:
            self._desk.stop()
        self._desk = _Desk(study)
        self._drafts_when_open = False
        self._check_timer.stop()
        if self._panel is not None:
            # Nothing of one patient stays under the name of another.
            self._panel.clear()
        if study is not None and not study.is_research:
            self._read_stored(study)
        self._show()
        self.document_changed.emit()

    def _read_stored(self, study: StudyIdentity) -> None:
        desk, shelf = self._desk, self._use_cases.shelf

        def work(context: JobContext) -> tuple[tuple[Event, ...], bool]:
            store = shelf.reports()
            context.give(find_priors(study, [row.study for row in shelf.recent()], store))
            return report_of(study, store)

        def gave(priors: tuple[Prior, ...]) -> None:
            if self._desk is desk and self._panel is not None:
                self._panel.priors.show_priors(priors)

        def done(found: tuple[tuple[Event, ...], bool]) -> None:
            if self._desk is not desk:
                return
            (events, is_passed_over), desk.is_read = found, True
            if is_passed_over:
                self.said.emit(
                    tr("A report under this study's UID names another patient: not shown.")
                )
            if events:
                self._open(EditingSession(events, by=self._by(), clock=self._use_cases.clock))
            else:
                self._start_new()

        request = Request(Lane.SAVE, "Reading the report", work, is_quiet=True)
        self._bridge.start(request, Replies(done=done, gave=gave))

    def _take_series(self, series: LoadedSeries) -> None:
        if self._desk.has_no_patient:
            return
        read = self._use_cases.read_series(series.volume)
        self._desk.series[read.identity.series_uid] = read
        self._start_new()
        if self._panel is not None and self.document is not None:
            # Chips can say their slices only now.
            self._show()

    def _start_new(self, first: ReadSeries | None = None) -> None:
        """Begin a report once the store is known to hold none and a series is open."""
        desk = self._desk
        if not desk.is_read or not desk.series or desk.study is None:
            return
        if desk.session is not None and first is None:
            return
        read = tuple(desk.series.values())
        if first is not None:
            uid = first.identity.series_uid
            read = (first, *(one for one in read if one.identity.series_uid != uid))
        clock = self._use_cases.clock
        events = start_events(desk.study, read, by=self._by(), clock=clock)
        self._open(EditingSession(events, by=self._by(), clock=clock, saved=0))

    def _open(self, session: EditingSession) -> None:
        if self._desk.stop is not None:
            self._desk.stop()
        self._desk.session = session
        self._desk.stop = session.document.observe(lambda _old, _new: self._changed())
        self._show()
        self.document_changed.emit()
        self._draft_if_wanted()

    def _take_draft(self, desk: _Desk, series: LoadedSeries, draft: DraftProposed) -> None:
        session = desk.session
        if session is None:
            return
        if len(session.events) == 1 and session.unsaved:
            # Nothing was written yet: the report names the drafted series first.
            self._start_new(self._use_cases.read_series(series.volume))
        if desk.session is not None:
            desk.session.propose(draft)
            waiting = len(desk.session.document.value.open_statements)
            words = count_of(waiting, "sentence", "sentences")
            self.said.emit(tr("The draft is here: {0} to decide on").format(words))

    def _changed(self) -> None:
        self._show()
        self.document_changed.emit()
        if self._desk.session is not None:
            self._autosave.soon(self._desk.session)
        self._check_timer.start()

    def _do(self, act: Callable[[EditingSession], object]) -> None:
        session = self._desk.session
        if session is None:
            return
        try:
            act(session)
        except SafetyGateError as error:
            self.said.emit(tr(str(error)))

    def _by(self) -> str:
        return self._reader() or tr("Reader")

    def _tell_saved(self, report_id: str) -> None:
        if self._desk.session is not None and self._desk.session.report_id == report_id:
            self.saved.emit()

    def _tell_not_saved(self, report_id: str, reason: str) -> None:
        if self._desk.session is not None and self._desk.session.report_id == report_id:
            self.save_failed.emit(reason)

    # Checking

    def _start_check(self, *, is_asked: bool) -> None:
        desk, document = self._desk, self.document
        if document is None:
            return
        check = self._use_cases.check

        def done(findings: tuple[CheckFinding, ...]) -> None:
            # Offsets belong to the very words that were checked.
            if self._desk is desk and self.document is document:
                self.take_findings(findings, is_asked=is_asked)
            elif self._desk is desk and is_asked:
                self._start_check(is_asked=True)

        request = Request(
            Lane.DOCUMENT, "Checking the report", lambda _context: check(document), is_quiet=True
        )
        self._bridge.start(request, Replies(done=done))

    # Showing

    def _show(self) -> None:
        if self._panel is None:
            return
        document = self.document
        if self._desk.has_no_patient:
            self._panel.show_no_report()
        elif document is None and self._desk.study is not None:
            self._panel.show_opening()
        else:
            self._panel.show_document(document, is_hidden=self._hides_draft(document))
        self._show_measurements()

    def _show_measurements(self) -> None:
        if self._panel is not None:
            facts = self.document.facts if self.document and self.document.facts else ()
            self._panel.facts.show_facts(facts or self._desk.measured, self._desk.by_hand)

    def _hides_draft(self, document: ReportDocument | None) -> bool:
        if document is None or not self._is_read_first():
            return False
        has_draft = any(s.is_drafted for s in document.statements)
        has_own = any(
            not s.is_drafted for s in document.in_section(Section.IMPRESSION) if s.is_in_report
        )
        return has_draft and not has_own

    def _with_current(self, act: Callable[[str], None]) -> None:
        if self._panel is not None and self._panel.body.current_id:
            act(self._panel.body.current_id)

    def _accept_if_open(self, statement_id: str) -> None:
        row = self._current_row()
        document = self.document
        if row is not None and document is not None and document.statement(statement_id).is_open:
            self.accept(statement_id)

    def _current_row(self) -> StatementRow | None:
        if self._panel is None:
            return None
        row = self._panel.body.row(self._panel.body.current_id)
        return row if isinstance(row, StatementRow) else None


def _measure(use_cases: UseCases, opened: OpenedSeries, context: JobContext) -> MeasureResult:
    opened.wait()
    volume = _readable_volume(opened)
    return use_cases.measure(volume, on_progress=context.progress, cancel=context.cancel)


def _draft(use_cases: UseCases, opened: OpenedSeries, context: JobContext) -> DraftProposed:
    opened.wait()
    volume = _readable_volume(opened)
    return use_cases.draft(volume, on_progress=context.progress, cancel=context.cancel)


def _readable_volume(opened: OpenedSeries) -> Volume:
    """Return the slices that could be read: a blank one would be measured as air."""
    if opened.is_complete:
        return opened.volume
    from workstation.services.open_series import readable  # brings the DICOM toolkit

    return readable(opened).volume
