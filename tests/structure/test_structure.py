"""Sizes, docstrings, names and words: what CONVENTIONS says of files and functions."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.structure.sources import ROOMS, functions, length, modules
from tests.support.data import REPOSITORY

LONGEST_FUNCTION = 60
LONGEST_FILE = 600
FORBIDDEN_WORDS = re.compile(r"(Manager|Helper|Utils?|Data|Info|Handler)$")
TOP_LEVEL = {
    *("pyproject.toml", "workstation", "inference", "viewers", "resources", "installers", "tests"),
    *("README.md", "LICENSE", "CHANGELOG.md", "constraints.txt"),
}


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = [
        f"{path}:{function.lineno} {function.name} {length(function)}"
        for path, tree in modules(*ROOMS, "tests")
        for function in functions(tree)
        if length(function) > LONGEST_FUNCTION
    ]

    assert long == []


def test_no_file_is_longer_than_six_hundred_lines() -> None:
    long = [
        str(path)
        for path, _ in modules(*ROOMS, "tests")
        if len((REPOSITORY / path).read_text("utf-8").splitlines()) > LONGEST_FILE
    ]

    assert long == []


def test_every_module_opens_with_what_lives_there() -> None:
    bare = [str(path) for path, tree in modules(*ROOMS) if ast.get_docstring(tree) is None]

    assert bare == []


def test_no_module_is_named_for_leftovers() -> None:
    names = {path.stem for path, _ in modules(*ROOMS)}

    assert names.isdisjoint({"utils", "util", "helpers", "common", "misc", "base"})


def test_no_class_is_named_for_nothing() -> None:
    vague = [
        f"{path} {node.name}"
        for path, tree in modules(*ROOMS)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and FORBIDDEN_WORDS.search(node.name)
    ]

    assert vague == []


def test_nothing_prints_and_nothing_is_left_to_do() -> None:
    lines = [
        f"{path}: {line.strip()}"
        for path, _ in modules(*ROOMS)
        for line in (REPOSITORY / path).read_text("utf-8").splitlines()
        if re.search(r"\bTODO\b|\bFIXME\b|raise NotImplementedError|^\s*print\(", line)
    ]

    assert lines == []


def test_public_names_that_a_package_lists_exist() -> None:
    for path, tree in modules(*ROOMS):
        listed = [
            node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)
        ]
        for value in listed:
            names = set(ast.literal_eval(value))
            assert names <= _names(tree), f"{path} lists names it does not have"


def _names(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Name):
            found.add(node.id)
    return found


def _tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("this is not a git checkout")
    return listed.stdout.splitlines()


def test_the_top_of_the_tree_holds_only_what_the_design_names() -> None:
    top = {name.split("/")[0] for name in _tracked()}

    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_no_machine_or_registry_is_named_in_the_tree() -> None:
    # Written apart so that this file does not find itself.
    forbidden = re.compile(
        "|".join((r"(?<![\w.])/(?:wo" + r"rk|ro" + r"ot)/[a-z]", "pypi" + r"\.org/simple"))
    )
    texts = {".py", ".toml", ".md", ".txt", ".json", ".sh", ".ps1", ""}
    named = [
        name
        for name in _tracked()
        if Path(name).suffix in texts
        and (REPOSITORY / name).is_file()
        and forbidden.search((REPOSITORY / name).read_text("utf-8", errors="replace"))
    ]

    assert named == []


def test_all_packs_together_stay_small_enough_for_git() -> None:
    packs = REPOSITORY / "resources" / "model_packs"
    size = sum(path.stat().st_size for path in packs.rglob("*") if path.is_file())

    assert 0 < size <= 60 * 2**20
