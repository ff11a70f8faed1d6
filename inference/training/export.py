"""From a checkpoint to a pack folder: ONNX, golden case, manifest with digests.

    python -m inference.training.export --checkpoints FOLDER --packs resources/model_packs

Writes ``model.onnx``, ``golden/`` and ``manifest.toml`` beside the CARD.md that is there already.
Run it again after the card has changed: the manifest holds its digest. Needs the extra ``vlm``.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from inference.engine.golden import run_golden
from inference.engine.sessions import SessionCache
from inference.packs.manifest import MANIFEST_NAME
from inference.packs.store import load_pack, verify_pack
from inference.training import denoise, recipes
from inference.training.networks import DenoiseNet
from inference.training.uncertainty import table_of
from workstation.core.job import CancelToken

LOG = logging.getLogger(__name__)

OPSET = 17
"""Operator set of the export: the newest that every execution provider in use takes."""

GOLDEN_TOLERANCE_HU = 1.0
"""One step of int16: other processors round the last bit of a sum otherwise."""


def export_denoiser(network: DenoiseNet, path: Path) -> None:
    """Write the denoiser as ONNX: ``slices`` (1, n, h, w), ``sigma`` (1, 1, h, w) to ``result``."""
    size = 64
    slices = torch.zeros(1, network.shape.neighbours, size, size)
    network.freeze()
    _export(network, (slices, torch.full((1, 1, size, size), 20.0)), path, ["slices", "sigma"])


def write_pack(folder: Path, recipe: recipes.PackRecipe) -> None:
    """Write golden case and manifest of a pack whose model and card are in the folder."""
    golden = folder / "golden"
    golden.mkdir(exist_ok=True)
    voxels = recipe.golden_input()
    np.save(golden / "input.npy", voxels, allow_pickle=False)
    expected = golden / "expected.npy"
    if not expected.is_file():
        np.save(expected, np.zeros(1, voxels.dtype), allow_pickle=False)
    _write_manifest(folder, recipe)
    np.save(expected, _run_golden(folder, voxels), allow_pickle=False)
    _write_manifest(folder, recipe)
    verify_pack(load_pack(folder))


def _run_golden(folder: Path, voxels: NDArray[np.int16]) -> NDArray[np.int16]:
    pack = load_pack(folder)
    result, done = run_golden(pack, voxels, sessions=SessionCache(), cancel=CancelToken())
    LOG.info("%s golden: %s", pack.manifest.pack_id, done.figures)
    return result


def _write_manifest(folder: Path, recipe: recipes.PackRecipe) -> None:
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST_NAME)
    entries = [_file_entry(path, path.relative_to(folder).as_posix()) for path in paths]
    manifest = folder / MANIFEST_NAME
    table = _calibration(manifest, (folder / "model.onnx").read_bytes())
    manifest.write_text(recipe.manifest + table + "".join(entries), encoding="utf-8")


def _calibration(manifest: Path, model: bytes) -> str:
    """Return the table of uncertainty that is there, if it was calibrated with these weights."""
    old = manifest.read_text(encoding="utf-8") if manifest.is_file() else ""
    table = table_of(old)
    is_same = hashlib.sha256(model).hexdigest() in old
    return f"\n{table}" if table and is_same else ""


def _file_entry(path: Path, name: str) -> str:
    content = path.read_bytes()
    roles = {".onnx": "model", ".md": "card", ".npy": "golden"}
    return (
        f'\n[[files]]\npath = "{name}"\nrole = "{roles[path.suffix]}"\n'
        f'bytes = {len(content)}\nsha256 = "{hashlib.sha256(content).hexdigest()}"\n'
    )


def _export(
    network: torch.nn.Module, inputs: tuple[torch.Tensor, ...], path: Path, names: list[str]
) -> None:
    network.eval()
    axes = {name: {2: "height", 3: "width"} for name in (*names, "result")}
    with warnings.catch_warnings():
        # The tracing exporter is deprecated, but it alone writes opset 17 and needs no onnxscript.
        warnings.simplefilter("ignore", DeprecationWarning)
        # Padding by the edge is written with a step that the exporter does not work out itself.
        warnings.filterwarnings("ignore", message="Constant folding")
        torch.onnx.export(
            network,
            inputs,
            str(path),
            input_names=names,
            output_names=["result"],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
    onnx.checker.check_model(onnx.load(str(path)), full_check=True)


def main() -> None:
    """Export every checkpoint that is in the folder."""
    parser = argparse.ArgumentParser(description="Write model packs from checkpoints.")
    parser.add_argument("--checkpoints", type=Path, required=True)
    parser.add_argument("--packs", type=Path, required=True)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for recipe in recipes.PACKS:
        checkpoint = asked.checkpoints / recipe.checkpoint
        folder = asked.packs / recipe.pack_id
        if checkpoint.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            state = torch.load(checkpoint, weights_only=True)
            denoiser = DenoiseNet(denoise.RECIPES[recipe.pack_id].shape)
            denoiser.load_state_dict(state["average"])
            export_denoiser(denoiser, folder / "model.onnx")
        if (folder / "model.onnx").is_file():
            write_pack(folder, recipe)


if __name__ == "__main__":
    main()
