"""Sentences that no model words: technique, what was not assessed, what the pack does not know.

They hold nothing but what the geometry says and what the measurement engine refused to say.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from inference.tasks.measure import MeasureRequest
from workstation.core.finding import Fact, Side
from workstation.core.geometry import StackGeometry, plane_name

UNKNOWN_REGION = (
    "The drafting pack does not know this body region or kind of scan, so no findings were drafted."
)


def technique_text(request: MeasureRequest) -> str:
    """Return what was acquired: modality, slices, gaps, pixel size; no anatomy."""
    geometry = request.geometry
    count = geometry.shape_kji[0]
    plane = f"{plane_name(geometry.normal)} " if geometry.has_millimetres else ""
    slices = "slice" if count == 1 else "slices"
    parts = [f"{request.modality or 'Unknown modality'}: {count} {plane}{slices}"]
    if geometry.has_millimetres:
        parts += [*_gaps(geometry), *_tilt(request), _pixels(geometry)]
    else:
        parts.append("slice distance and pixel size not known")
    return ", ".join(parts) + "."


def not_assessed_text(facts: Iterable[Fact]) -> str:
    """Return the one sentence of what was not assessed, with reasons.

    Args:
        facts: those that were not assessed, and measured ones whose limits must be told.
    """
    by_reason: dict[str, list[str]] = {}
    for fact in facts:
        names = by_reason.setdefault(fact.reason or "no reason is known", [])
        if (name := _name(fact)) not in names:
            names.append(name)
    parts = [f"{_listed(names)} ({reason})" for reason, names in by_reason.items()]
    return "Not assessed: " + "; ".join([*parts, "anything not mentioned above"]) + "."


def _name(fact: Fact) -> str:
    side = f"{fact.side.value} " if fact.side in (Side.LEFT, Side.RIGHT) else ""
    return f"{side}{fact.finding}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}"


def _gaps(geometry: StackGeometry) -> list[str]:
    gaps = np.abs(geometry.gaps_mm)
    if gaps.size == 0 or not geometry.is_placed:
        return []
    low, high = float(gaps.min()), float(gaps.max())
    if not geometry.is_even:
        return [f"{low:.1f} to {high:.1f} mm apart"]
    return [f"{float(np.median(gaps)):.1f} mm apart"]


def _tilt(request: MeasureRequest) -> list[str]:
    tilt = abs(request.geometry.tilt_deg)
    if tilt == 0:
        return []
    return [f"{'gantry' if request.modality == 'CT' else 'stack'} tilt {tilt:.1f} degrees"]


def _pixels(geometry: StackGeometry) -> str:
    across, down = geometry.spacing_ij_mm
    return f"pixel size {across:.2f} x {down:.2f} mm"
