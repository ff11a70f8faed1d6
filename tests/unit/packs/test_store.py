"""The store finds, verifies, chooses, adds and removes packs, and trusts none of them."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from inference.packs.manifest import FileRole, Task
from inference.packs.store import PackStore, load_pack, read_verified, verify_pack
from tests.support.data import REPOSITORY
from tests.support.model_packs import MANIFEST, shift_model, write_pack
from workstation.core.errors import PackRefusedError

MODEL = shift_model(0)


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    folder = tmp_path / "bundled"
    write_pack(folder, MODEL)
    return folder


def zipped(source: Path, target: Path, *, extra: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for path in source.rglob("*"):
            if path.is_file():
                archive.write(path, f"{source.name}/{path.relative_to(source).as_posix()}")
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return target


def test_a_pack_is_found_with_the_digest_of_its_manifest(bundled: Path) -> None:
    store = PackStore(bundled)

    pack = store.get("test-denoise")

    content = (bundled / "test-denoise" / "manifest.toml").read_bytes()
    assert pack.ref.digest == hashlib.sha256(content).hexdigest()
    assert pack.is_bundled
    assert pack.paths(FileRole.MODEL) == (bundled / "test-denoise" / "model.onnx",)
    assert store.choose(Task.DENOISE, "CT").manifest.pack_id == "test-denoise"


def test_there_is_no_pack_for_what_none_does(bundled: Path) -> None:
    store = PackStore(bundled)

    with pytest.raises(PackRefusedError, match="No model pack does denoise on MR"):
        store.choose(Task.DENOISE, "MR")
    with pytest.raises(PackRefusedError, match='no model pack "other"'):
        store.get("other")


def test_a_pack_that_is_not_where_it_was_said_to_be_is_not_called_damaged(
    tmp_path: Path, bundled: Path
) -> None:
    store = PackStore(bundled, tmp_path / "user")

    with pytest.raises(PackRefusedError, match="There is no model pack at that place") as refusal:
        store.add(tmp_path / "stick" / "absent.zip")

    assert "Error" not in str(refusal.value)


def test_a_pack_for_the_body_part_stands_before_a_general_one(bundled: Path) -> None:
    manifest = MANIFEST.replace("body_parts = []", 'body_parts = ["HEAD"]')
    write_pack(bundled, MODEL, pack_id="a-head", manifest=manifest)
    store = PackStore(bundled)

    assert store.choose(Task.DENOISE, "CT", "head").manifest.pack_id == "a-head"
    assert store.choose(Task.DENOISE, "CT", "CHEST").manifest.pack_id == "test-denoise"


def test_one_changed_byte_of_the_weights_is_noticed(bundled: Path) -> None:
    pack = PackStore(bundled).get("test-denoise")
    content = bytearray(pack.path("model.onnx").read_bytes())
    content[-1] ^= 1
    pack.path("model.onnx").write_bytes(content)

    with pytest.raises(PackRefusedError, match="digest"):
        verify_pack(pack)
    with pytest.raises(PackRefusedError, match="digest"):
        read_verified(pack, "model.onnx")


def test_a_manifest_that_changed_after_it_was_read_is_noticed(bundled: Path) -> None:
    pack = PackStore(bundled).get("test-denoise")
    path = pack.folder / "manifest.toml"
    path.write_text(path.read_text("utf-8").replace("A model", "The model"), encoding="utf-8")

    with pytest.raises(PackRefusedError, match="manifest changed"):
        verify_pack(pack)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda own: (own / "run.py").write_text("x"), "does not name"),
        (lambda own: (own / "model.onnx").unlink(), "missing"),
        (lambda own: (own / "model.onnx").write_bytes(b"short"), "another size"),
        (lambda own: (own / "link.json").symlink_to("/etc/hostname"), "link"),
        (lambda own: os.mkfifo(own / "pipe.json"), "link"),
        (lambda own: (own / "manifest.toml").unlink(), "no manifest"),
    ],
)
def test_a_folder_that_is_not_its_manifest_is_listed_as_refused(
    bundled: Path, act: object, words: str
) -> None:
    assert callable(act)
    act(bundled / "test-denoise")

    store = PackStore(bundled)

    assert store.packs() == ()
    assert words in store.refused()[0].reason
    with pytest.raises(PackRefusedError, match=words):
        store.get("test-denoise")


def test_a_linked_folder_inside_a_pack_is_refused(bundled: Path, tmp_path: Path) -> None:
    (bundled / "test-denoise" / "more").symlink_to(tmp_path)

    with pytest.raises(PackRefusedError, match="link"):
        load_pack(bundled / "test-denoise")


@pytest.mark.parametrize("is_zip", [False, True])
def test_a_pack_can_be_added_and_removed(tmp_path: Path, bundled: Path, is_zip: bool) -> None:
    source = write_pack(tmp_path / "stick", MODEL, pack_id="mine")
    store = PackStore(bundled, tmp_path / "user")

    added = store.add(zipped(source, tmp_path / "mine.zip") if is_zip else source)

    assert added.folder == tmp_path / "user" / "mine"
    assert not store.get("mine").is_bundled
    verify_pack(store.get("mine"))
    store.remove("mine")
    assert [pack.manifest.pack_id for pack in store.packs()] == ["test-denoise"]
    assert list((tmp_path / "user").iterdir()) == []


def test_adding_a_pack_again_replaces_it(tmp_path: Path, bundled: Path) -> None:
    store = PackStore(bundled, tmp_path / "user")
    store.add(write_pack(tmp_path / "one", MODEL, pack_id="mine"))

    store.add(write_pack(tmp_path / "two", shift_model(1), pack_id="mine"))

    assert store.get("mine").path("model.onnx").read_bytes() == shift_model(1)


def test_a_damaged_pack_is_not_added(tmp_path: Path, bundled: Path) -> None:
    source = write_pack(tmp_path / "stick", MODEL, pack_id="mine")
    size = (source / "model.onnx").stat().st_size
    (source / "model.onnx").write_bytes(b"\0" * size)
    store = PackStore(bundled, tmp_path / "user")

    with pytest.raises(PackRefusedError, match="digest"):
        store.add(source)

    assert list((tmp_path / "user").iterdir()) == []


def test_the_id_of_a_bundled_pack_cannot_be_taken(tmp_path: Path, bundled: Path) -> None:
    store = PackStore(bundled, tmp_path / "user")

    with pytest.raises(PackRefusedError, match="came with the program"):
        store.add(write_pack(tmp_path / "stick", MODEL))
    with pytest.raises(PackRefusedError, match="came with the program"):
        store.remove("test-denoise")


@pytest.mark.parametrize(
    "name",
    ["../../evil.json", "/evil.json", "mine/../../evil.json", "other/evil.json", "mine/a.pkl"],
)
def test_a_zip_that_leaves_its_folder_is_refused(tmp_path: Path, bundled: Path, name: str) -> None:
    source = write_pack(tmp_path / "stick", MODEL, pack_id="mine")
    archive = zipped(source, tmp_path / "mine.zip", extra={name: b"{}"})

    with pytest.raises(PackRefusedError):
        PackStore(bundled, tmp_path / "user").add(archive)

    assert not list(tmp_path.rglob("evil.json"))
    assert list((tmp_path / "user").iterdir()) == []


def test_a_zip_with_a_link_or_no_zip_at_all_is_refused(tmp_path: Path, bundled: Path) -> None:
    source = write_pack(tmp_path / "stick", MODEL, pack_id="mine")
    archive = zipped(source, tmp_path / "mine.zip")
    link = zipfile.ZipInfo("mine/link.json")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr(link, "/etc/hostname")
    (tmp_path / "text.zip").write_text("no zip", encoding="utf-8")
    store = PackStore(bundled, tmp_path / "user")

    with pytest.raises(PackRefusedError, match="link"):
        store.add(archive)
    with pytest.raises(PackRefusedError, match="zip file"):
        store.add(tmp_path / "text.zip")


def test_the_embedded_packs_are_whole() -> None:
    store = PackStore(REPOSITORY / "resources/model_packs")

    assert store.refused() == ()
    for pack in store.packs():
        verify_pack(pack)
