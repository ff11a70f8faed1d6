"""What may be imported by whom, and what the window may not load at its start."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.data import REPOSITORY

HEAVY = (
    *("onnxruntime", "torch", "transformers", "SimpleITK", "highdicom", "fhir", "hl7apy"),
    *("pyhanko", "alembic", "pydicom", "sqlalchemy", "PySide6"),
)


def _imported_by(code: str) -> set[str]:
    program = (
        f"import sys\n{code}\nsys.stdout.write(' '.join(m.split('.')[0] for m in sys.modules))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    return set(ended.stdout.split())


def test_the_contracts_of_the_house_hold() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout


def test_the_program_decides_before_it_imports_anything_heavy() -> None:
    assert _imported_by("import workstation.__main__").isdisjoint(HEAVY)


@pytest.mark.parametrize("module", ["workstation.core.volume", "workstation.report.events"])
def test_the_vocabulary_needs_only_numpy(module: str) -> None:
    assert _imported_by(f"import {module}").isdisjoint(HEAVY)


def test_the_window_does_not_load_a_model_runtime() -> None:
    loaded = _imported_by("import workstation.app, workstation.ui.main_window")

    assert loaded.isdisjoint({"onnxruntime", "torch", "transformers", "SimpleITK", "vtkmodules"})


def test_the_process_that_draws_volumes_loads_what_it_needs_of_vtk_and_no_plotting() -> None:
    pytest.importorskip("vtkmodules", reason="VTK is not installed")

    loaded = _imported_by("import viewers.scene3d.scene, viewers.scene3d.offscreen")

    assert "vtkmodules" in loaded
    assert loaded.isdisjoint({"matplotlib", "PySide6", "pydicom", "onnxruntime", "vtk"})
