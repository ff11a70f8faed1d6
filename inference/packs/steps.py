"""The names of the pre- and post-processing steps a manifest may ask for, with their parameters.

A closed list: a pack is data, so what it wants done is named here and written in ``inference.ops``,
which the application process never loads. A test holds the two lists equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

STEP_PARAMETERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "fill_padding": ("value",),
        "clip": ("low", "high"),
        "scale": ("factor",),
        "scale_by_percentile": ("percentile",),
        "window": ("center", "width"),
        "undo_scale": (),
        "keep_pair_mean": (),
        "restore_padding": (),
    }
)
"""Step name to the names of its parameters; all are required, all are finite numbers."""
