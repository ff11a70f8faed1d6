"""Request and result of measuring a volume, without any weights."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.core.finding import Fact
from workstation.core.geometry import StackGeometry
from workstation.core.intensity import Intensity


@dataclass(frozen=True, slots=True)
class MeasureRequest:
    """Measure one volume of original pixels; voxels travel beside the request.

    Attributes:
        modality: e.g. CT.
        body_part: Body Part Examined, a hint only; the engine looks for itself.
        description: series description, a hint for MR weighting only.
        series_uid: written into the evidence.
        instance_uids: per slice, written into the evidence.
        geometry: where each slice is.
        intensity: unit of the voxels.
    """

    modality: str
    body_part: str
    description: str
    series_uid: str
    instance_uids: tuple[str, ...]
    geometry: StackGeometry
    intensity: Intensity


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """What was measured.

    Attributes:
        region: recognized body region: ``chest CT``, ``head CT``, ``brain MR``, ``abdomen CT``
            or ``unknown``.
        region_reason: why it is unknown, or what was seen, one clause for people.
        facts: everything measured and everything not assessed with its reason.
        seconds: time of the run.
    """

    region: str
    region_reason: str
    facts: tuple[Fact, ...]
    seconds: float
