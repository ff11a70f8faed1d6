"""Decoder processes: right when they work; one frame and one sentence when they do not.

Real processes, real signals. The odd ones come from tests.support.odd_decoder.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from openjpeg.utils import encode_array
from pydicom.pixels import get_encoder
from pydicom.uid import RLELossless

from tests.support import odd_decoder
from tests.support.data import REPOSITORY
from tests.support.processes import PATIENCE_S, all_end, children, is_running
from workstation import __main__ as program
from workstation.core.job import CancelToken
from workstation.core.memory import MIB, Memory
from workstation.dicom import decode_pool, decoder
from workstation.dicom.codecs import DecodeError
from workstation.dicom.decode_pool import DecodePool
from workstation.dicom.decode_protocol import Codec
from workstation.dicom.decoder import Allowance, DecodeJob

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

ODD_MODULE = str(Path(odd_decoder.__file__))
QUICK = Allowance(seconds=0.3, start_seconds=10.0, cancel_seconds=0.05)


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    before = children(os.getpid())
    yield
    assert all_end(children(os.getpid()) - before), "a process was left behind"


def odd(mode: str, allowance: Allowance = QUICK, size: int = 1) -> DecodePool:
    command = (sys.executable, "-m", "tests.support.odd_decoder", mode)
    return DecodePool(size=size, command=command, allowance=allowance)


def rle_job(value: int = 5, rows: int = 8, columns: int = 8) -> DecodeJob:
    pixels = np.full((rows, columns), value, np.uint16)
    coded = get_encoder(RLELossless).encode(
        pixels,
        rows=rows,
        columns=columns,
        samples_per_pixel=1,
        bits_allocated=16,
        bits_stored=16,
        pixel_representation=0,
        photometric_interpretation="MONOCHROME2",
        number_of_frames=1,
    )
    return DecodeJob(Codec.RLE, coded, rows * columns, 16, pixels.nbytes)


def plain_job(mode: int = 0, size: int = 64) -> DecodeJob:
    return DecodeJob(Codec.RLE, bytes([7, mode]), size, 8, size)


@cache
def slow_job() -> DecodeJob:
    """Return a frame of noise that takes a decoder about half a second."""
    pixels = np.random.default_rng(1).integers(0, 65536, (1024, 1024), np.uint16)
    return DecodeJob(Codec.JPEG_2000, encode_array(pixels), pixels.size, 16, pixels.nbytes)


def decode(pool: DecodePool, job: DecodeJob, cancel: CancelToken | None = None) -> bytes:
    with pool.decoded(job, cancel) as samples:
        return samples.tobytes()


def failure(pool: DecodePool, job: DecodeJob) -> str:
    with pytest.raises(DecodeError) as caught:
        decode(pool, job)
    return str(caught.value)


def wait_until(is_so: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < limit
        time.sleep(0.005)


def test_samples_come_back_as_they_were() -> None:
    with DecodePool(size=1) as pool:
        assert decode(pool, rle_job(513)) == b"\x01\x02" * 64
        assert decode(pool, rle_job(7, 3, 5)) == b"\x07\x00" * 15


def test_one_process_serves_frame_after_frame() -> None:
    with DecodePool(size=2) as pool:
        decode(pool, rle_job())
        first = pool.process_ids
        decode(pool, rle_job())

        assert pool.process_ids == first
        assert len(first) == 1


def test_no_process_runs_before_it_is_needed() -> None:
    with DecodePool() as pool:
        assert pool.process_ids == ()
        assert 1 <= pool.size <= decode_pool.MOST_PROCESSES


def test_a_warm_pool_has_its_processes_and_no_more_than_wanted() -> None:
    with DecodePool(size=2) as pool:
        pool.warm(1)
        assert len(pool.process_ids) == 1
        pool.warm()
        assert len(pool.process_ids) == 2
        decode(pool, rle_job())
        assert len(pool.process_ids) == 2


def test_threads_decode_side_by_side_and_never_more_than_there_are_processes() -> None:
    results = dict[int, bytes]()
    with odd("as-coded", replace(QUICK, seconds=PATIENCE_S), size=2) as pool:
        threads = [
            threading.Thread(target=lambda k=k: results.update({k: decode(pool, plain_job())}))
            for k in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(pool.process_ids) <= 2
    assert list(results.values()) == [b"\x07" * 64] * 8


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("crash", "stopped while reading it"),
        ("abort", "stopped while reading it"),
        ("leave", "stopped while reading it"),
        ("wild", "stopped while reading it"),
        ("hang", "took too long"),
        ("mute", "stopped while reading it"),
        ("victim", "perhaps memory ran out"),
        ("short", "another size"),
        ("huge", "another size"),
        ("no memory", "too much memory"),
        ("no decoder", "RLE is missing"),
        ("stillborn", "cannot be started"),
    ],
)
def test_a_decoder_that_goes_wrong_costs_its_frame_and_is_gone(
    mode: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoder, "END_SECONDS", 0.2)
    with odd(mode) as pool:
        with pytest.raises(DecodeError, match=words):
            decode(pool, plain_job())

        assert pool.process_ids == ()


def test_a_decoder_that_never_gets_ready_is_given_up() -> None:
    with (
        odd("deaf", replace(QUICK, start_seconds=0.3)) as pool,
        pytest.raises(DecodeError, match="cannot be started"),
    ):
        decode(pool, plain_job())


def test_a_program_that_is_not_there_is_told_in_words() -> None:
    with DecodePool(size=1, command=("/nowhere/to/be/found",)) as pool:
        pool.warm()

        with pytest.raises(DecodeError, match="cannot be started"):
            decode(pool, plain_job())


@pytest.mark.parametrize("bad", ["crash", "hang", "victim", "wild", "no memory"])
def test_the_frames_after_a_bad_one_are_decoded(bad: str) -> None:
    number = next(number for number, mode in odd_decoder.MODES.items() if mode == bad)
    with odd("as-coded") as pool:
        for _ in range(2):
            with pytest.raises(DecodeError):
                decode(pool, plain_job(number))
            assert decode(pool, plain_job()) == b"\x07" * 64


def test_a_decoder_killed_from_outside_once_costs_nothing() -> None:
    job = slow_job()
    with DecodePool(size=1) as pool:
        pool.warm()
        (victim,) = pool.process_ids
        killer = killing(victim, signal.SIGKILL)
        samples = decode(pool, job)
        killer.join()

        assert len(samples) == job.size
        assert pool.process_ids != (victim,)


def killing(process_id: int, number: int) -> threading.Thread:
    """Send a signal once the process has worked for longer than its start takes."""

    def kill() -> None:
        wait_until(lambda: _processor_seconds(process_id) > 0.2)
        os.kill(process_id, number)

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


def _processor_seconds(process_id: int) -> float:
    fields = Path(f"/proc/{process_id}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_decoder_that_crashes_in_the_middle_of_a_real_frame_is_told() -> None:
    job = slow_job()
    with DecodePool(size=1) as pool:
        pool.warm()
        (victim,) = pool.process_ids
        killer = killing(victim, signal.SIGSEGV)
        with pytest.raises(DecodeError, match="stopped while reading it"):
            decode(pool, job)
        killer.join()


def test_a_decoder_that_stands_still_in_the_middle_is_ended_at_its_deadline() -> None:
    with DecodePool(size=1, allowance=QUICK) as pool:
        decode(pool, rle_job())
        (victim,) = pool.process_ids
        os.kill(victim, signal.SIGSTOP)
        begin = time.monotonic()

        with pytest.raises(DecodeError, match="took too long"):
            decode(pool, rle_job())

        assert time.monotonic() - begin < QUICK.seconds + 1.0
        assert not is_running(victim)
        assert decode(pool, rle_job(3)) == b"\x03\x00" * 64


def test_a_decoder_gets_no_more_memory_than_a_frame_may_take() -> None:
    job = slow_job()
    narrow = Allowance(memory_bytes=MIB, memory_per_byte=0)
    with DecodePool(size=1, allowance=narrow) as pool:
        with pytest.raises(DecodeError, match="too much memory"):
            decode(pool, job)
        assert len(decode(pool, rle_job())) == 128


def test_what_a_frame_may_take_grows_with_it_up_to_what_the_machine_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    free = Memory(physical_bytes=8 << 30, limit_bytes=8 << 30, free_bytes=2 << 30)
    monkeypatch.setattr(decoder, "read_memory", lambda: free)
    allowance = Allowance()

    assert allowance.memory_for(512 * 512 * 2) == 262 * MIB
    assert allowance.memory_for(500 * MIB) == 2 << 30
    assert allowance.seconds_for(30 * MIB) == 25.0


def test_a_tiny_stream_that_wants_absurd_memory_is_stopped() -> None:
    size = 2048
    job = DecodeJob(Codec.JPEG_2000, precinct_bomb(size), size * size, 16, 2 * size * size)
    assert len(job.coded) < 400

    with DecodePool(size=1) as pool, pytest.raises(DecodeError, match="too much memory"):
        decode(pool, job)


def precinct_bomb(size: int) -> bytes:
    """Return a stream of zeros cut into precincts of 2 x 2, each of which a decoder keeps book of.

    Source: T.800 A.5.1 (SIZ: sizes at 8 and 24), A.6.1 (COD: Scod, levels, precinct sizes).
    """
    coded = bytearray(encode_array(np.zeros((64, 64), np.uint16)))
    coded[8:16] = coded[24:32] = size.to_bytes(4, "big") * 2
    style = coded.index(b"\xff\x52") + 2
    levels = coded[style + 7]
    coded[style + 1] += levels + 1
    coded[style + 2] |= 1
    coded[style + 12 : style + 12] = bytes([0x11]) * (levels + 1)
    return bytes(coded)


@pytest.mark.parametrize("junk", [b"", b"\x00" * 40, b"\xff\x4f\xff\x51" + b"\xff" * 4000])
@pytest.mark.parametrize("codec", list(Codec))
def test_junk_is_called_damaged_by_every_decoder(codec: Codec, junk: bytes) -> None:
    with DecodePool(size=1) as pool:
        with pytest.raises(DecodeError, match="damaged"):
            decode(pool, DecodeJob(codec, junk, 64, 16, 128))
        assert decode(pool, rle_job(9)) == b"\x09\x00" * 64


def test_a_frame_that_unfolds_beyond_what_was_promised_is_refused() -> None:
    job = rle_job(1, 64, 64)

    with DecodePool(size=1) as pool, pytest.raises(DecodeError, match="damaged"):
        decode(pool, job._replace(size=100))


def test_a_cancelled_frame_ends_soon() -> None:
    cancel = CancelToken()
    threading.Timer(0.2, cancel.cancel).start()
    with odd("hang", replace(QUICK, seconds=60.0)) as pool:
        begin = time.monotonic()
        with pytest.raises(DecodeError, match="reading was stopped"):
            decode(pool, plain_job(), cancel)
        assert time.monotonic() - begin < 2.0


def test_waiting_for_a_decoder_ends_with_the_work_that_waits() -> None:
    cancel = CancelToken()
    with odd("hang", replace(QUICK, seconds=3.0)) as pool:
        first = threading.Thread(target=failure, args=(pool, plain_job()))
        first.start()
        wait_until(lambda: bool(pool.process_ids))
        threading.Timer(0.1, cancel.cancel).start()
        begin = time.monotonic()
        with pytest.raises(DecodeError, match="reading was stopped"):
            decode(pool, plain_job(), cancel)
        assert time.monotonic() - begin < 1.5
        pool.close()
        first.join()


def test_closing_ends_frames_in_progress_and_refuses_new_ones() -> None:
    pool = odd("hang", replace(QUICK, seconds=60.0))
    failures = list[str]()
    thread = threading.Thread(target=lambda: failures.append(failure(pool, plain_job())))
    thread.start()
    wait_until(lambda: bool(pool._busy) and bool(next(iter(pool._busy))._is_ready))
    pool.close()
    thread.join()

    assert failures == ["the decoders were ended"]
    with pytest.raises(DecodeError, match="decoders were ended"):
        decode(pool, plain_job())


def test_processes_without_work_end_by_themselves() -> None:
    with DecodePool(size=1, allowance=Allowance(idle_seconds=0.1)) as pool:
        decode(pool, rle_job())
        (process,) = pool.process_ids

        assert all_end((process,))
        assert decode(pool, rle_job(2)) == b"\x02\x00" * 64


def test_memory_of_a_large_frame_is_not_kept() -> None:
    with odd("as-coded", replace(QUICK, seconds=PATIENCE_S)) as pool:
        decode(pool, plain_job(size=decode_pool._KEPT_SLOT_BYTES + 1))

        assert pool.process_ids == ()


def test_processes_end_when_the_application_is_killed() -> None:
    script = (
        "import sys, time\n"
        "from workstation.dicom.decode_pool import DecodePool\n"
        "pool = DecodePool(size=2)\n"
        "pool.warm()\n"
        "print(*pool.process_ids, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=REPOSITORY
    ) as application:
        assert application.stdout is not None
        started = tuple(map(int, application.stdout.readline().split()))
        assert len(started) == 2
        assert all(map(is_running, started))

        application.kill()

    assert all_end(started)


def test_a_process_ends_itself_where_nobody_is_left_to_end_it() -> None:
    with DecodePool(size=1) as pool:
        decode(pool, rle_job())
        (process,) = pool.process_ids
        one = pool._idle[0]
        request = one._request(slow_job(), Allowance(), 0.0)._replace(seconds=0.05)

        assert one._process.stdin is not None
        one._process.stdin.write(request.packed())

        assert one._process.wait(PATIENCE_S) == -signal.SIGALRM
        assert not is_running(process)


def test_a_wild_process_cannot_take_its_memory_away_under_the_application() -> None:
    script = (
        "import os, sys\ntry:\n  os.ftruncate(int(sys.argv[1]), 0)\nexcept OSError:\n  sys.exit(7)"
    )
    with DecodePool(size=1) as pool:
        decode(pool, rle_job())
        file = pool._idle[0]._slot.inherited[0]

        done = subprocess.run(
            [sys.executable, "-c", script, str(file)], pass_fds=(file,), check=False
        )

        assert done.returncode == 7
        assert decode(pool, rle_job(4)) == b"\x04\x00" * 64


def test_memory_is_shared_without_a_name_where_there_is_no_anonymous_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")

    with DecodePool(size=1) as pool:
        assert decode(pool, rle_job(8)) == b"\x08\x00" * 64
        assert len(decode(pool, rle_job(8, 300, 300))) == 180_000
        assert list(Path(tempfile.gettempdir()).iterdir()) == []


def test_a_process_gets_no_variable_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRELIM_PASSPHRASE", "secret")
    with DecodePool(size=1) as pool:
        decode(pool, rle_job())
        (process,) = pool.process_ids
        given = Path(f"/proc/{process}/environ").read_bytes()

    assert b"PATH=" in given
    assert b"PRELIM" not in given
    assert b"HOME" not in given.replace(b"PYTHONHOME", b"")


def test_a_process_starts_in_the_folder_of_the_program_not_where_the_user_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "workstation.py").write_text("raise SystemExit('hostile')")
    (tmp_path / "numpy.py").write_text("raise SystemExit('hostile')")
    monkeypatch.chdir(tmp_path)

    with DecodePool(size=1) as pool:
        assert len(decode(pool, slow_job())) == 2 * MIB


def test_a_frozen_program_starts_itself_as_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)

    assert decoder.decoder_command() == (sys.executable, program.DECODER_SWITCH)
    assert decoder._home_of_the_program() == Path(sys.executable).resolve().parent


def test_the_program_becomes_a_decoder_by_its_switch() -> None:
    command = (sys.executable, "-m", "workstation", program.DECODER_SWITCH)
    with DecodePool(size=1, command=command) as pool:
        assert decode(pool, rle_job(6)) == b"\x06\x00" * 64
