"""The memory of this process: the lowest of what is installed, allowed and free.

The trees are written as proc_meminfo(5) and the kernel's cgroup-v1 and cgroup-v2 documents show
them.
"""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from workstation.core.memory import MIB, Memory, read_memory

GIB = 1024 * MIB
MEMINFO = "MemTotal:       8388608 kB\nMemAvailable:   6291456 kB\nSwapFree: 1048576 kB\n"
NO_LIMIT_V1 = "9223372036854771712\n"


@pytest.fixture(autouse=True)
def unlimited_address_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (resource.RLIM_INFINITY, -1))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / "proc/meminfo", MEMINFO)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_without_limits_all_installed_memory_counts_and_swap_is_free_too(root: Path) -> None:
    memory = read_memory(root)

    assert memory == Memory(8 * GIB, 8 * GIB, 7 * GIB)


def test_a_group_of_version_2_limits_what_may_be_taken(root: Path) -> None:
    group = root / "sys/fs/cgroup/user/app"
    write(root / "proc/self/cgroup", "0::/user/app\n")
    write(group / "memory.max", f"{2 * GIB}\n")
    write(group / "memory.current", f"{1 * GIB}\n")
    write(group / "memory.stat", f"anon 5\ninactive_file {256 * MIB}\n")

    memory = read_memory(root)

    assert memory.limit_bytes == 2 * GIB
    assert memory.free_bytes == 1 * GIB + 256 * MIB, "caches of files are given back by the kernel"


def test_a_group_around_ours_limits_us_too(root: Path) -> None:
    write(root / "proc/self/cgroup", "0::/box/app\n")
    write(root / "sys/fs/cgroup/box/app/memory.max", "max\n")
    write(root / "sys/fs/cgroup/box/memory.max", f"{3 * GIB}\n")
    write(root / "sys/fs/cgroup/box/memory.current", f"{1 * GIB}\n")

    memory = read_memory(root)

    assert (memory.limit_bytes, memory.free_bytes) == (3 * GIB, 2 * GIB)


def test_the_soft_limit_of_a_group_counts(root: Path) -> None:
    write(root / "proc/self/cgroup", "0::/app\n")
    write(root / "sys/fs/cgroup/app/memory.max", f"{4 * GIB}\n")
    write(root / "sys/fs/cgroup/app/memory.high", f"{1 * GIB}\n")

    assert read_memory(root).limit_bytes == 1 * GIB


def test_a_group_of_version_1_limits_what_may_be_taken(root: Path) -> None:
    mount = root / "sys/fs/cgroup/memory"
    write(root / "proc/self/cgroup", "9:cpu,cpuacct:/x\n4:memory:/docker/abc\n0::/\n")
    write(mount / "docker/abc/memory.limit_in_bytes", f"{1 * GIB}\n")
    write(mount / "docker/abc/memory.usage_in_bytes", f"{300 * MIB}\n")
    write(mount / "docker/abc/memory.stat", f"total_inactive_file {100 * MIB}\n")
    write(mount / "memory.limit_in_bytes", NO_LIMIT_V1)

    memory = read_memory(root)

    assert (memory.limit_bytes, memory.free_bytes) == (1 * GIB, 824 * MIB)


def test_inside_a_container_the_limit_stands_at_the_mount(root: Path) -> None:
    write(root / "proc/self/cgroup", "4:memory:/docker/of/the/host\n")
    write(root / "sys/fs/cgroup/memory/memory.limit_in_bytes", f"{1 * GIB}\n")

    assert read_memory(root).limit_bytes == 1 * GIB


def test_no_limit_is_no_limit_in_either_version(root: Path) -> None:
    write(root / "proc/self/cgroup", "4:memory:/a\n0::/a\n")
    write(root / "sys/fs/cgroup/memory/a/memory.limit_in_bytes", NO_LIMIT_V1)
    write(root / "sys/fs/cgroup/a/memory.max", "max\n")

    assert read_memory(root).limit_bytes == 8 * GIB


def test_a_limit_of_the_address_space_counts_with_what_is_used_of_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (4 * GIB, 4 * GIB))
    write(root / "proc/self/statm", f"{GIB // resource.getpagesize()} 20 30 0 0 0 0\n")

    memory = read_memory(root)

    assert (memory.limit_bytes, memory.free_bytes) == (4 * GIB, 3 * GIB)


def test_a_machine_that_tells_nothing_has_at_least_its_installed_memory(tmp_path: Path) -> None:
    memory = read_memory(tmp_path)

    assert memory.physical_bytes == memory.limit_bytes == memory.free_bytes
    assert memory.physical_bytes > 0


@pytest.mark.parametrize(("installed_mib", "budget_mib"), [(4096, 2560), (8192, 5632), (512, 128)])
def test_the_budget_leaves_room_for_the_system_and_the_program(
    installed_mib: int, budget_mib: int
) -> None:
    memory = Memory(installed_mib * MIB, installed_mib * MIB, installed_mib * MIB)

    assert memory.budget_bytes == budget_mib * MIB


def test_two_thousand_slices_fit_into_the_smallest_machine_promised() -> None:
    memory = Memory(4 * GIB, 4 * GIB, 3 * GIB)

    assert memory.room_bytes >= 2000 * 512 * 512 * 2


def test_no_room_is_never_less_than_none() -> None:
    assert Memory(8 * GIB, 8 * GIB, 10 * MIB).room_bytes == 0
