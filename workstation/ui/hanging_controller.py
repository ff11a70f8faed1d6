"""Hangs a study as it opens, goes through the protocols by key, and keeps those of the reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from viewers.qt.viewport import ViewportWidget
from viewers.state.hanging import LINK_NAMES, CellView, HangingProtocol, SeriesTraits
from viewers.state.hanging_match import Match, Matcher, hung
from viewers.state.hanging_proposal import ShownCell, proposal
from viewers.state.layout import FREE_NAME, Cell, Layout
from viewers.state.linking import LinkKind
from workstation.core.intensity import CT_WINDOWS, IntensityUnit, Window
from workstation.services.hanging_store import LoadedProtocols, free_id
from workstation.services.hanging_words import NO_PROTOCOL
from workstation.services.jobs import JobContext, Lane, Request
from workstation.settings import schema
from workstation.ui.arrangement import ArrangementDesk
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.hanging_doors import HangingDoors
from workstation.ui.hanging_placing import CellFiller
from workstation.ui.link_controller import LinkController
from workstation.ui.option_desk import OptionDesk
from workstation.ui.study_controller import StudyController
from workstation.ui.study_page import StudyPage
from workstation.ui.words import tr

if TYPE_CHECKING:  # it brings the DICOM toolkit
    from workstation.services.import_studies import ImportedStudy


class HangingController(QObject):
    """Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
        changed(): other protocols fit, are on screen, or are there.
        panel_wanted(): the reader asked for the panel.
        edit_wanted(HangingProtocol): the reader wants to change it, or to keep it as a new one.
        hung(Match): a study is being hung by a protocol.
    """

    said = Signal(str)
    changed = Signal()
    panel_wanted = Signal()
    edit_wanted = Signal(object)
    hung = Signal(object)

    def __init__(
        self,
        page: StudyPage,
        study: StudyController,
        links: LinkController,
        options: OptionDesk,
        doors: HangingDoors | None,
        bridge: JobBridge,
    ) -> None:
        """Take the widgets; it hangs the studies from now on.

        Args:
            page: viewports of all screens.
            study: the open study.
            links: what viewports follow each other in.
            options: whether studies are hung at all.
            doors: the protocols; None where there are none.
            bridge: starts jobs.
        """
        super().__init__(page)
        self._desk, self._study, self._links = page.desk, study, links
        self._options, self._doors, self._bridge = options, doors, bridge
        self._loaded: LoadedProtocols | None = None
        self._traits: tuple[SeriesTraits, ...] = ()
        self._matches: tuple[Match, ...] = ()
        self._shown: Match | None = None
        self._imported: ImportedStudy | None = None
        self._priors: tuple[ImportedStudy, ...] = ()
        self._arrangements = ArrangementDesk(page.desk, study)
        self.filler = CellFiller(page, study)
        self.filler.said.connect(self.said)
        study.hang = self.hang
        study.prior_listed.connect(self._take_prior)
        study.study_changed.connect(lambda identity: self._forget() if identity is None else None)

    # What is known

    @property
    def protocols(self) -> LoadedProtocols:
        """All protocols of this machine."""
        if self._loaded is None:
            self._loaded = self._doors.loaded() if self._doors is not None else LoadedProtocols()
        return self._loaded

    @property
    def matches(self) -> tuple[Match, ...]:
        """Protocols that fit the open study, the best first."""
        return self._matches

    @property
    def shown(self) -> Match | None:
        """The protocol that the study was hung by last; None for none."""
        return self._shown

    @property
    def traits(self) -> tuple[SeriesTraits, ...]:
        """What rules can ask about the series of the open study."""
        return self._traits

    @property
    def is_automatic(self) -> bool:
        """Whether studies are hung as they open."""
        return self._options.get(schema.HANG_ON_OPEN)

    def is_ours(self, protocol_id: str) -> bool:
        """Whether a protocol of this id came with the program."""
        return self._doors is not None and self._doors.store.is_ours(protocol_id)

    # Hanging

    def hang(self, study: ImportedStudy) -> bool:
        """Hang a study that opens; False where the plain way is right."""
        if self._doors is None:
            return False
        self._imported, self._priors = study, ()
        self._traits = self._doors.traits(study, ())
        self._matches = Matcher(self._traits).matches(self.protocols.protocols)
        best = next(iter(self._matches), None)
        is_plain = best is None or not best.protocol.rules
        if not self.is_automatic or best is None or is_plain:
            if self.is_automatic and best is None:
                self.said.emit(tr(NO_PROTOCOL))
            self._shown = None
            self.changed.emit()
            return False
        self._hang(best)
        return True

    def choose(self, protocol_id: str) -> None:
        """Hang the open study by a protocol that fits."""
        match = next((m for m in self._matches if m.protocol.protocol_id == protocol_id), None)
        if match is None:
            self.said.emit(tr("This protocol finds too few of its series in the open study."))
            return
        self._arrange(match)

    def step(self, steps: int) -> None:
        """Hang by the next protocol that fits, or the one before."""
        if not self._matches:
            self.said.emit(tr("No hanging protocol fits this study."))
            return
        at = self._matches.index(self._shown) if self._shown in self._matches else -1
        following = at + steps if at >= 0 else (0 if steps > 0 else -1)
        self._arrange(self._matches[following % len(self._matches)])

    def reset(self) -> None:
        """Hang again as the protocol says."""
        match = self._shown or next(iter(self._matches), None)
        if match is None:
            self.said.emit(tr("No hanging protocol fits this study."))
            return
        self._arrange(match)

    def set_automatic(self, is_on: bool) -> None:
        """Hang studies as they open from now on, or open them plainly."""
        self._options.change(schema.HANG_ON_OPEN, is_on)
        self.changed.emit()

    def show_panel(self) -> None:
        """Show the protocols."""
        self.panel_wanted.emit()

    # Keeping

    def proposal(self, title: str = "") -> HangingProtocol:
        """Return a protocol that hangs the open study as it is on screen now."""
        layout, shown = self._on_screen()
        taken = [one.protocol_id for one in self.protocols.protocols]
        named = title or tr("My protocol")
        made = proposal(layout, shown, self._traits, protocol_id=free_id(named, taken), title=named)
        kinds = self._links.desk.state.value.kinds if len(shown) > 1 else ()
        links = tuple(name for name in LINK_NAMES if LinkKind(name) in kinds)
        return replace(made, links=links)

    def save_as(self) -> None:
        """Show the editor with a protocol of what is on screen."""
        if self._doors is None or not self._traits:
            self.said.emit(tr("Open a study and arrange it first: then it can be kept."))
            return
        self.panel_wanted.emit()
        self.edit_wanted.emit(self.proposal())

    def rearranged(self, protocol: HangingProtocol) -> HangingProtocol:
        """Return a protocol with layout, cells and views as they are on screen now."""
        made = self.proposal(protocol.title)
        return replace(protocol, layout=made.layout, cells=made.cells, links=made.links, fewest=1)

    def try_out(self, protocol: HangingProtocol) -> Match | None:
        """Return how a protocol fits the open study; nothing moves."""
        return Matcher(self._traits).match(protocol)

    def save(self, protocol: HangingProtocol) -> None:
        """Keep a protocol as the reader's own."""
        self._keep(lambda doors: doors.store.save(protocol), tr("The hanging protocol is saved."))

    def delete(self, protocol: HangingProtocol) -> None:
        """Delete a protocol of the reader, or bring ours back."""
        self._keep(
            lambda doors: doors.store.delete(protocol.protocol_id),
            tr("The hanging protocol is deleted. Undo brings it back."),
        )

    def import_file(self, path: Path) -> None:
        """Take a file in as a protocol of the reader."""
        self._keep(
            lambda doors: doors.store.import_file(path), tr("The hanging protocol is taken in.")
        )

    def export(self, protocol: HangingProtocol, path: Path) -> None:
        """Write a protocol to a file."""
        self._keep(
            lambda doors: doors.store.export(protocol, path), tr("The hanging protocol is written.")
        )

    # Private

    def _arrange(self, match: Match) -> None:
        """Hang at the wish of the reader: it can be taken back like other acts on the images."""
        self._arrangements.act(lambda: self._hang(match), fills=True)

    def _hang(self, match: Match) -> None:
        self._shown = match
        protocol = match.protocol
        if protocol.links:
            kinds = frozenset(LinkKind(name) for name in protocol.links)
            state = self._links.desk.state
            state.set(replace(state.value, kinds=kinds))
        if protocol.tool is not None:
            self._study.set_tool(protocol.tool.value)
        self.filler.lay_out(hung(match))
        self.hung.emit(match)
        self.said.emit(tr("Hung as: {0}").format(tr(protocol.title)))
        self.changed.emit()

    def _take_prior(self, prior: ImportedStudy) -> None:
        """Match again with a prior that the reader listed; what is on screen stays as it is."""
        if self._doors is None or self._imported is None:
            return
        self._priors = (*self._priors, prior)
        self._traits = self._doors.traits(self._imported, self._priors)
        before = self._matches[0].protocol.protocol_id if self._matches else ""
        self._take(self.protocols)
        best = self._matches[0].protocol if self._matches else None
        if best is not None and best.protocol_id != before:
            self.said.emit(tr("With the prior another protocol fits: {0}").format(tr(best.title)))

    def _forget(self) -> None:
        self.filler.forget()
        self._imported, self._priors = None, ()
        self._traits, self._matches, self._shown = (), (), None
        self.changed.emit()

    def _keep(self, act: Callable[[HangingDoors], object], done: str) -> None:
        doors = self._doors
        if doors is None:
            return

        def work(_context: JobContext) -> LoadedProtocols:
            act(doors)
            return doors.store.load()

        def loaded(result: LoadedProtocols) -> None:
            self._take(result)
            self.said.emit(done)

        request = Request(Lane.SAVE, "Keeping a hanging protocol", work, is_quiet=True)
        replies = Replies(done=loaded, failed=lambda error: self.said.emit(tr(str(error))))
        self._bridge.start(request, replies)

    def _take(self, loaded: LoadedProtocols) -> None:
        """Take other protocols; what is on screen stays as it is."""
        self._loaded = loaded
        shown_id = self._shown.protocol.protocol_id if self._shown is not None else ""
        self._matches = Matcher(self._traits).matches(loaded.protocols) if self._traits else ()
        same = (one for one in self._matches if one.protocol.protocol_id == shown_id)
        self._shown = next(same, None)
        self.changed.emit()

    def _on_screen(self) -> tuple[Layout, tuple[ShownCell, ...]]:
        """Return the layout of all screens as one, and what each viewport shows."""
        grids = self._desk.grids
        shown = tuple(
            self._shown_in(viewport, screen)
            for screen, grid in enumerate(grids)
            for viewport in grid.viewports
        )
        if len(grids) == 1:
            layout = grids[0].layout_shown
            return replace(layout, planes=()) if not layout.is_mpr else layout, shown
        return _side_by_side([grid.layout_shown for grid in grids]), shown

    def _shown_in(self, viewport: ViewportWidget, screen: int) -> ShownCell:
        content = viewport.content
        series = self._study.loaded_of(content.volume) if content is not None else None
        if content is None or series is None:
            return ShownCell(None, CellView(), screen)
        state = viewport.state.value
        view = CellView(
            plane=state.plane,
            window=_window(state.window, viewport),
            slab=state.slab,
            is_inverted=state.is_inverted,
        )
        return ShownCell(self._study.rows.index(series.item), view, screen)


def _window(window: Window, viewport: ViewportWidget) -> str | Window:
    """Return a window as a protocol keeps it: by name where CT has one, by numbers in HU."""
    content = viewport.content
    if content is None or content.volume.intensity.unit is not IntensityUnit.HU:
        return ""
    same = partial(_is_same, window)
    named = next((one for one in CT_WINDOWS if same(one)), None)
    if named is not None:
        return named.name
    return Window(window.center, window.width)


def _is_same(one: Window, other: Window) -> bool:
    return (one.center, one.width) == (other.center, other.width)


def _side_by_side(layouts: list[Layout]) -> Layout:
    """Return the layouts of several screens beside each other as one."""
    share = 1 / len(layouts)
    cells = [
        Cell((n + cell.left) * share, cell.top, cell.width * share, cell.height)
        for n, layout in enumerate(layouts)
        for cell in layout.cells
    ]
    return Layout(FREE_NAME, tuple(cells))
