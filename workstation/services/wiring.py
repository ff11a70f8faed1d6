"""What the command line is handed: the adapters it may not build itself.

``workstation.__main__`` fills it in; printing needs Qt, which the command line does not know.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workstation.core.clock import Clock
from workstation.core.picture import ViewPainter
from workstation.services.ports import ReportPrinter
from workstation.settings.home import Home


@dataclass(frozen=True, slots=True)
class Wiring:
    """Adapters for one run of the command line.

    Attributes:
        home: where state lives.
        clock: present time.
        printer: makes the report printer, when a PDF is needed.
        painter: makes what draws pictures, when some are asked for.
    """

    home: Home
    clock: Clock
    printer: Callable[[], ReportPrinter]
    painter: Callable[[], ViewPainter]
