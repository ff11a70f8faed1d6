"""Adds up what was painted, slab by slab, into exact volumes, places and masks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.grids import F32
from workstation.core.geometry import StackGeometry


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

    def note(self, name: str, first: int, share: F32) -> None:
        """Add the shares (n, J, I) of a body in slices from ``first`` on."""
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
