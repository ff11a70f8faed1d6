"""What a command of the window is: its id, words, default keys, and where they work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Context(Enum):
    """Where the keys of a command work."""

    WINDOW = "window"
    STUDY = "study"
    IMAGES = "images"
    REPORT = "report"


class Menu(Enum):
    """Menus of the menu bar, in order."""

    FILE = "File"
    STUDY = "Study"
    VIEW = "View"
    TOOLS = "Tools"
    REPORT = "Report"
    HELP = "Help"


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        command_id: stable id; settings change keys by it.
        text: words of the menu entry.
        keys: default keys in Qt's portable form; empty for none.
        context: where the keys work.
        menu: where it is listed; None for keys that only the key help lists.
        handler: ``object.method`` that does it; the objects are named by the main window.
        argument: value handed to the handler; None for none.
        is_checkable: whether it shows an on/off state.
        is_held: it lasts as long as the key is held.
    """

    command_id: str
    text: str
    keys: tuple[str, ...]
    context: Context
    menu: Menu | None
    handler: str
    argument: int | str | None = None
    is_checkable: bool = False
    is_held: bool = False
