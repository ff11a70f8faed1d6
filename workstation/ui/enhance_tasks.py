"""What the window calls the things a model makes, and how strong they are shown."""

from __future__ import annotations

from enum import Enum

from workstation.core.intensity import IntensityUnit
from workstation.services.enhance_choices import EnhanceTask
from workstation.ui.words import tr

LIGHT_MOST, LIGHT_SHARE = 0.4, 2 / 3
"""Light is 40 %, or two thirds of what the pack shows first where that is less."""

STRONG = 0.8
"""Strong is 80 %: beyond it the texture of noise is gone, and lesions look smoother."""

STEP = 0.05
"""The light strength is rounded to it, and the keys move the strength by twice as much."""


JOB_WORDS = {
    EnhanceTask.LESS_NOISE: "Removing noise",
    EnhanceTask.THINNER: "Making thinner slices",
    EnhanceTask.THINNER_4: "Making slices four times thinner",
    EnhanceTask.FINER: "Making finer pixels",
}
"""What the jobs panel says."""

TASK_WORDS = {
    EnhanceTask.LESS_NOISE: "less noise",
    EnhanceTask.THINNER: "thinner slices",
    EnhanceTask.THINNER_4: "slices four times thinner",
    EnhanceTask.FINER: "finer pixels",
}
"""What a result is called."""


class Preset(Enum):
    """Strengths with a name."""

    LIGHT = "light"
    STANDARD = "standard"
    STRONG = "strong"

    def of(self, standard: float) -> float:
        """Return the strength, 0..1.

        Args:
            standard: what the pack shows first.
        """
        match self:
            case Preset.LIGHT:
                return min(LIGHT_MOST, round(standard * LIGHT_SHARE / STEP) * STEP)
            case Preset.STANDARD:
                return standard
            case Preset.STRONG:
                return STRONG


def unit_words(unit: str) -> str:
    """Return the unit of a series for people; empty for signal, which has none.

    Args:
        unit: of its values.
    """
    return "HU" if unit == IntensityUnit.HU.value else ""


def percent(strength: float) -> str:
    """Return a strength for people: ``60 %``."""
    return f"{round(100 * strength)} %"


def preset_words(preset: Preset) -> str:
    """Return the name of a preset."""
    words = {
        Preset.LIGHT: tr("Light"),
        Preset.STANDARD: tr("Standard"),
        Preset.STRONG: tr("Strong"),
    }
    return words[preset]
