"""Options: declared once, kept in a file that may be damaged."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from workstation.settings import schema
from workstation.settings.schema import OPTIONS, Settings
from workstation.settings.store import SettingsStore


def test_an_option_without_a_file_has_its_default(tmp_path: Path) -> None:
    loaded = SettingsStore(tmp_path / "settings.toml").load()

    assert loaded.warnings == ()
    assert loaded.settings.get(schema.TEXT_SCALE) == 100


def test_a_changed_option_and_a_changed_key_are_there_after_a_restart(tmp_path: Path) -> None:
    name = 'Dr. "Zoë" \\ Müller\n\x7f'
    changed = Settings().having(schema.READER_NAME, name).having(schema.READ_FIRST, True)
    store = SettingsStore(tmp_path / "settings.toml")

    store.save(changed.having_key("enhance", "Ctrl+E"))

    loaded = SettingsStore(tmp_path / "settings.toml").load().settings
    assert loaded.get(schema.READER_NAME) == name
    assert loaded.get(schema.READ_FIRST) is True
    assert dict(loaded.keys) == {"enhance": "Ctrl+E"}


def test_a_file_nested_without_end_is_put_aside(
    tmp_path: Path, expect_log: Callable[[str], None]
) -> None:
    expect_log("settings file not readable")
    path = tmp_path / "settings.toml"
    path.write_text("a = " + "[" * 5000 + "]" * 5000, encoding="utf-8")

    loaded = SettingsStore(path).load()

    assert loaded.warnings
    assert loaded.settings == Settings()


def test_a_damaged_file_is_put_aside_and_said(
    tmp_path: Path, expect_log: Callable[[str], None]
) -> None:
    expect_log("settings file not readable")
    path = tmp_path / "settings.toml"
    path.write_text("[appearance\ntheme=", encoding="utf-8")

    loaded = SettingsStore(path).load()

    assert loaded.settings == Settings()
    assert "reset" in loaded.warnings[0]
    assert not path.exists()
    assert path.with_suffix(".damaged").exists()


@pytest.mark.parametrize(
    "line", ['theme = "pink"', "text_scale = 900", 'text_scale = "big"', "text_scale = true"]
)
def test_a_value_outside_its_limits_is_passed_over_and_the_rest_is_kept(
    tmp_path: Path, line: str
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"[appearance]\n{line}\n[reading]\nread_first = true\n", encoding="utf-8")

    loaded = SettingsStore(path).load()

    assert loaded.settings.get(schema.READ_FIRST) is True
    assert loaded.settings.get(schema.TEXT_SCALE) == 100
    assert len(loaded.warnings) == 1


def test_a_value_outside_its_limits_cannot_be_set() -> None:
    with pytest.raises(ValueError, match="text_scale"):
        Settings().having(schema.TEXT_SCALE, 201)


def test_every_option_is_declared_once_with_words_for_people() -> None:
    keys = [option.key for option in OPTIONS]

    assert len(keys) == len(set(keys))
    for option in OPTIONS:
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", option.key)
        assert option.group in schema.GROUP_TITLES
        assert option.help.endswith(".")
        assert option.accepts(option.default)
