"""The model packs on this machine: found, verified, chosen, added and removed.

Reads files and digests only; nothing of a pack is executed and no model runtime is loaded here.
Digests are checked by :func:`verify_pack` before each load, in the process that loads.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from inference.packs.archive import extract_pack
from inference.packs.gate_notes import read_notes, write_note
from inference.packs.manifest import (
    MANIFEST_NAME,
    MAX_MANIFEST_BYTES,
    FileRole,
    Manifest,
    Task,
    parse_manifest,
    refused,
)
from inference.tasks.super_resolve import Direction
from workstation.core.errors import PackRefusedError
from workstation.core.provenance import PackRef

CHUNK_BYTES = 1 << 20
"""Read size while digesting."""

GATED = frozenset({Task.DENOISE, Task.SUPER_RESOLVE, Task.FILL})
"""Tasks whose packs have gates: what they make is looked at in the place of what was scanned."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack on disk whose manifest is valid.

    Attributes:
        folder: where it is.
        manifest: what it says.
        digest: sha256 of the manifest's bytes, which hold every file's digest.
        is_bundled: it came with the program and cannot be removed.
    """

    folder: Path
    manifest: Manifest
    digest: str
    is_bundled: bool = False

    @property
    def ref(self) -> PackRef:
        """Name of the pack for provenance."""
        return PackRef(self.manifest.pack_id, self.manifest.version, self.digest)

    def path(self, name: str) -> Path:
        """Return where a file of the manifest is."""
        return self.folder.joinpath(*name.split("/"))

    def paths(self, role: FileRole) -> tuple[Path, ...]:
        """Return where all files of a role are, in the order of the manifest."""
        return tuple(self.path(name) for name in self.manifest.paths(role))


class GateVerdict(Enum):
    """What is known on this machine of the gates of a pack."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class RefusedPack:
    """A folder that should hold a pack and does not hold a valid one."""

    folder_name: str
    reason: str


class PackStore:
    """The packs of this machine. Reads the folders at each call; any thread.

    Args:
        bundled: folder of the packs that came with the program.
        user: folder of the packs the user added; None where none can be added.
    """

    def __init__(self, bundled: Path, user: Path | None = None) -> None:
        self._bundled = bundled
        self._user = user

    @property
    def folders(self) -> tuple[Path, ...]:
        """Folders of packs: bundled first, then the user's. The worker gets the same."""
        return (self._bundled,) if self._user is None else (self._bundled, self._user)

    def packs(self) -> tuple[Pack, ...]:
        """Return every valid pack, bundled first, each group by id."""
        return tuple(found for found in self._found() if isinstance(found, Pack))

    def refused(self) -> tuple[RefusedPack, ...]:
        """Return every folder that was refused, with its reason."""
        return tuple(found for found in self._found() if isinstance(found, RefusedPack))

    def get(self, pack_id: str) -> Pack:
        """Return the pack of that id; a user's pack stands before a bundled one.

        Raises:
            PackRefusedError: there is none, or its manifest is not valid.
        """
        named = [pack for pack in self.packs() if pack.manifest.pack_id == pack_id]
        if named:
            return named[-1]
        for found in self.refused():
            if found.folder_name == pack_id:
                raise PackRefusedError(f'The model pack "{pack_id}" is refused', why=found.reason)
        raise PackRefusedError(
            f'There is no model pack "{pack_id}"', todo="List the packs with: prelim models list"
        )

    def choose(
        self,
        task: Task,
        modality: str,
        body_part: str = "",
        direction: Direction = Direction.THROUGH_PLANE,
    ) -> Pack:
        """Return the pack for a task and modality: one for the body part before a general one.

        A pack that failed its gates on this machine is passed over, and so is one that a user added
        and that has not passed them here. Of super-resolutions only those of the direction count.

        Raises:
            PackRefusedError: no pack does that, or none of those that do passed its gates.
        """
        fitting = [
            pack
            for pack in self.packs()
            if _fits(pack.manifest, task, modality, body_part)
            and pack.manifest.input.direction in (None, direction)
        ]
        if not fitting:
            raise PackRefusedError(
                f"No model pack does {task.value} on {modality or 'an unknown modality'}",
                todo="Add one with: prelim models add",
            )
        noted = self.failed_gates()
        passed = [pack for pack in fitting if _has_passed(pack, noted.get(pack.digest))]
        if not passed:
            raise _not_passed(fitting[-1], noted, f"{task.value} on {modality}")
        special = [pack for pack in passed if pack.manifest.body_parts]
        return (special or passed)[-1]

    def failed_gates(self) -> dict[str, tuple[str, ...]]:
        """Return, by pack digest, the gates failed here; only what was measured is in it."""
        return read_notes(self._user)

    def note_gates(self, digest: str, failed: tuple[str, ...]) -> None:
        """Keep which gates a pack failed; none where there is no folder to keep it in."""
        if self._user is not None:
            write_note(self._user, digest, failed)

    def add(self, source: Path, check: Callable[[Pack], None] | None = None) -> Pack:
        """Copy a pack from a folder or zip file into the user's folder and return it.

        Args:
            source: the folder or zip file.
            check: called with the pack at its place; where it raises, all is as it was before.

        Raises:
            PackRefusedError: it is not a valid pack, or it takes the id of a bundled one.
        """
        if self._user is None:
            raise PackRefusedError("Packs cannot be added here", why="there is no folder for them")
        self._user.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._user, prefix=".adding-") as work:
            staged = _stage(source, Path(work) / "pack")
            pack = load_pack(staged)
            verify_pack(pack)
            pack_id = pack.manifest.pack_id
            self._refuse_bundled(pack_id)
            target, old = self._user / pack_id, Path(work) / "old"
            if target.exists():
                target.rename(old)
            staged.rename(target)
            try:
                added = load_pack(target)
                if check is not None:
                    check(added)
            except BaseException:
                target.rename(staged)
                if old.exists():
                    old.rename(target)
                raise
        return added

    def remove(self, pack_id: str) -> None:
        """Delete a pack the user added.

        Raises:
            PackRefusedError: there is none of that id, or it came with the program.
        """
        pack = self.get(pack_id)
        if pack.is_bundled:
            raise PackRefusedError(
                f'The model pack "{pack_id}" stays', why="it came with the program"
            )
        shutil.rmtree(pack.folder)

    def _refuse_bundled(self, pack_id: str) -> None:
        bundled = [p for p in self.packs() if p.is_bundled and p.manifest.pack_id == pack_id]
        if bundled:
            raise refused(f'"{pack_id}" is the id of a pack that came with the program')

    def _found(self) -> Iterator[Pack | RefusedPack]:
        for root in self.folders:
            for folder in _pack_folders(root):
                try:
                    yield load_pack(folder, is_bundled=root == self._bundled)
                except PackRefusedError as error:
                    yield RefusedPack(folder.name, str(error))


def load_pack(folder: Path, *, is_bundled: bool = False) -> Pack:
    """Return the pack in a folder, its manifest read and its list of files checked, not digested.

    Raises:
        PackRefusedError: the manifest is not valid, a file is missing, too many, or a link.
    """
    content = _manifest_bytes(folder)
    pack = Pack(folder, parse_manifest(content), hashlib.sha256(content).hexdigest(), is_bundled)
    _check_files(pack)
    return pack


def verify_pack(pack: Pack) -> None:
    """Check that each file of a pack is the one its manifest names, byte for byte.

    Raises:
        PackRefusedError: a file or the manifest is not what it was.
    """
    if hashlib.sha256(_manifest_bytes(pack.folder)).hexdigest() != pack.digest:
        raise refused("its manifest changed since it was read")
    _check_files(pack)
    for file in pack.manifest.files:
        if _digest(pack.path(file.path)) != file.sha256:
            raise refused(f"{file.path} is damaged or was changed (its digest does not fit)")


def read_verified(pack: Pack, name: str) -> bytes:
    """Return the bytes of a file of a pack, after checking them against the manifest.

    The digest is taken of the very bytes that are returned, so that nothing can be swapped between.

    Raises:
        PackRefusedError: the manifest does not name it, or it is not what it was.
    """
    named = [file for file in pack.manifest.files if file.path == name]
    path = pack.path(name)
    if not named or path.is_symlink() or not path.is_file():
        raise refused(f"{name} is missing")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != named[0].sha256:
        raise refused(f"{name} is damaged or was changed (its digest does not fit)")
    return content


def _manifest_bytes(folder: Path) -> bytes:
    path = folder / MANIFEST_NAME
    if path.is_symlink() or not path.is_file():
        raise refused(f"it has no {MANIFEST_NAME}")
    with path.open("rb") as file:
        return file.read(MAX_MANIFEST_BYTES + 1)


def _check_files(pack: Pack) -> None:
    named = {file.path: file.size_bytes for file in pack.manifest.files}
    present = set(_walk(pack.folder))
    for path in sorted(present - set(named) - {MANIFEST_NAME}):
        raise refused(f"it holds a file that its manifest does not name ({path})")
    for path, size_bytes in named.items():
        if path not in present:
            raise refused(f"{path} is missing")
        if pack.path(path).stat().st_size != size_bytes:
            raise refused(f"{path} has another size than its manifest says")


def _walk(folder: Path) -> Iterator[str]:
    """Yield every file below a folder, relative; refuse links, devices and pipes."""
    for root, folders, files in os.walk(folder, followlinks=False):
        for name in (*folders, *files):
            mode = (Path(root) / name).lstat().st_mode
            if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
                raise refused("it holds a link or another thing that is not a plain file")
        for name in files:
            yield (Path(root) / name).relative_to(folder).as_posix()


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _pack_folders(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(path for path in root.iterdir() if path.is_dir() and path.name[0] not in "._")


def _stage(source: Path, target: Path) -> Path:
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
        return target
    return extract_pack(source, target)


def _fits(manifest: Manifest, task: Task, modality: str, body_part: str) -> bool:
    is_for_part = not manifest.body_parts or body_part.upper() in manifest.body_parts
    return manifest.task is task and modality in manifest.modalities and is_for_part


def gate_verdict(pack: Pack, failed: tuple[str, ...] | None) -> GateVerdict:
    """Return what is known of a pack's gates; bundled ones passed before they were bundled.

    Args:
        pack: which.
        failed: gates it failed here; None if they were not measured here.
    """
    if failed:
        return GateVerdict.FAILED
    if failed is not None or pack.is_bundled:
        return GateVerdict.PASSED
    return GateVerdict.NOT_MEASURED


def _has_passed(pack: Pack, failed: tuple[str, ...] | None) -> bool:
    """Whether a pack may be chosen by itself; bundled ones passed before they were bundled.

    Args:
        pack: which.
        failed: gates it failed here; None if they were not measured here.
    """
    is_trusted = pack.is_bundled or pack.manifest.task not in GATED
    return is_trusted if failed is None else not failed


def _not_passed(pack: Pack, noted: Mapping[str, tuple[str, ...]], what: str) -> PackRefusedError:
    failed = noted.get(pack.digest)
    if failed is None:
        test = f"Measure it with: prelim models test {pack.manifest.pack_id}"
        why = f"the gates of {pack.ref} were not measured on this machine"
        return PackRefusedError(f"No model pack is known to do {what} well", why=why, todo=test)
    return PackRefusedError(
        f"No model pack does {what} as it should",
        why=f"{pack.ref} failed: {', '.join(failed)}",
        todo="Ask for it by name if you want it all the same",
    )
