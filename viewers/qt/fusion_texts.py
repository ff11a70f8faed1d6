"""The words about what is laid over a picture: the band, the second line of a mark."""

from __future__ import annotations

from viewers.qt.texts import Notice, prior_mark
from viewers.qt.words import tr
from viewers.render.fusion import Fused, Overlay
from viewers.render.palettes import is_luminance_monotonic
from viewers.state.fusion import Blend, PaletteName
from viewers.tools.fused_values import OverlayValue, overlay_value
from viewers.tools.measure import value_unit
from workstation.core.measurement import Measurement
from workstation.core.volume import Volume


def palette_text(name: PaletteName) -> str:
    """Return the name of a palette for people, and whether brighter always means more."""
    words = {
        PaletteName.HOT_IRON: tr("Hot iron"),
        PaletteName.PET: tr("PET rainbow"),
        PaletteName.HOT_METAL_BLUE: tr("Hot metal blue"),
        PaletteName.PET_20_STEP: tr("PET 20 steps"),
        PaletteName.GRAY_INVERSE: tr("Inverse gray"),
    }
    if is_luminance_monotonic(name):
        return tr("{0}, even").format(words[name])
    return words[name]


def fusion_notice(fused: Fused, base: Volume, key: str) -> Notice:
    """Return the notice of a fused picture.

    Args:
        fused: what is laid over.
        base: the volume under it.
        key: name of the key that hides the overlay while it is held; empty for none.
    """
    over, under = overlay_name(fused.overlay), base.series.modality
    percent = round(fused.fusion.opacity * 100)
    parts = [tr("{0} over {1}, {2} %").format(over, under, percent)]
    if fused.fusion.blend is Blend.BY_VALUE:
        parts.append(tr("more where the value is higher"))
    if fused.overlay.registration is not None:
        parts.append(tr("by registration, which is an estimate"))
    if not fused.overlay.is_complete:
        parts.append(tr("slices of the overlay are not in"))
    elif fused.overlay.has_holes:
        parts.append(tr("slices of the overlay are missing: nothing is laid over there"))
    elif not fused.reaches:
        parts.append(tr("the overlay does not reach this slice"))
    if key:
        parts.append(tr("hold {0} to hide it").format(key))
    return Notice(tr("FUSED"), "   ".join(parts))


def overlay_name(overlay: Overlay) -> str:
    """Return what is laid over, in a word: its modality, and of a prior that it is one and when."""
    return f"{prior_mark(overlay.prior_date)} {overlay.volume.series.modality}".strip()


def bar_texts(fused: Fused) -> tuple[str, str]:
    """Return what stands at the upper and the lower end of the color bar."""
    unit = _unit(fused.overlay)
    high, low = _number(fused.fusion.high), _number(fused.fusion.low)
    return f"{high} {unit}".strip(), low


def mark_line(overlay: Overlay, value: OverlayValue) -> str:
    """Return the second line of a mark: the value of the overlay with its unit."""
    if value.high is None:
        return _value(overlay, value.mean)
    text = tr("{0}: mean {1}, max {2} {3}")
    words = (_number(value.mean), _number(value.high), _unit(overlay))
    return text.format(overlay.volume.series.modality, *words).strip()


class OverlayLines:
    """Second lines of marks, worked out once per mark. UI thread."""

    def __init__(self) -> None:
        self._overlay: Overlay | None = None
        self._lines: dict[Measurement, str] = {}

    def of(self, overlay: Overlay, mark: Measurement) -> tuple[str, ...]:
        """Return the line about an overlay under a mark; none where it holds nothing there.

        Of a prior there is none: values of another day do not stand under a mark of this one.
        """
        if overlay.prior_date is not None:
            return ()
        if self._overlay is not overlay:
            self._overlay, self._lines = overlay, {}
        line = self._lines.get(mark)
        if line is None:
            value = overlay_value(overlay, mark)
            line = "" if value is None else mark_line(overlay, value)
            if overlay.is_complete:
                self._lines[mark] = line
        return (line,) if line else ()


def _value(overlay: Overlay, value: float) -> str:
    modality = overlay.volume.series.modality
    return f"{modality} {_number(value)} {_unit(overlay)}".strip()


def _unit(overlay: Overlay) -> str:
    unit = value_unit(overlay.volume.intensity)
    return tr(unit) if unit else ""


def _number(value: float) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text in {"-0", ""} else text).replace("-", "\N{MINUS SIGN}")
