"""The colors a viewport paints with; a value, so that a theme hands them in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Colors as ``#rrggbb``; the defaults are those of the dark room.

    Attributes:
        canvas: under the image; pure black.
        panel: ground of the slice bar and the notice band.
        line: thin lines and grooves.
        text: words on the canvas.
        quiet: less important words, loaded slices.
        accent: selection, focus, crosshair, loading line.
        doubt: notices, missing slices.
        evidence: marks of evidence.
        measure: measurements of the reader.
    """

    canvas: str = "#000000"
    panel: str = "#1d1f21"
    line: str = "#34383c"
    text: str = "#e6e6e6"
    quiet: str = "#9aa0a6"
    accent: str = "#4aa3c7"
    doubt: str = "#d9a441"
    evidence: str = "#9a86c9"
    measure: str = "#e8d27a"
