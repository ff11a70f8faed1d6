"""The places a study came from, when it came from several."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

__all__ = ["joined_paths"]


def joined_paths(earlier: Iterable[Path], later: Iterable[Path]) -> tuple[Path, ...]:
    """Return the paths of both, without those that lie inside another of them."""
    listed = tuple(dict.fromkeys((*earlier, *later)))
    return tuple(
        one
        for one in listed
        if not any(other != one and one.is_relative_to(other) for other in listed)
    )
