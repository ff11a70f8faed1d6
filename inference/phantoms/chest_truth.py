"""Adds up what was painted in a chest into exact volumes, places and masks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.chest_findings import ChestPlan
from inference.phantoms.chest_paint import ChestShares
from inference.phantoms.chest_spec import ChestSpec
from inference.phantoms.grids import F32
from inference.phantoms.painter import average_thin
from inference.phantoms.phantom import PhantomTruth, Truth
from workstation.core.finding import Side
from workstation.core.geometry import StackGeometry

LAA_HU = -950.0
"""Below this lung counts as low attenuation, Gevenois 1996, doi:10.1164/ajrccm.154.1.8680679."""

CALCIUM_HU = 130.0
"""Above this a voxel counts as calcium, Agatston 1990, doi:10.1016/0735-1097(90)90282-T."""

LUNG, LAA = "lung", "low attenuation area"


@dataclass(slots=True)
class Tally:
    """What was found slab by slab; owned by the call that draws.

    Attributes:
        sums: name -> (slice, sum of shares in that slice).
        pieces: name -> [(slices, mask)].
        moments: name -> [(slice, row moment, column moment)].
    """

    sums: dict[str, dict[int, float]] = field(default_factory=dict)
    pieces: dict[str, list[tuple[int, NDArray[np.bool_]]]] = field(default_factory=dict)
    moments: dict[str, dict[int, tuple[float, float]]] = field(default_factory=dict)

    def add(self, index: slice, clean: F32, shares: ChestShares, thin: int) -> None:
        """Add a slab: its noise-free slices (n, J, I) and its shares (n * thin, J, I)."""
        found = {name: average_thin(share, thin) for name, share in shares.found.items()}
        lung = found[LUNG]
        # Windpipes hold air too; they are no emphysema.
        is_lung = (lung > 0.5) & (average_thin(shares.airway, thin) < 0.05)
        self._note(LAA, index.start, (is_lung & (clean < LAA_HU)).astype(np.float32))
        self._note("airless base", index.start, is_lung.astype(np.float32))
        for name, share in found.items():
            if name.endswith("calcium"):
                share = ((share > 0) & (clean > CALCIUM_HU)).astype(np.float32)
            self._note(name, index.start, share)

    def _note(self, name: str, first: int, share: F32) -> None:
        for n, plane in enumerate(share):
            total = float(plane.sum(dtype=np.float64))
            if total == 0:
                continue
            self.sums.setdefault(name, {})[first + n] = total
            rows, columns = plane.sum(1, dtype=np.float64), plane.sum(0, dtype=np.float64)
            self.moments.setdefault(name, {})[first + n] = (
                float(rows @ np.arange(rows.size)),
                float(columns @ np.arange(columns.size)),
            )
            self.pieces.setdefault(name, []).append((first + n, plane > 0.5))

    def volume_ml(self, name: str, stack: StackGeometry) -> float:
        """Return the volume of a body inside the scan."""
        slab = stack.slab_mm()
        area = stack.spacing_ij_mm[0] * stack.spacing_ij_mm[1]
        return sum(v * float(slab[k]) * area for k, v in self.sums.get(name, {}).items()) / 1000

    def center_mm(self, name: str, stack: StackGeometry) -> tuple[float, float, float] | None:
        """Return the center of mass of a body inside the scan; None if it is not there."""
        sums = self.sums.get(name)
        if not sums:
            return None
        slab = stack.slab_mm()
        total, place = 0.0, np.zeros(3)
        for k, value in sums.items():
            j, i = (moment / value for moment in self.moments[name][k])
            weight = value * float(slab[k])
            place += weight * stack.to_patient_mm(k, np.array([i, j]))
            total += weight
        x, y, z = (float(v) for v in place / total)
        return x, y, z

    def mask(self, name: str, stack: StackGeometry) -> NDArray[np.bool_]:
        """Return a body as a mask [k, j, i]."""
        result = np.zeros(stack.shape_kji, dtype=np.bool_)
        for k, plane in self.pieces.get(name, []):
            result[k] = plane
        return result


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
    names = [name for name in tally.sums if name != "airless base"]
    masks = {name: tally.mask(name, stack) for name in names}
    return PhantomTruth(tuple(quantities), masks)


def _emphysema(tally: Tally, spec: ChestSpec, stack: StackGeometry) -> list[Truth]:
    lung = tally.volume_ml("airless base", stack)
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
