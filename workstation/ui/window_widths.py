"""How the width of the window is shared between the rail, the images and the panel beside them."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from workstation.ui.study_page import RAIL_NARROW_STEPS, RAIL_WIDE_STEPS, StudyPage
from workstation.ui.theme import step_px

NARROW_BELOW_PX = 1500
"""Below this width the rail shows pictures only; 1366 is the small screen of the brief."""

SIDE_STEPS, SIDE_NARROW_STEPS = 105, 90
"""Width of the report panel in steps: 420 pixels, and 360 on the small screen."""

IMAGE_SHARE = 0.6
"""The images never get less than this part of the width."""


def fit_widths(width_px: int, page: StudyPage, side: QWidget) -> None:
    """Give rail and side panel of a window of this width what the brief says."""
    scale = step_px(100) / 400
    is_narrow = width_px < NARROW_BELOW_PX * scale
    page.set_narrow(is_narrow=is_narrow)
    rail = step_px(RAIL_NARROW_STEPS if is_narrow else RAIL_WIDE_STEPS)
    wanted = step_px(SIDE_NARROW_STEPS if is_narrow else SIDE_STEPS)
    room = round(width_px * (1 - IMAGE_SHARE)) - rail
    side.setFixedWidth(max(min(wanted, room), step_px(60)))
