"""What a derived series is made of, before a header of it is written: values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workstation.core.intensity import Padding
from workstation.core.provenance import PackRef


class SourceFrame(NamedTuple):
    """A picture that another was made from: its file, and its frame from 1; 0 without frames."""

    path: Path
    frame: int = 0


@dataclass(frozen=True, slots=True)
class Derivation:
    """What was done to the pixels.

    Attributes:
        is_resampling: new slice or pixel positions; else smoothing on the old ones.
        pack: the model pack.
        title: short clause for the series description ("less noise").
        strength: share of the model's result, 0..1.
        sigma: noise of the source, in its unit; 0 if it played no part.
        unit: that unit.
        provider: execution provider that ran the model.
        slices_left_original: slices that the model's result was not used for.
    """

    is_resampling: bool
    pack: PackRef
    title: str
    strength: float
    sigma: float
    unit: str
    provider: str
    slices_left_original: int = 0

    def description(self, program: str) -> str:
        """Return Derivation Description (0008,2111): all that is needed to judge or repeat it."""
        parts = [
            f"AI-derived: {self.title}, not for sole diagnosis",
            f"{program}, {self.model}",
            *([f"source noise {self.sigma:.1f} {self.unit}"] if self.sigma > 0 else []),
            f"computed by {self.provider}",
        ]
        if self.slices_left_original:
            parts.append(f"{self.slices_left_original} slices left as the original")
        return "; ".join(parts)

    @property
    def contribution(self) -> str:
        """Contribution Description (0018,A003); a series of ours is known again by it."""
        return f"Image processing by a model, not a cleared medical device: {self.model}"

    @property
    def model(self) -> str:
        """The pack by name, version and digest, and the strength; read back word by word."""
        return f"model pack {self.pack}, sha256 {self.pack.digest}; strength {self.strength:.2f}"


@dataclass(frozen=True, slots=True, eq=False)
class DerivedSlice:
    """One slice to be written.

    Attributes:
        voxels: ``[j, i]`` in the unit of the volume, int16 or float32.
        position_mm: (3,) center of its first voxel, LPS.
        header: the picture whose header it inherits.
        sources: every picture that went into it, ``header`` among them.
        comment: Image Comments (0020,4000) of a single image; empty for none.
        marks: further values of Image Type of a single image.
    """

    voxels: NDArray[Any]
    position_mm: NDArray[np.float64]
    header: SourceFrame
    sources: tuple[SourceFrame, ...]
    comment: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DerivedSeries:
    """A series to be written, but for its slices.

    Attributes:
        derivation: what was done.
        thickness_mm: new Slice Thickness and spacing; None keeps the source's.
        padding: value or range outside the scanned field; None if there is none.
        program: name and version of this program.
        now: present time, aware.
        spacing_ij_mm: new distance between columns and between rows; None keeps the source's.
    """

    derivation: Derivation
    thickness_mm: float | None
    padding: Padding
    program: str
    now: datetime
    spacing_ij_mm: tuple[float, float] | None = None
