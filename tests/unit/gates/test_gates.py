"""Each gate lets through what is harmless and stops the harm it is there for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from inference.engine.providers import CPU
from inference.engine.sessions import SessionCache
from inference.gates.draws import SIGMA, Draws, Stack, draw, insert_places
from inference.gates.measure import gates, measure
from inference.packs.store import load_pack
from tests.support.data import REPOSITORY
from tests.support.model_packs import shift_model, write_pack
from workstation.core.errors import PackRefusedError

COUNT = 9


def middle(slices: Stack) -> Stack:
    found: Stack = slices[len(slices) // 2]
    return found


def judged(
    model: Callable[[Stack, float], Stack],
    modality: str = "CT",
    *,
    strength: float = 1.0,
    count: int = COUNT,
) -> dict[str, bool]:
    """Return which gates a method passes."""
    draws = draw(model, modality=modality, neighbours=5, count=count, seed=3)
    return {gate.name: gate.has_passed for gate in gates(draws, modality, strength, 3.0)}


def failed(verdicts: dict[str, bool]) -> set[str]:
    return {name for name, has_passed in verdicts.items() if not has_passed}


GAIN = "d' over unprocessed, median"
DETAIL = "error in detail over the input's"


@pytest.fixture(scope="module")
def untouched() -> Draws:
    return draw(lambda slices, _: middle(slices), modality="CT", neighbours=5, count=COUNT, seed=3)


def test_an_untouched_image_fails_only_in_not_being_better(untouched: Draws) -> None:
    found = gates(untouched, "CT", 1.0, 3.0)

    assert {gate.name for gate in found if not gate.has_passed} == {GAIN, DETAIL}
    figures = {gate.name: gate.value for gate in found}
    assert figures[GAIN] == pytest.approx(1)
    assert figures[DETAIL] == pytest.approx(1)
    assert figures["detail kept"] == pytest.approx(1)
    assert figures["contrast kept, 5 mm 0.35 sigma"] == pytest.approx(1, abs=1e-3)
    assert figures["flicker between slices over the input's"] == pytest.approx(1)


def test_an_untouched_magnitude_image_fails_only_in_what_its_noise_lifts() -> None:
    found = failed(judged(lambda slices, _: middle(slices), "MR", count=24))

    # The dark insert lies six deviations above nothing: lifted by sigma^2 / 2A = 1.7.
    assert found == {GAIN, DETAIL, "bias of dark"}


def test_the_mean_of_slices_makes_rods_easier_to_see() -> None:
    def averaged(slices: Stack, sigma: float) -> Stack:
        change = slices.mean(axis=0) - middle(slices)
        return middle(slices) + np.clip(change, -3 * sigma, 3 * sigma)

    verdicts = judged(averaged, strength=0.6)

    assert verdicts[GAIN]
    # Folds move from slice to slice, and their mean is another picture.
    assert failed(verdicts) <= {DETAIL, "detail kept"}


def test_blurring_is_stopped() -> None:
    def blurred(slices: Stack, _sigma: float) -> Stack:
        image: Stack = middle(slices)
        for axis in (0, 1):
            total = np.roll(image, 1, axis) + 2 * image + np.roll(image, -1, axis)
            image = (total / 4).astype(np.float32)
        return image

    found = failed(judged(blurred))

    assert "shift of the mean noise frequency" in found
    assert "change of f50 at the edge of bone" in found


def test_a_model_that_works_in_water_only_is_stopped() -> None:
    def timid(slices: Stack, sigma: float) -> Stack:
        image, mean = middle(slices), slices.mean(axis=0)
        steps = [np.abs(np.roll(mean, 3, axis) - mean) for axis in (0, 1)]
        is_plain = np.maximum(*steps) < 1.5 * sigma
        change = np.clip(mean - image, -3 * sigma, 3 * sigma)
        return np.where(is_plain, image + 0.3 * change, image).astype(np.float32)

    assert DETAIL in failed(judged(timid))


def test_a_model_that_takes_thin_lines_away_is_stopped() -> None:
    def smoothed(slices: Stack, sigma: float) -> Stack:
        image: Stack = middle(slices)
        around = [(a, b) for a in range(-2, 3) for b in range(-2, 3)]
        mean = sum(np.roll(image, away, (0, 1)) for away in around) / len(around)
        return (image + np.clip(mean - image, -3 * sigma, 3 * sigma)).astype(np.float32)

    assert "detail kept" in failed(judged(smoothed))


def test_a_shift_of_two_units_is_stopped() -> None:
    found = failed(judged(lambda slices, _: middle(slices) + 2))

    assert {"bias of water", "bias of fat", "bias of bone"} <= found


def test_lost_contrast_is_stopped() -> None:
    def flattened(slices: Stack, sigma: float) -> Stack:
        image = middle(slices)
        near = np.abs(image) < 3 * sigma
        return np.where(near, 0.3 * image, image)

    found = failed(judged(flattened))

    assert "contrast kept, 5 mm 0.35 sigma" in found
    assert "contrast kept, 10 mm 0.15 sigma" in found


def test_changes_beyond_the_bound_and_invented_lesions_are_stopped() -> None:
    random = np.random.default_rng(1)

    def spotted(slices: Stack, sigma: float) -> Stack:
        image = middle(slices).copy()
        for row, column in random.integers(100, 180, (3, 2)):
            image[row : row + 6, column : column + 6] += 4 * sigma
        return image

    found = failed(judged(spotted))

    assert "largest change in noise deviations" in found
    assert "strongest false lesion over the input's" in found
    assert "excess kurtosis of false lesions" in found


def test_flicker_is_stopped() -> None:
    counted = iter(range(10_000))

    def flickering(slices: Stack, _sigma: float) -> Stack:
        return middle(slices) + (1.0 if next(counted) % 2 else -1.0)

    assert "flicker between slices over the input's" in failed(judged(flickering))


def test_inserts_lie_apart_from_each_other_and_inside_the_water() -> None:
    places = np.array(insert_places("CT"))

    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    assert distances[np.triu_indices(4, 1)].min() * 0.75 > 40


def test_a_pack_is_measured_at_its_default_strength(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path / "shift", model=shift_model(0.1)))

    result = measure(pack, sessions=SessionCache((CPU,)), count=6)

    figures = {gate.name: gate for gate in result.gates}
    assert result.strength == 0.6
    assert not result.has_passed
    # A tenth of a deviation, shown at 0.6.
    assert figures["bias of water"].value == pytest.approx(0.06 * SIGMA, abs=0.2)
    assert figures["largest change in noise deviations"].value == pytest.approx(0.1, abs=1e-3)


def test_a_pack_for_another_task_has_no_gates() -> None:
    pack = load_pack(REPOSITORY / "resources/model_packs/superres-ct")

    with pytest.raises(PackRefusedError, match="Gates are for packs that denoise"):
        measure(pack, sessions=SessionCache((CPU,)))
