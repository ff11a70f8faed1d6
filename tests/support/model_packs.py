"""Model packs with tiny ONNX models, made when a test needs one."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

MANIFEST = """\
schema = 1
id = "{pack_id}"
version = "1.2.3"
title = "A model for tests"
licence = "Apache-2.0"
task = "{task}"
modalities = ["CT"]
body_parts = []
limits = ["Knows nothing."]

[input]
axes = "n, slice, row, column"
unit = "HU"
dtype = "float32"
value_range = [-1024, 3071]
spacing_ij_mm = [0.4, 1.2]
spacing_k_mm = [0.5, 7.5]
neighbours = 3
size_multiple = 2
noise = [4.0, 80.0]

[output]
kind = "{kind}"
bound_sigmas = {bound}
consistency = {consistency}
default_strength = 0.6

[tiles]
largest_px = {largest_px}
overlap_px = 8

[memory]
base_bytes = {base_bytes}
per_pixel_bytes = 100

[golden]
input = "golden/input.npy"
expected = "golden/expected.npy"
tolerance = 1.0
spacing_ijk_mm = [0.8, 0.8, 3.0]

[[before]]
op = "fill_padding"
value = -1000

[[after]]
op = "restore_padding"
"""


def shift_model(amount: float) -> bytes:
    """Return a model that gives the middle of three slices plus ``amount`` x sigma."""
    middle = helper.make_node("Gather", ["slices", "index"], ["middle"], axis=1)
    scaled = helper.make_node("Mul", ["sigma", "amount"], ["change"])
    total = helper.make_node("Add", ["middle", "change"], ["result"])
    return _model(
        [middle, scaled, total],
        {"index": np.array([1], np.int64), "amount": np.array(amount, np.float32)},
        ["slices", "sigma"],
    )


def mean_model() -> bytes:
    """Return a model that gives the 3 x 3 mean of the middle slice; its reach is one pixel."""
    middle = helper.make_node("Gather", ["slices", "index"], ["middle"], axis=1)
    smooth = helper.make_node("Conv", ["middle", "kernel"], ["result"], pads=[1, 1, 1, 1])
    kernel = np.full((1, 1, 3, 3), 1 / 9, np.float32)
    return _model(
        [middle, smooth], {"index": np.array([1], np.int64), "kernel": kernel}, ["slices"]
    )


def pair_model(difference: float, offset: float = 0.0) -> bytes:
    """Return a model that gives middle + difference + offset, middle - difference + offset."""
    pair = helper.make_node("Gather", ["slices", "index"], ["pair"], axis=1)
    total = helper.make_node("Add", ["pair", "change"], ["result"])
    change = np.array([difference + offset, offset - difference], np.float32).reshape(1, 2, 1, 1)
    return _model(
        [pair, total], {"index": np.array([1, 1], np.int64), "change": change}, ["slices"]
    )


def ramp_model(*, is_in_plane: bool) -> bytes:
    """Return a super-resolution that takes what lies around a voxel as a straight slope.

    Of three slices it gives the two halves of the middle one, or the four quarters of each of its
    pixels: the middle plus or minus a quarter of a step. Straight slopes come out exactly.
    """
    kernel = np.zeros((4 if is_in_plane else 2, 3, 3, 3), np.float32)
    kernel[:, 1, 1, 1] = 1
    if is_in_plane:
        for child, (row, column) in enumerate([(-1, -1), (-1, 1), (1, -1), (1, 1)]):
            kernel[child, 1, [0, 2], 1] = np.array([-row, row]) / 8
            kernel[child, 1, 1, [0, 2]] = np.array([-column, column]) / 8
    else:
        kernel[:, 0, 1, 1], kernel[:, 2, 1, 1] = [1 / 8, -1 / 8], [-1 / 8, 1 / 8]
    return _model(
        [helper.make_node("Conv", ["slices", "kernel"], ["result"], pads=[1, 1, 1, 1])],
        {"kernel": kernel},
        ["slices"],
    )


def profile_model() -> bytes:
    """Return a pair model whose halves differ by twice ratio + shape of the slice profile."""
    nodes = [
        helper.make_node("Gather", ["slices", "index"], ["pair"], axis=1),
        helper.make_node("ReduceSum", ["profile", "axis"], ["total"], keepdims=1),
        helper.make_node("Reshape", ["total", "whole"], ["told"]),
        helper.make_node("Mul", ["told", "signs"], ["change"]),
        helper.make_node("Add", ["pair", "change"], ["result"]),
    ]
    constants: dict[str, NDArray[Any]] = {
        "index": np.array([1, 1], np.int64),
        "axis": np.array([1], np.int64),
        "whole": np.array([1, 1, 1, 1], np.int64),
        "signs": np.array([1, -1], np.float32).reshape(1, 2, 1, 1),
    }
    return _model(nodes, constants, ["slices"], profile=True)


def write_resolver(folder: Path, model: bytes, *, is_in_plane: bool = False, **keys: Any) -> Path:  # noqa: ANN401 - as write_pack
    """Write a pack of a super-resolution for any slice profile and return its own folder."""
    about = (
        'direction = "in_plane"\n'
        if is_in_plane
        else ("profile_ratio = [0.4, 1.6]\nprofile_shapes = ['box', 'gaussian']\n")
    )
    return write_pack(
        folder,
        model,
        **{
            "pack_id": "plane" if is_in_plane else "pair",
            "task": "super_resolve",
            "kind": "plane_quad" if is_in_plane else "slice_pair",
            "bound": 0.0,
            "consistency": 0.01,
            "manifest": MANIFEST.replace("[input]\n", f"[input]\n{about}"),
            **keys,
        },
    )


def write_pack(
    folder: Path,
    model: bytes,
    *,
    pack_id: str = "test-denoise",
    task: str = "denoise",
    kind: str = "slice",
    bound: float = 3.0,
    consistency: float = 0.0,
    largest_px: int = 1024,
    base_bytes: int = 1000,
    golden: NDArray[Any] | None = None,
    expected: NDArray[Any] | None = None,
    extra: str = "",
    manifest: str = MANIFEST,
) -> Path:
    """Write a pack of its id below a folder and return its own folder."""
    own = folder / pack_id
    (own / "golden").mkdir(parents=True)
    (own / "model.onnx").write_bytes(model)
    (own / "CARD.md").write_text("# A model for tests\n", encoding="utf-8")
    case = noisy_water(count=3, size=64) if golden is None else golden
    np.save(own / "golden" / "input.npy", case)
    np.save(own / "golden" / "expected.npy", case if expected is None else expected)
    text = manifest.format(
        pack_id=pack_id,
        task=task,
        kind=kind,
        bound=bound,
        consistency=consistency,
        largest_px=largest_px,
        base_bytes=base_bytes,
    )
    (own / "manifest.toml").write_text(text + extra + file_table(own), encoding="utf-8")
    return own


def file_table(folder: Path) -> str:
    """Return the ``[[files]]`` of everything in a folder, with the digests it has now."""
    roles = {".onnx": "model", ".md": "card", ".npy": "golden", ".json": "table"}
    entries = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".toml"):
        content = path.read_bytes()
        entries.append(
            f'\n[[files]]\npath = "{path.relative_to(folder).as_posix()}"\n'
            f'role = "{roles[path.suffix]}"\nbytes = {len(content)}\n'
            f'sha256 = "{hashlib.sha256(content).hexdigest()}"\n'
        )
    return "".join(entries)


def noisy_water(*, count: int, size: int, sigma: float = 20.0, seed: int = 1) -> NDArray[np.int16]:
    """Return (count, size, size) HU: soft tissue of 40 HU with white noise."""
    noise = np.random.default_rng(seed).normal(40, sigma, (count, size, size))
    return np.rint(noise).astype(np.int16)


def _model(
    nodes: list[Any],
    constants: dict[str, NDArray[Any]],
    inputs: list[str],
    opset: int = 17,
    *,
    profile: bool = False,
) -> bytes:
    shape = ["n", "c", "h", "w"]
    taken = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in inputs]
    if profile:
        taken.append(helper.make_tensor_value_info("profile", TensorProto.FLOAT, [1, 2]))
    graph = helper.make_graph(
        nodes,
        "test",
        taken,
        [helper.make_tensor_value_info("result", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString()
    return content
