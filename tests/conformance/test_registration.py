"""The rigid search against moves that are known: error in mm at places all over the volume.

A volume is moved by SimpleITK with a transform of ours; the search has to find it again. The
error is the target registration error (Fitzpatrick, doi 10.1109/42.736021) over 7 x 7 x 7 places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest
import SimpleITK
from numpy.typing import NDArray

from tests.support.data import study
from tests.support.reports import StillClock
from tests.unit.viewers.volumes import stack, volume
from workstation.core.errors import CancelledError
from workstation.core.intensity import IntensityUnit
from workstation.core.job import CancelToken
from workstation.core.registration import FitJudgment, RigidRegistration
from workstation.core.volume import Volume, read_only
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series
from workstation.services.register_pictures import checkerboard, fit_pictures
from workstation.services.register_rigid import RigidRegistrar
from workstation.services.register_series import register_series


@dataclass(frozen=True, slots=True)
class Move:
    """A known rigid move, and how the moved volume was scanned."""

    turns_deg: tuple[float, float, float]
    shift_mm: tuple[float, float, float]
    pixel_mm: float = 1.0
    slice_mm: float = 1.0
    cut_off: float = 0.0


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Keep the machine for others, and the sums in one order."""
    before = SimpleITK.ProcessObject.GetGlobalDefaultNumberOfThreads()
    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    yield
    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(before)


def _phantom() -> Volume:
    """Return an ellipsoid with three unlike bodies and tissue of uneven brightness in it."""
    shape = (48, 64, 64)
    k, j, i = (index * 2.5 for index in np.indices(shape))
    x, y, z = i - 80, j - 80, k - 60
    values = np.zeros(shape)
    values[(x / 62) ** 2 + (y / 70) ** 2 + (z / 52) ** 2 < 1] = 400
    values[(x - 22) ** 2 + (y + 14) ** 2 + (z - 12) ** 2 < 16**2] = 900
    values[((x + 24) / 10) ** 2 + ((y - 20) / 22) ** 2 + ((z + 14) / 12) ** 2 < 1] = 150
    values[(abs(x - 8) < 6) & (abs(y - 40) < 12) & (abs(z + 8) < 20)] = 650
    rng = np.random.default_rng(3)
    uneven = SimpleITK.GetImageFromArray(rng.normal(0, 1, shape))
    tissue = SimpleITK.GetArrayFromImage(SimpleITK.SmoothingRecursiveGaussian(uneven, 3.0))
    # No edge of a scan is sharper than its voxels.
    soft = SimpleITK.GetArrayFromImage(
        SimpleITK.SmoothingRecursiveGaussian(
            SimpleITK.GetImageFromArray(values + (values > 0) * 150 * tissue / tissue.std()), 0.8
        )
    )
    noisy = soft + rng.normal(0, 20, shape)
    geometry = stack(shape, spacing_ij_mm=(2.5, 2.5), gap_mm=2.5, frame="1.2.3")
    return volume(noisy.astype(np.int16), geometry, unit=IntensityUnit.SIGNAL)


def _image(one: Volume) -> SimpleITK.Image:
    grid = one.geometry.grid()
    image = SimpleITK.GetImageFromArray(np.asarray(one.voxels).astype(np.float32))
    matrix, spacing = grid.index_to_patient_mm, grid.spacing_ijk_mm
    image.SetSpacing(spacing.tolist())
    image.SetOrigin(matrix[:3, 3].tolist())
    image.SetDirection((matrix[:3, :3] / spacing).ravel().tolist())
    return image


def _moved(one: Volume, move: Move) -> tuple[Volume, NDArray[np.float64]]:
    """Return a volume as another scan would show it, and the matrix from it to the first."""
    image = _image(one)
    middle = image.TransformContinuousIndexToPhysicalPoint([(n - 1) / 2 for n in image.GetSize()])
    angles = [float(np.deg2rad(degrees)) for degrees in move.turns_deg]
    transform = SimpleITK.Euler3DTransform(middle, *angles, move.shift_mm)
    matrix = np.eye(4)
    matrix[:3, :3] = np.array(transform.GetMatrix()).reshape(3, 3)
    matrix[:3, 3] = transform.TransformPoint((0.0, 0.0, 0.0))
    spacing = np.maximum(image.GetSpacing(), (move.pixel_mm, move.pixel_mm, move.slice_mm))
    size = (np.array(image.GetSize()) * image.GetSpacing() / spacing).astype(int)
    direction = np.array(image.GetDirection()).reshape(3, 3)
    cut = int(size[2] * move.cut_off)
    origin = np.array(image.GetOrigin()) + direction[:, 2] * spacing[2] * cut
    size[2] -= cut
    made = SimpleITK.Resample(
        image,
        size.tolist(),
        transform,
        SimpleITK.sitkLinear,
        origin.tolist(),
        spacing.tolist(),
        image.GetDirection(),
        float(np.asarray(one.voxels).min()),
        SimpleITK.sitkFloat32,
    )
    voxels = SimpleITK.GetArrayFromImage(made)
    count = len(voxels)
    geometry = replace(
        one.geometry,
        shape_kji=voxels.shape,
        spacing_ij_mm=(float(spacing[0]), float(spacing[1])),
        positions_mm=origin + np.arange(count)[:, None] * direction[:, 2] * spacing[2],
        frame_of_reference_uid="1.2.4",
    )
    uids = tuple(f"1.2.4.{k}" for k in range(count))
    scan = replace(
        one, voxels=read_only(voxels), geometry=geometry, instance_uids=uids, frame_numbers=()
    )
    return replace(scan, drawings=None, shutter=None), matrix


def _fit(fixed: Volume, moving: Volume) -> RigidRegistration:
    return register_series(
        fixed,
        moving,
        RigidRegistrar(),
        StillClock(),
        on_progress=lambda _part: None,
        cancel=CancelToken(),
    )


def _errors_mm(
    fit: RigidRegistration, truth: NDArray[np.float64], one: Volume
) -> NDArray[np.float64]:
    """Return how far the fit puts places of the first volume from where they are."""
    steps = [np.linspace(0.1, 0.9, 7) * (n - 1) for n in one.geometry.shape_kji[::-1]]
    index = np.stack(np.meshgrid(*steps, indexing="ij"), axis=-1).reshape(-1, 3)
    points = one.geometry.grid().to_patient_mm(index)
    there = (points - truth[:3, 3]) @ np.linalg.inv(truth[:3, :3]).T
    errors: NDArray[np.float64] = np.linalg.norm(fit.to_fixed_mm(there) - points, axis=1)
    return errors


@pytest.mark.parametrize(
    "move",
    [
        Move((3.0, -2.0, 4.0), (6.0, -5.0, 9.0)),
        Move((-9.0, 6.0, 14.0), (-22.0, 18.0, 30.0)),
        Move((5.0, 4.0, -6.0), (10.0, 0.0, -15.0), slice_mm=5.0, cut_off=0.3),
    ],
    ids=["small", "large", "thick slices of a part"],
)
def test_a_known_move_of_a_phantom_is_found_to_a_millimeter(move: Move) -> None:
    phantom = _phantom()
    moving, truth = _moved(phantom, move)

    fit = _fit(phantom, moving)

    errors = _errors_mm(fit, truth, phantom)
    assert np.median(errors) < 0.7
    assert errors.max() < 1.5
    assert fit.judgment is FitJudgment.GOOD
    assert fit.figures.similarity_after > fit.figures.similarity_before


def test_another_contrast_of_the_same_anatomy_is_fitted_too() -> None:
    phantom = _phantom()
    swapped = 1000 - np.abs(np.asarray(phantom.voxels).astype(np.float32) - 400)
    moving, truth = _moved(
        replace(phantom, voxels=read_only(swapped)), Move((4.0, -5.0, 7.0), (12.0, -9.0, 14.0))
    )

    errors = _errors_mm(_fit(phantom, moving), truth, phantom)

    assert errors.max() < 1.5


def test_two_volumes_of_noise_are_never_called_a_good_fit() -> None:
    rng = np.random.default_rng(5)
    geometry = stack((24, 48, 48), spacing_ij_mm=(3.0, 3.0), gap_mm=4.0, frame="1.2.3")
    one, other = (
        volume(
            rng.normal(500, 100, (24, 48, 48)).astype(np.int16), place, unit=IntensityUnit.SIGNAL
        )
        for place in (geometry, replace(geometry, frame_of_reference_uid="1.2.4"))
    )

    assert _fit(one, other).judgment is FitJudgment.FAILED


def test_the_same_two_series_always_give_the_same_fit() -> None:
    phantom = _phantom()
    moving, _truth = _moved(phantom, Move((3.0, -2.0, 4.0), (6.0, -5.0, 9.0)))

    np.testing.assert_array_equal(
        _fit(phantom, moving).moving_to_fixed, _fit(phantom, moving).moving_to_fixed
    )


def test_a_fit_stops_when_asked_and_told_how_far_it_was() -> None:
    phantom = _phantom()
    moving, _truth = _moved(phantom, Move((3.0, -2.0, 4.0), (6.0, -5.0, 9.0)))
    cancel, parts = CancelToken(), []

    def told(part: float) -> None:
        parts.append(part)
        cancel.cancel()

    with pytest.raises(CancelledError):
        RigidRegistrar()(phantom, moving, on_progress=told, cancel=cancel)

    assert len(parts) == 1
    assert 0 < parts[0] < 0.5


def test_the_pictures_of_a_right_fit_show_the_same_places() -> None:
    phantom = _phantom()
    moving, _truth = _moved(phantom, Move((3.0, -2.0, 4.0), (6.0, -5.0, 9.0)))

    pictures = fit_pictures(phantom, moving, _fit(phantom, moving))

    for picture in pictures:
        one, other = (np.asarray(p, dtype=float).ravel() for p in (picture.fixed, picture.moving))
        assert np.corrcoef(one, other)[0, 1] > 0.9
        assert checkerboard(picture).shape == picture.fixed.shape


def _real(name: str, modality: str) -> Volume:
    series = [s for s in import_paths([study(name)]).all_series if s.identity.modality == modality]
    return load_series(
        max((d for s in series for d in s.display_sets), key=lambda d: d.slice_count)
    )


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "modality", "move", "worst_mm"),
    [
        (
            "s03_mr_brain_t1_mprage_siemens_skyra",
            "MR",
            Move((5.0, -8.0, 10.0), (20.0, -15.0, 30.0), slice_mm=5.0),
            1.5,
        ),
        (
            "s01_ct_chest_abdomen_philips",
            "CT",
            Move((6.0, 5.0, -12.0), (-25.0, 20.0, 40.0), pixel_mm=1.5, slice_mm=3.0),
            1.0,
        ),
    ],
)
def test_a_known_move_of_a_real_series_is_found(
    name: str, modality: str, move: Move, worst_mm: float
) -> None:
    real = _real(name, modality)
    # The slices of s01 name a frame each: it has none in common.
    real = replace(real, geometry=replace(real.geometry, frame_of_reference_uid="1.2.3"))
    moving, truth = _moved(real, move)

    fit = _fit(real, moving)

    assert _errors_mm(fit, truth, real).max() < worst_mm
    assert fit.judgment is FitJudgment.GOOD


@pytest.mark.data
def test_another_contrast_of_a_real_brain_is_fitted() -> None:
    folder = study("s18_ms_multimodal_mni")
    flair, t1 = (
        load_series(
            import_paths([next(folder.rglob(f"{name}_N4*.nii.gz"))]).all_series[0].display_sets[0]
        )
        for name in ("FLAIR", "T1")
    )
    flair = replace(flair, geometry=replace(flair.geometry, frame_of_reference_uid="1.2.3"))
    moving, truth = _moved(t1, Move((4.0, -6.0, 9.0), (15.0, -20.0, 25.0), slice_mm=3.0))

    fit = _fit(flair, moving)

    assert _errors_mm(fit, truth, flair).max() < 2.0
    assert fit.judgment is FitJudgment.GOOD
