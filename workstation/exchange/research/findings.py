"""What the voxels of a research volume show once they were read."""

from __future__ import annotations

from workstation.core.intensity import Window
from workstation.core.verdict import Doubt
from workstation.exchange.research.reader import Answer


def doubts_of(answer: Answer) -> tuple[Doubt, ...]:
    """Return what the voxels themselves show to be doubtful."""
    found = []
    if count := answer.count("not_numbers"):
        text = f"{count} voxels hold no number; they are shown black and left out of figures."
        found.append(Doubt("not_numbers", text))
    if count := answer.count("inexact"):
        text = f"{count} numbers have more digits than are kept here (7 digits)."
        found.append(Doubt("precision_lost", text))
    if answer.head.get("is_label_map") is True:
        text = "The numbers look like labels of a segmentation, not like an image."
        found.append(Doubt("labels", text))
    return tuple(found)


def label_windows(answer: Answer) -> tuple[Window, ...]:
    """Return the window that shows every label; none for an image."""
    high = answer.head.get("high")
    if answer.head.get("is_label_map") is not True or not isinstance(high, int | float):
        return ()
    return (Window(high / 2, max(float(high), 1.0), "Labels"),)
