"""A head CT: anatomy, bleeds, scanner, and the truth about them."""

from __future__ import annotations

import numpy as np

from inference.phantoms.grids import F32, ScanGrid, coarse_grid, stack_of
from inference.phantoms.head_anatomy import head_warp
from inference.phantoms.head_paint import CT_PALETTE, HeadShares, lay_bleed, paint_head
from inference.phantoms.head_plan import bleed_of, coarse_head
from inference.phantoms.head_spec import BleedSpec, HeadSpec, SubduralSpec, sample_head_spec
from inference.phantoms.lesions import Lesion
from inference.phantoms.painter import Slab, average_thin, points_of, slabs
from inference.phantoms.phantom import Phantom, PhantomTruth, Truth
from inference.phantoms.scanner import noise_source, slices_per_slab, smear, to_int16_hu
from inference.phantoms.tally import Tally
from workstation.core.finding import Side
from workstation.core.geometry import StackGeometry

__all__ = ["BleedSpec", "HeadSpec", "SubduralSpec", "make_head", "sample_head_spec"]

COARSE_MM = 2.2
"""Distance of the points at which shapes are evaluated: less than the cortex is thick."""

COARSE_PER_PIXEL = 1.25
"""For coarse scans: points per pixel; finer shapes could not be seen."""

EDEMA_HU = 21.0
"""Brain around a bleed."""


def make_head(spec: HeadSpec, grid: ScanGrid, *, seed: int) -> Phantom:
    """Return a head CT on a grid, with the truth about what lies inside that grid.

    Args:
        spec: the person and the findings.
        grid: where to scan, tilted if wanted. The middle of the brain is at the origin, LPS;
            the vertex is at about +82 mm, the skull base at -70, the nose at y = -115.
        seed: the same seed, spec and grid give the same voxels.
    """
    rng = np.random.default_rng(seed)
    noise_rng = np.random.default_rng((seed, 1))
    stack = stack_of(grid)
    warp = head_warp(rng)
    pixel = float(np.mean(stack.spacing_ij_mm))
    gap = float(np.median(np.abs(stack.gaps_mm))) if stack.shape_kji[0] > 1 else 1.0
    thickness = spec.scanner.thickness_mm or gap
    thin = slices_per_slab(thickness, pixel)
    margin = thickness / 2 if thin > 1 else 0.0
    coarse = coarse_grid(stack, max(COARSE_MM, COARSE_PER_PIXEL * pixel), margin_mm=margin)
    bleed = bleed_of(spec.bleed, spec, rng) if spec.bleed else None
    fields = coarse_head(spec, warp, coarse, rng)
    noise = noise_source(stack.shape_kji[1:], stack.spacing_ij_mm, spec.scanner)
    tally = Tally()
    voxels = np.empty(stack.shape_kji, dtype=np.int16)
    for slab in slabs(coarse, fields, thickness_mm=thickness, thin_slices=thin, background=-1000):
        index = slice(int(slab.slices[0]), int(slab.slices[-1]) + 1)
        shares = _painted(slab, spec, bleed)
        clean = average_thin(slab.image, thin)
        for name, share in shares.found.items():
            tally.note(name, index.start, average_thin(share, thin))
        image = smear(clean, stack.spacing_ij_mm, spec.scanner.kernel)
        if spec.scanner.noise_hu > 0:
            image = image + noise.draw(clean, noise_rng)
        voxels[index] = to_int16_hu(image)
    return Phantom(
        voxels=voxels,
        geometry=stack,
        modality="CT",
        truth=head_truth(tally, spec, stack, bleed),
        body_part="HEAD",
        contrast=spec.scanner.kernel.value,
        thickness_mm=thickness,
    )


def head_truth(
    tally: Tally, spec: HeadSpec, stack: StackGeometry, bleed: Lesion | None
) -> PhantomTruth:
    """Return the truth of a head inside its scan."""
    found = [
        Truth(f"{name} volume", anatomy, Side.NONE, tally.volume_ml(body, stack), "ml")
        for name, anatomy, body in (
            ("intracranial", "head", "intracranial"),
            ("ventricle", "ventricles", "ventricles"),
            ("brain", "brain", "brain"),
        )
    ]
    for name, finding, wanted in (
        ("bleed", "intraparenchymal bleed", spec.bleed),
        ("subdural", "subdural bleed", spec.subdural),
    ):
        volume = tally.volume_ml(name, stack)
        is_there = wanted is not None and volume > 0
        side = wanted.side if wanted is not None and is_there else Side.NONE
        anatomy = spec.bleed.place if name == "bleed" and spec.bleed and is_there else "brain"
        center = tally.center_mm(name, stack)
        found.append(Truth(finding, anatomy, side, volume, "ml", center, is_present=is_there))
    hyperdense = tally.volume_ml("bleed", stack) + tally.volume_ml("subdural", stack)
    found.append(Truth("hyperdense volume", "intracranial", Side.NONE, hyperdense, "ml"))
    if bleed is not None:
        found.append(Truth("bleed diameter", "brain", Side.NONE, bleed.diameter_mm, "mm"))
    shift = spec.midline_shift_mm * spec.scale
    side = Side.NONE if shift == 0 else Side.LEFT if shift > 0 else Side.RIGHT
    found.append(Truth("midline shift", "septum pellucidum", side, abs(shift), "mm"))
    is_wide = spec.ventricles >= 1.7
    found.append(Truth("enlarged ventricles", "ventricles", is_present=is_wide))
    masks = {name: tally.mask(name, stack) for name in tally.sums}
    return PhantomTruth(tuple(found), masks)


def _painted(slab: Slab, spec: HeadSpec, bleed: Lesion | None) -> HeadShares:
    if spec.scanner.has_table:
        _headrest(slab, spec)
    shares = paint_head(slab, spec, CT_PALETTE, slab.sample("texture"))
    if bleed is not None and spec.bleed is not None:
        lay_bleed(slab, shares, bleed, spec.bleed.hu, EDEMA_HU)
    return shares


def _headrest(slab: Slab, spec: HeadSpec) -> None:
    box = (slice(0, slab.image.shape[1]), slice(0, slab.image.shape[2]))
    x, y, _ = points_of(slab, box)
    ring: F32 = np.hypot(x, y - np.float32(14)) - np.float32(103 * spec.scale + 3)
    shell = np.minimum(np.float32(1.5) - np.abs(ring), y - np.float32(18))
    slab.lay(box, slab.cover(shell), np.float32(150))
    foam = np.minimum(-ring, y - np.float32(18))
    slab.lay(box, slab.cover(foam), np.float32(-985))
