"""What is known and doubted about a series: the series verdict of DESIGN section 3."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetAside:
    """A file that is not shown as an image of this series, and why.

    ``file`` is the name relative to the folder the person opened; it may identify a patient, so
    it is shown to that person and never logged.
    """

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt about a series: a stable code and a sentence for people."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Spacing:
    """Distance between neighbouring slices along the normal, in mm."""

    min_mm: float
    median_mm: float
    max_mm: float


@dataclass(frozen=True, slots=True)
class SeriesVerdict:
    """The verdict shown beside a series and printed by ``prelim inspect``.

    ``received = shown instances + set aside`` always holds (counting files).

    Attributes:
        series_uid: Series Instance UID.
        modality: e.g. ``CT``.
        description: Series Description.
        received: files received for the series.
        shown: files of those that are shown.
        set_aside: the rest, each with its reason.
        rows, columns, slices: size of the (largest) display set.
        display_sets: how many display sets the series was split into.
        spacing_ij_mm: distance between columns, between rows; None without millimetres.
        spacing: between slices; None for fewer than two positions or no millimetres.
        tilt_deg: gantry tilt from geometry, signed as StackGeometry.tilt_deg.
        missing_positions: how many slices seem to be missing.
        duplicates: files that repeat an instance or a position.
        sort_key: how the slices were put in order, in words.
        unit: unit of the numbers ("HU", "signal" ...).
        orientation: ``axial``, ``coronal``, ``sagittal``, ``oblique`` or ``unknown``.
        transfer_syntaxes: names, as pydicom's UID dictionary has them.
        warnings: every doubt.
    """

    series_uid: str
    modality: str
    description: str
    received: int
    shown: int
    set_aside: tuple[SetAside, ...]
    rows: int
    columns: int
    slices: int
    display_sets: int
    spacing_ij_mm: tuple[float, float] | None
    spacing: Spacing | None
    tilt_deg: float
    missing_positions: int
    duplicates: int
    sort_key: str
    unit: str
    orientation: str
    transfer_syntaxes: tuple[str, ...]
    warnings: tuple[Doubt, ...] = ()
