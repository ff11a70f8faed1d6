"""Which keys each command has after the reader's changes, and what stands against a new key.

A key means one thing in one place. Window, study and images lie in one another, so their commands
share one set of keys; rows of the report take their keys first and have a set of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from workstation.settings.keys import split_keys
from workstation.settings.schema import Settings
from workstation.ui.command import Command, Context
from workstation.ui.words import tr

WHERE: Mapping[Context, str] = MappingProxyType(
    {
        Context.WINDOW: "Everywhere",
        Context.STUDY: "While a study is on screen",
        Context.IMAGES: "In the images",
        Context.REPORT: "In the report",
    }
)
"""Where the keys of a context work, in words."""

FIXED_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "Up": "Previous slice",
        "Down": "Next slice",
        "PgUp": "Ten slices back",
        "PgDown": "Ten slices on",
        "Left": "Move the cursor of a mark",
        "Right": "Move the cursor of a mark",
        "Return": "Place a point of a mark",
    }
)
"""Keys the images take themselves; without them they could not be read by keys alone."""

MODIFIERS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
        Qt.Key.Key_unknown,
    }
)
"""Keys that are no key by themselves."""


MODIFIER_WORDS = frozenset({"Shift", "Control", "Alt", "AltGr", "Meta", "CapsLock", "NumLock"})
"""How the keys that are no key by themselves are written."""


@dataclass(frozen=True, slots=True)
class KeyMap:
    """The keys in force.

    Attributes:
        keys: portable key texts by command id; every command is in it.
        problems: stored keys that could not be used, a sentence each.
    """

    keys: Mapping[str, tuple[str, ...]]
    problems: tuple[str, ...] = ()


def key_map(commands: Sequence[Command], settings: Settings) -> KeyMap:
    """Return the keys in force; what the reader chose goes before what commands came with.

    A stored key that is no key, or that two commands claim, is passed over and said: the command
    that stands first keeps it.
    """
    problems = [
        tr("Keys are stored for a command that this version does not have: {0}.").format(name)
        for name in settings.keys
        if all(command.command_id != name for command in commands)
    ]
    chosen = [one for one in commands if one.command_id in settings.keys]
    others = [one for one in commands if one.command_id not in settings.keys]
    taken: dict[tuple[bool, str], Command] = {}
    found: dict[str, tuple[str, ...]] = {}
    for command in (*chosen, *others):
        is_chosen = command.command_id in settings.keys
        mine = []
        for stored in stored_keys(command, settings):
            key = portable(stored)
            if not key:
                text = tr("'{0}' is no key; '{1}' goes without it.")
                problems.append(text.format(stored, tr(command.text)))
                continue
            owner = taken.setdefault((command.context is Context.REPORT, key), command)
            if owner is command:
                mine.append(key)
            elif is_chosen:
                problems.append(_both_words(key, owner, command))
        found[command.command_id] = tuple(dict.fromkeys(mine))
    return KeyMap(MappingProxyType(found), tuple(problems))


def stored_keys(command: Command, settings: Settings) -> tuple[str, ...]:
    """Return the keys a command should have, as they are written."""
    changed = settings.keys.get(command.command_id)
    return command.keys if changed is None else split_keys(changed)


def overlap(one: Context, other: Context) -> bool:
    """Whether a key could mean a command of either context at the same time."""
    return (one is Context.REPORT) == (other is Context.REPORT)


def holder(
    key: str, command: Command, commands: Sequence[Command], settings: Settings
) -> Command | None:
    """Return the other command that has a key where a command wants it; None for none."""
    found = key_map(commands, settings)
    for other in commands:
        is_other = other.command_id != command.command_id
        if (
            is_other
            and overlap(other.context, command.context)
            and key in found.keys[other.command_id]
        ):
            return other
    return None


def conflict_words(key: str, other: Command) -> str:
    """Return what stands against a key: "I is used by Invert gray (in the images)."."""
    text = tr("{0} is used by '{1}' ({2}).")
    return text.format(native(key), tr(other.text), _inside(tr(WHERE[other.context])))


def fixed_words(key: str, context: Context) -> str:
    """Return why a key cannot be had; empty where it can."""
    meaning = FIXED_KEYS.get(key) if context is not Context.REPORT else None
    if meaning is None:
        return ""
    text = tr("{0} means '{1}' in the images and cannot be given away.")
    return text.format(native(key), tr(meaning))


def portable(text: str) -> str:
    """Return a key in portable words; empty where the text is no key."""
    sequence = QKeySequence(text, QKeySequence.SequenceFormat.PortableText)
    key = sequence.toString(QKeySequence.SequenceFormat.PortableText)
    return "" if key in MODIFIER_WORDS else key


def native(key: str) -> str:
    """Return a portable key as people of this platform read it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def sequence_of(event: QKeyEvent) -> QKeySequence:
    """Return the key of an event; the number pad's are those of the main block."""
    key = Qt.Key(event.key())
    if key is Qt.Key.Key_Enter:
        key = Qt.Key.Key_Return
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return QKeySequence(modifiers.value | key.value)


def pressed_key(event: QKeyEvent) -> str:
    """Return the portable key a person pressed to choose it; empty for a modifier alone.

    Shift is left out where it only makes the sign ("?" and not "Shift+?"): on another keyboard
    the same sign needs other keys.
    """
    if Qt.Key(event.key()) in MODIFIERS:
        return ""
    text = event.text()
    key = sequence_of(event).toString(QKeySequence.SequenceFormat.PortableText)
    is_sign = len(text) == 1 and text.isprintable() and not text.isalnum() and not text.isspace()
    return key.removeprefix("Shift+") if is_sign else key


def _both_words(key: str, owner: Command, other: Command) -> str:
    text = tr("The key {0} was stored for '{1}' and '{2}'; the first has it.")
    return text.format(native(key), tr(owner.text), tr(other.text))


def _inside(words: str) -> str:
    """Return words as they stand inside a sentence."""
    return words[:1].lower() + words[1:]
