"""The table of the 32 traps is whole, and each test that it names exists."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.support.data import REPOSITORY

TABLE = REPOSITORY / "resources" / "help" / "traps.md"
COUNT = 32
"""Traps of DESIGN section 5."""

ROW = re.compile(r"^\| (\d+) \|(.+)\|(.+)\|(.+)\|(.+)\|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def _rows() -> dict[int, tuple[str, ...]]:
    found = ROW.findall(TABLE.read_text("utf-8"))
    return {int(number): tuple(cell.strip() for cell in cells) for number, *cells in found}


@cache
def _tests_of(path: str) -> frozenset[str]:
    tree = ast.parse((REPOSITORY / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_trap_is_in_the_table_once_and_in_order() -> None:
    assert list(_rows()) == list(range(1, COUNT + 1))


@pytest.mark.parametrize("number", range(1, COUNT + 1))
def test_a_trap_says_what_is_done_and_is_held_by_tests_that_exist(number: int) -> None:
    trap, done, held_by, truth = _rows()[number]
    named = NAMED.findall(held_by)

    assert all((trap, done, truth))
    assert len(named) >= 2
    for path, test in named:
        assert (REPOSITORY / path).is_file(), path
        assert test in _tests_of(path), f"{path} has no {test}"


def test_the_command_that_the_table_names_is_there() -> None:
    text = TABLE.read_text("utf-8")

    assert "python -m tests.support.mutations" in text
    assert "def main" in (REPOSITORY / "tests" / "support" / "mutations.py").read_text("utf-8")
