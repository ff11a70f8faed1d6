"""The names of what the engine finds: stable words that facts, drafts and reports share.

``resources/codes/findings.toml`` holds the same names with their codes; a test keeps them alike.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A finding at an anatomy, with the unit of its value.

    Attributes:
        finding: what, as written in facts.
        anatomy: where, without the side.
        unit: as people write it: ``ml``, ``%``, ``HU``, ``mm``.
        decimals: digits kept after the point; more would promise what is not measured.
    """

    finding: str
    anatomy: str
    unit: str
    decimals: int


CHEST_CT = "chest CT"
HEAD_CT = "head CT"
ABDOMEN_CT = "abdomen CT"
BRAIN_MR = "brain MR"
UNKNOWN = "unknown"
REGIONS = (CHEST_CT, HEAD_CT, ABDOMEN_CT, BRAIN_MR, UNKNOWN)

LUNG_VOLUME = Quantity("lung volume", "lung", "ml", 0)
LOW_ATTENUATION = Quantity("low-attenuation area below -950 HU", "lung", "%", 1)
MEAN_LUNG_DENSITY = Quantity("mean lung density", "lung", "HU", 0)
PLEURAL_EFFUSION = Quantity("pleural effusion", "pleural space", "ml", 0)
LUNG_NODULE = Quantity("lung nodule", "lung", "mm", 1)
ARTERIAL_CALCIUM = Quantity("calcium volume above 130 HU", "aorta and coronary arteries", "ml", 2)
SPINE_ATTENUATION = Quantity("trabecular attenuation", "vertebral body", "HU", 0)
INTRACRANIAL_VOLUME = Quantity("intracranial volume", "intracranial space", "ml", 0)
VENTRICLE_VOLUME = Quantity("ventricle volume", "cerebral ventricles", "ml", 1)
HYPERDENSE_VOLUME = Quantity("hyperdense volume", "intracranial space", "ml", 1)
BRAIN_VOLUME = Quantity("brain volume", "brain", "ml", 0)

QUANTITIES = (
    LUNG_VOLUME,
    LOW_ATTENUATION,
    MEAN_LUNG_DENSITY,
    PLEURAL_EFFUSION,
    LUNG_NODULE,
    ARTERIAL_CALCIUM,
    SPINE_ATTENUATION,
    INTRACRANIAL_VOLUME,
    VENTRICLE_VOLUME,
    HYPERDENSE_VOLUME,
    BRAIN_VOLUME,
)

FINDINGS = tuple(quantity.finding for quantity in QUANTITIES)
ANATOMIES = tuple(dict.fromkeys(quantity.anatomy for quantity in QUANTITIES))
