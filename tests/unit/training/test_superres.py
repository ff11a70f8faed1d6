"""Three steps of each super-resolution recipe give a model whose laws hold whatever the weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference.engine.onnx_safety import require_self_contained
from inference.engine.providers import CPU
from inference.engine.sessions import Session, open_session
from inference.ops.slice_profile import cell_weights

torch = pytest.importorskip("torch", reason="training needs torch: install the extra vlm")

from inference.training import superres, superres_batches, superres_export  # noqa: E402 - need torch
from inference.training.superres_networks import (  # noqa: E402 - needs torch
    SuperResolveNet,
    SuperResolveShape,
)

pytestmark = pytest.mark.training

PAIR = SuperResolveShape(width=8, deep_width=8, deep=1)
QUAD = SuperResolveShape(neighbours=3, children=4, width=8, deep_width=8, deep=1, has_profile=False)


def volume() -> np.ndarray[tuple[int, ...], np.dtype[np.float16]]:
    return np.random.default_rng(1).random((60, 80, 72)).astype(np.float16)


def trained(shape: SuperResolveShape, steps: int = 3) -> SuperResolveNet:
    torch.set_num_threads(1)
    recipe = superres.SuperResolveRecipe(
        ("CT",), is_in_plane=shape.children == 4, shape=shape, size=16, steps=steps
    )
    kind = (
        superres_batches.InPlaneBatches
        if recipe.is_in_plane
        else superres_batches.ThroughPlaneBatches
    )
    return superres.train(kind([volume()], 2, shape.neighbours), recipe, count=2)


@pytest.fixture(scope="module", params=[PAIR, QUAD], ids=["pair", "quad"])
def session(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Session:
    network = trained(request.param)
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(0.05 * torch.randn_like(weight))
    path = tmp_path_factory.mktemp("model") / "model.onnx"
    superres_export.export_super_resolver(network, path)
    require_self_contained(path.read_bytes())
    return open_session(path.read_bytes(), CPU)


def run(session: Session, slices: np.ndarray, ratio: float = 1.2) -> np.ndarray:
    profile = np.array([[ratio, 0.5]], np.float32)
    return session.run({"slices": slices.astype(np.float32), "profile": profile})


def neighbours(session: Session, size: tuple[int, int] = (32, 46)) -> np.ndarray:
    count = 5 if "profile" in session.inputs else 3
    return 100 * np.random.default_rng(3).random((1, count, *size)).astype(np.float32)


def test_the_mean_of_the_children_is_the_scanned_slice(session: Session) -> None:
    slices = neighbours(session)

    children = run(session, slices)

    np.testing.assert_allclose(children.mean(axis=1), slices[:, slices.shape[1] // 2], atol=2e-4)
    assert np.ptp(children, axis=1).max() > 1


def test_a_uniform_image_stays_as_it_is(session: Session) -> None:
    slices = np.full_like(neighbours(session), 40.0)

    np.testing.assert_allclose(run(session, slices), 40.0, atol=1e-3)


def test_details_do_not_depend_on_the_zero_or_the_unit(session: Session) -> None:
    slices = neighbours(session)

    moved = run(session, slices + 500)
    scaled = run(session, slices * 0.01)

    np.testing.assert_allclose(moved - 500, run(session, slices), atol=0.02)
    np.testing.assert_allclose(scaled * 100, run(session, slices), atol=0.02)


def test_the_same_seed_gives_the_same_weights() -> None:
    first, second = trained(PAIR), trained(PAIR)

    for one, other in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(one, other)


def test_slices_are_drawn_as_their_profile_weighs_the_planes() -> None:
    planes = np.random.default_rng(4).random((80, 3, 3)).astype(np.float16)
    profile = superres_batches.SliceProfile(1.3, 1.0)

    drawn = superres_batches.scanned(planes, 20, 3, profile, 5)

    weights = cell_weights(1.3, 1.0, 6)
    for k in range(5):
        middle = 20 + 3 + 6 * k
        under = planes[middle - len(weights) // 2 : middle + len(weights) // 2].astype(np.float64)
        expected = np.tensordot(weights, under, axes=1)
        np.testing.assert_allclose(drawn[k], expected, atol=1e-5)
    np.testing.assert_allclose(drawn[5], planes[32:35].astype(np.float64).mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(drawn[6], planes[35:38].astype(np.float64).mean(axis=0), atol=1e-5)


def test_children_of_a_pixel_come_row_by_row() -> None:
    batch = superres_batches.InPlaneBatches([volume()], 5).draw(0, 2, 16)

    np.testing.assert_allclose(
        batch.children.mean(dim=1).numpy(), batch.slices[:, 1].numpy(), atol=1e-6
    )
    assert batch.children.shape == (2, 4, 16, 16)


def test_training_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    recipe = superres.SuperResolveRecipe(("CT",), is_in_plane=False, shape=PAIR, size=16, steps=1)
    kept = tmp_path / "pair.pt"

    made = superres.train(
        superres_batches.ThroughPlaneBatches([volume()], 2), recipe, count=2, checkpoint=kept
    )

    loaded = superres_export.load_network(kept, PAIR)
    for one, other in zip(made.parameters(), loaded.parameters(), strict=True):
        assert torch.equal(one, other)
