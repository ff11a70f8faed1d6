"""How fast this machine is for what a reader waits for, and what makes it slow, in plain words.

Everything is measured here and now: reading from the disk, opening files, drawing a picture, and a
whole start of the program in a process of its own. It takes a few seconds.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from viewers.render.windowing import to_grey, window_lut
from workstation.core.intensity import Window
from workstation.core.memory import MIB

GIB = 1 << 30

LOW_MEMORY_BYTES = 4 * GIB
"""Below this a 2,000-slice series does not fit: the smallest machine we promise to read on."""

DISK_BYTES = 32 * MIB
"""Written and read back; a disk of 20 MB/s takes three seconds for both."""

FILES = 200
"""Opened one after the other, as the slices of a series are."""

PICTURE_PX = 1024
PICTURES = 20

START_SECONDS = 120
"""A start takes one second here; an old laptop with a virus scanner takes a minute."""

START_SWITCH = "--prelim-start-probe"
"""First argument that makes a frozen program measure a start of its own."""

CT_MB = 158.0
"""300 slices of 512 x 512 at 16 bit, with their headers."""

SLOW_DISK_MB_S = 100.0
"""Below this 300 slices take longer than 1.5 s to read; any solid-state disk reads 400."""

SLOW_OPEN_MS = 1.0
"""Opening a file takes 0.02 ms; a virus scanner that looks into each makes it 1 to 20 ms."""

SLOW_PICTURE_MS = 4.0
"""Half of the 8 ms a frame may take: the rest is needed to put it on screen."""

SLOW_START_S = 1.5
"""The window is to be usable by then. Source: DESIGN section 6."""

COLD_RATIO = 1.5
"""A first start that takes so much longer than the next waited for the disk."""

MANY_FONTS_S = 0.3
"""Reading the list of fonts takes 0.05 s with 200 of them."""

FEW_PROCESSORS = 2
"""With so few, two threads that load leave none for the window."""

_TIME_LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s*(\S+)")
"""A line of ``python -X importtime``: own microseconds, cumulated ones, module."""


@dataclass(frozen=True, slots=True)
class StartTimes:
    """What one start of the program took.

    Attributes:
        toolkit_s, program_s: importing the window toolkit, and the program.
        fonts_s: reading the list of fonts.
        window_s: building the window until it takes input.
        modules, fonts: how many there are.
        heavy: modules that should have waited but were imported.
    """

    toolkit_s: float
    program_s: float
    fonts_s: float
    window_s: float
    modules: int
    fonts: int
    heavy: tuple[str, ...]

    @property
    def total_s(self) -> float:
        """From the start of the program until the window takes input."""
        return self.toolkit_s + self.program_s + self.fonts_s + self.window_s


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured.

    Attributes:
        disk_read_mb_s: from the disk itself; None where only its cache could be measured.
        file_open_ms: opening and reading a small file that was just written.
        picture_ms: windowing a picture of 1024 x 1024.
        first_start, next_start: the program; None where it could not be started.
        slowest_imports: packages and their own milliseconds, the slowest first.
    """

    disk_read_mb_s: float | None
    file_open_ms: float
    picture_ms: float
    first_start: StartTimes | None
    next_start: StartTimes | None
    slowest_imports: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Slowness:
    """One thing that makes this machine slow.

    Attributes:
        code: for scripts.
        text: what, with its figure, and what to do; a sentence or two for people.
        value: the figure.
        unit: its unit.
    """

    code: str
    text: str
    value: float
    unit: str


def measure_speed(folder: Path) -> Speed:
    """Measure; takes a few seconds and leaves nothing behind.

    Args:
        folder: on the disk that counts, where the state lives; it exists.
    """
    first, _ = measure_start()
    again, imports = measure_start(with_imports=True)
    return Speed(
        disk_read_mb_s=_disk_read_mb_s(folder),
        file_open_ms=_file_open_ms(folder),
        picture_ms=_picture_ms(),
        first_start=first,
        next_start=again,
        slowest_imports=imports,
    )


def measure_start(
    *, with_imports: bool = False
) -> tuple[StartTimes | None, tuple[tuple[str, float], ...]]:
    """Start the program off the screen; return its times and the slowest packages.

    Args:
        with_imports: time each import, too, which makes the start a little slower.
    """
    is_frozen = getattr(sys, "frozen", False)
    flags = ["-X", "importtime"] if with_imports and not is_frozen else []
    module = [START_SWITCH] if is_frozen else [*flags, "-m", "workstation.start_probe"]
    try:
        ended = subprocess.run(
            [sys.executable, *module],
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=True,
            cwd=None if is_frozen else Path(__file__).resolve().parents[2],
        )
        found = json.loads(ended.stdout.splitlines()[-1])
        times = StartTimes(**(found | {"heavy": tuple(found["heavy"])}))
    except (OSError, subprocess.SubprocessError, ValueError, IndexError, KeyError, TypeError):
        return None, ()
    return times, _slowest(ended.stderr)


def slownesses(
    speed: Speed, *, processors: int, memory_bytes: int, physical_bytes: int
) -> tuple[Slowness, ...]:
    """Return what makes this machine slow, the worst to wait for first; empty if nothing does.

    Args:
        speed: what was measured.
        processors: cores this process may use.
        memory_bytes: memory this process may use.
        physical_bytes: memory of the machine.
    """
    found = [
        *_of_the_disk(speed),
        *_of_the_start(speed),
        *_of_the_processor(speed, processors),
        *_of_the_memory(memory_bytes, physical_bytes),
    ]
    return tuple(found)


def _of_the_disk(speed: Speed) -> Iterator[Slowness]:
    rate, opening = speed.disk_read_mb_s, speed.file_open_ms
    if rate is not None and rate < SLOW_DISK_MB_S:
        seconds = CT_MB / rate
        yield Slowness(
            "slow_disk",
            f"The disk reads {rate:.0f} MB a second: the 300 slices of a CT take {seconds:.0f} s, "
            "though the first is shown at once. Keep studies on a solid-state disk.",
            rate,
            "MB/s",
        )
    if opening > SLOW_OPEN_MS:
        yield Slowness(
            "slow_file_opens",
            f"Opening a file takes {opening:.1f} ms: {0.3 * opening:.1f} s for 300 slices. A virus "
            "scanner that looks into each file is the usual cause. Ask for an exception for "
            "the folders of Prelim and of the studies.",
            opening,
            "ms",
        )


def _of_the_start(speed: Speed) -> Iterator[Slowness]:
    first, again = speed.first_start, speed.next_start
    if first is None or again is None:
        return
    if first.total_s > COLD_RATIO * again.total_s and first.total_s > SLOW_START_S:
        yield Slowness(
            "cold_start",
            f"The first start took {first.total_s:.1f} s and the next {again.total_s:.1f} s: at "
            f"first {first.modules} parts of the program come from the disk, and a virus scanner "
            "may look into each.",
            first.total_s,
            "s",
        )
    if again.total_s > SLOW_START_S:
        imports = ", ".join(f"{name} {ms:.0f} ms" for name, ms in speed.slowest_imports[:3])
        yield Slowness(
            "slow_start",
            f"The window takes {again.total_s:.1f} s to start"
            + (f"; most of it goes to {imports}." if imports else "."),
            again.total_s,
            "s",
        )
    if again.fonts_s > MANY_FONTS_S:
        yield Slowness(
            "many_fonts",
            f"Reading the list of {again.fonts} fonts takes {again.fonts_s:.1f} s at each start. "
            "Remove fonts that nobody uses.",
            again.fonts_s,
            "s",
        )


def _of_the_processor(speed: Speed, processors: int) -> Iterator[Slowness]:
    if speed.picture_ms > SLOW_PICTURE_MS:
        yield Slowness(
            "slow_pictures",
            f"Making a picture of 1024 x 1024 takes {speed.picture_ms:.1f} ms, so scrolling may "
            "stutter. The processor does it, no graphics card helps: end other programs.",
            speed.picture_ms,
            "ms",
        )
    if processors <= FEW_PROCESSORS:
        yield Slowness(
            "few_processors",
            f"Prelim may use {processors} processor cores: while compressed images are decoded or "
            "a model runs, there is little left for anything else.",
            float(processors),
            "cores",
        )


def _of_the_memory(memory_bytes: int, physical_bytes: int) -> Iterator[Slowness]:
    if memory_bytes < LOW_MEMORY_BYTES:
        yield Slowness(
            "low_memory",
            f"Prelim may use {memory_bytes / GIB:.1f} GiB of memory: series out of sight are "
            "given up and read again when they are shown.",
            memory_bytes / GIB,
            "GiB",
        )
    if memory_bytes < physical_bytes:
        yield Slowness(
            "memory_limit",
            f"A limit of {memory_bytes / GIB:.1f} GiB is set for this program; the machine has "
            f"{physical_bytes / GIB:.1f} GiB.",
            memory_bytes / GIB,
            "GiB",
        )


def _disk_read_mb_s(folder: Path) -> float | None:
    """Write a file, drop it from the cache, and read it again; None where that cannot be done."""
    if not hasattr(os, "posix_fadvise"):
        return None
    block = np.random.default_rng(1).bytes(MIB)
    try:
        with tempfile.TemporaryFile(dir=folder, prefix="prelim-") as file:
            for _ in range(DISK_BYTES // MIB):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            file.seek(0)
            before = _from_the_disk()
            taken = _seconds(lambda: _read_to_its_end(file.fileno()))
    except OSError:  # a full or read-only disk: doctor says so elsewhere
        return None
    has_read = _from_the_disk() - before
    return has_read / taken / 1e6 if has_read >= DISK_BYTES / 2 else None


def _read_to_its_end(number: int) -> None:
    while os.read(number, MIB):
        pass


def _from_the_disk() -> int:
    """Return how many bytes this process has read from disks; 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("read_bytes:")), 0)


def _file_open_ms(folder: Path) -> float:
    """Return the median time to open and read a small file that was just written."""
    times = []
    with tempfile.TemporaryDirectory(dir=folder, prefix="prelim-") as place:
        paths = [Path(place) / f"{number}.dcm" for number in range(FILES)]
        for path in paths:
            path.write_bytes(bytes(4096))
        times = [_seconds(path.read_bytes) for path in paths]
    return 1000 * float(np.median(times))


def _picture_ms() -> float:
    """Return the best time to make one picture of stored values."""
    pixels = np.random.default_rng(1).integers(-1000, 1500, (PICTURE_PX, PICTURE_PX), np.int16)

    def picture() -> None:
        window = Window(40.0, 400.0)
        to_grey(pixels, window, is_inverted=False, lut=window_lut(window, is_inverted=False))

    return 1000 * min(_seconds(picture) for _ in range(PICTURES))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _slowest(lines: str) -> tuple[tuple[str, float], ...]:
    """Return packages and their own milliseconds out of ``-X importtime``, slowest first."""
    sums: dict[str, float] = {}
    for microseconds, module in _TIME_LINE.findall(lines):
        package = module.split(".")[0]
        sums[package] = sums.get(package, 0.0) + int(microseconds) / 1000
    return tuple(sorted(sums.items(), key=lambda pair: -pair[1]))[:5]
