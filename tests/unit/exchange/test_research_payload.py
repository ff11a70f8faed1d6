"""The bytes of voxels: counted, and never more than claimed."""

from __future__ import annotations

import bz2
import gzip
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.volumes import Nifti, meta_bytes, nrrd_bytes, nrrd_header, ramp
from workstation.core.errors import CancelledError
from workstation.core.job import CancelToken
from workstation.exchange.research.header import (
    Coding,
    LocalFile,
    VolumeRefusedError,
)
from workstation.exchange.research.payload import check_payload, inflated, voxel_bytes
from workstation.exchange.research.recognize import kind_of, read_volume_header

PACK: dict[Coding, Callable[[bytes], bytes]] = {
    Coding.GZIP: gzip.compress,
    Coding.ZLIB: zlib.compress,
    Coding.BZIP2: bz2.compress,
}
VOXELS = ramp((5, 4, 3)).tobytes()


def _check(data: bytes, token: CancelToken | None = None) -> list[str]:
    source = LocalFile(Path("a"), "a", data)
    kind = kind_of(source)
    assert kind is not None
    header = read_volume_header(kind, source)
    return [doubt.code for doubt in check_payload(header, source, token or CancelToken())]


@pytest.mark.parametrize("coding", PACK)
@given(parts=st.lists(st.binary(max_size=4000), min_size=1, max_size=3), limit=st.integers(0, 9000))
def test_packed_streams_of_several_parts_unpack_to_their_bytes_and_no_more(
    coding: Coding, parts: list[bytes], limit: int
) -> None:
    if coding is Coding.ZLIB:
        parts = parts[:1]
    packed = b"".join(PACK[coding](part) for part in parts)

    got = b"".join(inflated(BytesIO(packed), coding, limit))

    assert got == b"".join(parts)[:limit]


@pytest.mark.parametrize("coding", PACK)
def test_a_packed_stream_that_is_cut_is_said_to_be_cut(coding: Coding) -> None:
    packed = PACK[coding](bytes(range(256)) * 100)

    with pytest.raises(VolumeRefusedError, match="cut"):
        list(inflated(BytesIO(packed[:-12]), coding, 1 << 30))


@pytest.mark.parametrize("coding", PACK)
def test_noise_instead_of_a_packed_stream_is_said_to_be_damaged(coding: Coding) -> None:
    with pytest.raises(VolumeRefusedError, match="do not unpack"):
        list(inflated(BytesIO(b"\x78\x9c" + b"\xff" * 100), coding, 1 << 30))


def test_what_follows_a_packed_stream_is_no_part_of_it() -> None:
    assert b"".join(inflated(BytesIO(gzip.compress(b"abc") + bytes(50)), Coding.GZIP, 99)) == b"abc"


@pytest.mark.parametrize(
    "data",
    [
        Nifti().content(),
        gzip.compress(Nifti().content()),
        nrrd_bytes(),
        nrrd_bytes({"encoding": "gzip"}),
        nrrd_header({"encoding": "bzip2"}) + bz2.compress(VOXELS),
        meta_bytes(),
        meta_bytes({"CompressedData": "True"}),
    ],
)
def test_whole_files_pass_and_files_cut_by_a_few_bytes_do_not(data: bytes) -> None:
    assert _check(data) == []
    for lost in (1, 2, 13, 40):
        with pytest.raises(VolumeRefusedError, match=r"cut|damaged"):
            _check(data[:-lost])


def test_a_wrong_check_sum_is_damage() -> None:
    packed = bytearray(gzip.compress(Nifti(voxels=ramp((50, 40, 3))).content()))
    packed[-6] ^= 1

    with pytest.raises(VolumeRefusedError, match="do not unpack"):
        _check(bytes(packed))


def test_a_claim_that_no_packing_can_reach_is_refused_before_anything_is_unpacked() -> None:
    lie = Nifti(dims=(3, 1000, 1000, 1000), voxels=ramp((1, 1, 1)))

    with pytest.raises(VolumeRefusedError, match="cut"):
        _check(gzip.compress(lie.content()))


def test_bytes_that_no_header_explains_are_doubted() -> None:
    assert _check(Nifti().content() + bytes(100)) == ["bytes_left"]


def test_the_check_can_be_cancelled() -> None:
    token = CancelToken()
    token.cancel()

    with pytest.raises(CancelledError):
        _check(gzip.compress(Nifti().content()), token)


def test_voxels_at_the_end_of_a_file_are_found_from_its_end() -> None:
    data = nrrd_bytes({"byte skip": "-1"})
    source = LocalFile(Path("a"), "a", data)
    kind = kind_of(source)
    assert kind is not None
    header = read_volume_header(kind, source)

    assert b"".join(voxel_bytes(header, BytesIO(b"junk" + data))) == VOXELS


def test_bytes_to_skip_are_counted_after_unpacking() -> None:
    data = nrrd_header({"encoding": "gzip", "byte skip": "4"}) + gzip.compress(b"abcd" + VOXELS)
    source = LocalFile(Path("a"), "a", data)
    kind = kind_of(source)
    assert kind is not None
    header = read_volume_header(kind, source)

    assert b"".join(voxel_bytes(header, BytesIO(data))) == VOXELS
