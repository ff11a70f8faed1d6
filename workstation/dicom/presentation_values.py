"""Numbers, texts and references out of a stored look, each within limits, whatever is stored.

Source: PS3.3 C.11.11 (Presentation State Relationship), C.10.5, C.10.7 (colors).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from pydicom.dataset import Dataset

from workstation.core.presentation import ImageReference, References
from workstation.dicom.recommended_colors import rgb_of_cielab

MOST_ITEMS = 20_000
"""Items of one sequence that are read; a state of 2,000 images with marks on each has 6,000."""

MOST_NUMBERS = 200_000
"""Numbers of one attribute that are read; a drawn outline has some hundreds."""


def items(dataset: Dataset, keyword: str) -> Iterator[Dataset]:
    """Yield the items of a sequence; nothing where it is none."""
    found = dataset.get(keyword) or []
    for _number, item in zip(range(MOST_ITEMS), found, strict=False):
        if isinstance(item, Dataset):
            yield item


def numbers(dataset: Dataset, keyword: str) -> tuple[float, ...]:
    """Return the numbers of an attribute; empty where one of them is no number."""
    value = dataset.get(keyword)
    if value is None or value == "":
        return ()
    listed = value if dataset[keyword].VM > 1 else [value]
    if len(listed) > MOST_NUMBERS:
        return ()
    try:
        found = tuple(float(each) for each in listed)
    except (TypeError, ValueError):
        return ()
    return found if all(map(math.isfinite, found)) else ()


def text(dataset: Dataset, keyword: str) -> str:
    """Return a text without the blanks around it; empty where there is none."""
    return str(dataset.get(keyword, "") or "").strip("\0 ")


def references(item: Dataset) -> References:
    """Return the images that an item names; empty for all."""
    return tuple(_reference(one) for one in items(item, "ReferencedImageSequence"))


def _reference(item: Dataset) -> ImageReference:
    frames = tuple(int(number) for number in numbers(item, "ReferencedFrameNumber"))
    return ImageReference(text(item, "ReferencedSOPInstanceUID"), frames)


def color(item: Dataset, cielab: str, gray: str = "") -> tuple[int, int, int] | None:
    """Return the color of an attribute in CIELab, or its gray (a P-Value); None for neither."""
    found = rgb_of_cielab(tuple(int(number) for number in numbers(item, cielab)))
    if found is not None or not gray:
        return found
    level = numbers(item, gray)
    if len(level) != 1 or not 0 <= level[0] <= 0xFFFF:
        return None
    shade = int(level[0]) >> 8
    return shade, shade, shade


def day_and_time(dataset: Dataset, day: str, time: str) -> str:
    """Return a date and a time as ``YYYY-MM-DD HH:MM``, as far as they are there."""
    date, clock = text(dataset, day), text(dataset, time)
    first = f"{date[:4]}-{date[4:6]}-{date[6:8]}" if len(date) == 8 and date.isdigit() else ""
    second = f"{clock[:2]}:{clock[2:4]}" if len(clock) >= 4 and clock[:4].isdigit() else ""
    return " ".join(part for part in (first, second) if part)
