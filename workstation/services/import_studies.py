"""Take in files, folders and zips: each file becomes part of a series or is set aside, in words.

What is no DICOM may be a volume or a picture: it is opened for research reading, without a patient.
"""

from __future__ import annotations

import errno
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workstation.core.errors import InputRefusedError
from workstation.core.identity import SeriesIdentity, StudyIdentity
from workstation.core.image_stack import ImageStack
from workstation.core.job import CancelToken
from workstation.core.verdict import SeriesVerdict, SetAside
from workstation.dicom.intake import Intake, SeriesFiles
from workstation.dicom.limits import LimitError
from workstation.dicom.object_files import FoundObject
from workstation.dicom.sources import SourceFile, collect
from workstation.dicom.verdict import display_sets, verdict
from workstation.exchange.research.intake import ResearchIntake
from workstation.exchange.research.reader import VolumeReader
from workstation.services.find_originals import with_originals

logger = logging.getLogger(__name__)

__all__ = [
    "ImportResult",
    "ImportedSeries",
    "ImportedStudy",
    "NothingToShowError",
    "import_paths",
]

_REPORT_EVERY = 16
"""Files between two progress reports; 16 headers take about 2 ms."""

_NAMED_REASONS = 3
"""How many different reasons a refusal names."""


class NothingToShowError(InputRefusedError):
    """No file of the input can be shown as an image.

    Attributes:
        set_aside: every file with its reason; names may identify a patient.
    """

    def __init__(
        self, what: str, *, why: str, todo: str, set_aside: tuple[SetAside, ...] = ()
    ) -> None:
        super().__init__(what, why=why, todo=todo)
        self.set_aside = set_aside


@dataclass(frozen=True, slots=True, eq=False)
class ImportedSeries:
    """A series as received.

    Attributes:
        identity: the series.
        verdict: what is known and doubted about it.
        display_sets: its stacks, the largest first; empty where it holds no image.
        objects: its files that are no images and are listed under Objects, not read yet.
    """

    identity: SeriesIdentity
    verdict: SeriesVerdict
    display_sets: tuple[ImageStack, ...]
    objects: tuple[FoundObject, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ImportedStudy:
    """A study as received.

    Attributes:
        identity: the study and its patient.
        series: series with images, by Series Number.
        documents: series without any image (reports, segmentations, plans).
    """

    identity: StudyIdentity
    series: tuple[ImportedSeries, ...]
    documents: tuple[ImportedSeries, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ImportResult:
    """Everything that was received.

    Attributes:
        studies: studies with at least one readable header; those without DICOM come last.
        set_aside: files that belong to no series, each with its reason.
        listed_absent: files that the index of a disk lists for a series of which nothing is
            there; the names may identify a patient.
    """

    studies: tuple[ImportedStudy, ...]
    set_aside: tuple[SetAside, ...]
    listed_absent: tuple[str, ...] = ()

    @property
    def all_series(self) -> tuple[ImportedSeries, ...]:
        """Every series with images, study by study."""
        return tuple(series for study in self.studies for series in study.series)


def import_paths(
    paths: Iterable[Path],
    *,
    cancel: CancelToken | None = None,
    progress: Callable[[int], None] | None = None,
) -> ImportResult:
    """Read the headers of everything below the paths and group it.

    Args:
        paths: files, folders (read to any depth) and zip archives.
        cancel: stops the reading.
        progress: called with the number of files read so far.

    Raises:
        InputRefusedError: a path does not exist, or nothing in it can be shown.
        CancelledError: it was cancelled.
    """
    token = cancel or CancelToken()
    intake, others = Intake(), ResearchIntake(VolumeReader())
    for number, found in enumerate(collect(paths)):
        if number % _REPORT_EVERY == 0:
            token.raise_if_cancelled()
            if progress:
                progress(number)
        if isinstance(found, SourceFile):
            if (aside := intake.take(found)) is not None:
                others.take(_Readable(found), aside)
        else:
            intake.set_aside(found)
    series = [_series(one) for one in intake.series()]
    taken = others.finish(token)
    series += [ImportedSeries(one.identity, one.verdict, one.volumes) for one in taken.series]
    answered = {id(aside) for aside in taken.answered}
    homeless = tuple(aside for aside in intake.homeless if id(aside) not in answered)
    homeless += taken.set_aside
    # Reports, key images and stored looks can be read without the images they are about.
    if not any(one.display_sets or one.objects for one in series):
        raise _nothing_to_show(series, homeless)
    logger.info("imported %d series, %d files set aside", len(series), len(homeless))
    return ImportResult(_studies(series), homeless, intake.listed_absent)


@dataclass(frozen=True, slots=True)
class _Readable:
    """A file for readers that know nothing of zips: a damaged member cannot be read."""

    file: SourceFile

    @property
    def path(self) -> Path:
        """The file; for a member of a zip, the archive."""
        return self.file.path

    @property
    def name(self) -> str:
        """Its name relative to what the person opened; may identify a patient, never logged."""
        return self.file.name

    @property
    def is_plain(self) -> bool:
        """Whether ``path`` is the file itself."""
        return self.file.is_plain

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Open the bytes for reading.

        Raises:
            OSError: the file cannot be read, or its member of a zip is damaged.
        """
        try:
            return self.file.open()
        except LimitError as error:
            raise OSError(errno.EIO, str(error)) from error


def _series(files: SeriesFiles) -> ImportedSeries:
    sets = display_sets(files.frames, files.identity)
    found = verdict(
        files.identity,
        sets,
        files.set_aside,
        duplicates=files.duplicates,
        facts=files.facts,
    )
    return ImportedSeries(files.identity, found, sets, tuple(files.objects))


def _studies(series: list[ImportedSeries]) -> tuple[ImportedStudy, ...]:
    by_study: dict[StudyIdentity, list[ImportedSeries]] = {}
    for one in series:
        by_study.setdefault(one.identity.study, []).append(one)
    return tuple(
        ImportedStudy(
            study,
            with_originals(one for one in members if one.display_sets),
            tuple(one for one in members if not one.display_sets),
        )
        for study, members in by_study.items()
    )


def _nothing_to_show(
    series: list[ImportedSeries], homeless: tuple[SetAside, ...]
) -> NothingToShowError:
    every = (*homeless, *(aside for one in series for aside in one.verdict.set_aside))
    if not every:
        return NothingToShowError(
            "There is nothing to open",
            why="the folder holds no file",
            todo="choose the folder that holds the DICOM files of the study",
        )
    reasons = Counter(aside.reason for aside in every).most_common(_NAMED_REASONS)
    why = "; ".join(f"{reason} ({count} of {len(every)})" for reason, count in reasons)
    return NothingToShowError(
        "None of the files can be shown as an image",
        why=why,
        todo="choose the folder that holds the CT or MR images, or copy the study again",
        set_aside=every,
    )
