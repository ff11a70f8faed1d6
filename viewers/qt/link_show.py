"""What a viewport shows of its links to others, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field

from viewers.render.cross_reference import Patch, Vector
from viewers.state.linking import LinkMark


@dataclass(frozen=True, slots=True)
class LinkShow:
    """What is drawn of the links of one viewport.

    Attributes:
        mark: what it is linked in, and whether the others are outside of it.
        patches: slices of other viewports, in the frame of this one.
        cursor_mm: the point that another viewport points at, in the frame of this one; None for
            none, or where it lies outside.
    """

    mark: LinkMark = field(default_factory=LinkMark)
    patches: tuple[Patch, ...] = ()
    cursor_mm: Vector | None = None
