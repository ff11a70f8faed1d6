"""Commands of the 3D view; inside the view its own keys hold, which its controls name."""

from __future__ import annotations

from workstation.ui.command import Command, Context, Menu

SCENE3D_COMMANDS: tuple[Command, ...] = (
    Command(
        "scene3d", "3D view", ("Shift+M",), Context.STUDY, Menu.VIEW, "scene3d.toggle",
        is_checkable=True,
    ),
)  # fmt: skip
