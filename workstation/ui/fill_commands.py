"""The commands that propose what is missing of a series; nothing proposed is ever measured."""

from __future__ import annotations

from workstation.ui.command import Command, Context, Menu

FILL_COMMANDS = (
    Command(
        "fill_gaps", "Propose missing slices and lost rows", ("Alt+G",), Context.STUDY,
        Menu.STUDY, "fill.toggle", is_checkable=True,
    ),
    Command(
        "fill_rows", "Propose the part under the chosen rectangle", ("Alt+Shift+G",),
        Context.STUDY, Menu.STUDY, "fill.propose_rectangle",
    ),
)  # fmt: skip
