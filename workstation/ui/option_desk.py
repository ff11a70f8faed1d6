"""The options while the program runs: read, change, keep, and put into force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractItemView, QApplication

from workstation.core.observable import Observable
from workstation.settings import schema
from workstation.settings.schema import Option, Settings
from workstation.settings.store import SettingsStore
from workstation.ui.rescaling import rescale
from workstation.ui.theme import THEMES, apply_theme
from workstation.ui.words import tr

T = TypeVar("T", bool, int, str)

LOOKS = frozenset({schema.THEME, schema.TEXT_SCALE, schema.LARGER_CONTROLS})
"""Options that decide how the whole program looks."""


class OptionDesk(QObject):
    """Owned by the UI thread.

    Signals:
        changed(): an option has another value.
        said(str): a sentence for the status line.
    """

    changed = Signal()
    said = Signal(str)

    def __init__(self, settings: Observable[Settings], store: SettingsStore) -> None:
        """Take the options.

        Args:
            settings: present values.
            store: keeps them.
        """
        super().__init__()
        self.settings = settings
        self._store = store

    def get(self, option: Option[T]) -> T:
        """Return the value of an option."""
        return self.settings.value.get(option)

    @property
    def reader(self) -> str:
        """Name of the reader; empty where nobody has said so."""
        return self.get(schema.READER_NAME)

    def change(self, option: Option[Any], value: object) -> None:
        """Change an option, keep it, and put it into force."""
        self.change_all({option: value})

    def change_all(self, values: Mapping[Option[Any], object]) -> None:
        """Change several options at once, keep them, and put them into force."""
        settings, before = self.settings.value, self.get(schema.TEXT_SCALE)
        for option, value in values.items():
            settings = settings.having(option, value)
        self._keep(settings)
        app = QApplication.instance()
        if LOOKS.intersection(values) and isinstance(app, QApplication):
            after = self.get(schema.TEXT_SCALE)
            for top in app.topLevelWidgets() if after != before else ():
                rescale(top, before, after)
            self.show_looks(app)
            for view in app.allWidgets():
                if isinstance(view, QAbstractItemView):
                    # It remembers how high its rows were.
                    view.scheduleDelayedItemsLayout()
        self.changed.emit()

    def show_looks(self, app: QApplication) -> None:
        """Give the application the theme, text size and size of controls of the options."""
        apply_theme(
            app,
            THEMES[self.get(schema.THEME)],
            self.get(schema.TEXT_SCALE),
            has_large_controls=self.get(schema.LARGER_CONTROLS),
        )

    def change_keys(self, keys: Mapping[str, str]) -> None:
        """Take these changed keys and no others, keep them, and put them into force."""
        self._keep(self.settings.value.with_keys(keys))
        self.changed.emit()

    def _keep(self, settings: Settings) -> None:
        self.settings.set(settings)
        try:
            self._store.save(settings)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self.said.emit(f"{tr('Your settings could not be saved')}: {reason}.")
