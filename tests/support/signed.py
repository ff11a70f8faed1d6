"""Sign a report of the factories in a folder, with a key of the folder's own."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from unittest import mock

from tests.support.reports import StillClock
from workstation.printing.report_pdf import ReportPdf
from workstation.report.document import Meaning
from workstation.report.events import Event
from workstation.services import signing_identity
from workstation.services.sign_report import SignedReport, sign
from workstation.services.signing_identity import create_identity

PASSPHRASE = "correct horse battery"  # noqa: S105 of a test
SIGNER = "Dr. Rita Reader"
ORGANIZATION = "Klinik Süd"


def lend_identity(keys: Path) -> None:
    """Put the identity of the tests into a folder; its key is made once, which takes a second."""
    keys.mkdir(exist_ok=True)
    for name, data in _identity().items():
        (keys / name).write_bytes(data)


@cache
def _identity() -> dict[str, bytes]:
    light = mock.patch.object(signing_identity, "ARGON2_MEMORY_KIB", 64)  # a light lock opens fast
    with light, tempfile.TemporaryDirectory() as folder:
        keys = Path(folder)
        create_identity(
            keys, user=SIGNER, organization=ORGANIZATION, passphrase=PASSPHRASE, clock=StillClock()
        )
        return {path.name: path.read_bytes() for path in keys.iterdir()}


def sign_here(
    events: tuple[Event, ...],
    folder: Path,
    *,
    meaning: Meaning = Meaning.FINAL,
    out: str = "signed",
    passphrase: str = PASSPHRASE,
) -> SignedReport:
    """Sign a report; needs a QGuiApplication (the fixture ``qapp``)."""
    lend_identity(folder / "keys")
    return sign(
        events,
        user=SIGNER,
        organization=ORGANIZATION,
        passphrase=passphrase,
        identity_folder=folder / "keys",
        out=folder / out,
        meaning=meaning,
        clock=StillClock(),
        printer=ReportPdf(),
    )
