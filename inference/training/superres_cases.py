"""The volumes that super-resolvers are measured on: patients and scanners no recipe has seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inference.training import cases
from inference.training.superres_figures import Stack

CT_WINDOW_HU = (-160.0, 240.0)

HEAD_WINDOW_HU = (-20.0, 100.0)

MR_TOP = 1000.0
"""Volumes of MR are scaled so that their 99th percentile is this: a usual range of grey levels."""

LEAST_SLICES = 10
"""Slices a scan has at least, so that not only its ends are judged."""

MIDDLE_PX = 256
"""Edge of the part of large slices that is judged: the body, without the air around it."""


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """Truth for one row of a card.

    Attributes:
        name: of patient and anatomy.
        stacks: ``[k, j, i]``, the first axis the one that is averaged through-plane.
        plane_mm: spacing of the planes; in the planes, of the pixels.
        planes: planes averaged into half a slice.
        window: in which figures are taken.
    """

    name: str
    stacks: list[Stack]
    plane_mm: float
    planes: tuple[int, ...]
    window: tuple[float, float]


def mr_through_plane(data: Path) -> list[Volume]:
    """Return a brain along two axes, a brain of an unseen scanner, and thick limbs."""
    brain, *limbs = [_to_top(case) for case in cases.mr_held_out(data)]
    other = _to_top(s07_brain(data))
    window = (0.0, MR_TOP)
    # Sagittal slices, then axial ones; the spacing differs by a twentieth.
    head = brain.voxels[16:-16, 24:-40, 32:-32]
    axes = [np.ascontiguousarray(np.moveaxis(head, axis, 0)) for axis in (0, 1)]
    return [
        Volume("brain s03", axes, brain.spacing_kji_mm[0], (1, 2), window),
        Volume("brain s07", [other.voxels], other.spacing_kji_mm[0], (1,), window),
        Volume("limbs s16", [limb.voxels for limb in limbs], 3.27, (1,), window),
    ]


def ct_through_plane(data: Path) -> list[Volume]:
    """Return the chest at 1 mm, with its noise, and limbs at 3.3 mm."""
    chest = cases.s01_upper_thin(data)
    limbs = cases.ct_held_out(data)[1:]
    return [
        Volume("chest s01 upper", [_middle(chest.voxels)], 1.0, (1, 2), CT_WINDOW_HU),
        Volume("limbs s16", [limb.voxels for limb in limbs], 3.27, (1,), CT_WINDOW_HU),
    ]


def ct_in_plane(data: Path) -> list[Volume]:
    """Return slices of chest, head and limbs, and a liver of an unseen scanner."""
    chest, head = cases.s01_upper_thin(data), cases.s02_head(data)
    limbs = cases.ct_held_out(data)[1:]
    liver = s14_liver(data)
    return [
        Volume("chest s01 upper", [chest.voxels[::12]], 0.78, (1,), CT_WINDOW_HU),
        Volume("head s02", [head.voxels[::3]], 0.49, (1,), HEAD_WINDOW_HU),
        Volume("liver s14", [liver.voxels], 0.7, (1,), CT_WINDOW_HU),
        Volume("limbs s16", [limb.voxels for limb in limbs], 0.98, (1,), CT_WINDOW_HU),
    ]


def mr_in_plane(data: Path) -> list[Volume]:
    """Return slices of two brains and of limbs."""
    brain, *limbs = [_to_top(case) for case in cases.mr_held_out(data)]
    other = _to_top(s07_brain(data))
    window = (0.0, MR_TOP)
    return [
        Volume("brain s03", [brain.voxels[::6]], 0.86, (1,), window),
        Volume("brain s07", [other.voxels[::3]], 2.0, (1,), window),
        Volume("limbs s16", [limb.voxels for limb in limbs], 0.98, (1,), window),
    ]


def s07_brain(data: Path) -> cases.Case:
    """Return the T1 volume of the multi-frame set, 2 mm along every axis."""
    folder = next(data.glob("s07_*")) / "5_anat-T1w_acq-tfl"
    return cases.read_image(next(folder.iterdir()), "s07")


def s14_liver(data: Path) -> cases.Case:
    """Return three slices of a liver."""
    case = cases.read_series(next(data.glob("s14_*")) / "ct-3slice", "s14")
    return cases.Case(case.name, np.maximum(case.voxels, cases.FAT_HU), case.spacing_kji_mm)


def _to_top(case: cases.Case) -> cases.Case:
    unit = cases.to_unit(case)
    return cases.Case(unit.name, unit.voxels * np.float32(MR_TOP), unit.spacing_kji_mm)


def _middle(voxels: Stack) -> Stack:
    rows, columns = ((size - MIDDLE_PX) // 2 for size in voxels.shape[1:])
    return voxels[:, rows : rows + MIDDLE_PX, columns : columns + MIDDLE_PX]
