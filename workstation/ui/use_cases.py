"""What the window may ask of the house: one door per use case, filled in by ``workstation.app``.

Each is called on a job lane, never on the UI thread, unless its line says otherwise. Tests hand in
doors of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from numpy.typing import NDArray
from PySide6.QtGui import QImage

from viewers.render.uncertainty import Uncertainty
from workstation.core.clock import Clock
from workstation.core.filled import FilledBox
from workstation.core.job import CancelToken
from workstation.core.mark_record import MarkRecord
from workstation.core.presentation import PresentationState
from workstation.core.provenance import PackRef
from workstation.core.registration import RigidRegistration
from workstation.core.study_objects import KeyImage, StudyObjects
from workstation.core.volume import Volume
from workstation.report.check_finding import CheckFinding
from workstation.report.document import Meaning, ReadSeries, ReportDocument
from workstation.report.events import DraftProposed, Event
from workstation.services.enhance_choices import EnhanceWish, PackChoice
from workstation.services.mark_store import MarkStore
from workstation.services.ports import ReportStore
from workstation.ui.hanging_doors import HangingDoors

if TYPE_CHECKING:  # these bring the DICOM toolkit, which the window must not wait for
    from inference.tasks.denoise import EnhancementFigures, EnhanceResult
    from inference.tasks.measure import MeasureResult
    from workstation.core.image_stack import ImageStack
    from workstation.library.studies import StudyRow
    from workstation.services.examine_machine import MachineReport
    from workstation.services.fill_gaps import FilledSeries
    from workstation.services.import_studies import ImportedStudy, ImportResult
    from workstation.services.open_series import OpenedSeries
    from workstation.services.register_pictures import FitPicture

OnFraction = Callable[[float], None]


@dataclass(frozen=True, slots=True, eq=False)
class Enhancement:
    """What an enhancement gave.

    Attributes:
        result: pack and figures.
        voxels: for less noise, on the grid of the source; None for thinner slices.
        volume: for thinner slices, the volume of its own; None for less noise.
        doubts: what a reader must know of it, as sentences.
    """

    result: EnhanceResult
    voxels: NDArray[Any] | None = None
    volume: Volume | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class FittedSeries:
    """A fit of one series to another, and pictures for a look at it."""

    fit: RigidRegistration
    pictures: tuple[FitPicture, ...]


class Register(Protocol):
    """Fit one series rigidly to another."""

    def __call__(
        self,
        fixed: OpenedSeries,
        moving: OpenedSeries,
        *,
        on_progress: OnFraction,
        cancel: CancelToken,
    ) -> FittedSeries:
        """Return the fit; raises RegistrationError where the two cannot be fitted."""
        ...


@dataclass(frozen=True, slots=True)
class SignedReport:
    """What signing left behind.

    Attributes:
        events: all events of the report, the signature last.
        signed_at: ISO 8601 with UTC offset.
        folder: where the signed documents are stored.
    """

    events: tuple[Event, ...]
    signed_at: str
    folder: Path


class Enhance(Protocol):
    """Run a model on a volume."""

    def __call__(
        self,
        volume: Volume,
        wish: EnhanceWish,
        *,
        on_pack: Callable[[PackRef, float], None],
        on_progress: OnFraction,
        on_slice: Callable[[int, NDArray[Any]], None],
        cancel: CancelToken,
    ) -> Enhancement:
        """Return the enhancement.

        ``on_pack`` gets the pack and its first strength, once, before the first slice.
        ``on_slice`` gets k and a view of a finished slice of the result.
        """
        ...


class Uncertain(Protocol):
    """Tell how far a model's result may be from the truth, on one slice."""

    def __call__(
        self,
        volume: Volume,
        enhanced: NDArray[Any],
        pack: PackRef,
        k: int,
        *,
        figures: EnhancementFigures,
        cancel: CancelToken,
    ) -> Uncertainty:
        """Return it; raises InputRefusedError where the pack was not calibrated for it.

        ``enhanced`` is the result at full strength, on the voxels of the volume; ``figures`` is
        what was measured of it. The values are the middles of the intervals.
        """
        ...


class Fill(Protocol):
    """Propose what is missing of a volume."""

    def __call__(
        self,
        volume: Volume,
        rows: tuple[FilledBox, ...],
        *,
        on_progress: OnFraction,
        cancel: CancelToken,
    ) -> FilledSeries:
        """Return the volume with what was proposed; ``rows`` are parts known to be damaged.

        Raises InputRefusedError where nothing may be proposed.
        """
        ...


class Measure(Protocol):
    """Measure a volume."""

    def __call__(
        self, volume: Volume, *, on_progress: OnFraction, cancel: CancelToken
    ) -> MeasureResult:
        """Return what was measured."""
        ...


class Draft(Protocol):
    """Draft a report on a volume."""

    def __call__(
        self, volume: Volume, *, on_progress: OnFraction, cancel: CancelToken
    ) -> DraftProposed:
        """Return the draft as one event."""
        ...


class Open(Protocol):
    """Open a display set, to be filled in the background."""

    def __call__(
        self,
        display_set: ImageStack,
        *,
        first_index: int | None,
        on_slice: Callable[[int], None],
        cancel: CancelToken,
    ) -> OpenedSeries:
        """Return at once; ``first_index`` is read first, the middle slice where it is None."""
        ...


class Import(Protocol):
    """Take in files, folders and zips."""

    def __call__(
        self, paths: tuple[Path, ...], *, cancel: CancelToken, progress: Callable[[int], None]
    ) -> ImportResult:
        """Return everything that was received."""
        ...


class ReadObjects(Protocol):
    """Read what came with the images of a study and is no image."""

    def __call__(self, study: ImportedStudy, *, cancel: CancelToken) -> StudyObjects:
        """Return every object; what cannot be read says why."""
        ...


class SaveKeyImages(Protocol):
    """Write the images a reader marked as a DICOM key object selection."""

    def __call__(
        self, study: ImportedStudy, keys: tuple[KeyImage, ...], path: Path, *, reader: str
    ) -> None:
        """Return when the file is on disk."""
        ...


class SavePresentationState(Protocol):
    """Write how a series is seen now as a DICOM presentation state."""

    def __call__(self, display_set: ImageStack, state: PresentationState, path: Path) -> None:
        """Return when the file is on disk."""
        ...


class SaveMeasurements(Protocol):
    """Write the reader's marks as a DICOM measurement report."""

    def __call__(
        self, study: ImportedStudy, records: tuple[MarkRecord, ...], path: Path, *, reader: str
    ) -> tuple[MarkRecord, ...]:
        """Return the marks that are not in it, when the file is on disk."""
        ...


class Sign(Protocol):
    """Sign a report and store its documents."""

    def __call__(
        self, events: tuple[Event, ...], *, user: str, passphrase: str, meaning: Meaning
    ) -> SignedReport:
        """Return the signed report; raises SafetyGateError where a gate refuses."""
        ...


class Export(Protocol):
    """Write copies of a report."""

    def __call__(
        self, events: tuple[Event, ...], *, forms: tuple[str, ...], folder: Path
    ) -> tuple[Path, ...]:
        """Return the files written."""
        ...


class CreateIdentity(Protocol):
    """Make a signing identity."""

    def __call__(self, *, user: str, organization: str, passphrase: str) -> str:
        """Return the recovery key, which is shown once."""
        ...


@dataclass(frozen=True, slots=True)
class StudyShelf:
    """The worklist's memory; each door is called on a job lane."""

    remember: Callable[[StudyRow], None]
    recent: Callable[[], tuple[StudyRow, ...]]
    reports: Callable[[], ReportStore]


@dataclass(frozen=True, slots=True)
class UseCases:
    """Every door of the window.

    Attributes:
        clock: time; any thread.
        import_paths: take studies in.
        open_series: open a display set.
        thumbnail: small gray picture of a display set, (px, px) uint8.
        shelf: the worklist's memory and the report store.
        read_series: what a report must cite of a volume; any thread, fast.
        enhance: better pixels.
        measure: facts of a volume.
        register: a rigid fit of two series.
        draft: a drafted report.
        check: findings of the checker.
        preview: pictures of the pages that would leave, so many pixels wide.
        sign: sign and store.
        export: write copies.
        users: names that have a signing identity.
        create_identity: make one.
        unlocks: whether a passphrase opens the identity of a user.
        machine: what this machine can do.
        demo: folder of the demo study, made at first use.
        save_key_images: write the images a reader marked.
        read_objects: what came with the images of a study: regions, reports, key images.
        save_presentation_state: write how a series is seen.
        save_measurements: write the reader's marks as a report.
        marks: gives the store of readers' marks; called on the saving lane.
        hanging: hanging protocols; None where studies open plainly.
        fill: propose what is missing; None where no model does.
        enhance_packs: the model packs that enhance; None where nobody knows them.
        uncertainty: how sure a model is of one slice; None where that cannot be had.
    """

    clock: Clock
    import_paths: Import
    open_series: Open
    thumbnail: Callable[[ImageStack, int], NDArray[Any]]
    shelf: StudyShelf
    read_series: Callable[[Volume], ReadSeries]
    enhance: Enhance
    measure: Measure
    register: Register
    draft: Draft
    check: Callable[[ReportDocument], tuple[CheckFinding, ...]]
    preview: Callable[[ReportDocument, int], tuple[QImage, ...]]
    sign: Sign
    export: Export
    users: Callable[[], tuple[str, ...]]
    create_identity: CreateIdentity
    unlocks: Callable[[str, str], bool]
    machine: Callable[[], MachineReport]
    demo: Callable[[], Path]
    read_objects: ReadObjects
    save_key_images: SaveKeyImages
    save_presentation_state: SavePresentationState
    save_measurements: SaveMeasurements
    marks: Callable[[], MarkStore]
    hanging: HangingDoors | None = None
    fill: Fill | None = None
    enhance_packs: Callable[[], tuple[PackChoice, ...]] | None = None
    uncertainty: Uncertain | None = None
