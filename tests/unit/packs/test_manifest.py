"""A manifest says all of what the schema asks and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.ops import steps as ops
from inference.packs.manifest import FileRole, Range, Task, parse_manifest
from inference.packs.steps import STEP_PARAMETERS
from inference.tasks.super_resolve import Direction
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


UNCERTAINTY = """
[uncertainty]
coverage = 0.9
[[uncertainty.rows]]
change_low = 0.0
change_high = 0.5
low = -0.4
high = 0.3
[[uncertainty.rows]]
change_low = 0.5
change_high = 3.0
low = -1.5
high = 1.2
"""


def test_a_calibrated_uncertainty_is_read_and_found_by_the_size_of_the_change(text: str) -> None:
    uncertainty = parse_manifest((text + UNCERTAINTY).encode()).uncertainty

    assert uncertainty is not None
    assert uncertainty.coverage == 0.9
    assert uncertainty.row_of(-0.2).high == 0.3
    assert uncertainty.row_of(0.5).low == -1.5
    assert uncertainty.row_of(9.0).high == 1.2


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("coverage = 0.9", "coverage = 1.0", "between 0 and 1"),
        ("coverage = 0.9", "coverage = 0.9\nmethod = 'x'", "not a key"),
        ("change_low = 0.5", "change_low = 0.6", "without a gap"),
        ("change_high = 0.5", "change_high = 0.0", "not over change_low"),
        ("low = -0.4", "low = 0.1", "over 0"),
    ],
)
def test_an_uncertainty_that_is_none_refuses_the_pack(
    text: str, old: str, new: str, words: str
) -> None:
    with pytest.raises(PackRefusedError, match=words):
        parse_manifest((text + UNCERTAINTY.replace(old, new)).encode())


def super_resolver(text: str, *keys: str, kind: str = "slice_pair") -> bytes:
    """Return the manifest of a super-resolution with further keys of its input."""
    changed = text.replace('task = "denoise"', 'task = "super_resolve"')
    changed = changed.replace('kind = "slice"', f'kind = "{kind}"')
    return changed.replace("[input]", "[input]\n" + "\n".join(keys)).encode()


def test_a_super_resolution_that_says_nothing_doubles_slices_that_touch(text: str) -> None:
    spec = parse_manifest(super_resolver(text)).input

    assert spec.direction is Direction.THROUGH_PLANE
    assert 1.1 in spec.profile_ratio
    assert 1.2 not in spec.profile_ratio
    assert spec.profile_shapes == ("box",)


def test_a_super_resolution_says_its_direction_and_its_profiles(text: str) -> None:
    keys = ("profile_ratio = [0.5, 2.0]", 'profile_shapes = ["box", "gaussian"]')
    through = parse_manifest(super_resolver(text, *keys)).input
    plane = parse_manifest(super_resolver(text, 'direction = "in_plane"', kind="plane_quad"))

    assert through.profile_ratio == Range(0.5, 2.0)
    assert through.profile_shapes == ("box", "gaussian")
    assert plane.input.direction is Direction.IN_PLANE
    assert plane.output.channels == 4
    assert plane.output.result_shape((3, 5, 7)) == (3, 10, 14)


@pytest.mark.parametrize(
    ("keys", "kind", "words"),
    [
        (('direction = "sideways"',), "slice_pair", "none of"),
        (('direction = "in_plane"',), "slice_pair", "cannot give slice_pair"),
        ((), "plane_quad", "cannot give plane_quad"),
        (("profile_ratio = [0.5, 2.0]",), "slice_pair", "profile_shapes"),
        (("profile_ratio = [0.0, 2.0]", 'profile_shapes = ["box"]'), "slice_pair", "profile"),
        (("profile_ratio = [0.5, 2.0]", 'profile_shapes = ["sinc"]'), "slice_pair", "profile"),
        (
            ('direction = "in_plane"', "profile_ratio = [0.5, 2.0]", 'profile_shapes = ["box"]'),
            "plane_quad",
            "not a key",
        ),
    ],
)
def test_a_super_resolution_that_contradicts_itself_is_refused(
    text: str, keys: tuple[str, ...], kind: str, words: str
) -> None:
    with pytest.raises(PackRefusedError, match=words):
        parse_manifest(super_resolver(text, *keys, kind=kind))


def test_only_a_super_resolution_has_a_direction(text: str) -> None:
    with pytest.raises(PackRefusedError, match="not a key"):
        parse_manifest(text.replace("[input]", '[input]\ndirection = "in_plane"').encode())


def test_a_pack_that_fills_gives_filled_slices(text: str) -> None:
    filling = text.replace('task = "denoise"', 'task = "fill"')

    assert parse_manifest(
        filling.replace('kind = "slice"', 'kind = "filled_slice"').encode()
    ).task is (Task.FILL)
    with pytest.raises(PackRefusedError, match="fill cannot give slice"):
        parse_manifest(filling.encode())
