"""Words of comparing a model's result with the original: notices, ends of scales, the probe."""

from __future__ import annotations

import numpy as np

from viewers.qt.content import Content
from viewers.qt.words import tr
from viewers.render.frame import Frame, Shown, difference_half_width
from viewers.render.uncertainty import Uncertainty
from viewers.state.view_state import Compare, ViewState
from viewers.tools.measure import PointerReading
from workstation.core.intensity import IntensityUnit
from workstation.core.provenance import PixelKind

MINUS, PLUS_MINUS = "\N{MINUS SIGN}", "\N{PLUS-MINUS SIGN}"

FINE_BELOW = 10.0
"""Half-widths below it have a decimal: 4.5 HU and 5 HU are not the same noise."""

SHOWN_UNITS = {IntensityUnit.HU: "HU"}
"""Units with a name; signal of MR has none."""


def enhancement_words(
    content: Content, state: ViewState, frame: Frame, key: str
) -> tuple[str, str] | None:
    """Return word and text of the notice of a model's pixels; None where there are none.

    Args:
        content: what is shown.
        state: how.
        frame: the picture itself.
        key: name of the key that shows the original while it is held; empty where none does.
    """
    if content.enhanced is None:
        is_made = content.volume.provenance.kind is PixelKind.ENHANCED
        return _made_volume(content, state, frame, key) if is_made else None
    overlay = content.enhanced
    pack, share = str(overlay.pack), overlay.percent
    if frame.shown is Shown.ENHANCED:
        return _enhanced(f"{pack}  {share}", frame, key, can_hold=bool(key))
    if frame.shown is Shown.DIFFERENCE:
        half = difference_half_width(state, overlay)
        high, low = difference_ends(half, content.volume.intensity.unit)
        white, black = (low, high) if state.is_inverted else (high, low)
        text = tr("{0} {1} minus original: gray is 0, white {2}, black {3}")
        return tr("DIFFERENCE"), text.format(pack, share, white, black)
    if state.is_comparing:
        return tr("ORIGINAL"), tr("release {0} for {1}").format(key, pack)
    if state.compare is Compare.ORIGINAL:
        return tr("ORIGINAL"), tr("beside {0}").format(f"{pack}  {share}")
    return tr("ORIGINAL"), tr("{0} is not ready for this slice").format(pack)


def _made_volume(content: Content, state: ViewState, frame: Frame, key: str) -> tuple[str, str]:
    """Return the notice of a volume that a model made as a whole."""
    provenance = content.volume.provenance
    pack = "" if provenance.pack is None else str(provenance.pack)
    named = f"{pack}  {round(provenance.strength * 100)} %"
    if content.original is not None and state.is_comparing:
        return tr("ORIGINAL"), tr("release {0} for {1}").format(key, pack)
    if content.original is not None and state.compare is Compare.ORIGINAL:
        return tr("ORIGINAL"), tr("beside {0}").format(named)
    return _enhanced(named, frame, key, can_hold=content.original is not None and bool(key))


def _enhanced(named: str, frame: Frame, key: str, *, can_hold: bool) -> tuple[str, str]:
    hold = tr("hold {0} for the original").format(key) if can_hold else ""
    if frame.original is not None:
        named = tr("{0} right of the line").format(named)
    return tr("ENHANCED"), f"{named}   {hold}".strip()


def unit_text(value: float, unit: IntensityUnit, *, sign: str = "") -> str:
    """Return a size for people: ``+45 HU``; small ones with a decimal."""
    digits = 0 if value >= FINE_BELOW else 1 if value >= FINE_BELOW / 10 else 3
    number = f"{value:.{digits}f}"
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return f"{sign}{number} {SHOWN_UNITS.get(unit, '')}".strip()


def difference_ends(half: float, unit: IntensityUnit) -> tuple[str, str]:
    """Return the words of the largest and the smallest change on show."""
    return unit_text(half, unit, sign="+"), unit_text(half, unit, sign=MINUS)


def level_text(level: float) -> str:
    """Return how sure an interval is: ``90 % of cases``."""
    return tr("within, in {0} % of cases").format(round(100 * level))


def uncertainty_text(
    uncertainty: Uncertainty, frame: Frame, reading: PointerReading, unit: IntensityUnit
) -> str:
    """Return where the true value under the pointer lies by the model; empty where it is silent.

    It stands beside the stored value, which alone is measured.
    """
    column, row = frame.stack.to_pixel_cr(frame.index, np.array(reading.point_mm)).tolist()
    found = uncertainty.at(column, row)
    if found is None or not np.isfinite(found).all():
        return ""
    value, half = found
    number = f"{value:.0f}".replace("-", MINUS)
    number = "0" if number == f"{MINUS}0" else number
    width = unit_text(half, unit)
    text = tr("Likely {0} {1} {2} ({3} %)")
    return text.format(number, PLUS_MINUS, width, round(100 * uncertainty.level))
