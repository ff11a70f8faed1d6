"""The one window: header, pages, side panels and status line, and how they change places."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from workstation.settings import schema
from workstation.ui.actions import ActionSet, KeyGuard
from workstation.ui.bridge import JobBridge
from workstation.ui.command import Context
from workstation.ui.curved_controller import CurvedController
from workstation.ui.document_controller import DocumentController
from workstation.ui.enhance_controller import EnhanceController
from workstation.ui.export_panel.panel import ExportPanel
from workstation.ui.file_opening import ask_files, ask_folder, dropped_paths
from workstation.ui.fill_controller import FillController
from workstation.ui.first_run.panel import FirstRunPanel
from workstation.ui.fusion_controller import FusionController
from workstation.ui.habit_desk import HabitDesk
from workstation.ui.hanging_controller import HangingController
from workstation.ui.hanging_panel.panel import HangingPanel
from workstation.ui.header import Header
from workstation.ui.help_panel.panel import HelpPanel
from workstation.ui.hint_desk import HintDesk
from workstation.ui.jobs_panel.panel import JobsPanel
from workstation.ui.layout_controller import LayoutController
from workstation.ui.library_controller import LibraryController
from workstation.ui.link_controller import LinkController
from workstation.ui.lock_page import LockPage
from workstation.ui.mark_desk import MarkDesk
from workstation.ui.news_desk import NewsDesk
from workstation.ui.news_panel.panel import NewsPanel
from workstation.ui.objects_controller import ObjectsController
from workstation.ui.option_desk import OptionDesk
from workstation.ui.output_controller import OutputController
from workstation.ui.panels import Panels, SideStack
from workstation.ui.preferences.panel import PreferencesPanel
from workstation.ui.reader_desk import ReaderDesk
from workstation.ui.report_access import is_research, why_no_report
from workstation.ui.report_controller import ReportController
from workstation.ui.report_editor.panel import ReportPanel
from workstation.ui.scene3d_controller import Scene3dController
from workstation.ui.screen_controller import ScreenController
from workstation.ui.series_browser.desk import VerdictDesk
from workstation.ui.series_browser.verdict_panel import VerdictPanel
from workstation.ui.sign_panel.pages import PagePreview
from workstation.ui.sign_panel.panel import SignPanel
from workstation.ui.status_line import StatusLine
from workstation.ui.study_controller import StudyController
from workstation.ui.study_page import StudyPage
from workstation.ui.theme import styled_at_once
from workstation.ui.use_cases import UseCases
from workstation.ui.widgets import PageStack, column, line
from workstation.ui.window_widths import fit_widths
from workstation.ui.words import tr
from workstation.ui.worklist.view import WorklistView

if TYPE_CHECKING:  # it brings the DICOM toolkit
    from workstation.services.import_studies import ImportedStudy

AFTER_PAINT_MS = 50
"""The first paint comes in the first turn of the event loop, well before this."""


class MainWindow(QMainWindow):
    """Holds the widgets and changes their places; knows nothing else. Owned by the UI thread."""

    @styled_at_once
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
        self._is_locked = self._is_report_folded = False
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
        if is_demo:
            self.library.open_demo()
        elif paths:
            self.library.open_paths(paths)
        elif not self.options.get(schema.FIRST_RUN_DONE):
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
        self.activateWindow()  # the key may come from a window on another screen
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

    def show_news(self) -> None:
        """Show what arrived or ended during the read."""
        self.news.look()
        self._show_side(self.panels.news)

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
        if is_research(self.study.imported):
            self.status_line.say(why_no_report(self.study.imported))
            return
        self.panels.export.show_report(self.report.document)
        self._show_side(self.panels.export)

    def show_sign(self) -> None:
        """Show the pages that will leave, and the form that signs them."""
        document = self.report.document
        if document is None:
            self.status_line.say(why_no_report(self.study.imported))
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
        self.library.open_paths(ask_files(self))

    def open_folder(self) -> None:
        """Choose a folder; it is read to any depth."""
        self.library.open_paths(ask_folder(self))

    def open_demo(self) -> None:
        """Show the demo study."""
        self.library.open_demo()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, folders and zips that are dropped."""
        if event.mimeData().hasUrls() and not self._is_locked:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        event.acceptProposedAction()
        self.library.open_paths(dropped_paths(event.mimeData()))

    # Lock

    def lock(self) -> None:
        """Hide everything until the passphrase is given."""
        name = self._reader()
        if not name:
            return
        self._is_locked = True
        self.report.hand_over()
        self.menuBar().hide()
        self.screens.set_locked(is_locked=True)
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
        self.screens.set_locked(is_locked=False)
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
        self.screens.close()
        self.scene3d.close()
        self.bridge.close()
        super().closeEvent(event)

    # Building

    def _make_pages(self) -> None:
        self.reader = ReaderDesk(self.options, self)
        self.header = Header(toggle_page=self.toggle_page, lock=self.lock, me=self.show_first_run)
        self.status_line = StatusLine(self.show_jobs, self.show_news)
        self.worklist = WorklistView(
            open_files=self.open_files, open_folder=self.open_folder, open_demo=self.open_demo
        )
        self.study_page = StudyPage(
            show_verdict=self.show_verdict,
            choose_preset=self._set_preset,
        )
        self.preview = PagePreview()
        self.first_run = FirstRunPanel(
            create=lambda name, organization, secret: self.documents.create_identity(
                self.first_run, name, organization, secret
            ),
            go_on=self._leave_first_run,
            print_key=self.reader.print_key,
        )
        self.lock_page = LockPage(lambda secret: self.documents.unlock(secret, done=self._unlocked))

    def _make_controllers(self, use_cases: UseCases) -> None:
        self.study = StudyController(self.study_page, use_cases, self.bridge)
        self.layouts = LayoutController(self.study_page, self.study, self.options)
        self.screens = ScreenController(self.study_page.desk, self.options, hold=self._hold)
        self.objects = ObjectsController(
            self.study, self.study_page.desk, use_cases, self.bridge, reader=self._reader
        )
        self.links = LinkController(
            self.study_page.desk, self.study, use_cases, self.bridge,
            show=self._show_side, entries=lambda: self.worklist.model.entries,
        )  # fmt: skip
        self.fusion = FusionController(self.study_page, self.study, self.links.desk.state)
        self.curved = CurvedController(self.study_page, self.study)
        self.hanging = HangingController(
            self.study_page, self.study, self.links, self.options, use_cases.hanging, self.bridge
        )
        self.scene3d = Scene3dController(self.study_page, self.study)
        self.enhance = EnhanceController(
            self.study_page, self.study, use_cases, self.bridge, self.options, self.hanging
        )
        self.fill = FillController(self.study_page, self.study, use_cases.fill, self.bridge)
        self.report = ReportController(
            self.study, use_cases, self.bridge, reader=self._reader,
            is_read_first=lambda: self.options.get(schema.READ_FIRST),
        )  # fmt: skip
        self.documents = DocumentController(
            self.report, use_cases, self.bridge, reader=self._reader
        )
        self.library = LibraryController(
            self.worklist, use_cases, self.bridge,
            may_show=lambda: self._page() is self.worklist or self.study.imported is None,
        )  # fmt: skip

    def _make_panels(self) -> None:
        self.habits = HabitDesk(self.options, self.study_page.desk, self.enhance.sections)
        sign = SignPanel(
            sign=lambda meaning, secret: self.documents.sign(
                self.panels.sign, self.preview, meaning, secret
            ),
            go_to=self._go_to_statement,
            make_identity=self.show_first_run,
        )
        export = ExportPanel(
            lambda forms, into: self.documents.export(self.panels.export, forms, into),
            folder=self.options.get(schema.EXPORT_FOLDER),
        )
        self.output = OutputController(
            self.study, self.study_page.desk, self.bridge, self.options, show=self._show_side,
            sources=self.library.sources_of, scenes=(self.curved, self.scene3d),
        )  # fmt: skip
        self.panels = Panels(
            report=ReportPanel(
                self.report,
                self._report_action,
                show_fact=self.study.show_fact,
            ),
            verdict=VerdictPanel(),
            jobs=JobsPanel(self.bridge.cancel),
            news=NewsPanel(self.show_worklist, self.show_jobs),
            objects=self.objects.panel,
            priors=self.links.panel,
            hanging=HangingPanel(self.hanging, self._show_side),
            enhance=self.enhance.panel,
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
            "screens": self.screens,
            "enhance": self.enhance,
            "fill": self.fill,
            "fusion": self.fusion,
            "curved": self.curved,
            "objects": self.objects,
            "report": self.report,
            "marks": self.marks,
            "links": self.links,
            "output": self.output,
            "hanging": self.hanging,
            "scene3d": self.scene3d,
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
        self.enhance.take_actions(made.action)
        self.links.take_actions(made.action)
        self.fill.take_action(made.action("fill_gaps"))
        self.fusion.take_keys(made.keys_text)
        self.scene3d.take_action(made.action("scene3d"))
        self.screens.take_actions(made.of(Context.WINDOW, Context.STUDY, Context.IMAGES))
        self.study.show_first_state()
        return made

    def _lay_out(self) -> None:
        self._pages = PageStack()
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
        if (app := QApplication.instance()) is not None:
            app.installEventFilter(KeyGuard(self))
        self.news = NewsDesk(self.status_line.news, self.panels.news, now=self.report.now)
        self.bridge.job_moved.connect(self.news.take_job)
        self.library.arrived.connect(self.news.take_arrival)
        self.bridge.job_moved.connect(self.panels.jobs.show_job)
        self.bridge.job_moved.connect(self.status_line.show_job)
        self.library.study_ready.connect(self.open_study)
        self.study.study_changed.connect(self.header.show_study)
        self.objects.documents_came_alone.connect(self.show_objects)
        self.enhance.panel_wanted.connect(self._show_side)
        self.study.study_changed.connect(self.screens.show_study)
        self.study.study_changed.connect(self.hints.follow)
        grid = self.study_page.desk
        grid.evidence_shown.connect(self.report.evidence_painted)
        grid.marks.measurements.observe(self.links.telling(self.report.take_measurements))
        self.panels.report.facts.mark_chosen.connect(self.marks.jump)
        self.panels.report.facts.mark_refused.connect(self.marks.remove)
        self.report.saved.connect(self._show_saved)
        self.report.save_failed.connect(self.status_line.show_unsaved)
        self.report.sign_requested.connect(self.show_sign)
        self.report.document_changed.connect(self._name_sign)
        self.panels.verdict.fill_wished.connect(self.fill.toggle)
        self.documents.identity_made.connect(self.reader.take_identity)
        self.documents.identities_known.connect(self.reader.take_identities)
        self.header.search.textChanged.connect(self._search)
        self.options.changed.connect(self._show_options)
        for source in (
            self.library, self.study, self.layouts, self.screens, self.objects, self.enhance,
            self.fusion, self.curved, self.report, self.documents, self.options, self.marks,
            self.links, self.habits, self.scene3d, self.reader, self.output, self.hanging,
            self.fill,
        ):  # fmt: skip
            source.said.connect(self.status_line.say)

    # Made before what they reach: the controllers need the pages

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
        fit_widths(self.width(), self.study_page, self.side)

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

    def _name_sign(self) -> None:
        document = self.report.document
        is_signed = document is not None and document.is_signed
        self.panels.report.sign_button.setText(tr("Add…") if is_signed else tr("Sign…"))
        self.panels.report.sign_button.setEnabled(document is not None)

    def _show_saved(self) -> None:
        self.status_line.show_saved(self.report.now())

    def _show_options(self) -> None:
        self.header.show_user(self.options.reader)
        self.panels.preferences.show_settings(self.options.settings.value)
        self._fit_widths()

    def _leave_first_run(self) -> None:
        is_first = not self.options.get(schema.FIRST_RUN_DONE)
        self.options.change(schema.FIRST_RUN_DONE, True)
        if is_first and self.study.imported is None:
            self.show_worklist()
            self.library.open_demo()
        else:
            self._leave_page()

    def _reader(self) -> str:
        return self.options.reader
