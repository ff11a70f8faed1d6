"""Keys as they are stored and carried to another machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.core.errors import InputRefusedError
from workstation.settings.keys import join_keys, keys_as_file, keys_of_file, split_keys
from workstation.settings.schema import Settings
from workstation.settings.store import SettingsStore

KEY = st.sampled_from(["A", "Ctrl+Shift+F", ";", "Ctrl+;", ",", "Space", "?", '"', "ü"])


def test_one_key_of_an_earlier_version_is_still_that_key() -> None:
    assert split_keys("Ctrl+E") == ("Ctrl+E",)
    assert split_keys("") == ()


@given(st.lists(KEY).map(tuple))
def test_several_keys_come_back_as_they_were_stored(keys: tuple[str, ...]) -> None:
    assert split_keys(join_keys(keys)) == keys


def test_several_keys_are_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    SettingsStore(path).save(Settings().having_key("invert", join_keys(("I", "Ctrl+;"))))

    assert split_keys(SettingsStore(path).load().settings.keys["invert"]) == ("I", "Ctrl+;")


@given(st.dictionaries(st.text(min_size=1), st.lists(KEY).map(lambda k: join_keys(tuple(k)))))
def test_a_file_of_keys_brings_the_same_keys_to_another_machine(keys: dict[str, str]) -> None:
    assert dict(keys_of_file(keys_as_file(keys))) == keys


@pytest.mark.parametrize(
    "text",
    ["", "no json", "[]", '{"keys": {}}', '{"format": "prelim-keys-1", "keys": {"a": 1}}',
     '{"format": "prelim-keys-1"}', '{"format": "prelim-keys-9", "keys": {}}', "[" * 100_000],
)  # fmt: skip
def test_a_file_that_holds_no_keys_is_refused_in_words(text: str) -> None:
    with pytest.raises(InputRefusedError, match="no file of keys"):
        keys_of_file(text)
