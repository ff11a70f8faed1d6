"""The checker finds what a careful colleague would, at the exact place, and spares good text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.reports import a_fact, a_study, draft_events, drafted
from workstation.core.finding import Fact, Side
from workstation.core.provenance import OriginKind
from workstation.report.check_finding import CheckFinding, Severity
from workstation.report.checks import check, patient_age
from workstation.report.document import Answer, ReportDocument, Section, Statement
from workstation.report.events import (
    Event,
    QuestionAnswered,
    StatementAccepted,
    StatementAdded,
    StatementEdited,
    StatementRejected,
    fold,
)

NODULE = a_fact("f2", finding="lung nodule", anatomy="lung", side=Side.LEFT, value=12.4, unit="mm")


def report(
    *statements: Statement,
    facts: tuple[Fact, ...] = (a_fact(), NODULE),
    questions: tuple[Statement, ...] = (),
    **patient: object,
) -> ReportDocument:
    """Return a report whose drafted statements are all accepted."""
    acts = tuple(StatementAccepted(s.statement_id) for s in statements if s.is_drafted)
    own = tuple(
        StatementAdded(s.statement_id, s.section, s.text) for s in statements if not s.is_drafted
    )
    proposed = tuple(s for s in statements if s.is_drafted)
    return fold(
        draft_events(
            proposed,
            facts=facts,
            questions=questions,
            study=a_study(**patient),
            acts=(*acts, *own),
        )
    )


def own(text: str, section: Section = Section.FINDINGS, name: str = "h1") -> Statement:
    return drafted(name, text, section=section, facts=(), kind=OriginKind.HUMAN)


def codes(document: ReportDocument) -> dict[str, CheckFinding]:
    ignored = ("empty-impression",)
    return {f.code: f for f in check(document) if f.code not in ignored}


def words(document: ReportDocument, finding: CheckFinding) -> str:
    return document.statement(finding.statement_id).text[finding.start : finding.end]


GOOD = (
    "Right pleural effusion of 120 ml.",
    "Right-sided pleural effusion of about 120.4 ml.",
    "The right pleural effusion measures 0.12 l.",
    "Right pleural effusion of 120\u00a0ml; the left ventricle is of normal size.",
    "Upright position; right pleural effusion.",
)


@pytest.mark.parametrize("text", GOOD)
def test_a_true_sentence_raises_nothing(text: str) -> None:
    assert codes(report(drafted(text=text))) == {}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Right pleural effusion of 210 ml.", "210 ml"),
        ("Right pleural effusion of 1,204 ml.", "1,204 ml"),
        ("Right pleural effusion of 121-ml volume.", "121-ml"),
        ("Größe: ein Erguß rechts von 300 ml.", "300 ml"),
        ("Right effusion, 120 ml, and 7 % of something.", "7 %"),
    ],
)
def test_a_drafted_number_without_a_fact_blocks(text: str, place: str) -> None:
    document = report(drafted(text=text))

    finding = codes(document)["unbacked-number"]

    assert finding.severity is Severity.BLOCK
    assert words(document, finding) == place


def test_the_number_that_was_measured_is_offered_instead() -> None:
    finding = codes(report(drafted(text="Right pleural effusion of 210 ml.")))["unbacked-number"]

    assert finding.replacement == "120 ml"


def test_an_edited_draft_may_not_bring_a_number_of_its_own() -> None:
    from workstation.report.events import StatementEdited

    document = fold(draft_events(acts=(StatementEdited("s1", "Right effusion of 200 ml."),)))

    assert codes(document)["unbacked-number"].severity is Severity.BLOCK


def test_a_number_in_a_readers_own_words_is_only_a_doubt() -> None:
    finding = codes(report(own("Effusion of 300 ml.")))["unbacked-number"]

    assert finding.severity is Severity.DOUBT


def test_a_number_of_a_template_is_not_questioned() -> None:
    text = "CT of the chest with 1.25 mm slices."
    technique = drafted(text=text, section=Section.TECHNIQUE, facts=(), kind=OriginKind.TEMPLATE)

    assert codes(report(technique)) == {}


def test_an_edited_template_keeps_its_own_numbers_and_gains_no_new_ones() -> None:
    text = "CT of the chest with 1.25 mm slices."
    technique = drafted(text=text, section=Section.TECHNIQUE, facts=(), kind=OriginKind.TEMPLATE)

    def edited(words: str) -> ReportDocument:
        started = draft_events((technique,), acts=(StatementEdited(technique.statement_id, words),))
        return fold(started)

    assert codes(edited("Chest CT with contrast, 1.25 mm slices.")) == {}
    assert "unbacked-number" in codes(edited("Chest CT with contrast, 2.5 mm slices."))


def test_the_threshold_in_the_name_of_a_finding_is_no_number_of_the_model() -> None:
    name = "low-attenuation area below -950 HU"
    fact = a_fact(finding=name, anatomy="lung", value=11.3, unit="%", is_present=None)
    text = "The low-attenuation area below -950 HU is 11.3 % of the right lung."

    assert codes(report(drafted(text=text), facts=(fact,))) == {}


@pytest.mark.parametrize(
    ("text", "place", "mended"),
    [
        ("Left lung nodule of 12 cm.", "12 cm", "12 mm"),
        ("Left lung nodule of 12.4 cm.", "12.4 cm", "12.4 mm"),
    ],
)
def test_the_right_figure_in_the_wrong_unit_blocks(text: str, place: str, mended: str) -> None:
    document = report(drafted(text=text, facts=("f2",)))

    finding = codes(document)["unit-mismatch"]

    assert finding.severity is Severity.BLOCK
    assert words(document, finding) == place
    assert finding.replacement == mended


@pytest.mark.parametrize("text", ["Left lung nodule of 1.2 cm.", "Left lung nodule, 12 mm."])
def test_a_right_conversion_is_no_mismatch(text: str) -> None:
    assert codes(report(drafted(text=text, facts=("f2",)))) == {}


def test_a_bare_number_of_the_model_is_a_doubt_but_a_vertebra_is_not() -> None:
    text = "Right pleural effusion with 3 septa, down to T12 and segment 8."
    document = report(drafted(text=text))

    finding = codes(document)["bare-number"]

    assert words(document, finding) == "3"


def test_the_wrong_side_blocks_and_the_right_one_is_offered() -> None:
    document = report(drafted(text="Left pleural effusion of 120 ml."))

    finding = codes(document)["side-contradiction"]

    assert finding.severity is Severity.BLOCK
    assert words(document, finding) == "Left"
    assert finding.replacement == "Right"


@pytest.mark.parametrize(
    "text",
    [
        "Bilateral pleural effusion of 120 ml.",
        "Pleural effusion of 120 ml on the left-sided hemithorax.",
    ],
)
def test_a_side_that_no_fact_has_blocks(text: str) -> None:
    assert "side-contradiction" in codes(report(drafted(text=text)))


@pytest.mark.parametrize(
    "text",
    [
        "Right pleural effusion, none on the left.",
        "Right pleural effusion, next to the left ventricle.",
        "Right pleural effusion near the leftover catheter.",
    ],
)
def test_a_denied_side_or_a_name_with_a_side_is_no_contradiction(text: str) -> None:
    assert "side-contradiction" not in codes(report(drafted(text=text)))


def test_a_fact_on_both_sides_allows_each_side() -> None:
    fact = a_fact(side=Side.BOTH)

    document = report(drafted(text="Pleural effusion, left more than right."), facts=(fact,))

    assert codes(document) == {}


def test_an_impression_on_the_other_side_than_the_findings_blocks() -> None:
    document = report(
        own("Nodule in the right upper lobe.", name="h1"),
        own("Nodule in the left upper lobe.", Section.IMPRESSION, "h2"),
        facts=(),
    )

    finding = codes(document)["section-contradiction"]

    assert finding.severity is Severity.BLOCK
    assert finding.statement_id == "h2"
    assert words(document, finding) == "left"


@pytest.mark.parametrize(
    ("findings", "impression"),
    [
        ("Nodules in the right and left lung.", "Left nodule."),
        ("Left effusion and right nodule.", "Right nodule."),
        ("Effusion on the right and a nodule on the left.", "Right effusion. Left nodule."),
        ("Right upper and lower lobe consolidation.", "Right consolidation."),
        ("Small nodule.", "Left nodule."),
        ("No left effusion. Right effusion.", "Right effusion."),
        ("Right effusion.", "No left effusion."),
    ],
)
def test_findings_and_impression_that_agree_raise_nothing(findings: str, impression: str) -> None:
    document = report(own(findings), own(impression, Section.IMPRESSION, "h2"), facts=())

    assert "section-contradiction" not in codes(document)


@pytest.mark.parametrize(
    "text",
    [
        "No pleural effusion.",
        "Pleural effusion is not seen.",
        "Lungs without right pleural effusion.",
    ],
)
def test_a_denial_of_what_was_found_blocks_a_draft(text: str) -> None:
    assert codes(report(drafted(text=text)))["denied-fact"].severity is Severity.BLOCK


def test_a_readers_denial_of_what_was_found_is_a_doubt() -> None:
    finding = codes(report(own("No pleural effusion.")))["denied-fact"]

    assert finding.severity is Severity.DOUBT


def test_a_denial_on_the_other_side_is_no_contradiction() -> None:
    assert codes(report(own("No left pleural effusion."))) == {}


def test_a_negation_ends_at_but() -> None:
    text = "No consolidation, but a right pleural effusion of 120 ml."

    assert codes(report(drafted(text=text))) == {}


def test_a_fact_that_the_reader_refused_may_be_denied() -> None:
    events = draft_events(
        (drafted(),),
        acts=(
            StatementRejected("s1"),
            StatementAdded("h1", Section.FINDINGS, "No pleural effusion."),
        ),
    )

    assert codes(fold(events)) == {}


def test_a_question_answered_no_refuses_its_fact() -> None:
    question = drafted("q1", "Is there a pleural effusion?")
    own_words = StatementAdded("h1", Section.FINDINGS, "No pleural effusion.")
    acts = (QuestionAnswered("q1", Answer.NO), own_words)

    assert codes(fold(draft_events((), questions=(question,), acts=acts))) == {}


def test_a_measured_quantity_above_zero_may_not_be_denied_by_its_own_sentence() -> None:
    fact = a_fact(is_present=None)

    document = report(drafted(text="No pleural effusion."), facts=(fact,))

    assert "denied-fact" in codes(document)


def test_a_quantity_of_zero_may_be_denied() -> None:
    fact = a_fact(is_present=None, value=0.0)

    assert codes(report(drafted(text="No pleural effusion."), facts=(fact,))) == {}


def test_a_finding_that_could_not_be_assessed_is_neither_denied_nor_claimed() -> None:
    text = "Pleural effusion could not be assessed, not even on the right."

    assert codes(report(drafted(text=text))) == {}


def test_a_claim_of_what_a_fact_denies_blocks() -> None:
    fact = a_fact(value=None, unit="", is_present=False)

    document = report(drafted(text="Right pleural effusion."), facts=(fact,))

    assert codes(document)["claimed-absent"].severity is Severity.BLOCK


UNSEEN = a_fact(
    "f3",
    finding="lung volume",
    anatomy="lung",
    side=Side.NONE,
    value=None,
    unit="",
    is_assessed=False,
    is_present=None,
    reason="the bases are not in the scan",
)


@pytest.mark.parametrize(
    "text",
    [
        "The lungs are clear.",
        "Both lungs are unremarkable.",
        "Normal lung volume.",
        "The lungs show no abnormality.",
        "No reduced lung volume.",
    ],
)
def test_calling_normal_what_was_not_assessed_blocks_a_draft(text: str) -> None:
    document = report(drafted(text=text, facts=("f3",)), facts=(UNSEEN,))

    assert codes(document)["not-assessed"].severity is Severity.BLOCK


def test_denying_what_could_not_be_assessed_blocks_a_draft() -> None:
    fact = a_fact(value=None, unit="", is_assessed=False, is_present=None, reason="motion")

    document = report(drafted(text="No right pleural effusion."), facts=(fact,))

    assert codes(document)["not-assessed"].severity is Severity.BLOCK


def test_anatomy_in_which_a_finding_was_not_assessed_is_not_normal() -> None:
    fact = replace(UNSEEN, finding="emphysema")
    document = report(drafted(text="The lungs are clear.", facts=()), facts=(fact,))
    other = report(drafted(text="The lungs are large.", facts=()), facts=(fact,))

    assert words(document, codes(document)["not-assessed"]) == "lungs"
    assert codes(other) == {}


def test_anatomy_that_was_not_assessed_is_meant_on_its_own_side_only() -> None:
    fact = replace(UNSEEN, side=Side.LEFT)

    assert "not-assessed" in codes(report(own("The left lung is clear."), facts=(fact,)))
    assert "not-assessed" not in codes(report(own("The right lung is clear."), facts=(fact,)))


def test_what_was_assessed_on_another_series_is_not_missing() -> None:
    seen = a_fact("f4", finding="lung volume", anatomy="lung", side=Side.NONE, is_present=None)

    document = report(drafted(text="The lungs are clear.", facts=()), facts=(UNSEEN, seen))

    assert "not-assessed" not in codes(document)


@pytest.mark.parametrize(
    "text", ["Lung volume was not assessed.", "The lungs are only partly covered, not normal."]
)
def test_saying_that_it_was_not_assessed_raises_nothing(text: str) -> None:
    document = report(drafted(text=text, facts=("f3",)), facts=(UNSEEN,))

    assert "not-assessed" not in codes(document)


def test_a_reader_may_judge_by_eye_what_was_not_measured() -> None:
    finding = codes(report(own("The lungs are clear."), facts=(UNSEEN,)))["not-assessed"]

    assert finding.severity is Severity.DOUBT


@pytest.mark.parametrize(
    ("sex", "text", "place"),
    [
        ("M", "The uterus is enlarged.", "uterus"),
        ("F", "Prostatic calcification.", "Prostatic"),
        ("M", "Ovarian cyst.", "Ovarian"),
    ],
)
def test_an_organ_of_the_other_sex_is_a_doubt(sex: str, text: str, place: str) -> None:
    document = report(own(text), facts=(), sex=sex)

    finding = codes(document)["sex-mismatch"]

    assert finding.severity is Severity.DOUBT
    assert words(document, finding) == place


@pytest.mark.parametrize(
    ("sex", "text"),
    [
        ("M", "The cervical spine is normal."),
        ("O", "The uterus is normal."),
        ("F", "Uterus normal."),
    ],
)
def test_a_fitting_or_unknown_sex_raises_nothing(sex: str, text: str) -> None:
    assert codes(report(own(text), facts=(), sex=sex)) == {}


@pytest.mark.parametrize(
    ("text", "place"),
    [("A 74-year-old woman.", "74"), ("Woman aged 30 with cough.", "30"), ("74 yo F.", "74")],
)
def test_another_age_is_a_doubt(text: str, place: str) -> None:
    document = report(own(text, Section.INDICATION), facts=(), birth_date="19700315")

    finding = codes(document)["age-mismatch"]

    assert words(document, finding) == place
    assert finding.replacement == "54"


@pytest.mark.parametrize("text", ["A 54-year-old woman.", "55 year old.", "Scar 20 years old man."])
def test_the_age_at_the_study_counts_to_the_year(text: str) -> None:
    found = codes(report(own(text, Section.INDICATION), facts=(), birth_date="19700315"))

    assert ("age-mismatch" in found) == ("20" in text)


def test_the_age_is_that_on_the_day_of_the_study() -> None:
    before = report(own("x"), birth_date="19700302")
    on_the_day = report(own("x"), birth_date="19700301")
    stated = report(own("x"), birth_date="", age="007Y")

    assert patient_age(before) == 54
    assert patient_age(on_the_day) == 55
    assert patient_age(stated) == 7
    assert patient_age(report(own("x"), birth_date="", age="")) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The liver is [ ].", "[ ]"),
        ("The liver is [normal/enlarged].", "[normal/enlarged]"),
        ("The liver *** is large.", "***"),
        ("Size ___ mm.", "___"),
        ("{organ} normal.", "{organ}"),
        ("<organ> normal.", "<organ>"),
        ("Result TBD.", "TBD"),
        ("Größe ist [Wert].", "[Wert]"),
    ],
)
def test_a_placeholder_left_behind_blocks(text: str, place: str) -> None:
    document = report(own(text), facts=())

    finding = codes(document)["placeholder"]

    assert finding.severity is Severity.BLOCK
    assert words(document, finding) == place


@pytest.mark.parametrize("text", ["Nodule (see [3/45]).", "Size < 5 and > 3.", "Why?"])
def test_references_and_comparisons_are_no_placeholders(text: str) -> None:
    assert "placeholder" not in codes(report(own(text), facts=()))


def test_a_critical_result_without_a_documented_call_is_a_doubt() -> None:
    document = report(own("Tension pneumothorax on the left."), facts=())

    finding = codes(document)["critical-result"]

    assert finding.severity is Severity.DOUBT
    assert words(document, finding) == "Tension pneumothorax"


@pytest.mark.parametrize(
    "texts",
    [
        ("No pneumothorax.",),
        ("Left pneumothorax.", "Discussed with Dr. Ward at 14:10."),
        ("No evidence of pulmonary embolism.",),
    ],
)
def test_a_denied_or_communicated_critical_result_raises_nothing(texts: tuple[str, ...]) -> None:
    statements = [own(text, name=f"h{n}") for n, text in enumerate(texts)]

    assert codes(report(*statements, facts=())) == {}


def test_an_open_statement_blocks_over_its_whole_text() -> None:
    document = fold(draft_events())

    found = [f for f in check(document) if f.code == "unreviewed"]

    assert [(f.statement_id, f.start) for f in found] == [("s1", 0), ("s2", 0)]
    assert [words(document, f) for f in found] == [s.text for s in document.statements]


def test_an_unanswered_question_is_a_doubt_until_it_is_answered() -> None:
    question = drafted("q1", "Is there a nodule?", facts=())
    events = draft_events(questions=(question,))
    answer = Event(QuestionAnswered("q1", Answer.CANNOT_TELL), "Rita", events[0].at)

    assert codes(fold(events))["unanswered-question"].statement_id == "q1"
    assert "unanswered-question" not in codes(fold((*events, answer)))


def test_an_empty_impression_is_a_doubt_and_an_empty_report_blocks() -> None:
    without = {f.code: f for f in check(report(own("Words."), facts=()))}
    empty = {f.code: f for f in check(fold(draft_events((), facts=())))}

    assert without["empty-impression"].severity is Severity.DOUBT
    assert empty["empty-report"].severity is Severity.BLOCK


def test_signed_words_are_not_judged_again() -> None:
    document = report(own("Result TBD."), facts=())
    signed = replace(document, signed_ids=frozenset({"h1"}))

    assert "placeholder" not in codes(signed)
    assert "placeholder" in codes(document)


def test_findings_stand_in_reading_order() -> None:
    document = report(
        own("TBD here, and TBD there.", Section.IMPRESSION, "h1"), own("TBD.", name="h2"), facts=()
    )

    places = [(f.statement_id, f.start) for f in check(document) if f.code == "placeholder"]

    assert places == [("h2", 0), ("h1", 0), ("h1", 14)]


@given(
    st.text(max_size=60), st.sampled_from(["210 ml", "TBD", "Left", "[ ]"]), st.text(max_size=60)
)
def test_whatever_the_text_each_place_lies_inside_it(before: str, middle: str, after: str) -> None:
    text = f"{before} {middle} {after}".strip() or "x"
    document = report(drafted(text=text))

    for finding in check(document):
        if finding.statement_id:
            assert 0 <= finding.start <= finding.end <= len(text)


@given(st.integers(1, 99999), st.sampled_from(["mm", "cm", "ml", "HU", "%"]))
def test_a_number_is_backed_by_a_fact_of_the_same_value_and_unit(value: int, unit: str) -> None:
    fact = a_fact(value=float(value), unit=unit, side=Side.NONE)

    document = report(drafted(text=f"It measures {value} {unit}."), facts=(fact,))

    assert codes(document) == {}
