"""Hanging protocols: rules, words, scores, ties, and which series goes where."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewers.state.hanging import (
    Attribute,
    CellView,
    HangingProtocol,
    HungCell,
    Operator,
    Rule,
    SeriesTraits,
    plain,
)
from viewers.state.hanging_match import Matcher, ReasonKind, closed_up, holds, hung
from viewers.state.layout import Layout
from viewers.state.view_state import Plane


def series(key: int, words: str = "", **more: object) -> SeriesTraits:
    texts = {Attribute.MODALITY: "ct", Attribute.WORDS: plain(words), Attribute.VOLUME: "yes"}
    numbers = {Attribute.SLICES: 100.0}
    for name, value in more.items():
        if isinstance(value, str):
            texts[Attribute(name)] = plain(value)
        elif isinstance(value, int | float):
            numbers[Attribute(name)] = float(value)
    return SeriesTraits(key, words, f"series {key}", texts, numbers)


def rule(attribute: Attribute, operator: Operator, *operand: str, required: bool = True) -> Rule:
    return Rule(attribute, operator, operand, 1.0, required)


CT = rule(Attribute.MODALITY, Operator.IS, "CT")


def has(*words: str, required: bool = True) -> Rule:
    return rule(Attribute.WORDS, Operator.HAS, *words, required=required)


def protocol(
    name: str = "one", *cells: HungCell, rules: tuple[Rule, ...] = (CT,)
) -> HangingProtocol:
    made = cells or (HungCell("all"),)
    return HangingProtocol(name, name, rules, Layout.grid(1, len(made)), made)


@pytest.mark.parametrize(
    ("word", "text", "is_there"),
    [
        ("t1", "T1W_TSE", True),
        ("t1", "t1_fl2d_sag", True),
        ("t1", "Segment T10", False),
        ("adc", "DWI_ADC", True),
        ("adc", "ADCMAP", False),
        ("lung", "Abteilung Nord", False),
        ("lung", "Lung 1.0", True),
        ("flair", "AX T2FLAIR FS", True),
        ("schadel", "SCHÄDEL nativ", True),
        ("crane", "Scanner du CRÂNE", True),
        ("fuss", "Fuß links", True),
    ],
)
def test_a_word_is_found_as_people_mean_it(word: str, text: str, is_there: bool) -> None:
    asked = has(word)

    assert holds(asked, series(0, text)) is is_there


def test_a_number_is_compared_with_both_ends_included() -> None:
    asked = Rule(Attribute.B_VALUE, Operator.BETWEEN, (800.0, 1000.0))

    found = [holds(asked, series(0, b_value=b)) for b in (799, 800, 1000, 1001)]

    assert found == [False, True, True, False]
    assert not holds(asked, series(0))


def test_a_rule_that_compares_a_number_with_words_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="compares"):
        Rule(Attribute.SLICES, Operator.HAS, ("ten",))
    with pytest.raises(ValueError, match="compares"):
        Rule(Attribute.MODALITY, Operator.BETWEEN, (1.0, 2.0))
    with pytest.raises(ValueError, match="compares"):
        Rule(Attribute.WORDS, Operator.HAS, ("…",))


def test_a_protocol_whose_required_rule_fails_does_not_fit() -> None:
    match = Matcher([series(0)]).match(
        protocol(rules=(rule(Attribute.MODALITY, Operator.IS, "MR"),))
    )

    assert match is None


def test_the_score_is_the_sum_of_its_reasons() -> None:
    wished = Rule(Attribute.WORDS, Operator.HAS, ("chest",), 4.0)
    absent = Rule(Attribute.WORDS, Operator.HAS, ("head",), 8.0)
    cells = (HungCell("a", (has("chest"),)), HungCell("b", (has("head"),)))

    match = Matcher([series(0, "Chest 1.0")]).match(
        protocol("p", *cells, rules=(CT, wished, absent))
    )

    # 1 for the modality, 4 for the word, one of two cells of 2 points together.
    assert match is not None
    assert match.score == pytest.approx(1 + 4 + 1)
    assert sum(reason.points for reason in match.reasons) == pytest.approx(match.score)
    assert [reason.kind for reason in match.reasons].count(ReasonKind.FILLED) == 1


def test_cells_take_different_series_and_share_one_only_where_it_is_said() -> None:
    cells = (
        HungCell("first"),
        HungCell("second"),
        HungCell("same", same_as=0),
        HungCell("bone, or the same", (has("bone"),), same_as=0),
    )

    keys = Matcher([series(0, slices=50), series(1, slices=300)]).fill(cells)

    assert keys == (1, 0, 1, 1)


def test_a_series_of_its_own_goes_before_a_shared_one() -> None:
    cells = (HungCell("brain", (has("brain"),)), HungCell("bone", (has("bone"),), same_as=0))

    keys = Matcher([series(0, "brain"), series(1, "bone")]).fill(cells)

    assert keys == (0, 1)


def test_localizers_and_priors_are_taken_only_by_cells_that_ask_for_them() -> None:
    study = [
        series(0, localizer="yes", slices=3),
        series(1, slices=40),
        series(2, prior="yes", age_days=200, slices=900),
    ]
    of_prior = rule(Attribute.PRIOR, Operator.IS, "yes")
    scout = rule(Attribute.LOCALIZER, Operator.IS, "yes")

    keys = Matcher(study).fill(
        [
            HungCell("now"),
            HungCell("more"),
            HungCell("before", (of_prior,)),
            HungCell("s", (scout,)),
        ]
    )

    assert keys == (1, None, 2, 0)


def test_a_reformat_is_hung_only_of_a_series_that_has_planes() -> None:
    coronal = HungCell("coronal", view=CellView(plane=Plane.CORONAL), same_as=0)
    cells = (HungCell("axial"), coronal)

    assert Matcher([series(0, volume="no")]).fill(cells) == (0, None)
    assert Matcher([series(0)]).fill(cells) == (0, 0)


def test_stacks_of_one_series_give_way_to_another_series() -> None:
    stacks = [replace(series(key), series="same") for key in (0, 1)]

    keys = Matcher([*stacks, series(2)]).fill([HungCell("a"), HungCell("b")])

    assert keys == (0, 2)


def test_too_few_series_or_an_empty_needed_cell_refuse_the_protocol() -> None:
    needed = (HungCell("a", (has("venous"),), is_needed=True), HungCell("b"))
    two = replace(protocol("two", HungCell("a"), HungCell("b")), fewest=2)

    one_series = Matcher([series(0, "arterial")])

    assert one_series.match(protocol("needs", *needed)) is None
    assert one_series.match(two) is None


def test_equal_scores_go_to_the_readers_own_then_by_id() -> None:
    ours, theirs = protocol("a-ours"), replace(protocol("z-own"), is_own=True)

    ranked = Matcher([series(0)]).matches([protocol("b-ours"), ours, theirs])

    assert [match.protocol.protocol_id for match in ranked] == ["z-own", "a-ours", "b-ours"]


@given(st.permutations(range(6)))
def test_the_order_of_the_protocols_changes_nothing(order: list[int]) -> None:
    protocols = [protocol(f"p{n}") for n in range(6)]

    ranked = Matcher([series(0)]).matches([protocols[n] for n in order])

    assert [match.protocol.protocol_id for match in ranked] == [f"p{n}" for n in range(6)]


def test_empty_cells_close_up_unless_the_protocol_keeps_them() -> None:
    cells = tuple(HungCell(word, (has(word),)) for word in ("t1", "t2", "flair", "dwi"))
    made = HangingProtocol("brain", "brain", (CT,), Layout.FOUR, cells)
    match = Matcher([series(0, "t2"), series(1, "dwi")]).match(made)
    kept = Matcher([series(0, "t2"), series(1, "dwi")]).match(replace(made, keeps_empty=True))
    assert match is not None
    assert kept is not None

    closed, open_ = hung(match), hung(kept)

    assert (closed.layout, closed.keys) == (Layout.TWO, (0, 1))
    assert [cell.name for cell in closed.cells] == ["t2", "dwi"]
    assert (open_.layout, open_.keys) == (Layout.FOUR, (None, 0, None, 1))


@pytest.mark.parametrize("kept", [[0], [1, 2], [0, 2, 3], [0, 1, 2, 3, 4], list(range(7))])
def test_a_closed_up_layout_has_one_place_for_each_cell(kept: list[int]) -> None:
    assert len(closed_up(Layout.grid(2, 4), kept).cells) == len(kept)
