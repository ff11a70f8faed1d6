"""A stored result beside its source series: held, drawn over and measured as a fresh one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pytestqt.qtbot import QtBot

from tests.qt.shell.conftest import WAIT_MS
from tests.support.series import ramp_voxels, tiny_series, tiny_stack
from viewers.qt.viewport import ViewportWidget
from viewers.render.frame import Frame
from viewers.state.view_state import Compare
from workstation.core.intensity import Window
from workstation.core.provenance import PackRef, PixelKind
from workstation.dicom.derived_images import (
    Derivation,
    DerivedSeries,
    DerivedSlice,
    SourceFrame,
    write_derived_series,
)
from workstation.ui.main_window import MainWindow

SHAPE = (6, 24, 20)
ADDED = 40
GRAYS_PER_HU = 0.5
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def stored_result(folder: Path, *, keeps_source: bool = True, is_elsewhere: bool = False) -> None:
    """Write a series and what a model made of it: every value 40 HU higher."""
    stack, voxels = tiny_stack(shape_kji=SHAPE), ramp_voxels(SHAPE)
    files = tiny_series(folder / "source", stack=stack, voxels=voxels)
    places = [[float(v) for v in pydicom.dcmread(file).ImagePositionPatient] for file in files]
    files = [file for _, file in sorted(zip([p[2] for p in places], files, strict=True))]
    away = np.array([0.0, 0.0, 500.0 if is_elsewhere else 0.0])
    derivation = Derivation(
        False, PackRef("ct-denoise", "1.0.0", "ab" * 32), "less noise", 0.6, 20.0, "HU", "CPU"
    )
    write_derived_series(
        DerivedSeries(derivation, None, None, "Prelim 0.1.0", NOW),
        [
            DerivedSlice(
                voxels[k] + ADDED,
                stack.positions_mm[k] + away,
                SourceFrame(file),
                (SourceFrame(file),),
            )
            for k, file in enumerate(files)
        ],
        folder / "made",
    )
    if not keeps_source:
        for file in files:
            file.unlink()


def open_result(qtbot: QtBot, window: MainWindow, folder: Path, series: int = 2) -> ViewportWidget:
    window.library.open_paths((folder,))
    qtbot.waitUntil(lambda: len(window.study.items) == series, timeout=WAIT_MS)
    kinds = [item.display_set.provenance.kind for item in window.study.items]
    window.study.show_row(kinds.index(PixelKind.ENHANCED))
    viewport = window.study_page.desk.active

    def is_in() -> bool:
        shown = window.study.shown_series
        return bool(
            shown and shown.has_ended and shown.volume.provenance.kind is PixelKind.ENHANCED
        )

    qtbot.waitUntil(is_in, timeout=WAIT_MS)
    return viewport


def has_original(viewport: ViewportWidget) -> bool:
    return viewport.content is not None and viewport.content.original is not None


def grays(frame: Frame | None) -> np.ndarray:
    assert frame is not None
    return frame.pixels.astype(int)


def shown(viewport: ViewportWidget) -> np.ndarray:
    return grays(viewport._model.frame())


def assert_brighter(made: np.ndarray, original: np.ndarray) -> None:
    """Assert that one picture is the other, by what was added to its values."""
    np.testing.assert_allclose(made - original, ADDED * GRAYS_PER_HU, atol=1)


@pytest.fixture
def result(tmp_path: Path, qtbot: QtBot, window: MainWindow) -> ViewportWidget:
    stored_result(tmp_path)
    viewport = open_result(qtbot, window, tmp_path)
    qtbot.waitUntil(lambda: has_original(viewport), timeout=WAIT_MS)
    viewport.go_to_first()
    viewport.set_window(Window(-375, 255 / GRAYS_PER_HU))
    return viewport


def test_holding_shows_the_slice_of_the_source_at_the_same_place(
    window: MainWindow, result: ViewportWidget
) -> None:
    made = shown(result)

    window.enhance.hold(True)
    held = shown(result)
    notice = result.notice_text()
    window.enhance.hold(False)

    assert_brighter(made, held)
    assert "ORIGINAL" in notice
    np.testing.assert_array_equal(shown(result), made)
    assert "ENHANCED" in result.notice_text()
    assert "ct-denoise" in result.notice_text()


def test_the_curtain_and_the_pair_compare_it_too(
    window: MainWindow, result: ViewportWidget
) -> None:
    window.enhance.compare("curtain")
    frame = result._model.frame()
    assert result.state.value.compare is Compare.CURTAIN
    assert frame is not None
    assert frame.original is not None
    assert_brighter(grays(frame), grays(frame.original))
    window.enhance.compare("curtain")

    window.enhance.toggle_pair()

    left, right = window.enhance.compares.pair.viewports
    assert_brighter(shown(right), shown(left))


def test_a_difference_is_not_shown_and_that_is_said(
    qtbot: QtBot, window: MainWindow, result: ViewportWidget
) -> None:
    with qtbot.waitSignal(window.enhance.said) as said:
        window.enhance.compare("difference")

    assert "curtain" in said.args[0]
    assert result.state.value.compare is Compare.RESULT


def test_what_is_measured_on_it_is_measured_on_the_source(result: ViewportWidget) -> None:
    assert result.content is not None
    measured = result.content.measured

    assert measured is not None
    assert measured.provenance.kind is PixelKind.ORIGINAL
    np.testing.assert_array_equal(result.content.volume.voxels - measured.voxels, ADDED)


def test_the_view_stays_when_the_source_comes(
    tmp_path: Path, qtbot: QtBot, window: MainWindow
) -> None:
    stored_result(tmp_path)
    viewport = open_result(qtbot, window, tmp_path)
    viewport.go_to_last()
    before = viewport.state.value

    qtbot.waitUntil(lambda: has_original(viewport), timeout=WAIT_MS)

    assert viewport.state.value == before


@pytest.mark.parametrize("without", ["source", "place"])
def test_a_result_without_its_source_at_its_place_stands_alone(
    tmp_path: Path, qtbot: QtBot, window: MainWindow, without: str
) -> None:
    stored_result(tmp_path, keeps_source=without != "source", is_elsewhere=without == "place")
    viewport = open_result(qtbot, window, tmp_path, series=1 if without == "source" else 2)

    window.enhance.originals.follow()
    qtbot.wait(50)

    assert not has_original(viewport)
    assert "hold" not in viewport.notice_text()


def test_a_scanned_series_gets_nothing_behind(
    qtbot: QtBot, window: MainWindow, result: ViewportWidget
) -> None:
    kinds = [item.display_set.provenance.kind for item in window.study.items]
    window.study.show_row(kinds.index(PixelKind.ORIGINAL))
    qtbot.waitUntil(
        lambda: (
            result.content is not None
            and result.content.volume.provenance.kind is PixelKind.ORIGINAL
        ),
        timeout=WAIT_MS,
    )

    assert not has_original(result)
