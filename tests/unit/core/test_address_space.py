"""What keeps the reserved address space small is done by the program itself."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SIZE = """
import sys, threading
from workstation.core.address_space import keep_address_space_small
if sys.argv[1] == "small":
    keep_address_space_small()
import numpy
started = threading.Barrier(9)
def ask():
    started.wait()
    kept.append(bytearray(100_000))
    started.wait()
kept = []
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads:
    thread.start()
started.wait()
started.wait()
print(open("/proc/self/statm").read().split()[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only there address space is limited")
def test_threads_that_ask_for_memory_reserve_little() -> None:
    usual, small = (pages_reserved(how) for how in ("usual", "small"))

    assert (usual - small) * os.sysconf("SC_PAGE_SIZE") > 200 << 20


def test_what_the_user_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    from workstation.core.address_space import keep_address_space_small

    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")

    keep_address_space_small()

    assert os.environ["OPENBLAS_NUM_THREADS"] == "3"


def pages_reserved(how: str) -> int:
    environment = {k: v for k, v in os.environ.items() if "OPENBLAS" not in k and "MALLOC" not in k}
    ended = subprocess.run(
        [sys.executable, "-c", SIZE, how],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    return int(ended.stdout)
