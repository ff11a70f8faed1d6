"""Every text that the window may say, found in the sources: what a catalog must hold.

Three ways lead here. What goes through a door (``tr``, ``count_of``) is taken where the door is
called; a constant of a module that goes through is looked up. Tables of the program (commands,
options, protocols, presets) are asked. Of the rooms below the window, which know no language,
every sentence is taken: a text of words that is no docstring, no log line and no programmer's
mistake. An f-string is its template: ``{0}`` for each value.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from tests.structure.sources import modules
from tests.support.data import REPOSITORY

DOORS = {
    "tr": (0,),
    "say": (0,),
    "count_of": (1, 2),
    "Sentence": (0,),
    "Request": (1,),
    "Submenu": (0,),
}
"""Functions that say a text, and which of their arguments are texts; jobs are named in requests."""

WINDOW = ("workstation/ui", "viewers/qt", "viewers/scene3d", "workstation/app.py")
"""Where texts are said through doors."""

ROOMS_BELOW = (
    *("workstation/core", "workstation/dicom", "workstation/exchange/research"),
    *("workstation/services", "workstation/settings", "workstation/library"),
    *("viewers/render", "viewers/state", "viewers/tools", "viewers/scene3d"),
    *("workstation/report/check", "workstation/report/lifecycle.py"),
    *("workstation/report/signing.py", "workstation/report/canonical.py"),
    *("workstation/exchange/contract", "workstation/exchange/movie"),
    *("workstation/printing/image_pages.py", "workstation/printing/pdf_signature.py"),
    *("workstation/printing/report_pdf.py",),
)
"""Where sentences for people are made that the window shows."""

NOT_SAID = (
    *("workstation/services/run_", "workstation/services/review_draft.py"),
    *("workstation/services/measure_packs.py", "workstation/services/machine_speed.py"),
    *("workstation/services/draft_", "workstation/services/compare_prior.py"),
    *("workstation/services/list_objects.py", "workstation/dicom/structured_report.py"),
    *("workstation/services/hanging_files.py", "workstation/services/hanging_table.py"),
    *("workstation/dicom/derived_images.py", "workstation/dicom/tags.py"),
    *("workstation/dicom/sop_classes.py", "workstation/dicom/phantom"),
    *("workstation/dicom/codecs.py", "workstation/dicom/transfer_syntaxes.py"),
    *("workstation/dicom/measurement_report_writer.py", "workstation/services/export_fhir"),
    *("viewers/state/layout.py", "viewers/state/fusion.py", "workstation/dicom/report_codes.py"),
    *("workstation/dicom/diffusion.py", "workstation/dicom/distinctions.py"),
)
"""Of these, what only the command line says, or what stands in files in the report's language.

Drafted sentences, templates and printed reports keep the language of the report: the border of
translation runs between what the program says to the reader and what the reader signs.
"""

NAMES_OF_FORMATS = frozenset(
    {
        "{0} on the images.",
        "Not stated by the source",
        "Verification Signature",
        "pdf series",
        "Report without a title",
        "Philips PET Private Group",
        "Presentation states",
        "Samples per Pixel",
        "Photometric Interpretation",
        "Bits Allocated",
        "Bits Stored",
        "High Bit",
        "Pixel Representation",
        "Philips MR Imaging",
        "a listener to loaded slices failed",
        "Structure set",
        "the file",
        "its pixels",
        "the bits",
        "its table",
        "this is a mosaic",
        "signed char",
        "unsigned char",
        "short int",
        "signed short",
        "signed short int",
        "unsigned short",
        "unsigned short int",
        "signed int",
        "unsigned int",
        "long long",
        "long long int",
        "signed long long",
        "signed long long int",
        "unsigned long long",
        "unsigned long long int",
        "data file",
        "byte skip",
        "line skip",
        "sample units",
        "space units",
        "space directions",
        "space origin",
        "space dimension",
        "hounsfield unit",
        "hounsfield units",
        "packed nifti",
        "Paper copy. Not for diagnosis.",
        "Inverted: black and white have changed places.",
        "True size: 1 mm on paper is 1 mm. Black edges are left out.",
        "The patient is not named on these pages.",
        "Patient not named",
        "Patient ID",
        "Birth date",
        "Study date",
        "Accession number",
        "Diagnostic imaging report",
        "{0} mm across, {1} mm down",
        "not known",
        "{0}, not to be relied on",
        "Stored values as 16-bit gray, written by Prelim. Not for diagnosis.",
        "every value is exact",
        "values are rounded to steps of {0}",
        "size of a pixel: {0}",
        "thickness of a slice: {0} mm",
        "bolus track",
        "dose report",
        "patient protocol",
        "screen save",
        "~/Library/Application Support/Prelim",
    }
)
"""Words of formats and of pages that leave the program; and how such texts begin."""

TABLES = {
    **{"workstation/ui/output_panel/panel.py:" + name: 1 for name in ("KINDS", "SCOPES", "FORMS")},
    **{
        "workstation/ui/output_panel/panel.py:" + name: 1
        for name in ("CODECS", "LAYOUTS", "PAPERS")
    },
    "workstation/ui/words.py:CONFIDENCE_WORDS": 1,
    "workstation/ui/key_map.py:FIXED_KEYS": 1,
    "workstation/dicom/object_files.py:KINDS": 1,
}
"""Tables whose words go through a door far from where they stand, and the column they stand in."""

SINGLE = (
    *("axial", "coronal", "sagittal", "oblique", "structured report", "presentation state"),
    *("Segmentation, {0}", "Scanner {0}", "binary", "fractional", "labelmap"),
    *("Writing pictures", "Writing a movie", "Making pages", "Writing a DICOM disk"),
    *("No such file or directory", "Permission denied", "No space left on device"),
    *("Read-only file system", "File exists", "Input/output error", "Is a directory", "3D", "Auto"),
    *("Not a directory", "A hanging protocol is left out"),
)
"""Words that reach a door from no table: planes, kinds of objects, jobs that a method starts, and
what the system says of files."""

CALLS_OF_MISTAKES = frozenset({"ValueError", "TypeError", "RuntimeError", "KeyError", "compile"})
CALLS_OF_MISTAKES |= {"debug", "info", "warning", "error", "exception", "TypeVar", "getLogger"}
CALLS_OF_MISTAKES |= {"AssertionError", "LookupError", "NotImplementedError", "OSError"}

_WORDS = re.compile(r"[A-Za-z][a-z]+(?:[ ,;:]+|-)\(?[A-Za-z]+")


def is_sentence(text: str) -> bool:
    """Whether a text of the rooms below reads as words for people."""
    if text in NAMES_OF_FORMATS or " " not in text or "\n" in text:
        return False
    return bool(_WORDS.search(text)) and not re.search(r"[\\<>=^]", text)


@cache
def constants() -> dict[str, ast.expr]:
    """Return the constants of all modules by name; a name of two modules by ``module.name``."""
    found: dict[str, ast.expr] = {}
    for path, tree in modules("workstation", "viewers"):
        for node in ast.walk(tree):
            targets: list[ast.expr] = []
            if isinstance(node, ast.Assign):
                targets = node.targets
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                targets = [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and target.id.strip("_").isupper():
                    assert isinstance(node, ast.Assign | ast.AnnAssign)
                    assert node.value
                    found[f"{path.as_posix()}:{target.id}"] = node.value
                    found[target.id] = node.value
    return found


def template(node: ast.JoinedStr) -> str:
    """Return an f-string as a template."""
    parts, count = [], 0
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value))
        else:
            parts.append(f"{{{count}}}")
            count += 1
    return "".join(parts)


def texts_in(node: ast.AST | None, path: str) -> Iterator[str]:
    """Yield the texts that an expression may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield template(node)
    for part in _parts(node, path):
        yield from texts_in(part, path)


def _parts(node: ast.AST | None, path: str) -> Iterable[ast.AST | None]:
    """Return the expressions that an expression takes its texts from."""
    found: Iterable[ast.AST | None] = ()
    match node:
        case ast.IfExp(body=one, orelse=other):
            found = (one, other)
        case ast.BoolOp(values=several) | ast.Tuple(elts=several) | ast.List(elts=several):
            found = several
        case ast.Set(elts=several) | ast.Dict(values=several):
            found = several
        case ast.Subscript(value=inner) | ast.Starred(value=inner) | ast.keyword(value=inner):
            found = (inner,)
        case ast.Attribute(attr=name) | ast.Name(id=name) if name.strip("_").isupper():
            found = (constants().get(f"{path}:{name}", constants().get(name)),)
        case ast.Call(func=ast.Attribute(value=inner, attr=act), args=several):
            found = (inner, *several) if act == "get" else (inner,)
        case ast.Call(args=several, keywords=named):
            found = (*several, *named)
    return found


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def said_through_doors() -> Iterator[tuple[str, str]]:
    """Yield (text, where) of each call of a door."""
    for path, tree in modules("workstation", "viewers"):
        loops = _loops(tree)
        for node in ast.walk(tree):
            places = DOORS.get(_name(node), ()) if isinstance(node, ast.Call) else ()
            for place in places:
                assert isinstance(node, ast.Call)
                said = node.args[place] if place < len(node.args) else None
                for text in (
                    *texts_in(said, path.as_posix()),
                    *_looped(said, loops, path.as_posix()),
                ):
                    yield text, f"{path}:{node.lineno}"


Loop = tuple[ast.expr, ast.expr]
"""What a loop sets, and what it goes through."""


def _loops(tree: ast.AST) -> list[Loop]:
    return [
        (node.target, node.iter)
        for node in ast.walk(tree)
        if isinstance(node, ast.For | ast.comprehension)
    ]


def _looped(said: ast.AST | None, loops: Sequence[Loop], path: str) -> Iterator[str]:
    """Yield the texts that a variable takes in a loop over literals or a constant."""
    if not isinstance(said, ast.Name):
        return
    for target, through in loops:
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        for place, name in enumerate(names):
            if isinstance(name, ast.Name) and name.id == said.id:
                where = place if isinstance(target, ast.Tuple) else None
                yield from _column(through, where, path)


def _column(through: ast.AST | None, place: int | None, path: str) -> Iterator[str]:
    """Yield the texts at a place of each row of a table; of all rows where there are no places."""
    match through:
        case ast.Call(func=ast.Attribute(value=inner, attr="items")) | ast.Call(args=[inner]):
            yield from _column(inner, place, path)
        case ast.Attribute(attr=name) | ast.Name(id=name) if name.strip("_").isupper():
            known = constants().get(f"{path}:{name}", constants().get(name))
            yield from _column(known, place, path)
        case ast.Dict(keys=keys, values=values):
            for row in keys if place == 0 else values:
                yield from texts_in(row, path)
        case ast.Tuple(elts=rows) | ast.List(elts=rows):
            for row in rows:
                is_row = isinstance(row, ast.Tuple) and place is not None
                yield from texts_in(row.elts[place] if is_row else row, path)  # type: ignore[attr-defined]


def said_below() -> Iterator[tuple[str, str]]:
    """Yield (text, where) of each sentence of the rooms below the window."""
    for path, tree in modules("workstation", "viewers"):
        name = path.as_posix()
        if not name.startswith(ROOMS_BELOW) or name.startswith(NOT_SAID):
            continue
        for text, line in _sentences(tree):
            yield text, f"{path}:{line}"


def _sentences(node: ast.AST) -> Iterator[tuple[str, int]]:
    if isinstance(node, ast.Call) and _name(node) in CALLS_OF_MISTAKES:
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and is_sentence(node.value):
            yield node.value, node.lineno
        return
    if isinstance(node, ast.JoinedStr):
        if is_sentence(template(node)):
            yield template(node), node.lineno
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield from _sentences(part.value)
        return
    for child in ast.iter_child_nodes(node):
        yield from _sentences(child)


def said_by_tables() -> Iterator[tuple[str, str]]:
    """Yield (text, where) of commands, options, protocols and presets."""
    from workstation.core.intensity import CT_WINDOWS, IntensityUnit
    from workstation.report.document import Section
    from workstation.settings import schema
    from workstation.ui.actions import COMMANDS
    from workstation.ui.command import Menu
    from workstation.ui.key_map import WHERE
    from workstation.ui.menus import CHOSEN_MARK, MENUS, MORE, Submenu
    from workstation.ui.tool_bar import BUTTONS

    yield from ((command.text, "commands") for command in COMMANDS)
    yield from ((menu.value, "menus") for menu in Menu)
    entries = (*(one for menu in MENUS.values() for one in menu), *MORE)
    yield from ((one.title, "menus") for one in entries if isinstance(one, Submenu))
    yield CHOSEN_MARK.title, "menus"
    yield from ((words, "contexts") for words in WHERE.values())
    yield from ((window.name, "windows") for window in CT_WINDOWS)
    yield from ((section.title, "sections") for section in Section)
    yield from ((unit.value, "units") for unit in IntensityUnit)
    yield from ((words, "toolbar") for group in BUTTONS for _, words in group)
    yield from ((text, "single words") for text in SINGLE)
    for name, column in TABLES.items():
        yield from ((text, name) for text in _column(constants()[name], column, ""))
    yield from ((title, "options") for title in schema.GROUP_TITLES.values())
    for option in schema.OPTIONS:
        yield option.title, "options"
        yield option.help, "options"
        yield from ((words, "options") for _, words in option.choices)
    for path in sorted((REPOSITORY / "resources" / "hanging_protocols").glob("*.toml")):
        yield from _protocol_texts(path)
    for path in sorted((REPOSITORY / "resources" / "volume_presets").glob("*.toml")):
        yield tomllib.loads(path.read_text("utf-8"))["name"], path.name


def _protocol_texts(path: Path) -> Iterator[tuple[str, str]]:
    stored = tomllib.loads(path.read_text("utf-8"))
    yield stored["title"], path.name
    for cell in stored.get("cells", stored.get("cell", ())):
        if cell.get("name"):
            yield cell["name"], path.name


@cache
def all_texts() -> dict[str, str]:
    """Return every text, and where it was met first."""
    found: dict[str, str] = {}
    for ways in (said_through_doors(), said_by_tables(), said_below()):
        for text, where in ways:
            if re.search(r"[A-Za-z]", text) and text not in NAMES_OF_FORMATS:
                found.setdefault(text, where)
    return found
