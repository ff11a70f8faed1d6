"""The preferences: one control per option, made from the schema."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox, QWidget

from workstation.settings.schema import GROUP_TITLES, OPTIONS, Option, Settings
from workstation.ui.widgets import column, label, scrolled
from workstation.ui.words import tr

TEXT_SCALE_STEP = 10
"""Step of a number in percent: smaller ones cannot be seen."""


class PreferencesPanel(QWidget):
    """All options that are shown. Owned by the UI thread."""

    def __init__(
        self,
        settings: Settings,
        change: Callable[[Option[Any], object], None],
        sections: Sequence[tuple[str, QWidget]] = (),
    ) -> None:
        """Make the controls.

        Args:
            settings: present values.
            change: takes a new value of an option.
            sections: title and content of further parts.
        """
        super().__init__()
        self._change = change
        self.controls: dict[str, QWidget] = {}
        content = QWidget()
        inside = column(content, margin=3, gap=2)
        for group, title in GROUP_TITLES.items():
            options = [option for option in OPTIONS if option.group == group and option.is_shown]
            if options:
                inside.addWidget(label(tr(title), "heading"))
            for option in options:
                control = self._control(option, settings)
                control.setAccessibleName(tr(option.title))
                control.setAccessibleDescription(tr(option.help))
                self.controls[option.key] = control
                inside.addWidget(label(tr(option.title), wraps=True))
                inside.addWidget(control)
                inside.addWidget(label(tr(option.help), "quiet", wraps=True))
        for title, section in sections:
            inside.addWidget(label(title, "heading"))
            inside.addWidget(section)
        inside.addStretch(1)
        column(self).addWidget(scrolled(content))

    def show_settings(self, settings: Settings) -> None:
        """Show the values that are in force now, wherever they were changed."""
        for option in OPTIONS:
            control = self.controls.get(option.key)
            value = settings.values.get(option.key, option.default)
            if control is None or control.hasFocus():
                continue
            control.blockSignals(True)
            if isinstance(control, QComboBox):
                control.setCurrentIndex(control.findData(value))
            elif isinstance(control, QCheckBox):
                control.setChecked(bool(value))
            elif isinstance(control, QSpinBox) and isinstance(value, int):
                control.setValue(value)
            elif isinstance(control, QLineEdit):
                control.setText(str(value))
            control.blockSignals(False)

    def _control(self, option: Option[Any], settings: Settings) -> QWidget:
        value = settings.get(option)
        if option.choices:
            return self._choice(option, str(value))
        if isinstance(value, bool):
            box = QCheckBox(tr("On"))
            box.setChecked(value)
            box.toggled.connect(lambda is_on: self._change(option, is_on))
            return box
        if isinstance(value, int):
            number = QSpinBox()
            number.setRange(option.minimum, option.maximum)
            number.setSingleStep(TEXT_SCALE_STEP)
            number.setValue(value)
            number.valueChanged.connect(lambda changed: self._change(option, changed))
            return number
        text = QLineEdit(value)
        text.editingFinished.connect(lambda: self._change(option, text.text().strip()))
        return text

    def _choice(self, option: Option[Any], value: str) -> QComboBox:
        made = QComboBox()
        for choice, words in option.choices:
            made.addItem(tr(words), choice)
        made.setCurrentIndex(made.findData(value))
        made.activated.connect(lambda _index: self._change(option, made.currentData()))
        return made
