"""Compressed images are what other programs say they are.

Lossless codings, written by dcmtk, GDCM, OpenJPEG, CharLS and OpenJPH, come back bit for bit. Lossy
ones equal what dcmtk, GDCM and OpenJPH decode, within what the standards of these codings allow.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.encaps import get_frame

from tests.support.compressed import WAYS, high_throughput
from tests.support.tools import run_tool
from tests.unit.dicom_in.factory import image, save
from workstation.dicom.decode_pool import DecodePool
from workstation.services.import_studies import import_paths
from workstation.services.open_series import open_series


class Kind(NamedTuple):
    """A kind of pixels: bits allocated and stored, sign, colors."""

    allocated: int
    stored: int
    is_signed: bool = False
    is_color: bool = False

    def pixels(self, rows: int = 67, columns: int = 71) -> NDArray[Any]:
        """Return a ramp with noise over all values, both ends of the range among them."""
        random = np.random.default_rng(self.stored)
        span = 1 << self.stored
        low = -span // 2 if self.is_signed else 0
        shape = (rows, columns, 3) if self.is_color else (rows, columns)
        ramp = np.linspace(low, low + span - 1, rows * columns).reshape(rows, columns)
        values = (ramp[..., None] if self.is_color else ramp) + random.normal(0, span / 200, shape)
        values = np.clip(np.rint(values), low, low + span - 1)
        values.flat[:2] = low, low + span - 1
        return values.astype(f"{'i' if self.is_signed else 'u'}{self.allocated // 8}")


KINDS = {
    "8 bits": Kind(8, 8),
    "12 bits": Kind(16, 12),
    "16 bits": Kind(16, 16),
    "8 bits signed": Kind(8, 8, is_signed=True),
    "12 bits signed": Kind(16, 12, is_signed=True),
    "16 bits signed": Kind(16, 16, is_signed=True),
    "color": Kind(8, 8, is_color=True),
}

LOSSLESS = [name for name, way in WAYS.items() if way.is_lossless]
CANNOT = {
    # OpenJPH 0.9 reads signed raw pictures wrongly; its own decoder gives another picture, too.
    *(("HTJ2K, OpenJPH", kind) for kind in KINDS if "signed" in kind),
    *(("HTJ2K RPCL, OpenJPH", kind) for kind in KINDS if "signed" in kind),
    # GDCM's RLE gives up on segments of odd length.
    *(("RLE, GDCM", kind) for kind in ("8 bits", "8 bits signed", "color")),
}
"""What an encoder cannot do."""


@pytest.fixture(scope="module")
def pool() -> Iterator[DecodePool]:
    with DecodePool(size=1) as one:
        yield one


def native(kind: Kind, folder: Path) -> Path:
    data = image(1, pixels=kind.pixels(), Modality="MR", RescaleIntercept=0)
    data.BitsStored, data.HighBit = kind.stored, kind.stored - 1
    return save(data, folder / "native" / "a.dcm")


def voxels(path: Path, pool: DecodePool) -> NDArray[Any]:
    (series,) = import_paths([path]).all_series
    opened = open_series(series.display_sets[0], pool=pool)
    opened.wait()
    assert not opened.failed, opened.failed[0].reason
    return opened.volume.voxels


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", LOSSLESS)
def test_lossless_images_come_back_bit_for_bit(
    way: str, kind: str, tmp_path: Path, pool: DecodePool
) -> None:
    if (way, kind) in CANNOT:
        pytest.skip("the encoder cannot write this")
    source, target = native(KINDS[kind], tmp_path), tmp_path / "coded.dcm"
    WAYS[way].copy(source, target)
    assert pydicom.dcmread(target).file_meta.TransferSyntaxUID == WAYS[way].syntax

    found = voxels(target, pool)

    assert np.array_equal(found[0], KINDS[kind].pixels())


LOSSY_JPEG = ["JPEG baseline, dcmtk", "JPEG extended, dcmtk", "JPEG progressive, dcmtk"]


@pytest.mark.parametrize("kind", ["8 bits", "12 bits", "12 bits signed", "16 bits"])
@pytest.mark.parametrize("way", LOSSY_JPEG)
def test_lossy_jpeg_is_within_one_step_of_dcmtk(
    way: str, kind: str, tmp_path: Path, pool: DecodePool
) -> None:
    # T.83 allows decoders to differ by one step of their cosine transform.
    found, truth = decoded_both_ways(way, kind, tmp_path, pool, "dcmdjpeg")

    assert np.abs(found - truth).max() <= (2 if kind == "16 bits" else 1)


@pytest.mark.parametrize("way", LOSSY_JPEG)
def test_lossy_color_is_that_of_dcmtk_after_the_same_transform(
    way: str, tmp_path: Path, pool: DecodePool
) -> None:
    found, truth = decoded_both_ways(way, "color", tmp_path, pool, "dcmdjpeg")

    assert np.abs(found - truth).max() <= 3
    assert np.abs(found - truth).mean() < 0.5


@pytest.mark.parametrize("kind", ["8 bits", "12 bits", "16 bits", "color"])
def test_near_lossless_jpeg_ls_is_dcmtks_and_within_its_promise(
    kind: str, tmp_path: Path, pool: DecodePool
) -> None:
    found, truth = decoded_both_ways("JPEG-LS near, dcmtk", kind, tmp_path, pool, "dcmdjpls")

    assert np.array_equal(found, truth)
    assert np.abs(found[0] - KINDS[kind].pixels()).max() <= 2


@pytest.mark.parametrize("kind", KINDS)
def test_lossy_jpeg_2000_is_that_of_gdcm(kind: str, tmp_path: Path, pool: DecodePool) -> None:
    found, truth = decoded_both_ways(
        "JPEG 2000 lossy, OpenJPEG", kind, tmp_path, pool, "gdcmconv", "--raw"
    )

    assert np.array_equal(found, truth)


def decoded_both_ways(
    way: str, kind: str, folder: Path, pool: DecodePool, *decoder: str
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return voxels of a compressed file, by us and after another program decompressed it."""
    source, coded, plain = native(KINDS[kind], folder), folder / "c.dcm", folder / "plain" / "p.dcm"
    WAYS[way].copy(source, coded)
    plain.parent.mkdir()
    done = run_tool(decoder[0], *decoder[1:], coded, plain)
    assert done.code == 0, done.text
    assert not pydicom.dcmread(plain).file_meta.TransferSyntaxUID.is_encapsulated
    return voxels(coded, pool).astype(float), voxels(plain, pool).astype(float)


def test_lossy_high_throughput_jpeg_2000_is_that_of_openjph(
    tmp_path: Path, pool: DecodePool
) -> None:
    kind = KINDS["12 bits"]
    WAYS["HTJ2K lossy, OpenJPH"].copy(native(kind, tmp_path), tmp_path / "c.dcm")
    data = pydicom.dcmread(tmp_path / "c.dcm")
    coded, raw = tmp_path / "c.j2c", tmp_path / "c.yuv"
    coded.write_bytes(get_frame(data.PixelData, 0, number_of_frames=1))
    done = run_tool("ojph_expand", "-i", coded, "-o", raw)
    assert done.code == 0, done.text
    truth = np.fromfile(raw, "<u2").reshape(67, 71)

    found = voxels(tmp_path / "c.dcm", pool)[0]

    assert np.abs(found.astype(int) - truth).max() <= 1


def test_high_throughput_streams_without_a_sign_get_that_of_the_header(
    tmp_path: Path, pool: DecodePool
) -> None:
    kind = KINDS["12 bits signed"]
    source = pydicom.dcmread(native(kind, tmp_path))
    unsigned = (kind.pixels() & 0xFFF).astype(np.uint16)
    source.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.201"
    source.PixelData = pydicom.encaps.encapsulate(
        [high_throughput(unsigned, 12, "-reversible", "true")]
    )
    source["PixelData"].VR = "OB"
    source.save_as(tmp_path / "c.dcm")

    assert np.array_equal(voxels(tmp_path / "c.dcm", pool)[0], kind.pixels())
