"""The reading process: right voxels, and what becomes of it when it dies, hangs or lies.

Truth of voxels: the arrays that the test files were made of.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.support.volumes import (
    Nifti,
    meta_bytes,
    meta_header,
    nrrd_bytes,
    nrrd_header,
    ramp,
)
from workstation.core.errors import CancelledError, InputRefusedError
from workstation.core.job import CancelToken
from workstation.exchange.research.header import LocalFile, VolumeRefusedError
from workstation.exchange.research.loader import ResearchLoader
from workstation.exchange.research.reader import (
    STOPPED,
    TOO_SLOW,
    ReadRequest,
    VolumeReader,
    send_request,
)
from workstation.exchange.research.recognize import Kind, kind_of
from workstation.exchange.research.thumbnail import research_thumbnail
from workstation.exchange.research.volume import ResearchVolume
from workstation.services.import_studies import import_paths

NAN = float("nan")
HANGS = "import time; time.sleep(60)"
DIES = "import os; os.abort()"
TALKS_NONSENSE = (
    "import struct, sys; sys.stdout.buffer.write(struct.pack('<Q', 3) + b'[1]'); "
    "sys.stdout.flush(); sys.stdin.read()"
)
CLAIMS_TOO_LONG = (
    "import struct, sys; sys.stdout.buffer.write(struct.pack('<Q', 1 << 40)); sys.stdout.flush()"
)
STOPS_MIDWAY = (
    "import struct, sys, json; h = json.dumps({'shape': [3, 4, 5], 'voxel_type': 'int16', "
    "'bytes': 120}).encode(); o = sys.stdout.buffer; "
    "o.write(struct.pack('<Q', len(h)) + h + bytes(50)); o.flush()"
)
LIES_ABOUT_ITS_SIZE = STOPS_MIDWAY.replace("120", "1 << 50")


@pytest.fixture(scope="module")
def reader() -> Iterator[VolumeReader]:
    with VolumeReader() as made:
        yield made


def _odd(code: str, *, seconds: float = 20.0) -> VolumeReader:
    return VolumeReader((sys.executable, "-c", code), start_seconds=seconds)


def _request(*contents: bytes, number: int = 0) -> ReadRequest:
    files = tuple(
        LocalFile(Path("a"), f"v{place or ''}.raw", data) for place, data in enumerate(contents)
    )
    kind = kind_of(files[0])
    assert kind is not None
    return ReadRequest(kind, files, 1 << 20, volume=number)


def _read(reader: VolumeReader, *contents: bytes, number: int = 0) -> NDArray[Any]:
    with reader.ask(_request(*contents, number=number), CancelToken()) as answer:
        voxels = np.zeros(answer.shape, answer.voxel_type)
        for plane in voxels:
            answer.fill(plane)
    return voxels


def _volume(tmp_path: Path, data: bytes) -> ResearchVolume:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "v.nii").write_bytes(data)
    stack = import_paths([tmp_path / "study"]).all_series[0].display_sets[0]
    assert isinstance(stack, ResearchVolume)
    return stack


PLAIN = ramp((5, 4, 3))


@pytest.mark.parametrize(
    "data",
    [
        Nifti().content(),
        Nifti(order=">").content(),
        Nifti(version=2).content(),
        Nifti(voxels=PLAIN.astype("<f4")).content(),
        Nifti(voxels=PLAIN.astype("<f8")).content(),
        Nifti(voxels=PLAIN.astype("<i8")).content(),
        Nifti(voxels=PLAIN.astype("<u4")).content(),
        Nifti(slope=0, intercept=5).content(),
        Nifti(qform=0, sform=1, rows=((0,) * 4,) * 3).content(),
        gzip.compress(Nifti().content()),
        nrrd_bytes(),
        nrrd_bytes({"endian": "big"}, PLAIN.astype(">i2")),
        nrrd_bytes({"encoding": "gzip"}),
        nrrd_header({"encoding": "ascii"}) + " ".join(map(str, range(60))).encode(),
        nrrd_header({"encoding": "hex"}) + PLAIN.tobytes().hex().encode(),
        nrrd_bytes({"space directions": "(nan,0,0) (0,2,0) (0,0,3)"}),
        meta_bytes(),
        meta_bytes({"CompressedData": "True"}),
        meta_bytes({"BinaryDataByteOrderMSB": "True"}, PLAIN.astype(">i2")),
        meta_header({"BinaryData": "False"}) + " ".join(map(str, range(60))).encode(),
    ],
)
def test_whole_numbers_are_kept_exactly_whatever_wrote_them(
    reader: VolumeReader, data: bytes
) -> None:
    voxels = _read(reader, data)

    assert voxels.dtype == np.int16
    assert voxels.tolist() == PLAIN.tolist()


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize(
    ("data", "stored"),
    [
        (Nifti(voxels=ramp((5, 4, 3, 2))).content(), ramp((5, 4, 3, 2))),
        (
            nrrd_bytes(
                {
                    "dimension": "4",
                    "sizes": "2 5 4 3",
                    "kinds": "list domain domain domain",
                    "space directions": "none (1,0,0) (0,2,0) (0,0,3)",
                },
                ramp((2, 5, 4, 3)),
            ),
            np.moveaxis(ramp((2, 5, 4, 3)), 3, 0),
        ),
    ],
)
def test_each_volume_of_a_file_is_read_by_itself(
    reader: VolumeReader, data: bytes, stored: NDArray[Any], number: int
) -> None:
    assert _read(reader, data, number=number).tolist() == stored[number].tolist()


def test_a_header_alone_is_read_with_its_voxels(reader: VolumeReader) -> None:
    voxels = _read(reader, nrrd_header({"data file": "v1.raw"}), PLAIN.tobytes())

    assert voxels.tolist() == PLAIN.tolist()


def test_a_rescale_is_computed_in_64_bits_and_kept_whole_where_it_is(reader: VolumeReader) -> None:
    whole = _read(reader, Nifti(slope=2, intercept=-1024).content())
    broken = _read(reader, Nifti(slope=0.1, intercept=0.3).content())

    assert whole.dtype == np.int16
    assert whole.tolist() == (PLAIN * 2 - 1024).tolist()
    slope, intercept = float(np.float32(0.1)), float(np.float32(0.3))
    assert broken.tolist() == (PLAIN * slope + intercept).astype(np.float32).tolist()


def test_large_numbers_lose_digits_and_say_so(reader: VolumeReader) -> None:
    large = PLAIN.astype("<i4") + 2**25

    with reader.ask(_request(Nifti(voxels=large).content()), CancelToken()) as answer:
        assert answer.voxel_type == np.float32
        assert answer.count("inexact") == int(np.count_nonzero(large.astype("f4") != large))


def test_what_is_no_number_stays_none_and_is_counted(reader: VolumeReader) -> None:
    voxels = PLAIN.astype("<f4")
    voxels[0, 0, :2] = NAN, np.inf

    with reader.ask(_request(Nifti(voxels=voxels).content()), CancelToken()) as answer:
        got = np.zeros(answer.shape, answer.voxel_type)
        answer.fill(got)

        assert answer.count("not_numbers") == 2
        assert np.array_equal(got, voxels, equal_nan=True)


def test_color_is_kept_and_transparency_shown_on_black(reader: VolumeReader) -> None:
    rgba = np.array([[[[200, 100, 50, 255], [200, 100, 50, 0]]]], dtype="u1")
    nifti = Nifti(voxels=rgba.reshape(1, 1, 8), dims=(3, 2, 1, 1), code=2304)

    assert _read(reader, nifti.content()).tolist() == [[[[200, 100, 50], [0, 0, 0]]]]


def test_a_picture_is_turned_as_its_camera_says(reader: VolumeReader) -> None:
    pixels = np.zeros((80, 100), dtype="u1")
    pixels[:40] = 255
    note = Image.Exif()
    note[0x112] = 6  # "the 0th row is the right-hand side": turn clockwise (EXIF 2.32, 4.6.4.A)
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", exif=note, quality=95)

    got = _read(reader, stream.getvalue())[0]

    assert got.shape == (100, 80)
    assert got[:, 50:].min() > 200
    assert got[:, :30].max() < 50


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (DIES, STOPPED),
        (TALKS_NONSENSE, STOPPED),
        (CLAIMS_TOO_LONG, STOPPED),
        (STOPS_MIDWAY, STOPPED),
        (LIES_ABOUT_ITS_SIZE, STOPPED),
    ],
)
def test_a_process_that_dies_or_lies_costs_one_sentence(code: str, words: str) -> None:
    with _odd(code) as odd, pytest.raises(VolumeRefusedError, match=words):
        _read(odd, Nifti().content())


def test_a_process_that_hangs_is_ended() -> None:
    with _odd(HANGS, seconds=0.2) as odd, pytest.raises(VolumeRefusedError, match=TOO_SLOW):
        _read(odd, Nifti().content())


def test_a_cancelled_request_ends_at_once() -> None:
    token = CancelToken()
    threading.Timer(0.2, token.cancel).start()

    with _odd(HANGS) as odd, pytest.raises(CancelledError), odd.ask(_request(b"NRRD0004"), token):
        pass


def test_a_request_after_a_death_starts_it_again(tmp_path: Path) -> None:
    once = tmp_path / "was-here"
    code = (
        f"import pathlib, runpy, sys, os; p = pathlib.Path({str(once)!r})\n"
        "if not p.exists(): p.touch(); os.abort()\n"
        "runpy.run_module('workstation.exchange.research.process', run_name='__main__')"
    )

    with _odd(code) as odd:
        with pytest.raises(VolumeRefusedError, match=STOPPED):
            _read(odd, Nifti().content())
        assert _read(odd, Nifti().content()).tolist() == PLAIN.tolist()


def test_what_asks_for_more_memory_than_it_may_have_is_refused() -> None:
    # 64 MB of zeros, packed to 64 KB, in a process that may grow by 32 MiB
    large = gzip.compress(Nifti(voxels=np.zeros((64, 1000, 1000), "u1")).content(), 1)

    with (
        VolumeReader(memory_bytes=32 << 20) as reader,
        pytest.raises(VolumeRefusedError, match=r"memory|damaged"),
    ):
        _read(reader, large)


def test_an_answer_that_nobody_takes_is_not_given_to_the_next(reader: VolumeReader) -> None:
    with reader.ask(_request(Nifti(voxels=PLAIN + 7).content()), CancelToken()):
        pass

    assert _read(reader, Nifti().content()).tolist() == PLAIN.tolist()


def test_a_loader_that_loses_its_process_tells_which_slices_are_blank(tmp_path: Path) -> None:
    volume = _volume(tmp_path, Nifti().content())
    told: list[int] = []
    loader = ResearchLoader(
        volume,
        first_index=1,
        on_slice=told.append,
        cancel=CancelToken(),
        reader=_odd(STOPS_MIDWAY),
    )

    loader.start()
    loader.wait()

    assert told == [1, 0, 2]
    assert loader.loaded.tolist() == [False, True, False]
    assert [aside.reason for aside in loader.failed] == [STOPPED, STOPPED]


def test_a_loader_refuses_in_words_what_its_process_cannot_read(tmp_path: Path) -> None:
    volume = _volume(tmp_path, Nifti().content())

    with pytest.raises(InputRefusedError, match="stopped"):
        ResearchLoader(
            volume, first_index=0, on_slice=None, cancel=CancelToken(), reader=_odd(DIES)
        )


def test_a_thumbnail_is_the_middle_slice_or_black(tmp_path: Path) -> None:
    voxels = np.zeros((3, 4, 4), "<i2")
    voxels[1, :2] = 100
    volume = _volume(tmp_path, Nifti(voxels=voxels, pixdim=(1, 1, 1, 1)).content())

    seen = research_thumbnail(volume, 8)
    volume.sources[0].path.unlink()
    gone = research_thumbnail(volume, 8)
    volume.reader.close()

    # The stored rows run to the front; shown, the front is up.
    assert seen[4:].min() > 200
    assert seen[:4].max() == 0
    assert gone.max() == 0


def test_the_kind_of_a_request_names_what_is_read() -> None:
    assert _request(Nifti().content()).kind is Kind.NIFTI


def test_nothing_is_left_behind_where_the_application_dies(tmp_path: Path) -> None:
    folder = tmp_path / "of-the-process"
    folder.mkdir()
    command = [sys.executable, "-m", "workstation.exchange.research.process", str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    send_request(process.stdin, _request(Nifti().content()), 1 << 29)
    assert process.stdout.read(8)
    assert list(folder.iterdir())

    process.stdin.close()
    process.stdout.close()

    assert process.wait(20) == 0
    assert not folder.exists()
