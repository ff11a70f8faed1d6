"""Which series is proposed to lie over which."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import numpy as np

from tests.unit.viewers.volumes import stack
from workstation.core.geometry import StackGeometry
from workstation.core.identity import SeriesIdentity, StudyIdentity
from workstation.core.image_stack import ImageStack
from workstation.services.choose_overlay import Pair, overlap, overlay_pairs


@dataclass
class Stack:
    """The part of an image stack that the choice reads."""

    modality: str
    description: str = ""
    geometry: StackGeometry = field(default_factory=stack)
    is_color: bool = False
    study_uid: str = "1"

    @property
    def series(self) -> SeriesIdentity:
        study = StudyIdentity(self.study_uid)
        return SeriesIdentity("1.2", study, self.modality, self.description)

    @property
    def slice_count(self) -> int:
        return self.geometry.shape_kji[0]


def pairs(stacks: list[Stack], shown: int) -> list[Pair]:
    def why_not(base: ImageStack, over: ImageStack) -> str:
        same = base.geometry.frame_of_reference_uid == over.geometry.frame_of_reference_uid
        return "" if same else "other frame"

    return list(overlay_pairs(cast("list[ImageStack]", stacks), shown, why_not))


def with_priors(stacks: list[Stack], shown: int) -> list[Pair]:
    def always(_base: ImageStack, _over: ImageStack) -> str:
        return ""

    every = cast("list[ImageStack]", stacks)
    return list(overlay_pairs(every, shown, always, current_uid="1"))


def test_pet_comes_over_ct_before_mr_does() -> None:
    stacks = [Stack("CT"), Stack("MR"), Stack("PT")]

    assert pairs(stacks, 0) == [Pair(0, 2), Pair(0, 1)]


def test_a_functional_series_on_show_goes_over_anatomy_and_not_under_it() -> None:
    stacks = [Stack("MR"), Stack("PT"), Stack("CT")]

    assert pairs(stacks, 1) == [Pair(2, 1), Pair(0, 1)]


def test_pet_without_attenuation_correction_is_not_the_first_choice() -> None:
    stacks = [Stack("PT", "WB NAC"), Stack("CT"), Stack("PT", "WB 3D")]

    assert pairs(stacks, 1) == [Pair(1, 2), Pair(1, 0)]


def test_another_kind_of_picture_comes_before_another_of_the_same() -> None:
    stacks = [Stack("MR", "T1"), Stack("MR", "T2"), Stack("CT")]

    assert pairs(stacks, 0)[0] == Pair(0, 2)


def test_other_frames_other_parts_of_the_body_and_colors_are_left_out() -> None:
    far = stack(positions_mm=np.array([[0.0, 0.0, 900.0 + 2 * k] for k in range(5)]))
    stacks = [
        Stack("CT"),
        Stack("PT", geometry=stack(frame="9.9")),
        Stack("PT", geometry=far),
        Stack("MR", is_color=True),
    ]

    assert pairs(stacks, 0) == []


def test_overlap_is_the_share_of_the_base() -> None:
    # 10 x 12 mm in the slice, 2 mm apart; the other one begins one slice gap (2 of 8 mm) higher.
    moved = stack(positions_mm=np.array([[-7.0, 11.0, 5.0 + 2 * k] for k in range(5)]))

    assert overlap(stack(), moved) == 0.75
    assert overlap(stack(), stack(is_placed=False)) == 0.0


def test_a_prior_comes_over_the_study_being_read_after_its_own_series_and_never_under_it() -> None:
    stacks = [Stack("CT"), Stack("PT", study_uid="2"), Stack("CT", study_uid="2"), Stack("MR")]

    assert with_priors(stacks, 0) == [Pair(0, 3), Pair(0, 1), Pair(0, 2)]
    assert with_priors([Stack("PT"), Stack("CT", study_uid="2")], 0) == [Pair(0, 1)]


def test_over_a_prior_come_series_of_its_own_study_alone() -> None:
    stacks = [Stack("PT"), Stack("CT", study_uid="2"), Stack("PT", study_uid="2")]

    assert with_priors(stacks, 1) == [Pair(1, 2)]
    assert with_priors(stacks, 2) == [Pair(1, 2)]


def test_a_fit_decides_whether_two_series_show_the_same_part() -> None:
    up = np.array([[-7.0, 11.0, 903.0 + 2 * k] for k in range(5)])
    far = stack(frame="9.9", positions_mm=up)
    back = np.eye(4)
    back[2, 3] = -900.0
    stacks = cast("list[ImageStack]", [Stack("CT"), Stack("CT", geometry=far, study_uid="2")])

    def carried(one: ImageStack, _other: ImageStack) -> np.ndarray:
        return back if one is stacks[1] else np.linalg.inv(back)

    def always(_base: ImageStack, _over: ImageStack) -> str:
        return ""

    assert overlay_pairs(stacks, 0, always, current_uid="1") == ()
    assert overlay_pairs(stacks, 0, always, placing=carried, current_uid="1") == (Pair(0, 1),)
