"""The table of viewer features is whole, and each test and command that it names exists."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.support.data import REPOSITORY
from workstation.ui.actions import COMMANDS

TABLE = REPOSITORY / "resources" / "help" / "viewer_features.md"

SECTIONS = {
    "Loading": 15,
    "Worklist and memory": 3,
    "Display": 10,
    "Measuring and marking": 9,
    "Report": 3,
    "Output": 4,
    "Environment": 14,
    "Enhancement": 12,
    "What nobody has": 15,
}
"""Rows of each part: those of the comparison the table answers, ours, and its fifteen gaps."""

ROW = re.compile(r"^\| ([^|]+) \| (yes|partly|no) \| ([^|]*) \| ([^|]+) \|$")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
COMMAND = re.compile(r"`([a-z]\w*)`")
PROGRAM = "prelim"
REASON = re.compile(r"issue \d|no issue yet|not planned", re.IGNORECASE)


def _parts() -> dict[str, list[tuple[str, ...]]]:
    parts: dict[str, list[tuple[str, ...]]] = {}
    title = ""
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            title = line.removeprefix("## ")
        elif row := ROW.match(line):
            parts.setdefault(title, []).append(row.groups())
    return parts


ROWS = [row for rows in _parts().values() for row in rows]


@cache
def _tests_of(path: str) -> frozenset[str]:
    tree = ast.parse((REPOSITORY / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_feature_of_the_comparison_has_its_row() -> None:
    assert {title: len(rows) for title, rows in _parts().items()} == SECTIONS
    names = [name for name, *_ in ROWS]
    assert len(names) - len(set(names)) <= 1  # "Accessibility" is a feature and a gap


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_feature_names_its_tests_or_says_why_not(row: tuple[str, ...]) -> None:
    _, answer, reached, held = row
    named = NAMED.findall(held)

    if answer == "no":
        assert REASON.search(held)
        return
    assert named
    for path, test in named:
        assert (REPOSITORY / path).is_file(), path
        assert test in _tests_of(path), f"{path} has no {test}"
    assert reached


def test_every_command_that_the_table_names_exists() -> None:
    known = {one.command_id for one in COMMANDS} | {PROGRAM}
    named = {name for row in ROWS for cell in row[2:] for name in COMMAND.findall(cell)}

    assert named - known == set()
