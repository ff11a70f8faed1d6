"""Every command of a menu stands in it once, and no menu is longer than a glance."""

from __future__ import annotations

from collections import Counter

import pytest

from workstation.ui.actions import COMMANDS
from workstation.ui.command import Menu
from workstation.ui.menus import MENUS, MORE, RULE, Entry, Submenu, listed

LONGEST = 24
"""Lines of a menu that fit under the menu bar of a screen of 768 pixels, at 100 %."""


def ids(entries: tuple[Entry, ...]) -> list[str]:
    return [command_id for _, command_id in listed(entries, "")]


@pytest.mark.parametrize("menu", list(Menu))
def test_each_command_stands_once_in_the_menu_that_it_names(menu: Menu) -> None:
    declared = Counter(one.command_id for one in COMMANDS if one.menu is menu)

    assert Counter(ids(MENUS[menu])) == declared


@pytest.mark.parametrize("menu", list(Menu))
def test_no_menu_is_longer_than_the_small_screen(menu: Menu) -> None:
    entries = MENUS[menu]
    inside = [one.entries for one in entries if isinstance(one, Submenu)]

    for lines in (entries, *inside):
        assert sum(one != RULE for one in lines) <= LONGEST


def test_what_stands_behind_more_are_commands() -> None:
    assert set(ids(MORE)) <= {one.command_id for one in COMMANDS}
