"""Where the files that came with the program are: packs, vocabularies, help, translations."""

from __future__ import annotations

import sys
from pathlib import Path


def resource(*parts: str) -> Path:
    """Return the path of something in ``resources``; it need not exist.

    A frozen program carries the folder beside its modules; a checkout has it at its top.
    """
    frozen = getattr(sys, "_MEIPASS", None)
    top = Path(frozen) if frozen else Path(__file__).resolve().parents[2]
    return top.joinpath("resources", *parts)
