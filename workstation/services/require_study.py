"""Refuse what needs a patient and a study, where a file has neither."""

from __future__ import annotations

from workstation.core.errors import InputRefusedError
from workstation.core.identity import StudyIdentity


def require_study(study: StudyIdentity, what: str) -> None:
    """Return if the images belong to a patient's study.

    Args:
        study: of the images.
        what: what would be refused, as a short sentence ("No report can be drafted").

    Raises:
        InputRefusedError: they came without DICOM, for research reading only.
    """
    if study.is_research:
        raise InputRefusedError(
            what,
            why="the file is no DICOM image: it names no patient and no study",
            todo="open the DICOM study that it was made from",
        )
