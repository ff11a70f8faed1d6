"""Gray scales of the header; truth: pydicom's apply_voi and apply_windowing on the same file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels import apply_modality_lut, apply_voi, apply_windowing
from pydicom.sequence import Sequence

from tests.unit.dicom_in.factory import edit, enhanced, image, item, save
from workstation.core.grayscale import gray_levels
from workstation.dicom.display_sets import DisplaySet
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series

STEEP = (np.arange(64, dtype=np.uint16) ** 2).astype(np.uint16)
"""64 entries of 12 bits: 0 to 3969."""


def table(
    entries: NDArray[np.uint16],
    *,
    first: int = 0,
    bits: int = 12,
    is_signed: bool = False,
    explanation: str = "",
) -> Dataset:
    """Return the item of a VOI LUT Sequence as pydicom writes it."""
    data = Dataset()
    if is_signed:
        data.add_new("LUTDescriptor", "SS", [len(entries), first, bits])
    else:
        data.add_new("LUTDescriptor", "US", [len(entries) % 65536, first, bits])
    if explanation:
        data.LUTExplanation = explanation
    data.add_new("LUTData", "OW", entries.astype("<u2").tobytes())
    return data


def loaded(data: Dataset, folder: Path) -> DisplaySet:
    save(data, folder / "a.dcm")
    (series,) = import_paths([folder]).all_series
    (display_set,) = series.display_sets
    assert isinstance(display_set, DisplaySet)
    return display_set


def shown(data: Dataset, folder: Path, number: int = 0) -> NDArray[np.float64]:
    """Return what the viewer makes of the file with one of its gray scales, 0..255."""
    display_set = loaded(data, folder)
    volume = load_series(display_set)
    return gray_levels(volume.voxels[0], volume.windows[number]).astype(np.float64)


@pytest.mark.parametrize(
    ("attributes", "first", "is_signed"),
    [
        ({"RescaleIntercept": 0}, 105, False),
        ({"RescaleIntercept": -1000}, -890, True),
        ({"RescaleSlope": 2, "RescaleIntercept": -10}, 200, False),
    ],
)
def test_a_table_is_applied_as_pydicom_applies_it(
    attributes: dict[str, object], first: int, is_signed: bool, tmp_path: Path
) -> None:
    voi = Sequence([table(STEEP, first=first, is_signed=is_signed)])
    data = edit(image(1, VOILUTSequence=voi), **attributes)
    modality = apply_modality_lut(data.pixel_array, data)
    # pydicom looks at the Pixel Representation for the sign; the modality output decides here.
    expected = apply_voi(modality.astype(np.int32), data) * (255 / 4095)

    assert np.abs(shown(data, tmp_path) - expected).max() < 1e-3


def test_several_tables_and_windows_are_offered_in_their_order_with_names(tmp_path: Path) -> None:
    voi = Sequence(
        [table(STEEP, explanation="NORMAL"), table(STEEP[::-1].copy(), explanation="HARDER")]
    )
    data = image(1, VOILUTSequence=voi, WindowCenter=[40, 50], WindowWidth=[400, 500])

    names = [(window.name, window.table is not None) for window in loaded(data, tmp_path).windows]

    assert names == [
        ("Scanner table 1: NORMAL", True),
        ("Scanner table 2: HARDER", True),
        ("", False),
        ("", False),
    ]


def test_the_second_table_is_another_picture(tmp_path: Path) -> None:
    voi = Sequence([table(STEEP, first=100), table(STEEP[::-1].copy(), first=100)])
    data = image(1, VOILUTSequence=voi, RescaleIntercept=0)
    expected = apply_voi(data.pixel_array, data, index=1) * (255 / 4095)

    assert np.abs(shown(data, tmp_path, 1) - expected).max() < 1e-3


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize(("center", "width"), [(-880, 20), (-885.5, 7), (-880, 1)])
def test_windows_are_applied_as_pydicom_applies_them(
    function: str, center: float, width: float, tmp_path: Path
) -> None:
    data = image(1, WindowCenter=center, WindowWidth=width, VOILUTFunction=function)
    modality = apply_modality_lut(data.pixel_array, data)
    plain = apply_windowing(modality, data)
    # pydicom spreads over the range of the stored bits after the rescale.
    low, high = -32768 - 1000, 32767 - 1000
    expected = (plain - low) * 255 / (high - low)

    assert np.abs(shown(data, tmp_path) - expected).max() < 0.01


def test_a_descriptor_of_zero_entries_means_65536(tmp_path: Path) -> None:
    entries = np.arange(65536, dtype=np.uint16)[::-1].copy()
    stored = np.array([[0, 1], [40000, 65535]], dtype=np.uint16)
    voi = Sequence([table(entries, bits=16)])
    data = image(1, pixels=stored, VOILUTSequence=voi, RescaleIntercept=0, Modality="DX")

    assert np.abs(shown(data, tmp_path) - (65535 - stored.astype(float)) * 255 / 65535).max() < 1e-2


@pytest.mark.parametrize("is_packed", [True, False])
def test_entries_of_8_bits_are_read_from_bytes_and_from_words(
    is_packed: bool, tmp_path: Path
) -> None:
    entries = np.array([0, 10, 200, 255], dtype=np.uint8)
    voi = table(entries.astype(np.uint16), bits=8)
    if is_packed:
        voi.LUTData = entries.tobytes()
    stored = np.array([[0, 1, 2, 3]], dtype=np.uint16)
    data = image(1, pixels=stored, VOILUTSequence=Sequence([voi]), RescaleIntercept=0)

    assert shown(data, tmp_path).tolist() == [[0, 10, 200, 255]]


def test_a_table_of_8_bit_entries_that_claims_16_is_not_black(tmp_path: Path) -> None:
    voi = table(np.array([0, 255], dtype=np.uint16), bits=16)
    stored = np.array([[0, 1]], dtype=np.uint16)
    data = image(1, pixels=stored, VOILUTSequence=Sequence([voi]), RescaleIntercept=0)

    assert shown(data, tmp_path).tolist() == [[0, 255]]


def test_a_cut_table_gives_way_to_the_window_and_says_so(tmp_path: Path) -> None:
    voi = table(STEEP)
    voi.LUTDescriptor = [65, 0, 12]
    data = image(1, VOILUTSequence=Sequence([voi]), WindowCenter=40, WindowWidth=400)

    display_set = loaded(data, tmp_path)

    assert [(one.center, one.table) for one in display_set.windows] == [(40, None)]
    assert "voi_table_broken" in [doubt.code for doubt in display_set.doubts]


@pytest.mark.parametrize(
    ("width", "function", "slope", "is_refused"),
    [
        (0, "LINEAR", 1, True),
        (-5, "SIGMOID", 1, True),
        (0.5, "LINEAR", 1, True),
        (0.5, "LINEAR", 0.001, False),
        (0.5, "LINEAR_EXACT", 1, False),
        (1, "LINEAR", 1, False),
    ],
)
def test_impossible_widths_are_refused(
    width: float, function: str, slope: float, is_refused: bool, tmp_path: Path
) -> None:
    data = image(1, WindowCenter=1, WindowWidth=width, VOILUTFunction=function, RescaleSlope=slope)

    display_set = loaded(data, tmp_path)

    assert (display_set.windows == ()) is is_refused
    assert ("window_refused" in [doubt.code for doubt in display_set.doubts]) is is_refused


def test_a_table_per_frame_of_an_enhanced_object_is_read(tmp_path: Path) -> None:
    data = enhanced(3)
    for frame, group in enumerate(data.PerFrameFunctionalGroupsSequence):
        entries = np.array([0, 100 * (frame + 1)], dtype=np.uint16)
        group.FrameVOILUTSequence = item(VOILUTSequence=Sequence([table(entries, bits=12)]))

    display_set = loaded(data, tmp_path)

    tables = [frame.imaging.windows[0].table for frame in display_set.frames]
    # Frames are stored from head to foot and shown from foot to head.
    assert [int(one.levels[1]) for one in tables if one] == [300, 200, 100]


@pytest.mark.parametrize(
    ("photometric", "shape", "is_low_bright"),
    [
        ("MONOCHROME1", None, True),
        ("MONOCHROME2", None, False),
        ("MONOCHROME1", "INVERSE", True),
        ("MONOCHROME2", "IDENTITY", False),
        ("MONOCHROME2", "INVERSE", True),
        ("MONOCHROME1", "IDENTITY", False),
    ],
)
def test_one_inversion_at_most(
    photometric: str, shape: str | None, is_low_bright: bool, tmp_path: Path
) -> None:
    # The six cases as dcm2pnm 3.6.7 shows them (tests/conformance/test_meaning_pictures.py).
    data = image(1, PhotometricInterpretation=photometric)
    if shape:
        data.PresentationLUTShape = shape

    assert loaded(data, tmp_path).is_monochrome1 is is_low_bright
