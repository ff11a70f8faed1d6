"""What is said of a series: the sum, the doubts, the facts, and what a copy may hold."""

from __future__ import annotations

import pytest

from tests.support.canary import CANARY
from tests.support.verdicts import a_stack, a_verdict
from workstation.core.geometry import Reformat
from workstation.core.verdict import (
    Answer,
    Doubt,
    Expectation,
    MissingSlices,
    SeriesVerdict,
    SetAside,
    Spacing,
)
from workstation.ui.series_browser.account import (
    Account,
    account_of,
    as_text,
    grouped,
    study_account_of,
)


def fact(account: Account, name: str) -> str:
    return dict(account.facts).get(name, "")


def test_a_flawless_series_is_told_in_few_calm_words() -> None:
    account = account_of(a_verdict(), linked=2)

    assert account.sum_text == "275 received, 275 shown, 0 set aside"
    assert account.doubt_text == "Nothing is in doubt."
    assert account.blocked == ""
    assert account.calm == (
        "No tilt, no missing slices, no repeats, no lossy compression, no burned-in text."
    )
    assert fact(account, "Between slices") == "every 1 mm"
    assert fact(account, "Unit") == "HU, trusted"
    assert fact(account, "Frame of reference") == "shared with 2 other series"
    assert fact(account, "Position") == "head first, supine (HFS)"
    assert len(account.facts) <= 8


def test_uneven_tilted_slices_are_told_in_figures() -> None:
    stack = a_stack(spacing=Spacing(1.08, 4.0, 7.0), tilt_deg=18.5, reformat=Reformat.RESAMPLED)

    account = account_of(a_verdict(stack))

    assert fact(account, "Between slices") == "min 1.08, median 4.00, max 7.00 mm"
    assert fact(account, "Gantry tilt") == "+18.5°"
    assert fact(account, "Other planes") == "offered, resampled and marked RESAMPLED"
    assert "no tilt" not in account.calm


def test_missing_slices_are_named() -> None:
    hole = MissingSlices("", 3, 41, 45, 120.0, 140.0)

    account = account_of(a_verdict(missing=(hole,), missing_positions=3))

    assert fact(account, "Missing").startswith("3 slices are missing between 41 and 45")
    assert "no missing" not in account.calm.lower()


def test_a_series_without_other_planes_says_why_and_what_is_right() -> None:
    stack = a_stack(
        reformat=Reformat.NONE,
        reason_not_reformattable="Other planes cannot be made: there is only one slice.",
    )

    words = fact(account_of(a_verdict(stack)), "Other planes")

    assert words == ("not offered: there is only one slice. Scrolling the slices is right.")


@pytest.mark.parametrize(
    ("unit", "is_trusted", "spacing_mm", "is_blocked"),
    [
        ("HU", True, None, False),
        ("HU", False, (0.7, 0.7), False),
        ("HU", False, None, True),
        ("color", True, None, True),
        ("color", True, (0.7, 0.7), False),
        ("signal", True, None, False),
    ],
)
def test_measuring_is_blocked_only_where_neither_length_nor_value_can_be_trusted(
    unit: str, is_trusted: bool, spacing_mm: tuple[float, float] | None, is_blocked: bool
) -> None:
    stack = a_stack(unit=unit, is_unit_trusted=is_trusted, spacing_ij_mm=spacing_mm)

    account = account_of(a_verdict(stack, unit_reason="there is no rescale"))

    assert bool(account.blocked) is is_blocked
    assert not is_blocked or "Nothing is measured" in account.blocked


def test_an_untrusted_unit_says_why() -> None:
    stack = a_stack(is_unit_trusted=False)

    account = account_of(a_verdict(stack, unit_reason="the rescale is absent"))

    assert fact(account, "Unit") == "not trusted: the rescale is absent"


@pytest.mark.parametrize(
    ("ratio", "words"), [(None, "yes, ratio not stated"), (12.5, "yes, 12.5 : 1")]
)
def test_loss_is_told_with_its_ratio(ratio: float | None, words: str) -> None:
    account = account_of(a_verdict(is_lossy=True, lossy_ratio=ratio))

    assert fact(account, "Lossy") == words


@pytest.mark.parametrize(
    ("answer", "words"),
    [(Answer.YES, "yes, it may name the patient"), (Answer.UNKNOWN, "not stated by the headers")],
)
def test_burned_in_text_is_told_unless_the_headers_deny_it(answer: Answer, words: str) -> None:
    assert fact(account_of(a_verdict(burned_in=answer)), "Burned-in text") == words


def test_what_others_counted_stands_beside_what_came() -> None:
    listed = Expectation("the index of the disk lists", 280, 275)

    account = account_of(a_verdict(expected=(listed,), listed_absent=("A/1", "A/2")))

    assert fact(account, "The index of the disk lists") == "280, 275 came"
    assert account.absent == ("A/1", "A/2")


def test_the_split_of_a_series_is_no_doubt_but_a_list_of_stacks() -> None:
    stacks = (a_stack(name="b=0", slices=40), a_stack(name="b=1000", slices=38, missing=2))
    split = Doubt("split", "The series holds 2 stacks of images.")

    account = account_of(a_verdict(*stacks, warnings=(split,)), stack=1)

    assert account.doubts == ()
    assert account.stacks == ("b=0, 40 slices", "b=1000, 38 slices, 2 missing")
    assert account.kind.endswith("38 slices")


def test_the_same_doubt_is_told_once() -> None:
    doubts = (Doubt("a", "One."), Doubt("b", "One."), Doubt("c", "Two."))

    assert account_of(a_verdict(warnings=doubts)).doubts == ("One.", "Two.")


def test_files_are_grouped_by_reason_and_repeats_name_their_twin() -> None:
    aside = (
        SetAside("a", "the file is empty"),
        SetAside("b", "an image with the same identity was received already (as x)"),
        SetAside("c", "an image with the same identity was received already (as y)"),
    )

    groups = grouped(aside)

    assert [group.reason for group in groups] == [
        "An image with the same identity was received already",
        "The file is empty",
    ]
    assert groups[0].names == ("b  same as x", "c  same as y")


def test_a_copy_holds_every_figure_and_nothing_that_names_the_patient() -> None:
    aside = (SetAside(f"{CANARY}/1.dcm", f"it was received already (as {CANARY}/2.dcm)"),)
    verdict = a_verdict(
        aside=aside,
        description=f"Head {CANARY}",
        listed_absent=(f"{CANARY}/3",),
        warnings=(Doubt("uneven_spacing", "The slices are unevenly spaced."),),
    )

    text = as_text(account_of(verdict, title=f"{CANARY} CT"))

    assert CANARY not in text
    assert "1.2.9" not in text
    assert "276 received, 275 shown, 1 set aside" in text
    assert "- The slices are unevenly spaced." in text
    assert "- 1 x It was received already" in text
    assert "1 file is listed by the index of the disk" in text
    assert "Unit: HU, trusted" in text


def test_a_file_of_many_frames_tells_how_many_images_are_shown() -> None:
    account = account_of(a_verdict(received=2, shown=2, frames_received=66, frames_shown=66))

    assert account.frames == "66 of 66 images in these files are shown"


def test_a_series_without_images_has_a_sum_and_no_facts() -> None:
    report = a_verdict(
        stacks=(), received=7, shown=0, set_aside=(SetAside("r", "this is a report"),) * 7
    )

    account = account_of(report)

    assert account.sum_text == "7 received, 0 shown, 7 set aside"
    assert account.facts == ()
    assert account.kind.endswith("no images")


def test_a_study_is_the_sum_of_its_series_and_tells_what_has_no_home() -> None:
    report = a_verdict(
        stacks=(), received=7, shown=0, set_aside=(SetAside("r", "this is a report"),) * 7
    )
    series: tuple[SeriesVerdict, ...] = (a_verdict(), a_verdict(), report)

    study = study_account_of(series, (SetAside("note.txt", "this is not a DICOM file"),))

    assert study.text == "Study: 557 received, 550 shown, 7 set aside"
    assert study.homeless_text == "1 more file belongs to no series"
    assert study.homeless[0].names == ("note.txt",)
