"""The rules of a protocol or a cell as rows: what is asked, what it counts, if it must hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QHBoxLayout, QWidget

from viewers.state.hanging import Attribute, Operator, Rule
from workstation.services.hanging_words import ATTRIBUTE_WORDS, rule_text
from workstation.ui.theme import step_px
from workstation.ui.widgets import button, clear, column, label, line
from workstation.ui.words import tr

LARGEST = 100_000.0
"""No slice count, thickness, b-value or time of a study is larger."""

MOST_POINTS = 100.0
"""Points of one rule at most, for and against."""

FRESH = {
    Attribute.SLICES: (20.0, 2000.0),
    Attribute.THICKNESS_MM: (0.0, 1.5),
    Attribute.B_VALUE: (800.0, 1200.0),
}
"""Numbers that can be asked for in the panel, and what they begin with: a volume rather than a
localizer, thin slices, the usual strong diffusion weighting."""


class RuleRows(QWidget):
    """Shows rules and tells what the reader made of them. Owned by the UI thread."""

    def __init__(self, name: str, changed: Callable[[tuple[Rule, ...]], None]) -> None:
        """Make it without rules.

        Args:
            name: whose rules they are, for screen readers.
            changed: takes the rules after each change of the reader.
        """
        super().__init__()
        self._changed = changed
        self._rules: tuple[Rule, ...] = ()
        self.setAccessibleName(name)
        self._rows = column(gap=1)
        self.add = QComboBox()
        self.add.setAccessibleName(tr("Add a number to: {0}").format(name))
        self.add.addItem(tr("Ask for a number…"), None)
        for attribute in FRESH:
            self.add.addItem(tr(ATTRIBUTE_WORDS[attribute]), attribute)
        self.add.activated.connect(self._add)
        inside = column(self, gap=1)
        inside.addLayout(self._rows)
        inside.addWidget(self.add)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules as edited so far."""
        return self._rules

    def show_rules(self, rules: tuple[Rule, ...]) -> None:
        """Show other rules."""
        if rules == self._rules and self._rows.count():
            return
        self._rules = rules
        clear(self._rows)
        for number, rule in enumerate(rules):
            self._rows.addWidget(self._row(number, rule))

    # Private

    def _row(self, number: int, rule: Rule) -> QWidget:
        made, words = QWidget(), rule_text(rule, tr)
        inside = column(made, gap=1)
        if rule.operator is Operator.BETWEEN and isinstance(rule.operand, tuple):
            words = tr(ATTRIBUTE_WORDS[rule.attribute])
            inside.addWidget(label(words, "quiet", wraps=True))
            inside.addLayout(self._range(number, words, rule.operand))
        else:
            inside.addWidget(label(words, "quiet", wraps=True))
        across = line(gap=2)
        points = _spin(tr("Points of: {0}").format(words), rule.weight, -MOST_POINTS, MOST_POINTS)
        points.setSuffix(" " + tr("points"))
        points.valueChanged.connect(lambda value: self._change(number, weight=value))
        required = QCheckBox(tr("Required"))
        required.setAccessibleName(tr("Required: {0}").format(words))
        required.setChecked(rule.is_required)
        required.toggled.connect(lambda is_on: self._change(number, is_required=is_on))
        remove = button(tr("Remove"), partial(self._remove, number), role="flat")
        remove.setAccessibleName(tr("Remove: {0}").format(words))
        for control in (points, required, remove):
            across.addWidget(control)
        across.addStretch(1)
        inside.addLayout(across)
        return made

    def _range(self, number: int, words: str, operand: tuple[object, ...]) -> QHBoxLayout:
        ends = [float(str(one)) for one in operand]
        low = _spin(tr("{0}: from").format(words), ends[0], 0.0, LARGEST)
        high = _spin(tr("{0}: to").format(words), ends[1], 0.0, LARGEST)

        def moved(*, is_low: bool) -> None:
            # An end that is pushed past the other one takes it along.
            if low.value() > high.value():
                (high if is_low else low).setValue((low if is_low else high).value())
            self._change(number, operand=(low.value(), high.value()))

        low.valueChanged.connect(lambda _value: moved(is_low=True))
        high.valueChanged.connect(lambda _value: moved(is_low=False))
        across = line(gap=2)
        for part in (label(tr("from")), low, label(tr("to")), high):
            across.addWidget(part)
        across.addStretch(1)
        return across

    def _change(
        self,
        number: int,
        *,
        weight: float | None = None,
        is_required: bool | None = None,
        operand: tuple[float, float] | None = None,
    ) -> None:
        rule = self._rules[number]
        made = Rule(
            rule.attribute,
            rule.operator,
            rule.operand if operand is None else operand,
            rule.weight if weight is None else weight,
            rule.is_required if is_required is None else is_required,
        )
        self._tell((*self._rules[:number], made, *self._rules[number + 1 :]))

    def _remove(self, number: int) -> None:
        rest = (*self._rules[:number], *self._rules[number + 1 :])
        self.show_rules(rest)
        self.add.setFocus()
        self._changed(rest)

    def _add(self, index: int) -> None:
        attribute = self.add.itemData(index)
        self.add.setCurrentIndex(0)
        if attribute is None:
            return
        made = Rule(Attribute(attribute), Operator.BETWEEN, FRESH[Attribute(attribute)], 2.0)
        self.show_rules((*self._rules, made))
        self._changed(self._rules)

    def _tell(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self._changed(rules)


def _spin(name: str, value: float, low: float, high: float) -> QDoubleSpinBox:
    made = QDoubleSpinBox()
    made.setRange(low, high)
    made.setDecimals(1)
    made.setValue(value)
    made.setAccessibleName(name)
    made.setMaximumWidth(step_px(28))
    return made
