"""Smaller voxels lie where the scanned ones lay, as another program reads them back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from numpy.typing import NDArray

from inference.packs.store import PackStore
from inference.tasks.super_resolve import Direction
from inference.worker.client import ModelWorker
from tests.support.model_packs import ramp_model, write_resolver
from tests.support.series import tiny_series
from tests.support.stacks import dicom_stack
from workstation.core.geometry import StackGeometry
from workstation.services.choose_series import choose_series
from workstation.services.enhance_series import enhance, write_derived
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series
from workstation.services.super_resolve import SuperResolution

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SHAPE = (7, 21, 18)
PIXEL_MM, GAP_MM = 0.9, 3.0
BALL_MM = np.array([1.0, -1.5, 2.0])
"""Center of the ball, from the middle of the stack, along i, j, k."""


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> PackStore:
    folder = tmp_path_factory.mktemp("packs")
    write_resolver(folder, ramp_model(is_in_plane=False))
    write_resolver(folder, ramp_model(is_in_plane=True), is_in_plane=True)
    return PackStore(folder)


@pytest.fixture(scope="module")
def worker(packs: PackStore) -> Iterator[ModelWorker]:
    worker = ModelWorker(pack_folders=packs.folders)
    yield worker
    worker.stop()


def turned(degrees: tuple[float, float]) -> StackGeometry:
    """Return a stack turned about two axes, its middle off the origin."""
    a, b = np.deg2rad(degrees)
    about_x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    about_z = np.array([[np.cos(b), -np.sin(b), 0], [np.sin(b), np.cos(b), 0], [0, 0, 1]])
    row, column, normal = (about_z @ about_x).T
    first = np.array([-60.0, 35.0, 110.0])
    positions = first + np.arange(SHAPE[0])[:, None] * GAP_MM * normal
    return StackGeometry(SHAPE, row, column, (PIXEL_MM, PIXEL_MM), positions, "1.2.3")


def ball() -> NDArray[np.int16]:
    """Return a soft ball in air, denser than anything around it."""
    k, j, i = np.indices(SHAPE)
    middle = (np.array(SHAPE) - 1) / 2
    at = np.stack(
        [(i - middle[2]) * PIXEL_MM, (j - middle[1]) * PIXEL_MM, (k - middle[0]) * GAP_MM]
    )
    away = np.linalg.norm(at - BALL_MM[:, None, None, None], axis=0)
    return np.rint(-1000 + 1500 * np.exp(-0.5 * (away / 2.2) ** 2)).astype(np.int16)


def read(folder: Path) -> SimpleITK.Image:
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    return reader.Execute()


def center_mm(image: SimpleITK.Image) -> NDArray[np.float64]:
    """Return the center of mass over air, where SimpleITK says it lies in the patient."""
    mass = SimpleITK.GetArrayFromImage(image).astype(float) + 1000
    k, j, i = (float((index * mass).sum() / mass.sum()) for index in np.indices(mass.shape))
    return np.array(image.TransformContinuousIndexToPhysicalPoint((i, j, k)))


def corners_mm(image: SimpleITK.Image) -> NDArray[np.float64]:
    size = image.GetSize()
    ends = [(-0.5, -0.5, -0.5), tuple(n - 0.5 for n in size)]
    return np.array([image.TransformContinuousIndexToPhysicalPoint(end) for end in ends])


@pytest.mark.parametrize("turn", [(0, 0), (180, 0), (0, 180), (90, 30), (23, -37)])
@pytest.mark.parametrize(
    "how",
    [
        SuperResolution(Direction.THROUGH_PLANE, 2),
        SuperResolution(Direction.THROUGH_PLANE, 4, "gaussian"),
        SuperResolution(Direction.IN_PLANE, 2),
        SuperResolution(Direction.IN_PLANE, 4),
    ],
    ids=["through-2", "through-4-gaussian", "in-plane-2", "in-plane-4"],
)
def test_a_landmark_stays_where_it_was(
    tmp_path: Path,
    packs: PackStore,
    worker: ModelWorker,
    turn: tuple[float, float],
    how: SuperResolution,
) -> None:
    tiny_series(tmp_path / "in", stack=turned(turn), voxels=ball())
    found = dicom_stack(choose_series(import_paths([tmp_path / "in"]), "").display_set)

    enhanced = enhance(load_series(found), task="superres", worker=worker, packs=packs, how=how)
    write_derived(
        enhanced, files=found.files, folder=tmp_path / "out", program="Prelim test", now=NOW
    )

    source, derived = read(tmp_path / "in"), read(tmp_path / "out")
    grown = (
        [1, 1, how.factor] if how.direction is Direction.THROUGH_PLANE else [how.factor] * 2 + [1]
    )
    assert derived.GetSize() == tuple(np.multiply(source.GetSize(), grown))
    np.testing.assert_allclose(
        np.multiply(derived.GetSpacing(), grown), source.GetSpacing(), rtol=1e-6
    )
    np.testing.assert_allclose(derived.GetDirection(), source.GetDirection(), atol=1e-6)
    np.testing.assert_allclose(corners_mm(derived), corners_mm(source), atol=1e-3)
    np.testing.assert_allclose(center_mm(derived), center_mm(source), atol=0.02)
    assert enhanced.result.figures.slices_left_original == 0
