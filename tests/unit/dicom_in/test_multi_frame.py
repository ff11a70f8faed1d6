"""Enhanced objects, plain multi-frame objects and mosaics."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.support.stacks import dicom_stack
from tests.unit.dicom_in.factory import enhanced, image, item, ramp, save, set_pixels
from workstation.dicom.mosaics import csa_values
from workstation.services.import_studies import ImportedSeries, NothingToShowError, import_paths
from workstation.services.open_series import load_series


def imported(data: Dataset, folder: Path) -> ImportedSeries:
    save(data, folder / "a.dcm")
    (series,) = import_paths([folder]).all_series
    return series


def test_frames_are_ordered_by_position_and_scaled_each_by_its_own_slope(tmp_path: Path) -> None:
    series = imported(enhanced(4), tmp_path)

    volume = load_series(series.display_sets[0])

    assert volume.geometry.distances_mm.tolist() == [0, 2, 4, 6]
    assert volume.frame_numbers == (4, 3, 2, 1)
    for k, stored_frame in enumerate((3, 2, 1, 0)):
        truth = ramp(10 * stored_frame) * (stored_frame + 1)
        assert np.array_equal(volume.voxels[k], truth)
    assert (series.verdict.received, series.verdict.shown, series.verdict.slices) == (1, 1, 4)


def test_per_frame_groups_win_over_shared_ones(tmp_path: Path) -> None:
    data = enhanced(3)
    data.PerFrameFunctionalGroupsSequence[0].PixelMeasuresSequence = item(
        PixelSpacing=[1.0, 1.0], SliceThickness=2
    )

    series = imported(data, tmp_path)

    assert sorted(one.slice_count for one in series.display_sets) == [1, 2]
    assert sum(one.slice_count for one in series.display_sets) == 3


def test_windows_come_from_the_frame(tmp_path: Path) -> None:
    (display_set,) = imported(enhanced(3), tmp_path).display_sets

    assert display_set.windows[0].center == 41
    assert display_set.windows[0].width == 400


def test_effective_echo_times_split_frames_at_the_same_places(tmp_path: Path) -> None:
    data = enhanced(4)
    for frame, group in enumerate(data.PerFrameFunctionalGroupsSequence):
        group.MREchoSequence = item(EffectiveEchoTime=10.0 * (1 + frame % 2))
        group.PlanePositionSequence[0].ImagePositionPatient = [0, 0, frame // 2]

    series = imported(data, tmp_path)

    assert [one.name for one in series.display_sets] == ["TE 10 ms", "TE 20 ms"]


def test_diffusion_groups_split_by_b_value(tmp_path: Path) -> None:
    data = enhanced(4)
    for frame, group in enumerate(data.PerFrameFunctionalGroupsSequence):
        group.MRDiffusionSequence = item(
            DiffusionBValue=500.0 * (frame % 2),
            DiffusionGradientDirectionSequence=item(DiffusionGradientOrientation=[0.0, 0.0, 1.0]),
        )
        group.PlanePositionSequence[0].ImagePositionPatient = [0, 0, frame // 2]

    assert [one.name for one in imported(data, tmp_path).display_sets] == ["b=0", "b=500"]


def test_a_frame_count_that_contradicts_the_groups_is_refused(tmp_path: Path) -> None:
    data = enhanced(4)
    del data.PerFrameFunctionalGroupsSequence[2]
    save(data, tmp_path / "a.dcm")

    with pytest.raises(NothingToShowError, match="4 frames but describes 3"):
        import_paths([tmp_path])


def test_a_cine_without_groups_is_shown_frame_by_frame_without_places(tmp_path: Path) -> None:
    data = image(1, Modality="US", NumberOfFrames=3)
    data.PixelData = b"".join(ramp(frame).tobytes() for frame in range(3))

    series = imported(data, tmp_path)
    volume = load_series(series.display_sets[0])

    assert volume.frame_numbers == (1, 2, 3)
    assert np.array_equal(volume.voxels[2], ramp(2) - 1000)
    assert not volume.geometry.is_placed


def mosaic(count: int = 3) -> Dataset:
    """Return a Siemens mosaic of 2 x 2 tiles of 3 x 4 pixels, spacing 2 x 2 mm, 5 mm apart."""
    tiles = [ramp(100 * (tile + 1), rows=3, columns=4) for tile in range(4)]
    pixels = np.block([[tiles[0], tiles[1]], [tiles[2], tiles[3]]])
    data = image(1, pixels=pixels, Modality="MR", RescaleSlope=None, RescaleIntercept=None)
    data.ImageType = ["ORIGINAL", "PRIMARY", "M", "MOSAIC"]
    data.PixelSpacing, data.SpacingBetweenSlices = [2, 2], 5
    data.ImagePositionPatient = [0, 0, 0]
    data.private_block(0x0019, "SIEMENS MR HEADER", create=True).add_new(0x0A, "US", count)
    return data


def test_a_mosaic_is_unfolded_into_its_slices(tmp_path: Path) -> None:
    (display_set,) = imported(mosaic(), tmp_path).display_sets

    volume = load_series(display_set)

    assert volume.voxels.shape == (3, 3, 4)
    for k in range(3):
        assert np.array_equal(volume.voxels[k], ramp(100 * (k + 1), rows=3, columns=4))
    # A large image of 8 x 6 pixels and a slice of 4 x 3 share their center: 2 x (8 - 4) / 2 mm.
    assert volume.geometry.positions_mm.tolist() == [[4, 3, 0], [4, 3, 5], [4, 3, 10]]


def test_a_mosaic_whose_spacing_is_negative_or_absent_keeps_its_order(tmp_path: Path) -> None:
    negative, absent = mosaic(), mosaic()
    negative.SpacingBetweenSlices = -5
    del absent.SpacingBetweenSlices

    (one,) = imported(negative, tmp_path / "a").display_sets
    (other,) = imported(absent, tmp_path / "b").display_sets

    assert one.geometry.positions_mm[:, 2].tolist() == [0, 5, 10]
    assert [doubt.code for doubt in one.doubts] == []
    assert other.geometry.positions_mm[:, 2].tolist() == [0, 1, 2]
    assert [doubt.code for doubt in other.doubts] == ["mosaic_step"]


def test_a_mosaic_that_hides_its_count_is_set_aside(tmp_path: Path) -> None:
    save(mosaic(0), tmp_path / "a.dcm")

    with pytest.raises(NothingToShowError, match="how many slices"):
        import_paths([tmp_path])


def test_a_mosaic_that_does_not_fit_its_tiles_is_set_aside(tmp_path: Path) -> None:
    save(mosaic(20), tmp_path / "a.dcm")

    with pytest.raises(NothingToShowError, match="does not fit its tiles"):
        import_paths([tmp_path])


def test_a_mosaic_without_a_position_is_set_aside(tmp_path: Path) -> None:
    data = mosaic()
    del data.ImagePositionPatient
    save(data, tmp_path / "a.dcm")

    with pytest.raises(NothingToShowError, match="where its slices are"):
        import_paths([tmp_path])


def csa(name: bytes, values: list[bytes]) -> bytes:
    raw = b"SV10\x04\x03\x02\x01" + struct.pack("<II", 1, 77)
    raw += struct.pack("<64si4siii", name, len(values), b"IS\0\0", 6, len(values), 77)
    for value in values:
        raw += struct.pack("<4i", len(value), len(value), 77, len(value))
        raw += value + bytes(-len(value) % 4)
    return raw


def test_a_siemens_header_gives_its_values_by_name() -> None:
    raw = csa(b"SliceNormalVector", [b"0.0\0", b"-0.5", b"1.0  \0"])

    assert csa_values(raw) == {"SliceNormalVector": ("0.0", "-0.5", "1.0")}


@pytest.mark.parametrize("cut", [3, 10, 20, 90, 101, 115])
def test_a_cut_siemens_header_gives_what_is_whole(cut: int) -> None:
    raw = csa(b"SliceNormalVector", [b"0.0\0", b"-0.5", b"1.0  \0"])

    assert csa_values(raw[:cut]) == {}


def test_the_normal_of_the_siemens_header_is_followed(tmp_path: Path) -> None:
    data = mosaic()
    block = data.private_block(0x0029, "SIEMENS CSA HEADER", create=True)
    block.add_new(0x10, "OB", csa(b"SliceNormalVector", [b"0", b"0", b"-1"]))

    (display_set,) = imported(data, tmp_path).display_sets
    volume = load_series(display_set)

    assert volume.geometry.positions_mm[:, 2].tolist() == [-10, -5, 0]
    assert np.array_equal(volume.voxels[0], ramp(300, rows=3, columns=4))


def tiled(places: list[list[float]]) -> Dataset:
    """Return a United Imaging image of 3 x 1 tiles of 3 x 4 pixels with stated places."""
    tiles = [ramp(100 * (tile + 1), rows=3, columns=4) for tile in range(3)]
    data = image(1, pixels=np.hstack(tiles), Modality="MR", RescaleIntercept=0)
    data.ImageType = ["ORIGINAL", "PRIMARY", "M", "VFRAME"]
    del data.ImagePositionPatient
    block = data.private_block(0x0065, "Image Private Header", create=True)
    block.add_new(0x51, "SQ", [item(ImagePositionPatient=place)[0] for place in places])
    return data


def test_a_tiled_image_of_united_imaging_is_unfolded_by_its_stated_places(tmp_path: Path) -> None:
    data = tiled([[0, 0, 9], [0, 0, 6], [0, 0, 3]])
    pixels = data.pixel_array
    grid = np.zeros((6, 8), dtype=np.int16)
    grid[:3, :4], grid[:3, 4:], grid[3:, :4] = pixels[:, :4], pixels[:, 4:8], pixels[:, 8:]
    set_pixels(data, grid)

    volume = load_series(imported(data, tmp_path).display_sets[0])

    assert volume.geometry.positions_mm[:, 2].tolist() == [3, 6, 9]
    assert np.array_equal(volume.voxels[2], ramp(100, rows=3, columns=4))


@pytest.mark.parametrize("places", [[], [[0, 0, 1], [0, 0]]])
def test_a_tiled_image_without_places_is_set_aside(
    places: list[list[float]], tmp_path: Path
) -> None:
    save(tiled(places), tmp_path / "a.dcm")

    with pytest.raises(NothingToShowError, match="where its slices are"):
        import_paths([tmp_path])


def test_a_siemens_header_without_numbers_is_passed_over(tmp_path: Path) -> None:
    data = mosaic()
    block = data.private_block(0x0029, "SIEMENS CSA HEADER", create=True)
    block.add_new(0x10, "OB", csa(b"SliceNormalVector", [b"a", b"b", b"c"]))

    (display_set,) = imported(data, tmp_path).display_sets

    assert display_set.geometry.positions_mm[:, 2].tolist() == [0, 5, 10]


def test_timing_of_enhanced_frames_splits_volumes(tmp_path: Path) -> None:
    data = enhanced(4)
    for frame, group in enumerate(data.PerFrameFunctionalGroupsSequence):
        group.FrameContentSequence = item(TemporalPositionIndex=1 + frame % 2)
        group.PlanePositionSequence[0].ImagePositionPatient = [0, 0, frame // 2]

    assert [one.name for one in imported(data, tmp_path).display_sets] == ["time 1", "time 2"]


def test_the_frame_type_of_an_enhanced_frame_is_its_kind(tmp_path: Path) -> None:
    data = enhanced(2, MRImageFrameTypeSequence=item(FrameType=["DERIVED", "PRIMARY", "ADC"]))

    (display_set,) = imported(data, tmp_path).display_sets

    kind = dicom_stack(display_set).frames[0].imaging.contrast.image_type
    assert kind == ("DERIVED", "PRIMARY", "ADC")
