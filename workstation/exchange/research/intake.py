"""Take in what is no DICOM: volumes and pictures become series, the rest stays as it is.

Files come one by one; a header that stands alone finds its voxels among them or beside it, so
that each file is accounted for once.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import numpy as np

from workstation.core.identity import SeriesIdentity, StudyIdentity
from workstation.core.intensity import Intensity, IntensityUnit
from workstation.core.job import CancelToken
from workstation.core.verdict import Doubt, SeriesVerdict, SetAside
from workstation.exchange.research.header import (
    ByteSource,
    Coding,
    LocalFile,
    VolumeHeader,
    VolumeRefusedError,
)
from workstation.exchange.research.payload import check_payload
from workstation.exchange.research.placement import (
    NO_MILLIMETERS,
    ReadingGrid,
    reading_grid,
    unplaced,
)
from workstation.exchange.research.reader import ReadRequest, VolumeReader
from workstation.exchange.research.recognize import (
    Kind,
    data_source,
    kind_of,
    read_volume_header,
    with_packed_image,
)
from workstation.exchange.research.verdict import research_verdict
from workstation.exchange.research.volume import ResearchVolume

PICTURE_BYTES = 256 << 20
"""Memory given to decode a picture: 16,384 x 16,384 gray pixels."""

SMALLEST_PICTURE_PX = 65
"""Shorter sides are those of icons: viewers on disks bring hundreds of them."""

NO_PATIENT = Doubt(
    "no_patient",
    "This file names no patient and no study: for research reading only, no report can be made.",
)
PICTURE = Doubt(
    "picture",
    "This is a picture, not a DICOM image: it has no millimeters, and text burned into its pixels "
    "may name a patient.",
)
_PICTURE_DOUBTS = {
    "turned": Doubt("turned", "The picture was turned as its camera note (EXIF) says."),
    "color_depth": Doubt("color_depth", "The colors are shown with 8 bits; the file has more."),
    "color_converted": Doubt(
        "color_converted", "The colors were converted for the screen and may differ a little."
    ),
    "transparent": Doubt("transparent", "Transparent parts of the picture are shown on black."),
}
_NO_UNIT_REASON = "the file does not say what its numbers mean"
_PICTURE_REASON = "a picture holds gray levels, not measured values"
_LOSSY = Doubt("lossy", "The images were compressed with loss.")
_LABELS = Doubt("labels", "The file says that its numbers are labels of a segmentation.")


@dataclass(frozen=True, slots=True, eq=False)
class ResearchSeries:
    """One file (or a header with its data file) as a series.

    Attributes:
        identity: of the series; its study says that it is none.
        verdict: what is known and doubted.
        volumes: its volumes, in the order of the file.
    """

    identity: SeriesIdentity
    verdict: SeriesVerdict
    volumes: tuple[ResearchVolume, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """What became of the files that are no DICOM.

    Attributes:
        series: what can be opened.
        set_aside: what was recognized and cannot be opened, with the reason.
        answered: what was handed in with files that are accounted for in one of the two.
    """

    series: tuple[ResearchSeries, ...]
    set_aside: tuple[SetAside, ...]
    answered: tuple[SetAside, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _File:
    """A file as handed in: its bytes, why DICOM did not want it, and what it is."""

    source: ByteSource
    aside: SetAside
    kind: Kind | None


class ResearchIntake:
    """Sorts files that are no DICOM. One thread.

    Args:
        reader: decodes pictures; a process of its own.
    """

    def __init__(self, reader: VolumeReader) -> None:
        self._reader = reader
        self._files: list[_File] = []
        self._by_place: dict[tuple[str, str], _File] = {}

    def take(self, source: ByteSource, aside: SetAside) -> None:
        """Look at the first bytes of a file.

        Args:
            source: the file.
            aside: why it is no DICOM; holds unless the file is recognized here.
        """
        try:
            kind = kind_of(source)
        except (OSError, VolumeRefusedError):
            kind = None
        file = _File(source, aside, kind)
        self._files.append(file)
        folder, _, name = source.name.rpartition("/")
        self._by_place.setdefault((folder, name), file)

    def finish(self, cancel: CancelToken) -> Taken:
        """Return what became of the files.

        Raises:
            CancelledError: it was cancelled.
        """
        series, refused, answered = [], [], []
        for number, file in enumerate(self._files, start=1):
            if file.kind is None:
                continue
            cancel.raise_if_cancelled()
            answered.append(file)
            try:
                made, data = self._series(file, file.kind, number, cancel)
            except VolumeRefusedError as error:
                refused.append(SetAside(file.source.name, str(error)))
                continue
            except OSError as error:
                reason = f"the file cannot be read ({error.strerror or 'system error'})"
                refused.append(SetAside(file.source.name, reason))
                continue
            series.append(made)
            answered += [data] if data is not None else []
        asides = {id(file.aside): file.aside for file in answered}
        return Taken(tuple(series), tuple(refused), tuple(asides.values()))

    def _series(
        self, file: _File, kind: Kind, number: int, cancel: CancelToken
    ) -> tuple[ResearchSeries, _File | None]:
        if kind is Kind.PICTURE:
            return self._picture(file, number, cancel), None
        header = read_volume_header(kind, file.source)
        data = data_source(header, file.source, lambda name: self._sibling(file, name))
        header = with_packed_image(header, data)
        left_over = check_payload(header, data, cancel)
        handed_in = next((one for one in self._files if one.source is data), None)
        sources = (file.source,) if data is file.source else (file.source, data)
        identity = _identity(file.source, number, "CT" if header.unit == "HU" else "")
        grid = reading_grid(header.shape_ijk, header.placement)
        volumes = tuple(
            self._volume(identity, header, grid, kind=kind, sources=sources, number=n)
            for n in range(header.volumes)
        )
        volumes = tuple(replace(one, doubts=(*one.doubts, *left_over)) for one in volumes)
        verdict = research_verdict(volumes, files=len(sources), stored_as=_stored_as(header))
        return ResearchSeries(identity, verdict, volumes), handed_in

    def _volume(
        self,
        identity: SeriesIdentity,
        header: VolumeHeader,
        grid: ReadingGrid,
        *,
        kind: Kind,
        sources: tuple[ByteSource, ...],
        number: int,
    ) -> ResearchVolume:
        intensity = _intensity(header)
        no_unit = Doubt("no_unit", "The file does not say what its numbers mean: no unit is shown.")
        has_unit = header.is_color or intensity.is_trusted
        return ResearchVolume(
            series=identity,
            name=f"volume {number + 1} of {header.volumes}" if header.volumes > 1 else "",
            kind=kind,
            sources=sources,
            number=number,
            grid=grid,
            intensity=intensity,
            voxel_type=np.uint8 if header.is_color else np.float32,
            stored_bytes=header.claimed_bytes,
            doubts=(
                NO_PATIENT,
                *(() if has_unit else (no_unit,)),
                *grid.doubts,
                *header.doubts,
                *((_LABELS,) if header.is_label_map else ()),
            ),
            reader=self._reader,
        )

    def _sibling(self, file: _File, name: str) -> ByteSource | None:
        """Return a file beside a header: one that was handed in, or one on the disk."""
        folder = file.source.name.rpartition("/")[0]
        known = self._by_place.get((folder, name))
        if known is not None:
            return known.source
        path = file.source.path.parent / name
        if not file.source.is_plain or path.is_symlink() or not path.is_file():
            return None
        return LocalFile(path, name)

    def _picture(self, file: _File, number: int, cancel: CancelToken) -> ResearchSeries:
        request = ReadRequest(Kind.PICTURE, (file.source,), PICTURE_BYTES, is_size_only=True)
        with self._reader.ask(request, cancel) as answer:
            shape = answer.shape
            codes = [str(code) for code in answer.head.get("doubts", ())]
            is_color, is_lossy = len(shape) == 4, answer.head.get("is_lossy") is True
        if min(shape[1:3]) < SMALLEST_PICTURE_PX:
            raise VolumeRefusedError("it is a picture as small as an icon")
        identity = _identity(file.source, number, "OT")
        placement = unplaced(np.ones(3), doubts=(NO_MILLIMETERS,))
        found = [_PICTURE_DOUBTS[code] for code in codes if code in _PICTURE_DOUBTS]
        volume = ResearchVolume(
            series=identity,
            name="",
            kind=Kind.PICTURE,
            sources=(file.source,),
            number=0,
            grid=reading_grid((shape[2], shape[1], 1), placement),
            intensity=Intensity(IntensityUnit.COLOR)
            if is_color
            else Intensity(IntensityUnit.GRAY, is_trusted=False, reason=_PICTURE_REASON),
            voxel_type=np.uint8 if is_color else np.float32,
            stored_bytes=PICTURE_BYTES,
            doubts=(NO_PATIENT, PICTURE, NO_MILLIMETERS, *found, *((_LOSSY,) if is_lossy else ())),
            reader=self._reader,
        )
        name = answer.head.get("format")
        verdict = research_verdict((volume,), files=1, stored_as=str(name), is_lossy=is_lossy)
        return ResearchSeries(identity, verdict, (volume,))


def _identity(source: ByteSource, number: int, modality: str) -> SeriesIdentity:
    """Return keys of ours for a file and its folder; they are no UIDs and go into no file."""
    folder, _, name = source.name.rpartition("/")
    place = source.path.parent if source.is_plain else source.path
    title = PurePosixPath(folder).name or place.name
    study = StudyIdentity(
        _key(str(place.absolute()), folder if not source.is_plain else ""),
        description=title,
        is_research=True,
    )
    return SeriesIdentity(
        _key(str(source.path.absolute()), source.name),
        study,
        modality=modality,
        description=name,
        number=str(number),
    )


def _key(*parts: str) -> str:
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
    return f"research-{digest[:16]}"


def _intensity(header: VolumeHeader) -> Intensity:
    if header.is_color:
        return Intensity(IntensityUnit.COLOR)
    if header.unit == "HU":
        return Intensity(IntensityUnit.HU)
    return Intensity(IntensityUnit.UNKNOWN, is_trusted=False, reason=_NO_UNIT_REASON)


def _stored_as(header: VolumeHeader) -> str:
    packed = "" if header.coding is Coding.RAW else f", {header.coding.value}"
    return f"{header.variant}{packed}"
