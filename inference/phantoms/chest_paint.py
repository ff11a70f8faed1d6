"""Lays the tissues of a chest over each other, from the skin inward, in one slab."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from inference.phantoms.chest_findings import ChestPlan
from inference.phantoms.chest_spec import ChestSpec
from inference.phantoms.grids import F32
from inference.phantoms.lesions import lay_lesion
from inference.phantoms.painter import Slab, points_of

SKIN_HU, FAT_HU, MUSCLE_HU, BLOOD_HU = 25.0, -104.0, 54.0, 41.0
CORTEX_HU, MARROW_HU, CARTILAGE_HU, DISC_HU = 760.0, 165.0, 105.0, 82.0
LIVER_HU, SPLEEN_HU, STOMACH_HU, FLUID_HU = 58.0, 48.0, 24.0, 9.0
PLAQUE_HU, GAS_HU, EMPHYSEMA_HU = 620.0, -985.0, -988.0
"""CT numbers of unenhanced tissues at 120 kV.

Source: ICRU 46 compositions; liver 55-65, spleen 45-50, blood 40, muscle 50-60, fat -110 to -90.
"""

TABLE_RADIUS_MM = 520.0
"""Radius of the couch's upper face."""


@dataclass(slots=True)
class ChestShares:
    """Shares (n, J, I) of a slab: trees drawn beforehand, and what the painting found.

    Attributes:
        vessels, lumen, airway, coronary: drawn trees.
        found: name -> share of each pixel, for the truth.
    """

    vessels: F32
    lumen: F32
    airway: F32
    coronary: F32 | None
    found: dict[str, F32] = field(default_factory=dict)


def paint_chest(slab: Slab, spec: ChestSpec, plan: ChestPlan, shares: ChestShares) -> ChestShares:
    """Paint one slab in HU and return the shares the truth needs."""
    texture = slab.sample("texture")
    if spec.scanner.has_table:
        _table(slab, spec)
    _wall(slab, spec, texture)
    _abdomen(slab, texture)
    _mediastinum(slab, texture)
    _skeleton(slab, spec, texture)
    lung = _lung(slab, spec, plan, shares, texture)
    _calcium(slab, spec, shares)
    _airways(slab, shares)
    for n, (wanted, shape) in enumerate(plan.nodules):
        share = lay_lesion(slab, shape, wanted.hu)
        if share is not None:
            shares.found[f"nodule {n + 1}"] = share
    shares.found["lung"] = lung
    return shares


def _table(slab: Slab, spec: ChestSpec) -> None:
    rows, columns = slice(0, slab.image.shape[1]), slice(0, slab.image.shape[2])
    x, y, _ = points_of(slab, (rows, columns))
    if not np.ptp(y[:, 0, 0]) and not np.ptp(x[:, 0, 0]):
        x, y = x[:1], y[:1]
    top = np.float32(spec.scale * (119 + 0.55 * (spec.fat_mm - 14)) + 3)
    upper = np.hypot(x, y - top + np.float32(TABLE_RADIUS_MM)) - np.float32(TABLE_RADIUS_MM)
    lower = np.hypot(x, y - top + np.float32(250)) - np.float32(292)
    inside = np.minimum(upper, -lower)
    box = (rows, columns)
    slab.lay(box, slab.cover(inside), np.float32(-940))
    slab.lay(box, slab.cover(np.float32(1.5) - np.abs(inside)), np.float32(230))


def _wall(slab: Slab, spec: ChestSpec, texture: F32) -> None:
    whole = slab.lay_body("body", SKIN_HU)
    if whole is None:
        return
    slab.lay_body("body", FAT_HU, offset_mm=-2.0, texture=texture * np.float32(5))
    planes = slab.sample("planes")
    if spec.breast > 0:
        _glands(slab, planes, texture)
    strands = texture * np.float32(6)
    laid = slab.lay_body("muscle", MUSCLE_HU, texture=strands)
    if laid is None:
        return
    box, _ = laid
    wall = slab.sample("wall", box)
    noise = planes[:, box[0], box[1]]
    between = np.float32(1.0) - np.abs(wall + np.float32(15.5) + np.float32(2.5) * noise)
    inner = slab.sample("muscle", box)
    seam = np.float32(0.9) - np.abs(noise - np.float32(0.35)) * np.float32(5.5)
    seam = np.minimum(seam, -wall - np.float32(16))
    sheets = np.maximum(between, seam)
    sheets = np.minimum(sheets, inner - np.float32(1))
    slab.lay(box, slab.cover(sheets), np.float32(FAT_HU + 8))
    slab.lay_body("wall", FAT_HU + 6, offset_mm=-1.5, texture=texture * np.float32(7))


def _glands(slab: Slab, planes: F32, texture: F32) -> None:
    box = slab.box("body")
    if box is None:
        return
    depth = slab.sample("body", box)
    front = -slab.sample("back", box) - np.float32(84)
    strand = np.float32(4) - np.abs(planes[:, box[0], box[1]]) * np.float32(9)
    strand = np.minimum(np.minimum(strand, depth - np.float32(9)), front)
    share = slab.cover(strand) * np.clip(0.6 + 0.25 * texture[:, box[0], box[1]], 0, 1)
    slab.lay(box, share, np.float32(30))


def _abdomen(slab: Slab, texture: F32) -> None:
    box = slab.box("wall")
    if box is None:
        return
    dome, wall = slab.sample("dome", box), slab.sample("wall", box)
    sheet = np.minimum(np.float32(1.6) - np.abs(dome + np.float32(1.6)), wall + np.float32(2))
    slab.lay(box, slab.cover(sheet), np.float32(MUSCLE_HU))
    slab.lay_body("stomach", MUSCLE_HU - 8)
    slab.lay_body("stomach", STOMACH_HU, offset_mm=-3.5, texture=texture * np.float32(12))
    slab.lay_body("gas", GAS_HU)
    slab.lay_body("spleen", SPLEEN_HU, texture=texture * np.float32(3))
    slab.lay_body("liver", LIVER_HU, texture=texture * np.float32(4))


def _mediastinum(slab: Slab, texture: F32) -> None:
    slab.lay_body("heart", MUSCLE_HU - 8, offset_mm=1.0)
    laid = slab.lay_body("heart", FAT_HU + 8, offset_mm=0.0, texture=texture * np.float32(8))
    if laid is not None:
        box, _ = laid
        muscle = slab.sample("heart", box) - np.float32(4.5)
        muscle = muscle + np.float32(2.6) * slab.sample("planes", box)
        tint = np.float32(BLOOD_HU + 2) + texture[:, box[0], box[1]] * np.float32(3)
        slab.lay(box, slab.cover(muscle), tint)
        # The grooves of the coronary vessels hold fat.
        groove = np.float32(1.5) - np.abs(slab.sample("planes", box) + np.float32(0.2)) * 8
        groove = np.minimum(groove, np.minimum(np.float32(14) - muscle, muscle + np.float32(3)))
        slab.lay(box, slab.cover(groove), np.float32(FAT_HU + 22))
    slab.lay_body("gullet", 34, offset_mm=-1.0)
    slab.lay_body("gullet", -300, offset_mm=-6.2)
    slab.lay_body("great", BLOOD_HU, texture=texture * np.float32(2))
    slab.lay_body("aorta", BLOOD_HU + 6, offset_mm=0.8)
    slab.lay_body("aorta", BLOOD_HU, offset_mm=-0.8, texture=texture * np.float32(2))


def _skeleton(slab: Slab, spec: ChestSpec, texture: F32) -> None:
    slab.lay_body("disc", DISC_HU, texture=texture * np.float32(6))
    slab.lay_body("canal", 8)
    slab.lay_body("canal", 36, offset_mm=-3.6)
    slab.lay_body("cartilage", CARTILAGE_HU, texture=texture * np.float32(25))
    laid = slab.lay_body("bone", CORTEX_HU * (0.6 + 0.4 * spec.bone))
    if laid is not None:
        marrow = MARROW_HU * spec.bone
        slab.lay_body("bone", marrow, offset_mm=-1.6, texture=texture * np.float32(42 * spec.bone))


def _lung(slab: Slab, spec: ChestSpec, plan: ChestPlan, shares: ChestShares, texture: F32) -> F32:
    whole = np.zeros_like(slab.image)
    box = slab.box("lung")
    if box is None:
        return whole
    distance = slab.sample("lung", box)
    share = slab.cover(distance)
    grain, back = texture[:, box[0], box[1]], slab.sample("back", box)
    air = np.float32(spec.lung_hu) + np.float32(0.28) * back + grain * np.float32(14)
    # Blood and small vessels below resolution crowd toward the hila and the dependent pleura.
    air += np.float32(22) * np.exp(-np.maximum(distance, 0) / np.float32(3.5))
    if "emphysema" in slab.fields:
        holes = slab.cover(slab.sample("emphysema", box))
        air += holes * (np.float32(EMPHYSEMA_HU) - air)
    _fissures(slab, box, air)
    vessels = shares.vessels[:, box[0], box[1]]
    air += vessels * (np.float32(BLOOD_HU) - air)
    for side, _ in plan.effusions:
        name = f"effusion {side.value}"
        fluid_mm = slab.sample(name, box)
        pressed = np.clip(1 + fluid_mm / np.float32(7), 0, 1) ** 2
        air += pressed * np.float32(0.75) * (np.float32(25) - air)
        fluid = slab.cover(fluid_mm) * share
        air += slab.cover(fluid_mm) * (np.float32(FLUID_HU) + grain * np.float32(2) - air)
        found = np.zeros_like(slab.image)
        found[:, box[0], box[1]] = fluid
        shares.found[name] = found
        share = share.copy()
        share -= fluid
        slab.lay(box, fluid, np.float32(FLUID_HU))
    slab.lay(box, slab.cover(distance), air)
    whole[:, box[0], box[1]] = share
    on_left = slab.cover(slab.sample("side", box))
    for name, half in (("left", on_left), ("right", 1 - on_left)):
        found = np.zeros_like(slab.image)
        found[:, box[0], box[1]] = share * half
        shares.found[f"lung {name}"] = found
    return whole


def _fissures(slab: Slab, box: tuple[slice, slice], air: F32) -> None:
    oblique = slab.sample("oblique", box)
    sheet = np.float32(0.45) - np.abs(oblique)
    right = np.minimum(-slab.sample("side", box), -oblique)
    level = np.minimum(np.float32(0.4) - np.abs(slab.sample("horizontal", box)), right)
    share = slab.cover(np.maximum(sheet, level)) * np.float32(0.55)
    air += np.minimum(share, np.float32(0.3)) * (np.float32(-300) - air)


def _calcium(slab: Slab, spec: ChestSpec, shares: ChestShares) -> None:
    found = np.zeros_like(slab.image)
    if spec.aortic_calcium:
        box = slab.box("aorta")
        if box is not None:
            shell = np.float32(1.1) - np.abs(slab.sample("aorta", box) + np.float32(0.2))
            share = slab.cover(np.minimum(shell, slab.sample("plaque", box)))
            slab.lay(box, share, np.float32(PLAQUE_HU))
            found[:, box[0], box[1]] = share
            shares.found["aortic calcium"] = found
    if shares.coronary is not None:
        rows, columns = slice(0, slab.image.shape[1]), slice(0, slab.image.shape[2])
        slab.lay((rows, columns), shares.coronary, np.float32(PLAQUE_HU))
        shares.found["coronary calcium"] = shares.coronary


def _airways(slab: Slab, shares: ChestShares) -> None:
    rows, columns = slice(0, slab.image.shape[1]), slice(0, slab.image.shape[2])
    wall = shares.airway
    body = np.clip(wall, 0, 1) * np.float32(0.9)
    slab.lay((rows, columns), np.where(wall > 0, body, 0).astype(np.float32), np.float32(10))
    slab.lay((rows, columns), shares.lumen, np.float32(-996))
