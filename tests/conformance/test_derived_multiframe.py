"""Derived objects of enhanced multi-frame sources, judged by dciodvfy, SimpleITK and highdicom."""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import highdicom
import numpy as np
import pydicom
import pytest
import SimpleITK
from numpy.typing import NDArray

from tests.conformance.test_derived_images import source
from tests.support.data import study
from workstation.core.provenance import PackRef, PixelKind
from workstation.dicom.derived_images import (
    Derivation,
    DerivedSeries,
    DerivedSlice,
    SourceFrame,
    write_derived_series,
)
from workstation.services.choose_series import choose_series
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series

PACK = PackRef("ct-denoise", "1.0.0", "cd" * 32)
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
COUNT = 4

dciodvfy = pytest.mark.skipif(
    shutil.which("dciodvfy") is None, reason="dciodvfy is not here: install dicom3tools"
)


def legacy(folder: Path) -> Path:
    """Return a Legacy Converted Enhanced CT object, made by highdicom of classic slices."""
    folder.mkdir()
    slices = [
        pydicom.dcmread(source(folder, k, AcquisitionTime="101010", PixelPaddingValue=None))
        for k in range(COUNT)
    ]
    for data in slices:
        for tag in (0x00091001, 0x60003000, 0x00280120, 0x00280106):
            data.pop(tag, None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = highdicom.legacy.LegacyConvertedEnhancedCTImage(
            slices, highdicom.UID(), 7, highdicom.UID(), 1
        )
    path = folder.parent / "legacy.dcm"
    made.save_as(path)
    return path


def written(
    tmp_path: Path, path: Path, voxels: NDArray[Any], *, is_resampling: bool = False
) -> Path:
    """Return the derived object of a multi-frame file."""
    volume = load_series(choose_series(import_paths([path])).display_set)
    per_slice = len(voxels) // len(volume.voxels)
    gap = float(np.median(volume.geometry.gaps_mm))
    steps = ((np.arange(per_slice) + 0.5) / per_slice - 0.5) * gap
    normal, places = volume.geometry.normal, volume.geometry.positions_mm
    frames = [SourceFrame(path, n) for n in volume.frame_numbers]
    pieces = [
        DerivedSlice(
            plane,
            places[k // per_slice] + steps[k % per_slice] * normal,
            frames[k // per_slice],
            tuple(frames[max(k // per_slice - 1, 0) : k // per_slice + 2]),
        )
        for k, plane in enumerate(voxels)
    ]
    derivation = Derivation(is_resampling, PACK, "less noise", 0.6, 21.0, "HU", "CPU")
    thickness = gap / 2 if is_resampling else None
    series = DerivedSeries(derivation, thickness, None, "Prelim 0.1.0", NOW)
    (made,) = write_derived_series(series, pieces, tmp_path / "out")
    return made


def noise(count: int, shape: tuple[int, int], dtype: type[np.generic] = np.int16) -> NDArray[Any]:
    return np.random.default_rng(3).normal(40, 300, (count, *shape)).astype(dtype)


def errors(path: Path) -> set[str]:
    """Return what dciodvfy calls an error, without the numbers of frames."""
    ended = subprocess.run(
        ["dciodvfy", "-new", str(path)], capture_output=True, text=True, check=False
    )
    lines = (ended.stdout + ended.stderr).splitlines()
    return {re.sub(r"\[\d+\]", "[]", line) for line in lines if line.startswith("Error")}


@dciodvfy
@pytest.mark.parametrize("is_resampling", [False, True])
@pytest.mark.parametrize("dtype", [np.int16, np.float32])
def test_a_legacy_converted_source_gives_an_object_without_new_errors(
    tmp_path: Path, is_resampling: bool, dtype: type[np.generic]
) -> None:
    path = legacy(tmp_path / "in")
    voxels = noise(COUNT * (2 if is_resampling else 1), (16, 12), dtype)

    made = written(tmp_path, path, voxels, is_resampling=is_resampling)

    assert errors(made) <= errors(path)


def test_every_frame_says_that_it_is_derived_and_of_which_frames(tmp_path: Path) -> None:
    path = legacy(tmp_path / "in")

    made = pydicom.dcmread(written(tmp_path, path, noise(COUNT, (16, 12))))

    was = pydicom.dcmread(path)
    assert made.SOPClassUID == was.SOPClassUID
    assert made.SeriesInstanceUID != was.SeriesInstanceUID
    assert list(made.ImageType)[:2] == ["DERIVED", "PRIMARY"]
    assert made.ImageType[3] == "FILTERED"
    assert made.NumberOfFrames == COUNT
    groups = made.PerFrameFunctionalGroupsSequence
    derivations = [group.DerivationImageSequence[0] for group in groups]
    assert [
        [int(item.ReferencedFrameNumber) for item in each.SourceImageSequence]
        for each in derivations
    ] == [[4, 3], [4, 3, 2], [3, 2, 1], [2, 1]]  # highdicom stores them from the top down
    assert PACK.digest in derivations[2].DerivationDescription
    assert [list(g.FrameContentSequence[0].DimensionIndexValues) for g in groups] == [
        [1, k] for k in range(1, COUNT + 1)
    ]
    types = {tuple(g.CTImageFrameTypeSequence[0].FrameType)[:2] for g in groups}
    assert types == {("DERIVED", "PRIMARY")}
    evidence = made.SourceImageEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert evidence.SeriesInstanceUID == was.SeriesInstanceUID
    assert not [element for element in made.iterall() if element.tag.is_private]


@pytest.mark.parametrize("dtype", [np.int16, np.float32])
def test_other_programs_read_the_same_values_at_the_same_places(
    tmp_path: Path, dtype: type[np.generic]
) -> None:
    path = legacy(tmp_path / "in")
    voxels = noise(COUNT, (16, 12), dtype)

    made = written(tmp_path, path, voxels)

    atol = 0 if dtype is np.int16 else 0.05
    np.testing.assert_allclose(on_grid_of(path, made), voxels[::-1], atol=atol)


def on_grid_of(source: Path, made: Path) -> NDArray[Any]:
    """Return the voxels of an object at the places of those of another, whatever their order."""
    grid, image = SimpleITK.ReadImage(str(source)), SimpleITK.ReadImage(str(made))
    assert image.GetSize() == grid.GetSize()
    assert image.GetSpacing() == pytest.approx(grid.GetSpacing())
    identity, nearest = (
        SimpleITK.Transform(3, SimpleITK.sitkIdentity),
        SimpleITK.sitkNearestNeighbor,
    )
    placed = SimpleITK.Resample(image, grid, identity, nearest, -9999.0)
    return SimpleITK.GetArrayFromImage(placed)


def test_twice_the_slices_lie_half_a_step_apart(tmp_path: Path) -> None:
    path = legacy(tmp_path / "in")

    made = written(tmp_path, path, noise(2 * COUNT, (16, 12)), is_resampling=True)

    volume = highdicom.imread(made).get_volume()
    assert volume.spatial_shape == (2 * COUNT, 16, 12)
    assert volume.spacing[0] == pytest.approx(1.25)


def test_it_is_read_back_as_what_a_model_made(tmp_path: Path) -> None:
    path = legacy(tmp_path / "in")
    made = written(tmp_path, path, noise(COUNT, (16, 12)))

    volume = load_series(choose_series(import_paths([made])).display_set)

    history = volume.provenance
    assert (history.kind, history.pack, history.strength) == (PixelKind.ENHANCED, PACK, 0.6)
    assert history.source_series_uid == pydicom.dcmread(path).SeriesInstanceUID
    np.testing.assert_array_equal(volume.voxels, noise(COUNT, (16, 12)))


@dciodvfy
@pytest.mark.data
def test_a_real_enhanced_mr_gives_an_object_without_new_errors(tmp_path: Path) -> None:
    folder = study("s07_mr_enhanced_multiframe_siemens_xa30") / "5_anat-T1w_acq-tfl"
    (path,) = [file for file in folder.iterdir() if file.is_file()]
    volume = load_series(choose_series(import_paths([path])).display_set)

    made = written(tmp_path, path, volume.voxels)

    assert errors(made) <= errors(path)
    was = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(path)))
    np.testing.assert_array_equal(on_grid_of(path, made), was)
