"""What a model proposed is no source of numbers: every service that takes some refuses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.filled import filled_series, scanned, without
from viewers.render.curved import CurveCutter, CurvedError
from viewers.render.regularize import regularize
from viewers.scene3d.volume import require_drawable
from workstation.core.errors import InputRefusedError, WorkstationError
from workstation.core.geometry import GeometryError
from workstation.core.registration import RegistrationError
from workstation.core.volume import Volume
from workstation.services.draft_findings import draft
from workstation.services.fill_gaps import plan_filling
from workstation.services.measure_study import measure
from workstation.services.register_series import refuse_unfit_pair


class NoWorker:
    """Fails the test if it is asked."""

    def run(self, *_all: Any, **_named: Any) -> Any:  # noqa: ANN401 - as the port
        raise AssertionError("the worker must not see what was not scanned")


@pytest.fixture
def filled(tmp_path: Path) -> Volume:
    return filled_series(tmp_path, scanned(without(6))).volume


REFUSING: list[tuple[str, Callable[[Volume], object], type[WorkstationError]]] = [
    ("measuring", lambda volume: measure(volume, NoWorker()), InputRefusedError),
    ("drafting", lambda volume: draft(volume, worker=NoWorker()), InputRefusedError),
    ("proposing", plan_filling, InputRefusedError),
    ("3D", require_drawable, InputRefusedError),
    ("straightening", CurveCutter, CurvedError),
    ("resampling", regularize, GeometryError),
    (
        "fitting",
        lambda volume: refuse_unfit_pair(scanned(range(20)), volume),
        RegistrationError,
    ),
]


@pytest.mark.parametrize(
    ("act", "error"), [(act, error) for _, act, error in REFUSING], ids=[n for n, _, _ in REFUSING]
)
def test_a_filled_volume_is_refused_with_the_reason(
    filled: Volume, act: Callable[[Volume], object], error: type[WorkstationError]
) -> None:
    with pytest.raises(error) as caught:
        act(filled)

    assert caught.value.why
