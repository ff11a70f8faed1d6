"""Structured reports of real studies read as dcmtk's dsrdump reads them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.data import study
from tests.support.tools import run_tool
from workstation.core.study_objects import ReadableDocument
from workstation.dicom.object_files import FoundObject, read_object
from workstation.dicom.object_reader import read_one
from workstation.dicom.sources import SourceFile

pytestmark = pytest.mark.data

NUMBER = re.compile(r'NUM:\([^"]*"([^"]*)"\)="([^"]+)"')
TEXT = re.compile(r'TEXT:\([^"]*"([^"]*)"\)="([^"]+)"')


def document(path: Path) -> ReadableDocument:
    file = SourceFile(path, path.name)
    found = read_one(FoundObject(str(read_object(file).SOPClassUID), file))
    assert isinstance(found, ReadableDocument)
    return found


def reports() -> list[Path]:
    phoenix = study("s07_mr_enhanced_multiframe_siemens_xa30") / "99_Phoenix_Document"
    return [study("s13_odd_files") / "pydicom" / "test-SR.dcm", *sorted(phoenix.iterdir())]


def test_every_number_and_text_of_a_report_is_on_its_page() -> None:
    compared = 0
    for path in reports():
        # Siemens leaves values empty that must not be; dsrdump reads on with -Ee.
        dumped = run_tool("dsrdump", "-Ee", "-Er", "-Ec", "+Pl", path).text
        lines = "\n".join(document(path).lines)

        for name, value in (*NUMBER.findall(dumped), *TEXT.findall(dumped)):
            # dsrdump prints the bytes of the file: beyond ASCII they are no text here.
            words = re.split(r"\\[rn]|\s+", value.split("\N{REPLACEMENT CHARACTER}")[0])
            assert f"{name}: {' '.join(word for word in words if word)}" in lines
            compared += 1
    # Seven Phoenix documents of dozens of items each, and the demonstration of all kinds.
    assert compared > 100
