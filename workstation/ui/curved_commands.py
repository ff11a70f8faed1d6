"""The command that draws a line and straightens the picture along it."""

from __future__ import annotations

from workstation.ui.command import Command, Context, Menu

CURVED_COMMANDS = (
    Command(
        "curved", "Curved: straighten along a drawn line", ("Shift+L",), Context.STUDY, Menu.VIEW,
        "curved.toggle",
    ),
)  # fmt: skip
