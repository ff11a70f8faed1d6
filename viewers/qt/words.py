"""The one door to translation for the viewports.

Figures, dates and units are not translated: they read the same here, in the report and on the
scanner (``12.5 mm``, ``2024-05-31``), whatever the language of the words around them.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from workstation.core.sentence import Sentence


def tr(text: str) -> str:
    """Return a text in the reader's language; a sentence of the rooms below with its values."""
    return said("Viewport", text)


def said(context: str, text: str) -> str:
    """Return a text in the reader's language.

    Args:
        context: of Qt's translators; which room asks.
        text: English; a :class:`Sentence` is said again from its template.
    """
    if isinstance(text, Sentence):
        values = (said(context, v) if isinstance(v, Sentence) else v for v in text.values)
        return QCoreApplication.translate(context, text.template).format(*values)
    return QCoreApplication.translate(context, text)
