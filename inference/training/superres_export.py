"""From a checkpoint of a super-resolver to its pack folder.

    python -m inference.training.superres_export --checkpoints FOLDER --packs resources/model_packs

Writes ``model.onnx``, ``golden/`` and ``manifest.toml`` beside the CARD.md that is there already.
Run it again after a card has changed, without checkpoints: the manifest holds its digest. Needs the
extra ``vlm``.
"""

from __future__ import annotations

from pathlib import Path

import torch

from inference.training.packing import TRACED_PX, run_command, write_onnx
from inference.training.packing import write_packs as write_all
from inference.training.recipes import PackRecipe
from inference.training.superres_networks import SHAPES, SuperResolveNet, SuperResolveShape
from inference.training.superres_recipes import PACKS


def export_super_resolver(network: SuperResolveNet, path: Path) -> None:
    """Write the super-resolver as ONNX.

    Through-plane: ``slices`` (1, n, h, w) and ``profile`` (1, 2) to ``pair`` (1, 2, h, w).
    In-plane: ``slices`` (1, n, h, w) to ``quad`` (1, 4, h, w).
    """
    network.eval()
    network.freeze()
    shape = network.shape
    inputs = {"slices": torch.zeros(1, shape.neighbours, TRACED_PX, TRACED_PX)}
    if shape.has_profile:
        inputs["profile"] = torch.tensor([[1.0, 0.0]])
    write_onnx(network, inputs, "pair" if shape.has_profile else "quad", path)


def write_packs(checkpoints: Path, packs: Path, only: str) -> None:
    """Write the packs that are made from the checkpoint of this name."""
    recipes = tuple(recipe for recipe in PACKS if recipe.checkpoint == only)
    write_all(recipes, checkpoints, packs, _export)


def load_network(checkpoint: Path, shape: SuperResolveShape) -> SuperResolveNet:
    """Return the averaged weights of a checkpoint."""
    network = SuperResolveNet(shape)
    network.load_state_dict(torch.load(checkpoint, weights_only=True)["average"])
    return network


def _export(_recipe: PackRecipe, checkpoint: Path, model: Path) -> None:
    export_super_resolver(load_network(checkpoint, SHAPES[checkpoint.stem]), model)


if __name__ == "__main__":
    run_command(PACKS, _export)
