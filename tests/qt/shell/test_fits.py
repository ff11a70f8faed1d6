"""Fits of two series in the window: one that is in force can always be taken away."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.qt.shell.test_priors import compared
from workstation.core.registration import FitFigures, FitJudgment, RigidRegistration
from workstation.services.open_series import OpenedSeries
from workstation.ui.main_window import MainWindow
from workstation.ui.registration_controller import RegistrationController
from workstation.ui.use_cases import FittedSeries

__all__ = ["compared"]

WAIT_MS = 10_000


def _fitted(fixed: OpenedSeries, moving: OpenedSeries, **_job: object) -> FittedSeries:
    """Return a fit without a search: the search has tests of its own."""
    here, there = (one.volume.geometry.frame_of_reference_uid for one in (fixed, moving))
    figures = FitFigures(0.5, 1.0, 0.9, 0.5)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    fit = RigidRegistration(np.eye(4), here, there, "rigid", "any", figures, FitJudgment.GOOD, at)
    return FittedSeries(fit, ())


@pytest.fixture
def fits(qtbot: QtBot, compared: MainWindow) -> RegistrationController:
    """Fits of the window, one of them accepted."""
    found = compared.links.fits
    found._register = _fitted
    found.fit()
    qtbot.waitUntil(lambda: found.fit_found is not None, timeout=WAIT_MS)
    found.accept()
    return found


def test_a_second_fit_that_is_stopped_leaves_the_one_in_force_on_show(
    qtbot: QtBot, compared: MainWindow, fits: RegistrationController
) -> None:
    first = fits.fit_found

    fits.fit()
    fits.stop()

    qtbot.waitUntil(lambda: fits.fit_found is first, timeout=WAIT_MS)
    assert fits.box.discard_button.isVisibleTo(fits.box)
    fits.discard()
    assert compared.links.desk.state.value.registrations == ()


def test_discarding_a_new_fit_keeps_the_accepted_one_and_its_way_out(
    qtbot: QtBot, compared: MainWindow, fits: RegistrationController
) -> None:
    first = fits.fit_found
    fits.fit()
    qtbot.waitUntil(lambda: fits.fit_found not in (None, first), timeout=WAIT_MS)

    fits.discard()

    assert fits.fit_found is first
    assert compared.links.desk.state.value.registrations == (first,)


def test_another_study_begins_without_a_fit(
    qtbot: QtBot, compared: MainWindow, fits: RegistrationController
) -> None:
    imported = compared.study.imported
    assert imported is not None

    compared.study.open_study(dataclasses.replace(imported))

    assert compared.links.desk.state.value.registrations == ()
    assert fits.fit_found is None
    assert not fits.box.discard_button.isVisibleTo(fits.box)
