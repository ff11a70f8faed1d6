"""Every option of the program, declared once: key, kind, default, limits and words.

Preferences, the stored file and the code that reads an option all start from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Generic, TypeAlias, TypeVar

Stored: TypeAlias = bool | int | str
"""The kinds of values an option can hold."""

T = TypeVar("T", bool, int, str)


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """One option.

    Attributes:
        key: ``group.name``; also its place in the file.
        default: value without a file; its type is the kind of the option.
        title: the words beside the control.
        help: one sentence on what it changes.
        choices: the allowed values with their words, for a closed choice; else empty.
        minimum, maximum: limits of a number, inclusive.
        is_shown: False where the program keeps it for itself.
    """

    key: str
    default: T
    title: str
    help: str
    choices: tuple[tuple[str, str], ...] = ()
    minimum: int = 0
    maximum: int = 0
    is_shown: bool = True

    @property
    def group(self) -> str:
        """The part of the key before the dot."""
        return self.key.split(".", maxsplit=1)[0]

    @property
    def name(self) -> str:
        """The part of the key after the dot."""
        return self.key.split(".", maxsplit=1)[1]

    def accepts(self, value: object) -> bool:
        """Whether a value is of the kind and within the limits of this option."""
        if type(value) is not type(self.default):
            return False
        if self.choices:
            return value in [choice for choice, _ in self.choices]
        if isinstance(value, int) and not isinstance(value, bool):
            return self.minimum <= value <= self.maximum
        return True


LANGUAGE: Option[str] = Option(
    "appearance.language",
    "system",
    "Language",
    "Of the window; it changes when Prelim is started again. Reports keep the language you write.",
    choices=(("system", "As the computer"), ("en", "English"), ("de", "Deutsch")),
)
THEME: Option[str] = Option(
    "appearance.theme",
    "dark",
    "Theme",
    "Dark for reading rooms, light for offices.",
    choices=(("dark", "Dark"), ("light", "Light")),
)
TEXT_SCALE: Option[int] = Option(
    "appearance.text_scale",
    100,
    "Text size, %",
    "Size of all text, from 100 to 200 %.",
    minimum=100,
    maximum=200,
)
LARGER_CONTROLS: Option[bool] = Option(
    "appearance.larger_controls",
    False,
    "Larger controls",
    "Buttons and lists are at least 40 pixels high, for touch screens.",
)
READ_FIRST: Option[bool] = Option(
    "reading.read_first",
    False,
    "Ask for my impression before showing a draft",
    "The draft stays hidden until you have written one line of your own.",
)
DRAFT_ON_OPEN: Option[bool] = Option(
    "reading.draft_on_open",
    False,
    "Draft the report as soon as a study is open",
    "Otherwise the draft is made when you ask for it.",
)
HANG_ON_OPEN: Option[bool] = Option(
    "reading.hang_on_open",
    True,
    "Arrange a study by its hanging protocol when it opens",
    "Otherwise the largest series is shown in the layout you used last.",
)
_STRENGTHS = (
    ("standard", "As the model pack says"),
    ("light", "Light"),
    ("strong", "Strong"),
)
ENHANCE_AUTOMATIC: Option[bool] = Option(
    "enhance.automatic",
    True,
    "Enhance in the background where the hanging protocol asks for it",
    "What you look at stays as it is; E shows the result when it is ready.",
)
ENHANCE_STRENGTH_CT: Option[str] = Option(
    "enhance.strength_ct",
    "standard",
    "Strength on CT",
    "How much of the model's change is shown first. The slider changes it at any time.",
    choices=_STRENGTHS,
)
ENHANCE_STRENGTH_MR: Option[str] = Option(
    "enhance.strength_mr",
    "standard",
    "Strength on MR",
    "How much of the model's change is shown first. The slider changes it at any time.",
    choices=_STRENGTHS,
)
ENHANCE_PACK_CT: Option[str] = Option(
    "enhance.pack_ct",
    "",
    "Model pack for CT",
    "The pack that removes noise from CT; empty for the best one.",
    is_shown=False,
)
ENHANCE_PACK_MR: Option[str] = Option(
    "enhance.pack_mr",
    "",
    "Model pack for MR",
    "The pack that removes noise from MR; empty for the best one.",
    is_shown=False,
)
SHOW_HINTS: Option[bool] = Option(
    "reading.show_hints",
    True,
    "Show the numbered hints on the demo study",
    "Five short hints on how to read, draft and sign.",
)
READER_NAME: Option[str] = Option(
    "reader.name",
    "",
    "Your name",
    "Written beside each decision you take in a report, and printed with your signature.",
)
ORGANIZATION: Option[str] = Option(
    "reader.organization",
    "",
    "Your hospital or practice",
    "Printed with your signature. It may stay empty.",
)
EXPORT_FOLDER: Option[str] = Option(
    "export.folder",
    "",
    "Folder for exported reports",
    "Empty means that you are asked each time.",
)
SIGNED_FOLDER: Option[str] = Option(
    "export.signed_folder",
    "",
    "Folder for signed reports",
    "Empty means the folder 'signed' beside the library.",
)
WINDOW_PRESETS: Option[str] = Option(
    "windows.presets",
    "",
    "Window presets",
    "Your window presets; empty for those everybody begins with.",
    is_shown=False,
)
OUTPUT_FOLDER: Option[str] = Option(
    "export.output_folder",
    "",
    "Folder for pictures, movies and disks",
    "Where the last ones were written; the output panel proposes it.",
)
FIRST_RUN_DONE: Option[bool] = Option(
    "program.first_run_done",
    False,
    "First run is done",
    "Whether the first page has been answered.",
    is_shown=False,
)

_DRAGS = (
    ("tool", "The chosen tool"),
    ("scroll", "Scroll"),
    ("window", "Window"),
    ("pan", "Move the picture"),
    ("zoom", "Zoom"),
    ("none", "Nothing"),
)
_WHEELS = (
    ("scroll", "Scroll"),
    ("scroll_fast", "Scroll by ten"),
    ("zoom", "Zoom"),
    ("slab", "Thickness of the slab"),
    ("series", "Next or previous series"),
    ("none", "Nothing"),
)
_CLICKS = (
    ("maximize", "One viewport alone"),
    ("fit", "Fit to the viewport"),
    ("reset", "Reset the view"),
    ("invert", "Invert gray"),
    ("next_series", "Next series"),
    ("previous_series", "Previous series"),
    ("undo", "Undo"),
    ("none", "Nothing"),
)


def _mouse(
    name: str, default: str, title: str, choices: tuple[tuple[str, str], ...]
) -> Option[str]:
    words = f"{title} on the images."
    return Option(f"mouse.{name}", default, title, words, choices=choices, is_shown=False)


MOUSE: tuple[Option[str], ...] = (
    _mouse("left", "tool", "Left drag", _DRAGS),
    _mouse("middle", "pan", "Middle drag", _DRAGS),
    _mouse("right", "window", "Right drag", _DRAGS),
    _mouse("both", "zoom", "Left and right drag", _DRAGS),
    _mouse("wheel", "scroll", "Wheel", _WHEELS),
    _mouse("ctrl_wheel", "zoom", "Ctrl and wheel", _WHEELS),
    _mouse("shift_wheel", "slab", "Shift and wheel", _WHEELS),
    _mouse("alt_wheel", "scroll_fast", "Alt and wheel", _WHEELS),
    _mouse("double_click", "maximize", "Double click", _CLICKS),
    _mouse("back", "previous_series", "Back button", _CLICKS),
    _mouse("forward", "next_series", "Forward button", _CLICKS),
)
"""What buttons and wheel do; the part of the key after the dot names the place in the mouse map."""

MOUSE_SENSITIVITY: Option[int] = Option(
    "mouse.sensitivity",
    100,
    "How far a drag reaches, %",
    "At 200 % half the way of the hand does the same.",
    minimum=25,
    maximum=400,
    is_shown=False,
)
MOUSE_ACCELERATION: Option[bool] = Option(
    "mouse.acceleration",
    False,
    "A fast turn of the wheel goes further",
    "Otherwise one notch is one slice, however fast.",
    is_shown=False,
)
LAYOUTS: Option[str] = Option(
    "program.layouts",
    "",
    "Layouts",
    "The layout last used for each modality.",
    is_shown=False,
)
SCREENS: Option[str] = Option(
    "program.screens",
    "",
    "Other screens",
    "Where windows with viewports stood, and their layouts.",
    is_shown=False,
)

OPTIONS: tuple[Option[bool] | Option[int] | Option[str], ...] = (
    LANGUAGE,
    THEME,
    TEXT_SCALE,
    LARGER_CONTROLS,
    READ_FIRST,
    DRAFT_ON_OPEN,
    HANG_ON_OPEN,
    SHOW_HINTS,
    ENHANCE_AUTOMATIC,
    ENHANCE_STRENGTH_CT,
    ENHANCE_STRENGTH_MR,
    ENHANCE_PACK_CT,
    ENHANCE_PACK_MR,
    READER_NAME,
    ORGANIZATION,
    EXPORT_FOLDER,
    SIGNED_FOLDER,
    OUTPUT_FOLDER,
    FIRST_RUN_DONE,
    LAYOUTS,
    SCREENS,
    WINDOW_PRESETS,
    *MOUSE,
    MOUSE_SENSITIVITY,
    MOUSE_ACCELERATION,
)

GROUP_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "appearance": "Appearance",
        "mouse": "Mouse",
        "windows": "Window presets",
        "reading": "Reading",
        "enhance": "Enhancement",
        "reader": "You",
        "export": "Files",
        "program": "Program",
    }
)
"""Headings of the groups, in the order the preferences show them."""


def _no_values() -> Mapping[str, Stored]:
    return MappingProxyType({})


def _no_keys() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user changed; everything else has its default.

    Attributes:
        values: changed options by key; each is accepted by its option.
        keys: changed keyboard shortcuts by command id, in the form of
            :mod:`workstation.settings.keys` ("" for none).
    """

    values: Mapping[str, Stored] = field(default_factory=_no_values)
    keys: Mapping[str, str] = field(default_factory=_no_keys)

    def get(self, option: Option[T]) -> T:
        """Return the value of an option."""
        stored = self.values.get(option.key, option.default)
        return stored if isinstance(stored, type(option.default)) else option.default

    def having(self, option: Option[T], value: T) -> Settings:
        """Return settings with one option changed.

        Raises:
            ValueError: the value is outside the limits of the option.
        """
        if not option.accepts(value):
            raise ValueError(f"{option.key} does not take this value")
        return Settings(MappingProxyType({**self.values, option.key: value}), self.keys)

    def having_key(self, action_id: str, keys: str) -> Settings:
        """Return settings with the keyboard shortcut of one action changed."""
        return Settings(self.values, MappingProxyType({**self.keys, action_id: keys}))

    def with_keys(self, keys: Mapping[str, str]) -> Settings:
        """Return settings with these changed keyboard shortcuts and no others."""
        return Settings(self.values, MappingProxyType(dict(keys)))
