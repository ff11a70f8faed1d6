"""What leaves: the pages, the signature, the copies; and the identity that signs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from workstation.core.errors import WorkstationError
from workstation.report.check_finding import CheckFinding
from workstation.report.document import Meaning
from workstation.services.jobs import Lane, Request
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.export_panel.panel import ExportPanel
from workstation.ui.first_run.panel import FirstRunPanel
from workstation.ui.report_controller import ReportController
from workstation.ui.sign_panel.pages import PagePreview
from workstation.ui.sign_panel.panel import SignPanel
from workstation.ui.use_cases import SignedReport, UseCases
from workstation.ui.words import count_of, tr

if TYPE_CHECKING:  # only its fields are read
    from workstation.services.examine_machine import MachineReport


class DocumentController(QObject):
    """Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
        identity_made(str, str): name and organization of a new identity.
        identities_known(tuple): names that have an identity.
    """

    said = Signal(str)
    identity_made = Signal(str, str)
    identities_known = Signal(object)

    def __init__(
        self,
        report: ReportController,
        use_cases: UseCases,
        bridge: JobBridge,
        *,
        reader: Callable[[], str],
    ) -> None:
        """Make the controller.

        Args:
            report: the report on the desk.
            use_cases: doors of the house.
            bridge: starts jobs.
            reader: name of the reader.
        """
        super().__init__(report)
        self._report, self._use_cases, self._bridge = report, use_cases, bridge
        self._reader = reader
        self._users: tuple[str, ...] = ()

    # Signing

    def prepare(self, panel: SignPanel, preview: PagePreview) -> None:
        """Fill the sign panel: check the report, draw its pages."""
        self._report.hand_over()
        document = self._report.document
        if document is None:
            return
        check, pages = self._use_cases.check, self._use_cases.preview
        width = preview.width_for_page

        def checked(findings: tuple[CheckFinding, ...]) -> None:
            if self._report.document is not document:
                return
            self._report.take_findings(findings, is_asked=False)
            name = self._reader()
            panel.show_report(
                document, findings, signer=name, has_identity=name in self._users and bool(name)
            )

        def drawn(pictures: tuple[QImage, ...]) -> None:
            preview.show_pages(pictures)

        def not_drawn(error: WorkstationError) -> None:
            preview.show_message(tr(str(error)))

        preview.show_message(tr("The pages are being made…"))
        self._bridge.start(
            Request(
                Lane.DOCUMENT, "Checking the report", lambda _c: check(document), is_quiet=True
            ),
            Replies(done=checked),
        )
        self._bridge.start(
            Request(
                Lane.DOCUMENT, "Drawing the pages", lambda _c: pages(document, width), is_quiet=True
            ),
            Replies(done=drawn, failed=not_drawn),
        )

    def sign(self, panel: SignPanel, preview: PagePreview, meaning: Meaning, secret: str) -> None:
        """Sign the report as it stands, store its documents, and say where."""
        events, reader = self._report.events, self._reader()
        sign, pages = self._use_cases.sign, self._use_cases.preview
        width = preview.width_for_page

        def done(signed: SignedReport) -> None:
            try:
                self._report.take_signed(signed.events)
            except WorkstationError as error:
                panel.show_refused(tr(str(error)))
                return
            at = datetime.fromisoformat(signed.signed_at)
            signed_at = tr("Signed {0}").format(f"{at:%H:%M:%S}")
            sentence = f"{signed_at}. {tr('Stored at')} {signed.folder}"
            panel.show_signed(sentence)
            self.said.emit(signed_at)
            self._draw_signed(preview, pages, width)

        request = Request(
            Lane.DOCUMENT,
            "Signing the report",
            lambda _c: sign(events, user=reader, passphrase=secret, meaning=meaning),
        )
        replies = Replies(done=done, failed=lambda error: panel.show_refused(tr(str(error))))
        self._bridge.start(request, replies)

    def _draw_signed(
        self, preview: PagePreview, pages: Callable[..., tuple[QImage, ...]], width: int
    ) -> None:
        document = self._report.document
        if document is None:
            return
        request = Request(
            Lane.DOCUMENT, "Drawing the pages", lambda _c: pages(document, width), is_quiet=True
        )
        self._bridge.start(request, Replies(done=preview.show_pages))

    # Copies

    def export(self, panel: ExportPanel, forms: tuple[str, ...], folder: Path) -> None:
        """Write copies of the report."""
        self._report.hand_over()
        events, export = self._report.events, self._use_cases.export
        if not events:
            return

        def done(files: tuple[Path, ...]) -> None:
            names = ", ".join(path.name for path in files)
            words = count_of(len(files), "file", "files")
            panel.show_result(tr("{0} written to {1}: {2}").format(words, folder, names))

        request = Request(
            Lane.DOCUMENT,
            "Exporting the report",
            lambda _c: export(events, forms=forms, folder=folder),
        )
        replies = Replies(done=done, failed=lambda error: panel.show_result(tr(str(error))))
        self._bridge.start(request, replies)

    # Who signs, and on which machine

    def look_for_identities(self) -> None:
        """Find out who has a signing identity on this machine."""
        users = self._use_cases.users

        def done(names: tuple[str, ...]) -> None:
            self._users = names
            self.identities_known.emit(names)

        request = Request(
            Lane.DOCUMENT, "Looking for identities", lambda _c: users(), is_quiet=True
        )
        self._bridge.start(request, Replies(done=done))

    def create_identity(
        self, panel: FirstRunPanel, name: str, organization: str, secret: str
    ) -> None:
        """Make a signing identity and show its recovery key once."""
        create = self._use_cases.create_identity

        def done(key: str) -> None:
            self._users = (*self._users, name)
            self.identity_made.emit(name, organization)
            panel.show_recovery_key(key)

        request = Request(
            Lane.DOCUMENT,
            "Making a signing identity",
            lambda _c: create(user=name, organization=organization, passphrase=secret),
            is_quiet=True,
        )
        replies = Replies(done=done, failed=lambda error: panel.show_refused(tr(str(error))))
        self._bridge.start(request, replies)

    def examine_machine(self, panel: FirstRunPanel) -> None:
        """Show what this machine can do."""
        machine = self._use_cases.machine

        def done(report: MachineReport) -> None:
            panel.show_machine(report)

        request = Request(
            Lane.MODEL, "Looking at this machine", lambda _c: machine(), is_quiet=True
        )
        self._bridge.start(request, Replies(done=done))

    def unlock(self, secret: str, *, done: Callable[[bool], None]) -> None:
        """Say whether a passphrase opens the identity of the reader."""
        unlocks, reader = self._use_cases.unlocks, self._reader()
        request = Request(
            Lane.DOCUMENT, "Unlocking", lambda _c: unlocks(reader, secret), is_quiet=True
        )
        self._bridge.start(request, Replies(done=done))
