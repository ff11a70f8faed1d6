"""A real series through the real worker and the embedded packs, read back by other programs."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK

from inference.packs.store import PackStore
from inference.worker.client import ModelWorker
from tests.support.data import REPOSITORY, study
from tests.support.stacks import dicom_stack
from workstation.core.errors import InputRefusedError
from workstation.dicom.display_sets import DisplaySet
from workstation.services.choose_series import choose_series
from workstation.services.enhance_series import enhance, write_derived
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series

pytestmark = pytest.mark.data

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
COUNT = 8
"""Neighbouring slices taken from the chest, through heart and lungs."""


@pytest.fixture(scope="module")
def packs() -> PackStore:
    return PackStore(REPOSITORY / "resources/model_packs")


@pytest.fixture(scope="module")
def worker(packs: PackStore) -> Iterator[ModelWorker]:
    worker = ModelWorker(pack_folders=packs.folders)
    yield worker
    worker.stop()


@pytest.fixture
def chest(tmp_path: Path) -> DisplaySet:
    folder = tmp_path / "chest"
    folder.mkdir()
    headers = [
        (float(pydicom.dcmread(path, stop_before_pixels=True).ImagePositionPatient[2]), path)
        for path in study("s01_ct_chest_abdomen_philips").glob("*.dcm")
    ]
    for _, path in sorted(headers)[150 : 150 + COUNT]:
        shutil.copy(path, folder / path.name)
    return dicom_stack(choose_series(import_paths([folder]), "").display_set)


def read_by_simpleitk(folder: Path) -> SimpleITK.Image:
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    return reader.Execute()


def errors(path: Path) -> list[str]:
    ended = subprocess.run(
        ["dciodvfy", "-new", str(path)], capture_output=True, text=True, check=False
    )
    return [line for line in (ended.stdout + ended.stderr).splitlines() if line.startswith("Error")]


def test_a_denoised_series_lies_where_its_source_lies(
    tmp_path: Path, chest: DisplaySet, packs: PackStore, worker: ModelWorker
) -> None:
    volume = load_series(chest)

    enhanced = enhance(volume, task="denoise", worker=worker, packs=packs)
    write_derived(
        enhanced, files=chest.files, folder=tmp_path / "out", program="Prelim test", now=NOW
    )

    source, derived = read_by_simpleitk(tmp_path / "chest"), read_by_simpleitk(tmp_path / "out")
    assert derived.GetOrigin() == pytest.approx(source.GetOrigin())
    assert derived.GetSpacing() == pytest.approx(source.GetSpacing())
    assert derived.GetDirection() == pytest.approx(source.GetDirection())
    figures = enhanced.result.figures
    assert figures.sigma_after < 0.7 * figures.sigma_before
    assert abs(figures.bias) < 1
    assert all(abs(bias) < 3 for _, bias in figures.bias_by_tissue)
    change = SimpleITK.GetArrayFromImage(derived).astype(int) - SimpleITK.GetArrayFromImage(source)
    assert 0 < np.abs(change).max() <= figures.bound * enhanced.default_strength + 1


def test_a_super_resolved_series_has_its_own_places_and_keeps_every_slice_mean(
    tmp_path: Path, chest: DisplaySet, packs: PackStore, worker: ModelWorker
) -> None:
    volume = load_series(chest)

    enhanced = enhance(volume, task="superres", worker=worker, packs=packs)
    files = write_derived(
        enhanced, files=chest.files, folder=tmp_path / "out", program="Prelim test", now=NOW
    )

    source, derived = read_by_simpleitk(tmp_path / "chest"), read_by_simpleitk(tmp_path / "out")
    assert derived.GetSpacing()[2] == pytest.approx(source.GetSpacing()[2] / 2)
    assert derived.GetOrigin()[2] == pytest.approx(
        source.GetOrigin()[2] - source.GetSpacing()[2] / 4
    )
    pairs = SimpleITK.GetArrayFromImage(derived).astype(int)
    total = pairs[0::2] + pairs[1::2]
    np.testing.assert_array_equal(total, 2 * SimpleITK.GetArrayFromImage(source).astype(int))
    if shutil.which("dciodvfy"):
        assert [line for path in files for line in errors(path)] == []


def test_a_tilted_head_with_uneven_slices_is_refused(packs: PackStore, worker: ModelWorker) -> None:
    head = choose_series(import_paths([study("s02_ct_head_ge_tilt_varspacing")]), "").display_set

    with pytest.raises(InputRefusedError, match="not evenly spaced"):
        enhance(load_series(head), task="superres", worker=worker, packs=packs)


def test_a_brain_is_super_resolved_through_its_slices(
    tmp_path: Path, packs: PackStore, worker: ModelWorker
) -> None:
    files = sorted(study("s03_mr_brain_t1_mprage_siemens_skyra").glob("*.dcm"))[80 : 80 + COUNT]
    volume = load_series(choose_series(import_paths(files), "").display_set)

    enhanced = enhance(volume, task="superres", worker=worker, packs=packs)

    pairs = enhanced.voxels.reshape(-1, 2, *volume.voxels.shape[1:]).astype(float)
    np.testing.assert_allclose(pairs.mean(axis=1), volume.voxels, atol=1e-3)
    assert enhanced.result.figures.slices_left_original == 0
    assert np.abs(pairs[:, 0] - pairs[:, 1]).mean() > 1


def test_slices_with_far_wider_gaps_than_trained_are_not_taken_apart(
    packs: PackStore, worker: ModelWorker
) -> None:
    brain = choose_series(import_paths([study("s06_mr_brain_pd_ge_signa")]), "").display_set
    mostly_gaps = replace(load_series(brain), thickness_mm=1.0)

    with pytest.raises(InputRefusedError, match=r"1\.00 mm thick every 6\.97 mm: they leave gaps"):
        enhance(mostly_gaps, task="superres", worker=worker, packs=packs)


def test_a_head_that_is_thin_below_and_thick_above_is_made_in_two_parts(
    tmp_path: Path, packs: PackStore, worker: ModelWorker
) -> None:
    head = dicom_stack(
        choose_series(import_paths([study("s02_ct_head_ge_tilt_varspacing")]), "").display_set
    )
    thin = dicom_stack(choose_series(import_paths(list(head.files[:14])), "").display_set)
    volume = load_series(head)

    enhanced = enhance(volume, task="denoise", worker=worker, packs=packs, pack_id="ct-denoise")
    alone = enhance(
        load_series(thin), task="denoise", worker=worker, packs=packs, pack_id="ct-denoise"
    )
    files = write_derived(
        enhanced, files=head.files, folder=tmp_path / "out", program="Prelim test", now=NOW
    )

    np.testing.assert_array_equal(enhanced.voxels[:14], alone.voxels)
    assert enhanced.result.figures.slices_left_original == 0
    made = [pydicom.dcmread(path) for path in files]
    was = [pydicom.dcmread(path, stop_before_pixels=True) for path in head.files]
    assert [d.ImagePositionPatient for d in made] == [d.ImagePositionPatient for d in was]
    assert [d.SliceThickness for d in made] == [4] * 14 + [7] * 14
    seen = {item.ReferencedSOPInstanceUID for item in made[14].SourceImageSequence}
    assert seen == {d.SOPInstanceUID for d in was[14:17]}
    if shutil.which("dciodvfy"):
        assert [line for path in files for line in errors(path)] == []
