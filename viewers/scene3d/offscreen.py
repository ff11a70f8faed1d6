"""A window without a screen to draw into, and what stands behind it; runs in the scene process."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

from vtkmodules import vtkRenderingOpenGL2
from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLRenderWindow

SOFTWARE = re.compile(r"llvmpipe|softpipe|swrast|swr\b|software|basic render|warp", re.IGNORECASE)
"""What OpenGL calls itself where no graphics card stands behind it: Mesa's and Windows' names."""

WINDOWS = ("vtkEGLRenderWindow", "vtkOSOpenGLRenderWindow")
"""Windows that need no screen, on Linux; elsewhere VTK's own is drawn off screen."""

NO_OPENGL = "this computer has no OpenGL that works without a window"


@dataclass(frozen=True, slots=True, eq=False)
class Offscreen:
    """A window that was tried out.

    Attributes:
        window: draws into memory.
        renderer: what OpenGL calls itself.
        is_software: whether the processor draws.
        most_side: voxels along a side of a 3D texture; 0 where the processor draws.
    """

    window: vtkOpenGLRenderWindow
    renderer: str
    is_software: bool
    most_side: int


CARD_SIDE = 2048
"""Voxels along a side that every graphics card of the last ten years takes (GL 4.1 asks for it)."""


def open_offscreen(*, force_software: bool = False) -> Offscreen | None:
    """Return a window that works; None where there is none.

    Args:
        force_software: let the processor draw even where a graphics card stands behind it.
    """
    for window in _candidates():
        window.SetOffScreenRendering(1)
        window.SetMultiSamples(0)
        window.SetSize(16, 16)
        if not window.SupportsOpenGL():
            continue
        window.Render()
        words = window.ReportCapabilities()
        found = re.search(r"OpenGL renderer string:\s*(.+)", words)
        renderer = found[1].strip() if found else ""
        is_software = force_software or not renderer or SOFTWARE.search(renderer) is not None
        return Offscreen(window, renderer, is_software, 0 if is_software else CARD_SIDE)
    return None


def _candidates() -> list[vtkOpenGLRenderWindow]:
    if sys.platform != "linux":
        return [vtkOpenGLRenderWindow()]
    classes = [getattr(vtkRenderingOpenGL2, name, None) for name in WINDOWS]
    return [one() for one in classes if one is not None]
