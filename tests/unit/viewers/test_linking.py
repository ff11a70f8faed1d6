"""Who follows whom, and to which slice: by millimeters inside one frame of reference only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
import SimpleITK
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from viewers.state.linking import (
    MOST_ANGLE_DEG,
    BondKind,
    LinkKind,
    LinkState,
    Subject,
    are_parallel,
    bond,
    followed_slice,
    lock_by_hand,
    marks_of,
    shares_window,
)
from workstation.core.registration import FitFigures, FitJudgment, RigidRegistration

UP = (0.0, 0.0, 1.0)


def _subject(
    series: str = "1.1",
    *,
    frame: str = "1.2.3",
    normal: tuple[float, float, float] = UP,
    gap_mm: float = 5.0,
    count: int = 20,
    start_mm: float = 0.0,
    index: int = 0,
    is_placed: bool = True,
    modality: str = "CT",
    unit: str = "HU",
) -> Subject:
    direction = np.array(normal) / np.linalg.norm(normal)
    distances = start_mm + gap_mm * np.arange(count, dtype=np.float64)
    return Subject(
        series_uid=series,
        frame_of_reference_uid=frame,
        is_placed=is_placed,
        has_millimetres=True,
        modality=modality,
        unit=unit,
        normal=direction,
        distances_mm=distances,
        reach_mm=gap_mm / 2,
        index=index,
        center_mm=direction * distances[index],
    )


def _fit(matrix: NDArray[np.float64]) -> RigidRegistration:
    return RigidRegistration(
        moving_to_fixed=matrix,
        fixed_uid="1.2.3",
        moving_uid="9.9.9",
        method="rigid",
        metric="mutual information",
        figures=FitFigures(0.1, 0.9, 0.8, 0.5),
        judgment=FitJudgment.GOOD,
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def _follow(leader: Subject, follower: Subject, state: LinkState | None = None) -> int | None:
    through = bond(leader, follower, state or LinkState())
    assert through is not None
    return followed_slice(leader, follower, through)


def test_slices_of_another_thickness_follow_by_millimeters_and_not_by_number() -> None:
    thick, thin = _subject("a", gap_mm=5.0, index=7), _subject("b", gap_mm=1.25, count=80)

    assert _follow(thick, thin) == 28  # 35 mm / 1.25 mm


def test_slices_counted_the_other_way_follow_to_the_same_place() -> None:
    down = _subject("b", normal=(0.0, 0.0, -1.0), gap_mm=5.0, count=20, start_mm=-95.0)

    assert _follow(_subject("a", index=4), down) == 15  # 20 mm up is -20 mm along its own normal


@pytest.mark.parametrize(("start_mm", "expected"), [(37.4, 0), (37.6, None), (-60.0, None)])
def test_a_follower_stays_where_the_place_is_outside_its_slices(
    start_mm: float, expected: int | None
) -> None:
    leader = _subject("a", index=7)  # at 35 mm; a slice reaches 2.5 mm beyond its middle

    assert _follow(leader, _subject("b", start_mm=start_mm, count=3)) == expected


@pytest.mark.parametrize(
    ("one", "other"), [("1.2.3", "1.2.4"), ("", ""), ("1.2.3", ""), ("", "1.2.3")]
)
def test_nothing_follows_from_one_frame_of_reference_to_another(one: str, other: str) -> None:
    assert bond(_subject("a", frame=one), _subject("b", frame=other), LinkState()) is None


def test_a_series_without_a_frame_follows_itself() -> None:
    assert bond(_subject("a", frame=""), _subject("a", frame=""), LinkState()) is not None


def test_slices_without_positions_follow_nothing_even_in_one_frame() -> None:
    assert bond(_subject("a"), _subject("b", is_placed=False), LinkState()) is None


@pytest.mark.parametrize(
    ("angle", "is_along"),
    [(0.0, True), (MOST_ANGLE_DEG - 0.1, True), (MOST_ANGLE_DEG + 0.1, False)],
)
def test_only_nearly_parallel_slices_follow(angle: float, is_along: bool) -> None:
    rad = np.deg2rad(angle)
    leaning = _subject("b", normal=(0.0, float(np.sin(rad)), float(np.cos(rad))))
    through = bond(_subject("a"), leaning, LinkState())

    assert through is not None
    assert are_parallel(_subject("a"), leaning, through) is is_along


def test_windows_are_shared_inside_one_modality_and_unit_only() -> None:
    ct = _subject()

    assert shares_window(ct, _subject("b", frame="7"))
    assert not shares_window(ct, replace(ct, modality="MR", unit="signal"))
    assert not shares_window(ct, replace(ct, unit="unknown"))
    assert not shares_window(replace(ct, unit=""), replace(ct, unit=""))


def test_series_locked_by_hand_move_by_the_same_millimeters() -> None:
    here, there = _subject("a", index=4), _subject("b", frame="9", gap_mm=2.0, count=50, index=30)
    lock = lock_by_hand(here, there)
    assert lock is not None
    state = LinkState().locked(lock)

    assert _follow(replace(here, index=6, center_mm=here.normal * 30.0), there, state) == 35
    assert _follow(replace(there, index=25, center_mm=there.normal * 50.0), here, state) == 2


def test_slices_that_lie_another_way_cannot_be_locked_by_hand() -> None:
    assert lock_by_hand(_subject("a"), _subject("b", frame="9", normal=(1.0, 0.0, 0.0))) is None
    assert lock_by_hand(_subject("a"), _subject("b", frame="9", is_placed=False)) is None


def test_an_accepted_fit_carries_places_and_a_discarded_one_does_not() -> None:
    transform = SimpleITK.Euler3DTransform((0.0, 0.0, 0.0), 0.05, 0.0, 0.0, (1.0, 2.0, 40.0))
    matrix = np.eye(4)
    matrix[:3, :3] = np.array(transform.GetMatrix()).reshape(3, 3)
    matrix[:3, 3] = transform.GetTranslation()
    moving, fixed = _subject("b", frame="9.9.9", index=3), _subject("a", count=40, gap_mm=2.0)
    state = LinkState().accepted(_fit(matrix))

    z = transform.TransformPoint(moving.center_mm.tolist())[2]
    assert _follow(moving, fixed, state) == round(z / 2.0)
    assert bond(moving, fixed, state.without("1.2.3", "9.9.9")) is None


def test_the_mark_says_that_no_header_vouches_for_a_link() -> None:
    pair = [_subject("a"), _subject("b", frame="9.9.9")]
    by_fit = marks_of(pair, LinkState().accepted(_fit(np.eye(4))))
    lock = lock_by_hand(*pair)
    assert lock is not None
    by_hand = marks_of(pair, LinkState().locked(lock))

    assert all(mark.by_registration and not mark.by_hand for mark in by_fit)
    assert all(mark.by_hand and not mark.by_registration for mark in by_hand)
    assert all(not mark.kinds for mark in marks_of(pair, LinkState()))


def test_the_mark_names_what_is_linked() -> None:
    state = LinkState(kinds=frozenset({LinkKind.SCROLL, LinkKind.WINDOW}))
    marks = marks_of([_subject("a"), _subject("b", modality="MR", unit="signal")], state)

    assert [mark.kinds for mark in marks] == [(LinkKind.SCROLL,)] * 2


def test_kinds_are_turned_on_and_off() -> None:
    state = LinkState().toggled(LinkKind.ZOOM)

    assert state.kinds == {LinkKind.SCROLL, LinkKind.ZOOM}
    assert state.toggled(LinkKind.SCROLL).kinds == {LinkKind.ZOOM}


@given(
    index=st.integers(0, 19),
    gap_mm=st.floats(0.5, 12.0),
    angle=st.floats(-14.0, 14.0),
    start_mm=st.floats(-80.0, 80.0),
)
def test_the_slice_a_follower_goes_to_is_the_nearest_one_it_has(
    index: int, gap_mm: float, angle: float, start_mm: float
) -> None:
    rad = float(np.deg2rad(angle))
    leader = _subject("a", index=index)
    normal = (float(np.sin(rad)), 0.0, float(np.cos(rad)))
    follower = _subject("b", normal=normal, gap_mm=gap_mm, start_mm=start_mm)

    found = _follow(leader, follower)

    away = [abs(float(d) - 5.0 * index * np.cos(rad)) for d in follower.distances_mm]
    if found is None:
        assert min(away) > gap_mm / 2 - 1e-6
    else:
        assert away[found] == pytest.approx(min(away), abs=0.011)


def test_one_frame_comes_before_a_fit_of_other_frames() -> None:
    state = LinkState().accepted(_fit(np.diag([1.0, 1.0, 1.0, 1.0])))
    through = bond(_subject("a"), _subject("b"), state)

    assert through is not None
    assert through.kind is BondKind.FRAME
