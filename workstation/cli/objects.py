"""Commands about what came with the images: objects, present."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from workstation.cli.output import answer
from workstation.cli.parts import chosen, opened, wiring
from workstation.core.errors import InputRefusedError
from workstation.core.picture import PictureLook, PlainView
from workstation.core.presentation import PresentationState
from workstation.services.export_pictures import PictureFormat, PictureOrder, export_pictures
from workstation.services.guard_burned_in import require_leave, written_doubts
from workstation.services.import_studies import ImportedStudy, import_paths
from workstation.services.list_objects import objects_json, objects_words
from workstation.services.read_objects import read_objects

Study = Annotated[
    Path, typer.Argument(metavar="PATH", readable=False, help="A file, folder or zip of a study.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output.")]


KEPT_OVERLAYS = "Overlays of the images stay shown, though it does not ask for them."
"""Said where a presentation state activates none of them."""


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command("objects")(objects_command)
    app.command("present")(present_command)


def objects_command(path: Study, *, as_json: Json = False) -> None:
    """List what came with the images: regions, reports, key images, presentation states."""
    found = [(one, read_objects(one)) for one in import_paths([path]).studies]
    answer(objects_json(found), objects_words(found), as_json=as_json)


def present_command(
    context: typer.Context,
    path: Study,
    out: Annotated[Path, typer.Option("--out", readable=False, help="The file, .png.")],
    *,
    state: Annotated[
        str, typer.Option("--state", help="SOP Instance UID or label of the presentation state.")
    ] = "",
    number: Annotated[
        int, typer.Option("--slice", min=0, help="Slice from 1; the first one it names by default.")
    ] = 0,
    burned_in_ok: Annotated[
        bool,
        typer.Option("--burned-in-ok", help="Texts of the state and of the pixels may leave."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Write a picture of a slice as a presentation state says, with what it draws."""
    study, look = _look(path, state)
    if look.refused:
        raise InputRefusedError("The presentation state is not applied", why=look.refused)
    series_uid, index = _slice(study, look, number)
    found = chosen(path, series_uid)
    doubts = (*found.series.verdict.warnings, *written_doubts(look))
    require_leave(doubts, has_identity=False, is_accepted=burned_in_ok, shows_marks=True)
    loaded = opened(found)
    view, drawing = PlainView(stored_look=look, index=index), PictureLook(shows_marks=True)
    drawn = wiring(context).painter().slices(loaded.volume, doubts, view, drawing)
    order = PictureOrder(out.parent, PictureFormat.PNG, out.stem, (index,), 1)
    written = export_pictures(lambda _k: drawn.draw(index), order, progress=lambda _share: None)
    made = written.files[0].rename(out)
    remarks = (*look.remarks, *((KEPT_OVERLAYS,) if look.leaves_out_overlays(doubts) else ()))
    value: dict[str, Any] = {
        "file": str(made),
        "state": look.uid,
        "label": look.label,
        "series_uid": series_uid,
        "slice": index + 1,
        "problems": list(remarks),
        "notices": list(written.notices),
    }
    words = (f"{look.label}: {made}", *remarks, *written.notices)
    answer(value, "\n".join(words), as_json=as_json)


def _look(path: Path, wanted: str) -> tuple[ImportedStudy, PresentationState]:
    found = [
        (study, look)
        for study in import_paths([path]).studies
        for look in read_objects(study).presentations
        if wanted in ("", look.uid, look.label)
    ]
    if len(found) != 1:
        raise InputRefusedError(
            "Which presentation state is meant is not clear",
            why=f"{len(found)} of them fit",
            todo="List them with: prelim objects PATH",
        )
    return found[0]


def _slice(study: ImportedStudy, look: PresentationState, number: int) -> tuple[str, int]:
    """Return the series and the slice, 0-based, that is shown."""
    for series in study.series:
        stack = series.display_sets[0]
        names = zip(stack.instance_uids, stack.frame_numbers, strict=False)
        about = [k for k, (uid, frame) in enumerate(names) if look.is_about(uid, frame)]
        if about and (number == 0 or number - 1 in about):
            return series.identity.series_uid, number - 1 if number else about[0]
    raise InputRefusedError(
        "There is nothing to show of this presentation state",
        why="the slice, or the images that it names, are not here",
        todo="Open it together with its images",
    )
