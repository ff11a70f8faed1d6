"""A rigid fit between two frames of reference, found by an algorithm and accepted by a person.

A position of one scan is carried to the same place of the patient in another scan. It is an
estimate, never a measurement: whoever shows it says so.

Source: DICOM PS3.3 C.20.2 (Spatial Registration), C.7.4.1.1.1 (Frame of Reference UID).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from workstation.core.errors import WorkstationError

RIGID_TOLERANCE = 1e-6
"""Largest departure of the rotation from an orthonormal one; a fit is kept in double precision."""


class RegistrationError(WorkstationError):
    """Two series cannot be fitted to each other, or the fit means nothing."""

    exit_code = 3


class FitJudgment(Enum):
    """What the figures of a fit allow one to say of it."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FitFigures:
    """How well two series lie on each other. Mutual information is in nats, higher is better.

    Attributes:
        similarity_before: mutual information where the headers put the series.
        similarity_after: mutual information after the fit.
        overlap: share of the smaller scanned box that lies inside the other, 0..1.
        spread_mm: how far apart the best fits of different starts put the same points, the
            largest distance; infinite where only one start led anywhere.
    """

    similarity_before: float
    similarity_after: float
    overlap: float
    spread_mm: float


@dataclass(frozen=True, slots=True, eq=False)
class RigidRegistration:
    """Where the points of a moving series lie in the frame of a fixed one. Immutable; any thread.

    Attributes:
        moving_to_fixed: (4, 4) float64, rigid, without mirroring; maps ``(x, y, z, 1)`` in mm,
            LPS, of the moving frame to the fixed one.
        fixed_uid: frame of reference UID of the fixed series.
        moving_uid: frame of reference UID of the moving series; not that of the fixed one.
        method: how it was found, in words ("rigid, mutual information").
        metric: name of the similarity that was maximized.
        figures: how well the fit is, by its own measures.
        judgment: what the figures allow one to say.
        made_at: when it was computed.
    """

    moving_to_fixed: NDArray[np.float64]
    fixed_uid: str
    moving_uid: str
    method: str
    metric: str
    figures: FitFigures
    judgment: FitJudgment
    made_at: datetime

    def __post_init__(self) -> None:
        matrix = self.moving_to_fixed
        if matrix.shape != (4, 4) or not np.isfinite(matrix).all():
            raise ValueError("a rigid fit is a finite 4 x 4 matrix")
        rotation = matrix[:3, :3]
        is_straight = np.abs(rotation.T @ rotation - np.eye(3)).max() <= RIGID_TOLERANCE
        is_whole = np.array_equal(matrix[3], (0.0, 0.0, 0.0, 1.0))
        if not (is_straight and is_whole and float(np.linalg.det(rotation)) > 0):
            raise ValueError("a rigid fit turns and moves, and does nothing else")
        if not (self.fixed_uid and self.moving_uid) or self.fixed_uid == self.moving_uid:
            raise ValueError("a fit joins two different frames of reference")
        matrix.setflags(write=False)

    @property
    def fixed_to_moving(self) -> NDArray[np.float64]:
        """The fit the other way round; (4, 4) float64."""
        rotation = self.moving_to_fixed[:3, :3].T
        back = np.eye(4)
        back[:3, :3] = rotation
        back[:3, 3] = -rotation @ self.moving_to_fixed[:3, 3]
        return back

    @property
    def rotation_deg(self) -> float:
        """The angle by which the fit turns, 0..180."""
        cosine = (float(np.trace(self.moving_to_fixed[:3, :3])) - 1) / 2
        return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))

    def to_fixed_mm(self, xyz_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Carry points of the moving frame, shape (..., 3), to the fixed frame, same shape."""
        return _carried(self.moving_to_fixed, xyz_mm)

    def to_moving_mm(self, xyz_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Carry points of the fixed frame, shape (..., 3), to the moving frame, same shape."""
        return _carried(self.fixed_to_moving, xyz_mm)

    def joins(self, one_uid: str, other_uid: str) -> bool:
        """Whether it carries positions between two frames of reference, in either direction."""
        return {one_uid, other_uid} == {self.fixed_uid, self.moving_uid}

    def between(self, from_uid: str, to_uid: str) -> NDArray[np.float64]:
        """Return the (4, 4) matrix from one frame of reference to the other.

        Raises:
            ValueError: it does not join these two.
        """
        if not self.joins(from_uid, to_uid):
            raise ValueError("this fit joins other frames of reference")
        return self.moving_to_fixed if from_uid == self.moving_uid else self.fixed_to_moving

    def inverse(self) -> RigidRegistration:
        """Return the same fit with fixed and moving exchanged."""
        return RigidRegistration(
            moving_to_fixed=self.fixed_to_moving,
            fixed_uid=self.moving_uid,
            moving_uid=self.fixed_uid,
            method=self.method,
            metric=self.metric,
            figures=self.figures,
            judgment=self.judgment,
            made_at=self.made_at,
        )


def _carried(matrix: NDArray[np.float64], xyz_mm: NDArray[np.float64]) -> NDArray[np.float64]:
    carried: NDArray[np.float64] = xyz_mm @ matrix[:3, :3].T + matrix[:3, 3]
    return carried
