"""The command line of DESIGN section 4: thin, over the same services as the window.

Nothing here decides anything about images or reports; it reads arguments, calls one service and
writes its answer.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
import warnings
from collections.abc import Sequence

import typer
from typer import Abort
from typer.exceptions import TyperException
from typer.main import get_command

from workstation.cli import machine, reading, reporting
from workstation.cli.output import refuse
from workstation.core.errors import WorkstationError
from workstation.services.wiring import Wiring

__all__ = ["program", "run"]

FAULT_OF_OURS = 70
"""Exit code for an error nobody foresaw (EX_SOFTWARE of sysexits.h; DESIGN section 4)."""

INTERRUPTED = 130
"""Exit code after Ctrl+C, as shells have it (128 + SIGINT)."""


def program() -> typer.Typer:
    """Return the command line with all its commands."""
    app = typer.Typer(
        name="prelim",
        help="Offline radiology report drafting. Not a cleared medical device. "
        "Without a command, or with: open PATH..., the window opens.",
        no_args_is_help=False,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for room in (reading, reporting, machine):
        room.add_commands(app)
    return app


def run(arguments: Sequence[str], wiring: Wiring) -> int:
    """Run one command and return its exit code.

    Args:
        arguments: without the program's name.
        wiring: adapters the command line may not build itself.
    """
    _quiet_libraries()
    as_json = "--json" in arguments
    command = get_command(program())
    try:
        ended = command.main(
            args=list(arguments), prog_name="prelim", standalone_mode=False, obj=wiring
        )
    except WorkstationError as error:
        refuse(error, as_json=as_json)
        return error.exit_code
    except Abort:
        sys.stderr.write("Stopped.\n")
        return INTERRUPTED
    except TyperException as error:
        sys.stderr.write(f"{error.format_message()}\nSee: prelim --help\n")
        return error.exit_code
    except Exception as error:  # noqa: BLE001 the outermost edge
        return _unforeseen(error)
    return ended if isinstance(ended, int) else 0


def _unforeseen(error: Exception) -> int:
    # The text of an unknown error may hold a name: only its kind and its lines are written.
    if os.environ.get("PRELIM_DEBUG"):
        sys.stderr.writelines(traceback.format_tb(error.__traceback__))
    sys.stderr.write(
        f"Prelim made a mistake ({type(error).__name__}). Nothing was changed. "
        "Run it again with PRELIM_DEBUG=1 to see where.\n"
    )
    return FAULT_OF_OURS


def _quiet_libraries() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # Their debug and warning texts may quote headers (CONVENTIONS rule 28), Python's too.
    warnings.simplefilter("ignore")
    for name in ("pydicom", "pynetdicom", "urllib3", "highdicom", "pyhanko", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
