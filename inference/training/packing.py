"""Writing a pack folder: ONNX from a network, golden case, manifest with digests.

Needs the extra ``vlm``.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from inference.engine.golden import run_golden
from inference.engine.sessions import SessionCache
from inference.packs.manifest import MANIFEST_NAME
from inference.packs.store import load_pack, verify_pack
from inference.training.recipes import PackRecipe
from inference.training.uncertainty import table_of
from workstation.core.job import CancelToken

LOG = logging.getLogger(__name__)

OPSET = 17
"""Operator set of the export: the newest that every execution provider in use takes."""

TRACED_PX = 64
"""Edge of the images that the exporter traces; every size that fits the network can be run."""

MODEL = "model.onnx"

ExportModel = Callable[[PackRecipe, Path, Path], None]
"""Writes the model of a pack from a checkpoint: recipe, checkpoint, path of the model."""


def write_onnx(
    network: torch.nn.Module, inputs: Mapping[str, torch.Tensor], output: str, path: Path
) -> None:
    """Write a network as ONNX; height and width of every image may be any that fit it.

    Args:
        network: set to evaluation.
        inputs: what is traced, by name; those with four axes are images.
        output: name of what it gives, an image as well.
        path: of the model.
    """
    network.eval()
    images = [name for name, value in inputs.items() if value.ndim == 4]
    with warnings.catch_warnings():
        # The tracing exporter is deprecated, but it alone writes opset 17 and needs no onnxscript.
        warnings.simplefilter("ignore", DeprecationWarning)
        # Padding by the edge is written with a step that the exporter does not work out itself.
        warnings.filterwarnings("ignore", message="Constant folding")
        torch.onnx.export(
            network,
            tuple(inputs.values()),
            str(path),
            input_names=list(inputs),
            output_names=[output],
            dynamic_axes={name: {2: "height", 3: "width"} for name in (*images, output)},
            opset_version=OPSET,
            dynamo=False,
        )
    onnx.checker.check_model(onnx.load(str(path)), full_check=True)


def write_packs(
    recipes: tuple[PackRecipe, ...], checkpoints: Path | None, packs: Path, export: ExportModel
) -> None:
    """Write each pack of which there is a checkpoint, or a model already, and a card.

    Args:
        recipes: of the packs.
        checkpoints: folder; None to leave the models as they are.
        packs: folder of the pack folders.
        export: writes a model from a checkpoint.
    """
    for recipe in recipes:
        folder = packs / recipe.pack_id
        checkpoint = None if checkpoints is None else checkpoints / recipe.checkpoint
        if checkpoint is not None and checkpoint.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            export(recipe, checkpoint, folder / MODEL)
        if (folder / MODEL).is_file() and (folder / "CARD.md").is_file():
            write_pack(folder, recipe)


def write_pack(folder: Path, recipe: PackRecipe) -> None:
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


def _write_manifest(folder: Path, recipe: PackRecipe) -> None:
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST_NAME)
    entries = [_file_entry(path, path.relative_to(folder).as_posix()) for path in paths]
    manifest = folder / MANIFEST_NAME
    table = _calibration(manifest, (folder / MODEL).read_bytes())
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


def run_command(recipes: tuple[PackRecipe, ...], export: ExportModel) -> None:
    """Write packs with the arguments of the command line."""
    parser = argparse.ArgumentParser(description="Write model packs from checkpoints.")
    parser.add_argument("--checkpoints", type=Path)
    parser.add_argument("--packs", type=Path, required=True)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    write_packs(recipes, asked.checkpoints, asked.packs, export)
