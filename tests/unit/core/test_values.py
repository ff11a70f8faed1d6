"""Small values of the vocabulary: masks, errors, observables, jobs, volumes, windows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.canary import CANARY
from workstation.core.clock import SystemClock
from workstation.core.errors import CancelledError, InputRefusedError, SafetyGateError
from workstation.core.geometry import StackGeometry
from workstation.core.identity import SeriesIdentity, StudyIdentity
from workstation.core.intensity import Intensity, IntensityUnit, Window
from workstation.core.job import CancelToken
from workstation.core.observable import Observable
from workstation.core.phi import Phi
from workstation.core.provenance import PackRef
from workstation.core.volume import Volume, read_only


def test_a_protected_value_shows_only_a_mask() -> None:
    name = Phi(CANARY)

    shown = f"{name} {name!r} {name!s} {[name]} {name:>20}"

    assert CANARY not in shown
    assert shown.count("***") == 5
    assert name.reveal() == CANARY


def test_an_error_says_what_why_and_what_to_do() -> None:
    error = InputRefusedError("It is empty", why="there is no file", todo="Choose another folder.")

    assert str(error) == "It is empty. There is no file. Choose another folder."
    assert (error.exit_code, SafetyGateError("x").exit_code) == (3, 4)


def test_observers_see_every_step_in_order_and_the_newest_value_wins() -> None:
    seen: list[tuple[int, int]] = []
    observable = Observable(0)

    def clamp(_old: int, new: int) -> None:
        if new > 5:
            observable.set(5)

    observable.observe(clamp)
    stop = observable.observe(lambda old, new: seen.append((old, new)))
    observable.set(9)
    observable.set(5)
    stop()
    observable.set(1)

    assert seen == [(0, 9), (9, 5)]
    assert observable.value == 1


def test_a_cancelled_token_stops_the_work_that_asks_it() -> None:
    token = CancelToken()
    token.raise_if_cancelled()
    token.cancel()

    assert token.is_cancelled
    with pytest.raises(CancelledError):
        token.raise_if_cancelled()


def test_the_clock_knows_its_time_zone() -> None:
    assert SystemClock().now().utcoffset() is not None


def test_a_window_without_width_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="positive"):
        Window(40, 0)


def test_a_pack_is_named_with_its_version() -> None:
    assert str(PackRef("ct-denoise", "1.0.0", "ab")) == "ct-denoise 1.0.0"


def _volume(voxels: NDArray[Any], uids: tuple[str, ...]) -> Volume:
    geometry = StackGeometry(
        (2, 3, 4),
        np.array([1.0, 0, 0]),
        np.array([0.0, 1, 0]),
        (1, 1),
        np.array([[0.0, 0, 0], [0, 0, 1]]),
        "1.2",
    )
    series = SeriesIdentity("1.2.4", StudyIdentity("1.2.3"))
    return Volume(voxels, geometry, Intensity(IntensityUnit.HU), series, uids)


def test_a_volume_takes_only_a_read_only_array_of_its_shape() -> None:
    writable = np.zeros((2, 3, 4), np.int16)

    volume = _volume(read_only(writable), ("1", "2"))

    assert not volume.is_colour
    writable[0, 0, 0] = 7
    assert volume.voxels[0, 0, 0] == 7
    with pytest.raises(ValueError, match="read-only"):
        volume.voxels[0, 0, 0] = 1
    with pytest.raises(ValueError, match="read_only"):
        _volume(writable, ("1", "2"))
    with pytest.raises(ValueError, match="shapes"):
        _volume(read_only(np.zeros((3, 3, 4), np.int16)), ("1", "2"))
    with pytest.raises(ValueError, match="one instance"):
        _volume(read_only(writable), ("1",))


def test_a_volume_of_red_green_and_blue_is_color() -> None:
    assert _volume(read_only(np.zeros((2, 3, 4, 3), np.uint8)), ("1", "2")).is_colour
