"""Draws the cases of a region once and keeps them in a folder outside the tree.

Run as ``python -m inference.training.findings_cache FOLDER REGION --count N [--unseen]``; each
case is one file, so that drawing can stop and go on, and two processes can share the work.
"""

from __future__ import annotations

import argparse
import logging
import zipfile
from pathlib import Path

import numpy as np

from inference.training.findings_cases import Case, make_case
from inference.training.findings_recipes import RECIPES

log = logging.getLogger(__name__)

JITTER_MM = 18.0
"""How far a training cube is moved at most: aiming at a real body errs by about a vertebra."""

UNSEEN_SEED = 900_000
"""Seeds of test cases begin here; training seeds stay below."""


def case_path(folder: Path, region: str, seed: int) -> Path:
    """Return where a case is kept."""
    return folder / region / f"{seed:07d}.npz"


def draw_cases(folder: Path, region: str, seeds: range, *, is_unseen: bool) -> int:
    """Draw every case that is not kept yet; return how many were drawn."""
    recipe, drawn = RECIPES[region], 0
    (folder / region).mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        path = case_path(folder, region, seed)
        if path.exists():
            continue
        phantom = recipe.draw(seed, is_unseen)
        rng = np.random.default_rng((seed, 12))
        case = make_case(recipe, phantom, rng, jitter_mm=6.0 if is_unseen else JITTER_MM)
        _save(path, case)
        drawn += 1
        if drawn % 20 == 0:
            log.info("%s: %d cases drawn", region, drawn)
    return drawn


def read_case(path: Path) -> Case:
    """Return a kept case."""
    with np.load(path, allow_pickle=False) as kept:
        return Case(
            mean=kept["mean"],
            peak=kept["peak"],
            inside=kept["inside"],
            presence=kept["presence"],
            sides=kept["sides"],
            maps=kept["maps"],
            contrast=str(kept["contrast"]),
        )


def kept_seeds(folder: Path, region: str, *, is_unseen: bool) -> list[Path]:
    """Return the files of the training cases, or of the unseen ones, in order of their seeds."""
    files = sorted((folder / region).glob("[0-9]*[0-9].npz"))
    return [file for file in files if (int(file.stem) >= UNSEEN_SEED) == is_unseen]


def main() -> None:
    """Draw cases from the command line."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("region", choices=sorted(RECIPES))
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--unseen", action="store_true")
    arguments = parser.parse_args()
    first = arguments.first + (UNSEEN_SEED if arguments.unseen else 0)
    seeds = range(first, first + arguments.count)
    draw_cases(arguments.folder, arguments.region, seeds, is_unseen=arguments.unseen)


def _save(path: Path, case: Case) -> None:
    partial = path.with_suffix(".part.npz")
    try:
        np.savez_compressed(
            partial,
            mean=case.mean,
            peak=case.peak,
            inside=case.inside,
            presence=case.presence,
            sides=case.sides,
            maps=case.maps,
            contrast=np.array(case.contrast),
        )
    except (OSError, zipfile.LargeZipFile):
        partial.unlink(missing_ok=True)
        raise
    partial.rename(path)


if __name__ == "__main__":
    main()
