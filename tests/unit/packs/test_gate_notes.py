"""A pack that failed its gates here is not chosen by itself, and asking by name still gives it."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.packs.gate_notes import NOTES_NAME, read_notes, write_note
from inference.packs.manifest import Task
from inference.packs.store import PackStore, gate_verdict
from tests.support.model_packs import shift_model, write_pack
from workstation.core.errors import PackRefusedError


@pytest.fixture
def store(tmp_path: Path) -> PackStore:
    model = shift_model(0.0)
    write_pack(tmp_path / "bundled", model, pack_id="first-pack")
    write_pack(tmp_path / "bundled", model, pack_id="second-pack")
    return PackStore(tmp_path / "bundled", tmp_path / "user")


def chosen(store: PackStore) -> str:
    return store.choose(Task.DENOISE, "CT").manifest.pack_id


def test_a_pack_that_failed_is_passed_over_until_it_passes(store: PackStore) -> None:
    digest = store.get("second-pack").digest
    assert chosen(store) == "second-pack"

    store.note_gates(digest, ("bias of water",))
    assert chosen(store) == "first-pack"
    assert store.get("second-pack").digest == digest
    assert store.failed_gates() == {digest: ("bias of water",)}

    store.note_gates(digest, ())
    assert chosen(store) == "second-pack"


def test_a_pack_that_a_user_added_is_not_chosen_before_it_passed_its_gates_here(
    tmp_path: Path, store: PackStore
) -> None:
    own = store.add(write_pack(tmp_path / "stick", shift_model(2.0), pack_id="third-pack"))
    assert chosen(store) == "second-pack"
    assert store.get("third-pack").digest == own.digest

    store.note_gates(own.digest, ("bias of water",))
    assert chosen(store) == "second-pack"

    store.note_gates(own.digest, ())
    assert chosen(store) == "third-pack"


def test_where_only_packs_without_measured_gates_are_left_it_is_told_how_to_measure_them(
    tmp_path: Path,
) -> None:
    store = PackStore(tmp_path / "nothing", tmp_path / "user")
    store.add(write_pack(tmp_path / "stick", shift_model(0.0), pack_id="own-pack"))

    with pytest.raises(PackRefusedError, match=r"not measured.*prelim models test own-pack"):
        chosen(store)


def test_where_every_pack_failed_none_is_offered_and_the_reason_is_told(store: PackStore) -> None:
    for pack in store.packs():
        store.note_gates(pack.digest, ("bias of water", "flicker"))

    with pytest.raises(PackRefusedError, match=r"failed: bias of water, flicker.*by name"):
        chosen(store)


def test_without_a_folder_of_the_user_nothing_is_kept(tmp_path: Path, store: PackStore) -> None:
    alone = PackStore(tmp_path / "bundled")

    alone.note_gates("ab", ("bias of water",))

    assert alone.failed_gates() == {}


@pytest.mark.parametrize("content", [b"", b"[1]", b"{", b"\xff\xfe", b'{"a": 3}', b" " * 1_000_001])
def test_notes_that_cannot_be_read_count_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NOTES_NAME).write_bytes(content)

    assert read_notes(tmp_path) == {}

    write_note(tmp_path, "ab", ("flicker",))
    assert read_notes(tmp_path) == {"ab": ("flicker",)}
    assert [path.name for path in tmp_path.glob(".*")] == [NOTES_NAME]


def test_notes_through_a_link_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text('{"ab": ["flicker"]}', encoding="utf-8")
    (tmp_path / NOTES_NAME).symlink_to(tmp_path / "elsewhere")

    assert read_notes(tmp_path) == {}


def test_the_list_of_packs_says_of_each_whether_its_gates_are_known(
    tmp_path: Path, store: PackStore
) -> None:
    own = store.add(write_pack(tmp_path / "stick", shift_model(2.0), pack_id="third-pack"))
    store.note_gates(store.get("first-pack").digest, ("bias of water",))

    def told() -> list[str]:
        failed = store.failed_gates()
        return [gate_verdict(pack, failed.get(pack.digest)).value for pack in store.packs()]

    assert told() == ["failed", "passed", "not measured"]
    store.note_gates(own.digest, ())
    assert told() == ["failed", "passed", "passed"]
