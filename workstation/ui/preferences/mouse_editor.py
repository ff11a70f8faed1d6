"""What buttons and wheel do to the images: a list of choices, and maps to begin with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QSpinBox, QWidget

from workstation.settings import schema
from workstation.settings.schema import Option, Settings
from workstation.ui.theme import step_px
from workstation.ui.widgets import column, label
from workstation.ui.words import tr

SENSITIVITY_STEP = 25
"""Percent per step: a smaller change of the hand is not felt."""

LEAST_LETTERS = 10
"""Width of a choice in letters: large text fits the panel."""

MAPS = (
    ("prelim", "Prelim"),
    ("weasis", "Like Weasis and RadiAnt"),
    ("osirix", "Like OsiriX"),
    ("left_handed", "Left-handed"),
)
"""Maps to begin with, and their words."""


class MouseEditor(QWidget):
    """Shows the mouse map and proposes another. Owned by the UI thread."""

    def __init__(
        self,
        settings: Settings,
        change: Callable[[Mapping[Option[Any], object]], None],
        map_values: Callable[[str], Mapping[Option[Any], object]],
    ) -> None:
        """Make the controls.

        Args:
            settings: present values.
            change: takes new values of options.
            map_values: the values of a map to begin with, by its name.
        """
        super().__init__()
        self._change, self._map_values = change, map_values
        self.maps = QComboBox()
        self.maps.setAccessibleName(tr("Begin with the mouse of"))
        _narrow(self.maps)
        for name, words in MAPS:
            self.maps.addItem(tr(words), name)
        self.maps.setPlaceholderText(tr("Your own"))
        self.maps.activated.connect(lambda _index: self._take_map())
        self.choices: dict[str, QComboBox] = {}
        self.sensitivity = QSpinBox()
        self.sensitivity.setRange(
            schema.MOUSE_SENSITIVITY.minimum, schema.MOUSE_SENSITIVITY.maximum
        )
        self.sensitivity.setSingleStep(SENSITIVITY_STEP)
        self.sensitivity.setAccessibleName(tr(schema.MOUSE_SENSITIVITY.title))
        self.sensitivity.valueChanged.connect(
            lambda value: change({schema.MOUSE_SENSITIVITY: value})
        )
        self.acceleration = QCheckBox(tr("On"))
        self.acceleration.setAccessibleName(tr(schema.MOUSE_ACCELERATION.title))
        self.acceleration.toggled.connect(lambda is_on: change({schema.MOUSE_ACCELERATION: is_on}))
        self._lay_out()
        self.show_settings(settings)

    def show_settings(self, settings: Settings) -> None:
        """Show the map that is in force now."""
        controls = (self.sensitivity, self.acceleration)
        for control in controls:
            control.blockSignals(True)
        self.sensitivity.setValue(settings.get(schema.MOUSE_SENSITIVITY))
        self.acceleration.setChecked(settings.get(schema.MOUSE_ACCELERATION))
        for control in controls:
            control.blockSignals(False)
        for option in schema.MOUSE:
            choice = self.choices[option.key]
            choice.setCurrentIndex(choice.findData(settings.get(option)))
        names = [name for name, _ in MAPS]
        same = [n for n, name in enumerate(names) if self._is_map(settings, name)]
        self.maps.setCurrentIndex(same[0] if same else -1)

    def _is_map(self, settings: Settings, name: str) -> bool:
        return all(settings.get(option) == v for option, v in self._map_values(name).items())

    def _take_map(self) -> None:
        self._change(self._map_values(str(self.maps.currentData())))

    def _lay_out(self) -> None:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(step_px(1))
        grid.setColumnStretch(1, 1)
        rows: list[tuple[str, QWidget]] = [(tr("Begin with"), self.maps)]
        for option in schema.MOUSE:
            choice = QComboBox()
            _narrow(choice)
            choice.setAccessibleName(tr(option.title))
            for value, words in option.choices:
                choice.addItem(tr(words), value)
            choice.activated.connect(
                lambda _index, o=option, c=choice: self._change({o: c.currentData()})
            )
            self.choices[option.key] = choice
            rows.append((tr(option.title), choice))
        rows.append((tr(schema.MOUSE_SENSITIVITY.title), self.sensitivity))
        rows.append((tr(schema.MOUSE_ACCELERATION.title), self.acceleration))
        for number, (words, widget) in enumerate(rows):
            grid.addWidget(label(words, wraps=True), number, 0)
            grid.addWidget(widget, number, 1)
        column(self, gap=2).addWidget(table)


def _narrow(choice: QComboBox) -> None:
    """Let a choice be narrower than its longest words: they are read in full when it opens."""
    choice.setMinimumContentsLength(LEAST_LETTERS)
    choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
