"""Hanging protocols as TOML text: strict reading, and writing that reads back the same."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from viewers.state.hanging import (
    ENHANCEMENTS,
    LINK_NAMES,
    Attribute,
    CellView,
    HangingProtocol,
    HungCell,
    Operand,
    Operator,
    Rule,
)
from viewers.state.layout import Layout, LayoutError
from viewers.state.slab import THICKNESSES_MM, Projection, Slab
from viewers.state.view_state import MAX_ZOOM, MIN_ZOOM, Plane, Tool
from workstation.core.intensity import CT_WINDOWS, Window
from workstation.services.hanging_table import HangingFileError, ProtocolTable, finite

FORMAT = 1
"""Version of this form of file; a file of another one is refused."""

MAX_FILE_BYTES = 200_000
"""Largest file read; ours are under 4 kB, and a parser should not be fed gigabytes."""

MAX_SCREENS = 8
"""Screens a protocol can speak of."""

LEAST_WIDTH = 1e-6
"""Narrowest window: the step of the finest stored values."""

STARTS = {"first": 0.0, "middle": 0.5, "last": 1.0}
"""Names of the places where a cell starts; anything between is a number from 0 to 1."""

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_TOP = (
    *("format", "id", "version", "title", "fewest_cells", "keep_empty", "links", "tool"),
    *("enhance", "layout", "study", "cells"),
)
_CELL = (
    *("name", "needed", "plane", "window", "slab", "zoom", "start", "invert", "same_as"),
    *("fused", "enhanced", "weight", "screen", "series"),
)
_RULE = ("of", *(one.value for one in Operator), "weight", "required")


def read_file(path: Path, *, is_own: bool = False) -> HangingProtocol:
    """Return the protocol of a file.

    Raises:
        HangingFileError: it cannot be read or is none; the sentence says where and what to do.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            todo = "Choose a file that Prelim or a colleague wrote as a hanging protocol"
            raise HangingFileError(path.name, "", "is too large for a hanging protocol", todo)
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        todo = "Check that the file is there, can be read, and is text in UTF-8"
        raise HangingFileError(path.name, "", "cannot be read", todo) from error
    return read_text(text, path.name, is_own=is_own)


def read_text(text: str, file: str, *, is_own: bool = False) -> HangingProtocol:
    """Return the protocol of a TOML text.

    Args:
        text: the text.
        file: name of its file, for refusals.
        is_own: whether the reader made it.

    Raises:
        HangingFileError: it is none.
    """
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        why = f"is not TOML: {error}" if isinstance(error, ValueError) else "is nested too deep"
        raise HangingFileError(file, "", why, "Mend the line, or write the file again") from error
    table = ProtocolTable(raw, file)
    table.whole("format", 0, least=FORMAT, most=FORMAT)
    protocol_id = table.text("id")
    if not _ID.fullmatch(protocol_id):
        todo = "Use small letters, digits and hyphens, e.g. ct-chest"
        raise table.refused("id", "is no name for a protocol", todo)
    layout = _layout(table)
    cells = tuple(_cell(one, number) for number, one in enumerate(table.tables("cells")))
    if len(cells) != len(layout.cells):
        why = f"are {len(cells)}, and the layout has {len(layout.cells)} places"
        raise table.refused("cells", why, "Write one [[cells]] for each place of the layout")
    tool = table.choice("tool", [one.value for one in Tool], "")
    made = HangingProtocol(
        protocol_id=protocol_id,
        title=table.text("title"),
        rules=tuple(map(_rule, table.tables("study"))),
        layout=layout,
        cells=cells,
        version=table.whole("version", 1, least=1, most=1_000_000),
        fewest=table.whole("fewest_cells", 1, least=1, most=max(len(cells), 1)),
        keeps_empty=table.truth("keep_empty"),
        links=_links(table),
        tool=Tool(tool) if tool else None,
        enhance=table.choice("enhance", ENHANCEMENTS, ""),
        is_own=is_own,
    )
    table.close(_TOP)
    return made


def as_toml(protocol: HangingProtocol) -> str:
    """Return the text of a file that reads back as the protocol."""
    lines = [
        f"format = {FORMAT}",
        f"id = {_quoted(protocol.protocol_id)}",
        f"version = {protocol.version}",
        f"title = {_quoted(protocol.title)}",
        f"fewest_cells = {protocol.fewest}",
    ]
    if protocol.keeps_empty:
        lines.append("keep_empty = true")
    if protocol.links:
        lines.append(f"links = {_list(protocol.links)}")
    if protocol.tool is not None:
        lines.append(f"tool = {_quoted(protocol.tool.value)}")
    if protocol.enhance:
        lines.append(f"enhance = {_quoted(protocol.enhance)}")
    lines += ["", "[layout]", *_layout_lines(protocol.layout)]
    for rule in protocol.rules:
        lines += ["", "[[study]]", *_rule_lines(rule)]
    for cell in protocol.cells:
        lines += ["", "[[cells]]", *_cell_lines(cell)]
        for rule in cell.rules:
            lines += ["", "[[cells.series]]", *_rule_lines(rule)]
    return "\n".join(lines) + "\n"


# Reading


def _layout(table: ProtocolTable) -> Layout:
    found = table.free("layout")
    try:
        return Layout.from_data({"name": found} if isinstance(found, str) else found)
    except LayoutError as error:
        todo = 'Write name = "1x1" to "4x4" (rows x columns), "mpr", or cells that fill the square'
        raise table.refused("layout", f"is no layout: {error}", todo) from error


def _links(table: ProtocolTable) -> tuple[str, ...]:
    found = table.texts("links", default=())
    unknown = [one for one in found if one not in LINK_NAMES]
    if unknown:
        todo = f"Write some of: {', '.join(LINK_NAMES)}"
        raise table.refused("links", f'names "{unknown[0]}", which links nothing', todo)
    return found


def _cell(table: ProtocolTable, number: int) -> HungCell:
    same_as = 0
    if table.has("same_as"):
        if number == 0:
            raise table.refused("same_as", "has no cell before it", "Take the line out")
        same_as = table.whole("same_as", 0, least=1, most=number)
    made = HungCell(
        name=table.text("name"),
        rules=tuple(map(_rule, table.tables("series"))),
        view=_view(table),
        same_as=same_as - 1,
        is_needed=table.truth("needed"),
        is_fused=table.truth("fused"),
        weight=table.number("weight", 1.0, least=0.0),
        screen=table.whole("screen", 0, least=0, most=MAX_SCREENS),
    )
    table.close(_CELL)
    return made


def _view(table: ProtocolTable) -> CellView:
    return CellView(
        plane=Plane(table.choice("plane", [one.value for one in Plane], Plane.ACQUIRED.value)),
        window=_window(table),
        slab=_slab(table),
        zoom=_zoom(table),
        start=_start(table),
        is_inverted=table.truth("invert"),
        is_enhanced=table.truth("enhanced"),
    )


def _window(table: ProtocolTable) -> str | Window:
    if not table.has("window"):
        return ""
    named = [one.name for one in CT_WINDOWS]
    found = table.free("window")
    if isinstance(found, str):
        if found not in named:
            todo = f"Write one of {', '.join(named)}, or [center, width]"
            raise table.refused("window", f'is "{found}", which is no window', todo)
        return found
    if isinstance(found, list):
        numbers = [one for one in map(finite, found) if one is not None]
        if len(found) == len(numbers) == 2 and numbers[1] >= LEAST_WIDTH:
            return Window(numbers[0], numbers[1])
    todo = f"Write [center, width] with a width above 0, or one of {', '.join(named)}"
    raise table.refused("window", "is no window", todo)


def _slab(table: ProtocolTable) -> Slab | None:
    if not table.has("slab"):
        return None
    inside = table.table("slab")
    projection = inside.choice("projection", [one.value for one in Projection])
    thickness_mm = inside.number("thickness_mm", least=0.1)
    if thickness_mm > THICKNESSES_MM[-1]:
        why = f"is above {THICKNESSES_MM[-1]}"
        raise inside.refused("thickness_mm", why, "Write a number, e.g. thickness_mm = 10")
    inside.close(("projection", "thickness_mm"))
    return Slab(Projection(projection), thickness_mm)


def _zoom(table: ProtocolTable) -> float | None:
    if not table.has("zoom"):
        return None
    zoom = table.number("zoom")
    if not MIN_ZOOM <= zoom <= MAX_ZOOM:
        todo = f"Write a number from {MIN_ZOOM:g} to {MAX_ZOOM:g}, or take the line out to fit"
        raise table.refused("zoom", "is beyond what can be shown", todo)
    return zoom


def _start(table: ProtocolTable) -> float:
    found = table.free("start") if table.has("start") else "middle"
    if isinstance(found, str) and found in STARTS:
        return STARTS[found]
    if isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found <= 1:
        return float(found)
    todo = "Write first, middle, last, or a number from 0 (first) to 1 (last)"
    raise table.refused("start", "is no place in a series", todo)


def _rule(table: ProtocolTable) -> Rule:
    attribute = Attribute(table.choice("of", [one.value for one in Attribute]))
    used = [one for one in Operator if table.has(one.value)]
    names = ", ".join(one.value for one in Operator)
    if len(used) != 1:
        why = "has no comparison" if not used else "has more than one comparison"
        raise table.refused("of", why, f"Write one of {names} beside it")
    operator = used[0]
    operand: Operand
    match operator:
        case Operator.EXISTS:
            operand = table.truth("exists")
        case Operator.BETWEEN:
            operand = table.pair("between")
        case _:
            operand = table.texts(operator.value)
    weight = table.number("weight", 1.0)
    is_required = table.truth("required")
    try:
        made = Rule(attribute, operator, operand, weight, is_required)
    except ValueError as error:
        todo = "Numbers are compared by between = [low, high], texts by is, has and lacks"
        raise table.refused(operator.value, f"does not go with {attribute.value}", todo) from error
    table.close(_RULE)
    return made


# Writing


def _layout_lines(layout: Layout) -> list[str]:
    lines = [f"name = {_quoted(layout.name)}"]
    is_plain = layout.name != "free" and layout == Layout.from_data({"name": layout.name})
    if not is_plain:
        rows = [
            f"[{', '.join(map(repr, (c.left, c.top, c.width, c.height)))}]" for c in layout.cells
        ]
        lines.append(f"cells = [{', '.join(rows)}]")
    return lines


def _cell_lines(cell: HungCell) -> list[str]:
    view = cell.view
    lines = [f"name = {_quoted(cell.name)}"]
    if cell.same_as >= 0:
        lines.append(f"same_as = {cell.same_as + 1}")
    lines += [f"{key} = true" for key, is_on in _truths(cell) if is_on]
    if view.plane is not Plane.ACQUIRED:
        lines.append(f"plane = {_quoted(view.plane.value)}")
    if isinstance(view.window, Window):
        lines.append(f"window = [{view.window.center!r}, {view.window.width!r}]")
    elif view.window:
        lines.append(f"window = {_quoted(view.window)}")
    if view.slab is not None:
        slab = view.slab
        parts = (
            f"projection = {_quoted(slab.projection.value)}, thickness_mm = {slab.thickness_mm!r}"
        )
        lines.append(f"slab = {{ {parts} }}")
    if view.zoom is not None:
        lines.append(f"zoom = {view.zoom!r}")
    if view.start != 0.5:
        names = {place: name for name, place in STARTS.items()}
        named = names.get(view.start)
        lines.append(f"start = {_quoted(named) if named else repr(view.start)}")
    if cell.weight != 1.0:
        lines.append(f"weight = {cell.weight!r}")
    if cell.screen:
        lines.append(f"screen = {cell.screen}")
    return lines


def _truths(cell: HungCell) -> tuple[tuple[str, bool], ...]:
    return (
        ("needed", cell.is_needed),
        ("fused", cell.is_fused),
        ("invert", cell.view.is_inverted),
        ("enhanced", cell.view.is_enhanced),
    )


def _rule_lines(rule: Rule) -> list[str]:
    operand = rule.operand
    if isinstance(operand, bool):
        value = "true" if operand else "false"
    elif rule.operator is Operator.BETWEEN:
        value = f"[{', '.join(map(repr, operand))}]"
    else:
        value = _list([str(word) for word in operand])
    lines = [f"of = {_quoted(rule.attribute.value)}", f"{rule.operator.value} = {value}"]
    if rule.weight != 1.0:
        lines.append(f"weight = {rule.weight!r}")
    if rule.is_required:
        lines.append("required = true")
    return lines


def _list(words: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, words))}]"


def _quoted(text: str) -> str:
    # A JSON string is a TOML basic string, as long as DEL is escaped too (TOML 1.0, "String").
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
