"""The demo study: one chest CT with a known nodule, emphysema, effusion and calcium."""

from __future__ import annotations

from dataclasses import dataclass

from inference.phantoms.chest_ct import ChestSpec, NoduleSpec, make_chest
from inference.phantoms.grids import axial_grid
from inference.phantoms.phantom import Phantom
from inference.phantoms.scanner import Kernel, ScannerSpec
from workstation.core.finding import Side

DEMO_SEED = 20250602
"""The one seed of the demo, so that everybody sees the same patient."""

DEMO_PATIENT_NAME = "Demo^Phantom"
"""Patient's Name of the demo study."""

DEMO_PATIENT_ID = "PRELIM-DEMO-1"
"""Patient ID of the demo study."""


@dataclass(frozen=True, slots=True, eq=False)
class DemoSeries:
    """One series of the demo study.

    Attributes:
        phantom: voxels, geometry, truth.
        description: Series Description.
        seed: for the UIDs of the series.
    """

    phantom: Phantom
    description: str
    seed: int


def demo_chest_spec() -> ChestSpec:
    """Return what is in the demo's chest."""
    return ChestSpec(
        scale=0.97,
        fat_mm=16.0,
        bone=0.85,
        nodules=(NoduleSpec("right upper lobe", 12.0, 38.0, spiculation=0.5),),
        emphysema_percent=9.0,
        effusion_ml=((Side.LEFT, 160.0),),
        aortic_calcium=0.5,
        scanner=ScannerSpec(Kernel.STANDARD, 11.0, thickness_mm=2.0),
    )


def demo_phantoms() -> tuple[DemoSeries, ...]:
    """Return the series of the demo study, drawn now (it takes some seconds)."""
    grid = axial_grid((202, 512, 512), (0.74, 0.74, 2.0), (0.0, 4.0, -71.0))
    chest = make_chest(demo_chest_spec(), grid, seed=DEMO_SEED)
    return (DemoSeries(chest, "Chest 2.0 mm standard", DEMO_SEED),)
