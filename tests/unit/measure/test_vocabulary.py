"""The names of findings and their codes, against the concept tables of pydicom."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydicom.sr._concepts_dict import concepts

from inference.measure import vocabulary
from workstation.core.finding import Side

FILE = Path(__file__).resolve().parents[3] / "resources" / "codes" / "findings.toml"
TABLE: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
CODES = [
    entry["code"]
    for part in ("quantity", "anatomy", "side")
    for entry in TABLE[part]
    if "code" in entry
]


def test_the_table_of_codes_names_exactly_what_the_engine_finds() -> None:
    listed = [(entry["finding"], entry["anatomy"], entry["unit"]) for entry in TABLE["quantity"]]

    assert listed == [(q.finding, q.anatomy, q.unit) for q in vocabulary.QUANTITIES]
    assert {entry["name"] for entry in TABLE["anatomy"]} == set(vocabulary.ANATOMIES)
    assert {entry["name"] for entry in TABLE["side"]} <= {side.value for side in Side}


@pytest.mark.parametrize("code", CODES, ids=lambda code: code["meaning"])
def test_each_code_has_the_meaning_that_dicom_gives_it(code: dict[str, str]) -> None:
    meanings = {
        entry[code["value"]][0]
        for entry in concepts[code["scheme"]].values()
        if code["value"] in entry
    }

    assert code["meaning"].lower() in {meaning.lower() for meaning in meanings} | {"right and left"}
    assert meanings
