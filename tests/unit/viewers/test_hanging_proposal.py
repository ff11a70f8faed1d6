"""A protocol proposed from the screen: words that tell, cells that fit, edits that keep others."""

from __future__ import annotations

import pytest

from viewers.state.hanging import Attribute, CellView, Operator, Rule, SeriesTraits, plain
from viewers.state.hanging_match import Matcher
from viewers.state.hanging_proposal import (
    ShownCell,
    proposal,
    study_words,
    telling_words,
    with_cell_words,
    with_study_words,
    words_of,
)
from viewers.state.layout import Layout
from viewers.state.slab import Projection, Slab
from viewers.state.view_state import Plane
from workstation.services.hanging_files import as_toml, read_text

NAMES = ("t1_tse_tra", "t2_tse_tra", "ep2d_diff_tra ADC")


def series(key: int, name: str, **more: str) -> SeriesTraits:
    texts = {
        Attribute.MODALITY: "mr",
        Attribute.SERIES_DESCRIPTION: plain(name),
        Attribute.WORDS: plain(name),
        Attribute.ANATOMY: plain(f"HEAD | MR brain without contrast | {name}"),
        Attribute.BODY_PART: "head",
        Attribute.STUDY_DESCRIPTION: plain("MR brain without contrast"),
        Attribute.PLANE: "axial",
        Attribute.VOLUME: "yes",
    } | {Attribute(attribute): text for attribute, text in more.items()}
    return SeriesTraits(key, name, f"series {key}", texts, {Attribute.SLICES: 20.0})


STUDY = [series(key, name) for key, name in enumerate(NAMES)]


def test_words_that_all_series_have_are_not_proposed() -> None:
    assert telling_words(STUDY[0], STUDY) == ("t1",)
    assert telling_words(STUDY[2], STUDY) == ("ep2d", "diff", "adc")


def test_the_words_of_the_study_leave_out_those_that_say_nothing() -> None:
    assert study_words(STUDY) == ("head", "brain")


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (2, 1)])
def test_a_proposal_hangs_its_own_study_as_it_was_on_screen(order: tuple[int, int]) -> None:
    made = proposal(
        Layout.TWO,
        [ShownCell(key, CellView()) for key in order],
        STUDY,
        protocol_id="mine",
        title="Mine",
    )

    match = Matcher(STUDY).match(made)

    assert match is not None
    assert match.keys == order
    assert read_text(as_toml(made), "mine.toml", is_own=True) == made


def test_a_series_shown_twice_is_asked_for_once() -> None:
    coronal = CellView(Plane.CORONAL, slab=Slab(Projection.MIP, 12.0))
    made = proposal(
        Layout.TWO,
        [ShownCell(1, CellView()), ShownCell(1, coronal)],
        STUDY,
        protocol_id="mine",
        title="Mine",
    )

    assert made.cells[1].same_as == 0
    assert made.cells[1].rules == ()
    assert made.cells[1].view == coronal


def test_a_prior_on_screen_is_asked_for_as_a_prior() -> None:
    study = [*STUDY, series(3, "t1_tse_tra", prior="yes")]
    made = proposal(
        Layout.TWO,
        [ShownCell(0, CellView()), ShownCell(3, CellView())],
        study,
        protocol_id="mine",
        title="Mine",
    )

    match = Matcher(study).match(made)

    assert match is not None
    assert match.keys == (0, 3)


def test_other_words_of_a_study_keep_its_other_rules() -> None:
    made = proposal(Layout.ONE, [ShownCell(0, CellView())], STUDY, protocol_id="m", title="M")

    changed = with_study_words(made, ("knee", "…"))
    without = with_study_words(changed, ())

    assert words_of(changed.rules, Attribute.ANATOMY) == ("knee",)
    assert [rule.attribute for rule in without.rules] == [Attribute.MODALITY]


def test_other_words_of_a_cell_keep_its_other_rules() -> None:
    made = proposal(Layout.ONE, [ShownCell(0, CellView())], STUDY, protocol_id="m", title="M")

    cell = with_cell_words(made.cells[0], ("mprage",))

    assert words_of(cell.rules, Attribute.WORDS) == ("mprage",)
    assert Rule(Attribute.PLANE, Operator.IS, ("axial",), 2.0) in cell.rules
    assert words_of(with_cell_words(cell, ()).rules, Attribute.WORDS) == ()
