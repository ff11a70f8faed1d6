"""NRRD and MetaImage headers. Truth: the definitions of both formats, and SimpleITK."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813 its own short name
from hypothesis import given
from hypothesis import strategies as st

from tests.support.volumes import meta_bytes, nrrd_bytes, ramp
from workstation.exchange.research.header import (
    Coding,
    LocalFile,
    VolumeHeader,
    VolumeRefusedError,
)
from workstation.exchange.research.recognize import Kind, kind_of, read_volume_header

COSINES = np.array([[0.36, 0.48, -0.8], [-0.8, 0.6, 0.0], [0.48, 0.64, 0.6]])
"""A rotation of round numbers."""


def _nrrd(changes: dict[str, str | None]) -> VolumeHeader:
    data = nrrd_bytes(changes)
    return read_volume_header(Kind.NRRD, LocalFile(Path("a"), "a.nrrd", data))


def _meta(changes: dict[str, str | None]) -> VolumeHeader:
    data = meta_bytes(changes)
    return read_volume_header(Kind.META_IMAGE, LocalFile(Path("a"), "a.mha", data))


def _codes(header: VolumeHeader) -> list[str]:
    return [doubt.code for doubt in header.placement.doubts]


@pytest.mark.parametrize("suffix", ["nrrd", "mha"])
@pytest.mark.parametrize("is_packed", [False, True])
def test_what_simpleitk_writes_is_placed_where_simpleitk_reads_it(
    tmp_path: Path, suffix: str, is_packed: bool
) -> None:
    image = sitk.GetImageFromArray(ramp((5, 4, 3)))
    image.SetSpacing((1.5, 2.5, 3.5))
    image.SetOrigin((-10, 20, 30))
    image.SetDirection(COSINES.ravel())
    path = tmp_path / f"a.{suffix}"
    sitk.WriteImage(image, str(path), is_packed)
    source = LocalFile(path, path.name)
    kind = kind_of(source)
    assert kind is not None

    header = read_volume_header(kind, source)

    assert header.shape_ijk == (5, 4, 3)
    assert header.placement.is_placed
    assert (header.coding is Coding.RAW) is not is_packed
    for index in ((0, 0, 0), (4, 3, 2), (4, 0, 1)):
        theirs = image.TransformIndexToPhysicalPoint(index)
        assert header.placement.matrix @ [*index, 1] == pytest.approx([*theirs, 1])


@pytest.mark.parametrize(
    ("space", "signs"),
    [
        ("left-posterior-superior", (1, 1, 1)),
        ("LPS", (1, 1, 1)),
        ("right-anterior-superior", (-1, -1, 1)),
        ("RAS", (-1, -1, 1)),
        ("left-anterior-superior", (1, -1, 1)),
    ],
)
def test_each_anatomical_space_is_turned_to_lps(space: str, signs: tuple[int, ...]) -> None:
    matrix = _nrrd({"space": space}).placement.matrix

    assert matrix[:3, 3].tolist() == [10 * signs[0], 20 * signs[1], 30 * signs[2]]
    assert np.diag(matrix)[:3].tolist() == [signs[0], 2 * signs[1], 3 * signs[2]]


@pytest.mark.parametrize(
    "changes",
    [
        {"space": "scanner-xyz"},
        {"space": "3D-right-handed"},
        {"space": None, "space dimension": "3"},
        {"space": None, "space directions": None, "space origin": None, "spacings": "1 2 3"},
    ],
)
def test_a_space_that_names_no_side_is_no_position(changes: dict[str, str | None]) -> None:
    placement = _nrrd(changes).placement

    assert not placement.is_placed
    assert placement.has_millimetres
    assert np.diag(placement.matrix)[:3].tolist() == [1, 2, 3]


def test_no_spacing_at_all_is_no_millimeters() -> None:
    header = _nrrd({"space": None, "space directions": None, "space origin": None})

    assert _codes(header) == ["no_position", "no_millimeters"]


def test_a_unit_of_length_is_used_and_its_absence_said() -> None:
    named = _nrrd({"space units": '"um" "um" "um"'})
    unnamed = _nrrd({})

    assert np.diag(named.placement.matrix)[:3] == pytest.approx([0.001, 0.002, 0.003])
    assert _codes(named) == []
    assert _codes(unnamed) == ["assumed_millimeters"]


def test_a_missing_origin_is_doubted_and_directions_stay() -> None:
    header = _nrrd({"space origin": None})

    assert header.placement.is_placed
    assert "no_origin" in _codes(header)


@pytest.mark.parametrize(
    ("sizes", "kinds", "directions", "is_interleaved"),
    [
        ("5 4 3 2", "domain domain domain list", "(1,0,0) (0,2,0) (0,0,3) none", False),
        ("2 5 4 3", "list domain domain domain", "none (1,0,0) (0,2,0) (0,0,3)", True),
    ],
)
def test_a_list_axis_counts_volumes(
    sizes: str, kinds: str, directions: str, is_interleaved: bool
) -> None:
    header = _nrrd(
        {"dimension": "4", "sizes": sizes, "kinds": kinds, "space directions": directions}
    )

    assert header.shape_ijk == (5, 4, 3)
    assert header.volumes == 2
    assert header.is_interleaved is is_interleaved


def test_the_unit_of_samples_is_taken_where_it_is_hu() -> None:
    assert _nrrd({"sample units": '"HU"'}).unit == "HU"
    assert _nrrd({"sample units": '"T1 relaxation"'}).unit == ""


VECTORS = {
    "dimension": "4",
    "sizes": "3 5 4 3",
    "space directions": "none (1,0,0) (0,2,0) (0,0,3)",
    "kinds": "vector domain domain domain",
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"data file": "/etc/passwd"}, "another folder"),
        ({"data file": "../a.raw"}, "another folder"),
        ({"data file": "sub/a.raw"}, "another folder"),
        ({"data file": "C:\\a.raw"}, "another folder"),
        ({"data file": "LIST"}, "several files"),
        ({"data file": "a%03d.raw 1 3 1"}, "several files"),
        ({"type": "block"}, "type"),
        ({"endian": None}, "order of bytes"),
        ({"encoding": "zrl"}, "not known"),
        ({"encoding": None}, "encoding"),
        ({"sizes": "5 4"}, "contradicts itself"),
        ({"sizes": "5 4 x"}, "whole number"),
        ({"sizes": "5 4 -3"}, "contradicts itself"),
        ({"line skip": "2"}, "skip lines"),
        ({"byte skip": "-7"}, "impossible"),
        ({"space directions": "(1,0,0) (0,1,0)"}, "contradicts itself"),
        ({"Sizes": "5 4 3"}, "twice"),
        (VECTORS, "vector field"),
        (VECTORS | {"kinds": "complex domain domain domain", "sizes": "2 5 4 3"}, "complex"),
    ],
)
def test_nrrd_that_is_no_plain_image_is_refused_in_words(
    changes: dict[str, str | None], words: str
) -> None:
    with pytest.raises(VolumeRefusedError, match=words):
        _nrrd(changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ElementDataFile": "/etc/passwd"}, "another folder"),
        ({"ElementDataFile": "../a.raw"}, "another folder"),
        ({"ElementDataFile": "LIST"}, "several files"),
        ({"ElementDataFile": "a%02d.raw 1 3 1"}, "several files"),
        ({"NDims": "4"}, "contradicts itself"),
        ({"NDims": None}, "contradicts itself"),
        ({"DimSize": "0 4 3"}, "without voxels"),
        ({"DimSize": "50000 50000 50000"}, "it claims"),
        ({"DimSize": "5 4 999999"}, "more voxels"),
        ({"ElementType": "MET_LONG"}, "type"),
        ({"ElementNumberOfChannels": "3"}, "vector field"),
        ({"ObjectType": "Tube"}, "holds no image"),
        ({"HeaderSize": "-9"}, "impossible"),
        ({"DimSize ": "5 4 3"}, "twice"),
    ],
)
def test_metaimage_that_is_no_plain_image_is_refused_in_words(
    changes: dict[str, str | None], words: str
) -> None:
    with pytest.raises(VolumeRefusedError, match=words):
        _meta(changes)


def test_metaimage_without_directions_or_spacing_says_so() -> None:
    assert _codes(_meta({"TransformMatrix": None})) == ["no_position"]
    assert _codes(_meta({"ElementSpacing": None})) == ["no_millimeters"]
    assert _codes(_meta({"ElementSpacing": "1 0 3"})) == ["no_millimeters"]
    both = _meta({"TransformMatrix": None, "ElementSpacing": None})
    assert _codes(both) == ["no_position", "no_millimeters"]


def test_a_header_that_does_not_end_is_refused() -> None:
    data = b"ObjectType = Image\nNDims = 3\nElementDataFileX\n"

    with pytest.raises(VolumeRefusedError, match="does not end"):
        read_volume_header(Kind.META_IMAGE, LocalFile(Path("a"), "a.mha", data))


@given(st.data())
def test_a_spoiled_text_header_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    kind, whole = data.draw(
        st.sampled_from([(Kind.NRRD, nrrd_bytes()), (Kind.META_IMAGE, meta_bytes())])
    )
    spoiled = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(8, len(spoiled) - 1))
        match data.draw(st.sampled_from(["set", "cut", "repeat"])):
            case "set":
                spoiled[place] = data.draw(st.integers(0, 255))
            case "cut":
                del spoiled[place : place + data.draw(st.integers(1, 5))]
            case _:
                spoiled[place:place] = spoiled[max(0, place - 20) : place]

    try:
        header = read_volume_header(kind, LocalFile(Path("a"), "a", bytes(spoiled)))
    except VolumeRefusedError:
        return

    assert np.isfinite(header.placement.matrix).all()
    assert header.claimed_bytes > 0
