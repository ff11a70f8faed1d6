"""What is known and doubted about a series: the series verdict of DESIGN section 3."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from workstation.core.geometry import Reformat


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


class Answer(Enum):
    """What the headers say to a yes-or-no question; the value is the word for people."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class MissingSlices:
    """Slices that are missing between two that are there, or beyond the end of a stack.

    Attributes:
        stack: name of the display set; empty where the series is one set.
        count: how many.
        lower, upper: numbers of the two slices that are there, the smaller first: Instance
            Numbers where the slices are numbered, else places in the stack, from 1. Equal where
            the slices are missing beyond that one, at an end of the stack.
        from_mm, to_mm: places along the slice normal (LPS) of the two slices that are there, or
            of the first and last missing one beyond an end; from_mm <= to_mm.
    """

    stack: str
    count: int
    lower: int
    upper: int
    from_mm: float
    to_mm: float

    @property
    def text(self) -> str:
        """Return the sentence for people."""
        verb = "slice is" if self.count == 1 else "slices are"
        if self.lower == self.upper:
            return (
                f"{self.count} {verb} missing beyond {self.lower} (from {self.from_mm:.1f} mm on)"
            )
        return (
            f"{self.count} {verb} missing between {self.lower} and {self.upper} "
            f"(at {self.from_mm:.1f} to {self.to_mm:.1f} mm)"
        )


@dataclass(frozen=True, slots=True)
class Expectation:
    """How many images there should be by somebody's word, and how many came.

    Attributes:
        source: whose word it is, as a clause for people ("the index of the disk lists").
        expected: images there should be.
        received: images of those that are here.
    """

    source: str
    expected: int
    received: int


@dataclass(frozen=True, slots=True)
class StackVerdict:
    """What is known of one display set of a series.

    Attributes:
        name: names it inside its series ("b=1000"); empty where the series is one set.
        slices, rows, columns: its size.
        spacing_ij_mm: distance between columns, between rows; None without millimetres.
        spacing: between slices; None for fewer than two positions or no millimetres.
        tilt_deg: gantry tilt from geometry, signed as StackGeometry.tilt_deg.
        orientation: ``axial``, ``coronal``, ``sagittal``, ``oblique`` or ``unknown``.
        missing: how many slices seem to be missing inside it.
        unit: unit of its numbers.
        is_unit_trusted: whether numbers may be reported.
        reformat: whether other planes can be made from it.
        reason_not_reformattable: why not, as a sentence; empty where they can.
    """

    name: str
    slices: int
    rows: int
    columns: int
    spacing_ij_mm: tuple[float, float] | None
    spacing: Spacing | None
    tilt_deg: float
    orientation: str
    missing: int
    unit: str
    is_unit_trusted: bool
    reformat: Reformat
    reason_not_reformattable: str


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
        frames_received: frames of all files received, as far as their headers could be read.
        frames_shown: slices over all display sets.
        stacks: what is known of each display set, the largest first.
        is_unit_trusted: whether numbers of the largest display set may be reported.
        unit_reason: why not, as a clause; empty where they may.
        reformat: whether other planes can be made from the largest display set, and how.
        reason_not_reformattable: why not, as a sentence; empty where they can.
        still_right: what can be relied on all the same, as a sentence; empty where nothing is
            wrong with its planes.
        missing: which slices are missing.
        is_lossy: whether pixels were once compressed with loss.
        lossy_ratio: the stated ratio, the largest of the series; None where unstated.
        burned_in: whether text is burned into the pixels.
        patient_position: Patient Position (0018,5100), e.g. ``HFS``; empty where absent or mixed.
        laterality: ``R``, ``L`` or ``B`` where the header states one; else empty.
        expected: what the headers or the index of a disk say how many images there should be.
        listed_absent: files that the index of the disk lists for this series and that are not
            there, named as the index names them; may identify a patient, never logged.
        frame_of_reference_uid: of the largest display set; empty where absent or mixed.
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
    frames_received: int = 0
    frames_shown: int = 0
    stacks: tuple[StackVerdict, ...] = ()
    is_unit_trusted: bool = True
    unit_reason: str = ""
    reformat: Reformat = Reformat.NONE
    reason_not_reformattable: str = ""
    still_right: str = ""
    missing: tuple[MissingSlices, ...] = ()
    is_lossy: bool = False
    lossy_ratio: float | None = None
    burned_in: Answer = Answer.UNKNOWN
    patient_position: str = ""
    laterality: str = ""
    expected: tuple[Expectation, ...] = ()
    listed_absent: tuple[str, ...] = ()
    frame_of_reference_uid: str = ""
