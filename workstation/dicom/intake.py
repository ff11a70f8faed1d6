"""Sort incoming files by study and series, and account for each of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from workstation.core.identity import PatientIdentity, SeriesIdentity, StudyIdentity
from workstation.core.phi import Phi
from workstation.core.verdict import SetAside
from workstation.dicom.directory import absent_files, listed_files, place_of
from workstation.dicom.elements import PixelElement
from workstation.dicom.frame_account import doubt_of_frames
from workstation.dicom.frame_reader import FrameReader
from workstation.dicom.frames import Frame
from workstation.dicom.headers import (
    DEFLATED,
    FIRST_READ_BYTES,
    Header,
    HeaderError,
    likely_bytes,
    read_header,
)
from workstation.dicom.limits import MAX_FRAMES, LimitError
from workstation.dicom.object_files import FoundObject, is_listed
from workstation.dicom.series_facts import SeriesFacts
from workstation.dicom.sop_classes import reason_not_an_image
from workstation.dicom.sources import SourceFile
from workstation.dicom.tags import Tag


@dataclass(slots=True)
class SeriesFiles:
    """What was received for one series so far. Owned by one Intake.

    Attributes:
        identity: the series.
        number: Series Number for sorting.
        frames: slices of its images.
        set_aside: files that are not shown.
        duplicates: how many of those repeat an instance.
        facts: what the headers say of the series as a whole.
        objects: files of those set aside that are listed under Objects.
    """

    identity: SeriesIdentity
    number: int
    frames: list[Frame] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    duplicates: int = 0
    facts: SeriesFacts = field(default_factory=SeriesFacts)
    objects: list[FoundObject] = field(default_factory=list)


class Intake:
    """Reads file after file. One thread.

    Files whose header can be read belong to a series, shown or set aside; the rest are homeless.
    """

    def __init__(self) -> None:
        self._reader = FrameReader()
        self._first_bytes = FIRST_READ_BYTES
        self._studies: dict[tuple[str, str], StudyIdentity] = {}
        self._series: dict[tuple[str, ...], SeriesFiles] = {}
        self._instances: dict[tuple[bytes, ...], Header] = {}
        self._homeless: list[SetAside] = []
        self._files: list[SourceFile] = []
        self._indices: list[tuple[Header, SetAside]] = []
        self._listed_absent: list[str] = []

    @property
    def homeless(self) -> tuple[SetAside, ...]:
        """Files that belong to no series."""
        return tuple(self._homeless)

    @property
    def listed_absent(self) -> tuple[str, ...]:
        """Files that the index of a disk lists, that are not there, and whose series has none.

        Known after :meth:`series`. The names may identify a patient.
        """
        return tuple(self._listed_absent)

    def series(self) -> tuple[SeriesFiles, ...]:
        """Every series with a file, by study, then Series Number. Ask after the last file."""
        self._compare_with_indices()
        order = {study: number for number, study in enumerate(self._studies.values())}
        return tuple(
            sorted(self._series.values(), key=lambda one: (order[one.identity.study], one.number))
        )

    def set_aside(self, aside: SetAside) -> None:
        """Note a file that could not even be opened."""
        self._homeless.append(aside)

    def take(self, file: SourceFile) -> SetAside | None:
        """Read the header of a file and sort it in; return why it belongs to no series, if so."""
        self._files.append(file)
        try:
            header = read_header(file, first_bytes=self._first_bytes)
            self._first_bytes = likely_bytes(header)
        except HeaderError as error:
            return self._homeless_file(file, str(error))
        if Tag.DIRECTORY_RECORD_SEQUENCE in header.values:
            reason = (
                "this is the index of a disk (DICOMDIR); the files it lists are read themselves"
            )
            self._indices.append((header, aside := self._homeless_file(file, reason)))
            return aside
        if header.pixel is None and not header.text(Tag.SOP_CLASS_UID):
            return self._homeless_file(file, "the file holds no image and no SOP class")
        series = self._series_of(header)
        identity = _identity(header)
        before = self._instances.get(identity)
        if before is not None and _is_copy(before, header):
            series.duplicates += 1
            reason = f"an image with the same identity was received already (as {before.file.name})"
            series.set_aside.append(SetAside(file.name, reason))
            series.facts.frames_received += _claimed_frames(header)
            return None
        if before is not None:
            series.facts.contradictions += 1
        series.facts.take(header)
        try:
            frames = self._reader.read(header)
        except HeaderError as error:
            series.set_aside.append(SetAside(file.name, str(error)))
            series.facts.frames_received += _claimed_frames(header)
            if is_listed(sop_class := header.text(Tag.SOP_CLASS_UID)):
                series.objects.append(FoundObject(sop_class, file))
                if header.values.get(Tag.SOP_INSTANCE_UID):
                    self._instances.setdefault(identity, header)
            return None
        series.frames += frames
        described = max(header.whole(Tag.NUMBER_OF_FRAMES, default=1), 1)
        series.facts.frames_received += max(len(frames), described)
        series.facts.note(doubt_of_frames(header, frames, described))
        if header.values.get(Tag.SOP_INSTANCE_UID):
            self._instances.setdefault(identity, header)
        return None

    def _homeless_file(self, file: SourceFile, reason: str) -> SetAside:
        aside = SetAside(file.name, reason)
        self._homeless.append(aside)
        return aside

    def _compare_with_indices(self) -> None:
        """Account for what the indices of disks list and what of it is not there."""
        received = frozenset(place_of(file.reference) for file in self._files if self._indices)
        of_uid = {one.identity.series_uid: one for one in self._series.values()}
        for header, aside in self._indices:
            listed = listed_files(header)
            absent = absent_files(listed, header.file.reference, received)
            for one in listed:
                if one.series_uid in of_uid:
                    of_uid[one.series_uid].facts.listed += 1
            for one in absent:
                series = of_uid.get(one.series_uid)
                names = series.facts.listed_absent if series else self._listed_absent
                names.append(one.name)
            if absent:
                are = "is" if len(absent) == 1 else "are"
                text = f"{len(absent)} of the {len(listed)} files it lists {are} not there"
                told = SetAside(aside.file, f"this is the index of a disk (DICOMDIR); {text}")
                self._homeless[self._homeless.index(aside)] = told
        self._indices.clear()

    def _series_of(self, header: Header) -> SeriesFiles:
        key = (
            header.text(Tag.STUDY_INSTANCE_UID),
            header.text(Tag.SERIES_INSTANCE_UID),
            _patient_key(header),
        )
        found = self._series.get(key)
        if found is None:
            study = self._studies.setdefault((key[0], key[2]), _study(header))
            number = header.whole(Tag.SERIES_NUMBER)
            found = self._series[key] = SeriesFiles(_series(header, study), number)
        return found


def _claimed_frames(header: Header) -> int:
    """Return how many frames a file that is not shown claims; 0 where it is no image."""
    if header.pixel is None or reason_not_an_image(header.text(Tag.SOP_CLASS_UID)):
        return 0
    return min(max(header.whole(Tag.NUMBER_OF_FRAMES, default=1), 1), MAX_FRAMES)


def _patient_key(header: Header) -> str:
    """Return what tells patients apart: the id, or the name where there is no id."""
    for tag in (Tag.PATIENT_ID, Tag.PATIENT_NAME):
        raw = header.values.get(tag, b"").strip(b"\0 ")
        if raw:
            return raw.decode("latin-1")
    return ""


def _identity(header: Header) -> tuple[bytes, ...]:
    """Return what makes an image the same one: its UID in its series, its place, kind and size.

    Some tools give every slice one UID; such slices are not taken for repetitions.
    """
    return tuple(header.values.get(tag, b"") for tag in _IDENTITY_TAGS)


_IDENTITY_TAGS = (
    Tag.SOP_INSTANCE_UID,
    Tag.SERIES_INSTANCE_UID,
    Tag.INSTANCE_NUMBER,
    Tag.IMAGE_POSITION_PATIENT,
    Tag.IMAGE_ORIENTATION_PATIENT,
    Tag.ROWS,
    Tag.COLUMNS,
    Tag.NUMBER_OF_FRAMES,
    Tag.IMAGE_TYPE,
    Tag.ECHO_TIME,
    Tag.TEMPORAL_POSITION_IDENTIFIER,
    Tag.TRIGGER_TIME,
    Tag.ACQUISITION_NUMBER,
    Tag.DIFFUSION_B_VALUE,
)


def _is_copy(first: Header, second: Header) -> bool:
    """Whether two files of one identity hold the same pixels, as far as samples of them tell.

    Pixels in another encoding cannot be compared and are taken on the identity's word.
    """
    one, other = first.pixel, second.pixel
    if one is None or other is None or first.transfer_syntax != second.transfer_syntax:
        return True
    if DEFLATED in (first.transfer_syntax, second.transfer_syntax):
        return True
    if one.length != other.length:
        return False
    try:
        return _samples(first, one) == _samples(second, other)
    except (OSError, LimitError):
        return True


def _samples(header: Header, pixel: PixelElement) -> list[bytes]:
    """Return a few blocks spread over the pixels; all of them where they are small."""
    there = header.size_bytes - pixel.offset
    length = there if pixel.length < 0 else min(pixel.length, there)
    step = max((length - _SAMPLE_BYTES) // (_SAMPLES - 1), _SAMPLE_BYTES)
    found = []
    with header.file.open() as opened:
        for start in range(0, max(length, 1), step):
            opened.seek(pixel.offset + start)
            found.append(opened.read(min(_SAMPLE_BYTES, length - start)))
    return found


_SAMPLES, _SAMPLE_BYTES = 16, 1 << 12
"""A 512 x 512 slice is compared in 16 places; a whole comparison would read all twice."""


def _series(header: Header, study: StudyIdentity) -> SeriesIdentity:
    return SeriesIdentity(
        series_uid=header.text(Tag.SERIES_INSTANCE_UID),
        study=study,
        modality=header.text(Tag.MODALITY),
        description=header.words(Tag.SERIES_DESCRIPTION),
        body_part=header.text(Tag.BODY_PART_EXAMINED),
        number=header.text(Tag.SERIES_NUMBER),
        manufacturer=header.words(Tag.MANUFACTURER),
        model_name=header.words(Tag.MANUFACTURER_MODEL_NAME),
        protocol_name=header.words(Tag.PROTOCOL_NAME),
    )


def _study(header: Header) -> StudyIdentity:
    return StudyIdentity(
        study_uid=header.text(Tag.STUDY_INSTANCE_UID),
        patient=PatientIdentity(
            name=Phi(header.words(Tag.PATIENT_NAME).rstrip("=")),
            patient_id=Phi(header.words(Tag.PATIENT_ID)),
            birth_date=Phi(header.text(Tag.PATIENT_BIRTH_DATE)),
            sex=header.text(Tag.PATIENT_SEX),
            age=header.text(Tag.PATIENT_AGE),
        ),
        accession_number=Phi(header.words(Tag.ACCESSION_NUMBER)),
        study_id=Phi(header.words(Tag.STUDY_ID)),
        study_date=header.text(Tag.STUDY_DATE),
        study_time=header.text(Tag.STUDY_TIME),
        description=header.words(Tag.STUDY_DESCRIPTION),
        referring_physician=Phi(header.words(Tag.REFERRING_PHYSICIAN_NAME)),
    )
