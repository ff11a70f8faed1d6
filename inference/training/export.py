"""From a checkpoint of a denoiser to its pack folder.

    python -m inference.training.export --checkpoints FOLDER --packs resources/model_packs

Writes ``model.onnx``, ``golden/`` and ``manifest.toml`` beside the CARD.md that is there already.
Run it again after a card has changed, without checkpoints: the manifest holds its digest. Needs the
extra ``vlm``.
"""

from __future__ import annotations

from pathlib import Path

import torch

from inference.training import denoise, recipes
from inference.training.networks import DenoiseNet
from inference.training.packing import TRACED_PX, run_command, write_onnx


def export_denoiser(network: DenoiseNet, path: Path) -> None:
    """Write the denoiser as ONNX: ``slices`` (1, n, h, w), ``sigma`` (1, 1, h, w) to ``result``."""
    network.freeze()
    inputs = {
        "slices": torch.zeros(1, network.shape.neighbours, TRACED_PX, TRACED_PX),
        "sigma": torch.full((1, 1, TRACED_PX, TRACED_PX), 20.0),
    }
    write_onnx(network, inputs, "result", path)


def _export(recipe: recipes.PackRecipe, checkpoint: Path, model: Path) -> None:
    network = DenoiseNet(denoise.RECIPES[recipe.pack_id].shape)
    network.load_state_dict(torch.load(checkpoint, weights_only=True)["average"])
    export_denoiser(network, model)


if __name__ == "__main__":
    run_command(recipes.PACKS, _export)
