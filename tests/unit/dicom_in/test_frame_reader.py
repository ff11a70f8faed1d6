"""What each maker writes, read from its own place and from no other maker's."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.pixels.utils import pack_bits

from tests.unit.dicom_in.factory import image, item, save
from workstation.dicom.frame_reader import FrameReader
from workstation.dicom.frames import Frame
from workstation.dicom.headers import HeaderError, read_header
from workstation.dicom.sources import SourceFile

Block = tuple[int, str]

SIEMENS: Block = (0x0019, "SIEMENS MR HEADER")
PHILIPS: Block = (0x2001, "Philips Imaging DD 001")
GE: Block = (0x0043, "GEMS_PARM_01")
UIH: Block = (0x0065, "Image Private Header")


def frame_of(data: Dataset, folder: Path) -> Frame:
    path = save(data, folder / "a.dcm")
    return FrameReader().read(read_header(SourceFile(path, path.name)))[0]


@pytest.mark.parametrize(
    ("owner", "offset", "vr", "value", "b_value"),
    [
        (SIEMENS, 0x0C, "IS", 1000, 1000),
        (PHILIPS, 0x03, "FL", 800.0, 800),
        (GE, 0x39, "IS", [1000000700, 8, 0, 0], 700),
        (UIH, 0x09, "FD", 929.5, 929.5),
        ((0x0019, "SOMEBODY ELSE"), 0x0C, "IS", 1000, None),
        ((0x0043, "SOMEBODY ELSE"), 0x39, "IS", 700, None),
    ],
)
def test_b_values_come_from_the_maker_that_owns_the_block(
    owner: Block, offset: int, vr: str, value: object, b_value: float | None, tmp_path: Path
) -> None:
    data = image(1, Modality="MR")
    data.private_block(owner[0], owner[1], create=True).add_new(offset, vr, value)

    assert frame_of(data, tmp_path).imaging.contrast.b_value == b_value


def test_the_standard_b_value_wins(tmp_path: Path) -> None:
    data = image(1, Modality="MR", DiffusionBValue=50.0, DiffusionGradientOrientation=[0.0, 0, 1])
    data.private_block(*SIEMENS, create=True).add_new(0x0C, "IS", 1000)

    contrast = frame_of(data, tmp_path).imaging.contrast

    assert contrast.b_value == 50
    assert contrast.gradient == (0, 0, 1)


def test_the_direction_of_united_imaging_is_read(tmp_path: Path) -> None:
    data = image(1, Modality="MR")
    block = data.private_block(*UIH, create=True)
    block.add_new(0x37, "FD", [0.0, 1.0, 0.0])

    assert frame_of(data, tmp_path).imaging.contrast.gradient == (0, 1, 0)


def test_neighbours_share_what_is_equal(tmp_path: Path) -> None:
    reader = FrameReader()
    headers = [read_header(SourceFile(save(image(n), tmp_path / f"{n}"), str(n))) for n in (1, 2)]

    first, second = (reader.read(header)[0] for header in headers)

    assert first.imaging is second.imaging
    assert first.position != second.position


@pytest.mark.parametrize(
    ("value", "expected"), [("nonsense", None), ("nan", None), ("1e400", None), ("", None)]
)
def test_numbers_that_are_none_are_absent(value: str, expected: object, tmp_path: Path) -> None:
    path = save(image(1, SliceThickness="1.2345678901"), tmp_path / "a.dcm")
    raw = path.read_bytes().replace(b"1.2345678901", value.ljust(12).encode())
    path.write_bytes(raw)

    header = read_header(SourceFile(path, "a"))
    frame = FrameReader().read(header)[0]

    assert frame.imaging.thickness_mm == (expected or 0)


@pytest.mark.parametrize("slope", ["0", "nonsense1"])
def test_a_slope_of_zero_or_nonsense_is_no_rescale(slope: str, tmp_path: Path) -> None:
    path = save(image(1, RescaleSlope="1.2345678"), tmp_path / "a.dcm")
    path.write_bytes(path.read_bytes().replace(b"1.2345678 ", slope.ljust(10).encode()))

    frame = FrameReader().read(read_header(SourceFile(path, "a")))[0]

    assert frame.imaging.rescale.slope == 1
    assert not frame.imaging.rescale.is_stated


def coded(data: Dataset, syntax: str) -> Dataset:
    data.file_meta.TransferSyntaxUID = syntax
    data.PixelData = encapsulate([bytes(40)])
    data["PixelData"].VR = "OB"
    data["PixelData"].is_undefined_length = True
    return data


def test_floating_point_pixels_are_refused_in_words(tmp_path: Path) -> None:
    data = image(1)
    data.FloatPixelData = struct.pack("<30f", *range(30))
    del data.PixelData

    with pytest.raises(HeaderError, match="floating point"):
        frame_of(data, tmp_path)


def test_videos_are_refused_in_words(tmp_path: Path) -> None:
    data = coded(image(1), "1.2.840.10008.1.2.4.102")

    with pytest.raises(HeaderError, match="video"):
        frame_of(data, tmp_path)


@pytest.mark.parametrize("syntax", ["1.2.840.113619.5.2", "1.2.840.10008.1.2.7.1", "no uid"])
def test_pixels_of_a_coding_nobody_here_reads_are_refused_in_words(
    syntax: str, tmp_path: Path
) -> None:
    path = save(image(1), tmp_path / "a.dcm")
    element = b"\x02\x00\x10\x00UI"
    other = syntax.encode() + b"\0" * (len(syntax) % 2)
    before, after = path.read_bytes().split(element + b"\x14\x00")
    path.write_bytes(before + element + struct.pack("<H", len(other)) + other + after[20:])

    with pytest.raises(HeaderError, match="cannot read"):
        FrameReader().read(read_header(SourceFile(path, "a")))


def test_compressed_pixels_that_end_early_are_refused(tmp_path: Path) -> None:
    data = coded(image(1), "1.2.840.10008.1.2.5")
    path = save(data, tmp_path / "a.dcm")
    path.write_bytes(path.read_bytes()[:-30])

    with pytest.raises(HeaderError, match="ends inside its compressed pixels"):
        read_header(SourceFile(path, "a"))


def test_a_compressed_picture_that_claims_too_much_is_refused(tmp_path: Path) -> None:
    data = coded(image(1, Rows=16000, Columns=16000), "1.2.840.10008.1.2.4.90")

    with pytest.raises(HeaderError, match="far more pixels than it can hold"):
        frame_of(data, tmp_path)


def test_a_window_without_width_is_no_window(tmp_path: Path) -> None:
    data = image(1, WindowCenter=[40, 50], WindowWidth=[0, 100])

    assert [one.center for one in frame_of(data, tmp_path).imaging.windows] == [50]


def test_a_damaged_sequence_is_refused_in_words(tmp_path: Path) -> None:
    data = image(1, ModalityLUTSequence=item(LUTDescriptor=[1, 0, 16], ModalityLUTType="HU"))
    path = save(data, tmp_path / "a.dcm")
    raw = path.read_bytes()
    at = raw.index(b"\x28\x00\x00\x30SQ") + 12
    path.write_bytes(raw[:at] + b"\x01\x02\x03\x04" + raw[at + 4 :])

    with pytest.raises(HeaderError, match="damaged"):
        FrameReader().read(read_header(SourceFile(path, "a")))


@pytest.mark.parametrize(
    ("syntax", "words"),
    [
        ("1.2.840.10008.1.2.4.92", "JPEG 2000 with several components"),
        ("1.2.840.10008.1.2.4.110", "JPEG XL, which this program cannot read"),
        ("1.2.840.10008.1.2.4.94", "on the server that it names"),
        ("1.2.840.113619.5.2", "coded in a way that this program cannot read"),
    ],
)
def test_what_no_decoder_reads_is_called_by_its_name(
    syntax: str, words: str, tmp_path: Path
) -> None:
    data = image(1)
    data.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.201"
    data.PixelData = encapsulate([bytes(20)])
    data["PixelData"].is_undefined_length = True
    path = save(data, tmp_path / "a.dcm")
    meant, known = syntax.encode().ljust(24, b"\0"), b"1.2.840.10008.1.2.4.201\0"
    path.write_bytes(path.read_bytes().replace(known, meant))

    with pytest.raises(HeaderError, match=words):
        FrameReader().read(read_header(SourceFile(path, path.name)))


def test_single_bits_of_several_frames_share_bytes(tmp_path: Path) -> None:
    bits = np.random.default_rng(1).integers(0, 2, (5, 3, 5), np.uint8)
    data = image(1, pixels=bits[0], Modality="OT")
    data.BitsAllocated = data.BitsStored = 1
    data.HighBit, data.NumberOfFrames = 0, 5
    data.PixelData = pack_bits(bits)
    path = save(data, tmp_path / "a.dcm")
    assert len(data.PixelData) == 10

    frames = FrameReader().read(read_header(SourceFile(path, path.name)))

    assert len(frames) == 5
