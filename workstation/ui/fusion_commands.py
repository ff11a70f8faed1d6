"""The commands that lay one series over another."""

from __future__ import annotations

from workstation.ui.command import Command, Context, Menu

HIDE = "hold_base"
"""Id of the command whose key the notice band names."""

FUSION_COMMANDS = (
    Command(
        "fuse", "Fuse: lay a series over this one", ("J",), Context.STUDY, Menu.VIEW,
        "fusion.toggle",
    ),
    Command(
        "fuse_other", "Fuse with another series", ("Alt+J",), Context.STUDY, Menu.VIEW,
        "fusion.next_partner",
    ),
    Command(
        "fuse_palette", "Next palette of the overlay", ("Shift+J",), Context.STUDY, Menu.VIEW,
        "fusion.next_palette",
    ),
    Command(
        "fuse_more", "Overlay more opaque", ("Alt+Up",), Context.STUDY, Menu.VIEW,
        "fusion.step_opacity", 1,
    ),
    Command(
        "fuse_less", "Overlay less opaque", ("Alt+Down",), Context.STUDY, Menu.VIEW,
        "fusion.step_opacity", -1,
    ),
    Command(
        HIDE, "Hide the overlay while held", ("U",), Context.STUDY, None, "fusion.hold",
        is_held=True,
    ),
)  # fmt: skip
