"""Window presets of a reader, typed windows and the order in which acts are taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewers.qt.acts import ActLog, Look, look_of
from viewers.state.user_windows import (
    CT_DEFAULTS,
    MOST_PER_MODALITY,
    UserWindow,
    added,
    as_text,
    moved,
    of_text,
    presets_for,
)
from viewers.state.view_state import ViewState
from viewers.state.windows import typed_window
from workstation.core.intensity import CT_WINDOWS, IntensityUnit, Window

HU = IntensityUnit.HU
WINDOWS = st.builds(
    UserWindow,
    modality=st.sampled_from(["CT", "MR", "PT", ""]),
    unit=st.sampled_from(IntensityUnit),
    name=st.text(min_size=1, max_size=20).filter(str.strip),
    center=st.floats(-1e6, 1e6),
    width=st.floats(1e-3, 1e6),
)


@given(st.lists(WINDOWS, max_size=8).map(tuple))
def test_presets_come_back_as_they_were_kept(presets: tuple[UserWindow, ...]) -> None:
    text = as_text(presets)

    if text:
        assert of_text(text) == (presets, True)
    else:
        assert presets == CT_DEFAULTS


@pytest.mark.parametrize("text", ["[", "{}", "3", '"CT"', "[" * 100_000])
def test_a_text_that_is_damaged_as_a_whole_gives_what_everybody_begins_with(text: str) -> None:
    assert of_text(text) == (CT_DEFAULTS, False)


@pytest.mark.parametrize(
    "row",
    [
        '["CT", "HU", "", 1, 2]',
        '["CT", "HU", "x", 1, 0]',
        '["CT", "HU", "x", 1, -5]',
        '["CT", "XX", "x", 1, 2]',
        '["CT", "HU", "x", NaN, 2]',
        '["CT", "HU", "x", 1, Infinity]',
        '["CT", "HU", "x", "1", 2]',
        '["CT", "HU", "x", 1]',
        "7",
    ],
)
def test_one_damaged_preset_is_left_out_and_the_others_stay(row: str) -> None:
    found, is_whole = of_text(f'[{row}, ["CT", "HU", "Mine", 1, 2]]')

    assert not is_whole
    assert found == (UserWindow("CT", HU, "Mine", 1.0, 2.0),)


def test_everybody_begins_with_the_presets_of_the_reading_room_for_ct_only() -> None:
    assert presets_for(CT_DEFAULTS, "CT", HU) == CT_WINDOWS
    assert presets_for(CT_DEFAULTS, "MR", IntensityUnit.SIGNAL) == ()
    assert presets_for(CT_DEFAULTS, "CT", IntensityUnit.UNKNOWN) == ()


def test_a_preset_of_the_same_name_gives_way_in_its_place() -> None:
    again = UserWindow("CT", HU, "LUNG", -500, 1400)

    presets = added(CT_DEFAULTS, again)

    assert len(presets) == len(CT_DEFAULTS)
    assert presets[1] == again


def test_no_modality_gets_more_presets_than_can_be_found_among() -> None:
    many = tuple(UserWindow("MR", HU, str(n), n, 1) for n in range(MOST_PER_MODALITY))

    with pytest.raises(ValueError, match="too many"):
        added(many, UserWindow("MR", HU, "one more", 0, 1))
    assert len(added(many, UserWindow("CT", HU, "other", 0, 1))) == MOST_PER_MODALITY + 1


def test_a_preset_moves_among_those_of_its_modality_only() -> None:
    a, b = UserWindow("CT", HU, "a", 0, 1), UserWindow("CT", HU, "b", 0, 1)
    between = UserWindow("MR", HU, "m", 0, 1)

    assert moved((a, between, b), 2, -1) == (b, between, a)
    assert moved((a, between, b), 0, -1) == (a, between, b)
    assert moved((a, between, b), 1, 1) == (a, between, b)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("40/400", Window(40, 400)),
        (" -600 1500 ", Window(-600, 1500)),
        ("0,5 / 1,5", Window(0.5, 1.5)),
        ("40", None),
        ("40/0", None),
        ("nan/3", None),
        ("3/inf", None),
    ],
)
def test_center_and_width_are_read_as_people_type_them(text: str, window: Window | None) -> None:
    assert typed_window(text) == window


class Screen:
    """A viewport that only has a look."""

    def __init__(self) -> None:
        self.shown_number = 0
        self.look = look_of(ViewState(Window(0, 100)))

    def take_look(self, look: Look) -> None:
        self.look = look

    def set(self, log: ActLog, width: float) -> None:
        before = self.look
        self.look = look_of(ViewState(Window(0, width)))
        log.add_view(self, before, self.look)


def nothing() -> bool:
    return False


def test_notches_that_follow_at_once_are_one_act_and_later_ones_another() -> None:
    now_s = [0.0]
    log, screen = ActLog(lambda: now_s[0]), Screen()
    for width, at_s in ((110, 0.0), (120, 0.2), (130, 0.4), (140, 5.0)):
        now_s[0] = at_s
        screen.set(log, width)

    widths = []
    while log.undo(nothing):
        widths.append(screen.look.window.width)

    assert widths == [130, 100]


def test_two_drags_in_quick_order_are_two_acts() -> None:
    log, screen = ActLog(lambda: 0.0), Screen()
    for widths in ((110, 120), (130, 140)):
        log.begin_drag()
        for width in widths:
            screen.set(log, width)
        log.end_drag()

    assert log.undo(nothing)
    assert screen.look.window.width == 120


def test_a_new_act_forgets_what_was_taken_back() -> None:
    log, screen = ActLog(lambda: 0.0), Screen()
    screen.set(log, 110)
    log.undo(nothing)
    screen.set(log, 120)

    assert not log.redo(nothing)
    assert log.undo(nothing)
    assert screen.look.window.width == 100


def test_an_act_on_a_picture_that_is_gone_is_passed_over() -> None:
    log, gone, here = ActLog(lambda: 0.0), Screen(), Screen()
    here.set(log, 110)
    gone.set(log, 120)
    gone.shown_number += 1

    assert log.undo(nothing)
    assert here.look.window.width == 100
    assert gone.look.window.width == 120
