"""What leaves the window: pictures, movies, paper and disks, each as a quiet job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from viewers.qt.desk import ViewportDesk
from viewers.qt.picture_maker import PictureMaker
from viewers.qt.seen_view import seen_view
from workstation.core.errors import WorkstationError
from workstation.core.picture import Picture, PictureLook
from workstation.core.verdict import Doubt
from workstation.services.guard_burned_in import burned_in_words, require_leave
from workstation.services.jobs import JobContext, Lane, Request
from workstation.settings import schema
from workstation.ui.beside_pictures import BesidePictures
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.curved_controller import CurvedController
from workstation.ui.option_desk import OptionDesk
from workstation.ui.output_pages import ask_printer, drawn_pages, preview_of, print_pages
from workstation.ui.output_panel.panel import OutputActs, OutputPanel
from workstation.ui.output_views import ChosenViews, beside_view, chosen_views, doubts_of
from workstation.ui.output_wish import (
    FileWish,
    MediaWish,
    MovieWish,
    OutputKind,
    PictureWish,
    PrintWish,
    Scope,
)
from workstation.ui.scene3d_controller import Scene3dController
from workstation.ui.study_controller import StudyController
from workstation.ui.words import count_of, tr

if TYPE_CHECKING:  # they bring the DICOM toolkit
    from workstation.services.import_studies import ImportedStudy


class OutputController(QObject):
    """Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
    """

    said = Signal(str)

    def __init__(
        self,
        study: StudyController,
        desk: ViewportDesk,
        bridge: JobBridge,
        options: OptionDesk,
        *,
        show: Callable[[QWidget], None],
        sources: Callable[[str], tuple[Path, ...]],
        scenes: tuple[CurvedController, Scene3dController],
    ) -> None:
        """Make the controller and its panel.

        Args:
            study: the open study.
            desk: its images.
            bridge: starts jobs.
            options: remember the folder, and who reads.
            show: shows a side panel.
            sources: where a study was opened from, by its UID; may be nothing.
            scenes: the view along a line and the 3D view.
        """
        super().__init__(study)
        self._study, self._desk, self._bridge = study, desk, bridge
        self._options, self._show, self._sources = options, show, sources
        self._job = 0
        self._beside = BesidePictures(desk, *scenes)
        acts = OutputActs(self.write_files, self.write_movie, self.write_pages,
                          self.write_media, self.stop)  # fmt: skip
        self.panel = OutputPanel(acts, folder=options.get(schema.OUTPUT_FOLDER))
        study.study_changed.connect(lambda _study: self._follow())
        study.shown_changed.connect(self._follow)

    # What keys do

    def show_pictures(self) -> None:
        """Show the choices of pictures."""
        self._open(OutputKind.PICTURES)

    def show_movie(self) -> None:
        """Show the choices of movies."""
        self._open(OutputKind.MOVIE)

    def show_print(self) -> None:
        """Show the choices of paper and PDF."""
        self._open(OutputKind.PRINT)

    def show_media(self) -> None:
        """Show the choices of DICOM folders and disc images."""
        self._open(OutputKind.MEDIA)

    def copy_image(self) -> None:
        """Put the picture of the active viewport on the clipboard, without any identity."""
        marked = PictureLook(shows_marks=True, shows_texts=True)
        beside = self._beside.seen(marked)
        if beside is not None:
            self._copy(beside.picture, beside.doubts, marked)
            return
        view = seen_view(self._desk.active)
        if view is None:
            self.said.emit(tr("There is no image here to copy."))
            return
        look = PictureLook(view.state.shows_overlays, view.state.shows_texts)
        picture = PictureMaker(view, look).draw(view.state.slice_index)
        self._copy(picture, doubts_of(view), look)

    # What the panel asks for

    def write_files(self, wish: FileWish) -> None:
        """Write pictures into a folder."""
        chosen = self._chosen(wish.pictures, are_slices=wish.has_stored_values)
        if chosen is None:
            return
        self._remember(wish.folder)

        def work(context: JobContext) -> str:
            # Pillow comes with it; nothing before the first export needs it.
            from workstation.services.export_pictures import (
                PictureFormat,
                PictureOrder,
                export_pictures,
                export_stored_values,
                series_stem,
            )

            look = wish.pictures.look
            self._require_leave(chosen, wish.pictures)
            stem = "viewports" if chosen.is_sheet else series_stem(chosen.series)
            form = PictureFormat(wish.form)
            order = PictureOrder(wish.folder, form, stem, chosen.indices, chosen.count,
                                 is_one_file=wish.is_one_file)  # fmt: skip
            if wish.has_stored_values:
                volume = chosen.views[0][0].content.stored
                made = export_stored_values(
                    volume, order, cancel=context.cancel, progress=context.progress
                )
            else:
                draw = chosen.drawer(look)
                made = export_pictures(
                    draw, order, cancel=context.cancel, progress=context.progress
                )
            words = count_of(len(made.files), "file is", "files are")
            return tr("{0} in {1}").format(words, wish.folder) + "."

        self._start("Writing pictures", work)

    def write_movie(self, wish: MovieWish) -> None:
        """Write a movie into a folder."""
        chosen = self._chosen(wish.pictures, is_movie=True)
        if chosen is None:
            return
        self._remember(wish.folder)

        def work(context: JobContext) -> str:
            # The encoders come with it; nothing before the first movie needs them.
            from workstation.services.export_movie import MovieCodec, MovieOrder, export_movie
            from workstation.services.export_pictures import series_stem

            self._require_leave(chosen, wish.pictures)
            path = wish.folder / f"{series_stem(chosen.series)}.mp4"
            order = MovieOrder(path, chosen.indices, wish.rate, MovieCodec(wish.codec))
            draw = chosen.drawer(wish.pictures.look)
            made = export_movie(draw, order, cancel=context.cancel, progress=context.progress)
            words = tr("The movie is written: {0} ({1}, {2} pictures, {3} per second).")
            return words.format(made.path, made.codec, made.pictures, f"{made.rate:g}")

        self._start("Writing a movie", work)

    def write_pages(self, wish: PrintWish) -> None:
        """Write a PDF, or print."""
        chosen = self._chosen(wish.pictures)
        if chosen is None:
            return
        is_paper = wish.path is None and not wish.preview_px
        asked = ask_printer(self.panel.window(), wish) if is_paper else None
        if isinstance(asked, str):
            self._tell(asked)
            return
        printer = asked
        if wish.path is not None:
            self._remember(wish.path.parent)
        reader, now = self._options.reader, datetime.now().astimezone()

        def work(context: JobContext) -> Any:  # noqa: ANN401 a sentence, or pages for the printer
            self._require_leave(chosen, wish.pictures)
            pages = drawn_pages(chosen, wish, context, reader=reader, now=now)
            if wish.preview_px and not isinstance(pages, str):
                return preview_of(pages, wish.preview_px)
            return pages

        def done(result: Any) -> None:  # noqa: ANN401 see above
            if isinstance(result, tuple):
                self.panel.show_preview(result)
                return
            if printer is None or isinstance(result, str):
                self._tell(str(result))
                return
            # On this thread: a printer belongs to the window it was chosen in.
            self._tell(print_pages(printer, result))

        self._start("Making pages", work, done)

    def write_media(self, wish: MediaWish) -> None:
        """Write the study as a DICOM folder or disc image."""
        imported = self._study.imported
        series = self._study.active_series
        if imported is None or imported.identity.is_research:
            self._tell(tr("Only a DICOM study can be saved so."))
            return
        if wish.is_series_only and series is None:
            self._tell(tr("Show a series of the study being read first, then save it."))
            return
        uid = series.item.verdict.series_uid if wish.is_series_only and series else ""
        sources = self._sources(imported.identity.study_uid) or _files_of(imported)
        study_uid, patient_id = imported.identity.study_uid, imported.identity.patient.patient_id
        self._remember(wish.target.parent if wish.target.suffix else wish.target)

        def work(context: JobContext) -> str:
            # It brings the DICOM toolkit.
            from workstation.services.export_media import MediaOrder, export_media

            chosen = frozenset((uid,)) if uid else frozenset[str]()
            order = MediaOrder(sources, wish.target, study_uid, chosen, patient_id)
            made = export_media(order, cancel=context.cancel, progress=context.progress)
            words = tr("{0} of {1} files are in {2}, with an index.").format(
                made.written, made.received, made.target
            )
            left = [f"{one.file}: {tr(one.reason)}" for one in made.left_out]
            return "\n".join((words, *left, *made.notes))

        self._start("Writing a DICOM disk", work)

    def stop(self) -> None:
        """Stop what is being written; nothing of it stays."""
        self._bridge.cancel(self._job)

    # Private

    def _copy(self, picture: Picture, doubts: tuple[Doubt, ...], look: PictureLook) -> None:
        if self._burned_in(doubts, look):
            self.said.emit(
                tr("Not copied: text in the pixels may name the patient. Use Export pictures.")
            )
            return
        QGuiApplication.clipboard().setImage(_image(picture))
        self.said.emit(tr("The image is copied, without the patient's name."))

    def _open(self, kind: OutputKind) -> None:
        self._show(self.panel)
        self._follow()
        self.panel.show_kind(kind)

    def _follow(self) -> None:
        """Tell the panel, where it is on screen, what could leave now."""
        if not self.panel.isVisible():
            return
        self.panel.show_study(has_study=self._study.imported is not None)
        view = self._desk.active.canvas.view()
        views = [seen for one in self._desk.viewports if (seen := seen_view(one)) is not None]
        doubts = tuple(doubt for seen in views for doubt in doubts_of(seen))
        warning = self._burned_in(doubts, PictureLook(shows_marks=True))
        self.panel.show_series(0 if view is None else view.stack.count, warning)

    def _burned_in(self, doubts: tuple[Any, ...], look: PictureLook) -> str:
        every = tuple({doubt.text: doubt for doubt in doubts}.values())
        return burned_in_words(every, shows_marks=look.shows_marks)

    def _require_leave(self, chosen: ChosenViews, wish: PictureWish) -> None:
        require_leave(
            chosen.doubts,
            has_identity=wish.look.has_identity,
            is_accepted=wish.accepts_burned_in,
            shows_marks=wish.look.shows_marks,
        )

    def _chosen(
        self, wish: PictureWish, *, is_movie: bool = False, are_slices: bool = False
    ) -> ChosenViews | None:
        if wish.scope is Scope.VIEW and not (is_movie or are_slices):
            beside = self._beside.seen(wish.look)
            if beside is not None:
                return beside_view(beside)
        try:
            return chosen_views(self._desk, wish, is_movie=is_movie)
        except WorkstationError as error:
            self._tell(tr(str(error)))
            return None

    def _start(
        self,
        text: str,
        work: Callable[[JobContext], Any],
        done: Callable[[Any], None] | None = None,
    ) -> None:
        replies = Replies(
            done=done or self._tell,
            failed=lambda error: self._tell(tr(str(error))),
            over=self._over,
        )
        self.panel.show_busy(is_busy=True)
        self._job = self._bridge.start(Request(Lane.EXPORT, text, work), replies)

    def _over(self) -> None:
        self.panel.show_busy(is_busy=False)
        if self.panel.message.text() == tr("Writing…"):
            self.panel.show_result(tr("Stopped; nothing was left behind."))

    def _tell(self, sentence: str) -> None:
        self.panel.show_result(sentence)
        self.said.emit(sentence.split("\n", maxsplit=1)[0])

    def _remember(self, folder: Path) -> None:
        if str(folder) != self._options.get(schema.OUTPUT_FOLDER):
            self._options.change(schema.OUTPUT_FOLDER, str(folder))


def _image(picture: Picture) -> QImage:
    pixels = picture.pixels
    rows, columns = pixels.shape[:2]
    form = QImage.Format.Format_RGB888 if pixels.ndim == 3 else QImage.Format.Format_Grayscale8
    return QImage(pixels.data, columns, rows, pixels.strides[0], form).copy()


def _files_of(study: ImportedStudy) -> tuple[Path, ...]:
    """Return the files behind a study that was not opened from a place of its own."""
    every = (*study.series, *study.documents)
    files = [file for one in every for stack in one.display_sets for file in stack.files]
    files += [found.file.reference for one in every for found in one.objects]
    return tuple(dict.fromkeys(files))
