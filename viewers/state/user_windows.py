"""Window presets that a reader keeps for herself, per modality, in her own order."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from workstation.core.intensity import CT_WINDOWS, IntensityUnit, Window

CT = "CT"
"""The modality whose presets everybody has from the start."""

MOST_PER_MODALITY = 40
"""Nobody finds one among more; the first nine have keys."""

LONGEST_NAME = 40
"""Letters of a name: what the list of presets has room for."""


@dataclass(frozen=True, slots=True)
class UserWindow:
    """One preset of a reader.

    Attributes:
        modality: DICOM Modality (0008,0060) it is for.
        unit: unit that center and width are in; it is offered for volumes of this unit only.
        name: what the reader calls it.
        center, width: of the window.
    """

    modality: str
    unit: IntensityUnit
    name: str
    center: float
    width: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.center) and math.isfinite(self.width) and self.width > 0):
            raise ValueError("a preset needs a finite center and a positive width")
        if not 0 < len(self.name.strip()) <= LONGEST_NAME:
            raise ValueError("a preset needs a short name")

    @property
    def window(self) -> Window:
        """The window it sets."""
        return Window(self.center, self.width, self.name)


CT_DEFAULTS = tuple(
    UserWindow(CT, IntensityUnit.HU, one.name, one.center, one.width) for one in CT_WINDOWS
)
"""The presets for CT everybody begins with."""


def presets_for(
    presets: Sequence[UserWindow], modality: str, unit: IntensityUnit
) -> tuple[Window, ...]:
    """Return the windows a reader keeps for a modality and unit, in her order."""
    return tuple(one.window for one in presets if one.modality == modality and one.unit is unit)


def added(presets: Sequence[UserWindow], one: UserWindow) -> tuple[UserWindow, ...]:
    """Return the presets with one more at the end; one of the same name gives way to it.

    Raises:
        ValueError: there are too many for this modality already.
    """
    same = [n for n, old in enumerate(presets) if _place(old) == _place(one)]
    if same:
        return tuple(one if n == same[0] else old for n, old in enumerate(presets))
    if sum(old.modality == one.modality for old in presets) >= MOST_PER_MODALITY:
        raise ValueError("too many presets for one modality")
    return (*presets, one)


def moved(presets: Sequence[UserWindow], index: int, step: int) -> tuple[UserWindow, ...]:
    """Return the presets with one moved among those of its modality; held at the ends.

    Args:
        presets: all presets.
        index: which one.
        step: 1 for later, -1 for earlier.
    """
    own = [n for n, one in enumerate(presets) if one.modality == presets[index].modality]
    place = own.index(index) + step
    if not 0 <= place < len(own):
        return tuple(presets)
    changed = list(presets)
    changed[index], changed[own[place]] = changed[own[place]], changed[index]
    return tuple(changed)


def as_text(presets: Sequence[UserWindow]) -> str:
    """Return the text that is stored; empty for the presets everybody begins with."""
    if tuple(presets) == CT_DEFAULTS:
        return ""
    rows = [[one.modality, one.unit.name, one.name, one.center, one.width] for one in presets]
    return json.dumps(rows, ensure_ascii=False)


def of_text(text: str) -> tuple[tuple[UserWindow, ...], bool]:
    """Return the presets of a stored text, and whether all of it was understood.

    What is damaged is left out; a text that is damaged as a whole gives the presets everybody
    begins with.
    """
    if not text:
        return CT_DEFAULTS, True
    try:
        rows = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return CT_DEFAULTS, False
    if not isinstance(rows, list):
        return CT_DEFAULTS, False
    found = [_of_row(row) for row in rows]
    return tuple(one for one in found if one is not None), None not in found


def _of_row(row: object) -> UserWindow | None:
    match row:
        case [
            str(modality),
            str(unit),
            str(name),
            int() | float() as center,
            int() | float() as width,
        ]:
            try:
                return UserWindow(modality, IntensityUnit[unit], name, float(center), float(width))
            except (ValueError, KeyError, OverflowError):
                return None
        case _:
            return None


def _place(one: UserWindow) -> tuple[str, str]:
    return one.modality, one.name.strip().casefold()
