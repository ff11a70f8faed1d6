"""What the headers of a series say about the series as a whole: positions, sides, counts.

Frames hold what a slice is; this holds what can only be judged over all files. Raw values are kept
and read once at the end, so that a file costs a few look-ups.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from workstation.core.verdict import Answer, Doubt, Expectation
from workstation.dicom.headers import Header
from workstation.dicom.tags import Tag

_KEPT = (
    Tag.PATIENT_POSITION,
    Tag.LATERALITY,
    Tag.IMAGE_LATERALITY,
    Tag.BURNED_IN_ANNOTATION,
    Tag.LOSSY_IMAGE_COMPRESSION,
    Tag.LOSSY_IMAGE_COMPRESSION_RATIO,
    Tag.NUMBER_OF_SERIES_RELATED_INSTANCES,
)
"""Elements of which each distinct value is kept."""


@dataclass(slots=True)
class SeriesFacts:
    """What the images of one series say about it. Owned by one Intake.

    Attributes:
        images: how many images were taken in.
        frames_received: frames of all files, shown or not, as far as their headers tell.
        values: by tag, how many images state each raw value; the empty one where absent.
        acquisitions: images by (Acquisition Number, Images in Acquisition).
        contradictions: images that share an identity with another one but not its pixels.
        listed: how many images the index of a disk (DICOMDIR) lists for the series.
        listed_absent: those of them that are not there, as the index names them.
    """

    images: int = 0
    frames_received: int = 0
    values: dict[Tag, Counter[bytes]] = field(
        default_factory=lambda: {tag: Counter() for tag in _KEPT}
    )
    acquisitions: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)
    contradictions: int = 0
    listed: int = 0
    listed_absent: list[str] = field(default_factory=list)

    def take(self, header: Header) -> None:
        """Note what the header of one image of the series says."""
        self.images += 1
        raw = header.values
        for tag, counts in self.values.items():
            counts[raw.get(tag, b"")] += 1
        stated = raw.get(Tag.IMAGES_IN_ACQUISITION)
        if stated:
            self.acquisitions[raw.get(Tag.ACQUISITION_NUMBER, b""), stated] += 1

    def texts(self, tag: Tag) -> tuple[str, ...]:
        """Return each distinct value of an element, without the empty one, sorted."""
        words = {raw.decode("ascii", "replace").strip("\0 ") for raw in self.values[tag]}
        return tuple(sorted(words - {""}))

    def only(self, tag: Tag) -> str:
        """Return the one value of an element; empty where absent or where images differ."""
        words = self.texts(tag)
        return words[0] if len(words) == 1 else ""

    @property
    def laterality(self) -> str:
        """Laterality or Image Laterality, ``R``, ``L`` or ``B``; empty where none or several."""
        stated = {*self.texts(Tag.LATERALITY), *self.texts(Tag.IMAGE_LATERALITY)}
        return stated.pop() if len(stated) == 1 else ""

    @property
    def burned_in(self) -> Answer:
        """Burned In Annotation (0028,0301): yes if one image says so, no if all say no."""
        counts = self.values[Tag.BURNED_IN_ANNOTATION]
        words = {raw.decode("ascii", "replace").strip("\0 ") for raw in counts}
        if "YES" in words:
            return Answer.YES
        return Answer.NO if words == {"NO"} else Answer.UNKNOWN

    @property
    def is_lossy(self) -> bool:
        """Whether an image says that it was once compressed with loss."""
        return "01" in self.texts(Tag.LOSSY_IMAGE_COMPRESSION)

    @property
    def lossy_ratio(self) -> float | None:
        """The largest ratio stated; None where none is."""
        parts = "\\".join(self.texts(Tag.LOSSY_IMAGE_COMPRESSION_RATIO)).split("\\")
        ratios = [ratio for part in parts if (ratio := _number(part)) is not None and ratio > 0]
        return max(ratios, default=None)

    @property
    def expected(self) -> tuple[Expectation, ...]:
        """How many images the headers themselves speak of."""
        found = []
        in_series = [_whole(text) for text in self.texts(Tag.NUMBER_OF_SERIES_RELATED_INSTANCES)]
        if len(in_series) == 1 and in_series[0] > 0:
            source = "the archive counted in this series"
            found.append(Expectation(source, in_series[0], self.images))
        for (number, stated), received in sorted(self.acquisitions.items()):
            count = _whole(stated.decode("ascii", "replace"))
            if count > 0:
                name = number.decode("ascii", "replace").strip("\0 ")
                source = f"the scanner counted in acquisition {name}".rstrip()
                found.append(Expectation(source, count, received))
        if self.listed:
            here = self.listed - len(self.listed_absent)
            found.append(Expectation("the index of the disk lists", self.listed, here))
        return tuple(found)

    def doubts(self) -> tuple[Doubt, ...]:
        """Return what is doubtful about the series as a whole."""
        found = [
            Doubt("fewer_than_expected", _fewer_text(one))
            for one in self.expected
            if one.received < one.expected
        ]
        if self.contradictions:
            files = (
                "1 file has" if self.contradictions == 1 else f"{self.contradictions} files have"
            )
            text = f"{files} the identity of another one, but other pixels: all are shown."
            found.append(Doubt("same_identity_other_pixels", text))
        positions, sides = self.texts(Tag.PATIENT_POSITION), self.texts(Tag.LATERALITY)
        if len(positions) > 1:
            text = f"The images name different patient positions ({', '.join(positions)})."
            found.append(Doubt("mixed_patient_position", text))
        if len({*sides, *self.texts(Tag.IMAGE_LATERALITY)}) > 1:
            text = "Some images are said to be of the right side and some of the left."
            found.append(Doubt("mixed_laterality", text))
        return tuple(found)


def _fewer_text(one: Expectation) -> str:
    images = "image" if one.expected == 1 else "images"
    text = f"The series may be incomplete: {one.source} {one.expected} {images}, "
    return f"{text}{one.received} came."


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _whole(text: str) -> int:
    """Return a count; 0 where it is none."""
    value = _number(text.strip("\0 "))
    return int(value) if value is not None and 0 < value < MOST_EXPECTED else 0


MOST_EXPECTED = 1_000_000
"""A larger count of images is no count."""
