"""Names of transfer syntaxes are those of the standard's table as pydicom carries it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydicom.uid import UID, HTJ2KLossless

from tests.support.series import tiny_series
from workstation.dicom.transfer_syntaxes import NAMES, transfer_syntax_name

FIRST_IMAGE = """
import sys
from pathlib import Path
from workstation.services.import_studies import import_paths
from workstation.services.open_series import open_series
opened = open_series(import_paths([Path(sys.argv[1])]).all_series[0].display_sets[0])
opened.wait()
assert opened.is_complete
print("pydicom" in sys.modules)
"""


@pytest.mark.parametrize("uid", NAMES)
def test_each_name_is_the_one_of_the_standard(uid: str) -> None:
    assert transfer_syntax_name(uid) == UID(uid).name


def test_a_rare_syntax_has_its_name_and_an_unknown_one_is_told_by_its_uid() -> None:
    assert transfer_syntax_name(HTJ2KLossless) == HTJ2KLossless.name
    assert transfer_syntax_name("1.2.3.4") == "1.2.3.4"


def test_a_native_study_is_opened_without_the_slow_import_of_the_toolkit(tmp_path: Path) -> None:
    tiny_series(tmp_path)

    ended = subprocess.run(
        [sys.executable, "-c", FIRST_IMAGE, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout.strip() == "False"
