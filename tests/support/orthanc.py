"""An Orthanc of this machine, for one test: its own folder and ports, reachable from here only.

dcmtk's tools send, ask and fetch: neither side of the talk is of ours.
"""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pydicom
from pydicom import Dataset

from tests.support.tools import Outcome, run_tool, tool

AE_TITLE = "ORTHANC"
PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Orthanc:
    """A running archive.

    Attributes:
        port: its DICOM port on this machine.
    """

    port: int

    def store(self, files: list[Path]) -> Outcome:
        """Send files as they are; only what they hold is proposed."""
        return self._ask("storescu", "-R", files=files)

    def find(self, folder: Path, **keys: str) -> list[Dataset]:
        """Return what a query finds, left in a folder that is not there yet.

        Args:
            folder: where dcmtk writes the answers.
            keys: values by keyword, empty where the answer is wanted.
        """
        folder.mkdir()
        asked = self._ask("findscu", "-S", "-X", "-od", folder, *_keys(keys))
        assert asked.code == 0, asked.text
        return [pydicom.dcmread(path, force=True) for path in sorted(folder.iterdir())]

    def get(self, folder: Path, **keys: str) -> list[Dataset]:
        """Return whole images, left in a folder that is not there yet, byte for byte."""
        folder.mkdir()
        asked = self._ask("getscu", "-S", "+B", "-od", folder, *_keys(keys))
        assert asked.code == 0, asked.text
        return [pydicom.dcmread(path) for path in sorted(folder.iterdir())]

    def _ask(self, name: str, *options: str | Path, files: list[Path] | None = None) -> Outcome:
        peer = ("-aet", "TEST", "-aec", AE_TITLE)
        return run_tool(name, *peer, *options, "127.0.0.1", str(self.port), *(files or []))


def _keys(keys: dict[str, str]) -> list[str]:
    return [part for name, value in keys.items() for part in ("-k", f"{name}={value}")]


@contextmanager
def running_orthanc(folder: Path) -> Iterator[Orthanc]:
    """Start an archive that keeps its files in a folder; skip where Orthanc is not installed."""
    program, (port, http_port) = tool("Orthanc"), _free_ports()
    settings = folder / "orthanc.json"
    settings.write_text(_settings(folder / "storage", port, http_port), encoding="utf-8")
    with (folder / "orthanc.log").open("wb") as log:
        process = subprocess.Popen([program, str(settings)], stdout=log, stderr=log)
        try:
            _wait_until_it_answers(process, port)
            yield Orthanc(port)
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def _settings(storage: Path, port: int, http_port: int) -> str:
    return json.dumps(
        {
            "Name": "Test",
            "StorageDirectory": str(storage),
            "IndexDirectory": str(storage),
            "HttpPort": http_port,
            "RemoteAccessAllowed": False,
            "DicomAet": AE_TITLE,
            "DicomPort": port,
            "DicomAlwaysAllowStore": True,
            "DicomAlwaysAllowFind": True,
            "DicomAlwaysAllowGet": True,
            "Plugins": [],
        }
    )


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    limit = time.monotonic() + PATIENCE_S
    while time.monotonic() < limit and process.poll() is None:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    echoed = run_tool("echoscu", "-aec", AE_TITLE, "127.0.0.1", str(port))
    assert echoed.code == 0, echoed.text


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])
