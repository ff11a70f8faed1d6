"""German is whole: every text of the program has it, and every text goes through the one door."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.structure.sources import modules
from tests.support.texts import WINDOW, all_texts, is_sentence, template
from tests.support.translations import stored

SETTERS = frozenset(
    {
        *("setText", "setToolTip", "setAccessibleName", "setAccessibleDescription"),
        *("setPlaceholderText", "setWindowTitle", "setTitle", "addAction", "addItem", "addTab"),
        *("QLabel", "QPushButton", "QCheckBox", "QGroupBox", "label", "button", "tool_button"),
        *("emit", "show_result", "show_message", "empty_notice"),
    }
)
"""What puts a text before the reader."""

PLACES = re.compile(r"\{\d+[^}]*\}")


@pytest.fixture(scope="module")
def german() -> dict[str, str]:
    return stored()


def test_every_text_of_the_program_has_its_german(german: dict[str, str]) -> None:
    lacking = {text: where for text, where in all_texts().items() if not german.get(text)}

    assert lacking == {}, "python -m tests.support.translations lists and adds them"


def test_no_translation_is_kept_that_nothing_says(german: dict[str, str]) -> None:
    assert sorted(german.keys() - all_texts().keys()) == []


def test_a_translation_holds_the_values_of_its_text(german: dict[str, str]) -> None:
    differ = [
        text
        for text, said in german.items()
        if said and set(PLACES.findall(text)) != set(PLACES.findall(said))
    ]

    assert differ == []


def test_a_translation_ends_as_its_text_does(german: dict[str, str]) -> None:
    differ = [
        text
        for text, said in german.items()
        if said and text.endswith((".", "…")) != said.endswith((".", "…"))
    ]

    assert [text for text in differ if text not in {"min", "max"}] == []


def test_german_quotes_are_german(german: dict[str, str]) -> None:
    wrong = [said for said in german.values() if "“" in said and "„" not in said]

    assert wrong == []


def test_no_text_reaches_the_reader_past_the_door() -> None:
    bare = [
        f"{path}:{node.lineno} {text}"
        for path, tree in modules("workstation", "viewers")
        if path.as_posix().startswith(WINDOW)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _name(node) in SETTERS
        for text in _bare(node)
    ]

    assert bare == []


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _bare(call: ast.Call) -> Iterator[str]:
    """Yield the English sentences among the arguments that went through no door."""
    for argument in call.args:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            text = argument.value
        elif isinstance(argument, ast.JoinedStr):
            text = re.sub(r"\{\d+\}", "", template(argument))
        else:
            continue
        if is_sentence(text):
            yield text
