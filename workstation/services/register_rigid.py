"""The rigid fit itself: mutual information, three resolutions, several starts, by SimpleITK.

Mutual information asks only that one tissue has one brightness in each series, so the same search
fits CT to CT, MR to MR and CT to MR. The images it works on are small (2 mm): a rigid fit of a
body part does not get better by more voxels, and memory stays bounded.

Source: Mattes et al., doi 10.1109/TMI.2003.809072 (the metric); DICOM PS3.3 C.20.2.
Thread: any, one run at a time per object; it lets other threads of Python go on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import SimpleITK
from numpy.typing import NDArray

from viewers.render.regularize import regularize
from workstation.core.geometry import GeometryError
from workstation.core.intensity import IntensityUnit
from workstation.core.job import CancelToken
from workstation.core.registration import RegistrationError
from workstation.core.volume import Volume, read_only
from workstation.services.ports import OnProgress, RigidFit

WORKING_MM = 2.0
"""Size of the voxels that are fitted: a third of what a rigid fit of a body can be good for."""

LEVELS_MM = (8.0, 4.0, 2.0)
"""Voxel size of each resolution: the coarsest sees 24 mm at once and finds its way over 40 mm."""

MOST_SAMPLES = 60_000
"""Voxels that one evaluation of the metric looks at; more moves the fit by under 0.05 mm."""

BINS = 32
"""Gray levels of the joint histogram: the 32 of the paper, enough for 60,000 samples."""

HU_RANGE = (-1000.0, 1500.0)
"""Values outside say nothing of anatomy: padding below air, metal above bone."""

OTHER_PERCENTILES = (0.5, 99.5)
"""Range of signal that is kept: single bright vessels and spikes must not fill the histogram."""

PERTURBATIONS = ((6.0, 1.0), (-6.0, -1.0))
"""Shifts in degrees and sign by which a fit is pushed away, to see whether it comes back."""

PUSH_MM = 8.0
"""How far a fit is pushed away on each axis: more than a slice, less than an organ."""

ITERATIONS = (120, 100, 60)
"""Most steps at each resolution; the search stops earlier where it no longer moves."""

SEED = 20260101
"""The samples are drawn with this seed: the same two series always give the same fit."""

FEWEST_SLICES = 5
"""Fewest slices of a series that has a place in all three directions worth a fit."""


@dataclass(frozen=True, slots=True)
class _Level:
    fixed: SimpleITK.Image
    moving: SimpleITK.Image
    iterations: int
    step_mm: float


@dataclass(frozen=True, slots=True)
class _Found:
    transform: SimpleITK.Euler3DTransform
    similarity: float


class RigidRegistrar:
    """Fits one volume to another. It holds no state between runs."""

    def __call__(
        self, fixed: Volume, moving: Volume, *, on_progress: OnProgress, cancel: CancelToken
    ) -> RigidFit:
        """Return where the points of the moving volume lie in the fixed one.

        Args:
            fixed: loaded whole.
            moving: loaded whole.
            on_progress: called with the done part, 0..1.
            cancel: stops the search within one of its steps.

        Raises:
            RegistrationError: a series cannot be fitted.
            CancelledError: it was stopped.
        """
        one, other = working_image(fixed), working_image(moving)
        cancel.raise_if_cancelled()
        search = _Search(one, other, on_progress, cancel)
        return search.run()


def working_image(volume: Volume) -> SimpleITK.Image:
    """Return a volume as a small float image in the patient (LPS, mm).

    Raises:
        RegistrationError: it has no place, no millimeters, too few slices or colors.
    """
    why = _why_unfit(volume)
    if why:
        raise _unfit(why)
    small = _shrunk(volume)
    try:
        grid = small.geometry.grid()
    except GeometryError:
        small = regularize(small)
        grid = small.geometry.grid()
    image = SimpleITK.GetImageFromArray(_kept_range(small))
    matrix, spacing = grid.index_to_patient_mm, grid.spacing_ijk_mm
    image.SetSpacing(spacing.tolist())
    image.SetOrigin(matrix[:3, 3].tolist())
    image.SetDirection((matrix[:3, :3] / spacing).ravel().tolist())
    return _at_resolution(image, WORKING_MM)


class _Search:
    """One search; its progress and its stop."""

    def __init__(
        self,
        fixed: SimpleITK.Image,
        moving: SimpleITK.Image,
        on_progress: OnProgress,
        cancel: CancelToken,
    ) -> None:
        self._fixed, self._moving = fixed, moving
        self._on_progress, self._cancel = on_progress, cancel
        self._levels = tuple(
            _Level(_at_resolution(fixed, mm), _at_resolution(moving, mm), count, mm)
            for mm, count in zip(LEVELS_MM, ITERATIONS, strict=True)
        )
        self._runs, self._done = 1, 0

    def run(self) -> RigidFit:
        coarse, middle, fine = self._levels
        starts = self._starts()
        self._runs = len(starts) + 2 + 1 + 2 * len(PERTURBATIONS)
        ranked = sorted(
            (self._refined(coarse, start) for start in starts), key=lambda one: -one.similarity
        )
        nearer = [self._refined(middle, one.transform) for one in ranked[:2]]
        best = max(nearer, key=lambda one: one.similarity)
        best = self._refined(fine, best.transform)
        pushed = [self._pushed(best.transform, push) for push in PERTURBATIONS]
        back = [self._refined(fine, self._refined(middle, one).transform) for one in pushed]
        best = max((best, *back), key=lambda one: one.similarity)
        before = _similarity(middle, _identity(self._fixed))
        after = _similarity(middle, best.transform)
        spread = max(self._apart_mm(best.transform, one.transform) for one in back)
        overlap = _overlap(self._fixed, self._moving, best.transform)
        fixed_to_moving = _matrix(best.transform)
        return RigidFit(_inverted(fixed_to_moving), before, after, overlap, spread)

    def _starts(self) -> list[SimpleITK.Euler3DTransform]:
        """Return where to begin: the headers, the middles, the weights, and ends on ends."""
        fixed, moving = self._levels[0].fixed, self._levels[0].moving
        places = [_identity(fixed)]
        filters = SimpleITK.CenteredTransformInitializerFilter
        for mode in (filters.GEOMETRY, filters.MOMENTS):
            start = _identity(fixed)
            try:
                made = SimpleITK.CenteredTransformInitializer(fixed, moving, start, mode)
            except RuntimeError:
                # A series without weight (black at this resolution) has no center of it.
                continue
            places.append(_from_any(made, fixed))
        for sign in (1.0, -1.0):
            places.append(_ends_together(fixed, moving, places[1], sign))
        turned = [_turned(places[1], axis, 15.0 * s) for axis, s in product(range(3), (1, -1))]
        return _distinct([*places, *turned], self._corners())

    def _refined(self, level: _Level, start: SimpleITK.Euler3DTransform) -> _Found:
        self._cancel.raise_if_cancelled()
        method = _method(level)
        method.SetInitialTransform(SimpleITK.Euler3DTransform(start), inPlace=False)

        def stepped() -> None:
            if self._cancel.is_cancelled:
                method.StopRegistration()

        method.AddCommand(SimpleITK.sitkIterationEvent, stepped)
        try:
            made = method.Execute(level.fixed, level.moving)
        except RuntimeError:
            # No sample of this start lies inside the other series: a start that leads nowhere.
            found = _Found(start, 0.0)
        else:
            transform = _from_any(made, level.fixed)
            found = _Found(transform, _similarity(level, transform))
        self._cancel.raise_if_cancelled()
        self._done += 1
        self._on_progress(min(self._done / self._runs, 1.0))
        return found

    def _pushed(
        self, transform: SimpleITK.Euler3DTransform, push: tuple[float, float]
    ) -> SimpleITK.Euler3DTransform:
        degrees, sign = push
        pushed = SimpleITK.Euler3DTransform(transform)
        angle = np.deg2rad(degrees)
        x, y, z = transform.GetAngleX(), transform.GetAngleY(), transform.GetAngleZ()
        pushed.SetRotation(x + angle, y - angle, z + angle)
        moved = np.array(transform.GetTranslation()) + sign * PUSH_MM * np.array([1, -1, 1])
        pushed.SetTranslation(moved.tolist())
        return pushed

    def _corners(self) -> NDArray[np.float64]:
        return _corners(self._fixed)

    def _apart_mm(
        self, one: SimpleITK.Euler3DTransform, other: SimpleITK.Euler3DTransform
    ) -> float:
        return _apart_mm(one, other, self._corners())


def _method(level: _Level) -> SimpleITK.ImageRegistrationMethod:
    method = SimpleITK.ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(BINS)
    share = MOST_SAMPLES / level.fixed.GetNumberOfPixels()
    if share < 1:
        method.SetMetricSamplingStrategy(method.RANDOM)
        method.SetMetricSamplingPercentage(share, SEED)
    method.SetInterpolator(SimpleITK.sitkLinear)
    method.SetOptimizerAsRegularStepGradientDescent(
        learningRate=level.step_mm,
        minStep=level.step_mm / 400,
        numberOfIterations=level.iterations,
        relaxationFactor=0.6,
        gradientMagnitudeTolerance=1e-6,
    )
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetShrinkFactorsPerLevel([1])
    method.SetSmoothingSigmasPerLevel([0])
    return method


def _similarity(level: _Level, transform: SimpleITK.Euler3DTransform) -> float:
    """Return the mutual information in nats; 0 where the series do not meet."""
    method = _method(level)
    method.SetInitialTransform(SimpleITK.Euler3DTransform(transform), inPlace=False)
    try:
        return max(-float(method.MetricEvaluate(level.fixed, level.moving)), 0.0)
    except RuntimeError:
        return 0.0


def _unfit(why: str) -> RegistrationError:
    return RegistrationError(
        "This series cannot be fitted to another one",
        why=why,
        todo="choose another series of the study",
    )


def _why_unfit(volume: Volume) -> str:
    geometry = volume.geometry
    if volume.is_colour:
        return "its pixels are colors"
    if geometry.shape_kji[0] < FEWEST_SLICES:
        return "it has too few slices"
    return geometry.why_not_reformattable


def _shrunk(volume: Volume) -> Volume:
    """Return a volume with pixels binned to about the working size, read slice by slice."""
    geometry = volume.geometry
    factors = [max(int(WORKING_MM / mm + 1e-6), 1) for mm in geometry.spacing_ij_mm]
    fi, fj = factors
    count, rows, columns = geometry.shape_kji
    rows, columns = rows // fj, columns // fi
    binned = np.empty((count, rows, columns), dtype=np.float32)
    for k in range(count):
        whole = volume.voxels[k, : rows * fj, : columns * fi].astype(np.float32)
        binned[k] = whole.reshape(rows, fj, columns, fi).mean(axis=(1, 3))
    di, dj = geometry.spacing_ij_mm
    middle = (fi - 1) / 2 * di * geometry.row_cosines + (fj - 1) / 2 * dj * geometry.column_cosines
    smaller = replace(
        geometry,
        shape_kji=(count, rows, columns),
        spacing_ij_mm=(di * fi, dj * fj),
        positions_mm=geometry.positions_mm + middle,
    )
    return replace(volume, voxels=read_only(binned), geometry=smaller, drawings=None, shutter=None)


def _kept_range(volume: Volume) -> NDArray[Any]:
    voxels = volume.voxels
    if volume.intensity.unit is IntensityUnit.HU:
        low, high = HU_RANGE
    else:
        low, high = np.percentile(voxels[:: max(len(voxels) // 40, 1)], OTHER_PERCENTILES)
    if not low < high:
        raise _unfit("all its pixels are alike")
    # From 0 up: the start that lays centers of weight together must not weigh air below nothing.
    kept: NDArray[Any] = np.clip(voxels, low, high).astype(np.float32) - np.float32(low)
    return kept


def _at_resolution(image: SimpleITK.Image, mm: float) -> SimpleITK.Image:
    """Return an image blurred and shrunk to voxels of about a size; finer axes stay coarse."""
    factors = [max(round(mm / spacing), 1) for spacing in image.GetSpacing()]
    if max(factors) == 1:
        return image
    sigmas = [
        0.5 * f * s if f > 1 else 0.0 for f, s in zip(factors, image.GetSpacing(), strict=True)
    ]
    smooth = SimpleITK.DiscreteGaussian(image, [s * s for s in sigmas], 32, 0.01, True)
    return SimpleITK.Shrink(smooth, factors)


def _center(image: SimpleITK.Image) -> NDArray[np.float64]:
    middle = [(size - 1) / 2 for size in image.GetSize()]
    return np.array(image.TransformContinuousIndexToPhysicalPoint(middle))


def _identity(fixed: SimpleITK.Image) -> SimpleITK.Euler3DTransform:
    start = SimpleITK.Euler3DTransform()
    start.SetCenter(_center(fixed).tolist())
    return start


def _matrix(transform: SimpleITK.Euler3DTransform) -> NDArray[np.float64]:
    """Return a transform as the (4, 4) matrix from fixed to moving points."""
    matrix = np.eye(4)
    matrix[:3, :3] = np.array(transform.GetMatrix()).reshape(3, 3)
    center = np.array(transform.GetCenter())
    matrix[:3, 3] = np.array(transform.GetTranslation()) + center - matrix[:3, :3] @ center
    return matrix


def _from_any(made: SimpleITK.Transform, fixed: SimpleITK.Image) -> SimpleITK.Euler3DTransform:
    """Return what a method gave as a plain rigid transform about the middle of the fixed image."""
    inner = made.Downcast() if isinstance(made, SimpleITK.Transform) else made
    if isinstance(inner, SimpleITK.CompositeTransform):
        inner = inner.GetBackTransform().Downcast()
    whole = _matrix(SimpleITK.Euler3DTransform(inner))
    plain = _identity(fixed)
    plain.SetMatrix(whole[:3, :3].ravel().tolist(), 1e-6)
    center = np.array(plain.GetCenter())
    plain.SetTranslation((whole[:3, :3] @ center + whole[:3, 3] - center).tolist())
    return plain


def _ends_together(
    fixed: SimpleITK.Image,
    moving: SimpleITK.Image,
    middle: SimpleITK.Euler3DTransform,
    sign: float,
) -> SimpleITK.Euler3DTransform:
    """Return the start that lays the head ends, or the foot ends, of two series together."""
    half = [float(np.ptp(_corners(one)[:, 2])) / 2 for one in (fixed, moving)]
    start = SimpleITK.Euler3DTransform(middle)
    moved = np.array(middle.GetTranslation())
    moved[2] += sign * (half[1] - half[0])
    start.SetTranslation(moved.tolist())
    return start


def _turned(
    start: SimpleITK.Euler3DTransform, axis: int, degrees: float
) -> SimpleITK.Euler3DTransform:
    angles = [0.0, 0.0, 0.0]
    angles[axis] = float(np.deg2rad(degrees))
    turned = SimpleITK.Euler3DTransform(start)
    turned.SetRotation(*angles)
    return turned


def _distinct(
    starts: Iterable[SimpleITK.Euler3DTransform], corners: NDArray[np.float64]
) -> list[SimpleITK.Euler3DTransform]:
    found: list[SimpleITK.Euler3DTransform] = []
    for start in starts:
        if all(_apart_mm(start, other, corners) > PUSH_MM for other in found):
            found.append(start)
    return found


def _corners(image: SimpleITK.Image) -> NDArray[np.float64]:
    """Return the (8, 3) corners of an image in the patient."""
    ends = product(*((0, size - 1) for size in image.GetSize()))
    return np.array([image.TransformIndexToPhysicalPoint(end) for end in ends])


def _apart_mm(
    one: SimpleITK.Euler3DTransform,
    other: SimpleITK.Euler3DTransform,
    points: NDArray[np.float64],
) -> float:
    """Return how far apart two transforms put the same points, the largest distance."""
    difference = _matrix(one) - _matrix(other)
    moved = points @ difference[:3, :3].T + difference[:3, 3]
    return float(np.linalg.norm(moved, axis=1).max())


def _overlap(
    fixed: SimpleITK.Image, moving: SimpleITK.Image, transform: SimpleITK.Euler3DTransform
) -> float:
    """Return the share of the smaller scanned box that lies inside the other."""
    matrix = _matrix(transform)
    volumes = [float(np.prod(np.array(i.GetSize()) * i.GetSpacing())) for i in (fixed, moving)]
    is_fixed_smaller = volumes[0] <= volumes[1]
    small, large = (fixed, moving) if is_fixed_smaller else (moving, fixed)
    carry = matrix if is_fixed_smaller else np.linalg.inv(matrix)
    steps = [np.linspace(0, size - 1, 24) for size in small.GetSize()]
    index = np.stack(np.meshgrid(*steps, indexing="ij"), axis=-1).reshape(-1, 3)
    points = _to_patient(small, index) @ carry[:3, :3].T + carry[:3, 3]
    inside = _to_index(large, points)
    limits = np.array(large.GetSize()) - 0.5
    return float(((inside >= -0.5) & (inside <= limits)).all(axis=1).mean())


def _axes(image: SimpleITK.Image) -> NDArray[np.float64]:
    axes: NDArray[np.float64] = np.array(image.GetDirection()).reshape(3, 3) * image.GetSpacing()
    return axes


def _to_patient(image: SimpleITK.Image, index: NDArray[np.float64]) -> NDArray[np.float64]:
    points: NDArray[np.float64] = index @ _axes(image).T + np.array(image.GetOrigin())
    return points


def _to_index(image: SimpleITK.Image, points: NDArray[np.float64]) -> NDArray[np.float64]:
    index: NDArray[np.float64] = (points - np.array(image.GetOrigin())) @ np.linalg.inv(
        _axes(image)
    ).T
    return index


def _inverted(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the inverse of a rigid (4, 4) matrix, rigid to the last digit."""
    rotation, rest = np.linalg.qr(matrix[:3, :3])
    rotation = rotation * np.sign(np.diag(rest))
    back = np.eye(4)
    back[:3, :3] = rotation.T
    back[:3, 3] = -rotation.T @ matrix[:3, 3]
    return back
