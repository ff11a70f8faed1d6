"""What a reader asks of the output panel, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from workstation.core.picture import PictureLook


class OutputKind(Enum):
    """What leaves."""

    PICTURES = "pictures"
    MOVIE = "movie"
    PRINT = "print"
    MEDIA = "media"


class Scope(Enum):
    """Which pictures."""

    VIEW = "view"
    VIEWS = "views"
    SLICE = "slice"
    RANGE = "range"
    SERIES = "series"
    KEYS = "keys"


@dataclass(frozen=True, slots=True)
class PictureWish:
    """Pictures that are asked for.

    Attributes:
        scope: which.
        first, last: slices from 1, where ``scope`` is RANGE.
        look: what is drawn over them.
        accepts_burned_in: text in the pixels themselves may leave.
    """

    scope: Scope = Scope.VIEW
    first: int = 1
    last: int = 1
    look: PictureLook = field(default_factory=PictureLook)
    accepts_burned_in: bool = False


@dataclass(frozen=True, slots=True)
class FileWish:
    """Picture files: ``png``, ``jpeg`` or ``tiff``, as seen or stored values, into a folder."""

    pictures: PictureWish
    form: str
    folder: Path
    has_stored_values: bool = False
    is_one_file: bool = False


@dataclass(frozen=True, slots=True)
class MovieWish:
    """A movie: pictures per second, codec (``auto``, ``h264``, ``av1``), into a folder."""

    pictures: PictureWish
    rate: float
    codec: str
    folder: Path


@dataclass(frozen=True, slots=True)
class PrintWish:
    """Pages.

    Attributes:
        pictures: what is on them; its look says whether the patient is named.
        layout: ``1x1`` .. ``4x5``.
        paper: ``A4`` or ``Letter``.
        is_landscape, has_true_size, is_inverted: as in SheetOrder.
        path: of the PDF; None for the printer or the preview.
        preview_px: width of pages that are only looked at; 0 for paper or a PDF.
    """

    pictures: PictureWish
    layout: str
    paper: str
    is_landscape: bool
    has_true_size: bool
    is_inverted: bool
    path: Path | None = None
    preview_px: int = 0


@dataclass(frozen=True, slots=True)
class MediaWish:
    """A DICOM folder or disc image of the study, or of the series on screen."""

    target: Path
    is_series_only: bool = False
