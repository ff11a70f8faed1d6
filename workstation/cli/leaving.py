"""Commands about what leaves a study: picture, movie, media."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from workstation.cli.output import answer, note
from workstation.cli.parts import chosen, left_out_json, opened, wiring
from workstation.core.intensity import Window
from workstation.core.picture import PictureLook, PlainView, Projecting
from workstation.services.export_media import MediaOrder, MediaWritten, export_media
from workstation.services.export_movie import MovieCodec, MovieOrder, export_movie
from workstation.services.export_pictures import (
    PictureFormat,
    PictureOrder,
    export_pictures,
    export_stored_values,
    series_stem,
)
from workstation.services.guard_burned_in import require_leave
from workstation.services.open_series import ReadableSeries

Json = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output.")]
Study = Annotated[
    Path, typer.Argument(metavar="PATH", readable=False, help="A file, folder or zip of a study.")
]
Series = Annotated[
    str, typer.Option("--series", help="Series Instance UID; the largest CT or MR by default.")
]
WindowText = Annotated[
    str, typer.Option("--window", metavar="C,W", help="Center and width, e.g. 40,400.")
]
Slices = Annotated[
    str,
    typer.Option("--slice", metavar="N|FIRST-LAST|all", help="Slices from 1; the middle one."),
]
PlaneName = Annotated[str, typer.Option("--plane", help="acquired, axial, coronal or sagittal.")]
SlabMm = Annotated[
    float, typer.Option("--slab", min=0, help="Thickness of slices shown as one, mm.")
]
SlabKind = Annotated[str, typer.Option("--projection", help="Of the slab: mip, minip or mean.")]
Annotations = Annotated[
    bool, typer.Option("--annotations", help="With corner texts, letters, scale and drawings.")
]
Identity = Annotated[
    bool,
    typer.Option("--identity", help="With name and dates in the corner; needs --annotations."),
]
BurnedIn = Annotated[
    bool, typer.Option("--burned-in-ok", help="Text burned into the pixels may leave with them.")
]

PLANES = ("acquired", "axial", "coronal", "sagittal")


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command("picture")(picture_command)
    app.command("movie")(movie_command)
    app.command("media")(media_command)


def picture_command(  # noqa: PLR0913 the options of the contract
    context: typer.Context,
    path: Study,
    out: Annotated[Path, typer.Option("--out", readable=False, help="Folder for the pictures.")],
    *,
    series: Series = "",
    slices: Slices = "",
    form: Annotated[str, typer.Option("--format", help="png, jpeg or tiff.")] = "png",
    quality: Annotated[int, typer.Option("--quality", min=1, max=100, help="Of JPEG.")] = 92,
    window: WindowText = "",
    plane: PlaneName = "acquired",
    slab: SlabMm = 0.0,
    projection: SlabKind = "mip",
    annotations: Annotations = False,
    identity: Identity = False,
    burned_in_ok: BurnedIn = False,
    pages: Annotated[bool, typer.Option("--pages", help="One TIFF with a page per slice.")] = False,
    stored: Annotated[
        bool, typer.Option("--stored", help="Stored values as 16-bit gray (png or tiff).")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write pictures of slices: anonymous unless asked; notices are always drawn."""
    kind = _choice(PictureFormat, form, "--format")
    if pages and kind is not PictureFormat.TIFF:
        raise typer.BadParameter("only tiff holds pages", param_hint="--pages")
    look = _look(annotations=annotations, identity=identity)
    view = _view(window, plane, slab, projection)
    found = chosen(path, series)
    doubts = found.series.verdict.warnings
    require_leave(
        doubts,
        has_identity=identity,
        is_accepted=burned_in_ok,
        shows_marks=annotations and not stored,
    )
    loaded = opened(found)
    stem = series_stem(loaded.volume.series)
    if stored:
        count = loaded.volume.geometry.shape_kji[0]
        order = PictureOrder(out, kind, stem, _indices(slices, count), count)
        written = export_stored_values(loaded.volume, order, progress=_progress("Writing"))
    else:
        drawn = wiring(context).painter().slices(loaded.volume, doubts, view, look)
        order = PictureOrder(
            out, kind, stem, _indices(slices, drawn.count), drawn.count, quality, pages
        )
        written = export_pictures(drawn.draw, order, progress=_progress("Writing"))
    value = {
        "files": [str(file) for file in written.files],
        "series_uid": _uid(loaded),
        "identity": identity,
        "annotations": annotations,
        "notices": list(written.notices),
        "set_aside": left_out_json(loaded),
    }
    words = [f"{len(written.files)} written to {out}", *written.notices]
    answer(value, "\n".join(words), as_json=as_json)


def movie_command(  # noqa: PLR0913 the options of the contract
    context: typer.Context,
    path: Study,
    out: Annotated[Path, typer.Option("--out", readable=False, help="The file, .mp4.")],
    *,
    series: Series = "",
    slices: Slices = "all",
    rate: Annotated[float, typer.Option("--rate", help="Pictures per second.")] = 15.0,
    codec: Annotated[
        str, typer.Option("--codec", help="auto, h264 (needs ffmpeg) or av1.")
    ] = "auto",
    window: WindowText = "",
    plane: PlaneName = "acquired",
    slab: SlabMm = 0.0,
    projection: SlabKind = "mip",
    annotations: Annotations = False,
    identity: Identity = False,
    burned_in_ok: BurnedIn = False,
    as_json: Json = False,
) -> None:
    """Write a movie through the slices: anonymous unless asked; notices are always drawn."""
    look = _look(annotations=annotations, identity=identity)
    view = _view(window, plane, slab, projection)
    kind = _choice(MovieCodec, codec, "--codec")
    found = chosen(path, series)
    doubts = found.series.verdict.warnings
    require_leave(doubts, has_identity=identity, is_accepted=burned_in_ok, shows_marks=annotations)
    loaded = opened(found)
    drawn = wiring(context).painter().slices(loaded.volume, doubts, view, look)
    order = MovieOrder(out, _indices(slices, drawn.count), rate, kind)
    made = export_movie(drawn.draw, order, progress=_progress("Encoding"))
    value = asdict(made) | {
        "path": str(made.path),
        "size_px": list(made.size_px),
        "notices": list(made.notices),
        "series_uid": _uid(loaded),
        "identity": identity,
        "set_aside": left_out_json(loaded),
    }
    words = (
        f"{made.path}: {made.pictures} pictures of {made.size_px[0]} x {made.size_px[1]}, "
        f"{made.rate:g} per second, {made.codec}"
    )
    answer(value, "\n".join((words, *made.notices)), as_json=as_json)


def media_command(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", readable=False, help="Files, folders, zips.")
    ],
    out: Annotated[
        Path, typer.Option("--out", readable=False, help="A folder, or a file that ends in .iso.")
    ],
    series: Annotated[
        list[str] | None, typer.Option("--series", help="Only this series; may be repeated.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Write a DICOM folder with its index (DICOMDIR), or a disc image; bytes as received."""
    order = MediaOrder(tuple(paths), out, series_uids=frozenset(series or ()))
    made = export_media(order, progress=_progress("Writing"))
    answer(_media_json(made), _media_words(made), as_json=as_json)


def _media_json(made: MediaWritten) -> dict[str, Any]:
    left_out = [{"file": one.file, "reason": one.reason} for one in made.left_out]
    return asdict(made) | {
        "target": str(made.target),
        "left_out": left_out,
        "filled": list(made.filled),
        "notes": list(made.notes),
    }


def _media_words(made: MediaWritten) -> str:
    lines = [
        f"{made.written} of {made.received} files written to {made.target}, with an index",
        *(f"Left out: {one.file}: {one.reason}" for one in made.left_out),
        *made.notes,
    ]
    return "\n".join(lines)


def _uid(loaded: ReadableSeries) -> str:
    series = loaded.volume.series
    return "" if series.study.is_research else series.series_uid


def _look(*, annotations: bool, identity: bool) -> PictureLook:
    if identity and not annotations:
        raise typer.BadParameter("needs --annotations", param_hint="--identity")
    return PictureLook(annotations, annotations, identity)


def _view(window: str, plane: str, slab: float, projection: str) -> PlainView:
    if plane not in PLANES:
        raise typer.BadParameter(", ".join(PLANES), param_hint="--plane")
    return PlainView(_window(window), plane, slab, _choice(Projecting, projection, "--projection"))


def _window(text: str) -> Window | None:
    if not text:
        return None
    try:
        center, width = (float(part) for part in text.split(","))
    except ValueError as error:
        raise typer.BadParameter("C,W as in 40,400", param_hint="--window") from error
    if not width > 0:
        raise typer.BadParameter("the width must be above 0", param_hint="--window")
    return Window(center, width)


def _indices(text: str, count: int) -> tuple[int, ...]:
    """Return 0-based slices of ``N``, ``FIRST-LAST``, ``all``; the middle one for nothing."""
    if not text:
        return (count // 2,)
    if text == "all":
        return tuple(range(count))
    first, _, last = text.partition("-")
    try:
        start, end = int(first), int(last or first)
    except ValueError as error:
        raise typer.BadParameter("N, FIRST-LAST or all", param_hint="--slice") from error
    if not 1 <= start <= end <= count:
        raise typer.BadParameter(f"slices are 1 to {count}", param_hint="--slice")
    return tuple(range(start - 1, end))


def _choice(kinds: Any, text: str, hint: str) -> Any:  # noqa: ANN401 any Enum
    try:
        return kinds(text)
    except ValueError as error:
        words = ", ".join(kind.value for kind in kinds)
        raise typer.BadParameter(words, param_hint=hint) from error


def _progress(what: str) -> Any:  # noqa: ANN401 a listener
    shown = [-1]

    def report(fraction: float) -> None:
        tenth = int(fraction * 10)
        if tenth > shown[0]:
            shown[0] = tenth
            note(f"{what}: {tenth * 10} %")

    return report
