"""The main job by hand, with the real services: open, scroll, enhance, draft, sign, export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inference.phantoms.chest_ct import make_chest
from inference.phantoms.chest_spec import ChestSpec
from inference.phantoms.grids import axial_grid
from tests.support.canary import CANARY, CANARY_ID
from workstation.app import build_window
from workstation.core.finding import Side
from workstation.core.identity import PatientIdentity
from workstation.core.phi import Phi
from workstation.dicom.phantom_series import Vendor, write_series
from workstation.report.document import ReportStatus, Section, Statement, StatementStatus
from workstation.services.verify_signatures import verify
from workstation.settings.home import Home
from workstation.ui.main_window import MainWindow
from workstation.ui.report_editor.statement_row import StatementRow

WAIT_MS = 120_000
"""The models run on the CPU of a small machine that does other work too."""

READER = "Dr. Window Reader"
PASSPHRASE = "four words in order"  # noqa: S105 it opens nothing


@pytest.fixture
def fine_chest(tmp_path: Path) -> Path:
    """Return a folder with a small chest CT whose pixels are fine enough for the denoiser."""
    grid = axial_grid((40, 320, 320), (1.15, 1.15, 5.0), (0.0, 0.0, -25.0))
    spec = ChestSpec(scale=0.9, effusion_ml=((Side.LEFT, 350.0),))
    patient = PatientIdentity(Phi(CANARY), Phi(CANARY_ID), Phi("19700101"), "F", "056Y")
    write_series(
        make_chest(spec, grid, seed=11),
        tmp_path / "chest",
        patient=patient,
        vendor=Vendor.SIEMENS,
        description="CT chest",
        seed=11,
    )
    return tmp_path / "chest"


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    made, house = build_window(qapp, Home(tmp_path / "home").prepared())
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    house.close()


def test_a_study_goes_in_and_a_signed_report_comes_out(
    qtbot: QtBot, window: MainWindow, fine_chest: Path, tmp_path: Path
) -> None:
    window.start((), is_demo=False)
    make_identity(qtbot, window)
    open_study(qtbot, window, fine_chest)
    scroll_one_slice(window)
    enhance_and_compare(qtbot, window)
    review_the_draft(qtbot, window)
    signed = sign(qtbot, window)
    export(qtbot, window, tmp_path / "copies")

    verdicts = verify([signed / "report.dcm", signed / "report.pdf", signed / "report.json"])
    assert [verdict.holds for verdict in verdicts] == [True, True, True]
    text = (tmp_path / "copies" / "report.txt").read_text("utf-8")
    assert "Read by a person in the window." in text
    assert READER in text
    assert (tmp_path / "copies" / "report.dcm").read_bytes() == (signed / "report.dcm").read_bytes()


def make_identity(qtbot: QtBot, window: MainWindow) -> None:
    page = window.first_run
    assert page.isVisible(), "the first start asks who you are"
    page.name.setText(READER)
    page.passphrase.setText(PASSPHRASE)
    page.again.setText(PASSPHRASE)
    page.make.click()
    qtbot.waitUntil(lambda: bool(page.key_label.text()), timeout=WAIT_MS)
    window.show_worklist()


def open_study(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    window.library.open_paths((folder,))
    qtbot.waitUntil(lambda: window.report.document is not None, timeout=WAIT_MS)
    series = window.study.active_series
    assert series is not None
    qtbot.waitUntil(lambda: bool(series.flags.all()), timeout=WAIT_MS)
    assert window.study_page.isVisible()


def scroll_one_slice(window: MainWindow) -> None:
    canvas = window.study_page.grid.active.canvas
    before = window.study_page.grid.active.state.value.slice_index
    middle = canvas.rect().center()
    QApplication.sendEvent(
        canvas,
        QWheelEvent(
            QPointF(middle),
            QPointF(canvas.mapToGlobal(middle)),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )
    assert window.study_page.grid.active.state.value.slice_index == before + 1


def enhance_and_compare(qtbot: QtBot, window: MainWindow) -> None:
    viewport = window.study_page.grid.active
    viewport.setFocus()
    QTest.keyClick(viewport.canvas, Qt.Key.Key_E)
    wait(qtbot, window, lambda: "ENHANCED" in viewport.notice_text())
    QTest.keyPress(viewport.canvas, Qt.Key.Key_H)
    assert "ORIGINAL" in viewport.notice_text()
    QTest.keyRelease(viewport.canvas, Qt.Key.Key_H)
    wait(qtbot, window, lambda: "→" in window.study_page.enhance_bar.state.text())
    QTest.keyClick(viewport.canvas, Qt.Key.Key_E)
    assert "ENHANCED" not in viewport.notice_text()


def review_the_draft(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_set.action("draft").trigger()
    wait(qtbot, window, lambda: bool(window.panels.report.body.rows))
    edited = False
    for statement in statements(window):
        row = window.panels.report.body.row(statement.statement_id)
        assert isinstance(row, StatementRow)
        window.panels.report.body.go_to(statement.statement_id)
        if statement.section is Section.TECHNIQUE and not edited:
            edited = True
            QTest.keyClick(row, Qt.Key.Key_E)
            QTest.keySequence(row.text, QKeySequence(QKeySequence.StandardKey.SelectAll))
            qtbot.keyClicks(row.text, "CT of the chest without contrast.")
            QTest.keyClick(row.text, Qt.Key.Key_Return)
            continue
        if statement.section is Section.IMPRESSION:
            QTest.keyClick(row, Qt.Key.Key_Backspace)
            continue
        if statement.evidence:
            assert not row.accept_button.isEnabled()
            QTest.keyClick(row, Qt.Key.Key_Return)
            qtbot.waitUntil(row.accept_button.isEnabled, timeout=WAIT_MS)
        QTest.keyClick(row, Qt.Key.Key_A)
    window.panels.report.body.write_in(Section.IMPRESSION)
    writer = QApplication.focusWidget()
    assert writer is not None
    qtbot.keyClicks(writer, "Read by a person in the window.")
    QTest.keyClick(writer, Qt.Key.Key_Return)

    left = [s.status for s in statements(window) if s.status is StatementStatus.PROPOSED]
    assert left == []
    assert edited


def sign(qtbot: QtBot, window: MainWindow) -> Path:
    window.actions_set.action("sign").trigger()
    panel = window.panels.sign
    qtbot.waitUntil(lambda: panel.meaning.count() > 0, timeout=WAIT_MS)
    panel.passphrase.setText(PASSPHRASE)
    blocks = [finding.text for finding in window.report.findings]
    assert panel.sign_button.isEnabled(), blocks

    panel.sign_button.click()

    wait(qtbot, window, lambda: panel.done_text.startswith("Signed"))
    document = window.report.document
    assert document is not None
    assert document.status is ReportStatus.FINAL
    return Path(panel.done_text.split("Stored at ")[1])


def export(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    window.actions_set.action("export").trigger()
    panel = window.panels.export
    for box in panel.boxes.values():
        box.setChecked(True)
    panel.folder.setText(str(folder))
    panel.go.click()
    wait(qtbot, window, lambda: "6 files" in panel.message.text())
    assert {path.suffix for path in folder.iterdir()} >= {".dcm", ".pdf", ".json", ".hl7", ".txt"}


def statements(window: MainWindow) -> tuple[Statement, ...]:
    document = window.report.document
    assert document is not None
    return document.statements


def wait(qtbot: QtBot, window: MainWindow, is_there: Callable[[], bool]) -> None:
    """Wait for a job; a failed one ends the wait with its sentence."""
    qtbot.waitUntil(lambda: is_there() or bool(window.panels.jobs.failures), timeout=WAIT_MS)
    assert window.panels.jobs.failures == ()
