"""The commands that let pictures, paper and disks leave."""

from __future__ import annotations

from workstation.ui.command import Command, Context, Menu

OUTPUT_COMMANDS = (
    Command(
        "export_pictures", "Export pictures…", ("Ctrl+E",), Context.WINDOW, Menu.FILE,
        "output.show_pictures",
    ),
    Command(
        "export_movie", "Export movie…", (), Context.WINDOW, Menu.FILE, "output.show_movie"
    ),
    Command("print", "Print…", ("Ctrl+P",), Context.WINDOW, Menu.FILE, "output.show_print"),
    Command(
        "copy_image", "Copy image", ("Ctrl+C",), Context.IMAGES, Menu.FILE, "output.copy_image"
    ),
    Command(
        "export_media", "Save study as DICOM folder or disc image…", (), Context.WINDOW,
        Menu.FILE, "output.show_media",
    ),
)  # fmt: skip
