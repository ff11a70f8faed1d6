"""What can be asked of a super-resolution, what it needs, and blends that keep every mean."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.packs.store import PackStore
from inference.tasks.super_resolve import Direction, SuperResolveRequest
from tests.support.model_packs import ramp_model, shift_model, write_resolver
from tests.unit.enhance.test_enhance_series import FakeWorker, geometry, volume
from workstation.core.errors import (
    InputRefusedError,
    PackRefusedError,
    WorkerError,
    WorkerOutOfMemoryError,
)
from workstation.core.memory import Memory
from workstation.core.volume import Volume
from workstation.services.enhance_series import enhance
from workstation.services.super_resolve import (
    TITLES,
    SuperResolution,
    blended_children,
    blended_part,
    profile_ratio,
    require_room,
    resolution_of,
)

THROUGH, PLANE = Direction.THROUGH_PLANE, Direction.IN_PLANE


class RequestsOnly(FakeWorker):
    """Takes requests and gives no pixels."""

    def run(self, request: Any, *_args: Any, **_kwargs: Any) -> tuple[None, None]:  # noqa: ANN401 - as the port
        self.requests.append(request)
        return None, None


@pytest.fixture
def packs(tmp_path: Path) -> PackStore:
    write_resolver(tmp_path, ramp_model(is_in_plane=False))
    write_resolver(tmp_path, ramp_model(is_in_plane=True), is_in_plane=True)
    return PackStore(tmp_path)


def asked(
    source: Volume,
    packs: PackStore,
    how: SuperResolution | None,
    **options: Any,  # noqa: ANN401 - of enhance
) -> SuperResolveRequest:
    """Return what the worker is asked."""
    worker = RequestsOnly()
    with pytest.raises(WorkerError, match="no pixels"):
        enhance(source, task="superres", worker=worker, packs=packs, how=how, **options)
    (request,) = worker.requests
    assert isinstance(request, SuperResolveRequest)
    return request


def test_without_a_wish_there_are_twice_the_slices(packs: PackStore) -> None:
    request = asked(volume(), packs, None, first_index=2)

    assert request == SuperResolveRequest("pair", "CT", (0.8, 0.8, 2.0), -2000, 2)


def test_the_pack_is_the_one_for_the_direction(packs: PackStore) -> None:
    through = asked(volume(), packs, SuperResolution(THROUGH, 4, "gaussian"))
    plane = asked(volume(), packs, SuperResolution(PLANE, 4))

    assert (through.pack_id, through.factor, through.profile_shape) == ("pair", 4, 1.0)
    assert (plane.pack_id, plane.direction, plane.factor) == ("plane", PLANE, 4)
    assert plane.result_shape((4, 8, 8)) == (4, 32, 32)


def test_a_pack_asked_for_by_name_does_what_it_does(packs: PackStore) -> None:
    assert asked(volume(), packs, None, pack_id="plane").direction is PLANE
    with pytest.raises(InputRefusedError, match="in-plane"):
        enhance(
            volume(),
            task="superres",
            worker=FakeWorker(),
            packs=packs,
            pack_id="plane",
            how=SuperResolution(),
        )


def test_without_a_pack_for_the_direction_it_is_refused(tmp_path: Path) -> None:
    write_resolver(tmp_path, ramp_model(is_in_plane=False))

    with pytest.raises(PackRefusedError, match="No model pack"):
        enhance(
            volume(),
            task="superres",
            worker=FakeWorker(),
            packs=PackStore(tmp_path),
            how=SuperResolution(PLANE),
        )


def test_a_profile_the_pack_was_not_trained_on_is_refused(tmp_path: Path) -> None:
    folder = write_resolver(tmp_path, shift_model(0))
    manifest = folder / "manifest.toml"
    manifest.write_text(manifest.read_text("utf-8").replace(", 'gaussian'", ""), "utf-8")

    with pytest.raises(InputRefusedError, match="not trained on a gaussian"):
        enhance(
            volume(),
            task="superres",
            worker=FakeWorker(),
            packs=PackStore(tmp_path),
            how=SuperResolution(profile="gaussian"),
        )


@pytest.mark.parametrize(
    ("thickness_mm", "ratio"),
    [(2.0, 1.0), (1.999, 1.0), (2.09, 1.0), (0.0, 1.0), (1.4, 0.7), (3.0, 1.5)],
)
def test_the_profile_is_as_wide_as_the_headers_say(thickness_mm: float, ratio: float) -> None:
    assert profile_ratio(replace(volume(), thickness_mm=thickness_mm)) == pytest.approx(ratio)


@pytest.mark.parametrize("wish", [(THROUGH, 3, ""), (PLANE, 8, ""), (THROUGH, 2, "sinc")])
def test_other_factors_and_profiles_are_no_wish(wish: tuple[Direction, int, str]) -> None:
    with pytest.raises(ValueError, match="two or four"):
        SuperResolution(*wish)


def test_what_would_not_fit_is_refused_before_the_run(packs: PackStore) -> None:
    manifest = packs.get("plane").manifest
    memory = Memory(10**6, 10**6, 5000)

    require_room(volume(), manifest, SuperResolution(PLANE), memory=Memory(10**6, 10**6, 10**6))
    with pytest.raises(WorkerOutOfMemoryError, match="more memory than there is"):
        require_room(volume(), manifest, SuperResolution(PLANE), memory=memory)


@pytest.mark.parametrize(
    ("grown", "how"),
    [
        ((8, 8, 8), (THROUGH, 2)),
        ((16, 8, 8), (THROUGH, 4)),
        ((4, 16, 16), (PLANE, 2)),
        ((4, 32, 32), (PLANE, 4)),
    ],
)
def test_a_result_says_by_its_size_what_was_made(
    grown: tuple[int, int, int], how: tuple[Direction, int]
) -> None:
    made = resolution_of(volume(geometry(4)), np.zeros(grown, np.int16))

    assert (made.direction, made.factor) == how
    assert TITLES[made.direction, made.factor]


@given(seed=st.integers(0, 10**6), strength=st.floats(0, 1), count=st.sampled_from([2, 4, 16]))
def test_children_of_whole_numbers_keep_their_mean_at_every_strength(
    seed: int, strength: float, count: int
) -> None:
    random = np.random.default_rng(seed)
    original = random.integers(-1000, 3000, (3, 4)).astype(np.int16)
    children = (original + random.integers(-200, 200, (count, 3, 4))).astype(np.int16)
    children[-1] = count * original.astype(int) - children[:-1].sum(axis=0, dtype=int)

    blended = blended_children(original, children, strength)

    np.testing.assert_array_equal(blended.sum(axis=0, dtype=int), count * original.astype(int))
    change = np.abs(blended.astype(int) - original)
    assert (change <= np.abs(children.astype(int) - original) + 1).all()


def test_at_no_strength_every_pixel_is_repeated_and_at_full_strength_it_is_the_model() -> None:
    source = np.arange(12, dtype=np.int16).reshape(1, 3, 4)
    result = np.random.default_rng(1).integers(0, 99, (1, 6, 8)).astype(np.int16)

    none = blended_part(source, result, 0, 0.0)

    np.testing.assert_array_equal(none[0], np.kron(source[0], np.ones((2, 2), np.int16)))
    np.testing.assert_array_equal(blended_part(source, result, 0, 1.0), result)
