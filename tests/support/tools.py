"""Independent command-line tools that judge what we write; a test without one skips and says so."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGES = {
    "Orthanc": "orthanc",
    "Xvfb": "xvfb",
    "DicomSRValidator": "pixelmed-apps default-jre-headless",
    "bsdtar": "libarchive-tools",
    "dcentvfy": "dicom3tools",
    "dciodvfy": "dicom3tools",
    "dcmcjpeg": "dcmtk",
    "dcmcjpls": "dcmtk",
    "dcmcrle": "dcmtk",
    "dcm2pnm": "dcmtk",
    "dcmdjpeg": "dcmtk",
    "dcmdjpls": "dcmtk",
    "dcmdump": "dcmtk",
    "dcmodify": "dcmtk",
    "dcmsign": "dcmtk",
    "dsr2html": "dcmtk",
    "dsrdump": "dcmtk",
    "echoscu": "dcmtk",
    "ffmpeg": "ffmpeg",
    "ffprobe": "ffmpeg",
    "findscu": "dcmtk",
    "gdcmconv": "libgdcm-tools",
    "getscu": "dcmtk",
    "isoinfo": "genisoimage",
    "ojph_compress": "openjph-tools",
    "ojph_expand": "openjph-tools",
    "pdfinfo": "poppler-utils",
    "pdfsig": "poppler-utils",
    "pdftotext": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "qpdf": "qpdf",
    "storescu": "dcmtk",
    "xrandr": "x11-xserver-utils",
}
"""Debian package of each tool."""

LIMIT_S = 60
"""A validator that hangs is a failure of the tool, not of what it judges."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool said.

    Attributes:
        code: its exit status.
        text: standard output and standard error together.
    """

    code: int
    text: str


def tool(name: str) -> str:
    """Return the path of a tool; skip the test where it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not here: apt-get install {PACKAGES.get(name, name)}")
    return found


def run_tool(name: str, *arguments: str | Path, env: dict[str, str] | None = None) -> Outcome:
    """Run a tool, with further environment variables; skip the test where it is not installed."""
    command = [tool(name), *map(str, arguments)]
    variables = {**os.environ, **(env or {})}
    done = subprocess.run(command, capture_output=True, timeout=LIMIT_S, check=False, env=variables)
    text = done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
    return Outcome(done.returncode, text)


def fonts_for(*languages: str) -> None:
    """Skip the test where fontconfig knows no font of a language (``hi``, ``ar``)."""
    listing = shutil.which("fc-list")
    if listing is None:
        return
    for language in languages:
        done = subprocess.run(
            [listing, f":lang={language}"], capture_output=True, timeout=LIMIT_S, check=False
        )
        if not done.stdout.strip():
            pytest.skip(f"no font for {language}: apt-get install fonts-noto-core")
