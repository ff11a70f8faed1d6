"""The packs that come with the program give here what they gave where they were made."""

from __future__ import annotations

import numpy as np
import pytest

from inference.engine.enhance import enhance
from inference.engine.golden import golden_request, read_array
from inference.engine.golden import test_pack as run_golden
from inference.engine.sessions import SessionCache
from inference.packs.store import Pack, PackStore
from inference.tasks.denoise import DenoiseRequest
from tests.support.data import REPOSITORY
from workstation.core.job import CancelToken

NAMES = (
    *("ct-denoise", "ct-denoise-fine", "mr-denoise"),
    *("superres-ct", "superres-mr", "fill-ct", "fill-mr"),
    *("superres-inplane-ct", "superres-inplane-mr"),
)
DENOISERS = NAMES[:3]


def pack(name: str) -> Pack:
    return PackStore(REPOSITORY / "resources/model_packs").get(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_golden_case_of_an_embedded_pack_passes(name: str) -> None:
    result = run_golden(pack(name), sessions=SessionCache(), cancel=CancelToken())

    assert result.has_passed, result


@pytest.mark.parametrize("name", NAMES)
def test_an_embedded_pack_is_small(name: str) -> None:
    assert pack(name).path("model.onnx").stat().st_size < 1_000_000


@pytest.mark.parametrize("name", DENOISERS)
def test_a_denoiser_lowers_noise_and_leaves_means_alone(name: str) -> None:
    denoiser = pack(name)
    voxels = read_array(denoiser, denoiser.manifest.golden.input)

    request = golden_request(denoiser)
    assert isinstance(request, DenoiseRequest)

    done = enhance(
        denoiser,
        request,
        voxels,
        np.zeros_like(voxels),
        sessions=SessionCache(),
        report=lambda _part, _slices: None,
        cancel=CancelToken(),
    )

    figures = done.figures
    assert figures.sigma_after < 0.7 * figures.sigma_before
    # A magnitude image is lifted by its noise (here by about 2): an MR denoiser takes that away.
    assert abs(figures.bias) < (1.0 if name.startswith("ct") else 3.0)
    assert figures.largest_change <= figures.bound + 0.5
    assert figures.slices_left_original == 0


@pytest.mark.parametrize("name", DENOISERS)
def test_tiles_of_a_denoiser_leave_no_seam(name: str) -> None:
    denoiser = pack(name)
    session = SessionCache().get(denoiser)
    random = np.random.default_rng(7)
    slices = random.normal(40, 25, (1, 5, 200, 200)).astype(np.float32)
    sigma = np.full((1, 1, 200, 200), 25, np.float32)
    overlap = denoiser.manifest.tiles.overlap_px

    whole = session.run({"slices": slices, "sigma": sigma})
    part = session.run({"slices": slices[..., :160, :160], "sigma": sigma[..., :160, :160]})

    inner = 160 - overlap
    np.testing.assert_allclose(part[..., :inner, :inner], whole[..., :inner, :inner], atol=1e-3)
