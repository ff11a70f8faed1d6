"""What came with the images of a study and is none itself: regions, reports, key images.

Qt-free values that the window lists under Objects. All texts may identify a person: they are
shown, never logged.
"""

from __future__ import annotations

from dataclasses import dataclass

from workstation.core.presentation import PresentationState
from workstation.core.regions import OutlinedRegion


@dataclass(frozen=True, slots=True, eq=False)
class RegionObject:
    """A segmentation or a structure set.

    Attributes:
        title: what it is called.
        kind: what it is, in words.
        regions: its regions that can be shown.
        refused: for each region that cannot, a sentence.
    """

    title: str
    kind: str
    regions: tuple[OutlinedRegion, ...]
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyImage:
    """One image that a key object selection names.

    Attributes:
        series_uid, instance_uid: which image.
        frames: which of its frames, from 1; empty for all.
    """

    series_uid: str
    instance_uid: str
    frames: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportedMeasurement:
    """One number of a structured report, with what it is about.

    Attributes:
        name: what was measured, with how it was derived ("Attenuation Coefficient, Mean").
        value: as written.
        unit: as people write it; empty for none.
        finding: what it was measured of; may be empty.
        site: where in the body; may be empty.
        tracking: what the maker calls it; may be empty.
        image: the image it was measured on; None where it is not said.
        center_mm: middle of its place in the patient; None where it is told in an image.
        frame_of_reference_uid: where ``center_mm`` holds; else empty.
    """

    name: str
    value: str
    unit: str
    finding: str = ""
    site: str = ""
    tracking: str = ""
    image: KeyImage | None = None
    center_mm: tuple[float, float, float] | None = None
    frame_of_reference_uid: str = ""


@dataclass(frozen=True, slots=True)
class ReadableDocument:
    """A structured report, readable as text.

    Attributes:
        title: its title.
        kind: what it is, in words.
        lines: its content, a line each, indented by two spaces per level.
        key_images: images it names as key images; empty for other documents.
        status: completion and verification, in words.
        author: who wrote it, and who verified it, in words; may be empty.
        made: content date and time as ``YYYY-MM-DD HH:MM``; may be empty.
        measurements: its numbers, in its order.
    """

    title: str
    kind: str
    lines: tuple[str, ...]
    key_images: tuple[KeyImage, ...] = ()
    status: str = ""
    author: str = ""
    made: str = ""
    measurements: tuple[ReportedMeasurement, ...] = ()


@dataclass(frozen=True, slots=True)
class UnreadObject:
    """An object that could not be read.

    Attributes:
        kind: what it is, in words.
        reason: why not, as a sentence.
    """

    kind: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class StudyObjects:
    """All objects of a study that are no images."""

    region_objects: tuple[RegionObject, ...] = ()
    documents: tuple[ReadableDocument, ...] = ()
    unread: tuple[UnreadObject, ...] = ()
    presentations: tuple[PresentationState, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is none."""
        found = (self.region_objects, self.documents, self.unread, self.presentations)
        return not any(found)
