"""The one door to translation for the 3D view; the rules are those of the viewports' words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def tr(text: str) -> str:
    """Return a text in the reader's language."""
    return QCoreApplication.translate("Viewport", text)
