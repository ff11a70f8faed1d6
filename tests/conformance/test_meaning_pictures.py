"""The picture on the screen is the one dcmtk makes of the same file: gray scales and inversion."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.overlays.numpy_handler import get_overlay_array
from pydicom.sequence import Sequence

from tests.support.data import study
from tests.support.tools import run_tool
from tests.unit.dicom_in.factory import edit, image, save
from viewers.render.frame import FrameRenderer
from viewers.render.source import SliceSource
from viewers.state.view_state import ViewState
from viewers.state.windows import window_presets
from workstation.core.volume import Volume
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series

SAME_GRAY = 1
"""dcmtk cuts gray levels off, we round to the nearest: they may be one level apart."""

STORED = (np.arange(64 * 64, dtype=np.uint16) % 4096).reshape(64, 64)


def table(entries: NDArray[np.uint16], bits: int) -> Dataset:
    data = Dataset()
    data.add_new("LUTDescriptor", "US", [len(entries), 0, bits])
    data.add_new("LUTData", "OW", entries.astype("<u2").tobytes())
    return data


CURVES = (
    (4095 * (np.arange(4096) / 4095) ** 2).astype(np.uint16),
    (255 * np.sqrt(np.arange(4096) / 4095)).astype(np.uint16),
)


def twelve_bits(**attributes: object) -> Dataset:
    data = edit(image(1, pixels=STORED, RescaleIntercept=0, Modality="DX"), **attributes)
    data.BitsStored, data.HighBit = 12, 11
    return data


def loaded(path: Path) -> Volume:
    (series,) = import_paths([path]).all_series
    return load_series(series.display_sets[0])


def on_screen(volume: Volume, preset: int = 0) -> NDArray[np.uint8]:
    state = ViewState(window_presets(volume, lambda _k: True)[preset])
    return FrameRenderer(SliceSource(volume, lambda _k: True)).render(state).pixels


def by_dcmtk(path: Path, folder: Path, *options: str) -> NDArray[np.uint8]:
    """Return the picture that dcm2pnm makes, gray or RGB."""
    made = folder / "made.pnm"
    outcome = run_tool("dcm2pnm", *options, "+op", path, made)
    assert outcome.code == 0, outcome.text
    return pnm(made.read_bytes())


def pnm(raw: bytes) -> NDArray[np.uint8]:
    """Return the pixels of a binary PGM or PPM file without comments."""
    kind, columns, rows, _white = raw.split(maxsplit=4)[:4]
    shape = (int(rows), int(columns)) + ((3,) if kind == b"P6" else ())
    return np.frombuffer(raw[-int(np.prod(shape)) :], dtype=np.uint8).reshape(shape)


def assert_same(ours: NDArray[np.uint8], theirs: NDArray[np.uint8], tolerance: int) -> None:
    assert ours.shape == theirs.shape
    assert np.abs(ours.astype(int) - theirs.astype(int)).max() <= tolerance


@pytest.mark.parametrize("number", [0, 1])
def test_each_table_of_the_header_shows_as_in_dcmtk(number: int, tmp_path: Path) -> None:
    voi = Sequence([table(CURVES[0], 12), table(CURVES[1], 8)])
    path = save(twelve_bits(VOILUTSequence=voi), tmp_path / "in" / "a.dcm")

    theirs = by_dcmtk(path, tmp_path, "+Wl", str(number + 1))

    assert_same(on_screen(loaded(path), number), theirs, SAME_GRAY)


@pytest.mark.parametrize(("function", "option"), [("LINEAR", "+Wfl"), ("SIGMOID", "+Wfs")])
@pytest.mark.parametrize(("center", "width"), [(2048, 4096), (1000, 300), (3000, 2)])
def test_each_window_shows_as_in_dcmtk(
    function: str, option: str, center: int, width: int, tmp_path: Path
) -> None:
    data = twelve_bits(WindowCenter=center, WindowWidth=width, VOILUTFunction=function)
    path = save(data, tmp_path / "in" / "a.dcm")

    theirs = by_dcmtk(path, tmp_path, "+Wi", "1", option)

    assert_same(on_screen(loaded(path)), theirs, SAME_GRAY)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("shape", [None, "IDENTITY", "INVERSE"])
@pytest.mark.parametrize("has_table", [False, True])
def test_white_and_black_are_those_of_dcmtk(
    photometric: str, shape: str | None, has_table: bool, tmp_path: Path
) -> None:
    data = twelve_bits(PhotometricInterpretation=photometric)
    data.WindowCenter, data.WindowWidth = 2048, 4096
    if has_table:
        data.VOILUTSequence = Sequence([table(CURVES[0], 12)])
    if shape:
        data.PresentationLUTShape = shape
    path = save(data, tmp_path / "in" / "a.dcm")

    theirs = by_dcmtk(path, tmp_path, *(("+Wl", "1") if has_table else ("+Wi", "1")))

    assert_same(on_screen(loaded(path)), theirs, SAME_GRAY)


def test_a_table_of_values_goes_before_the_window_as_in_dcmtk(tmp_path: Path) -> None:
    values = table(CURVES[0], 16)
    values.ModalityLUTType = "US"
    data = twelve_bits(ModalityLUTSequence=Sequence([values]))
    del data.RescaleSlope, data.RescaleIntercept
    data.WindowCenter, data.WindowWidth = 1500, 2000
    path = save(data, tmp_path / "in" / "a.dcm")

    assert_same(on_screen(loaded(path)), by_dcmtk(path, tmp_path, "+Wi", "1"), SAME_GRAY)


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "tolerance"),
    [
        ("examples_palette.dcm", 0),
        ("examples_rgb_color.dcm", 0),
        ("ExplVR_BigEnd.dcm", 0),
        ("SC_rgb_small_odd.dcm", 0),
        ("SC_rgb_small_odd_big_endian.dcm", 0),
        # Luminance and differences become colors by fixed-point numbers there.
        ("SC_ybr_full_422_uncompressed.dcm", 1),
    ],
)
def test_colors_of_real_files_are_those_of_dcmtk(
    name: str, tolerance: int, tmp_path: Path, expect_log: Callable[[str], None]
) -> None:
    expect_log("^pydicom")
    path = next(study("s13_odd_files").rglob(name))

    volume = loaded(path)

    assert_same(volume.voxels[0], by_dcmtk(path, tmp_path), tolerance)


@pytest.mark.data
def test_the_overlay_of_a_real_file_is_the_one_pydicom_reads() -> None:
    path = next(study("s13_odd_files").rglob("examples_overlay.dcm"))

    volume = loaded(path)

    assert volume.drawings is not None
    (drawing,) = volume.drawings(0)
    header = pydicom.dcmread(path)
    raw = get_overlay_array(header, 0x6000)
    row, column = (place - 1 for place in header[0x6000, 0x0050].value)
    expected = np.zeros(drawing.mask.shape, dtype=bool)
    expected[row : row + raw.shape[0], column : column + raw.shape[1]] = raw
    assert np.array_equal(drawing.mask, expected)
    assert np.array_equal(volume.voxels[0], header.pixel_array)
