"""Overlays; truth: the bitmaps they were made of, written as PS3.5 8.1.2 and PS3.3 C.9.2 say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import (
    ExplicitVRBigEndian,
    MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    RLELossless,
)

from tests.unit.dicom_in.factory import image, ramp, save, stack
from workstation.core.drawings import Drawing, DrawingKind
from workstation.core.image_stack import ImageStack
from workstation.core.volume import Volume
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series

ROWS, COLUMNS = 6, 5
CROSS = np.zeros((ROWS, COLUMNS), dtype=np.uint8)
CROSS[2, :] = CROSS[:, 3] = 1


def packed(bits: NDArray[np.uint8]) -> bytes:
    raw = np.packbits(bits.ravel(), bitorder="little").tobytes()
    return raw + b"\0" * (len(raw) % 2)


def add_overlay(
    data: Dataset,
    bits: NDArray[np.uint8],
    *,
    group: int = 0x6000,
    origin: tuple[int, int] = (1, 1),
    kind: str = "G",
    label: str = "",
) -> Dataset:
    """Add an overlay with data of its own."""
    add_plane(data, group, (bits.shape[-2], bits.shape[-1]), origin, kind)
    data.add_new((group, 0x0100), "US", 1)
    data.add_new((group, 0x0102), "US", 0)
    if bits.ndim == 3:
        data.add_new((group, 0x0015), "IS", len(bits))
    if label:
        data.add_new((group, 0x1500), "LO", label)
    data.add_new((group, 0x3000), "OW", packed(bits))
    return data


def add_plane(
    data: Dataset, group: int, shape: tuple[int, int], origin: tuple[int, int], kind: str
) -> None:
    data.add_new((group, 0x0010), "US", shape[0])
    data.add_new((group, 0x0011), "US", shape[1])
    data.add_new((group, 0x0040), "CS", kind)
    data.add_new((group, 0x0050), "SS", list(origin))


def opened(slices: list[Dataset], folder: Path) -> tuple[ImageStack, Volume]:
    for number, data in enumerate(slices):
        save(data, folder / f"{number}.dcm")
    (series,) = import_paths([folder]).all_series
    display_set = series.display_sets[0]
    return display_set, load_series(display_set)


def drawn(volume: Volume, k: int = 0) -> tuple[Drawing, ...]:
    assert volume.drawings is not None
    return volume.drawings(k)


def codes(display_set: ImageStack) -> set[str]:
    return {doubt.code for doubt in display_set.doubts}


def test_an_overlay_is_drawn_as_its_bits_say_and_changes_no_voxel(tmp_path: Path) -> None:
    display_set, volume = opened([add_overlay(image(1), CROSS, label="ARROW")], tmp_path)

    (drawing,) = drawn(volume)

    assert np.array_equal(drawing.mask, CROSS.astype(bool))
    assert (drawing.kind, drawing.label) == (DrawingKind.GRAPHICS, "ARROW")
    assert np.array_equal(volume.voxels[0], ramp(100) - 1000)
    assert "overlays_shown" in codes(display_set)


def test_all_groups_from_6000_to_601e_are_drawn(tmp_path: Path) -> None:
    data = add_overlay(image(1), CROSS)
    add_overlay(data, 1 - CROSS, group=0x601E, kind="R")

    first, last = drawn(opened([data], tmp_path)[1])

    assert last.kind is DrawingKind.ROI
    assert np.array_equal(last.mask, ~first.mask)


@pytest.mark.parametrize("origin", [(1, 1), (3, 2), (0, -1), (-3, 4), (6, 5), (7, 1), (-90, 1)])
def test_the_origin_may_lie_anywhere(origin: tuple[int, int], tmp_path: Path) -> None:
    data = add_overlay(image(1), CROSS, origin=origin)
    # Far outside on a canvas that holds both, then cut to the image.
    canvas = np.zeros((300, 300), dtype=bool)
    row, column = 100 + origin[0] - 1, 100 + origin[1] - 1
    canvas[row : row + ROWS, column : column + COLUMNS] = CROSS

    (drawing,) = drawn(opened([data], tmp_path)[1])

    assert np.array_equal(drawing.mask, canvas[100 : 100 + ROWS, 100 : 100 + COLUMNS])


def test_an_overlay_smaller_than_the_image_lies_at_its_origin(tmp_path: Path) -> None:
    data = add_overlay(image(1), np.ones((2, 2), dtype=np.uint8), origin=(2, 3))

    (drawing,) = drawn(opened([data], tmp_path)[1])

    assert np.argwhere(drawing.mask).tolist() == [[1, 2], [1, 3], [2, 2], [2, 3]]


def test_bits_above_the_samples_are_an_overlay_and_no_part_of_the_values(tmp_path: Path) -> None:
    samples = np.arange(ROWS * COLUMNS, dtype=np.uint16).reshape(ROWS, COLUMNS) * 100
    data = image(1, pixels=samples | CROSS.astype(np.uint16) << 13, BitsStored=12, HighBit=11)
    add_plane(data, 0x6000, (ROWS, COLUMNS), (1, 1), "G")
    data.add_new((0x6000, 0x0100), "US", 16)
    data.add_new((0x6000, 0x0102), "US", 13)

    _, volume = opened([data], tmp_path)

    assert np.array_equal(volume.voxels[0], samples.astype(int) - 1000)
    assert np.array_equal(drawn(volume)[0].mask, CROSS.astype(bool))


def test_bits_below_the_samples_are_an_overlay_too(tmp_path: Path) -> None:
    samples = np.arange(ROWS * COLUMNS, dtype=np.uint16).reshape(ROWS, COLUMNS)
    data = image(1, pixels=(samples << 4) | CROSS, BitsStored=12, HighBit=15)
    add_plane(data, 0x6000, (ROWS, COLUMNS), (1, 1), "G")
    data.add_new((0x6000, 0x0102), "US", 0)

    _, volume = opened([data], tmp_path)

    assert np.array_equal(volume.voxels[0], samples.astype(int) - 1000)
    assert np.array_equal(drawn(volume)[0].mask, CROSS.astype(bool))


@pytest.mark.parametrize("high_bit", [11, 15])
@pytest.mark.parametrize("is_signed", [False, True])
def test_words_of_rle_are_rid_of_bits_beside_the_samples(
    high_bit: int, is_signed: bool, tmp_path: Path
) -> None:
    samples = np.arange(ROWS * COLUMNS, dtype=np.int16).reshape(ROWS, COLUMNS) * 60
    samples -= 900 if is_signed else 0
    words = (samples.astype(np.uint16) & 0xFFF) << (high_bit - 11)
    data = image(1, pixels=words | CROSS.astype(np.uint16) << (13 if high_bit == 11 else 0))
    data.BitsStored, data.HighBit, data.PixelRepresentation = 12, high_bit, int(is_signed)
    add_plane(data, 0x6000, (ROWS, COLUMNS), (1, 1), "G")
    data.add_new((0x6000, 0x0100), "US", 16)
    data.add_new((0x6000, 0x0102), "US", 13 if high_bit == 11 else 0)
    data.compress(RLELossless)

    display_set, volume = opened([data], tmp_path)

    assert np.array_equal(volume.voxels[0], samples.astype(int) - 1000)
    assert drawn(volume) == ()
    assert "overlay_ignored" in codes(display_set)


def test_bits_of_the_samples_are_no_overlay(tmp_path: Path) -> None:
    data = image(1)
    add_plane(data, 0x6000, (ROWS, COLUMNS), (1, 1), "G")
    data.add_new((0x6000, 0x0102), "US", 3)

    assert drawn(opened([data], tmp_path)[1]) == ()


def multi_frame(count: int) -> Dataset:
    data = image(1, NumberOfFrames=count, Modality="OT")
    data.SOPClassUID = MultiFrameGrayscaleWordSecondaryCaptureImageStorage
    data.PixelData = b"".join(ramp(frame).tobytes() for frame in range(count))
    return data


def test_each_frame_has_its_own_overlay_packed_bit_after_bit(tmp_path: Path) -> None:
    # 30 bits a frame: the second begins in the middle of a byte.
    bits = np.random.default_rng(3).integers(0, 2, (3, ROWS, COLUMNS), dtype=np.uint8)

    _, volume = opened([add_overlay(multi_frame(3), bits)], tmp_path)

    assert [np.array_equal(drawn(volume, k)[0].mask, bits[k]) for k in range(3)] == [True] * 3


def test_overlay_frames_begin_where_they_are_told_to(tmp_path: Path) -> None:
    bits = np.stack([CROSS, 1 - CROSS])
    data = add_overlay(multi_frame(4), bits)
    data.add_new((0x6000, 0x0051), "US", 2)

    _, volume = opened([data], tmp_path)

    assert [len(drawn(volume, k)) for k in range(4)] == [0, 1, 1, 0]
    assert np.array_equal(drawn(volume, 2)[0].mask, (1 - CROSS).astype(bool))


def test_one_overlay_without_frames_lies_on_every_frame(tmp_path: Path) -> None:
    _, volume = opened([add_overlay(multi_frame(3), CROSS)], tmp_path)

    assert [len(drawn(volume, k)) for k in range(3)] == [1, 1, 1]


def test_big_endian_overlays_lie_in_swapped_words(tmp_path: Path) -> None:
    data = add_overlay(image(1), CROSS)
    data.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    for element in data:
        if element.VR == "OW":
            element.value = np.frombuffer(element.value, "<u2").astype(">u2").tobytes()

    assert np.array_equal(drawn(opened([data], tmp_path)[1])[0].mask, CROSS.astype(bool))


def test_each_slice_has_its_own_overlays(tmp_path: Path) -> None:
    slices = stack(3)
    add_overlay(slices[1], CROSS)

    _, volume = opened(slices, tmp_path)

    assert [len(drawn(volume, k)) for k in range(3)] == [0, 1, 0]


@pytest.mark.parametrize("damage", ["cut", "no size", "no rows"])
def test_an_overlay_that_cannot_be_is_left_out(damage: str, tmp_path: Path) -> None:
    data = add_overlay(image(1), CROSS)
    match damage:
        case "cut":
            data[0x6000, 0x3000].value = b"\0\0"
        case "no size":
            del data[0x6000, 0x0011]
        case _:
            data[0x6000, 0x0010].value = 0

    _, volume = opened([data], tmp_path)

    assert drawn(volume) == ()
    assert np.array_equal(volume.voxels[0], ramp(100) - 1000)


def test_a_series_without_overlays_costs_nothing(tmp_path: Path) -> None:
    assert opened([image(1)], tmp_path)[1].drawings is None
