"""The bundled study: a phantom, written as DICOM once per home because no image is shipped."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from workstation.core.errors import InputRefusedError
from workstation.core.identity import PatientIdentity
from workstation.core.phi import Phi

COMPLETE = "complete"
"""Name of the empty file that is written last: a folder without it was interrupted."""


def demo_study(folder: Path) -> Path:
    """Return the folder of the demo study, making it at first use (about 15 s).

    Args:
        folder: where it is kept; its parent must exist.

    Raises:
        InputRefusedError: the study cannot be written there.
    """
    if (folder / COMPLETE).is_file():
        return folder

    try:
        staged = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".demo-"))
        try:
            _write(staged)
            (staged / COMPLETE).touch()
            shutil.rmtree(folder, ignore_errors=True)
            staged.rename(folder)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    except OSError as error:
        raise InputRefusedError(
            "The demo study cannot be written",
            why=error.strerror or "the disk refused it",
            todo="Make room, or move the state with PRELIM_HOME",
        ) from error
    return folder


def _write(folder: Path) -> None:
    # The phantoms take SimpleITK with them; only a demo pays for it.
    from inference.phantoms.demo import DEMO_PATIENT_ID, DEMO_PATIENT_NAME, demo_phantoms
    from workstation.dicom.phantom_series import Vendor, write_series

    patient = PatientIdentity(
        name=Phi(DEMO_PATIENT_NAME), patient_id=Phi(DEMO_PATIENT_ID), sex="F", age="054Y"
    )
    for number, series in enumerate(demo_phantoms(), start=1):
        write_series(
            series.phantom,
            folder / f"series-{number}",
            patient=patient,
            vendor=Vendor.SIEMENS,
            description=series.description,
            seed=series.seed,
        )
