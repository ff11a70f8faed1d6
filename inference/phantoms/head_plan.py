"""Coarse fields of a head on a scan, and where its lesions lie."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.grids import F32, CoarseGrid
from inference.phantoms.head_anatomy import (
    SIGN,
    HeadPlace,
    HeadWarp,
    bend_head,
    brain_fields,
    pose,
    rotation,
    shell_fields,
)
from inference.phantoms.head_spec import BleedSpec, HeadSpec
from inference.phantoms.lesions import Lesion, lesion
from inference.phantoms.shapes import rescaled

BLEED_AT = {
    "basal ganglia": (27.0, -2.0, 5.0),
    "frontal lobe": (30.0, -46.0, 24.0),
    "parietal lobe": (36.0, 30.0, 36.0),
    "temporal lobe": (44.0, -4.0, -24.0),
    "cerebellum": (22.0, 50.0, -44.0),
}
"""Middle of each place in the standard head, on the left."""

SMOOTH_STEP = 4
"""Coarse points skipped where slowly changing noise is evaluated."""


def coarse_head(
    spec: HeadSpec, warp: HeadWarp, coarse: CoarseGrid, rng: np.random.Generator
) -> dict[str, F32]:
    """Return every coarse signed distance of a head (in mm of the patient)."""
    x, y, z = coarse.points_xyz_mm()
    at = pose(x, y, z, spec)
    moved = tuple(coarse.smooth(noise, step=SMOOTH_STEP) for noise in warp.shifts)
    p = bend_head(at, (moved[0], moved[1], moved[2]), spec)
    fields = brain_fields(p, at, warp, spec)
    cells = _cells(warp, at, fields["cavity"])
    fields |= shell_fields(p, cells, fields, spec)
    scaled = rescaled(fields, spec.scale)
    scaled["cells"] = cells
    scaled["strands"] = coarse.smooth(warp.strands, step=2)
    scaled["texture"] = rng.standard_normal(x.shape, dtype=np.float32)
    return scaled


def at_points(
    points_mm: NDArray[np.float64], warp: HeadWarp, spec: HeadSpec
) -> tuple[HeadPlace, dict[str, F32]]:
    """Return the brain's fields at points of the patient, (n, 3)."""
    x, y, z = points_mm.astype(np.float32).T
    at = pose(x, y, z, spec)
    moved = tuple(noise(x, y, z) for noise in warp.shifts)
    p = bend_head(at, (moved[0], moved[1], moved[2]), spec)
    return p, brain_fields(p, at, warp, spec)


def to_patient(points: NDArray[np.float64], spec: HeadSpec) -> NDArray[np.float64]:
    """Return points of the standard head, (n, 3), in the patient (outlines' bends apart)."""
    wide = points * np.array([spec.width, 1.0, 1.0])
    result: NDArray[np.float64] = wide * spec.scale @ rotation(spec.turn_deg).T
    return result


def bleed_of(wanted: BleedSpec, spec: HeadSpec, rng: np.random.Generator) -> Lesion:
    """Return a bleed: a lobulated body of exact volume."""
    place = np.array(BLEED_AT[wanted.place])
    place = place + rng.normal(0, 2.5, 3)
    place[0] *= SIGN[wanted.side]
    diameter = (6 * wanted.volume_ml * 1000 / np.pi) ** (1 / 3)
    stretch = tuple(np.exp(rng.normal(0, 0.10, 3) + np.array([-0.08, 0.16, 0.0])))
    return lesion(
        to_patient(place[None], spec)[0],
        diameter,
        rng,
        roughness=0.10,
        stretch=(stretch[0], stretch[1], stretch[2]),
    )


def _cells(warp: HeadWarp, at: tuple[F32, F32, F32], depth: F32) -> F32:
    """Return the fine noise of bone and air cells; only outside the brain."""
    result = np.zeros(depth.shape, dtype=np.float32)
    near = np.flatnonzero((depth < 1) & (depth > -70))
    x, y, z = (c.ravel()[near] for c in at)
    result.ravel()[near] = warp.cells(x, y, z)
    return result
