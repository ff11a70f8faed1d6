"""The commands of hanging protocols."""

from __future__ import annotations

from workstation.ui.command import Command, Context, Menu

HANGING_COMMANDS = (
    Command(
        "hang_next", "Next hanging protocol", ("F9",), Context.STUDY, Menu.VIEW, "hanging.step", 1
    ),
    Command(
        "hang_previous", "Previous hanging protocol", ("Shift+F9",), Context.STUDY, Menu.VIEW,
        "hanging.step", -1,
    ),
    Command(
        "hang_list", "Hanging protocols", ("Ctrl+F9",), Context.STUDY, Menu.VIEW,
        "hanging.show_panel",
    ),
    Command(
        "hang_reset", "Hang again as the protocol says", ("Alt+F9",), Context.STUDY, Menu.VIEW,
        "hanging.reset",
    ),
    Command(
        "hang_save", "Save as hanging protocol", ("Ctrl+Shift+F9",), Context.STUDY, Menu.VIEW,
        "hanging.save_as",
    ),
)  # fmt: skip
