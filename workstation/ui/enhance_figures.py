"""What an enhancement did, as the panel shows it: what is wrong first, then rows and the plot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workstation.services.enhancement_figures import EnhancementPanel, NoisePlot, enhancement_panel
from workstation.ui.enhance_run import Run
from workstation.ui.enhance_tasks import percent, unit_words
from workstation.ui.words import tr

if TYPE_CHECKING:
    from inference.tasks.denoise import EnhancementFigures


DEVIATION_LIMIT_HU, DEVIATION_LIMIT = 0.5, 1.0
"""What averaged finer voxels may differ by from what was scanned: in HU, and in the gray levels of
other series. It is what rounding to whole numbers alone does."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure.

    Attributes:
        quantity: what it is.
        before, after: of the original and of what is shown; empty where there is none.
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
class FiguresShown:
    """Everything the panel shows of one result.

    Attributes:
        title: the pack and its strength.
        warnings: what a reader must know, worst first; sentences.
        rows: the figures, those over their limit first.
        plot: of the noise; None where it could not be measured.
    """

    title: str
    warnings: tuple[str, ...] = ()
    rows: tuple[FigureRow, ...] = field(default=())
    plot: NoisePlot | None = None


def figures_shown(run: Run, unit: str) -> FiguresShown:
    """Return what the panel shows of a result, at the strength it is shown with."""
    unit = unit_words(unit)
    title = str(run.pack) if run.pack is not None else tr("Enhancing")
    if run.task.is_laid_over:
        title = f"{title}  {percent(run.strength)}"
    doubts = tuple(map(tr, run.doubts))
    if run.figures is None:
        return FiguresShown(title, doubts)
    if not run.task.is_laid_over:
        return FiguresShown(title, doubts, _finer_rows(run.figures, unit))
    panel = enhancement_panel(run.figures, strength=run.strength, unit=unit)
    warnings = tuple(tr(one.text) for one in panel.warnings)
    return FiguresShown(title, (*doubts, *warnings), _rows(panel), panel.plot)


def _rows(panel: EnhancementPanel) -> tuple[FigureRow, ...]:
    rows = tuple(
        FigureRow(tr(row.quantity), row.before, row.after, row.limit, row.is_met is False)
        for row in panel.rows
    )
    return tuple(sorted(rows, key=lambda row: not row.is_over))


def _finer_rows(figures: EnhancementFigures, unit: str) -> tuple[FigureRow, ...]:
    """Return what finer voxels keep to: averaged they give back what was scanned."""
    most = DEVIATION_LIMIT_HU if unit else DEVIATION_LIMIT
    deviation, limit = (f"{one:.2g} {unit}".strip() for one in (figures.consistency, most))
    name = tr("Averaged: largest deviation from what was scanned")
    found = [FigureRow(name, "", deviation, limit, figures.consistency > most)]
    if figures.sigma_before and figures.sigma_after:
        before, after = (f"{one:.3g} {unit}" for one in (figures.sigma_before, figures.sigma_after))
        found.append(FigureRow(tr("Noise in even tissue"), before.strip(), after.strip()))
    return tuple(found)
