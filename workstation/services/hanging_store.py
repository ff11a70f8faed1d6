"""The hanging protocols of this machine: ours beside the reader's own, one file each.

A damaged file is left out with its sentence and never stops the others. A protocol of the reader
with the id of one of ours takes its place; deleting it brings ours back.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from viewers.state.hanging import HangingProtocol, HungCell, Rule, plain
from workstation.core.errors import InputRefusedError
from workstation.services.hanging_files import as_toml, read_file
from workstation.services.hanging_table import HangingFileError

MAX_FILES = 500
"""Files read of one folder; a department has a few dozen."""


@dataclass(frozen=True, slots=True)
class LoadedProtocols:
    """What the folders hold.

    Attributes:
        protocols: those in force, by id.
        problems: files that were left out, each with its sentence.
    """

    protocols: tuple[HangingProtocol, ...] = ()
    problems: tuple[HangingFileError, ...] = ()

    def find(self, protocol_id: str) -> HangingProtocol | None:
        """Return the protocol of an id; None where there is none."""
        return next((p for p in self.protocols if p.protocol_id == protocol_id), None)


class HangingStore:
    """Reads and writes hanging protocols; the files are small. Any thread, one at a time."""

    def __init__(self, ours: Path, own: Path) -> None:
        """Take the folders.

        Args:
            ours: protocols that came with the program; never written.
            own: protocols of the reader; made with the first.
        """
        self._ours, self._own = ours, own

    def load(self) -> LoadedProtocols:
        """Return every protocol that can be used, and why others cannot."""
        problems: list[HangingFileError] = []
        found: dict[str, HangingProtocol] = {}
        for folder, is_own in ((self._ours, False), (self._own, True)):
            for protocol in _read(folder, problems, is_own=is_own):
                found[protocol.protocol_id] = protocol
        interned = _shared(found[key] for key in sorted(found))
        return LoadedProtocols(interned, tuple(problems))

    def is_ours(self, protocol_id: str) -> bool:
        """Whether a protocol of this id came with the program."""
        return any(p.protocol_id == protocol_id for p in _read(self._ours, [], is_own=False))

    def save(self, protocol: HangingProtocol) -> HangingProtocol:
        """Keep a protocol as the reader's own; return it as it is in force now.

        The old file stays until the new one is complete.

        Raises:
            InputRefusedError: it cannot be written.
        """
        made = replace(protocol, is_own=True)
        _write(self._file(made.protocol_id), as_toml(made), make_folder=True)
        return made

    def delete(self, protocol_id: str) -> None:
        """Delete a protocol of the reader; one of ours with its id is in force again.

        Raises:
            InputRefusedError: the file cannot be deleted.
        """
        for path in _files(self._own):
            try:
                if read_file(path).protocol_id != protocol_id:
                    continue
                path.unlink()
            except HangingFileError:
                continue
            except OSError as error:
                raise InputRefusedError(
                    "The hanging protocol cannot be deleted",
                    why=error.strerror or "the system refused it",
                    todo="Close other programs that use the file, then try again",
                ) from error

    def import_file(self, path: Path) -> HangingProtocol:
        """Take a file in as a protocol of the reader; one of the same id is replaced.

        Raises:
            InputRefusedError: it is no hanging protocol, or cannot be kept.
        """
        return self.save(read_file(path))

    def export(self, protocol: HangingProtocol, path: Path) -> None:
        """Write a protocol to a file to hand on.

        Raises:
            InputRefusedError: it cannot be written.
        """
        _write(path, as_toml(protocol), make_folder=False)

    def _file(self, protocol_id: str) -> Path:
        """Return the file that holds a protocol of the reader, or the one it will get."""
        for path in _files(self._own):
            try:
                if read_file(path).protocol_id == protocol_id:
                    return path
            except HangingFileError:
                continue
        return self._own / f"{protocol_id}.toml"


def free_id(title: str, taken: Iterable[str]) -> str:
    """Return an id made of a title that no other protocol has."""
    words = re.sub(r"[^a-z0-9]+", "-", plain(title)).strip("-")[:50] or "protocol"
    used = set(taken)
    names = (words, *(f"{words}-{number}" for number in range(2, len(used) + 3)))
    return next(name for name in names if name not in used)


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.glob("*.toml") if path.is_file())[:MAX_FILES]
    except OSError:
        return []


def _read(
    folder: Path, problems: list[HangingFileError], *, is_own: bool
) -> Iterable[HangingProtocol]:
    for path in _files(folder):
        try:
            yield read_file(path, is_own=is_own)
        except HangingFileError as error:
            problems.append(error)


def _shared(protocols: Iterable[HangingProtocol]) -> tuple[HangingProtocol, ...]:
    """Return the protocols with equal rules as one object: each is asked once of a series."""
    known: dict[object, Rule] = {}
    tables: dict[tuple[Rule, ...], tuple[Rule, ...]] = {}

    def shared(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        made = tuple(known.setdefault(rule, rule) for rule in rules)
        return tables.setdefault(made, made)

    def cell(one: HungCell) -> HungCell:
        return replace(one, rules=shared(one.rules))

    return tuple(
        replace(one, rules=shared(one.rules), cells=tuple(map(cell, one.cells)))
        for one in protocols
    )


def _write(path: Path, text: str, *, make_folder: bool) -> None:
    fresh = path.with_name(f".{path.name}.new")
    try:
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise InputRefusedError(
            "The hanging protocol cannot be saved",
            why=error.strerror or "the system refused it",
            todo="Choose a folder that you may write to, with room on its disk",
        ) from error
