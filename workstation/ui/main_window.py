"""The one window: header, pages, side panels and status line, and how they change places."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QStackedWidget, QWidget

from workstation.settings import schema
from workstation.ui.actions import ActionSet, KeyGuard
from workstation.ui.bridge import JobBridge
from workstation.ui.command import Context
from workstation.ui.curved_controller import CurvedController
from workstation.ui.document_controller import DocumentController
from workstation.ui.enhance_controller import EnhanceController
from workstation.ui.export_panel.panel import ExportPanel
from workstation.ui.first_run.panel import FirstRunPanel
from workstation.ui.fusion_controller import FusionController
from workstation.ui.habit_desk import HabitDesk
from workstation.ui.header import Header
from workstation.ui.help_panel.panel import HelpPanel
from workstation.ui.hint_desk import HintDesk
from workstation.ui.jobs_panel.panel import JobsPanel
from workstation.ui.layout_controller import LayoutController
from workstation.ui.library_controller import LibraryController
from workstation.ui.link_controller import LinkController
from workstation.ui.lock_page import LockPage
from workstation.ui.mark_desk import MarkDesk
from workstation.ui.objects_controller import ObjectsController
from workstation.ui.option_desk import OptionDesk
from workstation.ui.output_controller import OutputController
from workstation.ui.panels import Panels, SideStack
from workstation.ui.preferences.panel import PreferencesPanel
from workstation.ui.recovery_sheet import write_recovery_sheet
from workstation.ui.report_controller import ReportController
from workstation.ui.report_editor.panel import ReportPanel
from workstation.ui.series_browser.desk import VerdictDesk
from workstation.ui.series_browser.verdict_panel import VerdictPanel
from workstation.ui.sign_panel.pages import PagePreview
from workstation.ui.sign_panel.panel import SignPanel
from workstation.ui.status_line import StatusLine
from workstation.ui.study_controller import StudyController
from workstation.ui.study_page import RAIL_NARROW_STEPS, RAIL_WIDE_STEPS, StudyPage
from workstation.ui.theme import step_px
from workstation.ui.use_cases import UseCases
from workstation.ui.widgets import column, line
from workstation.ui.words import NO_REPORT, tr
from workstation.ui.worklist.view import WorklistView

if TYPE_CHECKING:  # it brings the DICOM toolkit
    from workstation.services.import_studies import ImportedStudy

NARROW_BELOW_PX = 1500
"""Below this width the rail shows pictures only; 1366 is the small screen of the brief."""

SIDE_STEPS, SIDE_NARROW_STEPS = 105, 90
"""Width of the report panel in steps: 420 pixels, and 360 on the small screen."""

AFTER_PAINT_MS = 50
"""The first paint comes in the first turn of the event loop, well before this."""

IMAGE_SHARE = 0.6
"""The images never get less than this part of the width."""


class MainWindow(QMainWindow):
    """Holds the widgets and changes their places; knows nothing else. Owned by the UI thread."""

    def __init__(self, use_cases: UseCases, options: OptionDesk) -> None:
        """Make the window.

        Args:
            use_cases: doors of the house.
            options: the options; changed here when the reader changes them.
        """
        super().__init__()
        self.setWindowTitle(tr("Prelim"))
        self.setAcceptDrops(True)
        self.options = options
        self.bridge = JobBridge(self)
        self._is_locked = False
        self._is_report_folded = False
        self._make_pages()
        self._make_controllers(use_cases)
        self._make_panels()
        self.actions_set = self._make_actions()
        self._lay_out()
        self._connect()
        self._show_options()
        self.show_worklist()

    # Starting

    def start(self, paths: tuple[Path, ...], *, is_demo: bool) -> None:
        """Begin: the first page where nobody was here before, else the worklist and the paths."""
        # After the first paint: SQL and the key store must not hold the window back.
        QTimer.singleShot(AFTER_PAINT_MS, self, self.library.show_recent)
        QTimer.singleShot(AFTER_PAINT_MS, self, self.documents.look_for_identities)
        is_first = not self.options.get(schema.FIRST_RUN_DONE)
        if is_demo:
            self.library.open_demo()
        elif paths:
            self.library.open_paths(paths)
        elif is_first:
            self.show_first_run()

    # Pages

    def show_worklist(self) -> None:
        """Show the page of studies."""
        self._show_page(self.worklist)
        self.worklist.choose_first()

    def show_study(self) -> None:
        """Show the reading page."""
        self._show_page(self.study_page)
        self.close_panel()
        self.study_page.grid.active.setFocus()

    def open_study(self, study: ImportedStudy) -> None:
        """Read a study."""
        self.study.open_study(study)
        self.show_study()
        if self.options.get(schema.DRAFT_ON_OPEN):
            self.report.draft_when_open()

    def toggle_page(self) -> None:
        """Go between studies and images."""
        if self._page() is self.worklist and self.study.imported is not None:
            self.show_study()
        else:
            self.show_worklist()

    def go_back(self) -> None:
        """Go one step back: from a panel to the report, to the images, to the studies."""
        focus = QApplication.focusWidget()
        if self._page() in (self.preview, self.first_run):
            self._leave_page()
        elif self.side.shows_other:
            self.close_panel()
        elif self._page() is self.worklist:
            if self.header.search.text():
                self.header.search.clear()
            elif self.study.imported is not None:
                self.show_study()
        elif focus is not None and self.panels.report.isAncestorOf(focus):
            self.study_page.grid.active.setFocus()
        else:
            self.show_worklist()

    def focus_search(self) -> None:
        """Search the studies."""
        if self._page() is not self.worklist:
            self.show_worklist()
        self.header.search.setFocus()
        self.header.search.selectAll()

    def focus_report(self) -> None:
        """Put the focus into the report; a folded one opens."""
        self.close_panel()
        self.side.show()
        self.panels.report.focus_report()

    # Side panels

    def close_panel(self) -> None:
        """Show the report again, or nothing beside the worklist."""
        if self._page() is self.preview:
            self._show_page(self.study_page)
        self.side.show_report()
        self.side.setVisible(self._page() is self.study_page and not self._is_report_folded)

    def show_jobs(self) -> None:
        """Show what runs."""
        self._show_side(self.panels.jobs)

    def show_objects(self) -> None:
        """Show what came with the images: regions, reports, key images."""
        self._show_side(self.panels.objects)

    def show_verdict(self) -> None:
        """Show what was received of the series on screen."""
        self.verdicts.refresh()
        self._show_side(self.panels.verdict)

    def show_help(self) -> None:
        """Show every key."""
        self._show_side(self.panels.help)

    def show_preferences(self) -> None:
        """Show the options."""
        self._show_side(self.panels.preferences)

    def show_export(self) -> None:
        """Show which copies of the report can be written."""
        if self._is_research():
            self.status_line.say(self._why_no_report())
            return
        self.panels.export.show_report(self.report.document)
        self._show_side(self.panels.export)

    def show_sign(self) -> None:
        """Show the pages that will leave, and the form that signs them."""
        document = self.report.document
        if document is None:
            self.status_line.say(self._why_no_report())
            return
        if document.is_signed:
            self.report.start_addendum()
            return
        self._show_page(self.preview)
        self._show_side(self.panels.sign)
        self.preview.setFocus()
        self.panels.sign.passphrase.setFocus()
        self.documents.prepare(self.panels.sign, self.preview)

    def show_first_run(self) -> None:
        """Show who you are and what this machine can do."""
        self._show_page(self.first_run)
        self.side.hide()
        self.first_run.start_again()
        self.documents.examine_machine(self.first_run)

    def fold_rail(self) -> None:
        """Fold the series list away, or show it."""
        self.study_page.rail_frame.setVisible(self.study_page.rail_frame.isHidden())

    def fold_report(self) -> None:
        """Fold the report away, or show it."""
        self._is_report_folded = not self._is_report_folded
        self.close_panel()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or not."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    # Opening

    def open_files(self) -> None:
        """Choose files or zips."""
        names, _ = QFileDialog.getOpenFileNames(self, tr("Open files"))
        self.library.open_paths(tuple(Path(name) for name in names))

    def open_folder(self) -> None:
        """Choose a folder; it is read to any depth."""
        name = QFileDialog.getExistingDirectory(self, tr("Open folder"))
        if name:
            self.library.open_paths((Path(name),))

    def open_demo(self) -> None:
        """Show the demo study."""
        self.library.open_demo()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, folders and zips that are dropped."""
        if event.mimeData().hasUrls() and not self._is_locked:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        urls = event.mimeData().urls()
        paths = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
        event.acceptProposedAction()
        self.library.open_paths(paths)

    # Lock

    def lock(self) -> None:
        """Hide everything until the passphrase is given."""
        name = self._reader()
        if not name:
            return
        self._is_locked = True
        self.report.hand_over()
        self.menuBar().hide()
        for context in Context:
            self.actions_set.enable(context, is_enabled=False)
        self._whole.setCurrentWidget(self.lock_page)
        self.lock_page.lock(name)

    def _unlocked(self, is_right: object) -> None:
        if not is_right:
            self.lock_page.show_wrong()
            return
        self._is_locked = False
        self.menuBar().show()
        for context in Context:
            self.actions_set.enable(context, is_enabled=True)
        self._whole.setCurrentWidget(self._open_whole)
        self._show_page(self._page() or self.worklist)

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A held key acts as long as it is down."""
        self._hold(event, is_down=True)
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A held key ends."""
        self._hold(event, is_down=False)
        super().keyReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give rail and report the width the brief says."""
        super().resizeEvent(event)
        self._fit_widths()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save every word, then stop all jobs."""
        self.report.hand_over()
        self.objects.hand_over()
        self.bridge.close()
        super().closeEvent(event)

    # Building

    def _make_pages(self) -> None:
        self.header = Header(toggle_page=self.toggle_page, lock=self.lock, me=self.show_first_run)
        self.status_line = StatusLine(self.show_jobs)
        self.worklist = WorklistView(
            open_files=self.open_files, open_folder=self.open_folder, open_demo=self.open_demo
        )
        self.study_page = StudyPage(
            show_verdict=self.show_verdict,
            set_strength=self._set_strength,
            choose_preset=self._set_preset,
        )
        self.preview = PagePreview()
        self.first_run = FirstRunPanel(
            create=lambda name, organization, secret: self.documents.create_identity(
                self.first_run, name, organization, secret
            ),
            go_on=self._leave_first_run,
            print_key=self._print_key,
        )
        self.lock_page = LockPage(lambda secret: self.documents.unlock(secret, done=self._unlocked))

    def _make_controllers(self, use_cases: UseCases) -> None:
        self.study = StudyController(self.study_page, use_cases, self.bridge)
        self.layouts = LayoutController(self.study_page, self.study, self.options)
        self.objects = ObjectsController(
            self.study, self.study_page.desk, use_cases, self.bridge, reader=self._reader
        )
        self.links = LinkController(self.study_page.desk, self.study)
        self.fusion = FusionController(self.study_page, self.study)
        self.curved = CurvedController(self.study_page, self.study)
        self.enhance = EnhanceController(self.study_page, self.study, use_cases, self.bridge)
        self.report = ReportController(
            self.study,
            use_cases,
            self.bridge,
            reader=self._reader,
            is_read_first=lambda: self.options.get(schema.READ_FIRST),
        )
        self.documents = DocumentController(
            self.report, use_cases, self.bridge, reader=self._reader
        )
        self.library = LibraryController(
            self.worklist,
            use_cases,
            self.bridge,
            may_show=lambda: self._page() is self.worklist or self.study.imported is None,
        )

    def _make_panels(self) -> None:
        self.habits = HabitDesk(self.options, self.study_page.desk)
        sign = SignPanel(
            sign=lambda meaning, secret: self.documents.sign(
                self.panels.sign, self.preview, meaning, secret
            ),
            go_to=self._go_to_statement,
            make_identity=self.show_first_run,
        )
        export = ExportPanel(
            lambda forms, folder: self.documents.export(self.panels.export, forms, folder),
            folder=self.options.get(schema.EXPORT_FOLDER),
        )
        self.output = OutputController(
            self.study, self.study_page.desk, self.bridge, self.options,
            show=self._show_side, sources=self.library.sources_of,
        )  # fmt: skip
        self.panels = Panels(
            report=ReportPanel(
                self.report,
                self._report_action,
                show_fact=self.study.show_fact,
            ),
            verdict=VerdictPanel(),
            jobs=JobsPanel(self.bridge.cancel),
            objects=self.objects.panel,
            sign=sign,
            export=export,
            output=self.output.panel,
            help=HelpPanel(),
            preferences=PreferencesPanel(
                self.options.settings.value, self.options.change, self.habits.sections
            ),
        )
        self.report.take_panel(self.panels.report)
        self.marks = MarkDesk(
            self.study_page.desk, self.study, self.report, self.panels.report.has_focus_inside
        )
        self.side = SideStack(self.panels, self.close_panel)
        self.verdicts = VerdictDesk(
            self.study, self.study_page.rail, self.panels.verdict, self.library.homeless
        )
        self.hints = HintDesk(self.study_page, self.options)

    def _make_actions(self) -> ActionSet:
        handlers = {
            "window": self,
            "study": self.study,
            "layout": self.layouts,
            "enhance": self.enhance,
            "fusion": self.fusion,
            "curved": self.curved,
            "objects": self.objects,
            "report": self.report,
            "marks": self.marks,
            "links": self.links,
            "output": self.output,
            "habits": self.habits,
        }
        self._body = QWidget()
        owners: dict[Context, QWidget] = {
            Context.WINDOW: self,
            Context.STUDY: self._body,
            Context.IMAGES: self.study_page.grid,
            Context.REPORT: self.panels.report,
        }
        made = ActionSet(handlers, self.options.settings.value, owners=owners)
        made.fill(self.menuBar())
        self.study_page.tool_bar.show_actions(made.action)
        self.habits.take_actions(made, self.panels.help, self.study_page.tool_bar)
        names = ("enhance", "superres", "difference")
        self.enhance.take_actions({name: made.action(name) for name in names})
        self.links.take_actions(made.action)
        self.fusion.take_keys(made.keys_text)
        self.study.show_first_state()
        return made

    def _lay_out(self) -> None:
        self._pages = QStackedWidget()
        for page in (self.worklist, self.study_page, self.preview, self.first_run):
            self._pages.addWidget(page)
        across = line(self._body, gap=0)
        across.addWidget(self._pages, 1)
        across.addWidget(self.side)
        self._open_whole = QWidget()
        whole = column(self._open_whole, gap=0)
        whole.addWidget(self.header)
        whole.addWidget(self._body, 1)
        whole.addWidget(self.status_line)
        self._whole = QStackedWidget()
        self._whole.addWidget(self._open_whole)
        self._whole.addWidget(self.lock_page)
        self.setCentralWidget(self._whole)

    def _connect(self) -> None:
        app = QApplication.instance()
        if app is not None:
            guard = KeyGuard(self)
            app.installEventFilter(guard)
        self.bridge.job_moved.connect(self.panels.jobs.show_job)
        self.bridge.job_moved.connect(self.status_line.show_job)
        self.library.study_ready.connect(self.open_study)
        self.study.study_changed.connect(self.header.show_study)
        self.study.study_changed.connect(self.hints.follow)
        grid = self.study_page.desk
        grid.evidence_shown.connect(self.report.evidence_painted)
        grid.marks.measurements.observe(lambda _old, new: self.report.take_measurements(new))
        self.panels.report.facts.mark_chosen.connect(self.marks.jump)
        self.panels.report.facts.mark_refused.connect(self.marks.remove)
        self.report.saved.connect(self._show_saved)
        self.report.save_failed.connect(self.status_line.show_unsaved)
        self.report.sign_requested.connect(self.show_sign)
        self.report.document_changed.connect(self._name_sign)
        self.documents.identity_made.connect(self._take_identity)
        self.documents.identities_known.connect(self._take_identities)
        self.header.search.textChanged.connect(self._search)
        self.options.changed.connect(self._show_options)
        for source in (
            self.library,
            self.study,
            self.layouts,
            self.objects,
            self.enhance,
            self.fusion,
            self.curved,
            self.report,
            self.documents,
            self.options,
            self.marks,
            self.links,
            self.habits,
            self.output,
        ):
            source.said.connect(self.status_line.say)

    # Made before what they reach: the controllers need the pages

    def _set_strength(self, strength: float) -> None:
        self.enhance.set_strength(strength)

    def _set_preset(self, number: int) -> None:
        self.study.set_preset(number)

    def _report_action(self, event: QKeyEvent) -> QAction | None:
        return self.actions_set.report_action(event)

    # Small moves

    def _page(self) -> QWidget | None:
        return self._pages.currentWidget()

    def _show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        is_study = page is self.study_page
        has_study = self.study.imported is not None
        for context in (Context.STUDY, Context.IMAGES):
            self.actions_set.enable(context, is_enabled=is_study and has_study)
        self.header.show_page(is_worklist=page is self.worklist, has_study=has_study)
        if page is self.worklist:
            self.side.hide()

    def _leave_page(self) -> None:
        if self.study.imported is not None:
            self.show_study()
        else:
            self.show_worklist()

    def _show_side(self, panel: QWidget) -> None:
        self.side.show_panel(panel)
        self._fit_widths()

    def _go_to_statement(self, statement_id: str) -> None:
        self.close_panel()
        self.panels.report.tabs.setCurrentIndex(0)
        self.panels.report.body.go_to(statement_id)

    def _fit_widths(self) -> None:
        scale = step_px(100) / 400
        is_narrow = self.width() < NARROW_BELOW_PX * scale
        self.study_page.set_narrow(is_narrow=is_narrow)
        rail = step_px(RAIL_NARROW_STEPS if is_narrow else RAIL_WIDE_STEPS)
        wanted = step_px(SIDE_NARROW_STEPS if is_narrow else SIDE_STEPS)
        room = round(self.width() * (1 - IMAGE_SHARE)) - rail
        self.side.setFixedWidth(max(min(wanted, room), step_px(60)))

    def _hold(self, event: QKeyEvent, *, is_down: bool) -> None:
        command_id = "" if event.isAutoRepeat() else self.actions_set.held(event)
        if command_id:
            self.actions_set.hold(command_id, is_down=is_down)

    def _search(self, words: str) -> None:
        self.worklist.model.search(words)
        if words and self._page() is not self.worklist:
            self._show_page(self.worklist)
            self.header.search.setFocus()

    # What is shown

    def _is_research(self) -> bool:
        imported = self.study.imported
        return imported is not None and imported.identity.is_research

    def _why_no_report(self) -> str:
        if self._is_research():
            return tr(NO_REPORT)
        return tr("Open a study first: its report can be signed then.")

    def _name_sign(self) -> None:
        document = self.report.document
        is_signed = document is not None and document.is_signed
        self.panels.report.sign_button.setText(tr("Add…") if is_signed else tr("Sign…"))
        self.panels.report.sign_button.setEnabled(document is not None)

    def _show_saved(self) -> None:
        self.status_line.show_saved(self.report.now())

    def _show_options(self) -> None:
        self.header.show_user(self.options.reader)
        self._fit_widths()

    def _take_identities(self, names: tuple[str, ...]) -> None:
        if not self._reader() and len(names) == 1:
            self.options.change(schema.READER_NAME, names[0])

    def _take_identity(self, name: str, organization: str) -> None:
        self.options.change(schema.READER_NAME, name)
        self.options.change(schema.ORGANIZATION, organization)

    def _leave_first_run(self) -> None:
        is_first = not self.options.get(schema.FIRST_RUN_DONE)
        self.options.change(schema.FIRST_RUN_DONE, True)
        if is_first and self.study.imported is None:
            self.show_worklist()
            self.library.open_demo()
        else:
            self._leave_page()

    def _print_key(self, key: str) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, tr("Save the recovery key"), "prelim-recovery-key.pdf", "PDF (*.pdf)"
        )
        if name:
            write_recovery_sheet(Path(name), reader=self._reader(), key=key)
            self.status_line.say(tr("The recovery key is saved. Print it, then delete the file."))

    def _reader(self) -> str:
        return self.options.reader
