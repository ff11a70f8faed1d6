"""Commands about hanging protocols: which there are, and which fits a study."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from viewers.state.hanging import HangingProtocol, HungCell
from viewers.state.hanging_match import Match, Matcher, hung
from viewers.state.layout import Cell
from workstation.cli.output import answer, note
from workstation.cli.parts import wiring
from workstation.services.hanging_store import HangingStore, LoadedProtocols
from workstation.services.hanging_study import StudyToHang, study_to_hang
from workstation.services.hanging_table import HangingFileError
from workstation.services.hanging_words import NO_PROTOCOL, reason_text, rule_text, window_text
from workstation.services.import_studies import import_paths
from workstation.settings.home import Home
from workstation.settings.resources import resource

Json = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output.")]
Study = Annotated[
    Path,  # whether it can be read is said by the import, which names no path
    typer.Argument(metavar="PATH", readable=False, help="A file, folder or zip of a study."),
]
StudyUid = Annotated[
    str, typer.Option("--study", help="Study Instance UID; the newest of its patient by default.")
]


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this room."""
    inside = typer.Typer(help="Hanging protocols: list them, or say which fits a study.")
    inside.command("list")(list_command)
    inside.command("match")(match_command)
    app.add_typer(inside, name="hanging")


def hanging_store(home: Home) -> HangingStore:
    """Return the protocols that came with the program and those of the reader."""
    return HangingStore(resource("hanging_protocols"), home.root / "hanging_protocols")


def list_command(context: typer.Context, *, as_json: Json = False) -> None:
    """List the hanging protocols, and the files that are left out with the reason."""
    loaded = _loaded(context)
    value = {
        "protocols": [_protocol_json(one) for one in loaded.protocols],
        "left_out": [_problem_json(problem) for problem in loaded.problems],
    }
    lines = [f"{one.protocol_id}: {one.title}" for one in loaded.protocols]
    answer(value, "\n".join(lines), as_json=as_json)


def match_command(
    context: typer.Context, path: Study, study_uid: StudyUid = "", *, as_json: Json = False
) -> None:
    """Say which protocol fits a study, why, and which series goes where."""
    loaded = _loaded(context)
    found = study_to_hang(import_paths([path]), study_uid)
    matches = Matcher(found.traits).matches(loaded.protocols)
    answer(_match_json(found, matches), _match_words(found, matches), as_json=as_json)


def _loaded(context: typer.Context) -> LoadedProtocols:
    loaded = hanging_store(wiring(context).home).load()
    for problem in loaded.problems:
        note(str(problem))
    return loaded


def _protocol_json(one: HangingProtocol) -> dict[str, Any]:
    return {
        "id": one.protocol_id,
        "title": one.title,
        "version": one.version,
        "own": one.is_own,
        "layout": one.layout.name,
        "cells": [cell.name for cell in one.cells],
        "for": [rule_text(rule) for rule in one.rules],
        "links": list(one.links),
        "enhance": one.enhance,
    }


def _problem_json(problem: HangingFileError) -> dict[str, str]:
    return {
        "file": problem.file,
        "key": problem.key,
        "why": problem.why,
        "todo": problem.todo,
    }


def _match_json(found: StudyToHang, matches: tuple[Match, ...]) -> dict[str, Any]:
    identity = found.study.identity
    value: dict[str, Any] = {
        "study_uid": "" if identity.is_research else identity.study_uid,
        "protocol": None,
        "title": "",
        "score": 0.0,
        "reasons": [NO_PROTOCOL],
        "layout": "1x1",
        "cells": [],
        "others": [],
    }
    if not matches:
        return value
    best = matches[0]
    made = hung(best)
    return value | {
        "protocol": best.protocol.protocol_id,
        "title": best.protocol.title,
        "score": round(best.score, 3),
        "reasons": [reason_text(reason) for reason in best.reasons],
        "layout": made.layout.name,
        "cells": [
            _cell_json(found, made.cells[n], key, made.layout.cells[n])
            for n, key in enumerate(made.keys)
        ],
        "others": [
            {
                "protocol": one.protocol.protocol_id,
                "score": round(one.score, 3),
                "reasons": [reason_text(reason) for reason in one.reasons],
            }
            for one in matches[1:]
        ],
    }


def _cell_json(found: StudyToHang, cell: HungCell, key: int | None, place: Cell) -> dict[str, Any]:
    series = found.series[key] if key is not None else None
    research = series is not None and series.display_set.series.study.is_research
    slab = cell.view.slab
    return {
        "name": cell.name,
        "series_uid": series.display_set.series.series_uid if series and not research else "",
        "display_set": series.display_set.name if series else "",
        "description": found.traits[key].name if key is not None else "",
        "window": window_text(cell),
        "plane": cell.view.plane.value,
        "slab": {"projection": slab.projection.value, "thickness_mm": slab.thickness_mm}
        if slab
        else None,
        "fused": cell.is_fused,
        "screen": cell.screen,
        "place": [place.left, place.top, place.width, place.height],
    }


def _match_words(found: StudyToHang, matches: tuple[Match, ...]) -> str:
    if not matches:
        return NO_PROTOCOL
    best = matches[0]
    made = hung(best)
    lines = [f"{best.protocol.protocol_id}: {best.protocol.title} ({best.score:g})"]
    lines += [f"  {reason.points:+g}  {reason_text(reason)}" for reason in best.reasons]
    for cell, key in zip(made.cells, made.keys, strict=True):
        shown = found.traits[key].name if key is not None else "empty"
        lines.append(f"  {cell.name}: {shown}, window {window_text(cell)}, {cell.view.plane.value}")
    lines += [f"also {one.protocol.protocol_id} ({one.score:g})" for one in matches[1:]]
    return "\n".join(lines)
