"""How the commands are arranged in the menus and in the key help: by what a reader looks for.

No menu is longer than a glance: what belongs together stands behind one word. A command is in the
menu that its declaration names, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from workstation.ui.command import Menu
from workstation.ui.words import tr

RULE = ""
"""In place of a command: a line between those above and those below."""


@dataclass(frozen=True, slots=True)
class Submenu:
    """Commands behind one word.

    Attributes:
        title: the word.
        entries: ids of commands, and RULE.
    """

    title: str
    entries: tuple[str, ...]


Entry: TypeAlias = str | Submenu

LAYOUT = Submenu(
    "Layout",
    (
        *("layout_1", "layout_2", "layout_4", "layout_9", "layout_pick", RULE),
        *("split_beside", "split_below", "close_viewport", RULE),
        *("wider", "narrower", "taller", "lower", RULE),
        *("maximize", "next_viewport", "previous_viewport", "fill", RULE, "other_screen"),
    ),
)
SLABS = Submenu(
    "Slab and turned planes",
    ("slab", "slab_thicker", "slab_thinner", RULE, "turn_right", "turn_left"),
)
FUSION = Submenu("Fusion", ("fuse", "fuse_other", "fuse_palette", RULE, "fuse_more", "fuse_less"))
LINKS = Submenu(
    "Linked viewports",
    (
        *("link_scroll", "link_window", "link_zoom", "link_here", RULE),
        *("reference_lines", "reference_ends", "localize"),
    ),
)
HANGING = Submenu(
    "Hanging protocol",
    ("hang_next", "hang_previous", "hang_reset", RULE, "hang_list", "hang_save"),
)
PLACE = Submenu(
    "Zoom and place",
    ("zoom_in", "zoom_out", RULE, "pan_left", "pan_right", "pan_up", "pan_down"),
)
WINDOWS = Submenu("Window", ("window_type", "window_seen", "window_slice", "window_keep"))
SLICES = Submenu(
    "Slices and cine",
    ("first_slice", "last_slice", RULE, "cine", "cine_faster", "cine_slower", "cine_bounce"),
)
MAGNIFIER = Submenu("Magnifier", ("lens", "lens_stronger", "lens_weaker"))
PANELS = Submenu(
    "Panels and screen",
    (
        *("fold_rail", "fold_report", "jobs", "news", RULE),
        *("full_screen", "text_larger", "text_smaller", "theme"),
    ),
)
CHOSEN_MARK = Submenu(
    "Chosen mark",
    (
        *("mark_next", "mark_previous", RULE, "mark_name", "mark_window"),
        *("mark_copy_next", "mark_copy_previous", RULE, "mark_delete"),
    ),
)
ENHANCEMENT = Submenu(
    "Enhancement",
    (
        *("enhance", "superres", "superres_4", "superres_plane", RULE),
        *("enhance_chosen", "enhance_pack", RULE),
        *("strength_light", "strength_standard", "strength_strong", RULE),
        *("strength_more", "strength_less", RULE),
        *("enhance_figures", "uncertainty", RULE),
        *("fill_gaps", "fill_rows"),
    ),
)
COMPARISON = Submenu(
    "Compare with the original",
    ("curtain", "curtain_left", "curtain_right", RULE, "side_by_side", "difference"),
)
PRESENTATION = Submenu(
    "Presentation state", ("presentation_toggle", "presentation_leave", "presentation_save")
)

TOOLS: tuple[Entry, ...] = (
    *("tool_scroll", "tool_window", "tool_crosshair", "tool_probe", RULE),
    *("tool_length", "tool_bidirectional", "tool_angle", "tool_cobb", RULE),
    *("tool_ellipse", "tool_rectangle", "tool_polygon", "tool_freehand", "tool_sphere", RULE),
    *("tool_arrow", "tool_text", RULE),
    CHOSEN_MARK,
)

MENUS: dict[Menu, tuple[Entry, ...]] = {
    Menu.FILE: (
        *("open_files", "open_folder", "open_demo", RULE),
        *("export", "export_pictures", "export_movie", "export_media", RULE),
        *("print", "copy_image", RULE, "preferences", "quit"),
    ),
    Menu.STUDY: (
        *("back", "toggle_page", "search", RULE),
        *("next_series", "previous_series", "verdict", RULE),
        *("priors", "fit_series", RULE),
        *("key_image", "measurements_save", PRESENTATION, RULE, ENHANCEMENT, COMPARISON),
    ),
    Menu.VIEW: (
        *(LAYOUT, HANGING, LINKS, RULE),
        *("reformat", "scene3d", "curved", SLABS, FUSION, RULE),
        *("fit", "reset", "rotate", "flip_h", "flip_v", "invert", RULE),
        *(WINDOWS, SLICES, PLACE, MAGNIFIER, RULE),
        *("objects", "regions", "texts", "say_view", RULE, PANELS),
    ),
    Menu.TOOLS: TOOLS,
    Menu.REPORT: (
        *("to_report", "measure", "draft", "write", RULE),
        *("evidence", "accept", "edit", "reject", "reopen", RULE),
        *("undo", "redo", RULE, "check", "sign"),
    ),
    Menu.HELP: ("help", "first_run"),
}
"""The menu bar."""

MORE: tuple[Entry, ...] = (
    *(Submenu("All tools", tuple(one for one in TOOLS if isinstance(one, str))), LAYOUT, LINKS),
    *(RULE, "scene3d", "curved", SLABS, FUSION, MAGNIFIER, RULE, ENHANCEMENT, COMPARISON),
)
"""Behind the button at the end of the tool bar, after what has no room in it."""


def fill_menu(menu: QMenu, entries: Sequence[Entry], action: Callable[[str], QAction]) -> None:
    """Put commands, lines and further menus into a menu.

    Args:
        menu: gets them behind what it has.
        entries: what it gets.
        action: gives the QAction of a command.
    """
    for entry in entries:
        if isinstance(entry, Submenu):
            fill_menu(menu.addMenu(tr(entry.title)), entry.entries, action)
        elif entry == RULE:
            menu.addSeparator()
        else:
            menu.addAction(action(entry))


def listed(entries: Sequence[Entry], title: str) -> Iterator[tuple[str, str]]:
    """Yield (title it stands under, id) of every command among entries, those alone first."""
    for entry in entries:
        if isinstance(entry, str) and entry != RULE:
            yield title, entry
    for entry in entries:
        if isinstance(entry, Submenu):
            yield from listed(entry.entries, entry.title)
