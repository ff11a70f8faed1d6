"""A rigid fit carries points between two frames of reference and refuses to be anything else."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
import SimpleITK
from numpy.typing import NDArray

from workstation.core.registration import FitFigures, FitJudgment, RigidRegistration

POINTS = np.array([[0.0, 0.0, 0.0], [10.0, -20.0, 35.0], [-120.5, 80.25, 3.0]])


def _fit(matrix: NDArray[np.float64], *, moving: str = "1.2.4") -> RigidRegistration:
    return RigidRegistration(
        moving_to_fixed=matrix,
        fixed_uid="1.2.3",
        moving_uid=moving,
        method="rigid, mutual information",
        metric="Mattes mutual information",
        figures=FitFigures(0.1, 0.6, 0.9, 0.4),
        judgment=FitJudgment.GOOD,
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def _by_simpleitk() -> tuple[SimpleITK.Euler3DTransform, NDArray[np.float64]]:
    transform = SimpleITK.Euler3DTransform((0.0, 0.0, 0.0), 0.1, -0.2, 0.3, (5.0, -7.0, 11.0))
    matrix = np.eye(4)
    matrix[:3, :3] = np.array(transform.GetMatrix()).reshape(3, 3)
    matrix[:3, 3] = transform.GetTranslation()
    return transform, matrix


def test_points_are_carried_as_simpleitk_carries_them() -> None:
    transform, matrix = _by_simpleitk()

    carried = _fit(matrix).to_fixed_mm(POINTS)

    expected = np.array([transform.TransformPoint(point.tolist()) for point in POINTS])
    np.testing.assert_allclose(carried, expected, atol=1e-9)


def test_there_and_back_is_the_same_place_both_ways() -> None:
    fit = _fit(_by_simpleitk()[1])

    np.testing.assert_allclose(fit.to_moving_mm(fit.to_fixed_mm(POINTS)), POINTS, atol=1e-9)
    np.testing.assert_allclose(fit.inverse().to_fixed_mm(POINTS), fit.to_moving_mm(POINTS))
    assert (fit.inverse().fixed_uid, fit.inverse().moving_uid) == ("1.2.4", "1.2.3")


def test_between_takes_the_direction_from_the_frames_and_refuses_strangers() -> None:
    fit = _fit(_by_simpleitk()[1])

    np.testing.assert_allclose(fit.between("1.2.4", "1.2.3"), fit.moving_to_fixed)
    np.testing.assert_allclose(fit.between("1.2.3", "1.2.4"), fit.fixed_to_moving)
    with pytest.raises(ValueError, match="other frames"):
        fit.between("1.2.3", "1.2.9")


def test_the_angle_is_that_of_a_turn_about_one_axis() -> None:
    angle = np.deg2rad(12.5)
    matrix = np.eye(4)
    matrix[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]

    assert _fit(matrix).rotation_deg == pytest.approx(12.5)


@pytest.mark.parametrize(
    "matrix",
    [
        np.diag([1.0, 1.0, -1.0, 1.0]),
        np.diag([1.1, 1.0, 1.0, 1.0]),
        np.full((4, 4), np.nan),
        np.eye(3),
        np.vstack([np.eye(4)[:3], [0.0, 0.0, 0.1, 1.0]]),
    ],
    ids=["mirrors", "stretches", "not finite", "too small", "projects"],
)
def test_what_is_not_a_turn_and_a_move_is_refused(matrix: NDArray[np.float64]) -> None:
    with pytest.raises(ValueError, match="a rigid fit"):
        _fit(matrix)


@pytest.mark.parametrize("moving", ["", "1.2.3"])
def test_a_fit_without_two_frames_is_refused(moving: str) -> None:
    with pytest.raises(ValueError, match="two different frames"):
        _fit(np.eye(4), moving=moving)


def test_the_matrix_cannot_be_changed_afterwards() -> None:
    fit = _fit(np.eye(4))

    with pytest.raises(ValueError, match="read-only"):
        fit.moving_to_fixed[0, 3] = 1.0
