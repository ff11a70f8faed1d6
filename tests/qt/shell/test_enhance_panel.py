"""The panel of noise and bias, and the line below the images: figures, limits, words that fit."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from inference.tasks.denoise import EnhancementFigures
from tests.qt.shell.conftest import WAIT_MS
from workstation.services.enhance_choices import EnhanceTask
from workstation.ui.enhance_bar import fitting_words
from workstation.ui.enhance_figures import figures_shown
from workstation.ui.enhance_run import Run, Stage
from workstation.ui.main_window import MainWindow


def stages(window: MainWindow) -> list[Stage]:
    return [run.stage for run in window.enhance.runs]


def test_what_is_over_its_limit_stands_first_in_the_panel() -> None:
    run = Run(0, EnhanceTask.LESS_NOISE, stage=Stage.DONE, strength=0.5)
    run.figures = EnhancementFigures(
        sigma_before=20.0, sigma_after=8.0, bias=0.4, bias_by_tissue=(("fat", 9.0),)
    )

    found = figures_shown(run, "HU")

    # Nine HU at full strength are four and a half at half of it, over the limit of three.
    assert found.rows[0].is_over
    assert found.rows[0].after == "+4.50 HU"
    assert "over the limit" in found.warnings[0]
    assert not any(row.is_over for row in found.rows[1:])


def test_the_panel_shows_noise_before_and_after(qtbot: QtBot, reading: MainWindow) -> None:
    reading.enhance.toggle("denoise")
    qtbot.waitUntil(lambda: stages(reading) == [Stage.DONE], timeout=WAIT_MS)

    reading.enhance.show_panel()

    labels = reading.panels.enhance.findChildren(QLabel)
    words = [one.text().replace("\N{NO-BREAK SPACE}", " ") for one in labels]
    assert "20 HU" in words
    assert "14 HU (\N{MINUS SIGN}30 %)" in words, "at the half that is shown"


def test_a_line_that_is_too_narrow_never_cuts_a_figure_in_two(qtbot: QtBot) -> None:
    del qtbot
    text = "noise 27.7 → 22.2 HU, mean shift +0.02 HU, 4.5 s"
    metrics = QFontMetrics(QApplication.font())
    whole = metrics.horizontalAdvance(text)

    shown = {fitting_words(text, room, metrics) for room in range(whole + 1)}

    assert shown == {
        "…",
        "noise 27.7 → 22.2 HU …",
        "noise 27.7 → 22.2 HU, mean shift +0.02 HU …",
        text,
    }
