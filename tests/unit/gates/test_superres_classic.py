"""The classical methods that models are compared with are those of SimpleITK."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK

from inference.gates import superres_classic as classic

COUNT = 40


def samples() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.random.default_rng(2).random((COUNT, 24, 24)).astype(np.float32)


def resampled(coarse: np.ndarray, interpolator: int, factor: int) -> np.ndarray:
    image = SimpleITK.GetImageFromArray(coarse.astype(np.float64))
    image.SetSpacing((1.0, 1.0, float(factor)))
    size = (coarse.shape[2], coarse.shape[1], factor * coarse.shape[0])
    start = (0.0, 0.0, (1 - factor) / 2)
    fine = SimpleITK.Resample(
        image, size, SimpleITK.Transform(), interpolator, start, (1.0, 1.0, 1.0)
    )
    return SimpleITK.GetArrayFromImage(fine)


@pytest.mark.parametrize("factor", [2, 4])
@pytest.mark.parametrize(
    ("name", "interpolator"),
    [
        ("linear", SimpleITK.sitkLinear),
        ("spline", SimpleITK.sitkBSpline3),
        ("spline 5", SimpleITK.sitkBSpline5),
    ],
)
def test_interpolations_are_those_of_simpleitk(name: str, interpolator: int, factor: int) -> None:
    coarse = samples()
    matrix = {
        "linear": classic.linear(COUNT, factor),
        "spline": classic.spline(COUNT, factor),
        "spline 5": classic.spline(COUNT, factor, order=5),
    }[name]

    made = classic.apply(matrix, coarse)

    # Away from the ends, along every axis: ITK's order 5 is rough there.
    inner = slice(10 * factor, -10 * factor), slice(10, 14), slice(10, 14)
    np.testing.assert_allclose(
        made[inner], resampled(coarse, interpolator, factor)[inner], atol=2e-5
    )


def test_lanczos_keeps_a_constant_and_nearly_a_slow_wave() -> None:
    place = (np.arange(2 * COUNT) + 0.5) / 2 - 0.5
    wave = np.cos(2 * np.pi * 0.1 * np.arange(COUNT))

    made = classic.lanczos(COUNT) @ wave

    assert classic.lanczos(COUNT) @ np.ones(COUNT) == pytest.approx(np.ones(2 * COUNT))
    inner = slice(12, -12)
    np.testing.assert_allclose(made[inner], np.cos(2 * np.pi * 0.1 * place)[inner], atol=0.02)


@pytest.mark.parametrize(("ratio", "shape"), [(1.0, 0.0), (0.7, 0.0), (1.3, 0.0), (1.0, 1.0)])
def test_a_projected_method_gives_every_sample_back(ratio: float, shape: float) -> None:
    average = classic.averages(COUNT, ratio, shape)

    method = classic.projected(classic.spline(COUNT), average)

    np.testing.assert_allclose(average @ method, np.eye(COUNT), atol=1e-9)
