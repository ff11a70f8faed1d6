"""The Measures tab: every fact with its value, its limits and its evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workstation.core.finding import Evidence, Fact, Side
from workstation.core.measurement import Measurement
from workstation.ui.report_editor.mark_list import evidence_of, mark_rows
from workstation.ui.theme import step_px
from workstation.ui.widgets import (
    button,
    clear,
    column,
    empty_notice,
    frame,
    label,
    line,
    rule,
    scrolled,
    tool_button,
)
from workstation.ui.words import tr

STEM = 5
"""Letters of a word that must agree for it to be said already: ventricle, ventricles."""


class FactsTab(QWidget):
    """Facts and hand measurements of the study. Owned by the UI thread.

    Signals:
        mark_chosen: a Measurement the reader wants to see.
        mark_refused: a Measurement the reader wants to delete.
    """

    mark_chosen = Signal(object)
    mark_refused = Signal(object)

    def __init__(
        self,
        *,
        show: Callable[[Evidence], None],
        place_of: Callable[[Evidence], str],
        measure: Callable[[], None],
    ) -> None:
        """Make an empty tab.

        Args:
            show: brings evidence on screen.
            place_of: says where evidence is.
            measure: asks for measurements.
        """
        super().__init__()
        self._show, self._place_of, self._measure = show, place_of, measure
        content = QWidget()
        self._inside = column(content, margin=2, gap=1)
        whole = column(self)
        whole.addWidget(scrolled(content))
        self.show_facts((), ())

    def show_facts(self, facts: Sequence[Fact], by_hand: Sequence[Measurement]) -> None:
        """Show facts, assessed ones first, and what the reader measured."""
        clear(self._inside)
        if not facts and not by_hand:
            notice = empty_notice(
                tr("No measurements yet"),
                tr(
                    "Volumes, densities and other measures of the open series will stand here, "
                    "each with its unit and the slices it was taken from. They are always taken "
                    "on the original pixels."
                ),
            )
            self._inside.addWidget(notice)
            self._inside.addWidget(button(tr("Measure this series"), self._measure))
        for fact in sorted(facts, key=lambda fact: not fact.is_assessed):
            self._inside.addWidget(self._fact_row(fact))
            self._inside.addWidget(rule())
        if by_hand:
            self._inside.addWidget(label(tr("By hand"), "heading"))
        rows = mark_rows(
            by_hand, self._place_of_mark, jump=self.mark_chosen.emit, delete=self.mark_refused.emit
        )
        for row in rows:
            self._inside.addWidget(row)
        self._inside.addStretch(1)

    def _place_of_mark(self, measurement: Measurement) -> str:
        if measurement.frame_number:
            return f"{tr('frame')} {measurement.frame_number}"
        return self._place_of(evidence_of(measurement))

    def _fact_row(self, fact: Fact) -> QWidget:
        made = frame("plain")
        inside = column(made, gap=0.5)
        inside.setContentsMargins(step_px(1), step_px(1), step_px(1), step_px(1))
        top = line(gap=2)
        name = label(_fact_name(fact), wraps=True)
        top.addWidget(name, 1)
        top.addWidget(label(fact_value(fact), "strong" if fact.is_assessed else "quiet"))
        inside.addLayout(top)
        below = line(gap=1)
        if fact.evidence:
            place = self._place_of(fact.evidence[0])
            if place:
                evidence = fact.evidence[0]
                below.addWidget(tool_button(place, lambda: self._show(evidence), role="chip"))
        if fact.reason:
            below.addWidget(label(fact.reason, "quiet", wraps=True), 1)
        below.addStretch(0)
        inside.addLayout(below)
        return made


def fact_value(fact: Fact) -> str:
    """Return the value of a fact with its unit, as people read it."""
    if not fact.is_assessed:
        return tr("not assessed")
    if fact.value is None:
        if fact.is_present is None:
            return ""
        return tr("present") if fact.is_present else tr("absent")
    spread = f" ± {_rounded(fact.uncertainty)}" if fact.uncertainty else ""
    return f"{_rounded(fact.value)}{spread} {fact.unit}".strip()


def _rounded(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _fact_name(fact: Fact) -> str:
    """Return what was measured and where; the place is left out where the name says it."""
    stems = {word[:STEM] for word in fact.finding.lower().split()}
    is_said = any(word[:STEM] in stems for word in fact.anatomy.lower().split())
    name = fact.finding if is_said or not fact.anatomy else f"{fact.anatomy}: {fact.finding}"
    side = "" if fact.side is Side.NONE else f", {fact.side.value}"
    return f"{name[:1].upper()}{name[1:]}{side}"
