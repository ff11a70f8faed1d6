"""Request and result of the gates of a denoising pack."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.core.provenance import PackRef


@dataclass(frozen=True, slots=True)
class GatesRequest:
    """Measure the gates of one pack; no voxels travel beside it."""

    pack_id: str


@dataclass(frozen=True, slots=True)
class GateFigure:
    """One measured figure and what it has to be.

    Attributes:
        name: what was measured, in words.
        value: the figure.
        unit: of value and limit, e.g. ``HU``; empty for a ratio.
        low: least it may be; None where there is no least.
        high: most it may be; None where there is no most.
        error: half width of the 95 % confidence interval; 0 where it is exact.
    """

    name: str
    value: float
    unit: str
    low: float | None
    high: float | None
    error: float = 0.0

    @property
    def has_passed(self) -> bool:
        """Whether the figure lies in its range."""
        is_enough = self.low is None or self.value >= self.low
        return is_enough and (self.high is None or self.value <= self.high)


@dataclass(frozen=True, slots=True)
class GatesResult:
    """All gates of a pack at one strength.

    Attributes:
        pack: the pack.
        strength: share of the result that was mixed with the input.
        gates: figures with limits.
        figures: figures that are told but not judged.
        seconds: time it took.
        provider: execution provider that ran the model.
    """

    pack: PackRef
    strength: float
    gates: tuple[GateFigure, ...]
    figures: tuple[GateFigure, ...]
    seconds: float
    provider: str

    @property
    def has_passed(self) -> bool:
        """Whether every gate was passed."""
        return all(gate.has_passed for gate in self.gates)
