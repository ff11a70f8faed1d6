"""From a checkpoint of a super-resolver to its pack folder.

    python -m inference.training.superres_export --checkpoints FOLDER --packs resources/model_packs

Writes ``model.onnx``, ``golden/`` and ``manifest.toml`` beside the CARD.md that is there already.
Run it again after a card has changed, without checkpoints: the manifest holds its digest. Needs the
extra ``vlm``.
"""

from __future__ import annotations

import argparse
import logging
import warnings
from pathlib import Path

import onnx
import torch

from inference.training import superres_recipes
from inference.training.export import OPSET, write_pack
from inference.training.superres_networks import SHAPES, SuperResolveNet, SuperResolveShape

TRACED_PX = 64
"""Edge of the images that the exporter traces; any even size can be run."""


def export_super_resolver(network: SuperResolveNet, path: Path) -> None:
    """Write the super-resolver as ONNX.

    Through-plane: ``slices`` (1, n, h, w) and ``profile`` (1, 2) to ``pair`` (1, 2, h, w).
    In-plane: ``slices`` (1, n, h, w) to ``quad`` (1, 4, h, w).
    """
    network.eval()
    network.freeze()
    shape = network.shape
    names, inputs = ["slices"], [torch.zeros(1, shape.neighbours, TRACED_PX, TRACED_PX)]
    if shape.has_profile:
        names.append("profile")
        inputs.append(torch.tensor([[1.0, 0.0]]))
    output = "pair" if shape.has_profile else "quad"
    with warnings.catch_warnings():
        # The tracing exporter is deprecated, but it alone writes opset 17 and needs no onnxscript.
        warnings.simplefilter("ignore", DeprecationWarning)
        # Padding by the edge is written with a step that the exporter does not work out itself.
        warnings.filterwarnings("ignore", message="Constant folding")
        torch.onnx.export(
            network,
            tuple(inputs),
            str(path),
            input_names=names,
            output_names=[output],
            dynamic_axes={name: {2: "height", 3: "width"} for name in ("slices", output)},
            opset_version=OPSET,
            dynamo=False,
        )
    onnx.checker.check_model(onnx.load(str(path)), full_check=True)


def write_packs(checkpoints: Path | None, packs: Path, only: str | None = None) -> None:
    """Write each pack of which there is a checkpoint, or a model already."""
    for recipe in superres_recipes.PACKS:
        if only is not None and recipe.checkpoint != only:
            continue
        folder = packs / recipe.pack_id
        checkpoint = None if checkpoints is None else checkpoints / recipe.checkpoint
        if checkpoint is not None and checkpoint.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            network = load_network(checkpoint, SHAPES[checkpoint.stem])
            export_super_resolver(network, folder / "model.onnx")
        if (folder / "model.onnx").is_file() and (folder / "CARD.md").is_file():
            write_pack(folder, recipe)


def load_network(checkpoint: Path, shape: SuperResolveShape) -> SuperResolveNet:
    """Return the averaged weights of a checkpoint."""
    network = SuperResolveNet(shape)
    network.load_state_dict(torch.load(checkpoint, weights_only=True)["average"])
    return network


def main() -> None:
    """Export every checkpoint that is in the folder."""
    parser = argparse.ArgumentParser(description="Write super-resolution packs from checkpoints.")
    parser.add_argument("--checkpoints", type=Path)
    parser.add_argument("--packs", type=Path, required=True)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    write_packs(asked.checkpoints, asked.packs)


if __name__ == "__main__":
    main()
