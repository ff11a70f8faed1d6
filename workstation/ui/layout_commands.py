"""Commands that arrange viewports: layouts, splits, screens, and the playing of slices."""

from __future__ import annotations

from workstation.ui.command import Command, Context, Menu

_W, _S, _V = Context.WINDOW, Context.STUDY, Menu.VIEW


def _layout(number: int, name: str, words: str) -> Command:
    command_id, key = f"layout_{number}", f"Ctrl+{number}"
    return Command(command_id, words, (key,), _W, _V, "layout.choose", name, is_checkable=True)


LAYOUT_COMMANDS: tuple[Command, ...] = (
    _layout(1, "1x1", "One viewport"),
    _layout(2, "1x2", "Two viewports"),
    _layout(4, "2x2", "Four viewports"),
    _layout(9, "3x3", "Nine viewports"),
    Command("layout_pick", "Choose a layout…", ("Ctrl+L",), _S, _V, "layout.pick"),
    Command(
        "reformat", "Reformat: three planes", ("M",), _S, _V, "study.toggle_reformat",
        is_checkable=True,
    ),
    Command(
        "split_beside", "Split: a viewport beside this one", ("Ctrl+Shift+B",), _S, _V,
        "layout.split", "beside",
    ),
    Command(
        "split_below", "Split: a viewport below this one", ("Ctrl+Shift+U",), _S, _V,
        "layout.split", "below",
    ),
    Command("close_viewport", "Close this viewport", ("Ctrl+W",), _S, _V, "layout.close_viewport"),
    Command("maximize", "This viewport alone, or all", ("F5",), _S, _V, "layout.maximize"),
    Command("next_viewport", "Next viewport", ("Ctrl+Right",), _S, _V, "layout.step", 1),
    Command("previous_viewport", "Previous viewport", ("Ctrl+Left",), _S, _V, "layout.step", -1),
    Command("wider", "Wider viewport", ("Ctrl+Shift+Right",), _S, _V, "layout.grow", "wider"),
    Command(
        "narrower", "Narrower viewport", ("Ctrl+Shift+Left",), _S, _V, "layout.grow", "narrower"
    ),
    Command("taller", "Taller viewport", ("Ctrl+Shift+Down",), _S, _V, "layout.grow", "taller"),
    Command("lower", "Lower viewport", ("Ctrl+Shift+Up",), _S, _V, "layout.grow", "lower"),
    Command(
        "fill", "Fill the viewports with the series", ("Ctrl+Shift+F",), _S, _V, "layout.fill"
    ),
    Command(
        "other_screen", "Viewports on another screen", ("Ctrl+Shift+N",), _W, _V, "screens.open"
    ),
    Command("cine", "Cine", ("C",), _S, _V, "study.toggle_cine"),
    Command("cine_faster", "Cine: faster", ("+",), _S, _V, "study.step_cine", 1),
    Command("cine_slower", "Cine: slower", ("-",), _S, _V, "study.step_cine", -1),
    Command("cine_bounce", "Cine: to and fro, or around", ("Shift+C",), _S, _V,
        "study.toggle_bounce",
    ),
)  # fmt: skip
"""Layouts, what divides them, and the playing of slices."""
