"""From a checkpoint of a proposer of missing pixels to its pack folder.

    python -m inference.training.fill_export --checkpoints FOLDER --packs resources/model_packs

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

from inference.training import fill_recipes
from inference.training.export import OPSET, write_pack
from inference.training.fill import HAS_CURVE
from inference.training.fill_network import NEIGHBOURS, FillNet

TRACED_PX = 64
"""Edge of the images that the exporter traces; any multiple of four can be run."""


def export_filler(network: FillNet, path: Path) -> None:
    """Write ``slices`` and ``missing`` (1, 5, h, w) to ``filled`` (1, 1, h, w) as ONNX."""
    network.eval()
    shape = (1, NEIGHBOURS, TRACED_PX, TRACED_PX)
    with warnings.catch_warnings():
        # The tracing exporter is deprecated, but it alone writes opset 17 and needs no onnxscript.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            network,
            (torch.zeros(shape), torch.zeros(shape)),
            str(path),
            input_names=["slices", "missing"],
            output_names=["filled"],
            dynamic_axes={
                name: {2: "height", 3: "width"} for name in ("slices", "missing", "filled")
            },
            opset_version=OPSET,
            dynamo=False,
        )
    onnx.checker.check_model(onnx.load(str(path)), full_check=True)


def write_packs(checkpoints: Path | None, packs: Path) -> None:
    """Write each pack of which there is a checkpoint, or a model already."""
    for recipe in fill_recipes.PACKS:
        folder = packs / recipe.pack_id
        checkpoint = None if checkpoints is None else checkpoints / recipe.checkpoint
        if checkpoint is not None and checkpoint.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            network = FillNet(has_curve=HAS_CURVE[recipe.pack_id[-2:].upper()])
            network.load_state_dict(torch.load(checkpoint, weights_only=True))
            export_filler(network, folder / "model.onnx")
        if (folder / "model.onnx").is_file() and (folder / "CARD.md").is_file():
            write_pack(folder, recipe)


def main() -> None:
    """Export every checkpoint that is in the folder."""
    parser = argparse.ArgumentParser(description="Write packs that propose missing pixels.")
    parser.add_argument("--checkpoints", type=Path)
    parser.add_argument("--packs", type=Path, required=True)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    write_packs(asked.checkpoints, asked.packs)


if __name__ == "__main__":
    main()
