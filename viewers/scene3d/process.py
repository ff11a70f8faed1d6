"""The scene process: ``python -m viewers.scene3d.process``; started by the application.

It draws with VTK, which may take a graphics driver down with it: then this process is gone and the
report is not. It knows voxels, masks and colors; no name, no path, no environment of ours. What a
library prints goes nowhere, so that it cannot break a message.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import BinaryIO

from viewers.scene3d import protocol
from viewers.scene3d.protocol import Ready, Trouble

SOFTWARE_SWITCH = "--software"
"""Lets the processor draw, whatever graphics card there is."""


def main(arguments: list[str]) -> None:
    """Serve until the application closes our standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = _own_pipes()
    try:
        from viewers.scene3d.offscreen import NO_OPENGL, open_offscreen  # brings VTK
        from viewers.scene3d.scene import Scene
        from viewers.scene3d.serving import Server
    except ImportError:
        protocol.send(answers, Trouble("VTK is not installed"))
        return
    found = open_offscreen(force_software=SOFTWARE_SWITCH in arguments)
    if found is None:
        protocol.send(answers, Trouble(NO_OPENGL))
        return
    scene = Scene(found.window, is_software=found.is_software)
    ready = Ready(os.getpid(), found.renderer, found.is_software, found.most_side)
    Server(requests, answers, scene, ready).serve()


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return the two pipes; what a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    return os.fdopen(os.dup(0), "rb"), answers


if __name__ == "__main__":
    main(sys.argv[1:])
    # A graphics driver may crash when the interpreter tidies up.
    os._exit(0)
