"""What an enhancement did to this very series, at the strength that is shown: rows, plot, warnings.

The worker measures at full strength. What is shown is ``original + strength x change``, so a shift
scales with the strength and noise follows from what was measured; nothing is run again.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from inference.tasks.change_figures import ChangeFigures
from inference.tasks.denoise import EnhancementFigures
from workstation.core.sentence import Sentence
from workstation.core.verdict import Doubt

BODY_LIMIT_HU, TISSUE_LIMIT_HU, BLOCK_LIMIT_HU = 1.0, 3.0, 3.0
"""Largest mean shift of the body, of one tissue and of small blocks. A hand's reading of a region
scatters by as much; a shift of 3 HU moves no tissue into another class."""

BODY_LIMIT_SIGMAS, BLOCK_LIMIT_SIGMAS = 0.1, 0.3
"""The same where there is no HU, in noise deviations: an MR signal has no scale of its own."""

TEXTURE_LIMIT = 0.15
"""Largest change of the mean frequency of the noise; over it noise looks blotchy or painted."""

AREA_LIMIT = 0.05
"""Largest share of the body where the change is not noise. Our packs change 0.3 to 2 % of held-out
CT so; a smoothing by 3 x 3 voxels, which takes fine vessels with it, changes over 20 %."""

FOLLOWING_LIMIT = 0.2
"""Largest correlation of change and edges: of those packs it is under 0, of that smoothing 0.5."""

UNIT_HU = "HU"

TISSUE_WORDS = MappingProxyType(
    {
        "lung": Sentence("lung"),
        "fat": Sentence("fat"),
        "soft tissue": Sentence("soft tissue"),
        "bone": Sentence("bone"),
    }
)
"""The tissues the worker tells of, as words that can be translated."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of the panel.

    Attributes:
        quantity: what it is.
        before: of the original; empty where that has none.
        after: of what is shown.
        limit: what it should keep to; empty for none.
        is_met: whether it does; None where there is no limit.
    """

    quantity: str
    before: str
    after: str
    limit: str = ""
    is_met: bool | None = None


@dataclass(frozen=True, slots=True)
class NoisePlot:
    """Noise power spectra of the original and of what is shown.

    Attributes:
        frequencies_per_mm: ascending.
        before, after: noise power at each, in ``unit``.
        unit: e.g. ``HU² mm²``.
        mean_before_per_mm, mean_after_per_mm: mean frequencies of the two.
        patches: patches of even tissue behind them.
    """

    frequencies_per_mm: tuple[float, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]
    unit: str
    mean_before_per_mm: float
    mean_after_per_mm: float
    patches: int


@dataclass(frozen=True, slots=True)
class EnhancementPanel:
    """Everything the panel "noise and bias" shows at one strength.

    Attributes:
        strength: 0..1.
        rows: figures in the order in which they are read.
        plot: spectra; None where there was too little even tissue.
        warnings: worst first; empty where every limit is kept.
    """

    strength: float
    rows: tuple[FigureRow, ...]
    plot: NoisePlot | None
    warnings: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class _Judged:
    """A figure with its limit: the row, and the warning if the limit is broken."""

    row: FigureRow
    warning: Doubt | None = None


def enhancement_panel(
    figures: EnhancementFigures, *, strength: float, unit: str
) -> EnhancementPanel:
    """Return what the panel shows.

    Args:
        figures: of a denoising, as the worker gave them.
        strength: share of the result that is shown, 0..1.
        unit: of the voxels, as people read it; ``HU`` has limits of its own.
    """
    judged = [*_noise(figures, strength, unit), *_shifts(figures, strength, unit)]
    judged += [*_largest(figures, strength, unit), *_structure(figures.change)]
    found = [*_left(figures), *(one.warning for one in judged if one.warning)]
    return EnhancementPanel(
        strength=strength,
        rows=tuple(one.row for one in judged),
        plot=_plot(figures.change, strength, unit),
        warnings=tuple(found) if strength > 0 else (),
    )


def enhancement_warnings(
    figures: EnhancementFigures, *, strength: float, unit: str
) -> tuple[Doubt, ...]:
    """Return what a reader has to know, worst first; see :func:`enhancement_panel`."""
    return enhancement_panel(figures, strength=strength, unit=unit).warnings


def noise_at(figures: EnhancementFigures, strength: float) -> float:
    """Return the noise of what is shown at a strength, in the unit of the volume."""
    parts = figures.change.noise if figures.change else None
    if parts is not None:
        return parts.sigma(strength)
    return figures.sigma_before + strength * (figures.sigma_after - figures.sigma_before)


def _left(figures: EnhancementFigures) -> list[Doubt]:
    apart, outside = figures.slices_not_tried, figures.slices_noise_outside
    broken = figures.slices_left_original - apart
    found = (
        (broken, "slices_left", "{0} slices stay as scanned: the model broke its promise there."),
        (apart, "slices_not_tried", _NOT_TRIED),
        (outside, "noise_outside_training", _OUTSIDE),
    )
    return [Doubt(code, Sentence(text, count)) for count, code, text in found if count]


_NOT_TRIED = "{0} slices stay as scanned: the model cannot be used on them."
_OUTSIDE = (
    "{0} slices have a little less or more noise than the model was trained on: the result is not "
    "proven there."
)


def _noise(figures: EnhancementFigures, strength: float, unit: str) -> list[_Judged]:
    if not figures.sigma_before:
        return []
    after = noise_at(figures, strength)
    share = after / figures.sigma_before - 1
    shown = f"{_size(after, unit)} ({_percent(share)})"
    found = [_Judged(FigureRow("Noise in even tissue", _size(figures.sigma_before, unit), shown))]
    spectrum = figures.change.spectrum if figures.change else None
    if spectrum is None:
        return found
    before, now = (spectrum.mean_frequency_per_mm(share) for share in (0.0, strength))
    shift = spectrum.shift(strength)
    row = FigureRow(
        "Mean frequency of the noise",
        f"{before:.3f} 1/mm",
        f"{now:.3f} 1/mm ({_percent(shift)})",
        f"±{TEXTURE_LIMIT:.0%}".replace("%", " %"),
        abs(shift) <= TEXTURE_LIMIT,
    )
    coarser = "The noise looks coarser than the scanner made it. Use less strength."
    finer = "The noise looks finer than the scanner made it. Use less strength."
    text = coarser if shift < 0 else finer
    return [*found, _Judged(row, None if row.is_met else Doubt("texture", text))]


def _shifts(figures: EnhancementFigures, strength: float, unit: str) -> list[_Judged]:
    if not figures.sigma_before:
        return []
    body, tissue, block = _limits(figures, unit)
    whole = Sentence("Mean shift of the body")
    found = [_shift(whole, figures.bias * strength, body, unit, "shift_body")]
    for name, bias in figures.bias_by_tissue:
        what = Sentence("Mean shift of {0}", TISSUE_WORDS.get(name, Sentence(name)))
        found.append(_shift(what, bias * strength, tissue, unit, "shift_tissue"))
    blocks = figures.change.blocks if figures.change else None
    if blocks is not None:
        beyond = blocks.beyond_noise * strength
        row = FigureRow(
            "Shift of blocks of 8 x 8 voxels beyond noise",
            "",
            _size(beyond, unit),
            _size(block, unit),
            beyond <= block,
        )
        text = Sentence(
            "In some places the mean of small blocks moved by {0}, more than noise can. "
            "Compare with the original there.",
            _size(beyond, unit),
        )
        warning = None if row.is_met else Doubt("shift_blocks", text)
        found.append(_Judged(row, warning))
    return found


def _limits(figures: EnhancementFigures, unit: str) -> tuple[float, float, float]:
    """Return the limits of body, tissue and blocks in the unit."""
    if unit == UNIT_HU:
        return BODY_LIMIT_HU, TISSUE_LIMIT_HU, BLOCK_LIMIT_HU
    body, block = (
        BODY_LIMIT_SIGMAS * figures.sigma_before,
        BLOCK_LIMIT_SIGMAS * figures.sigma_before,
    )
    return body, block, block


def _shift(what: Sentence, shift: float, limit: float, unit: str, code: str) -> _Judged:
    row = FigureRow(what, "", _signed(shift, unit), f"±{_size(limit, unit)}", abs(shift) <= limit)
    if row.is_met:
        return _Judged(row)
    moved = _signed(shift, unit)
    text = Sentence("{0}: {1}, over the limit. Measure on the original.", what, moved)
    return _Judged(row, Doubt(code, text))


def _largest(figures: EnhancementFigures, strength: float, unit: str) -> list[_Judged]:
    if not figures.largest_change:
        return []
    limit = _size(figures.bound, unit) if figures.bound else ""
    # Whole numbers are rounded after the bound was kept.
    is_met = figures.largest_change <= figures.bound * 1.001 + 0.5 if figures.bound else None
    after = _size(figures.largest_change * strength, unit)
    return [_Judged(FigureRow("Largest change of a voxel", "", after, limit, is_met))]


def _structure(change: ChangeFigures | None) -> list[_Judged]:
    found = change.structure if change else None
    if found is None:
        return []
    area = FigureRow(
        "Area where the change is not noise",
        "",
        f"{100 * found.share:.1f} %",
        f"{AREA_LIMIT:.0%}".replace("%", " %"),
        found.share <= AREA_LIMIT,
    )
    follows = FigureRow(
        "Change that follows edges",
        "",
        f"{found.correlation:+.2f}".replace("-", "−"),
        f"{FOLLOWING_LIMIT:g}",
        found.correlation <= FOLLOWING_LIMIT,
    )
    warning = None
    if not (area.is_met and follows.is_met):
        text = Sentence(
            "The change holds anatomy, in {0} % of the area: fine detail may be smoothed. "
            "Compare with the original.",
            f"{100 * found.share:.0f}",
        )
        warning = Doubt("structure", text)
    return [_Judged(area, warning), _Judged(follows)]


def _plot(change: ChangeFigures | None, strength: float, unit: str) -> NoisePlot | None:
    spectrum = change.spectrum if change else None
    if spectrum is None:
        return None
    return NoisePlot(
        frequencies_per_mm=spectrum.frequencies_per_mm,
        before=spectrum.before,
        after=spectrum.at(strength),
        unit=f"{unit}² mm²" if unit else "mm²",
        mean_before_per_mm=spectrum.mean_frequency_per_mm(0.0),
        mean_after_per_mm=spectrum.mean_frequency_per_mm(strength),
        patches=spectrum.patches,
    )


def _size(value: float, unit: str) -> str:
    return f"{value:.3g} {unit}".strip()


def _signed(value: float, unit: str) -> str:
    text = f"{value:+.2f}".replace("-", "−")
    return f"{'0' if float(f'{value:.2f}') == 0 else text} {unit}".strip()


def _percent(share: float) -> str:
    return f"{100 * share:+.0f} %".replace("-", "−")
