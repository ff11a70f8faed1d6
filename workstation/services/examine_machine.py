"""What this machine can do for Prelim: processors, memory, disk, model runtime, keys, packs.

Nothing is asked of any network. The model runtime is asked in the worker's process, never here.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workstation.core.memory import Memory, read_memory
from workstation.dicom.limits import largest_volume_bytes
from workstation.services.machine_speed import Slowness, Speed, slownesses

LOW_DISK_BYTES = 2 * 2**30
"""Below this a day's studies and their derived series do not fit."""

NVIDIA_SECONDS = 10
"""nvidia-smi answers within a second; a driver that hangs must not hold up the answer."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """What the model worker found: version of ONNX Runtime and its execution providers.

    Attributes:
        version: of ONNX Runtime.
        providers: execution providers it has here, in the order they are tried.
        trials: how each but the processor did when it was tried, one sentence each.
    """

    version: str
    providers: tuple[str, ...]
    trials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MachineReport:
    """The answer of ``prelim doctor``.

    Attributes:
        processors: cores this process may use.
        memory_bytes: physical memory, or the lowest limit set for this process.
        disk_free_bytes: free space where the state lives.
        system, python, versions: what runs here.
        volume_budget_bytes: how large one opened series may be here.
        gpus: graphics processors found, by name; without one, models run on the processor.
        runtime: model runtime; None if the worker did not start.
        has_library, has_signing_identity: whether they exist already.
        packs: names of the packs found, with their trouble where there is any.
        peers: configured peers; with none, no connection is ever opened.
        advice: sentences for people; empty if all is well.
        images_budget_bytes: what the voxels of all open series may take together.
        physical_memory_bytes: what the machine holds, whatever limit is set.
        speed: how fast it is; None where that was not asked for.
        slow: what makes it slow, with figures; empty if nothing does.
    """

    processors: int
    memory_bytes: int
    disk_free_bytes: int
    system: str
    python: str
    versions: tuple[tuple[str, str], ...]
    volume_budget_bytes: int
    gpus: tuple[str, ...]
    runtime: Runtime | None
    has_library: bool
    has_signing_identity: bool
    packs: tuple[str, ...]
    peers: tuple[str, ...]
    advice: tuple[str, ...]
    images_budget_bytes: int = 0
    physical_memory_bytes: int = 0
    speed: Speed | None = None
    slow: tuple[Slowness, ...] = ()


def examine_machine(
    *,
    state_folder: Path,
    keys_folder: Path,
    packs: tuple[str, ...],
    ask_runtime: Callable[[], Runtime | None],
    measure: Callable[[Path], Speed] | None = None,
) -> MachineReport:
    """Return what this machine can do.

    Args:
        state_folder: where the state lives or will live.
        keys_folder: where the signing identity lives or will live.
        packs: names of the packs found.
        ask_runtime: asks the worker process; returns None where it does not start.
        measure: measures its speed on the disk of a folder; None to save the seconds.
    """
    runtime = ask_runtime()
    memory = read_memory()
    here = _existing(state_folder)
    disk = shutil.disk_usage(here).free
    speed = measure(here) if measure is not None and disk > LOW_DISK_BYTES else None
    return MachineReport(
        processors=processors(),
        memory_bytes=memory.limit_bytes,
        disk_free_bytes=disk,
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=platform.python_version(),
        versions=_versions(),
        volume_budget_bytes=largest_volume_bytes(),
        gpus=graphics_processors(),
        runtime=runtime,
        has_library=(state_folder / "library.db").is_file(),
        has_signing_identity=keys_folder.is_dir() and any(keys_folder.glob("*.pem")),
        packs=packs,
        peers=(),
        advice=_advice(disk, runtime, packs),
        images_budget_bytes=memory.budget_bytes,
        physical_memory_bytes=memory.physical_bytes,
        speed=speed,
        slow=_slow(speed, memory),
    )


def processors() -> int:
    """Return how many cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def graphics_processors() -> tuple[str, ...]:
    """Return the names of NVIDIA graphics processors; others show as execution providers only."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    try:
        listed = subprocess.run(
            [program, "--query-gpu=name", "--format=csv,noheader"],
            capture_output=True,
            text=True,
            timeout=NVIDIA_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(line.strip() for line in listed.stdout.splitlines() if line.strip())


def _slow(speed: Speed | None, memory: Memory) -> tuple[Slowness, ...]:
    if speed is None:
        return ()
    return slownesses(
        speed,
        processors=processors(),
        memory_bytes=memory.limit_bytes,
        physical_bytes=memory.physical_bytes,
    )


def _existing(folder: Path) -> Path:
    return next(p for p in (folder, *folder.absolute().parents) if p.exists())


def _versions() -> tuple[tuple[str, str], ...]:
    names = ("prelim", "PySide6-Essentials", "pydicom", "highdicom", "SimpleITK", "numpy")
    return tuple((name, importlib.metadata.version(name)) for name in names)


def _advice(disk: int, runtime: Runtime | None, packs: tuple[str, ...]) -> tuple[str, ...]:
    advice = []
    if disk < LOW_DISK_BYTES:
        advice.append("Less than 2 GB of disk is free. Make room before you enhance or export.")
    if runtime is None:
        advice.append("The model worker does not start. Reading, editing and signing still work.")
    if not packs:
        advice.append("No model pack was found. Install Prelim again or add a pack.")
    return tuple(advice)
