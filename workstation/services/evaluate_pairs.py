"""Find pairs of the same scan at low and at full dose, and say why others are none.

Two ways to lay them out are known: folders named low and high (or full) with the same folders or
patients in both, and the TCIA collection LDCT-and-Projection-data, whose series are described as
"Low Dose Images" and "Full Dose Images".
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np

from workstation.core.errors import InputRefusedError
from workstation.core.image_stack import ImageStack
from workstation.core.volume import Volume
from workstation.services.choose_series import READ_MODALITIES
from workstation.services.import_studies import ImportedSeries, ImportResult

FOLDERS = {
    "low": frozenset({"low", "low_dose", "lowdose", "low-dose", "ld", "quarter_dose", "noisy"}),
    "high": frozenset({"high", "full", "full_dose", "fulldose", "full-dose", "fd", "hd", "clean"}),
}
"""Names of folders, in small letters."""

DESCRIBED = {"low": "low dose", "high": "full dose"}
"""Part of the Series Description in the TCIA collection, in small letters."""

PLACE_TOLERANCE = 0.1
"""Part of a slice gap by which two slices of a pair may lie apart."""

SPACING_TOLERANCE = 0.01
"""Part by which pixel spacings may differ; headers round them."""

EXAMS = {"C": "chest", "L": "abdomen", "N": "neuro"}
"""First letter of a patient of the TCIA collection, by what was scanned."""

BODY_PARTS = {"CHEST": "chest", "ABDOMEN": "abdomen", "HEAD": "neuro", "BRAIN": "neuro"}


class Dose(Enum):
    """Which of the two series of a pair it is."""

    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True, eq=False)
class StackPair:
    """Two stacks of one scan, by their headers.

    Attributes:
        low: the noisy one.
        high: the reference.
    """

    low: ImageStack
    high: ImageStack


@dataclass(frozen=True, slots=True)
class Unpaired:
    """What was left out: how many series, and why; names nobody."""

    count: int
    why: str


def find_pairs(
    root: Path, received: ImportResult
) -> tuple[tuple[StackPair, ...], tuple[Unpaired, ...]]:
    """Return the pairs among what was received below a folder, and what found no partner.

    Raises:
        InputRefusedError: there is no pair.
    """
    by_key: dict[tuple[str, ...], dict[Dose, list[ImageStack]]] = defaultdict(
        lambda: {dose: [] for dose in Dose}
    )
    for series in received.all_series:
        if series.identity.modality in READ_MODALITIES and series.display_sets:
            dose, key = _place(root, series)
            if dose is not None:
                by_key[key][dose].append(series.display_sets[0])
    found, left = _paired(by_key)
    if not found:
        raise InputRefusedError(
            "No pair of a low-dose and a full-dose series was found",
            why="; ".join(one.why for one in left) or "no series is named or filed as either",
            todo="Lay them out as low/ and high/, or as the TCIA collection does; for one clean "
            "series add --simulate SIGMA",
        )
    return found, left


def mismatch(low: Volume, high: Volume) -> str:
    """Return why two volumes are not the same scan, as a clause; empty if they are."""
    if low.voxels.shape != high.voxels.shape:
        sizes = " against ".join("x".join(map(str, v.voxels.shape[::-1])) for v in (low, high))
        return f"the series have different sizes, {sizes}"
    if low.intensity.unit is not high.intensity.unit:
        return f"one holds {low.intensity.unit.value}, the other {high.intensity.unit.value}"
    spacing = (low.geometry.spacing_ij_mm, high.geometry.spacing_ij_mm)
    if not np.allclose(*spacing, rtol=SPACING_TOLERANCE):
        return "the pixels have different spacings"
    return _displaced(low, high)


def anatomy_of(stack: ImageStack, asked: str) -> str:
    """Return whose window a CT is read in: asked, else by patient number or body part examined.

    Raises:
        InputRefusedError: it cannot be told.
    """
    if stack.series.modality != "CT":
        return ""
    patient = stack.series.study.patient.patient_id.reveal()
    is_numbered = patient[1:].isdigit() and len(patient) == 4
    by_number = EXAMS.get(patient[:1], "") if is_numbered else ""
    found = asked or by_number or BODY_PARTS.get(stack.series.body_part.upper(), "")
    if not found:
        raise InputRefusedError(
            "It is not known in which window to compare",
            why="the headers do not name the chest, the abdomen or the head",
            todo="Add --anatomy chest, abdomen or neuro",
        )
    return found


def _place(root: Path, series: ImportedSeries) -> tuple[Dose | None, tuple[str, ...]]:
    """Return the dose of a series and what it shares with its partner."""
    files = series.display_sets[0].files
    parts = files[0].parent.relative_to(root).parts if _is_below(root, files) else ()
    for index, part in enumerate(parts):
        for dose in Dose:
            if part.lower() in FOLDERS[dose.value]:
                return dose, ("folder", *parts[:index], *parts[index + 1 :])
    words = series.identity.description.lower()
    for dose in Dose:
        if DESCRIBED[dose.value] in words:
            return dose, ("patient", series.identity.study.patient.patient_id.reveal())
    return None, ()


def _is_below(root: Path, files: tuple[Path, ...]) -> bool:
    return bool(files) and files[0].is_relative_to(root)


def _paired(
    by_key: dict[tuple[str, ...], dict[Dose, list[ImageStack]]],
) -> tuple[tuple[StackPair, ...], tuple[Unpaired, ...]]:
    pairs, lonely, crowded = [], 0, 0
    alone: dict[Dose, list[ImageStack]] = {dose: [] for dose in Dose}
    for _, sides in sorted(by_key.items()):
        low, high = sides[Dose.LOW], sides[Dose.HIGH]
        if len(low) == len(high) == 1:
            pairs.append(StackPair(low[0], high[0]))
        elif low and high:
            crowded += len(low) + len(high)
        else:
            lonely += len(low) + len(high)
            for dose in Dose:
                alone[dose] += sides[dose]
    # One series on each side belongs together, whatever the folders inside are called.
    if not pairs and len(alone[Dose.LOW]) == len(alone[Dose.HIGH]) == 1:
        return (StackPair(alone[Dose.LOW][0], alone[Dose.HIGH][0]),), ()
    left = (
        Unpaired(lonely, f"{lonely} series have no partner of the other dose"),
        Unpaired(crowded, f"{crowded} series share a place with others of the same dose"),
    )
    return tuple(pairs), tuple(one for one in left if one.count)


def _displaced(low: Volume, high: Volume) -> str:
    if not (low.geometry.is_placed and high.geometry.is_placed):
        return ""
    away = np.abs(low.geometry.positions_mm - high.geometry.positions_mm).max()
    gaps = np.abs(high.geometry.gaps_mm)
    allowed = PLACE_TOLERANCE * (float(np.median(gaps)) if gaps.size else 1.0)
    if away > allowed:
        return f"their slices lie up to {float(away):.1f} mm apart"
    return ""
