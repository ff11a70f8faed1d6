"""The window speaks the language that was chosen; what a catalog lacks stays English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from workstation.core.sentence import Sentence
from workstation.ui.language import CatalogTranslator, chosen_language, languages, read_catalog
from workstation.ui.words import tr

CATALOG = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_US">
<context><name>Prelim</name>
<message><source>slice {0}</source><translation>Schicht {0}</translation></message>
<message><source>See {0}</source><translation>Siehe {0}</translation></message>
<message><source>Half</source><translation type="unfinished">Halb</translation></message>
<message><source>Empty</source><translation></translation></message>
</context></TS>
"""


@pytest.fixture
def german(qapp: QApplication, tmp_path: Path) -> Iterator[CatalogTranslator]:
    (tmp_path / "de.ts").write_text(CATALOG, encoding="utf-8")
    translator = CatalogTranslator(read_catalog(tmp_path / "de.ts"), qapp, notes_missing=True)
    qapp.installTranslator(translator)
    yield translator
    qapp.removeTranslator(translator)


@pytest.mark.usefixtures("german")
def test_sentences_of_the_rooms_below_are_said_with_their_values() -> None:
    assert tr(Sentence("See {0}", Sentence("slice {0}", 7))) == "Siehe Schicht 7"


def test_what_is_not_there_or_not_finished_stays_english(german: CatalogTranslator) -> None:
    assert [tr(text) for text in ("Half", "Empty", "Never heard of")] == [
        "Half",
        "Empty",
        "Never heard of",
    ]
    assert german.missing == {"Half", "Empty", "Never heard of"}


def test_qt_asks_in_its_own_contexts_and_is_not_counted(german: CatalogTranslator) -> None:
    assert QCoreApplication.translate("QFileDialog", "Look in:") == "Look in:"
    assert german.missing == set()


def test_an_unknown_language_is_english() -> None:
    assert set(languages()) >= {"en", "de"}
    assert chosen_language("de") == "de"
    assert chosen_language("xx") == "en"


def test_words_of_patients_are_not_kept_in_the_program(qapp: QApplication) -> None:
    translator = CatalogTranslator({"Studies": "Untersuchungen"}, qapp)

    assert translator.translate("Prelim", "A sentence of a report") is None
    assert translator.missing == set()
