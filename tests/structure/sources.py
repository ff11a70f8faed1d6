"""The Python sources of the project, parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.data import REPOSITORY

ROOMS = ("workstation", "inference", "viewers")


@cache
def modules(*rooms: str) -> tuple[tuple[Path, ast.Module], ...]:
    """Return (path relative to the repository, tree) of each module of the rooms."""
    found = []
    for room in rooms:
        for path in sorted((REPOSITORY / room).rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"), filename=str(path))
            found.append((path.relative_to(REPOSITORY), tree))
    return tuple(found)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method of a module, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.AST) -> int:
    """Return the number of lines of a function, its docstring not counted."""
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    first = node.body[0]
    has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (node.end_lineno or 0) - node.lineno + 1 - docstring
