"""Hold the files that guard a patient at every branch; the list is in pyproject.toml.

``pytest --cov tests/structure tests/unit && python -m tests.structure.guarded`` reads what the
run measured. Source: CONVENTIONS rule 38.
"""

from __future__ import annotations

import sys
from pathlib import Path

from coverage import Coverage

from tests.support.data import REPOSITORY

CONFIGURATION = REPOSITORY / "pyproject.toml"


def guarded_files() -> tuple[str, ...]:
    """Return the files of the list, relative to the repository."""
    listed = Coverage(data_file=None, config_file=str(CONFIGURATION)).get_option("run:include")
    assert isinstance(listed, list)
    return tuple(listed)


def main() -> int:
    """Report what was missed in the run before; return the exit code."""
    measured = Coverage(config_file=str(CONFIGURATION))
    measured.load()
    seen = {Path(name) for name in measured.get_data().measured_files()}
    # a file that no test imports would just be absent from the report
    unseen = [name for name in guarded_files() if REPOSITORY / name not in seen]
    if unseen:
        sys.stderr.write(f"no unit test reaches: {', '.join(unseen)}\n")
        return 1
    return 0 if measured.report(show_missing=True, skip_covered=True) == 100 else 1


if __name__ == "__main__":
    sys.exit(main())
