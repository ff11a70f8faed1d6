"""Brain MR: T1, T2 and FLAIR of one anatomy with white-matter lesions, coil shading and noise."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.grids import F32, ScanGrid, coarse_grid, stack_of
from inference.phantoms.head_anatomy import HeadWarp, head_warp
from inference.phantoms.head_paint import HeadShares, Palette, paint_head
from inference.phantoms.head_plan import at_points, coarse_head
from inference.phantoms.head_spec import HeadSpec
from inference.phantoms.lesions import Lesion, lay_lesion, lesion
from inference.phantoms.noise import lattice
from inference.phantoms.painter import Slab, average_thin, slabs
from inference.phantoms.phantom import Phantom, PhantomTruth, Truth
from inference.phantoms.scanner import slices_per_slab
from inference.phantoms.tally import Tally
from workstation.core.finding import Side
from workstation.core.geometry import StackGeometry

PALETTES: dict[str, Palette] = {
    "T1": Palette(
        air=0, skin=190, fat=430, muscle=165, compact=22, marrow=240, mucosa=210, csf=62,
        gray=228, white=325, deep=258, dura=150, vitreous=70, lens=130, lesion=205, calcium=20,
        grain=4,
    ),
    "T2": Palette(
        air=0, skin=170, fat=350, muscle=95, compact=18, marrow=170, mucosa=420, csf=620,
        gray=290, white=195, deep=225, dura=70, vitreous=600, lens=90, lesion=430, calcium=15,
        grain=5,
    ),
    "FLAIR": Palette(
        air=0, skin=200, fat=330, muscle=130, compact=20, marrow=150, mucosa=330, csf=38,
        gray=258, white=200, deep=228, dura=90, vitreous=45, lens=100, lesion=430, calcium=15,
        grain=4,
    ),
}  # fmt: skip
"""Signals at 3 T: T1 of an MPRAGE, T2 of a turbo spin echo, FLAIR with nulled CSF.

Ratios follow from relaxation times (gray 1400/95 ms, white 850/70 ms, CSF 4000/1500 ms;
doi:10.1002/mrm.20605).
"""

COARSE_MM = 2.0
"""Distance of the points at which shapes are evaluated: less than the cortex is thick."""

COARSE_PER_PIXEL = 1.25
"""For coarse scans: points per pixel; finer shapes could not be seen."""

CLOUD_POINTS = 20_000
"""Random points among which places of lesions are chosen."""

BIAS_WAVE_MM = 130.0
"""Shortest wave of the coil shading."""


@dataclass(frozen=True, slots=True)
class BrainSpec:
    """One brain in MR.

    Attributes:
        head: the anatomy; its scanner is not used.
        lesions: number of white-matter lesions.
        lesion_mm: mean diameter of a lesion; single ones vary between half and twice that.
        bias: coil shading, standard deviation as a share of the signal.
        noise: standard deviation of the noise in signal units (white matter in T1 has 325).
        thickness_mm: slice thickness; 0 takes the gap between slices.
    """

    head: HeadSpec = field(default_factory=HeadSpec)
    lesions: int = 0
    lesion_mm: float = 6.0
    bias: float = 0.08
    noise: float = 9.0
    thickness_mm: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.lesions <= 80:
            raise ValueError("0 to 80 lesions")
        if not 2 <= self.lesion_mm <= 25:
            raise ValueError("a lesion is 2 to 25 mm wide")
        if self.noise < 0 or not 0 <= self.bias <= 0.4:
            raise ValueError("noise cannot be negative and the shading is 0 to 0.4")
        if self.head.bleed or self.head.subdural:
            raise ValueError("bleeds are drawn in CT only")


def sample_brain_spec(rng: np.random.Generator) -> BrainSpec:
    """Return a brain as it comes to a scanner: half of them with lesions."""
    atrophy = float(rng.uniform(0, 1))
    is_wide = rng.random() < 0.2
    head = HeadSpec(
        scale=float(rng.uniform(0.93, 1.07)),
        width=float(rng.uniform(0.95, 1.06)),
        ventricles=float(rng.uniform(1.7, 2.6) if is_wide else 0.75 + 0.5 * atrophy),
        atrophy=atrophy,
        skull_mm=float(rng.uniform(4.5, 8.5)),
        turn_deg=(float(rng.normal(0, 3)), float(rng.normal(0, 4)), float(rng.normal(0, 2))),
    )
    return BrainSpec(
        head=head,
        lesions=int(rng.integers(1, 40)) if rng.random() < 0.5 else 0,
        lesion_mm=float(rng.uniform(4, 11)),
        bias=float(rng.uniform(0.02, 0.2)),
        noise=float(rng.uniform(3, 22)),
    )


def make_brain(
    spec: BrainSpec,
    grid: ScanGrid,
    *,
    seed: int,
    contrasts: tuple[str, ...] = ("T1", "T2", "FLAIR"),
) -> dict[str, Phantom]:
    """Return the wanted contrasts of one brain on a grid; all share one truth.

    Args:
        spec: the person and the lesions.
        grid: where to scan, any orientation. The middle of the brain is at the origin, LPS.
        seed: the same seed, spec and grid give the same voxels.
        contrasts: names from PALETTES.
    """
    rng = np.random.default_rng(seed)
    stack = stack_of(grid)
    warp = head_warp(rng)
    pixel = float(np.mean(stack.spacing_ij_mm))
    gap = float(np.median(np.abs(stack.gaps_mm))) if stack.shape_kji[0] > 1 else 1.0
    thickness = spec.thickness_mm or gap
    thin = slices_per_slab(thickness, pixel)
    margin = thickness / 2 if thin > 1 else 0.0
    coarse = coarse_grid(stack, max(COARSE_MM, COARSE_PER_PIXEL * pixel), margin_mm=margin)
    lesions = _lesions(spec, _white_places(spec, warp, rng), rng)
    fields = coarse_head(spec.head, warp, coarse, rng)
    shading = lattice(rng, BIAS_WAVE_MM, octaves=1.0, size=16)
    fields["bias"] = coarse.smooth(shading, step=6)
    tally = Tally()
    voxels = {name: np.empty(stack.shape_kji, dtype=np.int16) for name in contrasts}
    noise_rng = np.random.default_rng((seed, 1))
    for slab in slabs(coarse, fields, thickness_mm=thickness, thin_slices=thin, background=0):
        index = slice(int(slab.slices[0]), int(slab.slices[-1]) + 1)
        texture = slab.sample("texture")
        gain = 1 + np.float32(spec.bias) * slab.sample("bias")
        for n, name in enumerate(contrasts):
            slab.image[...] = 0
            shares = _painted(slab, spec, PALETTES[name], texture, lesions)
            clean = average_thin(slab.image * gain, thin)
            voxels[name][index] = _magnitude(clean, spec.noise, noise_rng)
            if n == 0:
                for body, share in shares.found.items():
                    tally.note(body, index.start, average_thin(share, thin))
    truth = brain_truth(tally, spec, stack, lesions)
    return {
        name: Phantom(array, stack, "MR", truth, "BRAIN", name, thickness)
        for name, array in voxels.items()
    }


def brain_truth(
    tally: Tally, spec: BrainSpec, stack: StackGeometry, lesions: tuple[Lesion, ...]
) -> PhantomTruth:
    """Return the truth of a brain inside its scan."""
    found = [
        Truth(f"{name} volume", anatomy, Side.NONE, tally.volume_ml(body, stack), "ml")
        for name, anatomy, body in (
            ("intracranial", "head", "intracranial"),
            ("ventricle", "ventricles", "ventricles"),
            ("brain", "brain", "brain"),
        )
    ]
    volume = tally.volume_ml("white-matter lesions", stack)
    found.append(Truth("white-matter lesion volume", "white matter", Side.NONE, volume, "ml"))
    found.append(
        Truth(
            "white-matter lesions",
            "white matter",
            Side.NONE,
            float(len(lesions)),
            "",
            is_present=bool(lesions) and volume > 0,
        )
    )
    for shape in lesions:
        x, y, z = (float(v) for v in shape.center_mm)
        side = Side.LEFT if x > 0 else Side.RIGHT
        place = (x, y, z)
        found.append(Truth("lesion volume", "white matter", side, shape.volume_ml, "ml", place))
    found.append(Truth("enlarged ventricles", "ventricles", is_present=spec.head.ventricles >= 1.7))
    return PhantomTruth(tuple(found), {name: tally.mask(name, stack) for name in tally.sums})


def _white_places(
    spec: BrainSpec, warp: HeadWarp, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points deep in the white matter, (n, 3), and the room around each, (n,) in mm."""
    reach = np.array([50.0, 66.0, 44.0]) * spec.head.scale
    points = rng.uniform(-reach, reach, (CLOUD_POINTS, 3)) + np.array([0, 0, 12.0])
    _, fields = at_points(points, warp, spec.head)
    room = np.minimum(
        fields["cavity"] - 9,
        np.hypot(fields["fold"], np.maximum(fields["cavity"] - fields["floor"], 0)) - 4,
    )
    for name in ("ventricle", "deep", "stem", "cistern", "fissure"):
        room = np.minimum(room, -fields[name] - 1)
    room = np.minimum(room, -fields["behind"])
    near_ventricle = np.exp(-np.maximum(-fields["ventricle"], 0) / 9)
    chosen = (room > 1) & (rng.random(room.size) < 0.15 + 0.85 * near_ventricle)
    return points[chosen], room[chosen].astype(np.float64)


def _lesions(
    spec: BrainSpec,
    pool: tuple[NDArray[np.float64], NDArray[np.float64]],
    rng: np.random.Generator,
) -> tuple[Lesion, ...]:
    points, room = pool
    found: list[Lesion] = []
    wanted = np.sort(spec.lesion_mm * np.exp(rng.uniform(-0.7, 0.7, spec.lesions)))[::-1]
    for diameter in wanted:
        away = np.full(room.size, np.inf)
        for other in found:
            gap = np.linalg.norm(points - other.center_mm, axis=1) - other.reach_mm
            away = np.minimum(away, gap)
        free = np.flatnonzero((room > diameter / 2) & (away > diameter * 0.75))
        if free.size == 0:
            continue
        stretch = tuple(np.exp(rng.normal(0, 0.18, 3)))
        found.append(
            lesion(
                points[rng.choice(free)],
                float(diameter),
                rng,
                roughness=0.12,
                stretch=(stretch[0], stretch[1], stretch[2]),
            )
        )
    return tuple(found)


def _painted(
    slab: Slab, spec: BrainSpec, palette: Palette, texture: F32, lesions: tuple[Lesion, ...]
) -> HeadShares:
    shares = paint_head(slab, spec.head, palette, texture)
    whole = np.zeros_like(slab.image)
    for shape in lesions:
        share = lay_lesion(slab, shape, palette.lesion)
        if share is not None:
            np.maximum(whole, share, out=whole)
    shares.found["white-matter lesions"] = whole
    return shares


def _magnitude(clean: F32, noise: float, rng: np.random.Generator) -> NDArray[np.int16]:
    """Return the magnitude of a complex signal with noise (Rician), as int16.

    Source: Gudbjartsson and Patz 1995, doi:10.1002/mrm.1910340618.
    """
    real = clean + np.float32(noise) * rng.standard_normal(clean.shape, dtype=np.float32)
    imaginary = np.float32(noise) * rng.standard_normal(clean.shape, dtype=np.float32)
    signal: NDArray[np.int16] = np.clip(np.rint(np.hypot(real, imaginary)), 0, 4095).astype(
        np.int16
    )
    return signal
