"""The language of the window: catalogs in Qt Linguist's format, read at start.

A catalog is ``resources/i18n/<language>.ts``. It is read as it is: no compiled copy can be behind
it. English is the language of the source and needs none. What a catalog lacks is shown in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from workstation.settings.resources import resource
from workstation.ui.catalog import Catalog

SYSTEM, ENGLISH = "system", "en"


def read_catalog(path: Path) -> dict[str, str]:
    """Return the finished translations of a catalog by their English text.

    Args:
        path: a file of Qt Linguist (TS 2.1).
    """
    root = ElementTree.parse(path).getroot()  # noqa: S314 a file of the program's own
    found = {}
    for message in root.iter("message"):
        source, translation = message.find("source"), message.find("translation")
        if source is None or translation is None or translation.get("type") is not None:
            continue
        if source.text and translation.text:
            found[source.text] = translation.text
    return found


class CatalogTranslator(QTranslator):
    """Says the texts of the program in another language. Owned by the application object.

    Reports, their templates and drafted sentences do not come by here: they keep the language
    that the reader writes, and the printed pages keep that of the report.

    Args:
        texts: translations by English text; the same in every context.
        parent: Qt parent.
        notes_missing: keep the texts that are not there, for whoever keeps the catalog. Not while
            patients are read: words of their reports come by here and would stay in memory.

    Attributes:
        missing: texts that were asked for and are not there, where they are noted.
    """

    def __init__(
        self,
        texts: Mapping[str, str],
        parent: QObject | None = None,
        *,
        notes_missing: bool = False,
    ) -> None:
        super().__init__(parent)
        self._catalog = Catalog(texts)
        self._notes_missing = notes_missing
        self.missing: set[str] = set()

    def isEmpty(self) -> bool:
        """Whether there is nothing to say; Qt skips such a translator."""
        return not self._catalog

    def translate(
        self, context: str, source: str, _disambiguation: str | None = None, _n: int = -1
    ) -> str | None:
        """Return a text in the language; None where it is not known here."""
        if context not in OWN_CONTEXTS or not source:
            return None
        found = self._catalog.say(source)
        if self._notes_missing and found is None and any(map(str.isalpha, source)):
            self.missing.add(source)
        return found


OWN_CONTEXTS = frozenset({"Prelim", "Viewport"})
"""Contexts of our texts; Qt's own dialogs ask in theirs."""


def languages() -> tuple[str, ...]:
    """Return the languages there are, as codes; English first."""
    return (ENGLISH, *sorted(path.stem for path in resource("i18n").glob("*.ts")))


def chosen_language(wish: str) -> str:
    """Return the language to use: the wished one, or that of the system, or English."""
    code = QLocale.system().name()[:2] if wish == SYSTEM else wish
    return code if code in languages() else ENGLISH


def speak(
    app: QCoreApplication, wish: str, *, notes_missing: bool = False
) -> CatalogTranslator | None:
    """Let the program speak a language from now on; None where it is English.

    Args:
        app: keeps the translators.
        wish: a code, or ``system``.
        notes_missing: see :class:`CatalogTranslator`.
    """
    code = chosen_language(wish)
    if code == ENGLISH:
        return None
    for name in ("qtbase", "qt"):
        of_qt = QTranslator(app)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if of_qt.load(f"{name}_{code}", folder):
            app.installTranslator(of_qt)
            break
    texts = read_catalog(resource("i18n") / f"{code}.ts")
    ours = CatalogTranslator(texts, app, notes_missing=notes_missing)
    app.installTranslator(ours)
    return ours
