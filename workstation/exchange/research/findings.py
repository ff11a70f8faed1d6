"""What the voxels of a research volume show once they were read."""

from __future__ import annotations

import itertools

import numpy as np

from workstation.core.intensity import Window
from workstation.core.verdict import Doubt
from workstation.exchange.research.reader import Answer
from workstation.exchange.research.volume import ResearchVolume

SAME_PLACE_VOXELS = 0.5
"""Largest distance of a corner between two readings of a header, in voxels."""

_KNOWN_TO_DIFFER = frozenset({"sheared", "gantry_tilt", "forms_disagree", "spacing_disagrees"})
"""Doubts with which the library squares a grid, or takes another of two statements."""


def doubts_of(answer: Answer, volume: ResearchVolume) -> tuple[Doubt, ...]:
    """Return what the voxels themselves show to be doubtful."""
    found = []
    if count := answer.count("not_numbers"):
        text = f"{count} voxels hold no number; they are shown black and left out of figures."
        found.append(Doubt("not_numbers", text))
    if count := answer.count("inexact"):
        text = f"{count} numbers have more digits than are kept here (7)."
        found.append(Doubt("precision_lost", text))
    if answer.head.get("is_label_map") is True:
        text = "The numbers look like labels of a segmentation, not like an image."
        found.append(Doubt("labels", text))
    if _is_elsewhere(answer.head.get("grid"), volume):
        text = (
            "The library that reads this file places the volume elsewhere than its header does: "
            "do not rely on sides and distances."
        )
        found.append(Doubt("place_disputed", text))
    return tuple(found)


def label_windows(answer: Answer) -> tuple[Window, ...]:
    """Return the window that shows every label; none for an image."""
    high = answer.head.get("high")
    if answer.head.get("is_label_map") is not True or not isinstance(high, int | float):
        return ()
    return (Window(high / 2, max(float(high), 1.0), "Labels"),)


def _is_elsewhere(grid: object, volume: ResearchVolume) -> bool:
    """Whether ITK reads other positions out of the same header: two readers, one truth."""
    geometry = volume.geometry
    known = {doubt.code for doubt in volume.doubts} & _KNOWN_TO_DIFFER
    if not isinstance(grid, dict) or known or not (geometry.is_placed and geometry.has_millimetres):
        return False
    origin = np.array(grid["origin"], dtype=np.float64)
    spacing = np.array(grid["spacing"], dtype=np.float64)
    if origin.size != 3:
        return False
    size = round(len(grid["direction"]) ** 0.5)
    direction = np.array(grid["direction"], dtype=np.float64).reshape(size, size)[:3, :3]
    counts_kji = geometry.shape_kji
    for corner in itertools.product(*[(0, count - 1) for count in counts_kji]):
        there = origin + direction @ (spacing * np.array(corner[::-1]))
        ours = [
            count - 1 - at if flip else at
            for at, count, flip in zip(corner, counts_kji, volume.grid.reversed_kji, strict=True)
        ]
        here = geometry.to_patient_mm(ours[0], np.array([ours[2], ours[1]], dtype=np.float64))
        if float(np.linalg.norm(here - there)) > SAME_PLACE_VOXELS * float(spacing.min()):
            return True
    return False
