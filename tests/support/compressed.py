"""Compressed copies of DICOM files, made by encoders that are not ours.

    for way in WAYS.values(): way.copy(source, target)

``copy_series`` makes a compressed copy of a folder. A way whose tool is not installed skips the
test that asked for it. The encoders: dcmtk (JPEG, JPEG-LS, RLE), GDCM (JPEG 2000, JPEG-LS, RLE,
JPEG), OpenJPEG through pylibjpeg, CharLS through pyjpegls, OpenJPH (high throughput JPEG 2000).
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate

from tests.support.tools import run_tool

RLE = "1.2.840.10008.1.2.5"
BASELINE = "1.2.840.10008.1.2.4.50"
EXTENDED = "1.2.840.10008.1.2.4.51"
PROGRESSIVE = "1.2.840.10008.1.2.4.55"
JPEG_LOSSLESS = "1.2.840.10008.1.2.4.57"
JPEG_LOSSLESS_SV1 = "1.2.840.10008.1.2.4.70"
JPEG_LS = "1.2.840.10008.1.2.4.80"
JPEG_LS_NEAR = "1.2.840.10008.1.2.4.81"
JPEG_2000 = "1.2.840.10008.1.2.4.90"
JPEG_2000_LOSSY = "1.2.840.10008.1.2.4.91"
HTJ2K = "1.2.840.10008.1.2.4.201"
HTJ2K_RPCL = "1.2.840.10008.1.2.4.202"
HTJ2K_LOSSY = "1.2.840.10008.1.2.4.203"


@dataclass(frozen=True, slots=True)
class Way:
    """One encoder with its options.

    Attributes:
        syntax: transfer syntax it writes.
        copy: writes a compressed copy of a native file: source, target.
        is_lossless: whether every value must come back.
    """

    syntax: str
    copy: Callable[[Path, Path], None]
    is_lossless: bool = True


def copy_series(source: Path, target: Path, way: Way) -> Path:
    """Write a compressed copy of each file of a folder; return the new folder."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.iterdir()):
        way.copy(path, target / path.name)
    return target


def encapsulated(data: Dataset, syntax: str, *frames: bytes, has_table: bool = True) -> Dataset:
    """Put code streams into a data set, one fragment for each frame; return it."""
    data.file_meta.TransferSyntaxUID = syntax
    data.PixelData = encapsulate(list(frames), has_bot=has_table)
    data["PixelData"].VR = "OB"
    data["PixelData"].is_undefined_length = True
    return data


def _tool(name: str, *options: str) -> Callable[[Path, Path], None]:
    def copy(source: Path, target: Path) -> None:
        done = run_tool(name, *options, source, target)
        assert done.code == 0, done.text
        assert target.is_file()

    return copy


def _pydicom(syntax: str, plugin: str, **options: object) -> Callable[[Path, Path], None]:
    def copy(source: Path, target: Path) -> None:
        data = _writable(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data.compress(syntax, encoding_plugin=plugin, generate_instance_uid=False, **options)
        data.save_as(target)

    return copy


def _writable(path: Path) -> Dataset:
    """Return a data set without group 0, which some files carry and pydicom does not write."""
    data = pydicom.dcmread(path)
    for tag in [tag for tag in data if tag.tag.group == 0]:
        del data[tag.tag]
    return data


def _openjph(syntax: str, *options: str) -> Callable[[Path, Path], None]:
    def copy(source: Path, target: Path) -> None:
        data = _writable(source)
        pixels = pydicom.pixels.pixel_array(data, raw=True)
        frames = pixels if int(data.get("NumberOfFrames", 1)) > 1 else pixels[None]
        coded = [high_throughput(frame, int(data.BitsStored), *options) for frame in frames]
        if data.SamplesPerPixel == 3:
            data.PhotometricInterpretation = "YBR_RCT"
        encapsulated(data, syntax, *coded).save_as(target)

    return copy


def high_throughput(pixels: NDArray[np.generic], bits: int, *options: str) -> bytes:
    """Return a high throughput JPEG 2000 code stream of (rows, columns) or (..., 3) pixels."""
    rows, columns = pixels.shape[:2]
    count = 3 if pixels.ndim == 3 else 1
    signed = "true" if pixels.dtype.kind == "i" else "false"
    planes = np.moveaxis(pixels, -1, 0) if count == 3 else pixels
    dimensions = ("-dims", f"{{{columns},{rows}}}", "-num_comps", str(count))
    sample = ("-signed", signed, "-bit_depth", str(bits), "-downsamp", "{1,1}")
    with tempfile.TemporaryDirectory() as folder:
        raw, coded = Path(folder) / "a.yuv", Path(folder) / "a.j2c"
        raw.write_bytes(np.ascontiguousarray(planes).tobytes())
        done = run_tool("ojph_compress", "-i", raw, "-o", coded, *dimensions, *sample, *options)
        assert done.code == 0, done.text
        return coded.read_bytes()


WAYS = {
    "RLE, dcmtk": Way(RLE, _tool("dcmcrle")),
    "RLE, pylibjpeg": Way(RLE, _pydicom(RLE, "pylibjpeg")),
    "RLE, GDCM": Way(RLE, _tool("gdcmconv", "--rle")),
    "JPEG lossless, first order, dcmtk": Way(JPEG_LOSSLESS_SV1, _tool("dcmcjpeg", "+e1")),
    "JPEG lossless, predictor 4, dcmtk": Way(JPEG_LOSSLESS, _tool("dcmcjpeg", "+el", "+sv", "4")),
    "JPEG lossless, GDCM": Way(JPEG_LOSSLESS_SV1, _tool("gdcmconv", "--jpeg")),
    "JPEG-LS, dcmtk": Way(JPEG_LS, _tool("dcmcjpls", "+el")),
    "JPEG-LS, GDCM": Way(JPEG_LS, _tool("gdcmconv", "--jpegls")),
    "JPEG-LS, CharLS": Way(JPEG_LS, _pydicom(JPEG_LS, "pyjpegls")),
    "JPEG 2000, GDCM": Way(JPEG_2000, _tool("gdcmconv", "--j2k")),
    "JPEG 2000, OpenJPEG": Way(JPEG_2000, _pydicom(JPEG_2000, "pylibjpeg")),
    "HTJ2K, OpenJPH": Way(HTJ2K, _openjph(HTJ2K, "-reversible", "true", "-prog_order", "LRCP")),
    "HTJ2K RPCL, OpenJPH": Way(
        HTJ2K_RPCL, _openjph(HTJ2K_RPCL, "-reversible", "true", "-prog_order", "RPCL")
    ),
    "JPEG baseline, dcmtk": Way(BASELINE, _tool("dcmcjpeg", "+eb"), is_lossless=False),
    "JPEG extended, dcmtk": Way(EXTENDED, _tool("dcmcjpeg", "+ee"), is_lossless=False),
    "JPEG progressive, dcmtk": Way(PROGRESSIVE, _tool("dcmcjpeg", "+ep"), is_lossless=False),
    "JPEG-LS near, dcmtk": Way(JPEG_LS_NEAR, _tool("dcmcjpls", "+en"), is_lossless=False),
    "JPEG 2000 lossy, OpenJPEG": Way(
        JPEG_2000_LOSSY,
        _pydicom(JPEG_2000_LOSSY, "pylibjpeg", j2k_cr=[10]),
        is_lossless=False,
    ),
    "HTJ2K lossy, OpenJPH": Way(
        HTJ2K_LOSSY, _openjph(HTJ2K_LOSSY, "-qstep", "0.002"), is_lossless=False
    ),
}
"""Ways to compress, by name."""
