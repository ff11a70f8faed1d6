"""A chest CT: fields are shaped, laid over each other in order, scanned, and the truth is kept."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.chest_anatomy import (
    Place,
    Warp,
    bend,
    chest_fields,
    warp_of,
)
from inference.phantoms.chest_findings import (
    ChestPlan,
    effusion_score,
    emphysema_score,
    plan_chest,
    plaque_score,
)
from inference.phantoms.chest_paint import ChestShares, paint_chest
from inference.phantoms.chest_spec import ChestSpec, NoduleSpec, sample_chest_spec
from inference.phantoms.chest_truth import chest_truth, note_chest
from inference.phantoms.grids import F32, CoarseGrid, ScanGrid, coarse_grid, stack_of
from inference.phantoms.painter import average_thin, slabs
from inference.phantoms.phantom import Phantom
from inference.phantoms.scanner import (
    NoiseSource,
    noise_source,
    slices_per_slab,
    smear,
    to_int16_hu,
)
from inference.phantoms.tally import Tally
from inference.phantoms.tubes import draw, thicker
from workstation.core.finding import Side
from workstation.core.geometry import StackGeometry

__all__ = ["ChestSpec", "NoduleSpec", "make_chest", "sample_chest_spec"]

COARSE_MM = 3.0
"""Distance of the points at which shapes are evaluated: half the thickness of a rib."""

COARSE_PER_PIXEL = 1.25
"""For coarse scans: points per pixel; finer shapes could not be seen."""

TREE_TARGETS = 1000
"""Branches of an arterial tree at 0.75 mm pixels; scaled down with the pixel."""


@dataclass(frozen=True, slots=True, eq=False)
class _Scan:
    """What stays the same over all slabs of one phantom."""

    spec: ChestSpec
    plan: ChestPlan
    stack: StackGeometry
    vessels: F32
    lumen: F32
    airway: F32
    coronary: F32 | None
    thickness_mm: float
    noise: NoiseSource
    tally: Tally = field(default_factory=Tally)


def make_chest(spec: ChestSpec, grid: ScanGrid, *, seed: int) -> Phantom:
    """Return a chest CT on a grid, with the truth about what lies inside that grid.

    Args:
        spec: the person and the findings.
        grid: where to scan. The carina is at the origin, LPS; the lungs reach from about
            -200 to +110 mm along z for a person of scale 1.
        seed: the same seed, spec and grid give the same voxels.
    """
    rng = np.random.default_rng(seed)
    noise_rng = np.random.default_rng((seed, 1))
    stack = stack_of(grid)
    warp = warp_of(spec, rng)
    pixel = float(np.mean(stack.spacing_ij_mm))
    gap = float(np.median(np.abs(stack.gaps_mm))) if stack.shape_kji[0] > 1 else 1.0
    thickness = spec.scanner.thickness_mm or gap
    targets = int(np.clip(TREE_TARGETS * (0.75 / pixel) ** 1.4, 90, TREE_TARGETS))
    plan = plan_chest(spec, warp, rng, tree_targets=targets)
    thin = slices_per_slab(thickness, pixel)
    margin = thickness / 2 if thin > 1 else 0.0
    coarse = coarse_grid(stack, max(COARSE_MM, COARSE_PER_PIXEL * pixel), margin_mm=margin)
    fields = _fields(spec, warp, plan, coarse, rng)
    scan = _Scan(
        spec=spec,
        plan=plan,
        stack=stack,
        vessels=draw(plan.vessels, stack, slice_mm=thickness),
        lumen=draw(plan.airways, stack, slice_mm=thickness),
        airway=draw(thicker(plan.airways, 0.5, share=0.14), stack, slice_mm=thickness),
        coronary=draw(plan.coronary, stack, slice_mm=thickness) if plan.coronary else None,
        thickness_mm=thickness,
        noise=noise_source(stack.shape_kji[1:], stack.spacing_ij_mm, spec.scanner),
    )
    voxels = np.empty(stack.shape_kji, dtype=np.int16)
    for slab in slabs(coarse, fields, thickness_mm=thickness, thin_slices=thin, background=-1000):
        index = slice(int(slab.slices[0]), int(slab.slices[-1]) + 1)
        shares = paint_chest(slab, spec, plan, _drawn(scan, slab.slices))
        clean = average_thin(slab.image, thin)
        note_chest(scan.tally, index, clean, shares, thin=thin)
        voxels[index] = _scanned(clean, scan, noise_rng)
    truth = chest_truth(scan.tally, spec, plan, stack)
    return Phantom(
        voxels=voxels,
        geometry=stack,
        modality="CT",
        truth=truth,
        body_part="CHEST",
        contrast=spec.scanner.kernel.value,
        thickness_mm=thickness,
    )


def _fields(
    spec: ChestSpec, warp: Warp, plan: ChestPlan, coarse: CoarseGrid, rng: np.random.Generator
) -> dict[str, F32]:
    x, y, z = coarse.points_xyz_mm()
    moved = tuple(coarse.smooth(noise, step=3) for noise in warp.shifts)
    planes = coarse.smooth(warp.planes, step=2)
    p = bend(x, y, z, (moved[0], moved[1], moved[2]), spec.scale)
    fields = chest_fields(p, spec, planes)
    fields["planes"] = planes
    fields["texture"] = rng.standard_normal(x.shape, dtype=np.float32)
    fields["back"] = p.y
    fields["side"] = p.x
    skin = np.float32(2.5 + 0.42 * spec.fat_mm)
    fields["muscle"] = np.minimum(fields["muscle"], fields["body"] - skin)
    for side, level in plan.effusions:
        on_side = p.x if side is Side.LEFT else -p.x
        score = (effusion_score(p, fields["lung"]) - np.float32(level)) * np.float32(0.8)
        fluid = np.minimum(np.minimum(fields["lung"], score), on_side)
        fields[f"effusion {side.value}"] = fluid
    if spec.emphysema_percent:
        fields["emphysema"] = _at_lung(warp, p.z, (x, y, z), fields["lung"], plan)
    if spec.aortic_calcium:
        noise = coarse.smooth(warp.planes, step=1)
        level = 2.5 - 1.0 * spec.aortic_calcium
        fields["plaque"] = (plaque_score(p, noise) - np.float32(level)) * np.float32(5)
    return fields


def _at_lung(warp: Warp, height: F32, at: tuple[F32, F32, F32], lung: F32, plan: ChestPlan) -> F32:
    near = np.flatnonzero(lung > -8)
    x, y, z = (c.ravel()[near] for c in at)
    place = Place(x, y, height.ravel()[near])
    score = emphysema_score(place, warp.patches(x, y, z))
    result = np.full(lung.shape, -20, dtype=np.float32)
    result.ravel()[near] = (score - np.float32(plan.emphysema_level)) * np.float32(3.2)
    return result


def _drawn(scan: _Scan, slices: NDArray[np.intp]) -> ChestShares:
    return ChestShares(
        vessels=scan.vessels[slices],
        lumen=scan.lumen[slices],
        airway=scan.airway[slices],
        coronary=None if scan.coronary is None else scan.coronary[slices],
    )


def _scanned(clean: F32, scan: _Scan, rng: np.random.Generator) -> NDArray[np.int16]:
    spacing = scan.stack.spacing_ij_mm
    image = smear(clean, spacing, scan.spec.scanner.kernel)
    if scan.spec.scanner.noise_hu > 0:
        image = image + scan.noise.draw(clean, rng)
    return to_int16_hu(image)
