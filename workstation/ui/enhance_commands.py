"""The commands that make better pictures of a series, and compare them with the original."""

from __future__ import annotations

from workstation.services.enhance_choices import EnhanceTask
from workstation.ui.command import Command, Context, Menu
from workstation.ui.enhance_tasks import Preset

_S, _MENU = Context.STUDY, Menu.STUDY


def _task(command_id: str, text: str, key: str, task: EnhanceTask) -> Command:
    return Command(
        command_id, text, (key,), _S, _MENU, "enhance.toggle", task.value, is_checkable=True
    )


def _strength(preset: Preset, text: str, key: str) -> Command:
    return Command(
        f"strength_{preset.value}", text, (key,), _S, _MENU, "enhance.choose_strength",
        preset.value,
    )  # fmt: skip


ENHANCE_COMMANDS = (
    _task("enhance", "Enhance: less noise", "E", EnhanceTask.LESS_NOISE),
    _task("superres", "Enhance: thinner slices", "Shift+E", EnhanceTask.THINNER),
    _task(
        "superres_4", "Enhance: slices four times thinner", "Ctrl+Shift+E", EnhanceTask.THINNER_4
    ),
    _task("superres_plane", "Enhance: finer pixels", "Alt+Shift+E", EnhanceTask.FINER),
    Command(
        "enhance_chosen", "Enhance the series chosen in the list", ("Alt+E",), _S, _MENU,
        "enhance.enhance_chosen",
    ),
    Command("enhance_pack", "Next model pack", ("Alt+P",), _S, _MENU, "enhance.next_pack"),
    _strength(Preset.LIGHT, "Strength: light", "Alt+1"),
    _strength(Preset.STANDARD, "Strength: standard", "Alt+2"),
    _strength(Preset.STRONG, "Strength: strong", "Alt+3"),
    Command(
        "strength_more", "Strength: more", ("Alt+PgUp",), _S, _MENU, "enhance.step_strength", 1
    ),
    Command(
        "strength_less", "Strength: less", ("Alt+PgDown",), _S, _MENU, "enhance.step_strength", -1
    ),
    Command(
        "hold_original", "Show the original while held", ("H",), _S, None, "enhance.hold",
        is_held=True,
    ),
    Command(
        "curtain", "Curtain: original left, enhanced right", ("Shift+D",), _S, _MENU,
        "enhance.compare", "curtain", is_checkable=True,
    ),
    Command(
        "curtain_left", "Curtain to the left", ("Alt+,",), _S, _MENU, "enhance.move_curtain", -1
    ),
    Command(
        "curtain_right", "Curtain to the right", ("Alt+.",), _S, _MENU, "enhance.move_curtain", 1
    ),
    Command(
        "side_by_side", "Original and enhanced side by side", ("Alt+D",), _S, _MENU,
        "enhance.toggle_pair", is_checkable=True,
    ),
    Command(
        "difference", "Show what enhancement changed", ("D",), _S, _MENU, "enhance.compare",
        "difference", is_checkable=True,
    ),
    Command(
        "uncertainty", "Show how sure the model is", ("Shift+U",), _S, _MENU,
        "enhance.toggle_uncertainty", is_checkable=True,
    ),
    Command(
        "enhance_figures", "Noise and bias of the enhancement", ("Shift+V",), _S, _MENU,
        "enhance.show_panel",
    ),
)  # fmt: skip

MARKED = {
    "enhance": EnhanceTask.LESS_NOISE.value,
    "superres": EnhanceTask.THINNER.value,
    "superres_4": EnhanceTask.THINNER_4.value,
    "superres_plane": EnhanceTask.FINER.value,
    **{name: name for name in ("curtain", "side_by_side", "difference", "uncertainty")},
}
"""Commands that show whether they are on, and what they show."""
