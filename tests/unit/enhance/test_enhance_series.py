"""Which series may be enhanced, what a blend is, and where the result lies in the patient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.packs.store import PackStore
from inference.tasks.denoise import DenoiseRequest, EnhancementFigures, EnhanceResult
from inference.tasks.super_resolve import SuperResolveRequest
from tests.support.canary import CANARY
from tests.support.model_packs import pair_model, shift_model, write_pack
from workstation.core.errors import (
    InputRefusedError,
    PackRefusedError,
    SafetyGateError,
    WorkerError,
)
from workstation.core.geometry import StackGeometry
from workstation.core.identity import PatientIdentity, SeriesIdentity, StudyIdentity
from workstation.core.intensity import Intensity, IntensityUnit
from workstation.core.job import CancelToken, Focus
from workstation.core.phi import Phi
from workstation.core.provenance import PackRef, PixelKind, Provenance
from workstation.core.volume import Volume, read_only
from workstation.services.enhance_series import (
    Enhanced,
    blended_slice,
    blended_voxels,
    enhance,
    enhanced_volume,
)
from workstation.services.super_resolve import blended_children

REF = PackRef("test-denoise", "1.2.3", "0" * 64)


class FakeWorker:
    """Adds ten to a slice; of a pair, ten to the first and minus ten to the second."""

    def __init__(self) -> None:
        self.requests: list[object] = []

    def run(
        self,
        request: Any,  # noqa: ANN401 - as the port
        voxels: NDArray[Any] | None,
        *,
        on_progress: Callable[[float], None] | None = None,
        on_slice: Callable[[int, NDArray[Any]], None] | None = None,
        cancel: CancelToken | None = None,
        focus: Focus | None = None,
    ) -> tuple[Any, NDArray[Any] | None]:
        self.requests.append(request)
        assert voxels is not None
        if isinstance(request, SuperResolveRequest):
            voxels = np.stack([voxels + 10, voxels - 10], axis=1).reshape(-1, *voxels.shape[1:])
        else:
            voxels = voxels + 10
        for k, plane in enumerate(voxels):
            if on_slice is not None:
                on_slice(k, plane)
        if on_progress is not None:
            on_progress(1.0)
        return EnhanceResult(REF, EnhancementFigures(sigma_before=20, provider="CPU")), voxels


def geometry(count: int = 4, *, gaps_mm: float = 2.0, spacing_mm: float = 0.8) -> StackGeometry:
    positions = np.zeros((count, 3))
    positions[:, 2] = np.arange(count) * gaps_mm
    rows, columns = np.eye(3)[0], np.eye(3)[1]
    return StackGeometry((count, 8, 8), rows, columns, (spacing_mm, spacing_mm), positions, "1.9")


def volume(stack: StackGeometry | None = None, dtype: type[np.generic] = np.int16) -> Volume:
    stack = stack or geometry()
    voxels = np.arange(np.prod(stack.shape_kji)).reshape(stack.shape_kji).astype(dtype)
    study = StudyIdentity("1.1", PatientIdentity(name=Phi(CANARY)))
    return Volume(
        voxels=read_only(voxels),
        geometry=stack,
        intensity=Intensity(IntensityUnit.HU, padding=-2000),
        series=SeriesIdentity("1.2", study, modality="CT"),
        instance_uids=tuple(f"1.3.{k}" for k in range(stack.shape_kji[0])),
        frame_numbers=(0,) * stack.shape_kji[0],
        thickness_mm=2.0,
    )


@pytest.fixture
def packs(tmp_path: Path) -> PackStore:
    write_pack(tmp_path, shift_model(0))
    write_pack(
        tmp_path, pair_model(1), pack_id="pair", task="super_resolve", kind="slice_pair", bound=0.0
    )
    return PackStore(tmp_path)


def run(volume: Volume, packs: PackStore, task: str = "denoise", **options: Any) -> Enhanced:  # noqa: ANN401
    return enhance(volume, task=task, worker=FakeWorker(), packs=packs, **options)


def test_the_worker_gets_spacing_and_padding_and_no_identity(packs: PackStore) -> None:
    worker = FakeWorker()
    seen: list[int] = []

    enhanced = enhance(
        volume(),
        task="denoise",
        worker=worker,
        packs=packs,
        first_index=2,
        on_slice=lambda k, _plane: seen.append(k),
    )

    assert worker.requests == [DenoiseRequest("test-denoise", "CT", (0.8, 0.8, 2.0), -2000, 2)]
    assert seen == [0, 1, 2, 3]
    assert enhanced.default_strength == 0.6
    assert not enhanced.voxels.flags.writeable


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (lambda v: replace(v, voxels=read_only(np.zeros((4, 8, 8, 3), np.uint8))), "color"),
        (lambda v: replace(v, series=replace(v.series, modality="MR")), "for CT, not MR"),
        (lambda v: replace(v, provenance=Provenance(PixelKind.ENHANCED)), "already computed"),
        (lambda v: replace(v, intensity=Intensity(IntensityUnit.UNKNOWN)), "not HU"),
        (
            lambda v: replace(v, intensity=Intensity(IntensityUnit.HU, False, "no slope")),
            "No slope",
        ),
        (lambda v: replace(v, geometry=replace(v.geometry, has_millimetres=False)), "millimeters"),
        (lambda _: volume(geometry(2)), "fewer than 3"),
        (lambda _: volume(geometry(gaps_mm=9.0)), "slice spacing is 9.00 mm; .* 0.5 to 7.5 mm"),
        (lambda _: volume(geometry(spacing_mm=0.2)), "pixel spacing is 0.20 mm; .* 0.4 to 1.2"),
    ],
)
def test_a_series_the_pack_was_not_made_for_is_refused(
    packs: PackStore, changed: Callable[[Volume], Volume], words: str
) -> None:
    with pytest.raises(InputRefusedError, match=words):
        run(changed(volume()), packs, pack_id="test-denoise")


@pytest.mark.parametrize(
    ("image_type", "words"),
    [
        (("ORIGINAL", "PRIMARY", "LOCALIZER"), "localizer"),
        (("DERIVED", "SECONDARY", "AXIAL"), "already computed"),
    ],
)
def test_what_the_image_type_tells_is_believed(
    packs: PackStore, image_type: tuple[str, ...], words: str
) -> None:
    with pytest.raises(InputRefusedError, match=words):
        run(volume(), packs, image_type=image_type)


def test_uneven_slices_are_refused(packs: PackStore) -> None:
    stack = geometry()
    positions = stack.positions_mm.copy()
    positions[2, 2] += 0.7

    with pytest.raises(InputRefusedError, match="evenly"):
        run(volume(replace(stack, positions_mm=positions)), packs)


def test_a_tilted_stack_can_lose_noise_but_cannot_be_split(packs: PackStore) -> None:
    stack = geometry()
    positions = stack.positions_mm.copy()
    positions[:, 1] = np.arange(4) * 0.5
    tilted = volume(replace(stack, positions_mm=positions))

    assert run(tilted, packs).task == "denoise"
    with pytest.raises(InputRefusedError, match="tilted"):
        run(tilted, packs, "superres")


@pytest.mark.parametrize(("thickness", "words"), [(1.5, "gaps"), (3.0, "overlap")])
def test_slices_that_do_not_touch_cannot_be_split(
    packs: PackStore, thickness: float, words: str
) -> None:
    with pytest.raises(InputRefusedError, match=words):
        run(replace(volume(), thickness_mm=thickness), packs, "superres")


def test_a_pack_for_another_task_or_no_pack_is_refused(packs: PackStore) -> None:
    with pytest.raises(InputRefusedError, match="for super_resolve"):
        run(volume(), packs, pack_id="pair")
    with pytest.raises(PackRefusedError, match="no model pack"):
        run(volume(), packs, pack_id="other")
    with pytest.raises(ValueError, match="no such task"):
        run(volume(), packs, "sharpen")


def test_a_worker_without_pixels_is_a_failure(packs: PackStore) -> None:
    class Empty(FakeWorker):
        def run(self, *args: Any, **kwargs: Any) -> tuple[Any, None]:  # noqa: ANN401
            return super().run(*args, **kwargs)[0], None

    with pytest.raises(WorkerError, match="no pixels"):
        enhance(volume(), task="denoise", worker=Empty(), packs=packs)


@pytest.mark.parametrize("task", ["denoise", "superres"])
def test_a_result_that_is_the_original_in_every_slice_is_refused_by_a_gate(
    packs: PackStore, task: str
) -> None:
    class Broken(FakeWorker):
        def run(self, *args: Any, **kwargs: Any) -> tuple[Any, NDArray[Any] | None]:  # noqa: ANN401
            made, voxels = super().run(*args, **kwargs)
            return replace(made, figures=replace(made.figures, slices_left_original=4)), voxels

    with pytest.raises(SafetyGateError, match="broke its promise in every slice"):
        enhance(volume(), task=task, worker=Broken(), packs=packs)


def test_a_strength_mixes_the_result_with_the_original(packs: PackStore) -> None:
    enhanced = run(volume(), packs)
    original = enhanced.source.voxels

    np.testing.assert_array_equal(blended_voxels(enhanced, 0), original)
    np.testing.assert_array_equal(blended_voxels(enhanced, 0.6), original + 6)
    np.testing.assert_array_equal(blended_voxels(enhanced, 1), original + 10)
    np.testing.assert_array_equal(blended_slice(enhanced, 0.25, 2), original[2] + 3)
    assert blended_voxels(enhanced, 0.3).dtype == np.int16
    with pytest.raises(ValueError, match="between 0 and 1"):
        blended_voxels(enhanced, 1.1)


@given(
    original=st.integers(-1000, 3000),
    difference=st.integers(-500, 500),
    strength=st.floats(0, 1),
)
def test_a_pair_of_whole_numbers_keeps_its_mean_at_every_strength(
    original: int, difference: int, strength: float
) -> None:
    middle = np.array([original], np.int16)

    pair = np.stack([middle + np.int16(difference), middle - np.int16(difference)])

    lower, upper = blended_children(middle[None], pair[:, None], strength)

    assert int(lower[0, 0]) + int(upper[0, 0]) == 2 * original


def test_the_enhanced_volume_says_what_it_is(packs: PackStore) -> None:
    made = enhanced_volume(run(volume(), packs))

    assert made.provenance == Provenance(PixelKind.ENHANCED, "1.2", REF, 0.6)
    assert made.geometry is not None
    assert made.thickness_mm == 2.0


def test_the_two_halves_of_a_slice_lie_a_quarter_gap_to_each_side(packs: PackStore) -> None:
    source = volume()

    made = enhanced_volume(run(source, packs, "superres"), 1.0)

    assert made.voxels.shape == (8, 8, 8)
    assert made.geometry.positions_mm[:, 2].tolist() == [-0.5, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5]
    assert made.geometry.is_regular
    assert made.instance_uids[:3] == ("1.3.0", "1.3.0", "1.3.1")
    assert made.thickness_mm == 1.0
    np.testing.assert_array_equal(made.voxels[2], source.voxels[1] + 10)
