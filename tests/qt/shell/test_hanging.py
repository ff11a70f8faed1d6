"""Hanging in the window: opening, stepping, never moving under the hand, editing, keeping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QDoubleSpinBox, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from inference.phantoms.phantom import Phantom, PhantomTruth
from tests.qt.shell.conftest import WAIT_MS
from tests.support.canary import CANARY
from tests.support.data import REPOSITORY
from tests.support.doors import Doors
from tests.support.series import CANARY_PATIENT, tiny_series, tiny_stack
from viewers.state.hanging import Attribute, Operator, Rule
from viewers.state.layout import Layout
from viewers.state.linking import LinkKind
from viewers.state.view_state import Plane
from workstation import app
from workstation.dicom.phantom_series import Vendor, write_series
from workstation.services.hanging_store import HangingStore
from workstation.services.import_studies import import_paths
from workstation.settings import schema
from workstation.ui.hanging_doors import HangingDoors
from workstation.ui.main_window import MainWindow
from workstation.ui.option_desk import OptionDesk
from workstation.ui.theme import DARK, apply_theme

CHEST = tiny_stack(shape_kji=(24, 12, 16))


@pytest.fixture
def store(tmp_path: Path) -> HangingStore:
    return HangingStore(REPOSITORY / "resources" / "hanging_protocols", tmp_path / "protocols")


@pytest.fixture
def hanging(
    qtbot: QtBot, qapp: QApplication, doors: Doors, options: OptionDesk, store: HangingStore
) -> Iterator[MainWindow]:
    """The window with hanging protocols: ours, and an empty folder of the reader's own."""
    apply_theme(qapp, DARK, 100)
    loaded = store.load()
    use_cases = replace(
        doors.use_cases(),
        hanging=HangingDoors(lambda: loaded, app._hanging_traits, store),
    )
    made = MainWindow(use_cases, options)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=WAIT_MS)
    made.start((), is_demo=False)
    yield made
    doors.gate.set()
    made.close()


def chest(folder: Path) -> Path:
    tiny_series(folder, stack=CHEST)
    return folder


def brain(folder: Path) -> Path:
    """Write an MR study of three series: T1, T2 and FLAIR."""
    for number, name in enumerate(("T1 tse", "T2 tse", "FLAIR"), start=1):
        voxels = np.full(CHEST.shape_kji, 100 * number, dtype=np.int16)
        voxels[:, 3:9, 4:12] += 50
        phantom = Phantom(voxels, CHEST, "MR", PhantomTruth(()), "BRAIN", "T1", 2.5)
        write_series(
            phantom,
            folder / str(number),
            patient=CANARY_PATIENT,
            vendor=Vendor.SIEMENS,
            description=name,
            seed=7,
        )
    return folder


def opened(qtbot: QtBot, window: MainWindow, folder: Path) -> MainWindow:
    window.library.open_paths((folder,))
    qtbot.waitUntil(lambda: window.study.active_series is not None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not window.hanging.filler.is_filling, timeout=WAIT_MS)
    qtbot.waitUntil(
        lambda: all(one.has_ended for one in window.study.keeper.loaded.values()), timeout=WAIT_MS
    )
    return window


@pytest.fixture
def read(qtbot: QtBot, hanging: MainWindow, tmp_path: Path) -> MainWindow:
    """The window with a chest CT open."""
    return opened(qtbot, hanging, chest(tmp_path / "chest"))


def windows(window: MainWindow) -> list[str]:
    return [one.state.value.window.name for one in window.study_page.desk.viewports]


def press(window: MainWindow, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    held = Qt.KeyboardModifier.NoModifier
    for one in modifiers:
        held |= one
    QTest.keyClick(QApplication.focusWidget() or window, key, held)


CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def test_a_chest_opens_with_lung_and_mediastinum_side_by_side(read: MainWindow) -> None:
    assert read.study_page.grid.layout_shown.name == "1x2"
    assert windows(read) == ["Lung", "Mediastinum"]
    assert read.panels.jobs.failures == ()


def test_the_report_and_the_rail_follow_a_hung_series(read: MainWindow) -> None:
    assert read.report.document is not None
    assert read.study_page.rail.currentIndex().row() == 0
    assert read.study_page.desk.active is read.study_page.desk.viewports[0]


def test_few_slices_open_as_ever_in_the_layout_used_last(
    qtbot: QtBot, hanging: MainWindow, study_folder: Path
) -> None:
    opened(qtbot, hanging, study_folder)

    assert hanging.hanging.shown is None
    assert hanging.study_page.grid.layout_shown.name == "1x1"


def test_hanging_can_be_switched_off(
    qtbot: QtBot, hanging: MainWindow, tmp_path: Path, options: OptionDesk
) -> None:
    hanging.panels.hanging.automatic.setChecked(False)

    opened(qtbot, hanging, chest(tmp_path / "chest"))

    assert options.get(schema.HANG_ON_OPEN) is False
    assert hanging.study_page.grid.layout_shown.name == "1x1"
    assert hanging.hanging.matches[0].protocol.protocol_id == "ct-chest"


def test_keys_go_through_the_protocols_and_back(read: MainWindow) -> None:
    read.study_page.grid.active.setFocus()

    press(read, Qt.Key.Key_F9)
    after_next = read.study_page.grid.layout_shown.name
    press(read, Qt.Key.Key_F9, SHIFT)

    assert after_next == "1x1"
    assert windows(read) == ["Lung", "Mediastinum"]


def test_reset_brings_the_arrangement_of_the_protocol_back(read: MainWindow) -> None:
    read.layouts.choose("2x2")
    read.study_page.grid.viewports[0].invert()
    read.study_page.grid.viewports[0].setFocus()

    press(read, Qt.Key.Key_F9, ALT)

    assert windows(read) == ["Lung", "Mediastinum"]
    assert not read.study_page.grid.viewports[0].state.value.is_inverted


def test_a_brain_fills_each_cell_with_its_contrast(
    qtbot: QtBot, hanging: MainWindow, tmp_path: Path
) -> None:
    opened(qtbot, hanging, brain(tmp_path / "brain"))

    shown = [
        one.content.volume.series.description
        for one in hanging.study_page.desk.viewports
        if one.content is not None
    ]
    assert shown == ["T2 tse", "FLAIR", "T1 tse"]


def test_what_the_reader_put_into_a_viewport_is_not_replaced(
    qtbot: QtBot, hanging: MainWindow, tmp_path: Path
) -> None:
    desk = hanging.study_page.desk

    def be_quick(_series: object) -> None:
        hanging.study.series_opened.disconnect(be_quick)
        hanging.study.show_in(desk.viewports[1], 0)

    hanging.study.series_opened.connect(be_quick)

    opened(qtbot, hanging, brain(tmp_path / "brain"))

    content = desk.viewports[1].content
    assert content is not None
    assert content.volume.series.description == "T1 tse"


def test_another_layout_of_the_reader_stops_the_filling(
    qtbot: QtBot, hanging: MainWindow, tmp_path: Path
) -> None:
    hanging.library.open_paths((brain(tmp_path / "brain"),))
    qtbot.waitUntil(lambda: hanging.study.imported is not None, timeout=WAIT_MS)

    hanging.layouts.choose("2x2")

    assert not hanging.hanging.filler.is_filling


def test_the_panel_tells_score_and_reasons_and_hangs_with_enter(
    qtbot: QtBot, read: MainWindow
) -> None:
    read.study_page.grid.active.setFocus()
    press(read, Qt.Key.Key_F9, CTRL)
    panel = read.panels.hanging
    qtbot.waitUntil(panel.list.hasFocus, timeout=WAIT_MS)
    first = panel.list.item(0).text()

    press(read, Qt.Key.Key_Down)
    press(read, Qt.Key.Key_Return)

    assert "CT chest" in first
    assert "One series" in panel.shown.text()
    assert '"chest" in: body part or description' in first
    assert read.hanging.shown is not None
    assert read.hanging.shown.protocol.protocol_id == "one-series"


def test_the_screen_is_saved_as_a_protocol_by_keys_and_wins_next_time(
    qtbot: QtBot, read: MainWindow, store: HangingStore, tmp_path: Path
) -> None:
    read.study_page.grid.viewports[1].set_window(read.study_page.grid.active.presets()[2])
    read.study_page.grid.active.setFocus()
    press(read, Qt.Key.Key_F9, CTRL, SHIFT)
    editor = read.panels.hanging.editor
    qtbot.waitUntil(editor.title.hasFocus, timeout=WAIT_MS)
    QTest.keyClicks(editor.title, "Lung and bone")
    editor.save.setFocus()

    press(read, Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: store.load().find("lung-and-bone") is not None, timeout=WAIT_MS)
    qtbot.waitUntil(
        lambda: read.hanging.matches[0].protocol.protocol_id == "lung-and-bone", timeout=WAIT_MS
    )
    read.study.close_study()
    opened(qtbot, read, chest(tmp_path / "again"))
    assert windows(read) == ["Lung", "Bone"]


def test_nothing_of_the_patient_is_proposed_or_written(
    qtbot: QtBot, read: MainWindow, store: HangingStore, tmp_path: Path
) -> None:
    read.hanging.save(read.hanging.proposal("Mine"))
    qtbot.waitUntil(lambda: store.load().find("mine") is not None, timeout=WAIT_MS)

    text = (tmp_path / "protocols" / "mine.toml").read_text("utf-8").lower()
    assert CANARY.split("^")[0].lower() not in text


def test_the_editor_tells_live_what_its_words_do(read: MainWindow) -> None:
    read.hanging.save_as()
    editor = read.panels.hanging.editor
    fitting = editor.state.text()

    editor.chips.show_words(())
    editor.chips.line.setText("head")
    QTest.keyClick(editor.chips.line, Qt.Key.Key_Return)

    assert "It fits the open study with 7 points" in fitting
    assert editor.chips.words == ("head",)
    assert "does not fit" in editor.state.text()
    assert editor.save.isEnabled()


def test_a_word_goes_with_del_and_the_cell_says_which_series_it_takes(read: MainWindow) -> None:
    read.hanging.save_as()
    editor = read.panels.hanging.editor
    before = editor.cells.item(0).text()
    editor.form.words.line.setText("nonsense")
    QTest.keyClick(editor.form.words.line, Qt.Key.Key_Return)

    chip = editor.form.words.findChildren(QToolButton)[0]
    QTest.keyClick(chip, Qt.Key.Key_Delete)

    assert "tiny" in before
    assert editor.form.words.words == ("nonsense",)
    assert "no series of this study" in editor.cells.item(0).text()


def test_a_cell_is_given_another_plane_and_slab(read: MainWindow) -> None:
    read.hanging.save_as()
    editor = read.panels.hanging.editor
    form = editor.form

    form.plane.setCurrentIndex(form.plane.findData(Plane.CORONAL.value))
    form.plane.activated.emit(form.plane.currentIndex())
    form.slab.setCurrentIndex(form.slab.findData("mip"))
    form.slab.activated.emit(form.slab.currentIndex())
    form.thickness.setValue(25.0)

    assert editor.protocol is not None
    view = editor.protocol.cells[0].view
    assert view.plane is Plane.CORONAL
    assert view.slab is not None
    assert view.slab.thickness_mm == 25.0


def test_a_deleted_protocol_comes_back_with_undo(
    qtbot: QtBot, read: MainWindow, store: HangingStore
) -> None:
    panel = read.panels.hanging
    read.hanging.show_panel()
    read.hanging.save(read.hanging.proposal("Mine"))
    qtbot.waitUntil(lambda: read.hanging.protocols.find("mine") is not None, timeout=WAIT_MS)
    rows = [panel.list.item(n).text() for n in range(panel.list.count())]
    panel.list.setCurrentRow(next(n for n, text in enumerate(rows) if text.startswith("Mine")))

    panel.delete.click()
    qtbot.waitUntil(lambda: read.hanging.protocols.find("mine") is None, timeout=WAIT_MS)
    panel.undo.click()

    qtbot.waitUntil(lambda: read.hanging.protocols.find("mine") is not None, timeout=WAIT_MS)
    assert store.load().find("mine") is not None


def test_ours_is_changed_and_reset(qtbot: QtBot, read: MainWindow) -> None:
    panel = read.panels.hanging
    read.hanging.show_panel()
    panel.list.setCurrentRow(0)
    panel.edit.click()
    panel.editor.title.setText("My chest")
    panel.editor.save.click()
    qtbot.waitUntil(lambda: read.hanging.matches[0].protocol.title == "My chest", timeout=WAIT_MS)
    panel.list.setCurrentRow(0)
    words = panel.delete.text()

    panel.delete.click()

    qtbot.waitUntil(
        lambda: read.hanging.matches[0].protocol.title.startswith("CT chest"), timeout=WAIT_MS
    )
    assert words == "Reset to ours"


def test_saving_a_protocol_moves_nothing_on_screen(
    qtbot: QtBot, read: MainWindow, store: HangingStore
) -> None:
    viewport = read.study_page.desk.active
    viewport.go_to_slice(3)
    before = viewport.state.value

    read.hanging.save(read.hanging.proposal("Mine"))

    qtbot.waitUntil(lambda: read.hanging.protocols.find("mine") is not None, timeout=WAIT_MS)
    assert read.study_page.desk.active is viewport
    assert viewport.state.value == before


def test_a_folder_that_cannot_be_written_is_said(
    qtbot: QtBot, read: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "protocols").write_text("in the way", "utf-8")
    with qtbot.waitSignal(read.hanging.said, timeout=WAIT_MS) as told:
        read.hanging.save(read.hanging.proposal("Mine"))

    assert "cannot be saved" in told.args[0]


def test_a_prior_in_the_rail_brings_its_protocol_and_moves_nothing_by_itself(
    qtbot: QtBot, read: MainWindow, tmp_path: Path
) -> None:
    tiny_series(tmp_path / "before", stack=CHEST, seed=2)
    prior = import_paths([tmp_path / "before"]).studies[0]

    read.study.add_prior(prior, "PRIOR")
    at_rest = windows(read)
    read.study_page.grid.active.setFocus()
    read.hanging.choose("ct-chest-prior")
    qtbot.waitUntil(
        lambda: all(one.content is not None for one in read.study_page.desk.viewports),
        timeout=WAIT_MS,
    )

    assert at_rest == ["Lung", "Mediastinum"]
    assert read.hanging.matches[0].protocol.protocol_id == "ct-chest-prior"
    assert windows(read) == ["Lung", "Lung", "Mediastinum", "Mediastinum"]
    shown = [one.content for one in read.study_page.desk.viewports if one.content is not None]
    assert len({content.volume.series.study.study_uid for content in shown}) == 2


def test_undo_after_hanging_brings_the_arrangement_back_and_redo_hangs_again(
    qtbot: QtBot, read: MainWindow
) -> None:
    grid = read.study_page.grid
    grid.set_layout(Layout.TWO)
    grid.active.go_to_slice(3)
    before = [(one, one.content and one.content.volume) for one in grid.viewports]

    read.hanging.step(1)
    qtbot.waitUntil(lambda: not read.hanging.filler.is_filling, timeout=WAIT_MS)
    hung = grid.layout_shown
    assert read.study_page.desk.marks.undo()

    assert grid.layout_shown == Layout.TWO
    qtbot.waitUntil(
        lambda: [(one, one.content and one.content.volume) for one in grid.viewports] == before,
        timeout=WAIT_MS,
    )
    assert grid.active.state.value.slice_index == 3
    assert read.study_page.desk.marks.redo()
    assert grid.layout_shown == hung


def test_hanging_as_a_study_opens_is_no_act(read: MainWindow) -> None:
    assert not read.study_page.desk.marks.undo()


def test_what_is_linked_on_screen_is_recorded_shown_and_kept(
    qtbot: QtBot, read: MainWindow, store: HangingStore
) -> None:
    state = read.links.desk.state
    state.set(replace(state.value, kinds=frozenset({LinkKind.SCROLL, LinkKind.WINDOW})))
    read.hanging.save_as()
    editor = read.panels.hanging.editor
    assert {name for name, box in editor.links.items() if box.isChecked()} == {"scroll", "window"}

    editor.links["zoom"].setFocus()
    QTest.keyClick(editor.links["zoom"], Qt.Key.Key_Space)
    editor.title.setText("Linked")
    editor.save.click()

    qtbot.waitUntil(lambda: store.load().find("linked") is not None, timeout=WAIT_MS)
    kept = store.load().find("linked")
    assert kept is not None
    assert kept.links == ("scroll", "zoom", "window")


def test_a_number_is_asked_for_weighed_and_required_in_the_panel(
    qtbot: QtBot, read: MainWindow, store: HangingStore
) -> None:
    read.hanging.save_as()
    editor = read.panels.hanging.editor
    rows = editor.form.rules
    rows.add.activated.emit(rows.add.findData(Attribute.SLICES))
    rows.add.setCurrentIndex(0)
    fields = {one.accessibleName(): one for one in rows.findChildren(QDoubleSpinBox)}

    fields["number of slices: from"].setValue(10)
    fields["number of slices: to"].setValue(30)
    fields["Points of: number of slices"].setValue(3)
    named = [one.accessibleName() for one in rows.findChildren(QCheckBox)]
    rows.findChildren(QCheckBox)[named.index("Required: number of slices")].setChecked(True)
    assert "tiny" in editor.cells.item(0).text()
    editor.title.setText("Counted")
    editor.save.click()

    qtbot.waitUntil(lambda: store.load().find("counted") is not None, timeout=WAIT_MS)
    kept = store.load().find("counted")
    assert kept is not None
    wanted = Rule(Attribute.SLICES, Operator.BETWEEN, (10.0, 30.0), 3.0, is_required=True)
    assert wanted in kept.cells[0].rules


def test_a_required_number_that_no_series_has_empties_its_cell_and_removing_it_fills_it(
    read: MainWindow,
) -> None:
    read.hanging.save_as()
    editor = read.panels.hanging.editor
    asked = Rule(Attribute.SLICES, Operator.BETWEEN, (900.0, 950.0), 2.0, is_required=True)
    before = editor.form.rules.rules

    editor.form._take_rules((*before, asked))
    editor.form.rules.show_rules((*before, asked))
    assert "no series of this study" in editor.cells.item(0).text()
    buttons = [
        one
        for one in editor.form.rules.findChildren(QPushButton)
        if one.accessibleName() == "Remove: number of slices"
    ]
    buttons[-1].click()

    assert editor.form.rules.rules == before
    assert "tiny" in editor.cells.item(0).text()


def test_an_end_pushed_past_the_other_takes_it_along(read: MainWindow) -> None:
    read.hanging.save_as()
    rows = read.panels.hanging.editor.form.rules
    rows.add.activated.emit(rows.add.findData(Attribute.B_VALUE))
    fields = {one.accessibleName(): one for one in rows.findChildren(QDoubleSpinBox)}

    fields["b-value: from"].setValue(2000)

    assert rows.rules[-1].operand == (2000.0, 2000.0)
