"""The parts the commands share: opening what a path means, the worker, the packs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from inference.packs.store import PackStore
from inference.worker.client import ModelWorker
from workstation.cli.output import note
from workstation.services.choose_series import ChosenSeries, choose_series
from workstation.services.import_studies import import_paths
from workstation.services.open_series import ReadableSeries, load_readable
from workstation.services.wiring import Wiring
from workstation.settings.home import Home
from workstation.settings.resources import resource


def wiring(context: typer.Context) -> Wiring:
    """Return the adapters that ``run`` was handed."""
    handed = context.find_root().obj
    if not isinstance(handed, Wiring):
        raise TypeError("the command line was started without its wiring")
    return handed


def pack_store(home: Home) -> PackStore:
    """Return the packs that came with the program and those the user added."""
    return PackStore(resource("model_packs"), home.packs)


@contextmanager
def model_worker(home: Home) -> Iterator[ModelWorker]:
    """Give a model worker and end its process afterwards."""
    worker = ModelWorker(pack_folders=pack_store(home).folders)
    try:
        yield worker
    finally:
        worker.stop()


def chosen(path: Path, series_uid: str = "") -> ChosenSeries:
    """Return the series that a path and a UID mean."""
    return choose_series(import_paths([path]), series_uid)


def opened(found: ChosenSeries) -> ReadableSeries:
    """Return a series with its voxels, saying on standard error that it loads."""
    note(f"Loading {found.display_set.slice_count} slices")
    series = load_readable(found.display_set)
    if series.left_out:
        note(f"Slices left out because they cannot be decoded: {len(series.left_out)}")
    return series


def left_out_json(series: ReadableSeries) -> list[dict[str, str]]:
    """Return the slices that could not be decoded, each with its reason."""
    return [{"file": each.file, "reason": each.reason} for each in series.left_out]
