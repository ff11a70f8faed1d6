"""What an enhancement did, as rows for people: quantity, before, after, limit; what is wrong first.

Figures of the result at full strength come from the worker. What is shown is a blend: shifts are
as large as the share that is shown, and noise lies between that of the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workstation.ui.enhance_run import Run
from workstation.ui.enhance_tasks import percent
from workstation.ui.words import tr

if TYPE_CHECKING:
    from inference.tasks.denoise import EnhancementFigures

BIAS_LIMIT, TISSUE_LIMIT = 1.0, 3.0
"""Largest mean shift, HU, over the body and in any one tissue. Source: the gates of the packs."""

UNIT_HU = "HU"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure.

    Attributes:
        quantity: what it is.
        before, after: of the original and of the result; empty where there is none.
        limit: what it must keep to; empty for none.
        is_over: it does not keep to it.
    """

    quantity: str
    before: str = ""
    after: str = ""
    limit: str = ""
    is_over: bool = False

    @property
    def said(self) -> str:
        """The row as one sentence, for those who hear it."""
        parts = [self.quantity]
        if self.before:
            parts.append(tr("before {0}").format(self.before))
        if self.after:
            parts.append(tr("after {0}").format(self.after))
        if self.limit:
            parts.append(tr("limit {0}").format(self.limit))
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Noise power over spatial frequency, of the original and of the result.

    Attributes:
        per_mm: frequencies, 1/mm, rising.
        before, after: power at each, in the square of the unit times mm²; same length.
    """

    per_mm: tuple[float, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FiguresShown:
    """Everything the panel shows of one result.

    Attributes:
        title: the pack and its strength.
        warnings: what a reader must know, worst first; sentences.
        rows: the figures, those over their limit first.
        spectrum: of the noise; None where it could not be measured.
    """

    title: str
    warnings: tuple[str, ...] = ()
    rows: tuple[FigureRow, ...] = field(default=())
    spectrum: Spectrum | None = None


def figures_shown(run: Run, unit: str) -> FiguresShown:
    """Return what the panel shows of a result, at the strength it is shown with."""
    title = str(run.pack) if run.pack is not None else tr("Enhancing")
    if run.task.is_laid_over:
        title = f"{title}  {percent(run.strength)}"
    figures = run.figures
    if figures is None:
        return FiguresShown(title)
    rows = (
        *_noise_rows(figures, unit),
        *_bias_rows(figures, unit, run.strength),
        *_bound_rows(figures, unit, run.strength),
    )
    over = tuple(row for row in rows if row.is_over)
    warnings = (*map(tr, run.doubts), *_warnings(figures, over))
    kept = tuple(row for row in rows if not row.is_over)
    return FiguresShown(title, warnings, (*over, *kept), _spectrum(figures))


def _warnings(figures: EnhancementFigures, over: tuple[FigureRow, ...]) -> list[str]:
    found = []
    left = figures.slices_left_original
    if left:
        found.append(
            tr("{0} slices stay the original: the result there broke a promise.").format(left)
        )
    found += [
        tr("{0} is over its limit. Compare with the original.").format(row.quantity) for row in over
    ]
    return found


def _noise_rows(figures: EnhancementFigures, unit: str) -> list[FigureRow]:
    if not figures.sigma_before:
        return []
    before, after = _size(figures.sigma_before, unit), _size(figures.sigma_after, unit)
    return [FigureRow(tr("Noise at full strength"), before, after)]


def _bias_rows(figures: EnhancementFigures, unit: str, strength: float) -> list[FigureRow]:
    if not figures.sigma_before:
        return []
    mean = _shift_row(tr("Mean shift"), figures.bias * strength, unit, BIAS_LIMIT)
    tissues = (
        _shift_row(tr("Mean shift, {0}").format(tr(name)), shift * strength, unit, TISSUE_LIMIT)
        for name, shift in figures.bias_by_tissue
    )
    return [mean, *tissues]


def _shift_row(name: str, shift: float, unit: str, limit: float) -> FigureRow:
    """Return the row of a mean shift; signal of MR has no scale that a limit could be of."""
    has_limit = unit == UNIT_HU
    words = f"\N{PLUS-MINUS SIGN}{limit:g} {unit}" if has_limit else ""
    return FigureRow(name, "", _signed(shift, unit), words, has_limit and abs(shift) > limit)


def _bound_rows(figures: EnhancementFigures, unit: str, strength: float) -> list[FigureRow]:
    rows = []
    if figures.largest_change:
        change, bound = figures.largest_change * strength, figures.bound
        limit = _size(bound, unit) if bound else ""
        is_over = bool(bound) and change > bound * 1.001
        rows.append(FigureRow(tr("Largest change"), "", _size(change, unit), limit, is_over))
    if figures.consistency:
        rows.append(
            FigureRow(tr("Deviation from what was scanned"), "", _size(figures.consistency, unit))
        )
    return rows


def _spectrum(figures: EnhancementFigures) -> Spectrum | None:
    """Return the noise spectrum, where the worker measured one."""
    found = getattr(figures, "spectrum", None)
    if found is None or not len(found.per_mm):
        return None
    return Spectrum(tuple(found.per_mm), tuple(found.before), tuple(found.after))


def _size(value: float, unit: str) -> str:
    return f"{value:.3g} {unit}".strip()


def _signed(value: float, unit: str) -> str:
    text = f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")
    text = "0" if float(f"{value:.2f}") == 0 else text
    return f"{text} {unit}".strip()
