"""Adds up what was painted in a chest into exact volumes, places and masks."""

from __future__ import annotations

import numpy as np

from inference.phantoms.chest_findings import ChestPlan
from inference.phantoms.chest_paint import ChestShares
from inference.phantoms.chest_spec import ChestSpec
from inference.phantoms.grids import F32
from inference.phantoms.painter import average_thin
from inference.phantoms.phantom import PhantomTruth, Truth
from inference.phantoms.tally import Tally
from workstation.core.finding import Side
from workstation.core.geometry import StackGeometry

LAA_HU = -950.0
"""Below this lung counts as low attenuation, Gevenois 1996, doi:10.1164/ajrccm.154.1.8680679."""

CALCIUM_HU = 130.0
"""Above this a voxel counts as calcium, Agatston 1990, doi:10.1016/0735-1097(90)90282-T."""

LUNG, LAA, LUNG_BASE = "lung", "low attenuation area", "lung without airways"


def note_chest(tally: Tally, index: slice, clean: F32, shares: ChestShares, *, thin: int) -> None:
    """Add a slab: its noise-free slices (n, J, I) and its shares (n * thin, J, I)."""
    found = {name: average_thin(share, thin) for name, share in shares.found.items()}
    lung = found[LUNG]
    # Windpipes hold air too; they are no emphysema.
    is_lung = (lung > 0.5) & (average_thin(shares.airway, thin) < 0.05)
    tally.note(LAA, index.start, (is_lung & (clean < LAA_HU)).astype(np.float32))
    tally.note(LUNG_BASE, index.start, is_lung.astype(np.float32))
    for name, share in found.items():
        is_calcium = name.endswith("calcium")
        over = ((share > 0) & (clean > CALCIUM_HU)).astype(np.float32) if is_calcium else share
        tally.note(name, index.start, over)


def chest_truth(
    tally: Tally, spec: ChestSpec, plan: ChestPlan, stack: StackGeometry
) -> PhantomTruth:
    """Return the truth of a chest inside its scan."""
    quantities: list[Truth] = []
    for side in (Side.RIGHT, Side.LEFT):
        name = f"lung {side.value}"
        volume = tally.volume_ml(name, stack)
        if volume > 0:
            center = tally.center_mm(name, stack)
            quantities.append(Truth("lung volume", "lung", side, volume, "ml", center))
    quantities.extend(_emphysema(tally, spec, stack))
    quantities.extend(_nodules(tally, plan, stack))
    quantities.extend(_effusions(tally, stack))
    quantities.extend(_calcium(tally, stack))
    quantities.append(
        Truth("bone marrow attenuation", "thoracic spine", Side.MIDLINE, 165.0 * spec.bone, "HU")
    )
    masks = {name: tally.mask(name, stack) for name in tally.sums}
    return PhantomTruth(tuple(quantities), masks)


def _emphysema(tally: Tally, spec: ChestSpec, stack: StackGeometry) -> list[Truth]:
    lung = tally.volume_ml(LUNG_BASE, stack)
    if lung == 0:
        return []
    share = 100 * tally.volume_ml(LAA, stack) / lung
    return [
        Truth(LAA, "lung", Side.BOTH, share, "%"),
        Truth("emphysema", "lung", Side.BOTH, is_present=spec.emphysema_percent > 0),
    ]


def _nodules(tally: Tally, plan: ChestPlan, stack: StackGeometry) -> list[Truth]:
    found = []
    for n, (wanted, shape) in enumerate(plan.nodules):
        if f"nodule {n + 1}" not in tally.sums:
            continue
        x, y, z = (float(v) for v in shape.center_mm)
        for finding, value, unit in (
            ("nodule diameter", wanted.diameter_mm, "mm"),
            ("nodule volume", shape.volume_ml, "ml"),
            ("nodule attenuation", wanted.hu, "HU"),
        ):
            found.append(Truth(finding, wanted.lobe, wanted.side, value, unit, (x, y, z)))
    found.append(Truth("nodule", "lung", is_present=bool(found)))
    return found


def _effusions(tally: Tally, stack: StackGeometry) -> list[Truth]:
    found = []
    for side in (Side.RIGHT, Side.LEFT):
        name = f"effusion {side.value}"
        volume = tally.volume_ml(name, stack)
        center = tally.center_mm(name, stack)
        found.append(
            Truth("pleural effusion", "pleura", side, volume, "ml", center, is_present=volume > 0)
        )
    return found


def _calcium(tally: Tally, stack: StackGeometry) -> list[Truth]:
    found = []
    for name, anatomy in (("aortic calcium", "aorta"), ("coronary calcium", "coronary arteries")):
        volume = tally.volume_ml(name, stack)
        center = tally.center_mm(name, stack)
        found.append(Truth(name, anatomy, Side.NONE, volume, "ml", center, is_present=volume > 0))
    return found
