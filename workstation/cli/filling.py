"""``prelim enhance --task fill``: missing slices and lost rows, proposed in their own series."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from inference.packs.store import PackStore
from workstation.cli.output import answer
from workstation.core.clock import Clock
from workstation.core.filled import Filled
from workstation.services.fill_files import (
    check_filled_can_be_written,
    filled_comment,
    write_filled,
)
from workstation.services.fill_gaps import FilledSeries, fill_gaps, filling_notes, plan_filling
from workstation.services.fill_rows import find_lost_rows
from workstation.services.open_series import ReadableSeries
from workstation.services.ports import ModelWorkerPort
from workstation.services.require_study import require_study
from workstation.services.sign_report import program_version


@dataclass(frozen=True, slots=True)
class FillOrder:
    """What is asked for.

    Attributes:
        out: folder of the files.
        packs: the packs of this machine.
        pack_id: which of them; None for the best one.
        clock: gives the present time.
        progress: called with the part done.
    """

    out: Path
    packs: PackStore
    pack_id: str | None
    clock: Clock
    progress: Callable[[float], None]


def require_plain(**given: object) -> None:
    """Refuse options that mean nothing to a filling."""
    for name, value in given.items():
        if value not in (None, "", 0):
            raise typer.BadParameter("a filling takes no such option", param_hint=f"--{name}")


def fill_series(
    loaded: ReadableSeries, order: FillOrder, worker: ModelWorkerPort
) -> dict[str, Any]:
    """Propose what is missing of a series, write it and return the answer as JSON."""
    volume, files = loaded.volume, loaded.display_set.files
    require_study(volume.series.study, "No proposed slices can be made from this file")
    plan = plan_filling(volume, find_lost_rows(volume))
    check_filled_can_be_written(files, volume.frame_numbers, order.out)
    made = fill_gaps(
        plan,
        worker=worker,
        packs=order.packs,
        pack_id=order.pack_id,
        on_progress=order.progress,
    )
    written = write_filled(
        made,
        files=files,
        folder=order.out,
        program=f"Prelim {program_version()}",
        now=order.clock.now(),
    )
    return filled_json(made, written)


def filled_json(made: FilledSeries, files: tuple[Path, ...]) -> dict[str, Any]:
    """Return what was proposed as JSON; ``place`` counts the slices of the filled stack from 1."""
    filled, figures, pack = _filled(made), made.result.figures, made.result.pack
    positions = made.volume.geometry.positions_mm
    return {
        "task": "fill",
        "pack": {"id": pack.pack_id, "version": pack.version, "digest": pack.digest},
        "source_series_uid": made.source.series.series_uid,
        "slices": len(files),
        "voxels": figures.voxels,
        "voxels_held": figures.voxels_held,
        "slices_interpolated": figures.slices_interpolated,
        "seconds": figures.seconds,
        "provider": figures.provider,
        "provider_note": figures.provider_note,
        "proposed": [
            {
                "place": k + 1,
                "position_mm": [round(float(value), 4) for value in positions[k]],
                "whole": k in filled.whole_slices,
                "boxes": [
                    {"rows": list(box.rows), "columns": list(box.columns)}
                    for box in filled.boxes_of(k)
                ],
                "text": filled_comment(filled, k),
                "file": str(file),
            }
            for k, file in zip(filled.touched_slices, files, strict=True)
        ],
        "left": list(filling_notes(made)),
        "files": [str(file) for file in files],
    }


def say(value: dict[str, Any], *, as_json: bool) -> None:
    """Answer with what was proposed, as JSON or in words."""
    name = f"{value['pack']['id']} {value['pack']['version']}"
    lines = [f"{name}: {value['slices']} slices, {value['seconds']:.1f} s on {value['provider']}"]
    lines += [f"Slice {one['place']}: {one['text']}" for one in value["proposed"]]
    answer(value, "\n".join([*lines, *value["left"]]), as_json=as_json)


def _filled(made: FilledSeries) -> Filled:
    if made.volume.filled is None:
        raise ValueError("nothing was proposed")
    return made.volume.filled
