"""The windows of the test before are gone before the next is made."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _no_window_of_before(qapp: QApplication) -> None:
    """Delete what was asked to be deleted later.

    No event loop runs between two tests: closed windows of a thousand widgets stayed, and each
    style sheet and each palette of the application was worked out for them again.
    """
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
