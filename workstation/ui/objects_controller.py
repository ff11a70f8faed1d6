"""The objects of the open study: reads them, lays regions over the images, jumps to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from viewers.qt.desk import ViewportDesk
from viewers.qt.mark_texts import kind_name, measurement_text
from viewers.render.region_marks import ShownRegion
from viewers.state.crosshair import Crosshair
from viewers.state.view_state import Plane
from workstation.core.mark_record import MarkRecord
from workstation.core.regions import OutlinedRegion
from workstation.core.study_objects import KeyImage, ReportedMeasurement, StudyObjects
from workstation.services.jobs import Lane, Request
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.key_image_keeper import KeyImageKeeper
from workstation.ui.mark_keeper import MarkKeeper
from workstation.ui.objects_panel.panel import ObjectActs, ObjectsPanel
from workstation.ui.objects_presentations import PresentationDesk
from workstation.ui.study_controller import StudyController
from workstation.ui.use_cases import UseCases
from workstation.ui.words import count_of, tr

if TYPE_CHECKING:
    from workstation.core.volume import Volume


class ObjectsController(QObject):
    """Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
        documents_came_alone(): the study holds documents and no image.
    """

    said = Signal(str)
    documents_came_alone = Signal()

    def __init__(
        self,
        study: StudyController,
        grid: ViewportDesk,
        use_cases: UseCases,
        bridge: JobBridge,
        *,
        reader: Callable[[], str],
    ) -> None:
        """Begin to follow a study.

        Args:
            study: the open study.
            grid: its images.
            use_cases: doors of the house.
            bridge: starts jobs.
            reader: name of the reader.
        """
        super().__init__(study)
        self._study, self._grid = study, grid
        self._use_cases, self._bridge, self._reader = use_cases, bridge, reader
        self._job: int | None = None
        self._objects = StudyObjects()
        self._own: tuple[KeyImage, ...] = ()
        self._awaited: OutlinedRegion | KeyImage | None = None
        self.looks = PresentationDesk(study, grid, use_cases, bridge, reader=reader)
        self.looks.said.connect(self.said)
        self.kept = MarkKeeper(study, grid.marks, use_cases, bridge, reader=reader)
        self.kept.said.connect(self.said)
        self.kept.kept_changed.connect(self._show_kept)
        self._keys = KeyImageKeeper(study, use_cases, bridge)
        self._keys.said.connect(self.said)
        self._keys.restored.connect(self._take_keys)
        self.panel = ObjectsPanel(
            ObjectActs(
                show_regions=self._show_regions,
                go_to_region=self._go_to_region,
                go_to_image=self._go_to_image,
                is_reachable=self._is_reachable,
                place_of=self._place_of,
                save_key_images=self.save_key_images,
                apply_look=self.looks.apply,
                place_of_look=self.looks.place_of,
                go_to_number=self._go_to_number,
                place_of_number=self._place_of_number,
            )
        )
        study.study_changed.connect(lambda _study: self._read())
        study.shown_changed.connect(self._follow_shown)

    @property
    def objects(self) -> StudyObjects:
        """The objects of the open study, as far as they were read."""
        return self._objects

    def toggle_regions(self) -> None:
        """Show every region over the images, or none."""
        if not any(one.regions for one in self._objects.region_objects):
            self.said.emit(tr("No segmentation or structure set came with these images."))
            return
        is_on = self.panel.toggle_all()
        self.said.emit(tr("The regions are shown.") if is_on else tr("The regions are hidden."))

    def toggle_key_image(self) -> None:
        """Mark the slice on screen as a key image, or take the mark away."""
        viewport = self._grid.active
        content, state = viewport.content, viewport.state.value
        if content is None or state.plane is not Plane.ACQUIRED:
            self.said.emit(tr("Key images are acquired slices: choose one layout of them first."))
            return
        volume = content.stored
        if content.original is not None or not volume.instance_uids[state.slice_index]:
            self.said.emit(tr("Only images of the scanner can be key images."))
            return
        if content.prior_date is not None:
            self.said.emit(tr("Key images are of the study being read: this is a prior."))
            return
        key = _key_of(volume, state.slice_index)
        is_marked = key in self._own
        self._own = (
            tuple(one for one in self._own if one != key) if is_marked else (*self._own, key)
        )
        self._keys.keep(self._own)
        self.panel.show_own_keys(self._own)
        self._mark_key_images()
        words = tr("Slice {0} is no key image.") if is_marked else tr("Slice {0} is a key image.")
        self.said.emit(words.format(state.slice_index + 1))

    def toggle_presentation(self) -> None:
        """Show or hide what the applied presentation state draws."""
        self.looks.toggle()

    def leave_presentation(self) -> None:
        """Show the images as they were stored again."""
        self.looks.leave()

    def save_presentation(self) -> None:
        """Ask for a file and save the view as a presentation state."""
        self.looks.save()

    def hand_over(self) -> None:
        """Begin to save what is not saved yet."""
        self.kept.hand_over()
        self._keys.hand_over()

    def save_measurements(self) -> None:
        """Ask for a file and save the marks of the reader in it as a measurement report."""
        if not self.kept.records:
            self.said.emit(tr("There is no mark in this study to save."))
            return
        name, _ = QFileDialog.getSaveFileName(
            self._grid.main.window(), tr("Save measurements as SR"), "measurements.dcm",
            "DICOM (*.dcm)",
        )  # fmt: skip
        if name:
            self.save_measurements_to(Path(name))

    def save_measurements_to(self, path: Path) -> None:
        """Save the marks of the reader as a measurement report."""
        imported, records, reader = self._study.imported, self.kept.records, self._reader()
        if imported is None:
            return
        save = self._use_cases.save_measurements

        def done(left_out: tuple[MarkRecord, ...]) -> None:
            words = tr("The measurements are saved as an unverified structured report.")
            if left_out:
                named = ", ".join(kind_name(one.measurement.kind) for one in left_out)
                words += " " + tr(
                    "Left out because they hold no value, or are on images of another study: {0}."
                ).format(named)
            self.said.emit(words)

        request = Request(
            Lane.SAVE,
            "Saving measurements",
            lambda _context: save(imported, records, path, reader=reader),
        )
        failed = Replies(done=done, failed=lambda error: self.said.emit(tr(str(error))))
        self._bridge.start(request, failed)

    def save_key_images(self) -> None:
        """Ask for a file and save the key images of the reader in it."""
        name, _ = QFileDialog.getSaveFileName(
            self._grid.main.window(), tr("Save your key images"), "key-images.dcm", "DICOM (*.dcm)"
        )
        if name:
            self.save_key_images_to(Path(name))

    def save_key_images_to(self, path: Path) -> None:
        """Save the key images of the reader as a DICOM object."""
        imported, keys, save = self._study.imported, self._own, self._use_cases.save_key_images
        if imported is None:
            return
        reader = self._reader()
        request = Request(
            Lane.SAVE,
            "Saving key images",
            lambda _context: save(imported, keys, path, reader=reader),
        )
        words = tr("The key images are saved.")
        replies = Replies(
            done=lambda _none: self.said.emit(words),
            failed=lambda error: self.said.emit(tr(str(error))),
        )
        self._bridge.start(request, replies)

    # Private

    def _read(self) -> None:
        if self._job is not None:
            self._bridge.cancel(self._job)
        self._job, self._awaited = None, None
        self._own = ()
        self._take(StudyObjects())
        imported = self._study.imported
        if imported is None or not any(
            one.objects for one in (*imported.series, *imported.documents)
        ):
            return
        read = self._use_cases.read_objects

        def done(objects: StudyObjects) -> None:
            if self._study.imported is imported:
                self._take(objects)
                self._tell(objects)
                if not self._study.items:
                    self.documents_came_alone.emit()

        request = Request(
            Lane.DOCUMENT,
            "Reading what came with the images",
            lambda context: read(imported, cancel=context.cancel),
            is_quiet=True,
        )
        self._job = self._bridge.start(request, Replies(done=done))

    def _take_keys(self, found: tuple[KeyImage, ...]) -> None:
        """Put key images kept from before under those marked since."""
        since = tuple(one for one in self._own if one not in found)
        self._own = (*found, *since)
        if since:
            self._keys.keep(self._own)
        self.panel.show_own_keys(self._own)
        self._mark_key_images()

    def _show_kept(self) -> None:
        self.panel.show_marks(tuple(mark_words(one) for one in self.kept.records))

    def _take(self, objects: StudyObjects) -> None:
        self._objects = objects
        self.panel.show_objects(objects)
        self.panel.show_own_keys(self._own)
        self._show_kept()
        self._mark_key_images()

    def _tell(self, objects: StudyObjects) -> None:
        regions = sum(len(one.regions) for one in objects.region_objects)
        parts = (
            count_of(regions, "region", "regions") if regions else "",
            count_of(len(objects.documents), "document", "documents") if objects.documents else "",
        )
        words = ", ".join(part for part in parts if part)
        if words and self._study.items:
            self.said.emit(tr("{0} came with the images: F7 lists them.").format(words))
        elif words:
            self.said.emit(tr("{0} came without images: F7 lists them.").format(words))

    def _show_regions(self, shown: tuple[ShownRegion, ...]) -> None:
        self._grid.marks.regions.set(shown)

    def _frames(self) -> set[str]:
        return {
            item.display_set.geometry.frame_of_reference_uid
            for item in self._study.items
            if item.display_set.geometry.is_placed
        }

    def _is_reachable(self, region: OutlinedRegion) -> bool:
        return any(region.is_placed_in(uid) for uid in self._frames())

    def _go_to_region(self, region: OutlinedRegion) -> None:
        content = self._grid.active.content
        if content is not None and _holds(content.volume, region):
            self._center(region)
            return
        row = self._row_of(region)
        if row is not None:
            self._awaited = region
            self._study.show_row(row)

    def _row_of(self, region: OutlinedRegion) -> int | None:
        """Return the display set to show for a region: of the series it was drawn on, if here."""
        found = [
            (item.verdict.series_uid not in region.series_uids, -item.slices, row)
            for row, item in enumerate(self._study.items)
            if region.is_placed_in(item.display_set.geometry.frame_of_reference_uid)
        ]
        return min(found)[2] if found else None

    def _center(self, region: OutlinedRegion) -> None:
        self._go_to_point(region.masks.center_mm)

    def _go_to_point(self, center: NDArray[np.float64]) -> None:
        viewport = self._grid.active
        content, mapping = viewport.content, viewport.canvas.mapping()
        if content is None or mapping is None:
            return
        if self._grid.layout_shown.is_mpr:
            x, y, z = (float(value) for value in center)
            volume = content.volume
            frame = volume.geometry.frame_of_reference_uid
            self._grid.marks.crosshair.set(Crosshair(frame, volume.series.series_uid, (x, y, z)))
            return
        viewport.go_to_slice(mapping.stack.nearest_index(center))

    def _follow_shown(self) -> None:
        self._mark_key_images()
        awaited, content = self._awaited, self._grid.active.content
        if content is None:
            return
        if isinstance(awaited, KeyImage) and awaited.instance_uid in content.volume.instance_uids:
            self._awaited = None
            self._go_to_image(awaited)
        elif isinstance(awaited, OutlinedRegion) and _holds(content.volume, awaited):
            self._awaited = None
            self._center(awaited)

    # Key images

    def _mark_key_images(self) -> None:
        keys = {
            (key.instance_uid, frame)
            for key in (
                *self._own,
                *(key for document in self._objects.documents for key in document.key_images),
            )
            for frame in key.frames or (0,)
        }
        for viewport in self._grid.viewports:
            content = viewport.content
            if content is None:
                continue
            slices = frozenset(_marked(content.volume, keys))
            if slices != content.key_slices:
                viewport.set_key_slices(slices)

    def _place_of(self, key: KeyImage) -> str:
        found = self._find(key)
        return "" if found is None else f"{tr('slice')} {found[1] + 1}"

    def _place_of_number(self, one: ReportedMeasurement) -> str:
        if one.image is not None and (place := self._place_of(one.image)):
            return place
        is_here = one.center_mm is not None and one.frame_of_reference_uid in self._frames()
        return tr("told in the patient, not on one image") if is_here else ""

    def _go_to_number(self, one: ReportedMeasurement) -> None:
        if one.center_mm is None:
            if one.image is not None:
                self._go_to_image(one.image)
            return
        content = self._grid.active.content
        geometry = content.volume.geometry if content is not None else None
        is_here = geometry is not None and geometry.is_placed
        if geometry is None or not is_here or (
            geometry.frame_of_reference_uid != one.frame_of_reference_uid
        ):  # fmt: skip
            self.said.emit(tr("Show a series in the frame of reference of this measurement first."))
            return
        self._go_to_point(np.array(one.center_mm))

    def _find(self, key: KeyImage) -> tuple[int, int] | None:
        for row, item in enumerate(self._study.items):
            for k, uid in enumerate(item.display_set.instance_uids):
                frame = item.display_set.frame_numbers[k]
                if uid == key.instance_uid and (not key.frames or frame in (0, *key.frames)):
                    return row, k
        return None

    def _go_to_image(self, key: KeyImage) -> None:
        found = self._find(key)
        if found is None:
            self.said.emit(tr("This key image is not in the open study."))
            return
        row, k = found
        series = self._study.active_series
        if series is not None and series.item is self._study.items[row]:
            self._grid.active.go_to_slice(k)
        else:
            self._awaited = key
            self._study.show_row(row)


def mark_words(record: MarkRecord) -> str:
    """Return a kept mark in a line: what, how much, by whom and when."""
    one, when = record.measurement, record.made_at[:16].replace("T", " ")
    value = measurement_text(one)
    parts = (f"{kind_name(one.kind)} {value}".strip(), record.made_by, when)
    return ", ".join(part for part in parts if part)


def _holds(volume: Volume, region: OutlinedRegion) -> bool:
    return volume.geometry.is_placed and region.is_placed_in(volume.geometry.frame_of_reference_uid)


def _key_of(volume: Volume, k: int) -> KeyImage:
    frame = volume.frame_numbers[k] if volume.frame_numbers else 0
    return KeyImage(volume.series.series_uid, volume.instance_uids[k], (frame,) if frame else ())


def _marked(volume: Volume, keys: set[tuple[str, int]]) -> list[int]:
    """Return the slices that key images name; frame 0 of an instance names all of its slices."""
    frames = volume.frame_numbers or (0,) * len(volume.instance_uids)
    return [
        k
        for k, (uid, frame) in enumerate(zip(volume.instance_uids, frames, strict=True))
        if (uid, 0) in keys or (uid, frame) in keys
    ]
