"""Decides first: command line or window; imports nothing heavy before that.

The model worker and the decoders are processes of their own (``python -m inference.worker`` and
``python -m workstation.dicom.decode_process``); a frozen program starts itself for them.
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.core.address_space import keep_address_space_small

if TYPE_CHECKING:
    from workstation.core.picture import ViewPainter
    from workstation.services.ports import ReportPrinter
    from workstation.services.wiring import Wiring

WORKER_SWITCH = "--prelim-model-worker"
"""First argument that makes a frozen program be the model worker instead of the application."""

DECODER_SWITCH = "--prelim-decoder"
"""First argument that makes a frozen program be a decoder of compressed pixels."""

READER_SWITCH = "--prelim-volume-reader"
"""First argument that makes a frozen program be the reader of files that are no DICOM."""

SCENE_SWITCH = "--prelim-scene"
"""First argument that makes a frozen program be the part that draws volumes."""

START_PROBE_SWITCH = "--prelim-start-probe"
"""First argument that makes a frozen program measure a start of its own, for doctor."""

_PROCESSES = {
    START_PROBE_SWITCH: "workstation.start_probe",
    WORKER_SWITCH: "inference.worker",
    DECODER_SWITCH: "workstation.dicom.decode_process",
    READER_SWITCH: "workstation.exchange.research.process",
    SCENE_SWITCH: "viewers.scene3d.process",
}

NO_SCREEN = 3
"""Exit code where there is no screen: what was asked for is refused (DESIGN section 4)."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run Prelim and return the exit code of DESIGN section 4.

    Args:
        argv: arguments without the program's name; those of the process by default.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and (process := _PROCESSES.get(arguments[0])):
        sys.argv[1:] = arguments[1:]
        runpy.run_module(process, run_name="__main__")
        return 0
    keep_address_space_small()
    if _wants_window(arguments):
        return _run_window(arguments)
    from workstation.cli import run  # typer takes 0.1 s to import

    return run(arguments, _wiring())


def _wants_window(arguments: list[str]) -> bool:
    if not arguments or arguments[0] == "open":
        return "--help" not in arguments
    return arguments[0] == "demo" and not {"--headless", "--help"} & set(arguments)


def _wiring() -> Wiring:
    from workstation.core.clock import SystemClock
    from workstation.services.wiring import Wiring
    from workstation.settings.home import home

    return Wiring(home=home(), clock=SystemClock(), printer=_printer, painter=_painter)


def _printer() -> ReportPrinter:
    from workstation.printing.report_pdf import ReportPdf  # brings Qt

    return ReportPdf()


def _painter() -> ViewPainter:
    from viewers.qt.picture_maker import OffscreenPainter  # brings Qt

    return OffscreenPainter()


def _has_no_screen() -> bool:
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform == "linux" and not any(os.environ.get(name) for name in named)


def _run_window(arguments: list[str]) -> int:
    if _has_no_screen():
        # Qt would abort the process and leave a core file.
        sys.stderr.write(
            "There is no screen to open a window on. "
            "Use a command that needs none, e.g. prelim demo --headless --out DIR. "
            "See: prelim --help.\n"
        )
        return NO_SCREEN
    from workstation.core.errors import WorkstationError
    from workstation.settings.home import home

    try:
        root = home().prepared().root
    except WorkstationError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code

    from workstation.app import run_window  # brings Qt

    paths = [Path(argument) for argument in arguments[1:] if not argument.startswith("-")]
    return run_window(paths, home=root, demo=arguments[:1] == ["demo"])


if __name__ == "__main__":
    sys.exit(main())
