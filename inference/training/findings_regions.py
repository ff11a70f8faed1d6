"""What each finding network learns: its region, its findings, and how its phantoms are drawn.

Training parameters are drawn from the middle of their ranges; test parameters (``is_unseen``)
from outside them: other body sizes, noise, slice spacings and tilts than were ever trained on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.brain_mr import make_brain, sample_brain_spec
from inference.phantoms.chest_ct import ChestSpec, make_chest, sample_chest_spec
from inference.phantoms.grids import ScanGrid, axial_grid, sagittal_grid, tilted_stack
from inference.phantoms.head_ct import make_head, sample_head_spec
from inference.phantoms.phantom import Phantom
from inference.vlm.heads import Channel

IGNORE = -1
"""Label of a finding that is neither to be learned nor scored."""

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class FindingRecipe:
    """One finding and its truth.

    Attributes:
        finding: as facts write it.
        anatomy: where.
        has_side: whether it belongs to a side.
        masks_of: beginnings of the names of the truth's masks that show it.
        present_from: volume in ml (or share in percent) from which it is there.
        absent_to: the same up to which it is not; in between is IGNORE.
        share_of: mask the volume is taken in percent of; empty for ml.
    """

    finding: str
    anatomy: str
    has_side: bool
    masks_of: tuple[str, ...]
    present_from: float
    absent_to: float
    share_of: str = ""

    def mask(self, phantom: Phantom) -> NDArray[np.bool_]:
        """Return where the finding is, [k, j, i]."""
        found = np.zeros(phantom.voxels.shape, dtype=np.bool_)
        for name, mask in phantom.truth.masks.items():
            if name.startswith(self.masks_of):
                found |= mask
        return found

    def amounts(self, phantom: Phantom) -> Pair:
        """Return the amount on the patient's right and left: ml, or percent of ``share_of``."""
        amounts = _by_side_ml(self.mask(phantom), phantom)
        if not self.share_of:
            return amounts
        whole = sum(_by_side_ml(phantom.truth.masks[self.share_of], phantom))
        return 100 * amounts[0] / max(whole, 1e-6), 100 * amounts[1] / max(whole, 1e-6)

    def label(self, amount: float) -> int:
        """Return 1 for present, 0 for absent, IGNORE for neither."""
        if amount >= self.present_from:
            return 1
        return 0 if amount <= self.absent_to else IGNORE


@dataclass(frozen=True, slots=True)
class RegionRecipe:
    """One network: what it sees and what it learns.

    Attributes:
        name: short, names its files.
        region: as the measurement engine names it.
        modality: CT or MR.
        contrasts: MR weightings its findings are valid for; empty for any.
        is_head: the cube hangs from the top of the head.
        shape_zyx: voxels of the cube; multiples of 8.
        spacing_mm: edge of a voxel.
        channels: of the input.
        findings: in the order of the outputs.
        draw: makes one phantom; the flag asks for unseen parameters.
    """

    name: str
    region: str
    modality: str
    contrasts: tuple[str, ...]
    is_head: bool
    shape_zyx: tuple[int, int, int]
    spacing_mm: float
    channels: tuple[Channel, ...]
    findings: tuple[FindingRecipe, ...]
    draw: Callable[[int, bool], Phantom]


def draw_chest(seed: int, is_unseen: bool) -> Phantom:
    """Return a chest phantom on a coarse random grid."""
    rng = np.random.default_rng((seed, 11))
    spec = sample_chest_spec(rng)
    inner = (0.93, 1.06)
    scale = float(rng.uniform(*inner))
    noise = float(rng.uniform(2, 10))
    if is_unseen:
        scale = float(rng.choice([rng.uniform(0.86, 0.91), rng.uniform(1.08, 1.12)]))
        noise = float(rng.uniform(11, 16))
    spec = replace(spec, scale=scale, scanner=replace(spec.scanner, noise_hu=noise))
    return make_chest(_with_larger_findings(spec, rng), _chest_grid(rng, is_unseen), seed=seed)


def _with_larger_findings(spec: ChestSpec, rng: np.random.Generator) -> ChestSpec:
    """Return a chest whose nodules can be seen at 5 mm: 10 to 60 mm, some as masses."""
    nodules = tuple(
        replace(nodule, diameter_mm=float(np.exp(rng.uniform(np.log(10), np.log(60)))))
        for nodule in spec.nodules
    )
    return replace(spec, nodules=nodules)


def _chest_grid(rng: np.random.Generator, is_unseen: bool) -> ScanGrid:
    in_plane = float(rng.uniform(2.8, 3.6))
    step = float(rng.uniform(6.0, 8.0) if is_unseen else rng.uniform(3.0, 5.0))
    height, width = float(rng.uniform(270, 360)), float(rng.uniform(350, 450))
    shape = (round(height / step), round(0.8 * width / in_plane), round(width / in_plane))
    center = (
        float(rng.uniform(-15, 15)),
        float(rng.uniform(-15, 25)),
        float(rng.uniform(-60, -30)),
    )
    if is_unseen and rng.random() < 0.3:
        tilt = float(rng.uniform(3, 8))
        return tilted_stack(shape, (in_plane, in_plane, step), center, tilt_deg=tilt)
    return axial_grid(shape, (in_plane, in_plane, step), center)


CHEST = RegionRecipe(
    name="chest_ct",
    region="chest CT",
    modality="CT",
    contrasts=(),
    is_head=False,
    shape_zyx=(56, 72, 80),
    spacing_mm=5.0,
    channels=(
        Channel("mean", -1000, -300),
        Channel("mean", -150, 250),
        Channel("peak", 100, 700),
    ),
    findings=(
        FindingRecipe("lung nodule", "lung", True, ("nodule",), 0.3, 0.0),
        FindingRecipe("emphysema", "lung", False, ("low attenuation area",), 4.0, 1.0, "lung"),
        FindingRecipe("pleural effusion", "pleural space", True, ("effusion",), 50.0, 0.0),
        FindingRecipe(
            "arterial calcification",
            "aorta and coronary arteries",
            False,
            ("aortic calcium", "coronary calcium"),
            0.3,
            0.0,
        ),
    ),
    draw=draw_chest,
)


def draw_head(seed: int, is_unseen: bool) -> Phantom:
    """Return a head phantom on a coarse random grid, tilted more where unseen."""
    rng = np.random.default_rng((seed, 21))
    spec = sample_head_spec(rng)
    scale, noise = float(rng.uniform(0.95, 1.05)), float(rng.uniform(0.8, 3.0))
    if is_unseen:
        scale = float(rng.choice([rng.uniform(0.86, 0.92), rng.uniform(1.07, 1.12)]))
        noise = float(rng.uniform(3.2, 5.0))
    spec = replace(spec, scale=scale, scanner=replace(spec.scanner, noise_hu=noise))
    return make_head(spec, _head_grid(rng, is_unseen), seed=seed)


def _head_grid(rng: np.random.Generator, is_unseen: bool) -> ScanGrid:
    in_plane = float(rng.uniform(1.7, 2.3))
    step = float(rng.uniform(5.6, 7.0) if is_unseen else rng.uniform(2.5, 5.2))
    height = float(rng.uniform(150, 200))
    shape = (round(height / step), round(240 / in_plane), round(210 / in_plane))
    center = (
        float(rng.uniform(-10, 10)),
        float(rng.uniform(-10, 15)),
        float(88 + rng.uniform(5, 15) - height / 2),
    )
    tilt = float(rng.uniform(12, 22) if is_unseen else rng.uniform(-10, 10))
    if is_unseen or rng.random() < 0.4:
        return tilted_stack(shape, (in_plane, in_plane, step), center, tilt_deg=tilt)
    return axial_grid(shape, (in_plane, in_plane, step), center)


HEAD = RegionRecipe(
    name="head_ct",
    region="head CT",
    modality="CT",
    contrasts=(),
    is_head=True,
    shape_zyx=(56, 72, 64),
    spacing_mm=3.0,
    channels=(
        Channel("mean", 0, 90),
        Channel("mean", -20, 45),
        Channel("mean", -300, 1000),
    ),
    findings=(
        FindingRecipe(
            "intracranial hemorrhage", "intracranial space", True, ("bleed", "subdural"), 1.5, 0.0
        ),
        FindingRecipe(
            "ventricular enlargement",
            "cerebral ventricles",
            False,
            ("ventricles",),
            4.5,
            3.0,
            "intracranial",
        ),
    ),
    draw=draw_head,
)


def draw_brain(seed: int, is_unseen: bool) -> Phantom:
    """Return one contrast of a brain phantom, axial or sagittal."""
    rng = np.random.default_rng((seed, 31))
    spec = sample_brain_spec(rng)
    scale, noise, bias = rng.uniform(0.95, 1.05), rng.uniform(3, 16), rng.uniform(0.02, 0.16)
    if is_unseen:
        scale = rng.choice([rng.uniform(0.84, 0.92), rng.uniform(1.07, 1.12)])
        noise, bias = rng.uniform(17, 25), rng.uniform(0.17, 0.25)
    spec = replace(
        spec, head=replace(spec.head, scale=float(scale)), noise=float(noise), bias=float(bias)
    )
    contrast = str(rng.choice(["T1", "T2", "FLAIR", "FLAIR"]))
    grid = _brain_grid(rng, is_unseen)
    return make_brain(spec, grid, seed=seed, contrasts=(contrast,))[contrast]


def _brain_grid(rng: np.random.Generator, is_unseen: bool) -> ScanGrid:
    in_plane = float(rng.uniform(1.5, 2.2))
    step = float(rng.uniform(5.6, 7.5) if is_unseen else rng.uniform(2.0, 5.2))
    height = float(rng.uniform(150, 230))
    if rng.random() < 0.4:
        shape = (round(185 / step), round(240 / in_plane), round(240 / in_plane))
        return sagittal_grid(shape, (in_plane, in_plane, step), (0.0, 0.0, -20.0))
    shape = (round(height / step), round(240 / in_plane), round(220 / in_plane))
    center = (0.0, float(rng.uniform(-10, 10)), float(88 + rng.uniform(0, 15) - height / 2))
    tilt = float(rng.uniform(-18, 18))
    return tilted_stack(shape, (in_plane, in_plane, step), center, tilt_deg=tilt)


BRAIN = RegionRecipe(
    name="brain_mr",
    region="brain MR",
    modality="MR",
    contrasts=("FLAIR",),
    is_head=True,
    shape_zyx=(56, 72, 64),
    spacing_mm=3.0,
    channels=(Channel("mean", 0.0, 1.3),),
    findings=(
        FindingRecipe(
            "white-matter hyperintensities",
            "cerebral white matter",
            True,
            ("white-matter lesions",),
            1.0,
            0.0,
        ),
    ),
    draw=draw_brain,
)


def _by_side_ml(mask: NDArray[np.bool_], phantom: Phantom) -> Pair:
    """Return the volume of a mask right and left of the patient's middle (x = 0)."""
    geometry = phantom.geometry
    area = geometry.spacing_ij_mm[0] * geometry.spacing_ij_mm[1]
    slab = geometry.slab_mm()
    right = left = 0.0
    for k in np.flatnonzero(mask.any(axis=(1, 2))):
        j, i = np.nonzero(mask[k])
        x = geometry.to_patient_mm(int(k), np.stack([i, j], axis=1).astype(np.float64))[:, 0]
        right += float((x < 0).sum()) * area * float(slab[k]) / 1000
        left += float((x >= 0).sum()) * area * float(slab[k]) / 1000
    return right, left
