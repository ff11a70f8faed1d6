"""From a checkpoint of a proposer of missing pixels to its pack folder.

    python -m inference.training.fill_export --checkpoints FOLDER --packs resources/model_packs

Writes ``model.onnx``, ``golden/`` and ``manifest.toml`` beside the CARD.md that is there already.
Run it again after a card has changed, without checkpoints: the manifest holds its digest. Needs the
extra ``vlm``.
"""

from __future__ import annotations

from pathlib import Path

import torch

from inference.training.fill import HAS_CURVE
from inference.training.fill_network import NEIGHBOURS, FillNet
from inference.training.fill_recipes import PACKS
from inference.training.packing import TRACED_PX, run_command, write_onnx
from inference.training.recipes import PackRecipe


def export_filler(network: FillNet, path: Path) -> None:
    """Write ``slices`` and ``missing`` (1, 5, h, w) to ``filled`` (1, 1, h, w) as ONNX."""
    shape = (1, NEIGHBOURS, TRACED_PX, TRACED_PX)
    inputs = {"slices": torch.zeros(shape), "missing": torch.zeros(shape)}
    write_onnx(network, inputs, "filled", path)


def _export(recipe: PackRecipe, checkpoint: Path, model: Path) -> None:
    network = FillNet(has_curve=HAS_CURVE[recipe.pack_id[-2:].upper()])
    network.load_state_dict(torch.load(checkpoint, weights_only=True))
    export_filler(network, model)


if __name__ == "__main__":
    run_command(PACKS, _export)
