"""What the window's commands do to the links between viewports."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from viewers.qt.desk import ViewportDesk
from viewers.qt.link_desk import LinkDesk
from viewers.state.linking import LinkKind
from workstation.core.identity import StudyIdentity
from workstation.core.measurement import Measurement
from workstation.ui.bridge import JobBridge
from workstation.ui.prior_controller import PriorController
from workstation.ui.prior_panel import PriorPanel
from workstation.ui.registration_controller import RegistrationController
from workstation.ui.study_controller import StudyController
from workstation.ui.use_cases import UseCases
from workstation.ui.words import tr
from workstation.ui.worklist.entry import WorklistEntry

KIND_COMMANDS = {f"link_{kind.value}": kind for kind in LinkKind}
"""Commands that turn one kind of following on or off."""


Measurements = tuple[Measurement, ...]
_Tell = Callable[[Measurements, Measurements], None]


class LinkController(QObject):
    """Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
    """

    said = Signal(str)

    def __init__(
        self,
        desk: ViewportDesk,
        study: StudyController,
        use_cases: UseCases,
        bridge: JobBridge,
        *,
        show: Callable[[QWidget], None],
        entries: Callable[[], tuple[WorklistEntry, ...]],
    ) -> None:
        """Link the viewports of a desk.

        Args:
            desk: the viewports of all screens.
            study: the open study; another one begins without fits, locks and priors.
            use_cases: doors for priors and fits.
            bridge: starts jobs.
            show: brings the panel of priors on screen.
            entries: the studies known here.
        """
        super().__init__(desk)
        self.desk = LinkDesk(desk)
        self.fits = RegistrationController(desk, study, self.desk, use_cases, bridge)
        self.priors = PriorController(
            desk, study, use_cases, bridge, entries=entries, box=self.fits.box
        )
        self._show = show
        self._viewports = desk
        self._action: Callable[[str], QAction] | None = None
        for source in (self.desk, self.fits, self.priors):
            source.said.connect(self.said)
        self.desk.state.observe(lambda _old, _new: self._mark())
        study.study_changed.connect(self._follow)

    def take_actions(self, action: Callable[[str], QAction]) -> None:
        """Take the commands, whose marks say what is linked."""
        self._action = action
        self._mark()

    @property
    def panel(self) -> PriorPanel:
        """Priors, and how two series are fitted."""
        return self.priors.panel

    def telling(self, take: Callable[[Measurements], None]) -> _Tell:
        """Return what hands measurements on without those that were made on priors."""
        return lambda _old, new: take(self.priors.of_current(new))

    # Commands

    def show_priors(self) -> None:
        """Show the earlier studies of the patient, to compare with one."""
        self.priors.refresh()
        self._show(self.panel)

    def fit(self) -> None:
        """Fit the two series on show to each other, in sight."""
        self._show(self.panel)
        self.fits.fit()

    def toggle(self, kind: str) -> None:
        """Let viewports follow each other in one kind, or not."""
        self.desk.toggle(kind)
        is_on = LinkKind(kind) in self.desk.state.value.kinds
        words = {
            LinkKind.SCROLL: (tr("Scrolling is linked."), tr("Scrolling is not linked.")),
            LinkKind.WINDOW: (tr("Windows are linked."), tr("Windows are not linked.")),
            LinkKind.ZOOM: (tr("Zoom is linked."), tr("Zoom is not linked.")),
        }
        self.said.emit(words[LinkKind(kind)][0 if is_on else 1])

    def toggle_lines(self) -> None:
        """Show or hide where other slices cross this one."""
        self.desk.toggle_lines()

    def toggle_ends(self) -> None:
        """Show or hide where the first and last slices of others cross this one."""
        self.desk.toggle_ends()

    def lock_here(self) -> None:
        """Link series without a common frame from the slices on show, or unlink them."""
        self.desk.lock_here()

    def localize(self) -> None:
        """Show this point in every other viewport, or take the cross away."""
        self.desk.localize()

    # Private

    def _follow(self, study: StudyIdentity | None) -> None:
        self.desk.forget()
        self._viewports.marks.current_study_uid = "" if study is None else study.study_uid

    def _mark(self) -> None:
        if self._action is None:
            return
        state = self.desk.state.value
        for command_id, kind in KIND_COMMANDS.items():
            self._action(command_id).setChecked(kind in state.kinds)
        self._action("reference_lines").setChecked(state.shows_lines)
        self._action("reference_ends").setChecked(state.shows_ends)
