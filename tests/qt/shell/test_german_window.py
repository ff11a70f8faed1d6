"""The window in German: every page and panel opened with a study, and nothing left in English."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from workstation.core.errors import InputRefusedError
from workstation.settings.resources import resource
from workstation.ui.catalog import Catalog
from workstation.ui.language import CatalogTranslator, read_catalog, speak
from workstation.ui.main_window import MainWindow
from workstation.ui.words import tr

ENGLISH = re.compile(
    r"\b(the|of|and|is|are|not|nothing|this|with|your|slices?|series|stud(y|ies)|images?|show|"
    r"hide|window preset|open|close|save|report|next|previous|received|shown|no)\b",
    re.IGNORECASE,
)
"""Words of which an English text has at least one, and a German one none."""

SAID_BY = ("text", "toolTip", "accessibleName", "accessibleDescription", "placeholderText")

PRINTED = "PRELIMINARY - NOT SIGNED"
"""Stands so on the pages that leave; the window quotes it."""

PANELS = ("verdict", "objects", "jobs", "news", "help", "preferences", "export", "sign")

OPENERS = ("priors", "export_pictures", "hang_list", "reformat", "layout_4", "slab", "check")
"""Commands that open what no method of the window opens, or change what the viewports say."""


@pytest.fixture
def german(qapp: QApplication) -> Iterator[CatalogTranslator]:
    translator = speak(qapp, "de", notes_missing=True)
    assert translator is not None
    yield translator
    for one in qapp.findChildren(QTranslator):  # that of Qt's own texts, too
        qapp.removeTranslator(one)
        one.deleteLater()


def test_every_page_and_panel_speaks_german(
    qtbot: QtBot, german: CatalogTranslator, drafted: MainWindow
) -> None:
    english: set[str] = set()
    for name in PANELS:
        getattr(drafted, f"show_{name}")()
        qtbot.wait(1)
        english |= _english_on(drafted)
        drafted.close_panel()
    actions = {action.data(): action for action in drafted.findChildren(QAction)}
    for command_id in OPENERS:
        actions[command_id].trigger()
        qtbot.wait(1)
        english |= _english_on(drafted)
        drafted.close_panel()
    drafted.show_worklist()
    english |= _english_on(drafted)
    drafted.show_first_run()
    english |= _english_on(drafted)

    assert {text for text in english if not _is_of_the_report(text, drafted)} == set()
    assert german.missing == set()


@pytest.mark.usefixtures("german")
def test_an_error_is_told_in_german_sentence_by_sentence() -> None:
    error = InputRefusedError(
        "The file cannot be opened", why="the file is empty", todo="copy it again from its source"
    )

    assert tr(str(error)) == (
        "Die Datei kann nicht geöffnet werden. Die Datei ist leer. "
        "Noch einmal von der Quelle kopieren."
    )


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("english", "said"),
    [
        (
            "The series cannot be laid over another because there is only one slice.",
            "Die Serie lässt sich nicht über eine andere legen: es gibt nur eine Schicht.",
        ),
        (
            "1 slice is missing between 4 and 6 (at 10.0 to 20.0 mm)",
            "1 Schicht fehlt zwischen 4 und 6 (bei 10.0 bis 20.0 mm)",
        ),
        (
            "The file cannot be written. Permission denied.",
            "Die Datei kann nicht geschrieben werden. Zugriff verweigert.",
        ),
        (
            "2 slices are missing beyond 4 (from 8.0 mm on). Other planes are empty there.",
            "2 Schichten fehlen jenseits von 4 (ab 8.0 mm). Andere Ebenen sind dort leer.",
        ),
        (
            "The file holds 8 bytes more than its header explains.",
            "Die Datei enthält 8 Bytes mehr, als ihre Kopfdaten erklären.",
        ),
    ],
)
def test_plain_text_is_recognized_by_its_template(english: str, said: str) -> None:
    assert tr(english) == said


def test_names_and_numbers_are_left_as_they_are() -> None:
    catalog = Catalog(read_catalog(resource("i18n") / "de.ts"))

    assert [catalog.say(text) for text in ("Huber", "12.5 mm", "b1000", "Sag T2 TSE")] == [None] * 4


def _english_on(window: MainWindow) -> set[str]:
    return {
        text
        for widget in (window, *window.findChildren(QWidget))
        for text in _texts_of(widget)
        if ENGLISH.search(text)
    }


def _texts_of(widget: QWidget) -> Iterator[str]:
    for name in SAID_BY:
        read = getattr(widget, name, None)
        text = read() if callable(read) else ""
        if isinstance(text, str):
            yield text


def _is_of_the_report(text: str, window: MainWindow) -> bool:
    """Whether a text holds words of the draft: the report keeps its own language."""
    document = window.report.document
    assert document is not None
    asked = (question.statement for question in document.questions)
    said = {statement.text for statement in (*document.statements, *asked)}
    said |= {fact.reason for fact in document.facts if fact.reason} | {PRINTED}
    return any(words in text for words in said)
