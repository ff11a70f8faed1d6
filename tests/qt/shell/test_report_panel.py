"""The report panel: keys, gates, own words, the checker, undo, and saving."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.support.doors import Doors
from workstation.report.document import Answer, ReportDocument, Section, StatementStatus
from workstation.report.events import fold
from workstation.settings import schema
from workstation.ui.main_window import MainWindow
from workstation.ui.option_desk import OptionDesk
from workstation.ui.report_editor.question_row import QuestionRow
from workstation.ui.report_editor.statement_row import StatementRow


def document(window: MainWindow) -> ReportDocument:
    found = window.report.document
    assert found is not None
    return found


def status(window: MainWindow, statement_id: str) -> StatementStatus:
    return document(window).statement(statement_id).status


def row(window: MainWindow, statement_id: str) -> StatementRow:
    found = window.panels.report.body.row(statement_id)
    assert isinstance(found, StatementRow)
    return found


def press(window: MainWindow, key: Qt.Key) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    assert window.isAncestorOf(focus)
    QTest.keyClick(focus, key)


def test_accept_is_disabled_until_the_evidence_was_on_screen(
    drafted: MainWindow, seen: Callable[[str], None]
) -> None:
    drafted.panels.report.body.go_to("s2")
    before = row(drafted, "s2")
    assert not before.accept_button.isEnabled()
    assert before.hint.text().startswith("show evidence first")

    seen("s2")

    assert row(drafted, "s2").accept_button.isEnabled()
    assert row(drafted, "s2").hint.text() == ""


def test_the_key_a_does_not_accept_what_was_not_seen(drafted: MainWindow) -> None:
    drafted.panels.report.body.go_to("s2")

    press(drafted, Qt.Key.Key_A)

    assert status(drafted, "s2") is StatementStatus.PROPOSED
    assert "Enter" in drafted.status_line.said.toolTip()


@pytest.mark.window
def test_a_report_is_reviewed_with_keys_alone(qtbot: QtBot, drafted: MainWindow) -> None:
    drafted.focus_report()
    assert drafted.panels.report.body.current_id == "s1"
    press(drafted, Qt.Key.Key_A)
    press(drafted, Qt.Key.Key_Down)
    press(drafted, Qt.Key.Key_Return)
    qtbot.waitUntil(row(drafted, "s2").accept_button.isEnabled, timeout=WAIT_MS)
    press(drafted, Qt.Key.Key_A)
    press(drafted, Qt.Key.Key_Down)
    press(drafted, Qt.Key.Key_Backspace)

    found = [status(drafted, each) for each in ("s1", "s2", "s3")]
    assert found == [
        StatementStatus.ACCEPTED,
        StatementStatus.ACCEPTED,
        StatementStatus.REJECTED,
    ]

    press(drafted, Qt.Key.Key_U)
    assert status(drafted, "s3") is StatementStatus.PROPOSED


def test_showing_evidence_goes_to_its_slice(
    drafted: MainWindow, seen: Callable[[str], None]
) -> None:
    drafted.study.first_slice()

    seen("s2")

    assert drafted.study_page.grid.active.state.value.slice_index == 1


@pytest.mark.window
def test_e_edits_the_sentence_and_enter_keeps_it(qtbot: QtBot, drafted: MainWindow) -> None:
    drafted.panels.report.body.go_to("s3")
    press(drafted, Qt.Key.Key_E)
    qtbot.keyClicks(QApplication.focusWidget(), " Large, with ae.")
    press(drafted, Qt.Key.Key_Return)

    assert document(drafted).statement("s3").text == "Pleural effusion. Large, with ae."
    assert status(drafted, "s3") is StatementStatus.EDITED
    assert not list(drafted.enhance.runs), "the letters went into the text, not to commands"


def test_typing_is_in_the_store_before_a_second_has_passed(
    qtbot: QtBot, drafted: MainWindow, doors: Doors
) -> None:
    drafted.panels.report.body.go_to("s3")
    press(drafted, Qt.Key.Key_E)
    qtbot.keyClicks(QApplication.focusWidget(), " Left.")

    def is_stored() -> bool:
        (events,) = doors.reports.events.values() or ((),)
        return bool(events) and "Left." in fold(events).statement("s3").text

    qtbot.waitUntil(is_stored, timeout=1000)
    assert drafted.status_line.saved.text() == "saved 14:05:33"


def test_words_under_the_hands_are_not_rewritten(qtbot: QtBot, drafted: MainWindow) -> None:
    drafted.panels.report.body.go_to("s3")
    press(drafted, Qt.Key.Key_E)
    qtbot.keyClicks(QApplication.focusWidget(), " Under my hands")

    drafted.report.answer("q1", Answer.NO)
    drafted.report.hand_over()
    drafted.report.check()
    qtbot.waitUntil(lambda: bool(drafted.report.findings), timeout=WAIT_MS)

    assert row(drafted, "s3").text.toPlainText() == "Pleural effusion. Under my hands"
    assert row(drafted, "s3").text.is_editing


def test_a_failing_disk_is_said_and_saving_goes_on_when_it_is_back(
    qtbot: QtBot, drafted: MainWindow, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workstation.ui.autosave.RETRY_MS", 50)
    doors.reports.error = OSError(28, "No space left on device")
    drafted.report.accept("s1")
    qtbot.waitUntil(lambda: drafted.status_line.saved.text() == "not saved", timeout=WAIT_MS)
    assert "No space left" in drafted.status_line.said.toolTip()

    doors.reports.error = None

    qtbot.waitUntil(lambda: "saved 14" in drafted.status_line.saved.text(), timeout=WAIT_MS)
    (events,) = doors.reports.events.values()
    assert fold(events) == document(drafted)


def test_a_sentence_of_ones_own_is_written_with_the_keyboard(
    qtbot: QtBot, drafted: MainWindow
) -> None:
    drafted.panels.report.body.write_in(Section.IMPRESSION)
    qtbot.keyClicks(QApplication.focusWidget(), "No acute finding.")
    press(drafted, Qt.Key.Key_Return)

    own = document(drafted).in_section(Section.IMPRESSION)[-1]
    assert own.text == "No acute finding."
    assert own.status is StatementStatus.ACCEPTED
    assert not own.is_drafted


def test_a_sentence_being_typed_stands_once_on_screen(qtbot: QtBot, drafted: MainWindow) -> None:
    before = len(drafted.panels.report.body.rows)
    drafted.panels.report.body.write_in(Section.IMPRESSION)
    qtbot.keyClicks(QApplication.focusWidget(), "Half a sent")
    qtbot.waitUntil(
        lambda: document(drafted).in_section(Section.IMPRESSION)[-1].text == "Half a sent",
        timeout=WAIT_MS,
    )

    assert len(drafted.panels.report.body.rows) == before


def test_yes_to_a_question_opens_a_line_of_ones_own(qtbot: QtBot, drafted: MainWindow) -> None:
    asked = drafted.panels.report.body.row("q1")
    assert isinstance(asked, QuestionRow)

    asked.answer_button(Answer.YES).click()
    qtbot.keyClicks(QApplication.focusWidget(), "A nodule.")
    press(drafted, Qt.Key.Key_Return)

    assert document(drafted).questions[0].answer is Answer.YES
    assert document(drafted).in_section(Section.FINDINGS)[-1].text == "A nodule."


def test_questions_are_no_part_of_the_prose(drafted: MainWindow) -> None:
    texts = [statement.text for statement in document(drafted).statements]

    assert "A nodule in the left lung?" not in texts
    assert isinstance(drafted.panels.report.body.row("q1"), QuestionRow)


def test_undo_and_redo_by_key(drafted: MainWindow) -> None:
    drafted.report.reject("s1")

    drafted.actions_set.action("undo").trigger()
    assert status(drafted, "s1") is StatementStatus.PROPOSED

    drafted.actions_set.action("redo").trigger()
    assert status(drafted, "s1") is StatementStatus.REJECTED


def test_each_row_tells_a_screen_reader_its_words_state_and_origin(drafted: MainWindow) -> None:
    said = row(drafted, "s2").accessibleName()

    assert "Small pleural effusion on the right." in said
    assert "proposed, not decided yet" in said
    assert "written by a model" in said
    assert "80%" in said
    assert "show evidence first" in said


def test_nothing_accepts_all(drafted: MainWindow) -> None:
    words = [
        action.text().lower()
        for action in drafted.findChildren(type(drafted.actions_set.action("accept")))
    ]

    assert not [text for text in words if "accept" in text and "all" in text]


def test_read_first_hides_the_draft_until_an_impression_is_written(
    qtbot: QtBot, reading: MainWindow, options: OptionDesk
) -> None:
    options.change(schema.READ_FIRST, True)
    reading.report.draft()
    qtbot.waitUntil(reading.panels.report.read_first.isVisible, timeout=WAIT_MS)
    assert not reading.panels.report.body.isVisible()

    qtbot.keyClicks(reading.panels.report.read_first.field, "Looks like fluid.")
    press_in = reading.panels.report.read_first.field
    QTest.keyClick(press_in, Qt.Key.Key_Return)

    assert reading.panels.report.body.isVisible()
    assert document(reading).in_section(Section.IMPRESSION)[-1].text == "Looks like fluid."


def test_the_checker_lists_what_it_found_and_a_click_goes_there(
    qtbot: QtBot, drafted: MainWindow
) -> None:
    drafted.report.edit("s2", "Small pleural effusion of 999 ml on the right.")
    drafted.report.check()
    qtbot.waitUntil(
        lambda: any(f.statement_id == "s2" for f in drafted.report.findings), timeout=WAIT_MS
    )

    underlined = row(drafted, "s2").text.extraSelections()
    assert underlined
    drafted.panels.report._checks._go_to("s2")
    assert drafted.panels.report.body.current_id == "s2"


def test_the_report_of_a_study_is_there_again_when_it_is_opened_again(
    qtbot: QtBot, drafted: MainWindow, doors: Doors
) -> None:
    drafted.report.reject("s1")
    qtbot.waitUntil(lambda: bool(doors.reports.events), timeout=WAIT_MS)
    study = drafted.study.imported
    assert study is not None
    drafted.study.close_study()
    assert drafted.report.document is None
    assert drafted.panels.report.body.rows == []

    drafted.open_study(study)

    qtbot.waitUntil(lambda: drafted.report.document is not None, timeout=WAIT_MS)
    assert status(drafted, "s1") is StatementStatus.REJECTED


def test_no_word_of_one_patient_stays_when_another_study_opens(drafted: MainWindow) -> None:
    drafted.study.close_study()

    assert drafted.panels.report.body.rows == []
    assert drafted.panels.report._who.text() == ""
    assert drafted.header.name.text() == "No study open"
