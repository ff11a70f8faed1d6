"""The command line of DESIGN section 4: thin, over the same services as the window.

Nothing here decides anything about images or reports; it reads arguments, calls one service and
writes its answer.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer import Abort
from typer.exceptions import TyperException
from typer.main import get_command

from workstation.cli import evaluate, hanging, leaving, machine, objects, reading, reporting
from workstation.cli.output import answer, prepare_streams, refuse
from workstation.core.errors import InputRefusedError, WorkstationError
from workstation.services.sign_report import program_version
from workstation.services.wiring import Wiring

__all__ = ["program", "run"]

FAULT_OF_OURS = 70
"""Exit code for an error nobody foresaw (EX_SOFTWARE of sysexits.h; DESIGN section 4)."""

USAGE = 2
"""Exit code for a question that is not asked as the help says (DESIGN section 4)."""

NOT_OURS = frozenset((errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EROFS, errno.EDQUOT))
"""What the system says of places that may not, or can no longer, be written to."""

INTERRUPTED = 130
"""Exit code after Ctrl+C, as shells have it (128 + SIGINT)."""


ABOUT = "Offline radiology report drafting. Not a cleared medical device."

EPILOG = (
    "Without a command the window opens. With --json, standard output holds exactly one JSON "
    "value, also for an error.\n\n"
    "Exit codes: 0 done; 2 wrong usage; 3 the input was refused; 4 a safety gate refused; "
    "5 a peer failed; 70 a fault of Prelim.\n\n"
    "PRELIM_HOME moves settings, keys, packs and the library to one folder. "
    "PRELIM_PASSPHRASE gives a script the passphrase for signing."
)


def program() -> typer.Typer:
    """Return the command line with all its commands."""
    app = typer.Typer(
        name="prelim",
        help=ABOUT,
        epilog=EPILOG,
        no_args_is_help=False,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_program)
    app.command("open")(_open)
    for room in (reading, reporting, machine, evaluate, hanging, leaving, objects):
        room.add_commands(app)
    return app


def run(arguments: Sequence[str], wiring: Wiring) -> int:
    """Run one command and return its exit code.

    Args:
        arguments: without the program's name.
        wiring: adapters the command line may not build itself.
    """
    _quiet_libraries()
    prepare_streams()
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
        ended = INTERRUPTED
    except TyperException as error:
        refuse(_usage(error), as_json=as_json)
        return USAGE
    except Exception as error:  # noqa: BLE001 the outermost edge
        if isinstance(error, OSError) and error.errno in NOT_OURS:
            return _refused_by_system(error, as_json=as_json)
        return _unforeseen(error, as_json=as_json)
    if ended == INTERRUPTED:  # typer makes an exit of Ctrl+C by itself
        refuse(WorkstationError("Stopped"), as_json=as_json)
    return ended if isinstance(ended, int) else 0


def _say_version(is_asked: bool) -> None:
    if is_asked:
        answer({}, f"prelim {program_version()}", as_json=False)
        raise typer.Exit


def _program(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_say_version, help="Say the version and end."
        ),
    ] = False,
) -> None:
    # Its docstring would replace the help of the program.
    del version


def _open(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH...", help="Files, folders or zips.")
    ] = None,
) -> None:
    """Open the window on files, folders or zips."""
    del paths
    raise WorkstationError(
        "The window cannot be opened from here", todo="Start prelim open by itself"
    )


def _usage(error: TyperException) -> WorkstationError:
    """Return a wrong usage in words; what was typed too much may be a patient's name."""
    words = error.format_message()
    if "extra argument" in words:
        words = "There is one argument too many: put a path with spaces in quotes"
    return WorkstationError(words, todo="See: prelim --help")


def _refused_by_system(error: OSError, *, as_json: bool) -> int:
    # strerror names no path, which may hold a patient's name
    refused = InputRefusedError(
        "A file or folder cannot be used",
        why=error.strerror or "",
        todo="Free space, or choose a place that you may write to",
    )
    refuse(refused, as_json=as_json)
    return refused.exit_code


def _unforeseen(error: Exception, *, as_json: bool) -> int:
    # The text of an unknown error may hold a name: only its kind and its lines are written.
    if os.environ.get("PRELIM_DEBUG"):
        sys.stderr.writelines(traceback.format_tb(error.__traceback__))
    fault = WorkstationError(
        f"Prelim made a mistake ({type(error).__name__})",
        why="this is a fault of ours",
        todo="Run it again with PRELIM_DEBUG=1 to see where, and report it",
    )
    refuse(fault, as_json=as_json)
    return FAULT_OF_OURS


def _quiet_libraries() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # Their debug and warning texts may quote headers (CONVENTIONS rule 28), Python's too.
    warnings.simplefilter("ignore")
    for name in ("pydicom", "pynetdicom", "urllib3", "highdicom", "pyhanko", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
