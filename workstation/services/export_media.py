"""Export studies as a DICOM folder with an index (DICOMDIR), to a folder or a disc image.

Instances go byte for byte as received and are compared after copying. Each file is accounted for:
received = written + left out. Nothing is written over; what cannot be finished leaves nothing.

Source: PS3.10, PS3.11 annexes D and J (general purpose CD-R and USB profiles).
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workstation.core.errors import InputRefusedError, WorkstationError
from workstation.core.job import CancelToken
from workstation.core.phi import Phi
from workstation.core.verdict import SetAside
from workstation.dicom.limits import LimitError
from workstation.dicom.media import (
    EXPLICIT_LITTLE,
    TOP_FOLDER,
    MediaInstance,
    file_ids,
    found_files,
    media_bytes,
    read_instance,
)
from workstation.dicom.sources import INDEX_NAME
from workstation.exchange.disc_image import write_disc_image

__all__ = ["MediaOrder", "MediaWritten", "export_media"]

ISO_SUFFIX = ".iso"
README_NAME = "README.TXT"
DISC_LABEL = "DICOM"

SPARE_SHARE = 1.03
"""Room asked for, of what is written: folders and blocks take up to 3 % beside the files."""

SPARE_BYTES = 4 << 20

README = """\
This disk holds medical images in the DICOM format.

DICOMDIR   index of the images; open it with any DICOM viewer
DICOM      the images themselves

The images are exactly as they were received. There is no program on this disk.
Made by Prelim. Not a medical device.
"""


@dataclass(frozen=True, slots=True)
class MediaOrder:
    """What is to be written, and where to.

    Attributes:
        sources: files, folders and zips; everything below is looked at.
        target: a folder, or a file that ends in ``.iso``.
        study_uid: only instances of this study; empty for all.
        patient_id: only instances of this patient, whose ID may be empty: two patients may come
            under one study; None for all.
        series_uids: only instances of these series; empty for all.
    """

    sources: tuple[Path, ...]
    target: Path
    study_uid: str = ""
    series_uids: frozenset[str] = frozenset()
    patient_id: Phi[str] | None = None


@dataclass(frozen=True, slots=True)
class MediaWritten:
    """The account of an export: ``received == written + len(left_out)``.

    Attributes:
        target: folder or image.
        received: files looked at that belong to what was asked for, or to nothing.
        written: instances on the disk.
        left_out: the rest, each with its reason; names may identify a patient.
        elsewhere: files of other studies or series than those asked for.
        repaired: instances whose missing file meta information was made anew.
        filled: keys of the index that the standard demands and an instance lacked.
        size_bytes: of the instances.
        patients, studies, series: how many.
        notes: sentences on what a reader of the disk should know.
    """

    target: Path
    received: int
    written: int
    left_out: tuple[SetAside, ...]
    elsewhere: int
    repaired: int
    filled: tuple[str, ...]
    size_bytes: int
    patients: int
    studies: int
    series: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Chosen:
    instances: tuple[MediaInstance, ...]
    left_out: tuple[SetAside, ...]
    elsewhere: int


def export_media(
    order: MediaOrder,
    *,
    cancel: CancelToken | None = None,
    progress: Callable[[float], None] | None = None,
) -> MediaWritten:
    """Write a DICOM folder or a disc image; whole or not at all.

    Args:
        order: what, and where to.
        cancel: stops it.
        progress: told the done part, 0..1.

    Raises:
        InputRefusedError: nothing can be written, the place is taken, too small or closed.
        CancelledError: it was cancelled.
    """
    token, tell = cancel or CancelToken(), progress or _nothing
    is_image = order.target.suffix.lower() == ISO_SUFFIX
    _require_free(order.target, is_image=is_image)
    chosen = _choose(order, token, lambda part: tell(0.3 * part))
    if not chosen.instances:
        why = chosen.left_out[0].reason if chosen.left_out else "no file was found"
        raise InputRefusedError("There is no DICOM file to write", why=why)
    size = sum(one.size_bytes for one in chosen.instances)
    with _os_errors(), _made_folder(order.target.parent if is_image else order.target) as place:
        _require_room(place, size * (2 if is_image else 1))
        with tempfile.TemporaryDirectory(prefix=".prelim-", dir=place) as staged:
            stage = Path(staged) / "disk"
            listed = _copy(chosen.instances, stage, token, lambda part: tell(0.3 + 0.5 * part))
            if is_image:
                part = Path(staged) / "part.iso"
                write_disc_image(stage, part, label=DISC_LABEL, check=token.raise_if_cancelled)
                _require_free(order.target, is_image=True)
                part.replace(order.target)
            else:
                _move_in(stage, order.target)
    tell(1.0)
    return _account(order, chosen, listed, size)


def _nothing(_part: float) -> None:
    return None


def _require_free(target: Path, *, is_image: bool) -> None:
    """Refuse a place that holds something of that name already."""
    taken = [target] if is_image else [target / name for name in _TOP_NAMES]
    if not is_image and target.exists() and not target.is_dir():
        taken = [target]
    for path in taken:
        if path.exists():
            what = "image" if is_image else "folder"
            raise InputRefusedError(
                f"The {what} is not written over what is there",
                why="there is a disk of that name already",
                todo=f"Choose another {what}",
            )


_TOP_NAMES = (INDEX_NAME, TOP_FOLDER, README_NAME)


def _choose(order: MediaOrder, token: CancelToken, tell: Callable[[float], None]) -> _Chosen:
    files, aside = found_files(order.sources)
    left_out, kept, elsewhere = list(aside), dict[str, MediaInstance](), 0
    for number, file in enumerate(files):
        token.raise_if_cancelled()
        found = read_instance(file, number + 1)
        if isinstance(found, str):
            left_out.append(SetAside(file.name, found))
        elif not _is_asked_for(order, found):
            elsewhere += 1
        elif (before := kept.get(found.instance_uid)) is not None:
            left_out.append(SetAside(file.name, _twin(before, found)))
        else:
            kept[found.instance_uid] = found
        tell((number + 1) / len(files))
    return _Chosen(tuple(kept.values()), tuple(left_out), elsewhere)


def _is_asked_for(order: MediaOrder, one: MediaInstance) -> bool:
    wanted = order.patient_id
    if wanted is not None and wanted.reveal().strip() != one.patient_id:
        return False
    is_study = order.study_uid in ("", one.study_uid)
    return is_study and (not order.series_uids or one.series_uid in order.series_uids)


def _twin(first: MediaInstance, second: MediaInstance) -> str:
    try:
        is_same = media_bytes(first) == media_bytes(second)
    except (OSError, LimitError):
        is_same = False
    if is_same:
        return "it is a copy of a file that is written"
    return "another file has the same identity (SOP Instance UID), and a disk may hold only one"


def _copy(
    instances: tuple[MediaInstance, ...],
    stage: Path,
    token: CancelToken,
    tell: Callable[[float], None],
) -> int:
    """Copy every instance and write the index; return how many keys of it were filled."""
    from workstation.dicom.media_directory import directory_bytes  # brings pydicom

    named = file_ids(instances)
    for number, (one, file_id) in enumerate(named):
        token.raise_if_cancelled()
        path = stage.joinpath(*file_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            data = media_bytes(one)
        except LimitError as error:
            raise InputRefusedError("A file of the archive is damaged", why=str(error)) from error
        _write(path, data)
        if hashlib.sha256(path.read_bytes()).digest() != hashlib.sha256(data).digest():
            raise WorkstationError(
                "A file does not read back as it was written", todo="Check the disk, then try again"
            )
        tell((number + 1) / len(named))
    _write(stage / INDEX_NAME, directory_bytes((one.records, ids) for one, ids in named))
    _write(stage / README_NAME, README.replace("\n", "\r\n").encode("ascii"))
    return len(named)


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _move_in(stage: Path, target: Path) -> None:
    """Bring the finished disk to its place; the index comes last, so that it is never without."""
    moved: list[Path] = []
    try:
        for name in (TOP_FOLDER, README_NAME, INDEX_NAME):
            if (target / name).exists():
                raise FileExistsError(errno.EEXIST, "something appeared there meanwhile")
            (stage / name).rename(target / name)
            moved.append(target / name)
    except OSError:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def _require_room(place: Path, size: int) -> None:
    needed = round(size * SPARE_SHARE) + SPARE_BYTES
    free = shutil.disk_usage(place).free
    if needed > free:
        raise InputRefusedError(
            "There is not enough room for the disk",
            why=f"it takes {_mib(needed)}, and {_mib(free)} are free",
            todo="Free space, or choose another place",
        )


def _mib(count: int) -> str:
    return f"{-(-count // (1 << 20)):,} MiB"


@contextmanager
def _made_folder(folder: Path) -> Iterator[Path]:
    """Give a folder that is there; one that was made for this goes again where the work fails."""
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    except BaseException:
        if is_new and not any(folder.iterdir()):
            folder.rmdir()
        raise


@contextmanager
def _os_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputRefusedError(
            "The disk cannot be written",
            why=error.strerror or type(error).__name__,
            todo="Free space, or choose another place",
        ) from error


def _account(order: MediaOrder, chosen: _Chosen, written: int, size: int) -> MediaWritten:
    instances = chosen.instances
    keys = [one.records.keys for one in instances]
    return MediaWritten(
        target=order.target,
        received=len(instances) + len(chosen.left_out),
        written=written,
        left_out=chosen.left_out,
        elsewhere=chosen.elsewhere,
        repaired=sum(one.is_repaired for one in instances),
        filled=tuple(sorted({word for one in instances for word in one.records.filled})),
        size_bytes=size,
        patients=len({key[0] for key in keys}),
        studies=len({key[:2] for key in keys}),
        series=len(set(keys)),
        notes=tuple(_notes(instances)),
    )


def _notes(instances: Iterable[MediaInstance]) -> Iterator[str]:
    every = tuple(instances)
    other = sum(one.transfer_syntax != EXPLICIT_LITTLE for one in every)
    if other:
        yield (
            f"{other} of {len(every)} files keep the encoding they came in (compressed or "
            "implicit), which the general purpose CD profile does not ask every viewer to read."
        )
    if repaired := sum(one.is_repaired for one in every):
        yield f"{repaired} files came without file meta information; it was put before them."
    if any(one.records.filled for one in every):
        yield (
            "Where an instance lacks what the index demands, the index holds a value made here; "
            "the instance itself is as received."
        )
    yield "The patient's identity is in every file: nothing was taken out."
