"""The mouse map of the settings, and the settings of a mouse map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from viewers.state.mouse_map import MOUSE_MAPS, ClickAct, DragAct, MouseMap, WheelAct
from workstation.settings import schema
from workstation.settings.schema import Option, Settings
from workstation.ui.words import tr


def mouse_map(settings: Settings) -> MouseMap:
    """Return the mouse map a reader chose."""
    chosen = {option.name: settings.get(option) for option in schema.MOUSE}
    return MouseMap(
        left=DragAct(chosen["left"]),
        middle=DragAct(chosen["middle"]),
        right=DragAct(chosen["right"]),
        both=DragAct(chosen["both"]),
        wheel=WheelAct(chosen["wheel"]),
        ctrl_wheel=WheelAct(chosen["ctrl_wheel"]),
        shift_wheel=WheelAct(chosen["shift_wheel"]),
        alt_wheel=WheelAct(chosen["alt_wheel"]),
        double_click=ClickAct(chosen["double_click"]),
        back=ClickAct(chosen["back"]),
        forward=ClickAct(chosen["forward"]),
        sensitivity=settings.get(schema.MOUSE_SENSITIVITY) / 100,
        is_accelerated=settings.get(schema.MOUSE_ACCELERATION),
    )


def mouse_rows(settings: Settings) -> list[tuple[str, str]]:
    """Return what each act of the hand does, in words for people."""
    return [
        (tr(option.title), tr(dict(option.choices)[settings.get(option)]))
        for option in schema.MOUSE
    ]


def map_values(name: str) -> Mapping[Option[Any], object]:
    """Return the values of the options for a map to begin with; how far drags reach stays."""
    found = MOUSE_MAPS[name]
    return {option: getattr(found, option.name).value for option in schema.MOUSE}
