"""What a head phantom is made of, and how one is drawn by chance."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from inference.phantoms.scanner import Kernel, ScannerSpec
from workstation.core.finding import Side

BLEED_PLACES = ("basal ganglia", "frontal lobe", "parietal lobe", "temporal lobe", "cerebellum")
"""Where an intraparenchymal bleed may lie."""


@dataclass(frozen=True, slots=True)
class BleedSpec:
    """One acute intraparenchymal bleed.

    Attributes:
        side: left or right.
        volume_ml: exact volume.
        place: one of BLEED_PLACES.
        hu: its CT number.
    """

    side: Side
    volume_ml: float
    place: str = "basal ganglia"
    hu: float = 66.0

    def __post_init__(self) -> None:
        if self.side not in (Side.LEFT, Side.RIGHT):
            raise ValueError("a bleed is on the left or on the right")
        if self.place not in BLEED_PLACES:
            raise ValueError(f"no such place: {self.place}")
        if not 0.2 <= self.volume_ml <= 120:
            raise ValueError("a bleed has 0.2 to 120 ml")


@dataclass(frozen=True, slots=True)
class SubduralSpec:
    """One acute subdural bleed over a hemisphere.

    Attributes:
        side: left or right.
        thickness_mm: where it is thickest; its volume is in the truth.
        hu: its CT number.
    """

    side: Side
    thickness_mm: float
    hu: float = 62.0

    def __post_init__(self) -> None:
        if self.side not in (Side.LEFT, Side.RIGHT):
            raise ValueError("a subdural bleed is on the left or on the right")
        if not 2 <= self.thickness_mm <= 30:
            raise ValueError("a subdural bleed is 2 to 30 mm thick")


@dataclass(frozen=True, slots=True)
class HeadSpec:
    """One head.

    Attributes:
        scale: size; 1 is an adult with an intracranial volume of about 1450 ml.
        width: breadth over length, 1 is average.
        ventricles: size of the ventricles; 1 normal, from about 1.7 enlarged.
        atrophy: 0 full brain to 1 wide sulci.
        skull_mm: thickness of the vault.
        bleed: a bleed in the brain, or None.
        subdural: a bleed beneath the dura, or None.
        midline_shift_mm: shift of the septum, positive toward the patient's left.
        turn_deg: how the head lies: turned about z, nodded about x, leaning about y.
        scanner: how it is scanned (CT).
    """

    scale: float = 1.0
    width: float = 1.0
    ventricles: float = 1.0
    atrophy: float = 0.3
    skull_mm: float = 6.0
    bleed: BleedSpec | None = None
    subdural: SubduralSpec | None = None
    midline_shift_mm: float = 0.0
    turn_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    scanner: ScannerSpec = field(default_factory=lambda: ScannerSpec(Kernel.STANDARD, 3.2))

    def __post_init__(self) -> None:
        if not 0 <= self.atrophy <= 1:
            raise ValueError("atrophy is 0 to 1")
        if abs(self.midline_shift_mm) > 20:
            raise ValueError("the midline shifts by at most 20 mm")


def sample_head_spec(rng: np.random.Generator) -> HeadSpec:
    """Return a head as they come to a scanner: four of ten with some bleed."""
    side = Side.LEFT if rng.random() < 0.5 else Side.RIGHT
    bleed, subdural, shift = None, None, 0.0
    draw = rng.random()
    if draw < 0.25:
        volume = float(np.exp(rng.uniform(np.log(1.5), np.log(70))))
        place = str(rng.choice(BLEED_PLACES, p=[0.45, 0.17, 0.17, 0.13, 0.08]))
        bleed = BleedSpec(side, volume, place, float(rng.uniform(55, 78)))
        shift = float(rng.uniform(0.05, 0.14)) * volume if place != "cerebellum" else 0.0
    elif draw < 0.45:
        thickness = float(rng.uniform(4, 18))
        subdural = SubduralSpec(side, thickness, float(rng.uniform(52, 74)))
        shift = float(rng.uniform(0.3, 0.7)) * thickness
    away = -1.0 if side is Side.LEFT else 1.0
    atrophy = float(rng.uniform(0, 1))
    is_wide = rng.random() < 0.25
    return HeadSpec(
        scale=float(rng.uniform(0.93, 1.07)),
        width=float(rng.uniform(0.95, 1.06)),
        ventricles=float(rng.uniform(1.7, 2.6) if is_wide else 0.75 + 0.5 * atrophy),
        atrophy=atrophy,
        skull_mm=float(rng.uniform(4.5, 8.5)),
        bleed=bleed,
        subdural=subdural,
        midline_shift_mm=away * min(shift, 14.0),
        turn_deg=(
            float(rng.normal(0, 4)),
            float(rng.normal(0, 5)),
            float(rng.normal(0, 2)),
        ),
        scanner=ScannerSpec(
            Kernel(rng.choice(["smooth", "standard"])),
            float(rng.uniform(1.8, 5.5)),
            has_table=bool(rng.random() < 0.8),
        ),
    )
