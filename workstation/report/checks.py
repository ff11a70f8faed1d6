"""The offline checker: every rule over a report, each finding with its place and its mend.

A block stops signing; a doubt asks for a second look. Rules about words know English and the
most common German forms; rules about numbers, status and placeholders know every language.
Signed words are not judged again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from workstation.report.check_claims import (
    check_denials,
    check_not_assessed,
    check_side_of_facts,
    check_sides_between_sections,
)
from workstation.report.check_finding import CheckFinding, Severity, finding_at
from workstation.report.check_numbers import JUDGED_SECTIONS, check_numbers
from workstation.report.check_words import (
    COMMUNICATED,
    CRITICAL,
    FEMALE_ONLY,
    MALE_ONLY,
    PLACEHOLDERS,
    Span,
    find_words,
    is_negated,
    sentences,
)
from workstation.report.document import ReportDocument, Section, Statement, StatementStatus

AGE_TOLERANCE_YEARS = 1
"""A year more or less is a birthday between order and scan, not another patient."""

Rule = Callable[[ReportDocument, Statement], Iterator[CheckFinding]]

_AGE = re.compile(
    r"(?<!\w)(?P<age>\d{1,3})(?:\s*-?\s*(?:years?|yrs?|y)[-\s]*(?:old|o)(?!\w)|\s*-?\s*jährig\w*)"
    r"|(?<!\w)aged?\s+(?P<aged>\d{1,3})(?!\s*(?:weeks?|months?|days?)|\w)",
    re.IGNORECASE,
)


def check(document: ReportDocument) -> tuple[CheckFinding, ...]:
    """Return everything the checker finds, in reading order; blocks before doubts at one place."""
    found = [
        finding
        for statement in document.statements
        if _is_judged(document, statement)
        for rule in _RULES
        for finding in rule(document, statement)
    ]
    signed = document.signed_ids
    found += [f for f in check_sides_between_sections(document) if f.statement_id not in signed]
    found += [*_critical_results(document), *_questions(document), *_whole(document)]
    order = {s.statement_id: n for n, s in enumerate(_reading_order(document))}
    last = len(order)

    def place(finding: CheckFinding) -> tuple[int, int, bool, str]:
        number = order.get(finding.statement_id, last)
        return (number, finding.start, finding.severity is Severity.DOUBT, finding.code)

    return tuple(sorted(dict.fromkeys(found), key=place))


def _is_judged(document: ReportDocument, statement: Statement) -> bool:
    is_refused = statement.status is StatementStatus.REJECTED
    return not is_refused and statement.statement_id not in document.signed_ids


def _reading_order(document: ReportDocument) -> Iterator[Statement]:
    for section in Section:
        yield from document.in_section(section)


def _unreviewed(document: ReportDocument, statement: Statement) -> Iterator[CheckFinding]:
    if statement.is_open:
        yield finding_at(
            "unreviewed",
            Severity.BLOCK,
            statement,
            (0, len(statement.text)),
            text="Nobody has reviewed this drafted sentence.",
            mend="Accept, edit or reject it.",
        )


def _placeholders(document: ReportDocument, statement: Statement) -> Iterator[CheckFinding]:
    for found in re.finditer(PLACEHOLDERS, statement.text):
        yield finding_at(
            "placeholder",
            Severity.BLOCK,
            statement,
            found.span(),
            text=f'A placeholder was left behind: "{found[0]}".',
            mend="Fill it in or take it out.",
        )


def _sex(document: ReportDocument, statement: Statement) -> Iterator[CheckFinding]:
    foreign = {"M": FEMALE_ONLY, "F": MALE_ONLY}.get(document.study.patient.sex)
    if foreign is None:
        return
    sex = {"M": "male", "F": "female"}[document.study.patient.sex]
    for place in find_words(statement.text, foreign):
        word = statement.text[place.start : place.end]
        yield finding_at(
            "sex-mismatch",
            Severity.DOUBT,
            statement,
            (place.start, place.end),
            text=f'"{word}" in the report of a patient registered as {sex}.',
            mend="Make sure that this is the right patient and the right word.",
        )


def _age(document: ReportDocument, statement: Statement) -> Iterator[CheckFinding]:
    age = patient_age(document)
    if age is None:
        return
    for found in _AGE.finditer(statement.text):
        group = "age" if found["age"] else "aged"
        if abs(int(found[group]) - age) <= AGE_TOLERANCE_YEARS:
            continue
        yield finding_at(
            "age-mismatch",
            Severity.DOUBT,
            statement,
            found.span(group),
            text=f"It says {found[group]} years; by the study the patient is {age}.",
            mend="Make sure that this is the right patient, then correct the age.",
            replacement=str(age),
        )


def patient_age(document: ReportDocument) -> int | None:
    """Return the patient's age in years at the study; None where the study does not tell."""
    patient = document.study.patient
    born, studied = _date(patient.birth_date.reveal()), _date(document.study.study_date)
    if born and studied and born <= studied:
        had_birthday = (studied.month, studied.day) >= (born.month, born.day)
        return studied.year - born.year - (0 if had_birthday else 1)
    stated = re.fullmatch(r"(\d{3})Y", patient.age.strip())
    return int(stated[1]) if stated else None


def _critical_results(document: ReportDocument) -> Iterator[CheckFinding]:
    """Give each critical result of a report in which nobody says that it was told to anyone."""
    live = [s for s in document.statements if s.status is not StatementStatus.REJECTED]
    if any(find_words(s.text, COMMUNICATED) for s in live):
        return
    for statement in live:
        if _is_judged(document, statement) and statement.section in JUDGED_SECTIONS:
            yield from _critical(statement)


def _critical(statement: Statement) -> Iterator[CheckFinding]:
    for sentence in sentences(statement.text):
        for found in find_words(statement.text[sentence.start : sentence.end], CRITICAL):
            place = Span(sentence.start + found.start, sentence.start + found.end)
            if is_negated(statement.text, sentence, place):
                continue
            word = statement.text[place.start : place.end]
            yield finding_at(
                "critical-result",
                Severity.DOUBT,
                statement,
                (place.start, place.end),
                text=f'"{word}" is a critical result, and no communication is documented.',
                mend="Tell the treating doctor, and write whom you told and when.",
            )


_RULES: tuple[Rule, ...] = (
    _unreviewed,
    _placeholders,
    check_numbers,
    check_side_of_facts,
    check_denials,
    check_not_assessed,
    _sex,
    _age,
)


def _questions(document: ReportDocument) -> Iterator[CheckFinding]:
    for question in document.questions:
        if question.answer is None:
            yield finding_at(
                "unanswered-question",
                Severity.DOUBT,
                question.statement,
                (0, len(question.statement.text)),
                text="A question of the draft has no answer.",
                mend="Look at the place it names, then answer it.",
            )


def _whole(document: ReportDocument) -> Iterator[CheckFinding]:
    live = [s for s in document.statements if s.status is not StatementStatus.REJECTED]
    new = [s for s in live if s.statement_id not in document.signed_ids and s.text.strip()]
    if not new and not document.is_signed:
        yield CheckFinding(
            code="empty-report",
            severity=Severity.BLOCK,
            statement_id="",
            section=None,
            start=0,
            end=0,
            text="The report holds no words.",
            mend="Write at least one sentence.",
        )
    elif live and not any(s.section is Section.IMPRESSION and s.text.strip() for s in live):
        yield CheckFinding(
            code="empty-impression",
            severity=Severity.DOUBT,
            statement_id="",
            section=Section.IMPRESSION,
            start=0,
            end=0,
            text="The report has no impression.",
            mend="Write what the findings mean, in a sentence.",
        )


def _date(dicom: str) -> date | None:
    try:
        return date(int(dicom[:4]), int(dicom[4:6]), int(dicom[6:8]))
    except ValueError:
        return None
