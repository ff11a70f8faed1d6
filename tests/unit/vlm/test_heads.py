from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inference.vlm.heads import (
    Channel,
    FindingHead,
    NetworkSpec,
    Outputs,
    detections,
    network_input,
    probability_known,
    read_networks,
)
from inference.vlm.image import Cube, Sampled
from workstation.core.errors import PackRefusedError
from workstation.core.finding import Side

HEAD = FindingHead("pleural effusion", "pleural space", True, 0.35, 0.8, 1.0, 0.0)
SPEC = NetworkSpec(
    file="n.onnx",
    region="chest CT",
    modality="CT",
    contrasts=(),
    is_head=False,
    shape_zyx=(16, 16, 16),
    spacing_mm=5.0,
    known_from=0.5,
    channels=(Channel("mean", -1000, 0), Channel("peak", 0, 100)),
    findings=(HEAD,),
)
CUBE = Cube((16, 16, 16), 5.0, (10.0, 20.0, 30.0))


def seen(mean: float = -500.0, peak: float = 50.0) -> Sampled:
    shape = CUBE.shape_zyx
    full = np.ones(shape, dtype=np.float32)
    return Sampled(CUBE, full * mean, full * peak, np.ones(shape, dtype=np.bool_))


def outputs(
    *, presence: float, right: float, left: float, peak_zyx: tuple[int, int, int]
) -> Outputs:
    maps = np.full((1, 4, 4, 4), -8.0, dtype=np.float32)
    maps[(0, *peak_zyx)] = 5.0
    return Outputs(
        known=np.array([2.0], np.float32),
        presence=np.array([presence], np.float32),
        sides=np.array([[right, left]], np.float32),
        maps=maps,
    )


def test_values_are_scaled_by_the_window_of_each_channel() -> None:
    cube = network_input(seen(), SPEC.channels, is_ct=True)

    assert cube.shape == (1, 2, 16, 16, 16)
    assert np.allclose(cube[0, 0], 0.5)
    assert np.allclose(cube[0, 1], 0.5)


def test_the_signal_of_a_magnet_does_not_depend_on_its_scale() -> None:
    channels = (Channel("mean", 0.0, 1.3),)
    ramp = np.linspace(1, 100, 16**3, dtype=np.float32).reshape(CUBE.shape_zyx)
    inside = np.ones(ramp.shape, dtype=np.bool_)

    one = network_input(Sampled(CUBE, ramp, ramp, inside), channels, is_ct=False)
    other = network_input(Sampled(CUBE, 7 * ramp, ramp, inside), channels, is_ct=False)

    assert np.allclose(one, other, atol=1e-5)


def test_a_detection_is_on_the_side_and_at_the_place_of_its_peak() -> None:
    found = detections(outputs(presence=3, right=3, left=-6, peak_zyx=(3, 0, 1)), seen(), SPEC)[0]

    # A cell is 20 mm; the cube spans -30..50 along x, -20..60 along y, -10..70 along z.
    assert found.side is Side.RIGHT
    assert found.center_mm == pytest.approx((0.0, -10.0, 60.0))
    assert found.size_mm == pytest.approx((20.0, 20.0, 20.0))
    assert found.probability == pytest.approx(1 / (1 + np.exp(-3)))


def test_the_place_of_a_one_sided_detection_is_on_its_side() -> None:
    given = outputs(presence=3, right=-6, left=3, peak_zyx=(1, 1, 0))

    found = detections(given, seen(), SPEC)[0]

    assert found.side is Side.LEFT
    assert found.center_mm[0] >= CUBE.center_mm[0]


def test_both_sides_need_the_lesser_one_to_be_sure_by_itself() -> None:
    sure = detections(outputs(presence=4, right=4, left=3, peak_zyx=(0, 0, 0)), seen(), SPEC)[0]
    weak = detections(outputs(presence=4, right=4, left=0.5, peak_zyx=(0, 0, 0)), seen(), SPEC)[0]

    assert sure.side is Side.BOTH
    assert weak.side is Side.RIGHT


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_detects_nothing_and_knows_nothing(value: float) -> None:
    given = replace(
        outputs(presence=value, right=value, left=value, peak_zyx=(0, 0, 0)),
        known=np.array([value], np.float32),
        maps=np.full((1, 4, 4, 4), value, np.float32),
    )

    assert detections(given, seen(), SPEC)[0].probability == 0.0
    assert probability_known(given) == 0.0


def test_a_network_with_other_outputs_than_its_pack_says_is_refused() -> None:
    given = replace(
        outputs(presence=0, right=0, left=0, peak_zyx=(0, 0, 0)), presence=np.zeros(3, np.float32)
    )

    with pytest.raises(PackRefusedError):
        detections(given, seen(), SPEC)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"networks": ({"file": "n.onnx"},)},
        {"networks": 3},
    ],
)
def test_settings_that_are_not_complete_refuse_the_pack(settings: dict[str, object]) -> None:
    with pytest.raises(PackRefusedError):
        read_networks(settings)


def test_a_muted_head_never_asks() -> None:
    muted = replace(SPEC, findings=(replace(HEAD, ask=1.0, say=1.0),))

    found = detections(outputs(presence=1e9, right=9, left=9, peak_zyx=(0, 0, 0)), seen(), muted)

    assert found[0].probability < found[0].head.ask
