"""What a chest phantom is made of, and how one is drawn by chance."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from inference.phantoms.scanner import Kernel, ScannerSpec
from workstation.core.finding import Side

LOBES = (
    "right upper lobe",
    "right middle lobe",
    "right lower lobe",
    "left upper lobe",
    "left lower lobe",
)
"""Lobes of the lungs; the first word is the side."""


@dataclass(frozen=True, slots=True)
class NoduleSpec:
    """One lung nodule.

    Attributes:
        lobe: one of LOBES.
        diameter_mm: mean diameter.
        hu: its CT number: 30-60 solid, -650 to -450 ground glass, above 200 calcified.
        spiculation: 0 smooth to 1 with strands.
    """

    lobe: str
    diameter_mm: float
    hu: float = 40.0
    spiculation: float = 0.0

    def __post_init__(self) -> None:
        if self.lobe not in LOBES:
            raise ValueError(f"no such lobe: {self.lobe}")
        if not 2 <= self.diameter_mm <= 80:
            raise ValueError("a nodule is 2 to 80 mm wide")

    @property
    def side(self) -> Side:
        """Side of the lobe."""
        return Side.RIGHT if self.lobe.startswith("right") else Side.LEFT


@dataclass(frozen=True, slots=True)
class ChestSpec:
    """One chest.

    Attributes:
        scale: size of the person; 1 is 175 cm.
        fat_mm: subcutaneous fat on the flank.
        muscle: 0.6 slight to 1.4 strong.
        breast: 0 none to 1 large.
        heart: 1 is normal; 1.25 is large.
        lung_hu: CT number of the parenchyma between vessels.
        bone: 1 is a young adult; 0.6 is osteoporotic (scales the marrow's CT number above 0).
        nodules: lung nodules.
        emphysema_percent: share of the lung below -950 HU that is drawn; 0 for none.
        effusion_ml: pleural fluid as (side, ml) pairs; what is drawn is in the truth.
        aortic_calcium: 0 none to 1 heavy.
        coronary_calcium: 0 none to 1 heavy.
        scanner: how it is scanned.
    """

    scale: float = 1.0
    fat_mm: float = 14.0
    muscle: float = 1.0
    breast: float = 0.0
    heart: float = 1.0
    lung_hu: float = -865.0
    bone: float = 1.0
    nodules: tuple[NoduleSpec, ...] = ()
    emphysema_percent: float = 0.0
    effusion_ml: tuple[tuple[Side, float], ...] = ()
    aortic_calcium: float = 0.0
    coronary_calcium: float = 0.0
    scanner: ScannerSpec = field(default_factory=ScannerSpec)

    def __post_init__(self) -> None:
        if not 0 <= self.emphysema_percent <= 60:
            raise ValueError("emphysema is 0 to 60 percent")
        if any(not 0 < ml <= 2500 for _, ml in self.effusion_ml):
            raise ValueError("an effusion is above 0 and up to 2500 ml")
        if any(side not in (Side.LEFT, Side.RIGHT) for side, _ in self.effusion_ml):
            raise ValueError("an effusion is on the left or on the right")


def sample_chest_spec(rng: np.random.Generator) -> ChestSpec:
    """Return a chest as they come to a scanner: half of them with some finding of each kind."""
    sides: list[tuple[Side, float]] = [
        (side, float(rng.uniform(60, 900)))
        for side in (Side.LEFT, Side.RIGHT)
        if rng.random() < 0.22
    ]
    kernel = Kernel(rng.choice([kernel.value for kernel in Kernel]))
    return ChestSpec(
        scale=float(rng.uniform(0.88, 1.1)),
        fat_mm=float(rng.uniform(5, 34)),
        muscle=float(rng.uniform(0.7, 1.3)),
        breast=float(rng.uniform(0.3, 1.0)) if rng.random() < 0.45 else 0.0,
        heart=float(rng.uniform(0.9, 1.25)),
        lung_hu=float(rng.uniform(-885, -820)),
        bone=float(rng.uniform(0.55, 1.15)),
        nodules=_sample_nodules(rng),
        emphysema_percent=float(rng.uniform(3, 35)) if rng.random() < 0.3 else 0.0,
        effusion_ml=tuple(sides),
        aortic_calcium=float(rng.uniform(0.1, 1)) if rng.random() < 0.4 else 0.0,
        coronary_calcium=float(rng.uniform(0.1, 1)) if rng.random() < 0.35 else 0.0,
        scanner=ScannerSpec(kernel, float(rng.uniform(4, 28)), 0.0, bool(rng.random() < 0.85)),
    )


def _sample_nodules(rng: np.random.Generator) -> tuple[NoduleSpec, ...]:
    count = int(rng.choice([0, 1, 2, 3], p=[0.5, 0.32, 0.12, 0.06]))
    kinds = {"solid": (20.0, 60.0), "ground glass": (-650.0, -450.0), "calcified": (220.0, 500.0)}
    nodules = []
    for _ in range(count):
        low, high = kinds[str(rng.choice(list(kinds), p=[0.75, 0.15, 0.1]))]
        diameter = float(np.exp(rng.uniform(np.log(5), np.log(32))))
        nodules.append(
            NoduleSpec(
                str(rng.choice(LOBES)),
                diameter,
                float(rng.uniform(low, high)),
                float(rng.uniform(0, 1)) if low > 0 and diameter > 8 else 0.0,
            )
        )
    return tuple(nodules)
