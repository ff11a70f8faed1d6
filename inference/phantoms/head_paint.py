"""Lays the tissues of a head over each other; a palette says what each tissue looks like.

The same painting gives a CT (palette in HU) and every MR contrast (palette of signals).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from inference.phantoms.grids import F32, Number
from inference.phantoms.head_anatomy import SULCUS_DEPTH_MM
from inference.phantoms.head_spec import HeadSpec
from inference.phantoms.lesions import Lesion, lay_lesion
from inference.phantoms.painter import Box, Slab, box_around, points_of
from inference.phantoms.shapes import periodic

FOLIA_MM = 4.4
"""Distance of the folia of the cerebellum."""

CORTEX_MM = 3.0
"""Thickness of the cortex of the brain, mean of adults (doi:10.1073/pnas.200033797)."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Value of each tissue: HU for CT, signal for MR."""

    air: float
    skin: float
    fat: float
    muscle: float
    compact: float
    marrow: float
    mucosa: float
    csf: float
    gray: float
    white: float
    deep: float
    dura: float
    vitreous: float
    lens: float
    lesion: float
    calcium: float
    grain: float


CT_PALETTE = Palette(
    air=-990, skin=40, fat=-85, muscle=56, compact=1150, marrow=520, mucosa=40, csf=6, gray=37.5,
    white=28.5, deep=37, dura=54, vitreous=9, lens=85, lesion=20, calcium=240, grain=0.8,
)  # fmt: skip
"""HU without contrast medium at 120 kV: gray 37-41, white 25-32, CSF 0-10."""


@dataclass(slots=True)
class HeadShares:
    """What the painting found: name -> share (n, J, I)."""

    found: dict[str, F32] = field(default_factory=dict)


def paint_head(slab: Slab, spec: HeadSpec, palette: Palette, texture: F32) -> HeadShares:
    """Paint one slab of a head without lesions; return the shares the truth needs."""
    shares = HeadShares()
    _soft(slab, palette, texture)
    _bone(slab, palette, texture)
    _orbits(slab, palette)
    _air(slab, palette)
    _brain(slab, spec, palette, texture, shares)
    return shares


def lay_bleed(slab: Slab, shares: HeadShares, bleed: Lesion, hu: float, edema: float) -> None:
    """Lay a bleed with its rim of edema."""
    inside = shares.found.get("intracranial")
    if inside is None:
        return
    box = box_around(slab, bleed.center_mm, bleed.reach_mm + 9)
    if box is not None:
        rim = bleed.distance(*points_of(slab, box))
        share = np.clip((rim + np.float32(6)) / np.float32(5), 0, 1) * inside[:, box[0], box[1]]
        target = slab.image[:, box[0], box[1]]
        is_brain = (target > 15) & (target < 50)
        slab.lay(box, share * is_brain * np.float32(0.85), np.float32(edema))
    share_or_none = lay_lesion(slab, bleed, hu, inside)
    if share_or_none is not None:
        shares.found["bleed"] = share_or_none


def _soft(slab: Slab, palette: Palette, texture: F32) -> None:
    if slab.lay_body("skin", palette.skin) is None:
        return
    grain = texture * np.float32(palette.grain * 8)
    slab.lay_body("skin", palette.fat, offset_mm=-2.2, texture=grain)
    slab.lay_body("cavity", palette.muscle, offset_mm=9.0, texture=grain)
    box = slab.box("skin")
    if box is None:
        return
    inner = slab.sample("skin", box) - np.float32(9)
    deep = np.minimum(inner, np.float32(-52) - slab.sample("high", box))
    patch = slab.sample("strands", box)
    share = slab.cover(deep) * np.clip(np.float32(0.8) + np.float32(1.3) * patch, 0, 1)
    slab.lay(box, share, np.float32(palette.muscle))
    slab.lay_body("chew", palette.muscle, texture=grain)


def _bone(slab: Slab, palette: Palette, texture: F32) -> None:
    if slab.lay_body("bone", palette.compact) is None:
        return
    box = slab.box("bone")
    if box is None:
        return
    inner = slab.sample("bone", box) - np.float32(1.9)
    patch = slab.sample("cells", box)
    inner = inner + np.float32(0.9) * patch
    spread = (palette.compact - palette.marrow) * 0.16
    tint = np.float32(palette.marrow) + np.float32(spread) * (patch + texture[:, box[0], box[1]])
    slab.lay(box, slab.cover(inner), tint)


def _orbits(slab: Slab, palette: Palette) -> None:
    slab.lay_body("orbit", palette.fat - 10 if palette.air < 0 else palette.fat)
    slab.lay_body("rectus", palette.muscle)
    slab.lay_body("optic", palette.white)
    slab.lay_body("eye", palette.muscle - 12 if palette.air < 0 else palette.muscle)
    slab.lay_body("eye", palette.vitreous, offset_mm=-1.4)
    slab.lay_body("lens", palette.lens)


def _air(slab: Slab, palette: Palette) -> None:
    slab.lay_body("air", palette.mucosa, offset_mm=0.9)
    slab.lay_body("air", palette.air)


def _brain(slab: Slab, spec: HeadSpec, palette: Palette, texture: F32, shares: HeadShares) -> None:
    box = slab.box("cavity")
    if box is None:
        return
    depth = slab.sample("cavity", box)
    inside = slab.cover(depth)
    ventricle_mm = slab.sample("ventricle", box)
    value, tissue = _parenchyma(slab, box, depth, spec, palette)
    value = value + texture[:, box[0], box[1]] * np.float32(palette.grain)
    value = _mixed(value, slab.cover(ventricle_mm), palette.csf)
    _dura(slab, box, depth, value, palette)
    subdural = None
    if spec.subdural is not None and "subdural" in slab.fields:
        subdural = slab.cover(slab.sample("subdural", box))
        value = _mixed(value, subdural, spec.subdural.hu)
        tissue = tissue * (1 - subdural)
    if palette.air < 0:
        # Beam hardening: brain beside the skull reads a few units high.
        value += np.float32(5) * np.exp(-np.maximum(depth, 0) / np.float32(7))
    slab.lay(box, inside, value)
    _keep(slab, shares, "intracranial", box, inside)
    ventricle = slab.cover(ventricle_mm) * inside
    _keep(slab, shares, "ventricles", box, ventricle)
    _keep(slab, shares, "brain", box, tissue * inside * (1 - slab.cover(ventricle_mm)))
    if subdural is not None:
        _keep(slab, shares, "subdural", box, subdural * inside)


def _parenchyma(
    slab: Slab, box: Box, depth: F32, spec: HeadSpec, palette: Palette
) -> tuple[F32, F32]:
    """Return CSF, cortex, white matter, nuclei, cerebellum and stem; and the share of tissue."""
    behind = slab.sample("behind", box)
    fold = np.abs(slab.sample("fold", box))
    half = np.float32(0.3 + 1.15 * spec.atrophy)
    # Less fluid around cerebellum and stem than over the hemispheres.
    shallow = 1 - np.float32(0.55) * slab.cover(behind)
    skin_mm = np.float32(1.3 + 2.2 * spec.atrophy) * shallow
    beyond = np.maximum(depth - slab.sample("floor", box), 0)
    # A sulcus is a sheet with a round floor; the cortex lines it.
    sheet = np.sqrt(fold * fold + beyond * beyond)
    taper = half * np.clip(np.float32(1.15) - depth / np.float32(SULCUS_DEPTH_MM), 0.35, 1)
    fissure = slab.sample("fissure", box)
    gap = np.maximum(np.minimum(taper - sheet, -behind), fissure)
    gap = np.maximum(gap, skin_mm - depth)
    ribbon = np.minimum(np.float32(CORTEX_MM) + np.float32(0.7) * taper - sheet, -behind)
    ribbon = np.maximum(ribbon, fissure + np.float32(CORTEX_MM))
    ribbon = np.maximum(ribbon, skin_mm + np.float32(CORTEX_MM) - depth)
    value = np.full(depth.shape, palette.white, dtype=np.float32)
    value = _mixed(value, slab.cover(ribbon), palette.gray)
    folia = np.abs(periodic(slab.sample("folia", box), FOLIA_MM)) - np.float32(1.35)
    small = _mixed(
        np.full_like(value, palette.gray), slab.cover(folia) * np.float32(0.6), palette.white
    )
    core = slab.cover(np.minimum(behind, depth) - np.float32(15))
    small = _mixed(small, core * np.float32(0.7), palette.white)
    value = _mixed(value, slab.cover(behind), small)
    value = _mixed(value, slab.cover(slab.sample("deep", box)), palette.deep)
    gap = np.maximum(gap, slab.sample("cistern", box))
    tissue = 1 - slab.cover(gap)
    value = _mixed(value, 1 - tissue, palette.csf)
    stem = slab.cover(slab.sample("stem", box))
    value = _mixed(value, stem, 0.5 * (palette.white + palette.gray))
    return value, np.maximum(tissue, stem)


def _dura(slab: Slab, box: Box, depth: F32, value: F32, palette: Palette) -> None:
    """Lay falx and tentorium into ``value``."""
    mid, tent = slab.sample("mid", box), slab.sample("tent", box)
    high, front = slab.sample("high", box), slab.sample("front", box)
    outside = np.sqrt((front / np.float32(56)) ** 2 + ((high + 2) / np.float32(33)) ** 2) - 1
    falx = np.minimum(np.float32(0.55) - np.abs(mid), np.minimum(outside * 30, tent))
    back = np.minimum(-front - np.float32(20), np.float32(0.6) - np.abs(tent))
    back = np.minimum(back, np.float32(24) - depth)
    sinus = np.minimum(np.float32(3.4) - np.abs(mid), np.float32(4.5) - depth)
    sinus = np.minimum(sinus, np.minimum(tent + 3, outside * 30))
    sheets = np.maximum(np.maximum(falx, back), sinus)
    share = slab.cover(sheets)
    value += share * (np.float32(palette.dura) - value)


def _mixed(value: F32, share: F32, other: F32 | Number) -> F32:
    result: F32 = value + share * (other - value)
    return result


def _keep(slab: Slab, shares: HeadShares, name: str, box: Box, share: F32) -> None:
    whole = np.zeros_like(slab.image)
    whole[:, box[0], box[1]] = share
    shares.found[name] = whole
