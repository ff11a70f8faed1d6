"""Fitting two series on request: which two, the job, and what accepting or discarding means."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from viewers.qt.desk import ViewportDesk
from viewers.qt.link_desk import LinkDesk
from viewers.qt.viewport import ViewportWidget
from workstation.core.errors import WorkstationError
from workstation.core.identity import StudyIdentity
from workstation.core.registration import RigidRegistration
from workstation.services.jobs import JobContext, Lane, Request
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.loaded_series import LoadedSeries
from workstation.ui.registration_box import BoxActs, RegistrationBox
from workstation.ui.study_controller import StudyController
from workstation.ui.use_cases import FittedSeries, Register, UseCases
from workstation.ui.words import tr

if TYPE_CHECKING:  # it brings the DICOM toolkit
    from workstation.services.open_series import OpenedSeries


class RegistrationController(QObject):
    """Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
    """

    said = Signal(str)

    def __init__(
        self,
        desk: ViewportDesk,
        study: StudyController,
        links: LinkDesk,
        use_cases: UseCases,
        bridge: JobBridge,
    ) -> None:
        """Make the controller.

        Args:
            desk: the viewports: the two series are taken from them.
            study: knows what is loaded, and keeps it while a fit reads it.
            links: takes a fit that was accepted.
            use_cases: the door that fits.
            bridge: starts jobs.
        """
        super().__init__(desk)
        self._desk, self._study, self._links = desk, study, links
        self._register, self._bridge = use_cases.register, bridge
        self._fitted: FittedSeries | None = None
        self._accepted: list[FittedSeries] = []
        self._job, self._ticket = 0, object()
        self.box = RegistrationBox(BoxActs(self.fit, self.stop, self.accept, self.discard))
        study.study_changed.connect(self._follow)

    @property
    def fit_found(self) -> RigidRegistration | None:
        """The fit on show; None for none."""
        return None if self._fitted is None else self._fitted.fit

    def fit(self) -> None:
        """Fit the series of another viewport to that of the active one; of priors, the prior."""
        pair = self._pair()
        if pair is None:
            words = tr(
                "Show two series side by side that do not share a frame of reference, and "
                "wait until both are loaded: then they can be fitted."
            )
            if self._fitted is None:
                self.box.show_nothing(words)
            self.said.emit(words)
            return
        self.stop()
        fixed, moving = pair
        releases = [self._study.hold(one) for one in pair]
        work = partial(_fit, self._register, fixed.opened, moving.opened)
        current = self._study.imported

        def done(found: FittedSeries) -> None:
            if self._study.imported is current:
                self._take(found)

        why: list[str] = []

        def failed(error: WorkstationError) -> None:
            why.append(tr(str(error)))
            self.said.emit(why[0])

        def over() -> None:
            for release in releases:
                release()
            if self._fitted is None and self._ticket is ticket:
                self._show_accepted("".join(why))

        self._fitted, self._ticket = None, (ticket := object())
        self.box.show_running(tr("Fitting the two series…"))
        request = Request(Lane.MODEL, "Fitting two series", work)
        self._job = self._bridge.start(request, Replies(done=done, failed=failed, over=over))

    def stop(self) -> None:
        """Stop the fit that is being computed."""
        self._bridge.cancel(self._job)

    def accept(self) -> None:
        """Link through the fit from now on; the band of both viewports says so."""
        if self._fitted is None:
            return
        self._accepted = [*self._others(self._fitted.fit), self._fitted]
        self._links.accept(self._fitted.fit)
        self.box.show_fit(self._fitted.fit, self._fitted.pictures, is_accepted=True)
        self.said.emit(tr("Linked by registration: rigid, not measured."))

    def discard(self) -> None:
        """Let the fit on show go, accepted or not; one that is in force still is shown then."""
        found, self._fitted = self._fitted, None
        if found is None:
            return
        if found in self._accepted:
            self._accepted = self._others(found.fit)
            self._links.discard(found.fit.fixed_uid, found.fit.moving_uid)
        self._show_accepted()
        self.said.emit(tr("The fit is discarded."))

    # Private

    def _follow(self, _study: StudyIdentity | None) -> None:
        self.stop()
        self._fitted, self._accepted = None, []
        self.box.show_nothing()

    def _others(self, fit: RigidRegistration) -> list[FittedSeries]:
        """Return the accepted fits of other frames of reference."""
        uids = fit.fixed_uid, fit.moving_uid
        return [one for one in self._accepted if not one.fit.joins(*uids)]

    def _show_accepted(self, why: str = "") -> None:
        """Show the fit accepted last, so that none is in force without a way to discard it."""
        if not self._accepted:
            self.box.show_nothing(why)
            return
        self._fitted = self._accepted[-1]
        self.box.show_fit(self._fitted.fit, self._fitted.pictures, is_accepted=True)

    def _take(self, found: FittedSeries) -> None:
        self._fitted = found
        self.box.show_fit(found.fit, found.pictures, is_accepted=False)
        self.said.emit(tr("The fit is here: look at it, then accept or discard."))

    def _pair(self) -> tuple[LoadedSeries, LoadedSeries] | None:
        active = self._desk.active
        fixed = self._loaded(active)
        if fixed is None:
            return None
        for viewport in self._desk.viewports:
            other = self._loaded(viewport)
            if other is None or viewport is active:
                continue
            here, there = (_frame(one) for one in (fixed, other))
            if here != there:
                # The study being read stays where it is; its prior is moved.
                is_turned = bool(fixed.item.prior) and not other.item.prior
                return (other, fixed) if is_turned else (fixed, other)
        return None

    def _loaded(self, viewport: ViewportWidget) -> LoadedSeries | None:
        content = viewport.content
        series = self._study.loaded_of(content.volume) if content is not None else None
        return series if series is not None and series.has_ended else None

    def _say(self, text: str) -> None:
        self.box.text.setText(text)
        self.said.emit(text)


def _frame(series: LoadedSeries) -> str:
    return series.volume.geometry.frame_of_reference_uid


def _fit(
    register: Register, fixed: OpenedSeries, moving: OpenedSeries, context: JobContext
) -> FittedSeries:
    return register(fixed, moving, on_progress=context.progress, cancel=context.cancel)
