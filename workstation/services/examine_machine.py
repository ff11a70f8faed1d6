"""What this machine can do for Prelim: processors, memory, disk, model runtime, keys, packs.

Nothing is asked of any network. The model runtime is asked in the worker's process, never here.
"""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workstation.dicom.limits import largest_volume_bytes

LOW_MEMORY_BYTES = 4 * 2**30
"""Below this a 2,000-slice series does not fit: the smallest machine we promise to read on."""

LOW_DISK_BYTES = 2 * 2**30
"""Below this a day's studies and their derived series do not fit."""

NVIDIA_SECONDS = 10
"""nvidia-smi answers within a second; a driver that hangs must not hold up the answer."""

CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


@dataclass(frozen=True, slots=True)
class Runtime:
    """What the model worker found: version of ONNX Runtime and its execution providers."""

    version: str
    providers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MachineReport:
    """The answer of ``prelim doctor``.

    Attributes:
        processors: cores this process may use.
        memory_bytes: physical memory, or the control group's limit where lower.
        disk_free_bytes: free space where the state lives.
        system, python, versions: what runs here.
        volume_budget_bytes: how large one opened series may be here.
        gpus: graphics processors found, by name; without one, models run on the processor.
        runtime: model runtime; None if the worker did not start.
        has_library, has_signing_identity: whether they exist already.
        packs: names of the packs found, with their trouble where there is any.
        peers: configured peers; with none, no connection is ever opened.
        advice: sentences for people; empty if all is well.
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


def examine_machine(
    *,
    state_folder: Path,
    keys_folder: Path,
    packs: tuple[str, ...],
    ask_runtime: Callable[[], Runtime | None],
) -> MachineReport:
    """Return what this machine can do.

    Args:
        state_folder: where the state lives or will live.
        keys_folder: where the signing identity lives or will live.
        packs: names of the packs found.
        ask_runtime: asks the worker process; returns None where it does not start.
    """
    runtime = ask_runtime()
    memory = memory_bytes()
    disk = shutil.disk_usage(_existing(state_folder)).free
    return MachineReport(
        processors=processors(),
        memory_bytes=memory,
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
        advice=_advice(memory, disk, runtime, packs),
    )


def processors() -> int:
    """Return how many cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_bytes() -> int:
    """Return physical memory in bytes, or the control group's limit where that is lower."""
    physical = _physical_memory_bytes()
    limits = [int(p.read_text()) for p in CGROUP_LIMITS if p.is_file() and _is_number(p)]
    return min([physical, *limits])


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


def _physical_memory_bytes() -> int:
    if sys.platform == "win32":
        kib = ctypes.c_ulonglong()
        ctypes.windll.kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(kib))
        return kib.value * 1024
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _is_number(path: Path) -> bool:
    return path.read_text().strip().isdigit()


def _existing(folder: Path) -> Path:
    return next(p for p in (folder, *folder.absolute().parents) if p.exists())


def _versions() -> tuple[tuple[str, str], ...]:
    names = ("prelim", "PySide6-Essentials", "pydicom", "highdicom", "SimpleITK", "numpy")
    return tuple((name, importlib.metadata.version(name)) for name in names)


def _advice(
    memory: int, disk: int, runtime: Runtime | None, packs: tuple[str, ...]
) -> tuple[str, ...]:
    advice = []
    if memory < LOW_MEMORY_BYTES:
        advice.append("This machine has less than 4 GB of memory. Open one series at a time.")
    if disk < LOW_DISK_BYTES:
        advice.append("Less than 2 GB of disk is free. Make room before you enhance or export.")
    if runtime is None:
        advice.append("The model worker does not start. Reading, editing and signing still work.")
    if not packs:
        advice.append("No model pack was found. Install Prelim again or add a pack.")
    return tuple(advice)
