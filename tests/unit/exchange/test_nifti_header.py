"""NIfTI headers: where the voxels are, what their numbers mean, and what is refused.

Truth: nifti1.h (the three methods, DATA SCALING) worked out by hand, and SimpleITK where named.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813 its own short name
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.volumes import RGB24, Nifti, ramp
from workstation.exchange.research.header import (
    Coding,
    LocalFile,
    VolumeHeader,
    VolumeRefusedError,
)
from workstation.exchange.research.recognize import Kind, kind_of, read_volume_header

NAN = float("nan")
LPS_OF_RAS = np.array([-1.0, -1.0, 1.0])


def _read(nifti: Nifti) -> VolumeHeader:
    return _read_bytes(nifti.content())


def _read_bytes(data: bytes) -> VolumeHeader:
    return read_volume_header(Kind.NIFTI, LocalFile(Path("a.nii"), "a.nii", data))


def _codes(header: VolumeHeader) -> list[str]:
    return [doubt.code for doubt in (*header.placement.doubts, *header.doubts)]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("order", ["<", ">"])
def test_both_versions_in_both_byte_orders_say_the_same(version: int, order: str) -> None:
    header = _read(Nifti(version=version, order=order))

    assert header.shape_ijk == (5, 4, 3)
    assert header.element == f"{order}i2"
    assert header.start == (352 if version == 1 else 544)
    assert header.placement.matrix[:3, 3].tolist() == [-10, -20, 30]
    assert np.diag(header.placement.matrix).tolist() == [-1, -2, 3, 1]
    assert _codes(header) == []


quaternions = st.tuples(*[st.floats(-1, 1) for _ in range(3)]).filter(
    lambda q: 0.01 < sum(part * part for part in q) < 0.99
)


@settings(max_examples=30, deadline=None)
@given(quaternions, st.sampled_from([1.0, -1.0]), st.tuples(*[st.floats(0.2, 5)] * 3))
def test_a_quaternion_places_voxels_where_simpleitk_does(
    tmp_path_factory: pytest.TempPathFactory,
    quaternion: tuple[float, ...],
    qfac: float,
    spacing: tuple[float, ...],
) -> None:
    nifti = Nifti(quaternion=quaternion, pixdim=(qfac, *spacing))
    path = nifti.write(tmp_path_factory.mktemp("q") / "a.nii")
    image = sitk.ReadImage(str(path))

    matrix = _read(nifti).placement.matrix

    for index in ((0, 0, 0), (4, 0, 0), (0, 3, 0), (4, 3, 2)):
        theirs = image.TransformIndexToPhysicalPoint(index)
        assert matrix @ [*index, 1] == pytest.approx([*theirs, 1], abs=1e-4)


def test_the_rows_of_an_sform_are_ras_positions() -> None:
    rows = ((0, 0, 3, 7), (1, 0, 0, -8), (0, 2, 0, 9))

    placement = _read(Nifti(qform=0, sform=1, rows=rows)).placement

    expected = np.array(rows) * LPS_OF_RAS[:, None]
    assert placement.matrix[:3].tolist() == expected.tolist()


def test_no_code_is_no_position_but_distances_stay() -> None:
    placement = _read(Nifti(qform=0, sform=0)).placement

    assert not placement.is_placed
    assert placement.has_millimetres
    assert [doubt.code for doubt in placement.doubts] == ["no_position"]


@pytest.mark.parametrize(
    ("sform", "z_mm", "word"), [(1, 90.0, "sform"), (2, 30.0, "qform"), (4, 30.0, "qform")]
)
def test_two_places_are_doubted_and_that_of_the_scanner_is_taken_as_simpleitk_does(
    tmp_path: Path, sform: int, z_mm: float, word: str
) -> None:
    rows = ((1, 0, 0, 10), (0, 2, 0, 20), (0, 0, 3, 90))
    nifti = Nifti(sform=sform, rows=rows)
    image = sitk.ReadImage(str(nifti.write(tmp_path / "a.nii")))

    header = _read(nifti)

    assert _codes(header) == ["forms_disagree"]
    assert f"the {word} is used" in header.placement.doubts[0].text
    assert header.placement.matrix[2, 3] == pytest.approx(z_mm) == image.GetOrigin()[2]


def test_two_forms_that_agree_are_no_doubt() -> None:
    rows = ((1, 0, 0, 10), (0, 2, 0, 20), (0, 0, 3, 30))

    assert _codes(_read(Nifti(sform=1, rows=rows))) == []


@pytest.mark.parametrize(
    ("pixdim", "codes"),
    [
        ((1, 0, 2, 3), ["no_millimeters"]),
        ((1, NAN, 2, 3), ["no_position", "no_millimeters"]),
        ((1, -1, 2, 3), ["no_position", "no_millimeters"]),
    ],
)
def test_a_distance_that_is_none_gives_no_millimeters(
    pixdim: tuple[float, ...], codes: list[str]
) -> None:
    header = _read(Nifti(pixdim=pixdim))

    assert not header.placement.has_millimetres
    assert _codes(header) == codes


@pytest.mark.parametrize(("units", "factor"), [(1, 1000.0), (2, 1.0), (3, 0.001)])
def test_meters_and_microns_become_millimeters(units: int, factor: float) -> None:
    stated = tuple(length / factor for length in (1.0, 2.0, 3.0))

    header = _read(Nifti(units=units, pixdim=(1, *stated)))

    assert np.abs(np.diag(header.placement.matrix)[:3]) == pytest.approx([1, 2, 3])
    assert _codes(header) == []


def test_a_length_without_a_unit_is_millimeters_where_it_can_be_and_is_said() -> None:
    likely = _read(Nifti(units=0))
    absurd = _read(Nifti(units=0, pixdim=(1, 1e-4, 1e-4, 1e-4)))

    assert _codes(likely) == ["assumed_millimeters"]
    assert _codes(absurd) == ["no_millimeters"]


def test_an_sform_of_another_size_than_pixdim_measures_nothing() -> None:
    rows = ((2, 0, 0, 0), (0, 2, 0, 0), (0, 0, 3, 0))

    header = _read(Nifti(qform=0, sform=1, rows=rows))

    assert _codes(header) == ["spacing_disagrees"]
    assert not header.placement.has_millimetres


@pytest.mark.parametrize("rows", [((0.0,) * 4,) * 3, ((NAN,) * 4,) * 3])
def test_an_empty_sform_is_no_position(rows: tuple[tuple[float, ...], ...]) -> None:
    header = _read(Nifti(qform=0, sform=1, rows=rows))

    assert not header.placement.is_placed
    assert not header.placement.has_millimetres


def test_a_quaternion_that_is_none_is_no_position() -> None:
    assert not _read(Nifti(quaternion=(1, 1, 1))).placement.is_placed


@pytest.mark.parametrize(
    ("slope", "intercept", "expected", "codes"),
    [
        (2.0, -5.0, (2.0, -5.0), []),
        (0.0, 7.0, (1.0, 0.0), []),  # "if the scl_slope field is nonzero" (nifti1.h)
        (NAN, 7.0, (1.0, 0.0), ["rescale_ignored"]),
        (2.0, NAN, (1.0, 0.0), ["rescale_ignored"]),
    ],
)
def test_a_rescale_counts_only_where_it_is_one(
    slope: float, intercept: float, expected: tuple[float, float], codes: list[str]
) -> None:
    header = _read(Nifti(slope=slope, intercept=intercept))

    assert (header.slope, header.intercept) == expected
    assert _codes(header) == codes


def test_a_fourth_axis_counts_volumes() -> None:
    header = _read(Nifti(voxels=ramp((5, 4, 3, 7))))

    assert header.shape_ijk == (5, 4, 3)
    assert header.volumes == 7


def test_color_is_three_samples_without_a_rescale() -> None:
    nifti = Nifti(voxels=ramp((15, 4, 3), "u1"), dims=(3, 5, 4, 3), code=RGB24, slope=3)

    header = _read(nifti)

    assert header.is_color
    assert header.claimed_bytes == 180
    assert (header.slope, header.intercept) == (1, 0)


@pytest.mark.parametrize(
    ("nifti", "words"),
    [
        (Nifti(voxels=ramp((5, 4, 3), "<c8")), "complex numbers"),
        (Nifti(voxels=ramp((5, 4, 3, 1, 3), "<f4"), intent=1007), "vector field"),
        (Nifti(voxels=ramp((5, 4, 3, 1, 1, 2))), "more than four axes"),
        (Nifti(voxels=ramp((5,))), "without voxels"),
        (Nifti(dims=(3, 5, 4, 0)), "without voxels"),
        (Nifti(dims=(3, 5, -4, 3)), "without voxels"),
        (Nifti(dims=(9, 5, 4, 3)), "number of axes"),
        (Nifti(dims=(3, 30000, 30000, 30000)), "it claims"),
        (Nifti(code=1536), "type"),
        (Nifti(offset=-5), "where the voxels begin"),
        (Nifti(offset=NAN), "where the voxels begin"),
    ],
)
def test_what_is_no_image_is_refused_in_words(nifti: Nifti, words: str) -> None:
    with pytest.raises(VolumeRefusedError, match=words):
        _read(nifti)


def test_labels_that_the_file_names_are_known() -> None:
    assert _read(Nifti(intent=1002)).is_label_map


def test_a_header_alone_names_its_image() -> None:
    header = read_volume_header(
        Kind.NIFTI, LocalFile(Path("x"), "sub/scan.hdr", Nifti(is_pair=True).header())
    )

    assert header.data_name == "scan.img"
    assert header.start == 0
    assert header.coding is Coding.RAW


def test_a_cut_header_is_refused() -> None:
    with pytest.raises(VolumeRefusedError, match="cut"):
        _read_bytes(Nifti(version=2).content()[:300])


def test_analyze_is_known_by_its_size_and_refused() -> None:
    data = Nifti(is_pair=True).header()[:344] + bytes(4)
    source = LocalFile(Path("x"), "a.hdr", data)

    assert kind_of(source) is Kind.ANALYZE
    with pytest.raises(VolumeRefusedError, match="which side is left"):
        read_volume_header(Kind.ANALYZE, source)


@given(st.data())
def test_a_spoiled_header_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    spoiled = bytearray(Nifti(version=data.draw(st.sampled_from([1, 2]))).content())
    for _ in range(data.draw(st.integers(1, 12))):
        spoiled[data.draw(st.integers(0, 400))] = data.draw(st.integers(0, 255))

    try:
        header = _read_bytes(bytes(spoiled))
    except VolumeRefusedError:
        return

    assert np.isfinite(header.placement.matrix).all()
    assert header.claimed_bytes > 0
