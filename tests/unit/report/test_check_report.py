"""The result of the checker in the form that ``prelim check --json`` prints."""

from __future__ import annotations

import json

from tests.support.reports import draft_events, reviewed_events
from workstation.report.document import Section
from workstation.services.check_report import check_report, result_to_json

KEYS = {
    *("code", "severity", "statement", "section", "start", "end"),
    *("text", "mend", "replacement"),
}


def test_each_finding_has_its_place_and_its_mend() -> None:
    result = check_report(reviewed_events((Section.FINDINGS, "The liver is [ ] and TBD.")))

    plain = json.loads(json.dumps(result_to_json(result)))

    assert all(set(finding) == KEYS for finding in plain["findings"])
    assert (plain["blocks"], plain["can_sign"]) == (2, False)
    assert [o["kind"] for o in plain["obstacles"]] == ["block", "block"]
    assert (plain["findings"][0]["start"], plain["findings"][0]["end"]) == (13, 16)


def test_open_statements_are_said_once() -> None:
    result = check_report(draft_events())

    assert result.blocks == 2
    assert [o.kind.value for o in result.obstacles] == ["open", "open"]


def test_a_reviewed_report_can_be_signed() -> None:
    result = check_report(reviewed_events())

    assert (result.blocks, result.doubts, result.obstacles) == (0, 0, ())
    assert result_to_json(result)["can_sign"]


def test_a_finding_about_the_whole_report_names_no_statement() -> None:
    result = check_report(draft_events((), facts=()))

    (finding,) = result_to_json(result)["findings"]
    assert (finding["statement"], finding["section"]) == (None, None)
