"""The recipes of the drafting pack: cases, foreign cubes, calibration; a few steps of training."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from inference.training.drafting_language import samples, vocabulary
from inference.training.findings_cases import make_case
from inference.training.findings_negatives import FOREIGN_KINDS, SPOILS, as_signal, foreign, spoiled
from inference.training.findings_recipes import RECIPES
from tests.unit.vlm.facts import PACK_FOLDER, grammar

needs_torch = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="training needs torch (the extra vlm)"
)


@pytest.mark.parametrize("kind", sorted(FOREIGN_KINDS))
def test_a_foreign_cube_is_finite_and_of_the_asked_shape(kind: str) -> None:
    cube = foreign(kind, (24, 32, 32), np.random.default_rng(0))

    assert cube.shape == (24, 32, 32)
    assert np.isfinite(cube).all()


@pytest.mark.parametrize("kind", SPOILS)
def test_a_spoiled_cube_differs_from_the_real_one(kind: str) -> None:
    cube = np.random.default_rng(0).normal(0, 100, (24, 32, 40)).astype(np.float32)

    made = spoiled(cube, kind, np.random.default_rng(1))

    assert made.shape == cube.shape
    assert not np.array_equal(made, cube)


def test_a_cube_as_signal_is_never_negative() -> None:
    cube = np.linspace(-1000, 1000, 24**3, dtype=np.float32).reshape(24, 24, 24)

    assert as_signal(cube, np.random.default_rng(0)).min() >= 0


def test_a_case_carries_the_truth_of_its_phantom() -> None:
    recipe = RECIPES["head_ct"]
    rng = np.random.default_rng(0)
    for phantom in (recipe.draw(0, False), recipe.draw(2, False)):
        case = make_case(recipe, phantom, rng, jitter_mm=0.0)
        bleed_ml = sum(t.value or 0 for t in phantom.truth.of("intraparenchymal bleed"))
        bleed_ml += sum(t.value or 0 for t in phantom.truth.of("subdural bleed"))
        assert case.mean.shape == recipe.shape_zyx
        assert case.presence[0] == (1 if bleed_ml > 3 else case.presence[0])
        assert case.presence[0] != 1 or case.maps[0].any()
        assert bleed_ml > 0 or case.presence[0] == 0


def test_the_training_text_is_the_same_for_the_same_seed() -> None:
    kinds = grammar()

    one = list(samples(kinds, np.random.default_rng(3), 20))
    other = list(samples(kinds, np.random.default_rng(3), 20))

    assert one == other
    assert len(vocabulary(one)) > 20


@pytest.mark.training
@needs_torch
def test_a_few_steps_of_the_language_recipe_lower_the_loss() -> None:
    from inference.training.drafting_decoder import train

    short = train(PACK_FOLDER / "grammar.toml", lines=200, steps=2)
    longer = train(PACK_FOLDER / "grammar.toml", lines=200, steps=40)

    assert longer.perplexity < short.perplexity


@pytest.mark.training
@needs_torch
def test_a_few_steps_of_the_finding_recipe_give_a_network_that_runs(tmp_path: Path) -> None:
    import onnxruntime

    from inference.training.findings_training import export, train

    recipe = RECIPES["head_ct"]
    rng = np.random.default_rng(0)
    cases = [make_case(recipe, recipe.draw(seed, False), rng, jitter_mm=0.0) for seed in range(2)]
    path = tmp_path / "network.onnx"

    export(train(recipe, cases, [], steps=2), recipe, path)

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    cube = np.zeros((1, len(recipe.channels), *recipe.shape_zyx), np.float32)
    known, presence, sides, maps = session.run(None, {"cube": cube})
    assert known.shape == (1, 1)
    assert presence.shape == (1, 2)
    assert sides.shape == (1, 2, 2)
    assert maps.shape == (1, 2, *(size // 4 for size in recipe.shape_zyx))
