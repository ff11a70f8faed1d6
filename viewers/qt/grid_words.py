"""Why a grid of viewports refuses: sentences for the status line."""

from __future__ import annotations

from viewers.qt.words import tr

NO_PLANES = "Other planes are not offered because {0}. Scrolling the slices is right."
"""Said where the reader asks for planes that a series cannot give."""

NO_SPLIT = "Three planes have their own places. Choose another layout to split or close viewports."
"""Said where the reader wants to divide the three planes."""

NO_ROOM = "There is no room for another viewport here."
LAST_ONE = "The last viewport stays."
"""Said where a viewport can neither be split nor closed."""


def no_planes_text(why: str) -> str:
    """Return why a series has no other planes, as a sentence."""
    return tr(NO_PLANES).format(why)
