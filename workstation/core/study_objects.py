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
class ReadableDocument:
    """A structured report, readable as text.

    Attributes:
        title: its title.
        kind: what it is, in words.
        lines: its content, a line each, indented by two spaces per level.
        key_images: images it names as key images; empty for other documents.
        status: completion and verification, in words.
    """

    title: str
    kind: str
    lines: tuple[str, ...]
    key_images: tuple[KeyImage, ...] = ()
    status: str = ""


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
