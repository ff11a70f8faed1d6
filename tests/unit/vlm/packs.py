"""Drafting packs for tests: networks with chosen outputs, a decoder with random weights."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from inference.packs.store import PackStore
from inference.training.drafting_pack import manifest_text, settings_of, write_golden
from inference.training.findings_recipes import RECIPES
from inference.training.findings_regions import RegionRecipe
from tests.unit.vlm.facts import PACK_FOLDER

WIDTH = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the networks of a test pack give: logits, the same for every finding."""

    known: float = 6.0
    presence: float = 6.0
    right: float = 6.0
    left: float = -6.0


def make_store(folder: Path, wanted: Wanted, *, decoder_seed: int = 0) -> PackStore:
    """Return a store with one drafting pack in a folder."""
    pack = folder / "draft-embedded"
    (pack / "golden").mkdir(parents=True)
    shutil.copyfile(PACK_FOLDER / "grammar.toml", pack / "grammar.toml")
    shutil.copyfile(PACK_FOLDER / "vocabulary.json", pack / "vocabulary.json")
    tokens = len(json.loads((pack / "vocabulary.json").read_text(encoding="utf-8"))["tokens"])
    (pack / "decoder.onnx").write_bytes(random_decoder(tokens, decoder_seed))
    networks = []
    for name, recipe in RECIPES.items():
        (pack / f"{name}.onnx").write_bytes(chosen_network(recipe, wanted))
        head = {"scale": 1.0, "shift": 0.0, "ask": 0.35, "say": 0.8}
        calibration = {"known_from": 0.5, "heads": [head for _ in recipe.findings]}
        networks.append(settings_of(recipe, calibration))
    (pack / "CARD.md").write_text("# A pack for tests\n", encoding="utf-8")
    brain = RECIPES["brain_mr"]
    write_golden(pack, "brain_mr.onnx", (1, len(brain.channels), *brain.shape_zyx))
    (pack / "manifest.toml").write_text(manifest_text(pack, networks), encoding="utf-8")
    return PackStore(folder)


def chosen_network(recipe: RegionRecipe, wanted: Wanted) -> bytes:
    """Return a network that gives the wanted logits whatever it is shown."""
    count = len(recipe.findings)
    cells = [size // 4 for size in recipe.shape_zyx]
    maps = np.full((1, count, *cells), -6.0, dtype=np.float32)
    maps[..., cells[2] // 4] = wanted.right
    maps[..., 3 * cells[2] // 4] = wanted.left
    outputs = {
        "known": np.full((1, 1), wanted.known, np.float32),
        "presence": np.full((1, count), wanted.presence, np.float32),
        "sides": np.tile(np.array([wanted.right, wanted.left], np.float32), (1, count, 1)),
        "maps": maps,
    }
    nodes = [
        helper.make_node("Constant", [], [name], value=numpy_helper.from_array(array))
        for name, array in outputs.items()
    ]
    shape = [1, len(recipe.channels), *recipe.shape_zyx]
    given = [helper.make_tensor_value_info("cube", TensorProto.FLOAT, shape)]
    return _model(nodes, given, outputs)


def random_decoder(tokens: int, seed: int) -> bytes:
    """Return a recurrent decoder with random weights; scores may be very large."""
    rng = np.random.default_rng(seed)
    weights = {
        "embed": rng.normal(0, 3, (tokens, WIDTH)),
        "carry": rng.normal(0, 2, (WIDTH, WIDTH)),
        "score": rng.normal(0, 30, (WIDTH, tokens)),
    }
    nodes = [
        helper.make_node("Gather", ["embed", "token"], ["word"]),
        helper.make_node("MatMul", ["state", "carry"], ["kept"]),
        helper.make_node("Add", ["word", "kept"], ["sum"]),
        helper.make_node("Tanh", ["sum"], ["next_state"]),
        helper.make_node("MatMul", ["next_state", "score"], ["scores"]),
    ]
    given = [
        helper.make_tensor_value_info("token", TensorProto.INT64, [1, 1]),
        helper.make_tensor_value_info("state", TensorProto.FLOAT, [1, 1, WIDTH]),
    ]
    outputs = {
        "scores": np.zeros((1, 1, tokens), np.float32),
        "next_state": np.zeros((1, 1, WIDTH), np.float32),
    }
    return _model(nodes, given, outputs, weights)


def _model(
    nodes: list[onnx.NodeProto],
    given: list[onnx.ValueInfoProto],
    outputs: dict[str, NDArray[np.float32]],
    weights: dict[str, NDArray[np.float64]] | None = None,
) -> bytes:
    made = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, list(array.shape))
        for name, array in outputs.items()
    ]
    held = [
        numpy_helper.from_array(array.astype(np.float32), name)
        for name, array in (weights or {}).items()
    ]
    graph = helper.make_graph(nodes, "test", given, made, held)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    content: bytes = model.SerializeToString()
    return content
