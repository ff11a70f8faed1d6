"""Commands that measure packs on images of the user: evaluate denoise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from workstation.cli.output import answer, note
from workstation.cli.parts import model_worker, pack_store, wiring
from workstation.core.errors import InputRefusedError
from workstation.core.image_stack import ImageStack
from workstation.core.volume import Volume
from workstation.services.choose_series import choose_series
from workstation.services.evaluate_denoise import (
    MethodRow,
    PairFigures,
    PairToMeasure,
    measure_pair,
    packs_for,
    simulated,
)
from workstation.services.evaluate_figures import ANATOMIES
from workstation.services.evaluate_pairs import anatomy_of, find_pairs, mismatch
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_readable

SLICES = 24
"""Slices compared per pair; non-local means takes two seconds on each."""


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this room."""
    group = typer.Typer(help="Measure model packs on your own images.", no_args_is_help=True)
    group.callback()(_group)
    group.command("denoise")(evaluate_denoise)
    app.add_typer(group, name="evaluate")


def _group() -> None:
    # With a callback a group of one command keeps that command's name.
    pass


def evaluate_denoise(  # noqa: PLR0913 the options of the contract
    context: typer.Context,
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            readable=False,
            help="Folder with low/ and high/, the TCIA collection LDCT-and-Projection-data, or, "
            "with --simulate, one clean series.",
        ),
    ],
    pack: Annotated[
        list[str] | None, typer.Option("--pack", help="Pack; all that denoise by default.")
    ] = None,
    anatomy: Annotated[
        str, typer.Option("--anatomy", help="chest, abdomen or neuro; told by the headers.")
    ] = "",
    simulate: Annotated[
        float | None,
        typer.Option("--simulate", help="Noise to add: HU; for MR percent of the signal."),
    ] = None,
    slices: Annotated[
        int, typer.Option("--slices", min=0, help="Slices compared per pair; 0 for all.")
    ] = SLICES,
    *,
    filters: Annotated[bool, typer.Option(help="Also measure classical filters.")] = True,
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer as JSON on standard output.")
    ] = False,
) -> None:
    """Compare denoising packs with the full dose, as LDCT-Bench does, beside simple filters."""
    if anatomy not in ("", *ANATOMIES):
        raise typer.BadParameter(", ".join(ANATOMIES), param_hint="--anatomy")
    if simulate is not None and not simulate > 0:
        raise typer.BadParameter("more than 0", param_hint="--simulate")
    home = wiring(context).home.prepared()
    store = pack_store(home)
    skipped: list[str] = []
    found: list[PairFigures] = []
    asked = tuple(pack or ())
    with model_worker(home) as worker:
        for low, high, whose in _volumes(path, simulate, anatomy, skipped):
            packs = packs_for(store, low.series.modality, asked)
            pair = PairToMeasure(low, high, whose, slices)
            found.append(measure_pair(pair, packs, worker=worker, has_filters=filters, say=note))
    if not found:
        raise InputRefusedError("No pair could be compared", why="; ".join(dict.fromkeys(skipped)))
    value = {
        "pairs": [_pair_json(each) for each in found],
        "skipped": skipped,
        "is_simulated": simulate is not None,
    }
    words = "\n\n".join(_pair_words(number, each) for number, each in enumerate(found, 1))
    answer(value, "\n".join([words, *(f"Left out: {why}" for why in skipped)]), as_json=as_json)


def _volumes(
    path: Path, simulate: float | None, anatomy: str, skipped: list[str]
) -> Iterator[tuple[Volume, Volume, str]]:
    """Give low dose, full dose and anatomy, pair by pair; say in ``skipped`` what was left out."""
    received = import_paths([path])
    if simulate is not None:
        stack = choose_series(received).display_set
        whose = anatomy_of(stack, anatomy)
        high = _loaded(stack)
        yield simulated(high, simulate), high, whose
        return
    pairs, left = find_pairs(path, received)
    skipped += [one.why for one in left]
    for number, pair in enumerate(pairs, 1):
        try:
            whose = anatomy_of(pair.high, anatomy)
            low, high = _loaded(pair.low), _loaded(pair.high)
            reason = mismatch(low, high)
        except InputRefusedError as error:
            reason = error.why or error.what
        if reason:
            skipped.append(f"pair {number} does not match: {reason}")
        else:
            yield low, high, whose


def _loaded(stack: ImageStack) -> Volume:
    note(f"Loading {stack.slice_count} slices")
    return load_readable(stack).volume


def _pair_json(pair: PairFigures) -> dict[str, Any]:
    rows = [asdict(row) | {"bias": dict(row.bias)} for row in pair.rows]
    refused = [{"pack": pack, "why": why} for pack, why in pair.refused]
    return asdict(pair) | {"rows": rows, "refused": refused}


def _pair_words(number: int, pair: PairFigures) -> str:
    where = f"{pair.modality} {pair.anatomy}".strip()
    low, high = pair.window
    lines = [
        f"Pair {number}: {where}, {pair.slices} slices, window {low:g} to {high:g} {pair.unit}, "
        f"noise of the low dose {pair.sigma:.3g} {pair.unit}",
        f"{'':28}{'PSNR dB':>9}{'SSIM':>8}{'RMSE':>9}{'noise':>8}{'1/mm':>7}  bias, {pair.unit}",
        *(_row_words(row) for row in pair.rows),
        *(f"{pack} was not run: {why}" for pack, why in pair.refused),
    ]
    return "\n".join(lines)


def _row_words(row: MethodRow) -> str:
    frequency = "-" if row.mean_frequency is None else f"{row.mean_frequency:.3f}"
    bias = ", ".join(f"{name} {value:+.2f}" for name, value in row.bias)
    return (
        f"{row.method:28}{row.psnr_db:9.2f}{row.ssim:8.4f}{row.rmse:9.2f}{row.noise_left:8.2f}"
        f"{frequency:>7}  {bias}"
    )
