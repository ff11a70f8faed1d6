"""The options of ``prelim enhance --task superres``, and what is told of its result."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import typer

from inference.packs.store import PackStore
from inference.tasks.super_resolve import FACTORS, SHAPES, Direction
from workstation.services.enhance_series import Enhanced, result_geometry
from workstation.services.super_resolve import (
    DIRECTIONS,
    SuperResolution,
    profile_name,
    profile_ratio,
)

DirectionName = Annotated[
    str,
    typer.Option(
        "--direction", help="superres: through-plane (thinner slices) or in-plane (finer pixels)."
    ),
]
Factor = Annotated[int, typer.Option("--factor", help="superres: 2, or 4 in two passes.")]
ProfileName = Annotated[
    str, typer.Option("--profile", help="superres: slice profile, box or gaussian.")
]


def resolution(
    task: str,
    direction: str,
    factor: int,
    profile: str,
    *,
    packs: PackStore,
    pack_id: str | None,
) -> SuperResolution | None:
    """Return what is asked for; None for a task that makes no smaller voxels.

    Without a direction it is that of the named pack, else through the planes.

    Raises:
        typer.BadParameter: an option is of no such kind, or not one of this task.
        PackRefusedError: there is no such pack.
    """
    if direction not in ("", *DIRECTIONS):
        raise typer.BadParameter("through-plane or in-plane", param_hint="--direction")
    if factor not in (0, *FACTORS):
        raise typer.BadParameter("2 or 4", param_hint="--factor")
    if profile not in ("", *SHAPES):
        raise typer.BadParameter("box or gaussian", param_hint="--profile")
    if task != "superres":
        if direction or factor or profile:
            raise typer.BadParameter("only with --task superres", param_hint="--task")
        return None
    where = DIRECTIONS.get(direction)
    if where is None and pack_id:
        where = packs.get(pack_id).manifest.input.direction
    where = where or Direction.THROUGH_PLANE
    if profile and where is Direction.IN_PLANE:
        raise typer.BadParameter("only through the planes", param_hint="--profile")
    return SuperResolution(where, factor or FACTORS[0], profile)


def resolution_json(
    enhanced: Enhanced, how: SuperResolution | None, packs: PackStore
) -> dict[str, Any]:
    """Return what was made smaller, and under which slice profile; nothing for other tasks."""
    if how is None:
        return {}
    made = result_geometry(enhanced)
    _, rows, columns = made.shape_kji
    manifest = packs.get(enhanced.result.pack.pack_id).manifest
    profile = {"shape": profile_name(manifest, how), "ratio": profile_ratio(enhanced.source)}
    return {
        "direction": how.direction.value.replace("_", "-"),
        "factor": how.factor,
        "profile": profile if how.direction is Direction.THROUGH_PLANE else None,
        "rows": rows,
        "columns": columns,
        "spacing_mm": [*made.spacing_ij_mm, abs(float(np.median(made.gaps_mm)))],
    }


def resolution_words(enhanced: Enhanced) -> str:
    """Return what was made smaller, in two lines; empty for other tasks."""
    made = result_geometry(enhanced)
    if made.shape_kji == enhanced.source.geometry.shape_kji:
        return ""
    (k, j, i), (i_mm, j_mm) = made.shape_kji, made.spacing_ij_mm
    off, unit = enhanced.result.figures.consistency, enhanced.source.intensity.unit.value
    return (
        f"\n{k} slices of {i} x {j}, {abs(float(np.median(made.gaps_mm))):.3g} mm apart, "
        f"pixels of {i_mm:.3g} x {j_mm:.3g} mm\n"
        f"Averaged back at full strength it gives each scanned value to within {off:.3g} {unit}"
    )
