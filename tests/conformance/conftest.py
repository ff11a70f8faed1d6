"""One Qt application for the whole process: that of the windows.

Whoever writes a PDF first makes an application without widgets, and no window could open later in
the same process. Test orders must not matter, so the one with widgets is made before any test.
"""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="session", autouse=True)
def _application(qapp: QApplication) -> QApplication:
    return qapp
