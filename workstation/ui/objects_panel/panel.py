"""The objects panel: regions, reports and key images that came with the images of a study.

Regions are hidden until the reader asks for them: nothing is laid over the images unasked.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QPlainTextEdit,
    QSlider,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from viewers.qt.texts import person_name
from viewers.render.region_marks import ShownRegion
from workstation.core.presentation import PresentationState
from workstation.core.regions import OutlinedRegion, RegionForm
from workstation.core.study_objects import (
    KeyImage,
    ReadableDocument,
    RegionObject,
    ReportedMeasurement,
    StudyObjects,
)
from workstation.ui.theme import step_px
from workstation.ui.widgets import button, column, empty_notice, label, line, scrolled
from workstation.ui.words import count_of, tr

FIRST_OPACITY = 0.25
"""Of an area: the anatomy under it stays readable, and the color can be named."""

LEAST_COLORS_STEPS, LEAST_TREE_STEPS = 16, 28
"""Least width of the list of colors and least height of the objects, in steps: with large text the
words of buttons stay whole and some rows are seen."""

COLORS: tuple[tuple[str, tuple[int, int, int]], ...] = (
    ("orange", (230, 159, 0)),
    ("sky blue", (86, 180, 233)),
    ("green", (0, 158, 115)),
    ("yellow", (240, 228, 66)),
    ("pink", (204, 121, 167)),
    ("red", (213, 94, 0)),
    ("blue", (0, 114, 178)),
    ("white", (235, 235, 235)),
)
"""Colors to choose from, told apart also by readers who see few colors."""

MOST_OPEN = 40
"""Numbers of a report that are shown unfolded; a longer list would push the other objects away."""

_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class ObjectActs:
    """What the panel asks for.

    Attributes:
        show_regions: takes every region that is to be shown, the last on top.
        go_to_region: brings the middle of a region on screen.
        go_to_image: brings a key image on screen.
        is_reachable: whether a series of the study has the place of a region.
        save_key_images: asks where to, and saves the key images of the reader.
        place_of: where a key image is ("slice 12"); empty where it is not in the study.
        apply_look: shows images as a presentation state says.
        go_to_number: brings the place of a reported number on screen.
        place_of_number: where that is, in words; empty where it is not in the study.
        place_of_look: how many of the images of a presentation state are in the study.
    """

    show_regions: Callable[[tuple[ShownRegion, ...]], None]
    go_to_region: Callable[[OutlinedRegion], None]
    go_to_image: Callable[[KeyImage], None]
    is_reachable: Callable[[OutlinedRegion], bool]
    place_of: Callable[[KeyImage], str]
    save_key_images: Callable[[], None]
    apply_look: Callable[[PresentationState], None]
    place_of_look: Callable[[PresentationState], str]
    go_to_number: Callable[[ReportedMeasurement], None]
    place_of_number: Callable[[ReportedMeasurement], str]


class ObjectsPanel(QWidget):
    """Lists objects; shows what the chosen one says. Owned by the UI thread."""

    def __init__(self, acts: ObjectActs) -> None:
        """Make an empty panel.

        Args:
            acts: what the panel asks for.
        """
        super().__init__()
        self._acts = acts
        self._looks: dict[int, ShownRegion] = {}
        self._is_filling = False
        self._own: QTreeWidgetItem | None = None
        self._marks: QTreeWidgetItem | None = None
        self.tree = _tree()
        self.tree.itemChanged.connect(lambda _item, _column: self._tell())
        self.tree.currentItemChanged.connect(lambda now, _before: self._describe(now))
        self.tree.itemActivated.connect(lambda item, _column: self._go_to(item))
        self.colors = QComboBox()
        self.colors.setAccessibleName(tr("Color of the region"))
        self.colors.addItem(tr("as recommended"))
        for name, rgb in COLORS:
            self.colors.addItem(self._swatch(rgb), tr(name), rgb)
        self.colors.activated.connect(self._take_color)
        self.outline = button(tr("Outline or filled"), self._toggle_filling)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setAccessibleName(tr("Opacity of the region"))
        self.opacity.valueChanged.connect(self._take_opacity)
        self.center = button(tr("Go to its center"), lambda: self._go_to(self.tree.currentItem()))
        self.words = QPlainTextEdit()
        self.words.setReadOnly(True)
        self.words.setAccessibleName(tr("What the object says"))
        self.save = button(tr("Save your key images…"), acts.save_key_images)
        self.save.hide()
        self._stack = QStackedWidget()
        self._lay_out()
        self.show_objects(StudyObjects())

    def show_objects(self, objects: StudyObjects) -> None:
        """Show the objects of a study; every region is hidden at first."""
        self._is_filling = True
        self.tree.clear()
        self._own, self._marks = None, None
        self._looks.clear()
        # Several sets draw the same anatomy: their areas together are as light as one alone.
        opacity = FIRST_OPACITY / max(len(objects.region_objects), 1)
        for one in objects.region_objects:
            self._add_regions(one, opacity)
        for look in objects.presentations:
            row = self._row(self.tree.invisibleRootItem(), look.label, tr("presentation state"))
            row.setData(0, _ROLE, look)
        for document in objects.documents:
            self._add_document(document)
        for unread in objects.unread:
            row = self._row(self.tree.invisibleRootItem(), tr(unread.kind).capitalize(), "")
            row.setData(0, _ROLE, f"{tr('It cannot be shown.')} {tr(unread.reason)}")
            row.setText(1, tr("cannot be read"))
        self._is_filling = False
        self._stack.setCurrentIndex(0 if objects.is_empty else 1)
        if tops := _children(self.tree.invisibleRootItem()):
            self.tree.setCurrentItem(tops[0])
        self._tell()

    @property
    def shown(self) -> tuple[ShownRegion, ...]:
        """The regions that are switched on, as they look."""
        return tuple(
            self._looks[id(item.data(0, _ROLE))]
            for item in self._region_items()
            if self._is_on(item)
        )

    def show_own_keys(self, keys: tuple[KeyImage, ...]) -> None:
        """Show the key images of the reader at the top; other rows stay as they are."""
        root = self.tree.invisibleRootItem()
        if self._own is not None:
            root.removeChild(self._own)
            self._own = None
        self.save.setVisible(bool(keys))
        self._is_filling = True
        if keys:
            words = tr("Marked with K. They are not saved until you save them.")
            document = ReadableDocument(tr("Your key images"), "Key images", (words,), keys)
            self._own = self._add_document(document)
            root.removeChild(self._own)
            root.insertChild(0, self._own)
            self._own.setExpanded(True)
        self._is_filling = False
        self._stack.setCurrentIndex(1 if self.rows() else 0)

    def show_marks(self, lines: tuple[str, ...]) -> None:
        """Show the kept marks of the reader, a line each, at the end of the list."""
        root = self.tree.invisibleRootItem()
        self._is_filling = True
        if self._marks is not None and not lines:
            root.removeChild(self._marks)
            self._marks = None
        elif lines:
            if self._marks is None:
                self._marks = self._row(root, tr("Your marks"), "")
            self._marks.setText(1, count_of(len(lines), "mark", "marks"))
            told = tr("Saved as you make them, and shown again with the study.")
            self._marks.setData(0, _ROLE, "\n".join((tr("Your marks"), told, "", *lines)))
            if self.tree.currentItem() is self._marks:
                self._describe(self._marks)
        self._is_filling = False
        self._stack.setCurrentIndex(1 if self.rows() else 0)

    def toggle_all(self) -> bool:
        """Show every region, or none where one is shown; return whether they are shown now."""
        items = [
            item for item in self._region_items() if self._acts.is_reachable(item.data(0, _ROLE))
        ]
        is_on = not any(self._is_on(item) for item in items)
        self._is_filling = True
        for item in items:
            item.setCheckState(0, Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)
        self._is_filling = False
        self._tell()
        return is_on and bool(items)

    # Private

    def _lay_out(self) -> None:
        upper, lower = line(gap=2), line(gap=2)
        self.colors.setMinimumWidth(step_px(LEAST_COLORS_STEPS))
        self.tree.setMinimumHeight(step_px(LEAST_TREE_STEPS))
        upper.addWidget(self.colors, 1)
        upper.addWidget(self.outline)
        lower.addWidget(label(tr("Opacity"), "quiet"))
        lower.addWidget(self.opacity, 1)
        whole = QWidget()
        inside = column(whole, margin=3, gap=2)
        inside.addWidget(self.tree, 3)
        inside.addWidget(label(tr("Color and opacity of the chosen region"), "quiet", wraps=True))
        inside.addLayout(upper)
        inside.addLayout(lower)
        inside.addWidget(self.center)
        inside.addWidget(self.words, 2)
        inside.addWidget(self.save)
        empty = empty_notice(
            tr("No objects"),
            tr(
                "Segmentations, structure sets, key images and structured reports that come with "
                "the images are listed here."
            ),
        )
        self._stack.addWidget(empty)
        self._stack.addWidget(scrolled(whole))
        column(self).addWidget(self._stack)

    def _row(self, parent: QTreeWidgetItem, first: str, second: str) -> QTreeWidgetItem:
        row = QTreeWidgetItem(parent, [first, second])
        row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.setToolTip(0, first)
        return row

    def _add_regions(self, one: RegionObject, opacity: float) -> None:
        top = self._row(self.tree.invisibleRootItem(), one.title, "")
        count = count_of(len(one.regions), "region", "regions")
        told = [f"{tr(one.kind)}, {count}", *map(tr, one.refused)]
        top.setData(0, _ROLE, "\n".join(told))
        for region in one.regions:
            size = f"{region.volume_ml:.1f} ml" if region.encloses else tr("points")
            row = self._row(top, region.name, size)
            row.setData(0, _ROLE, region)
            row.setIcon(0, self._swatch(region.color_rgb))
            if self._acts.is_reachable(region):
                row.setCheckState(0, Qt.CheckState.Unchecked)
            else:
                row.setText(1, tr("not on these images"))
            self._looks[id(region)] = ShownRegion(region, region.color_rgb, opacity)
        top.setExpanded(True)

    def _add_document(self, document: ReadableDocument) -> QTreeWidgetItem:
        top = self._row(self.tree.invisibleRootItem(), document.title, tr(document.kind.lower()))
        told = " ".join(part for part in (document.author, document.made) if part)
        status: tuple[str, ...] = (told,) if told else ()
        status += (f"({tr('status')}: {document.status})",) if document.status else ()
        top.setData(0, _ROLE, "\n".join((document.title, *status, "", *document.lines)))
        for number, key in enumerate(document.key_images, start=1):
            place = self._acts.place_of(key) or tr("not in this study")
            row = self._row(top, f"{tr('Key image')} {number}", place)
            row.setData(0, _ROLE, key)
        for one in document.measurements:
            # How it was derived tells the numbers of a region apart; the rest stands below.
            short = one.name.rsplit(", ", maxsplit=1)[-1]
            name = f"{one.tracking}: {short}" if one.tracking else one.name
            row = self._row(top, name, f"{one.value} {one.unit}".strip())
            row.setData(0, _ROLE, one)
        top.setExpanded(len(document.measurements) <= MOST_OPEN)
        return top

    def rows(self) -> list[QTreeWidgetItem]:
        """Return every row, from the top."""
        tops = _children(self.tree.invisibleRootItem())
        return [row for top in tops for row in (top, *_children(top))]

    def _is_on(self, item: QTreeWidgetItem) -> bool:
        return item.checkState(0) is Qt.CheckState.Checked

    def _region_items(self) -> list[QTreeWidgetItem]:
        return [item for item in self.rows() if isinstance(item.data(0, _ROLE), OutlinedRegion)]

    def _current_region(self) -> OutlinedRegion | None:
        item = self.tree.currentItem()
        held = item.data(0, _ROLE) if item is not None else None
        return held if isinstance(held, OutlinedRegion) else None

    def _describe(self, item: QTreeWidgetItem | None) -> None:
        held = item.data(0, _ROLE) if item is not None else ""
        region = self._current_region()
        for control in (self.colors, self.opacity, self.outline):
            control.setEnabled(region is not None)
        look = held if isinstance(held, PresentationState) else None
        number = held if isinstance(held, ReportedMeasurement) else None
        is_placed = isinstance(held, KeyImage) or (
            region is not None and self._acts.is_reachable(region)
        )
        self.center.setEnabled(is_placed or (look is not None and not look.refused))
        self.center.setText(tr("Go to it") if isinstance(held, KeyImage) else self.center_words)
        if look is not None:
            self.center.setText(tr("Show the images this way"))
            self.words.setPlainText(look_words(look, self._acts.place_of_look(look)))
            return
        if number is not None:
            self.center.setText(tr("Go to it"))
            self.center.setEnabled(number.image is not None or number.center_mm is not None)
            self.words.setPlainText(number_words(number, self._acts.place_of_number(number)))
            return
        if region is not None:
            shown = self._looks[id(region)]
            self.opacity.blockSignals(True)
            self.opacity.setValue(round(shown.opacity * 100))
            self.opacity.blockSignals(False)
            self.colors.setItemData(0, region.color_rgb)
            self.colors.setItemIcon(0, self._swatch(region.color_rgb))
            chosen = [n for n in range(self.colors.count()) if self._color(n) == shown.color_rgb]
            self.colors.setCurrentIndex(chosen[0])
            self.words.setPlainText(region_words(region, is_reachable=is_placed))
        else:
            self.words.setPlainText(held if isinstance(held, str) else "")

    def _swatch(self, rgb: tuple[int, int, int]) -> QIcon:
        return swatch(rgb, self.devicePixelRatioF())

    @property
    def center_words(self) -> str:
        """Words of the button for a region."""
        return tr("Go to its center")

    def _go_to(self, item: QTreeWidgetItem | None) -> None:
        held = item.data(0, _ROLE) if item is not None else None
        if isinstance(held, OutlinedRegion) and self._acts.is_reachable(held):
            if item is not None:
                item.setCheckState(0, Qt.CheckState.Checked)
            self._acts.go_to_region(held)
        elif isinstance(held, KeyImage):
            self._acts.go_to_image(held)
        elif isinstance(held, PresentationState):
            self._acts.apply_look(held)
        elif isinstance(held, ReportedMeasurement):
            self._acts.go_to_number(held)

    def _take_color(self, index: int) -> None:
        region, item = self._current_region(), self.tree.currentItem()
        if region is None or item is None:
            return
        look = self._looks[id(region)]
        rgb = self._color(index)
        self._looks[id(region)] = ShownRegion(region, rgb, look.opacity)
        self._is_filling = True
        item.setIcon(0, self._swatch(rgb))
        self._is_filling = False
        self._tell()

    def _color(self, index: int) -> tuple[int, int, int]:
        red, green, blue = self.colors.itemData(index)
        return red, green, blue

    def _take_opacity(self, percent: int) -> None:
        region = self._current_region()
        if region is not None:
            look = self._looks[id(region)]
            self._looks[id(region)] = ShownRegion(region, look.color_rgb, percent / 100)
            self._tell()

    def _toggle_filling(self) -> None:
        """Show the chosen region as an outline alone, or filled again."""
        self.opacity.setValue(round(FIRST_OPACITY * 100) if self.opacity.value() == 0 else 0)

    def _tell(self) -> None:
        if not self._is_filling:
            self._acts.show_regions(self.shown)


def region_words(region: OutlinedRegion, *, is_reachable: bool) -> str:
    """Return what a reader should know of a region, a line each."""
    by = (
        tr("area inside its contours times the distance of the contours")
        if region.form is RegionForm.STRUCTURE
        else tr("its pixels times their area times the thickness of a plane")
    )
    meaning = region.meaning if region.meaning != region.name else ""
    volume = f"{tr('Volume')}: {region.volume_ml:.2f} ml ({by})" if region.encloses else ""
    lines = [region.name, meaning, volume]
    lines += [tr(remark) for remark in region.remarks]
    if not is_reachable:
        lines.append(
            tr(
                "It is not shown: none of these images is in its frame of reference, so its place "
                "on them is not known."
            )
        )
    return "\n".join(text for text in lines if text)


def number_words(one: ReportedMeasurement, place: str) -> str:
    """Return what a report says of a number, a line each."""
    lines = [
        f"{one.name}: {one.value} {one.unit}".strip(),
        f"{tr('Tracked as')}: {one.tracking}" if one.tracking else "",
        f"{tr('Finding')}: {one.finding}" if one.finding else "",
        f"{tr('Site')}: {one.site}" if one.site else "",
        place or tr("Its place is not in this study."),
        tr("It was measured by the maker of the report, not here."),
    ]
    return "\n".join(text for text in lines if text)


def look_words(look: PresentationState, place: str) -> str:
    """Return what a reader should know of a presentation state, a line each."""
    by = " ".join(part for part in (person_name(look.creator), look.made) if part)
    figures = sum(len(one.graphics) + len(one.texts) for one in look.annotations)
    lines = [look.label, tr(look.kind), look.description, by, place]
    if look.refused:
        lines.append(f"{tr('It is not applied.')} {tr(look.refused)}")
    else:
        if figures:
            lines.append(tr("It draws {0} figures and texts.").format(figures))
        lines += [tr(remark) for remark in look.remarks]
        lines.append(tr("Enter shows the images this way. Nothing of it was measured here."))
    return "\n".join(text for text in lines if text)


def _children(parent: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    every = (parent.child(n) for n in range(parent.childCount()))
    return [child for child in every if child is not None]


def _tree() -> QTreeWidget:
    made = QTreeWidget()
    made.setColumnCount(2)
    made.setHeaderHidden(True)
    made.setAccessibleName(tr("Objects that came with the images"))
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    made.setIndentation(step_px(4))
    made.header().setStretchLastSection(False)
    made.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    made.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    return made


def swatch(rgb: tuple[int, int, int], pixel_ratio: float) -> QIcon:
    """Return a square of a color, sharp on a screen of so many pixels for one of the layout."""
    side = math.ceil(step_px(3) * pixel_ratio)
    made = QPixmap(side, side)
    made.setDevicePixelRatio(pixel_ratio)
    made.fill(QColor(*rgb))
    return QIcon(made)
