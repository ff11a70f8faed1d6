"""The command that calibrates a pack to a scanner: models calibrate."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from inference.tasks.calibrate import BASES, CalibrationFigures
from inference.worker.client import ModelWorker
from workstation.cli.output import answer, note, refused_after_answer
from workstation.cli.parts import chosen, opened, pack_store, wiring
from workstation.core.errors import SafetyGateError
from workstation.services.calibrate_pack import (
    Calibrated,
    CalibrationWish,
    calibrate_pack,
    kernel_of,
    require_calibration,
)
from workstation.services.enhancement_gate import require_fit

MINUTES = 20.0
"""A small network learns from one series in minutes; more of the same patient teaches little."""


def models_calibrate(
    context: typer.Context,
    path: Annotated[
        Path,
        typer.Argument(metavar="PATH", readable=False, help="A series of the scanner, as scanned."),
    ],
    base: Annotated[str, typer.Option("--base", help=f"Pack to start from: {', '.join(BASES)}.")],
    pack_id: Annotated[str, typer.Option("--id", help="Id of the new pack.")],
    series: Annotated[
        str, typer.Option("--series", help="Series Instance UID; the largest by default.")
    ] = "",
    minutes: Annotated[
        float, typer.Option("--minutes", min=0.1, max=600, help="Time for the training.")
    ] = MINUTES,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer as JSON on standard output.")
    ] = False,
) -> None:
    """Train a denoiser further on one series of a scanner; kept only if it passes every gate."""
    home = wiring(context).home.prepared()
    store = pack_store(home)
    wish = CalibrationWish(base, pack_id, minutes)
    from_pack = require_calibration(wish, store)
    found = chosen(path, series)
    volume = opened(found).volume
    require_fit(volume, from_pack.manifest)
    with _ended_by_signal():
        done = calibrate_pack(
            volume,
            CalibrationWish(base, pack_id, minutes, kernel_of(found.display_set)),
            packs=store,
            folder=home.packs,
            make_worker=_worker,
            on_progress=_progress(),
        )
    answer(_json(done), _words(done, pack_id, base), as_json=as_json)
    with refused_after_answer():
        if done.pack is None:
            raise SafetyGateError(
                "The calibrated pack was thrown away",
                why=f"it fails: {', '.join(done.failed)}",
                todo=f"Go on with {base}, or try longer or another series of this scanner",
            )


@contextmanager
def _worker(folders: Sequence[Path]) -> Iterator[ModelWorker]:
    note("Measuring the gates; it takes a minute or more.")
    worker = ModelWorker(pack_folders=folders, is_background=True)
    try:
        yield worker
    finally:
        worker.stop()


@contextmanager
def _ended_by_signal() -> Iterator[None]:
    """Let a request to end clean up as an interrupt of the keyboard does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _progress() -> Callable[[str, float], None]:
    shown = [("", -1)]

    def report(stage: str, part: float) -> None:
        now = (stage, int(part * 20))
        if now != shown[0]:
            shown[0] = now
            note(f"{stage.capitalize()}: {part:.0%}")

    return report


def _json(done: Calibrated) -> dict[str, Any]:
    gates = done.gates
    judged = (
        [asdict(gate) | {"has_passed": gate.has_passed} for gate in gates.gates] if gates else []
    )
    pack = done.pack
    return {
        "installed": pack is not None,
        "pack": None
        if pack is None
        else {"id": pack.manifest.pack_id, "version": pack.manifest.version, "digest": pack.digest},
        "failed": list(done.failed),
        "figures": asdict(done.figures),
        "gates": judged,
        "warnings": [{"code": doubt.code, "text": doubt.text} for doubt in done.doubts],
    }


def _words(done: Calibrated, pack_id: str, base: str) -> str:
    lines = [f"Warning: {doubt.text}" for doubt in done.doubts] + _figure_words(done.figures, base)
    if done.pack is not None:
        lines.append(
            f"Installed {done.pack.ref}. From now on it is chosen before the packs that came with "
            f"the program; for other scanners name one with --pack, or remove it: prelim models "
            f"remove {pack_id}"
        )
    return "\n".join(lines)


def _figure_words(figures: CalibrationFigures, base: str) -> list[str]:
    return [
        f"Noise of the series {figures.sigma:.3g}, mean frequency "
        f"{figures.frequency_per_mm:.3f} per mm, neighboring slices correlated by "
        f"{figures.correlation:.2f} ({figures.patches} patches)",
        f"Trained {figures.steps} steps in {figures.seconds:.0f} s on {figures.trained_slices} "
        f"slices; compared on {figures.held_out_slices} others, errors in noise deviations:",
        f"  error at strength {figures.new_strength:g}: {figures.new_error:.3f}, {base} at "
        f"{figures.strength:g}: {figures.base_error:.3f} (squared, new less old "
        f"{figures.difference:+.4f} +- {figures.difference_error:.4f})",
        f"  error at full strength: {figures.new_error_full:.3f}, {base} "
        f"{figures.base_error_full:.3f}",
        f"  contrast of lesions kept: {figures.new_kept:.3f}, {base} {figures.base_kept:.3f}",
    ]
