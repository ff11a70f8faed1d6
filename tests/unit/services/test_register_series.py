"""Which fits are never made, and what may be said of one; the search itself is conformance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.support.reports import StillClock
from tests.unit.viewers.volumes import noise, stack, volume
from workstation.core.geometry import StackGeometry
from workstation.core.intensity import IntensityUnit
from workstation.core.job import CancelToken
from workstation.core.phi import Phi
from workstation.core.registration import FitFigures, FitJudgment, RegistrationError
from workstation.core.volume import Volume
from workstation.services.ports import OnProgress, RigidFit
from workstation.services.register_rigid import working_image
from workstation.services.register_series import judged, register_series

SHAPE = (6, 20, 20)


class FakeRegistrar:
    """Finds that the moving volume lies 5 mm higher."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(
        self, fixed: Volume, moving: Volume, *, on_progress: OnProgress, cancel: CancelToken
    ) -> RigidFit:
        self.calls += 1
        matrix = np.eye(4)
        matrix[2, 3] = 5.0
        return RigidFit(matrix, 0.2, 0.9, 0.8, 0.4)


def _volume(frame: str, geometry: StackGeometry | None = None) -> Volume:
    return volume(noise(SHAPE), geometry or stack(SHAPE, frame=frame))


def _register(fixed: Volume, moving: Volume, registrar: FakeRegistrar) -> None:
    register_series(
        fixed,
        moving,
        registrar,
        StillClock(),
        on_progress=lambda _part: None,
        cancel=CancelToken(),
    )


def test_a_fit_names_its_frames_its_method_and_when_it_was_made() -> None:
    fit = register_series(
        _volume("1.1"),
        _volume("1.2"),
        FakeRegistrar(),
        StillClock(),
        on_progress=lambda _part: None,
        cancel=CancelToken(),
    )

    assert (fit.fixed_uid, fit.moving_uid) == ("1.1", "1.2")
    assert fit.made_at == StillClock().now()
    assert "rigid" in fit.method
    np.testing.assert_allclose(fit.to_fixed_mm(np.zeros(3)), (0.0, 0.0, 5.0))


@pytest.mark.parametrize(
    ("one", "other", "why"), [("1.1", "1.1", "one frame"), ("", "1.2", "no frame of reference")]
)
def test_a_pair_that_needs_no_fit_or_can_have_none_is_refused(
    one: str, other: str, why: str
) -> None:
    registrar = FakeRegistrar()

    with pytest.raises(RegistrationError, match=why):
        _register(_volume(one), _volume(other), registrar)
    assert registrar.calls == 0


def test_two_patients_are_never_fitted_to_each_other() -> None:
    other = _volume("1.2")
    study = other.series.study
    patient = replace(study.patient, patient_id=Phi("ANOTHER"))
    stranger = replace(other, series=replace(other.series, study=replace(study, patient=patient)))

    with pytest.raises(RegistrationError, match="different patients"):
        _register(_volume("1.1"), stranger, FakeRegistrar())


@pytest.mark.parametrize(
    ("figures", "judgment"),
    [
        (FitFigures(0.2, 1.0, 0.8, 1.4), FitJudgment.GOOD),
        (FitFigures(0.2, 1.0, 0.8, 5.0), FitJudgment.DOUBTFUL),
        (FitFigures(0.2, 0.45, 0.8, 0.3), FitJudgment.DOUBTFUL),
        (FitFigures(0.2, 1.0, 0.3, 0.3), FitJudgment.DOUBTFUL),
        (FitFigures(1.1, 1.0, 0.8, 0.3), FitJudgment.DOUBTFUL),
        (FitFigures(0.2, 1.0, 0.8, 30.0), FitJudgment.FAILED),
        (FitFigures(0.0, 0.2, 0.8, 0.3), FitJudgment.FAILED),
        (FitFigures(0.2, 1.0, 0.05, 0.3), FitJudgment.FAILED),
    ],
)
def test_the_judgment_is_no_better_than_the_worst_figure(
    figures: FitFigures, judgment: FitJudgment
) -> None:
    assert judged(figures) is judgment


def test_a_series_without_a_place_or_without_contrast_cannot_be_fitted() -> None:
    nowhere = _volume("", stack(SHAPE, is_placed=False))
    blank = volume(np.zeros(SHAPE, dtype=np.int16), stack(SHAPE), unit=IntensityUnit.SIGNAL)

    with pytest.raises(RegistrationError, match="where the slices are"):
        working_image(nowhere)
    with pytest.raises(RegistrationError, match="alike"):
        working_image(blank)
    with pytest.raises(RegistrationError, match="too few slices"):
        working_image(volume(noise((3, 20, 20))))
