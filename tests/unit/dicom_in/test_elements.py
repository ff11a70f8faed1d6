"""Finding elements in bytes: pydicom's reading is the truth, hostile bytes end in our words."""

from __future__ import annotations

import io
import struct

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.unit.dicom_in.factory import image, item
from workstation.dicom.elements import (
    EXPLICIT_LITTLE,
    IMPLICIT_LITTLE,
    DamagedError,
    DataEndsError,
    Encoding,
    Wanted,
    items,
    scan,
)

ROWS_TAG, ITEMS_TAG, DESCRIPTION_TAG = 0x00280010, 0x00081140, 0x0008103E
WANTED = Wanted(frozenset({ROWS_TAG, ITEMS_TAG, DESCRIPTION_TAG}))


def encoded(data: Dataset, *, implicit: bool, little: bool) -> bytes:
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, data, implicit_vr=implicit, little_endian=little)
    return buffer.getvalue()


def sample(*, undefined: bool) -> Dataset:
    data = image(SeriesDescription="abc")
    data.ReferencedImageSequence = Sequence(
        [*item(ReferencedSOPInstanceUID="1.2.3"), *item(ReferencedSOPInstanceUID="1.2.4")]
    )
    data["ReferencedImageSequence"].is_undefined_length = undefined
    for one in data.ReferencedImageSequence:
        one.is_undefined_length_sequence_item = undefined
    return data


def _sample_bytes() -> bytes:
    whole = sample(undefined=True)
    whole.SOPInstanceUID = "2.25.5"
    del whole.file_meta
    return encoded(whole, implicit=False, little=True)


SAMPLE_BYTES = _sample_bytes()


@pytest.mark.parametrize("undefined", [False, True])
@pytest.mark.parametrize(("implicit", "little"), [(True, True), (False, True), (False, False)])
def test_elements_are_found_in_every_encoding(
    implicit: bool, little: bool, undefined: bool
) -> None:
    data = sample(undefined=undefined)
    del data.file_meta
    raw = encoded(data, implicit=implicit, little=little)

    found = scan(raw, 0, Encoding(not implicit, little), WANTED)

    assert int.from_bytes(found.values[ROWS_TAG], "little" if little else "big") == data.Rows
    assert found.values[DESCRIPTION_TAG] == b"abc "
    assert found.pixel is not None
    assert raw[found.pixel.offset : found.pixel.offset + found.pixel.length] == data.PixelData


@pytest.mark.parametrize("undefined", [False, True])
def test_items_of_a_sequence_are_found_whole(undefined: bool) -> None:
    data = sample(undefined=undefined)
    del data.file_meta
    raw = encoded(data, implicit=False, little=True)
    sequence = scan(raw, 0, EXPLICIT_LITTLE, WANTED).values[ITEMS_TAG]
    uid = Wanted(frozenset({0x00081155}))

    uids = [
        scan(sequence, start, EXPLICIT_LITTLE, uid, end=end).values[0x00081155]
        for start, end in items(sequence, EXPLICIT_LITTLE)
    ]

    assert uids == [b"1.2.3\0", b"1.2.4\0"]


def test_a_length_beyond_the_data_says_how_much_is_needed() -> None:
    raw = struct.pack("<HH2sHI", 0x0009, 0x1001, b"OB", 0, 0xFFFFFFF0) + b"ab"

    with pytest.raises(DataEndsError) as error:
        scan(raw, 0, EXPLICIT_LITTLE, WANTED)

    assert error.value.needed == 12 + 0xFFFFFFF0


def test_sequences_nested_without_end_are_refused() -> None:
    level = struct.pack("<HH2sHI", 0x0040, 0xA730, b"SQ", 0, 0xFFFFFFFF)
    level += struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)

    with pytest.raises(DamagedError, match="nested too deep"):
        scan(level * 100_000, 0, EXPLICIT_LITTLE, WANTED)


def test_a_sequence_that_holds_no_items_is_damaged() -> None:
    raw = struct.pack("<HHI", 0x0008, 0x1140, 0xFFFFFFFF) + b"garbage here"

    with pytest.raises(DamagedError, match="no item"):
        scan(raw, 0, IMPLICIT_LITTLE, WANTED)


def test_an_item_that_reaches_beyond_its_sequence_is_damaged() -> None:
    raw = struct.pack("<HHI", 0xFFFE, 0xE000, 500) + b"short"

    with pytest.raises(DamagedError, match="cut"):
        list(items(raw, EXPLICIT_LITTLE))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_bytes_end_in_elements_or_in_our_own_words(data: st.DataObject) -> None:
    raw = bytearray(SAMPLE_BYTES)
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))

    try:
        found = scan(bytes(raw), 0, EXPLICIT_LITTLE, WANTED)
        for value in found.values.values():
            list(items(value, EXPLICIT_LITTLE))
    except (DataEndsError, DamagedError):
        return

    assert found.end <= len(raw)
