"""The window: pages, keys, jobs, enhancement, signing, export, first run, lock, themes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from inference.phantoms.demo import DEMO_PATIENT_ID as PHANTOM_ID
from tests.qt.shell.conftest import WAIT_MS
from tests.support.doors import PASSPHRASE, Doors
from tests.support.series import tiny_series
from viewers.render.frame import Shown
from viewers.state.layout import Layout
from viewers.state.view_state import Plane, Tool
from workstation.core.errors import WorkerCrashedError
from workstation.report.document import ReportStatus
from workstation.settings import schema
from workstation.ui.actions import COMMANDS, key_rows
from workstation.ui.command import Context
from workstation.ui.hint_desk import DEMO_PATIENT_ID
from workstation.ui.main_window import MainWindow
from workstation.ui.option_desk import OptionDesk
from workstation.ui.theme import DARK, LIGHT, Theme, apply_theme


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    focus = QApplication.focusWidget() or window
    QTest.keyClick(focus, key, modifier or Qt.KeyboardModifier.NoModifier)


# Opening


def test_an_empty_window_says_how_to_open_a_study(window: MainWindow) -> None:
    assert window._page() is window.worklist
    assert window.worklist._pages.currentIndex() == 1
    assert not window.side.isVisible()


def test_a_dropped_folder_is_opened_and_shown(
    qtbot: QtBot, window: MainWindow, study_folder: Path
) -> None:
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(study_folder))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, dropped, buttons, keys))

    qtbot.waitUntil(lambda: window.study.active_series is not None, timeout=WAIT_MS)
    assert window._page() is window.study_page
    assert window.header.name.text() == "Zyxcanary, Quorra"


def test_a_study_that_is_ready_does_not_interrupt_a_read(
    qtbot: QtBot, reading: MainWindow, tmp_path: Path
) -> None:
    tiny_series(tmp_path / "other", seed=2)
    before = reading.study.imported

    reading.library.open_paths((tmp_path / "other",))

    qtbot.waitUntil(lambda: reading.worklist.model.rowCount() == 2, timeout=WAIT_MS)
    assert reading.study.imported is before
    assert reading._page() is reading.study_page


def test_a_folder_without_images_is_refused_in_one_sentence(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "note.txt").write_text("no image", encoding="utf-8")

    window.library.open_paths((tmp_path / "text",))

    qtbot.waitUntil(lambda: "None of the files" in window.worklist.notice.text(), timeout=WAIT_MS)
    assert QApplication.activeModalWidget() is None


def test_the_search_finds_by_every_word(reading: MainWindow) -> None:
    reading.show_worklist()

    reading.header.search.setText("quorra tiny-nothing")
    assert reading.worklist.model.rowCount() == 0

    reading.header.search.setText("QUORRA")
    assert reading.worklist.model.rowCount() == 1


def test_a_study_opened_earlier_is_listed_and_opens_again(
    qtbot: QtBot, reading: MainWindow, doors: Doors, options: OptionDesk
) -> None:
    qtbot.waitUntil(lambda: len(doors.rows) == 1, timeout=WAIT_MS)
    later = MainWindow(doors.use_cases(), options)
    qtbot.addWidget(later)
    later.start((), is_demo=False)
    qtbot.waitUntil(lambda: later.worklist.model.rowCount() == 1, timeout=WAIT_MS)

    later.worklist.list.activated.emit(later.worklist.model.index(0))

    qtbot.waitUntil(lambda: later.study.imported is not None, timeout=WAIT_MS)
    later.close()


def test_the_verdict_tells_received_shown_and_set_aside(reading: MainWindow) -> None:
    reading.show_verdict()

    account = reading.panels.verdict.account
    assert account is not None
    assert account.sum_text == "5 received, 5 shown, 0 set aside"
    assert account.doubt_text == "Nothing is in doubt."


# Keys and pages


def test_escape_leads_from_the_report_to_the_images_to_the_studies_and_back(
    drafted: MainWindow,
) -> None:
    drafted.focus_report()
    press(drafted, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is drafted.study_page.grid.active.canvas

    press(drafted, Qt.Key.Key_Escape)
    assert drafted._page() is drafted.worklist

    press(drafted, Qt.Key.Key_Escape)
    assert drafted._page() is drafted.study_page


def test_tab_leads_from_the_images_to_the_report(drafted: MainWindow) -> None:
    drafted.study_page.grid.active.setFocus()

    press(drafted, Qt.Key.Key_Tab)

    focus = QApplication.focusWidget()
    assert focus is not None
    assert drafted.panels.report.isAncestorOf(focus)


@pytest.mark.window
def test_keys_act_on_the_images(reading: MainWindow) -> None:
    grid = reading.study_page.grid
    grid.active.setFocus()

    press(reading, Qt.Key.Key_Home)
    assert grid.active.state.value.slice_index == 0
    press(reading, Qt.Key.Key_End)
    assert grid.active.state.value.slice_index == 4
    press(reading, Qt.Key.Key_I)
    assert grid.active.state.value.is_inverted
    press(reading, Qt.Key.Key_2)
    assert grid.active.state.value.window.name == "Lung"
    press(reading, Qt.Key.Key_L)
    assert grid.active.state.value.tool is Tool.LENGTH
    press(reading, Qt.Key.Key_T)
    assert not grid.active.state.value.shows_texts
    press(reading, Qt.Key.Key_M)
    assert grid.layout_shown is Layout.MPR
    press(reading, Qt.Key.Key_M)
    assert grid.active.state.value.plane is Plane.ACQUIRED


def test_letters_typed_into_the_search_are_no_commands(qtbot: QtBot, reading: MainWindow) -> None:
    before = reading.study_page.grid.active.state.value

    reading.header.search.setFocus()
    qtbot.keyClicks(reading.header.search, "ilm1")

    assert reading.study_page.grid.active.state.value == before


def test_space_presses_a_focused_button_and_is_no_command_there(reading: MainWindow) -> None:
    reading.panels.report.check_button.setFocus()
    clicked: list[bool] = []
    reading.panels.report.check_button.clicked.connect(lambda: clicked.append(True))

    press(reading, Qt.Key.Key_Space)

    assert clicked == [True]


def test_every_command_has_one_id_and_no_key_means_two_things_in_one_place() -> None:
    ids = [command.command_id for command in COMMANDS]
    assert len(ids) == len(set(ids))
    for context in Context:
        places = {context, Context.WINDOW} if context is not Context.REPORT else {context}
        keys = [
            QKeySequence(key).toString()
            for command in COMMANDS
            if command.context in places
            for key in command.keys
        ]
        assert len(keys) == len(set(keys)), context


def test_the_key_help_lists_every_command_that_has_a_key(window: MainWindow) -> None:
    rows = key_rows(window.actions_set)

    with_keys = [command for command in COMMANDS if command.keys]
    assert len(rows) == len(with_keys)


def test_a_changed_key_is_in_force(qtbot: QtBot, doors: Doors, options: OptionDesk) -> None:
    options.settings.set(options.settings.value.having_key("enhance", "Ctrl+E"))

    changed = MainWindow(doors.use_cases(), options)
    qtbot.addWidget(changed)

    assert changed.actions_set.keys_text("enhance") == "Ctrl+E"
    changed.close()


def test_every_control_has_a_name_for_a_screen_reader(drafted: MainWindow) -> None:
    controls = [*drafted.findChildren(QAbstractButton), *drafted.findChildren(QLineEdit)]
    nameless = [
        control
        for control in controls
        if not (control.accessibleName() or getattr(control, "text", str)())
        and not control.objectName().startswith("qt_")
        and control.focusPolicy() is not Qt.FocusPolicy.NoFocus
    ]

    assert nameless == []


# Jobs and enhancement


def test_enhanced_slices_come_nearest_first_and_the_notice_says_so(
    qtbot: QtBot, reading: MainWindow, doors: Doors
) -> None:
    doors.gate.clear()
    viewport = reading.study_page.grid.active
    here = viewport.state.value.slice_index
    reading.enhance.toggle("denoise")
    qtbot.waitUntil(lambda: "ENHANCED" in viewport.notice_text(), timeout=WAIT_MS)

    viewport.go_to_slice(here + 2)
    assert "not ready" in viewport.notice_text()

    doors.gate.set()
    qtbot.waitUntil(lambda: "ENHANCED" in viewport.notice_text(), timeout=WAIT_MS)
    assert "20 → 14 HU" in _waited(qtbot, reading.study_page.enhance_bar.state.text, "→")
    # Noise falls to 8 HU at full strength, and half as far at half: what is told is what is shown.
    reading.enhance.set_strength(1.0)
    assert "20 → 8 HU" in reading.study_page.enhance_bar.state.text()


@pytest.mark.window
def test_h_shows_the_original_while_held_and_d_the_difference(
    qtbot: QtBot, reading: MainWindow
) -> None:
    viewport = reading.study_page.grid.active
    reading.enhance.toggle("denoise")
    _waited(qtbot, reading.study_page.enhance_bar.state.text, "→")
    viewport.setFocus()

    QTest.keyPress(viewport.canvas, Qt.Key.Key_H)
    assert viewport._model.frame().shown is Shown.ORIGINAL  # type: ignore[union-attr]
    QTest.keyRelease(viewport.canvas, Qt.Key.Key_H)
    assert viewport._model.frame().shown is Shown.ENHANCED  # type: ignore[union-attr]

    press(reading, Qt.Key.Key_D)
    assert viewport._model.frame().shown is Shown.DIFFERENCE  # type: ignore[union-attr]
    press(reading, Qt.Key.Key_D)
    press(reading, Qt.Key.Key_E)
    assert viewport.content is not None
    assert viewport.content.enhanced is None


def test_the_strength_changes_without_a_new_run(qtbot: QtBot, reading: MainWindow) -> None:
    reading.enhance.toggle("denoise")
    _waited(qtbot, reading.study_page.enhance_bar.state.text, "→")
    jobs = reading.panels.jobs.findChildren(QLabel)

    reading.study_page.enhance_bar.slider.setValue(25)

    content = reading.study_page.grid.active.content
    assert content is not None
    assert content.enhanced is not None
    assert content.enhanced.strength == 0.25
    assert len(reading.panels.jobs.findChildren(QLabel)) == len(jobs)


def test_a_job_is_cancelled_from_its_panel(qtbot: QtBot, reading: MainWindow, doors: Doors) -> None:
    doors.gate.clear()
    reading.report.draft()
    job_id = reading.report._desk.drafting_job
    qtbot.waitUntil(lambda: "runs" in reading.panels.jobs.text_of(job_id), timeout=WAIT_MS)

    reading.panels.jobs._cancel(job_id)

    qtbot.waitUntil(lambda: "stopped" in reading.panels.jobs.text_of(job_id), timeout=WAIT_MS)
    assert reading.report.document is not None
    assert reading.report.document.statements == ()


def test_a_worker_that_dies_is_one_sentence_and_the_window_lives(
    qtbot: QtBot, reading: MainWindow, doors: Doors
) -> None:
    doors.error = WorkerCrashedError("The model worker ended", todo="Start the task again")
    reading.enhance.toggle("denoise")
    qtbot.waitUntil(lambda: bool(reading.panels.jobs.failures), timeout=WAIT_MS)

    assert reading.panels.jobs.failures == ("The model worker ended. Start the task again.",)
    assert QApplication.activeModalWidget() is None
    assert not reading.actions_set.action("enhance").isChecked()

    doors.error = None
    reading.enhance.toggle("denoise")
    _waited(qtbot, reading.study_page.enhance_bar.state.text, "→")


def test_measures_stand_in_their_tab_and_not_in_the_report(
    qtbot: QtBot, reading: MainWindow
) -> None:
    reading.report.measure()

    qtbot.waitUntil(
        lambda: "120 ml" in [c.text() for c in reading.panels.report.facts.findChildren(QLabel)],
        timeout=WAIT_MS,
    )
    assert reading.report.document is not None
    assert reading.report.document.facts == ()


# Signing and export


def test_signing_stays_refused_while_a_sentence_is_open(qtbot: QtBot, drafted: MainWindow) -> None:
    drafted.show_sign()
    panel = drafted.panels.sign
    qtbot.waitUntil(lambda: panel.meaning.count() == 2, timeout=WAIT_MS)

    panel.passphrase.setText(PASSPHRASE)

    assert not panel.sign_button.isEnabled()
    assert "3 open sentences" in [child.text() for child in panel.findChildren(QLabel)]


def test_a_reviewed_report_is_signed_stored_and_closed(
    qtbot: QtBot, drafted: MainWindow, seen: Callable[[str], None], doors: Doors
) -> None:
    _review(drafted, seen)
    drafted.show_sign()
    panel = drafted.panels.sign
    qtbot.waitUntil(lambda: panel.meaning.count() == 2, timeout=WAIT_MS)
    panel.passphrase.setText(PASSPHRASE)
    assert panel.sign_button.text() == "Sign as final"

    panel.sign_button.click()

    done = _waited(qtbot, lambda: panel.done_text, "Signed")
    assert done == f"Signed 14:05:33. Stored at {doors.signed}"
    assert drafted.report.document is not None
    assert drafted.report.document.status is ReportStatus.FINAL
    assert panel.passphrase.text() == ""
    drafted.close_panel()
    assert not drafted.panels.report.body.row("s1").accept_button.isVisible()  # type: ignore[union-attr]


def test_a_wrong_passphrase_is_said_and_nothing_is_signed(
    qtbot: QtBot, drafted: MainWindow, seen: Callable[[str], None]
) -> None:
    _review(drafted, seen)
    drafted.show_sign()
    panel = drafted.panels.sign
    qtbot.waitUntil(lambda: panel.meaning.count() == 2, timeout=WAIT_MS)
    panel.passphrase.setText("something else")

    panel.sign_button.click()

    _waited(qtbot, panel.message.text, "Wrong passphrase")
    assert drafted.report.document is not None
    assert drafted.report.document.signatures == ()


def test_without_an_identity_the_panel_leads_to_making_one(
    qtbot: QtBot, drafted: MainWindow, options: OptionDesk
) -> None:
    options.change(schema.READER_NAME, "Somebody Else")
    drafted.show_sign()
    panel = drafted.panels.sign
    qtbot.waitUntil(lambda: panel.meaning.count() == 2, timeout=WAIT_MS)

    assert panel._identity_button.isVisible()
    assert not panel.passphrase.isEnabled()


def test_copies_are_written_in_the_forms_chosen(
    qtbot: QtBot, drafted: MainWindow, doors: Doors, tmp_path: Path
) -> None:
    drafted.show_export()
    panel = drafted.panels.export
    assert "PRELIMINARY - NOT SIGNED" in panel.notice.text()
    assert not panel.go.isEnabled()
    panel.folder.setText(str(tmp_path / "out"))
    for form, box in panel.boxes.items():
        box.setChecked(form in ("txt", "fhir"))

    panel.go.click()

    qtbot.waitUntil(lambda: "2 files written" in panel.message.text(), timeout=WAIT_MS)
    assert doors.exported == [(("fhir", "txt"), tmp_path / "out")]


# First run, lock, looks


def test_the_first_start_asks_who_you_are_and_shows_the_recovery_key_once(
    qtbot: QtBot, window: MainWindow, options: OptionDesk, doors: Doors
) -> None:
    window.show_first_run()
    page = window.first_run
    page.name.setText("Dr. New")
    page.passphrase.setText(PASSPHRASE)
    page.again.setText("five other words")
    assert not page.make.isEnabled()
    assert "differ" in page.message.text()
    page.again.setText(PASSPHRASE)

    page.make.click()

    qtbot.waitUntil(lambda: "ABCDE" in page.key_label.text(), timeout=WAIT_MS)
    assert options.reader == "Dr. New"
    assert page.passphrase.text() == ""
    page._leave_key()
    assert page.key_label.text() == ""
    assert window._page() is window.worklist


def test_the_first_page_tells_what_this_machine_can_do(qtbot: QtBot, window: MainWindow) -> None:
    window.show_first_run()

    words: Callable[[], str] = lambda: " ".join(  # noqa: E731 read again while waiting
        child.text() for child in window.first_run.findChildren(QLabel)
    )
    assert "8.0 GB of memory" in _waited(qtbot, words, "processor cores")


@pytest.mark.window
def test_a_locked_window_shows_no_patient_and_opens_with_the_passphrase_only(
    qtbot: QtBot, reading: MainWindow
) -> None:
    reading.lock()
    assert not reading.header.isVisible()
    assert not reading.actions_set.action("open_files").isEnabled()

    reading.lock_page.field.setText("wrong")
    QTest.keyClick(reading.lock_page.field, Qt.Key.Key_Return)
    _waited(qtbot, reading.lock_page.message.text, "does not fit")
    assert not reading.header.isVisible()

    reading.lock_page.field.setText(PASSPHRASE)
    QTest.keyClick(reading.lock_page.field, Qt.Key.Key_Return)
    qtbot.waitUntil(reading.header.isVisible, timeout=WAIT_MS)


def test_hints_on_the_demo_can_be_turned_off_for_good(
    reading: MainWindow, options: OptionDesk
) -> None:
    reading.hints.show()
    assert reading.hints.bar is not None
    assert reading.hints.bar.words.text().startswith("1 / 5")

    reading.hints.turn_off()

    assert reading.hints.bar is None
    assert options.get(schema.SHOW_HINTS) is False


def test_the_window_knows_the_demo_study_by_the_phantoms_own_id() -> None:
    assert DEMO_PATIENT_ID == PHANTOM_ID


def test_the_options_are_shown_and_changed_from_the_schema(
    window: MainWindow, options: OptionDesk
) -> None:
    window.show_preferences()
    control = window.panels.preferences.controls[schema.READ_FIRST.key]
    assert isinstance(control, QAbstractButton)

    control.setChecked(True)

    assert options.get(schema.READ_FIRST) is True


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_text_stands_out_from_what_it_stands_on(theme: Theme) -> None:
    for ground in (theme.ground, theme.panel, theme.raised):
        assert contrast(theme.text, ground) >= 7
        assert contrast(theme.proposed, ground) >= 7
        assert contrast(theme.edge, ground) >= 3
        assert contrast(theme.accent, ground) >= 3


def test_the_dark_theme_has_the_colors_of_the_brief() -> None:
    found = (DARK.ground, DARK.panel, DARK.raised, DARK.line, DARK.text, DARK.quiet)

    assert found == ("#141516", "#1d1f21", "#26292c", "#34383c", "#e6e6e6", "#9aa0a6")
    assert (DARK.accent, DARK.doubt, DARK.blocked) == ("#4aa3c7", "#d9a441", "#d65c5c")


@pytest.mark.parametrize(
    ("size", "scale"), [((1366, 768), 100), ((1920, 1080), 100), ((3840, 2160), 200)]
)
def test_the_images_keep_their_share_of_the_width(
    qtbot: QtBot, drafted: MainWindow, qapp: QApplication, size: tuple[int, int], scale: int
) -> None:
    apply_theme(qapp, DARK, scale)

    drafted.resize(*size)

    qtbot.waitUntil(lambda: drafted.width() == size[0], timeout=WAIT_MS)
    assert drafted.study_page.grid.width() >= 0.6 * size[0] - 2
    wanted = 360 if size[0] < 1500 else 420
    assert drafted.side.width() == pytest.approx(wanted * scale / 100, abs=2)
    apply_theme(qapp, DARK, 100)


def test_rail_and_report_fold_with_a_key(reading: MainWindow) -> None:
    reading.actions_set.action("fold_report").trigger()
    assert not reading.side.isVisible()
    reading.actions_set.action("fold_rail").trigger()
    assert not reading.study_page.rail_frame.isVisible()

    reading.actions_set.action("fold_report").trigger()
    assert reading.side.isVisible()


def test_nothing_opens_a_dialog_by_itself(drafted: MainWindow) -> None:
    assert drafted.findChildren(QMessageBox) == []
    assert [d for d in drafted.findChildren(QDialog) if d.isVisible()] == []


def test_starting_imports_nothing_heavy() -> None:
    code = (
        "import sys, workstation.app; "
        "heavy = {'pydicom', 'highdicom', 'sqlalchemy', 'pyhanko', 'onnxruntime', 'torch', "
        "'SimpleITK', 'fhir', 'keyring', 'alembic'}; "
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )

    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stderr


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colors. Source: WCAG 2.2, "contrast ratio"."""
    lights = sorted((_luminance(first), _luminance(second)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(name: str) -> float:
    color = QColor(name)
    parts = [color.redF(), color.greenF(), color.blueF()]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _review(window: MainWindow, seen: Callable[[str], None]) -> None:
    seen("s2")
    for statement_id in ("s1", "s2", "s3"):
        window.report.accept(statement_id)
    assert window.report.document is not None
    assert window.report.document.open_statements == ()


def _waited(qtbot: QtBot, text: Callable[[], str], part: str) -> str:
    qtbot.waitUntil(lambda: part in text(), timeout=WAIT_MS)
    return text()
