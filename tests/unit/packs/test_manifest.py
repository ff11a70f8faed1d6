"""A manifest says all of what the schema asks and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.ops import steps as ops
from inference.packs.manifest import FileRole, Task, parse_manifest
from inference.packs.steps import STEP_PARAMETERS
from tests.support.data import REPOSITORY
from tests.support.model_packs import shift_model, write_pack
from workstation.core.errors import PackRefusedError


@pytest.fixture
def text(tmp_path: Path) -> str:
    return (write_pack(tmp_path, shift_model(0)) / "manifest.toml").read_text("utf-8")


def test_a_whole_manifest_is_read_as_written(text: str) -> None:
    manifest = parse_manifest(text.encode())

    assert manifest.pack_id == "test-denoise"
    assert manifest.task is Task.DENOISE
    assert manifest.input.noise is not None
    assert 20.0 in manifest.input.noise
    assert 81.0 not in manifest.input.noise
    assert manifest.paths(FileRole.MODEL) == ("model.onnx",)
    assert manifest.before[0].parameters["value"] == -1000
    assert manifest.memory.estimate_bytes(10) == 2000


def test_a_task_table_of_any_depth_is_read_and_frozen(text: str) -> None:
    manifest = parse_manifest(
        (text + '\n[settings]\nnames = ["a", "b"]\n[settings.head]\nt = 0.5\n').encode()
    )

    assert manifest.settings["names"] == ("a", "b")
    assert manifest.settings["head"] == {"t": 0.5}
    with pytest.raises(TypeError):
        manifest.settings["names"] = ()  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('version = "1.2.3"', 'version = "1.2"', "version"),
        ('version = "1.2.3"', 'version = "1.2.3"\nscript = "x"', '"script" .*not a key'),
        ('id = "test-denoise"', 'id = "../up"', '"id"'),
        ('task = "denoise"', 'task = "diagnose"', "none of"),
        ('task = "denoise"', 'task = "super_resolve"', "cannot give slice"),
        ('op = "fill_padding"\nvalue = -1000', 'op = "system"\nvalue = 1', "before.op"),
        ('op = "fill_padding"\nvalue = -1000', 'op = "fill_padding"', "before.value"),
        ("value = -1000", "value = nan", "before.value"),
        ('path = "model.onnx"', 'path = "../model.onnx"', "inside the pack"),
        ('path = "model.onnx"', 'path = "/model.onnx"', "inside the pack"),
        ('path = "model.onnx"', 'path = "a\\\\model.onnx"', "inside the pack"),
        ('path = "model.onnx"', 'path = ".hidden/model.onnx"', "inside the pack"),
        ('path = "model.onnx"', 'path = "model.pkl"', "kind of file"),
        ('path = "model.onnx"', 'path = "model.pt"', "kind of file"),
        ('role = "model"', 'role = "code"', "none of"),
        ("noise = [4.0, 80.0]", "noise = [80.0, 4.0]", "higher to the lower"),
        ("neighbours = 3", "neighbours = 4", "odd"),
        ("neighbours = 3", 'neighbours = "3"', "whole number"),
        ("neighbours = 3", "neighbours = true", "whole number"),
        ("schema = 1", "schema = 2", "schema 1"),
        ("default_strength = 0.6", "default_strength = 1.5", "over 1"),
        ('limits = ["Knows nothing."]', "limits = []", "limits"),
        ('expected = "golden/expected.npy"', 'expected = "golden/other.npy"', "golden case"),
        ('role = "card"', 'role = "table"', "CARD.md"),
        ("[golden]", "[golden", "not TOML"),
    ],
)
def test_what_the_schema_does_not_know_refuses_the_pack(
    text: str, old: str, new: str, words: str
) -> None:
    assert old in text

    with pytest.raises(PackRefusedError, match=words):
        parse_manifest(text.replace(old, new).encode())


def test_bytes_that_are_no_text_refuse_the_pack() -> None:
    with pytest.raises(PackRefusedError, match="not TOML"):
        parse_manifest(b"\xff\xfe\x00")


def test_the_named_steps_are_those_that_exist() -> None:
    written = {*ops.BEFORE, *ops.AFTER, "scale_by_percentile"}

    assert set(STEP_PARAMETERS) == written


@pytest.mark.parametrize(
    "folder", sorted((REPOSITORY / "resources/model_packs").glob("*/manifest.toml"))
)
def test_the_embedded_manifests_are_valid(folder: Path) -> None:
    assert parse_manifest(folder.read_bytes()).limits
