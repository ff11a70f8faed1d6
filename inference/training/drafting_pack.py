"""Puts the drafting pack together: settings, golden case, digests, manifest.

Run as ``python -m inference.training.drafting_pack TRAINED PACK_FOLDER CARD``. TRAINED holds a
network (``.onnx``) and its calibration (``.json``) per region; grammar, vocabulary and decoder
are in the folder already. Everything in the manifest is computed here, nothing is typed in.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from inference.packs.manifest import SCHEMA
from inference.training.findings_recipes import RECIPES
from inference.training.findings_regions import RegionRecipe

MUTE = 1.0
"""A threshold that no probability reaches."""

PACK_ID, VERSION = "draft-embedded", "1.0.0"

ROLES = {
    ".onnx": "model",
    ".toml": "table",
    ".json": "tokenizer",
    ".md": "card",
}

MUTED = frozenset({"white-matter hyperintensities"})
"""Findings of this version that did no better than chance on the test phantoms (see the card):
their thresholds are set where nothing reaches them."""

GOLDEN_INPUT, GOLDEN_EXPECTED = "golden/cube.npy", "golden/outputs.json"

GOLDEN_TOLERANCE = 0.02
"""Largest difference of a logit between machines: rounding of float32 sums over a cube."""

LIMITS = (
    "Trained on procedural phantoms only, never on a patient; on real scans it is unproven.",
    "Chest CT, head CT and brain MR of adults; any other region is refused, and some real scans "
    "of these regions are refused too.",
    "A finding that no measurement corroborates is asked, never stated.",
    "It looks at voxels of 3 to 5 mm: what is smaller than about 10 mm it cannot see.",
    "Not a medical device; a radiologist reads the images first and answers for every sentence.",
)


def settings_of(recipe: RegionRecipe, calibration: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of one network as the manifest holds them."""
    return {
        "file": f"{recipe.name}.onnx",
        "region": recipe.region,
        "modality": recipe.modality,
        "contrasts": list(recipe.contrasts),
        "is_head": recipe.is_head,
        "shape_zyx": list(recipe.shape_zyx),
        "spacing_mm": recipe.spacing_mm,
        "known_from": calibration["known_from"],
        "channels": [
            {"source": channel.source, "low": channel.low, "high": channel.high}
            for channel in recipe.channels
        ],
        "findings": [
            {
                "finding": finding.finding,
                "anatomy": finding.anatomy,
                "has_side": finding.has_side,
                **_thresholds(finding.finding, head),
            }
            for finding, head in zip(recipe.findings, calibration["heads"], strict=True)
        ],
    }


def _thresholds(finding: str, head: dict[str, float]) -> dict[str, float]:
    """Return scale, shift and thresholds of a head; muted ones neither ask nor say."""
    rounded = {key: round(float(value), 5) for key, value in head.items()}
    return rounded | {"ask": MUTE, "say": MUTE} if finding in MUTED else rounded


def write_golden(folder: Path, network: str, shape: tuple[int, ...]) -> None:
    """Write a small drawn cube and what the network gives for it here."""
    (folder / "golden").mkdir(exist_ok=True)
    cube = _drawn_cube(shape)
    np.save(folder / GOLDEN_INPUT, cube)
    session = onnxruntime.InferenceSession(
        str(folder / network), providers=["CPUExecutionProvider"]
    )
    known, presence, sides, _ = session.run(None, {"cube": cube.astype(np.float32)})
    expected = {
        "known": known[0].tolist(),
        "presence": presence[0].tolist(),
        "sides": sides[0].tolist(),
    }
    text = json.dumps({"network": network, **expected}, indent=1)
    (folder / GOLDEN_EXPECTED).write_text(text + "\n", encoding="utf-8")


def manifest_text(folder: Path, networks: list[dict[str, Any]]) -> str:
    """Return the manifest of a pack folder, with the digest of every file in it."""
    largest = max(int(np.prod(network["shape_zyx"])) for network in networks)
    head = {
        "schema": SCHEMA,
        "id": PACK_ID,
        "version": VERSION,
        "title": "Embedded drafting (phantom-trained)",
        "licence": "Apache-2.0",
        "task": "draft_findings",
        "modalities": sorted({str(network["modality"]) for network in networks}),
        "body_parts": [],
        "limits": list(LIMITS),
    }
    tables: dict[str, dict[str, object]] = {
        "input": {
            "axes": "n, channel, z, y, x (LPS, upright)",
            "unit": "HU",
            "dtype": "float32",
            "value_range": [-1024.0, 3071.0],
            "spacing_ij_mm": [0.2, 5.0],
            "spacing_k_mm": [0.2, 8.0],
            "neighbours": 0,
            "size_multiple": 1,
        },
        "output": {
            "kind": "findings",
            "bound_sigmas": 0.0,
            "consistency": 0.0,
            "default_strength": 0.0,
        },
        "tiles": {"largest_px": 512, "overlap_px": 0},
        "memory": {"base_bytes": 300_000_000 + 400 * largest, "per_pixel_bytes": 0},
        "golden": {
            "input": GOLDEN_INPUT,
            "expected": GOLDEN_EXPECTED,
            "tolerance": GOLDEN_TOLERANCE,
            "spacing_ijk_mm": [networks[0]["spacing_mm"]] * 3,
        },
    }
    lines = [f"{key} = {_toml(value)}" for key, value in head.items()]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in table.items())]
    for network in networks:
        lines += ["", "[[settings.networks]]"]
        lines += [f"{key} = {_toml(value)}" for key, value in network.items()]
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "manifest.toml":
            lines += ["", "[[files]]", *_file_lines(folder, path)]
    return "\n".join(lines) + "\n"


def build(trained: Path, folder: Path, card: Path) -> None:
    """Put the pack together in its folder."""
    names = [name for name in RECIPES if (trained / f"{name}.onnx").exists()]
    networks = []
    for name in names:
        shutil.copyfile(trained / f"{name}.onnx", folder / f"{name}.onnx")
        calibration = json.loads((trained / f"{name}.json").read_text(encoding="utf-8"))
        networks.append(settings_of(RECIPES[name], calibration))
    if card != folder / "CARD.md":
        shutil.copyfile(card, folder / "CARD.md")
    small = min((RECIPES[name] for name in names), key=lambda recipe: len(recipe.channels))
    write_golden(folder, f"{small.name}.onnx", (1, len(small.channels), *small.shape_zyx))
    text = manifest_text(folder, networks)
    (folder / "manifest.toml").write_text(text, encoding="utf-8")


def main() -> None:
    """Build the pack from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trained", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("card", type=Path)
    arguments = parser.parse_args()
    build(arguments.trained, arguments.folder, arguments.card)


def _drawn_cube(shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float16]]:
    """Return an input of smooth shapes, the same on every machine: no random numbers."""
    axes = np.ogrid[tuple(slice(0, size) for size in shape[2:])]
    waves = sum(np.sin(axis * (0.21 + 0.05 * n)) for n, axis in enumerate(axes))
    channels = [np.clip(0.5 + waves / (4 + 2 * n), 0, 1) for n in range(shape[1])]
    return np.round(np.stack(channels)[None] * 64).astype(np.float16) / np.float16(64)


def _file_lines(folder: Path, path: Path) -> list[str]:
    relative = path.relative_to(folder).as_posix()
    content = path.read_bytes()
    role = "golden" if relative.startswith("golden/") else ROLES[path.suffix]
    return [
        f"path = {_toml(relative)}",
        f"role = {_toml(role)}",
        f"bytes = {len(content)}",
        f"sha256 = {_toml(hashlib.sha256(content).hexdigest())}",
    ]


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return repr(value)


if __name__ == "__main__":
    main()
