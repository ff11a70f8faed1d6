"""What the headers of a series say about the series as a whole: positions, sides, counts.

Frames hold what a slice is; this holds what can only be judged over all files. Raw values are kept
and read once at the end, so that a file costs a few look-ups.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from workstation.core.sentence import Sentence
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
        concatenations: parts received by (Concatenation UID, In-concatenation Total Number).
        sides: images by (Patient Orientation, Image Orientation (Patient)).
        byte_order: of the numbers in ``concatenations``.
        notes: doubts about single files, and of how many files each is.
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
    concatenations: dict[tuple[bytes, bytes], set[bytes]] = field(default_factory=dict)
    sides: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)
    byte_order: Literal["little", "big"] = "little"
    notes: Counter[Doubt] = field(default_factory=Counter)
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
        if Tag.CONCATENATION_UID in raw:
            self.byte_order = "little" if header.encoding.is_little else "big"
            total = raw.get(Tag.IN_CONCATENATION_TOTAL_NUMBER, b"")
            parts = self.concatenations.setdefault((raw[Tag.CONCATENATION_UID], total), set())
            parts.add(raw.get(Tag.IN_CONCATENATION_NUMBER, b""))
        if letters := raw.get(Tag.PATIENT_ORIENTATION):
            self.sides[letters, raw.get(Tag.IMAGE_ORIENTATION_PATIENT, b"")] += 1

    def note(self, doubt: Doubt | None) -> None:
        """Keep a doubt about one file, if there is one."""
        if doubt:
            self.notes[doubt] += 1

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
            source = "the archive counted"
            found.append(Expectation(source, in_series[0], self.images))
        by_scanner = [
            (count, min(received, count))
            for (_, stated), received in self.acquisitions.items()
            if (count := _whole(stated.decode("ascii", "replace"))) > 0
        ]
        if by_scanner:
            expected, received = (sum(column) for column in zip(*by_scanner, strict=True))
            source = "the scanner counted in its acquisitions"
            found.append(Expectation(source, expected, received))
        for (_, stated), parts in self.concatenations.items():
            if total := int.from_bytes(stated, self.byte_order):
                found.append(Expectation("the scanner cut one object into", total, len(parts)))
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
        if any(map(_is_contradiction, self.sides)):
            text = (
                "The headers say in two places which side of the image is which, and they differ: "
                "do not rely on left and right."
            )
            found.append(Doubt("side_contradiction", text))
        for doubt, count in self.notes.items():
            more = "" if count == 1 else f" So it is with {count} files."
            found.append(Doubt(doubt.code, f"{doubt.text}{more}"))
        return tuple(found)


def _is_contradiction(stated: tuple[bytes, bytes]) -> bool:
    """Whether Patient Orientation and Image Orientation (Patient) name opposite directions.

    Source: PS3.3 C.7.6.1.1.1; letters of quadrupeds are passed over.
    """
    letters, cosines = (raw.decode("ascii", "replace").strip("\0 ") for raw in stated)
    numbers = [_number(part) for part in cosines.split("\\")]
    directions = letters.split("\\")
    if len(numbers) != 6 or None in numbers or len(directions) != 2:
        return False
    for number, word in enumerate(directions):
        axis, sign = _AXIS_OF_LETTER.get(word.strip()[:1], (0, 0))
        cosine = numbers[3 * number + axis] or 0.0
        if cosine * sign < -_CLEARLY:
            return True
    return False


_AXIS_OF_LETTER = {"L": (0, 1), "R": (0, -1), "P": (1, 1), "A": (1, -1), "H": (2, 1), "F": (2, -1)}
"""Axis of the patient (x, y, z) and sign of each letter."""

_CLEARLY = 0.5
"""A direction must lean at least this far to one side (30 degrees) to contradict the other one."""


def _fewer_text(one: Expectation) -> str:
    return Sentence(
        "The series may be incomplete: {0} {1}, {2} came.",
        Sentence(one.source),
        one.expected,
        one.received,
    )


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
