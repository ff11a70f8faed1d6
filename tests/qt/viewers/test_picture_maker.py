"""Pictures that leave: the very pixels, the notices always, the patient only when asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.series import CANARY_PATIENT, ramp_voxels, tiny_stack
from viewers.qt.link_show import LinkShow
from viewers.qt.picture_maker import OffscreenPainter, PictureMaker, plain_view, sheet_of
from viewers.qt.seen_view import seen_view
from viewers.qt.viewport import ViewportWidget
from viewers.render.cross_reference import Patch
from viewers.state.stored_look import StoredLook
from viewers.state.view_state import Turn
from workstation.core.geometry import GeometryError
from workstation.core.identity import SeriesIdentity, StudyIdentity
from workstation.core.intensity import Intensity, IntensityUnit, Window
from workstation.core.phi import Phi
from workstation.core.picture import PictureLook, PlainView, Projecting
from workstation.core.presentation import ImageReference, PresentationState, ReferencedSeries
from workstation.core.provenance import PackRef, PixelKind, Provenance
from workstation.core.verdict import Doubt
from workstation.core.volume import Volume, read_only

PLAIN = PictureLook()
ANONYMOUS = PictureLook(shows_marks=True, shows_texts=True)
NAMED = PictureLook(shows_marks=True, shows_texts=True, has_identity=True)

pytestmark = pytest.mark.usefixtures("qapp")


def volume(
    shape_kji: tuple[int, int, int] = (5, 12, 16),
    spacing_ijk_mm: tuple[float, float, float] = (0.8, 0.8, 2.5),
) -> Volume:
    study = StudyIdentity(
        "1.2.3", CANARY_PATIENT, accession_number=Phi("ACC-9"), study_date="20250131",
        description="Zyxcanary's chest",
    )  # fmt: skip
    stack = tiny_stack(shape_kji=shape_kji, spacing_ijk_mm=spacing_ijk_mm)
    return Volume(
        voxels=read_only(ramp_voxels(shape_kji)),
        geometry=stack,
        intensity=Intensity(IntensityUnit.HU),
        series=SeriesIdentity("1.2.3.4", study, "CT", "Zyxcanary again", number="4"),
        instance_uids=tuple(f"1.2.3.4.{k}" for k in range(shape_kji[0])),
    )


def linear_gray(values: np.ndarray, center: float, width: float) -> np.ndarray:
    """The window of PS3.3 C.11.2.1.2.1, in its own words."""
    low, high = center - 0.5 - (width - 1) / 2, center - 0.5 + (width - 1) / 2
    gray = ((values - (center - 0.5)) / (width - 1) + 0.5) * 255
    return np.where(values <= low, 0, np.where(values > high, 255, gray))


def test_a_picture_of_stored_size_holds_the_window_of_the_standard_pixel_by_pixel() -> None:
    shown = volume()
    view = plain_view(shown, (), PlainView(Window(-400, 300)))

    picture = PictureMaker(view, PLAIN).draw(1)

    expected = linear_gray(shown.voxels[1].astype(float), -400, 300)
    assert picture.pixels.shape == (12, 16)
    assert np.abs(picture.pixels - expected).max() <= 0.51
    assert picture.mm_per_px == pytest.approx(0.8)
    assert picture.notices == ()


def test_pixels_that_are_not_square_come_out_in_their_true_proportions() -> None:
    shown = volume(spacing_ijk_mm=(0.5, 1.5, 2.0))

    picture = PictureMaker(plain_view(shown, (), PlainView()), PLAIN).draw(0)

    assert picture.size == (16, 36)
    assert picture.mm_per_px == pytest.approx(0.5)


def test_a_quarter_turn_turns_the_picture() -> None:
    view = plain_view(volume(), (), PlainView(Window(-400, 300)))
    upright = PictureMaker(view, PLAIN).draw(2)

    turned = PictureMaker(
        replace(view, state=replace(view.state, turn=Turn(rotation_deg=90))), PLAIN
    ).draw(2)

    assert np.array_equal(turned.pixels, np.rot90(upright.pixels, -1))


def test_only_the_corner_of_the_patient_and_the_study_differs_with_the_identity() -> None:
    view = plain_view(volume(), (), PlainView(Window(-400, 300)))

    without = PictureMaker(view, ANONYMOUS).draw(2).pixels
    named = PictureMaker(view, NAMED).draw(2).pixels

    differing = np.argwhere((without != named).reshape(*without.shape[:2], -1).any(axis=2))
    rows = without.shape[0]
    assert differing.size
    assert differing[:, 0].max() < rows / 3


def test_without_identity_the_picture_is_that_of_anybody_else() -> None:
    mine = volume()
    study = replace(
        mine.series.study,
        patient=replace(CANARY_PATIENT, name=Phi("Other^Name"), patient_id=Phi("7"), sex="F"),
        accession_number=Phi("8"),
        study_date="19990101",
        description="Other words",
    )
    other = replace(mine, series=replace(mine.series, study=study, description="Others"))
    views = [plain_view(one, (), PlainView(Window(-400, 300))) for one in (mine, other)]

    anonymous = [PictureMaker(view, ANONYMOUS).draw(2).pixels for view in views]
    named = [PictureMaker(view, NAMED).draw(2).pixels for view in views]

    assert np.array_equal(anonymous[0], anonymous[1])
    assert not np.array_equal(named[0], named[1])


def test_the_date_of_a_prior_and_what_a_presentation_state_says_stay_at_home() -> None:
    view = plain_view(volume(), (), PlainView(Window(-400, 300)))
    said = PresentationState(
        "1.2.9",
        "ZYXCANARY",
        creator="Zyxcanary^Doctor",
        made="20240229",
        series=(ReferencedSeries("1.2.3.4", (ImageReference("1.2.3.4.2"),)),),
    )
    prior = replace(
        view,
        content=replace(view.content, prior_date="20240229"),
        stored_look=StoredLook(said),
    )

    picture = PictureMaker(prior, ANONYMOUS).draw(2)
    named = PictureMaker(prior, NAMED).draw(2)

    words = " ".join(picture.notices)
    assert "PRIOR" in words
    assert "2024" not in words
    assert "2024-02-29" in " ".join(named.notices)
    assert "zyxcanary" not in words.lower()
    assert "Stored look" in words
    assert "ZYXCANARY" in " ".join(named.notices)


def test_notices_are_drawn_below_the_image_even_where_everything_else_is_hidden() -> None:
    shown = volume()
    doubts = (Doubt("lossy", "The images were compressed with loss (20:1)."),)
    bare = PictureMaker(plain_view(shown, (), PlainView(Window(-400, 300))), PLAIN).draw(2)

    picture = PictureMaker(plain_view(shown, doubts, PlainView(Window(-400, 300))), PLAIN).draw(2)

    assert "compressed with loss" in picture.notices[0]
    assert picture.size[0] == bare.size[0]
    assert picture.size[1] > bare.size[1]
    image = picture.pixels if picture.pixels.ndim == 2 else picture.pixels[..., 0]
    assert np.array_equal(image[:12], bare.pixels)
    assert picture.pixels[12:].max() > 100


def test_an_enhanced_volume_says_so_and_names_no_key() -> None:
    pack = PackRef("ct-denoise", "1.0.0", "d" * 64)
    made = replace(volume(), provenance=Provenance(PixelKind.ENHANCED, "1.2.3.4", pack, 0.6))

    picture = PictureMaker(plain_view(made, (), PlainView()), PLAIN).draw(0)

    assert picture.notices[0].startswith("ENHANCED")
    assert "hold" not in picture.notices[0]


def test_a_slab_says_that_it_is_none_of_the_stored_slices() -> None:
    shown = volume((9, 32, 32))

    drawn = OffscreenPainter().slices(
        shown, (), PlainView(Window(-400, 300), "acquired", 5.0, Projecting.MIP), PLAIN
    )

    assert any(words.startswith("MIP 5 mm") for words in drawn.draw(4).notices)


def test_a_plane_that_cannot_be_had_is_refused() -> None:
    with pytest.raises(GeometryError):
        OffscreenPainter().slices(volume((2, 12, 16)), (), PlainView(plane="coronal"), PLAIN)


def test_pictures_of_a_view_have_one_size_whatever_their_notices() -> None:
    drawn = PictureMaker(plain_view(volume((9, 32, 32)), (), PlainView(slab_mm=20.0)), PLAIN)

    sizes = {drawn.draw(index).size for index in range(drawn.count)}

    assert len(sizes) == 1


def test_what_is_exported_as_seen_is_what_the_screen_shows(qtbot: QtBot) -> None:
    viewport = ViewportWidget()
    qtbot.addWidget(viewport)
    viewport.resize(300, 260)
    viewport.show()
    qtbot.waitExposed(viewport)
    viewport.show_volume(volume())
    viewport.set_window(Window(-400, 300))
    viewport.zoom_by(2.0)
    viewport.show_texts(is_on=False)
    viewport.show_overlays(is_on=False)
    view = seen_view(viewport)
    assert view is not None

    picture = PictureMaker(view, PLAIN).draw(view.state.slice_index)

    grabbed = viewport.canvas.grab().toImage()
    width, height = view.size_px or (0, 0)
    screen = np.array(
        [
            [grabbed.pixelColor(x, y).red() for x in range(5, width - 5)]
            for y in range(5, height - 5)
        ]
    )
    assert np.array_equal(picture.pixels[5 : height - 5, 5 : width - 5], screen)


def test_all_viewports_stand_beside_each_other_in_one_picture() -> None:
    view = replace(
        plain_view(volume(), (), PlainView(Window(-400, 300))), size_px=(40, 30), letter_px=12
    )

    sheet = sheet_of(((view, (0.0, 0.0)), (view, (44.0, 0.0))), PLAIN)

    assert sheet.size == (84, 30)
    assert np.array_equal(sheet.pixels[:, :40], sheet.pixels[:, 44:])
    assert not sheet.pixels[:, 40:44].any()


def test_a_viewport_that_shows_nothing_gives_no_view(qtbot: QtBot, qapp: QApplication) -> None:
    viewport = ViewportWidget()
    qtbot.addWidget(viewport)

    assert seen_view(viewport) is None


def test_lines_of_other_slices_leave_with_the_marks_and_not_without(qtbot: QtBot) -> None:
    viewport = ViewportWidget()
    qtbot.addWidget(viewport)
    viewport.resize(300, 300)
    viewport.show_volume(volume())
    upright = ((0.0, -9.0, -9.0), (0.0, 9.0, -9.0), (0.0, 9.0, 9.0), (0.0, -9.0, 9.0))
    before = seen_view(viewport)
    viewport.show_links(LinkShow(patches=(Patch(upright, is_active=True),)))
    view = seen_view(viewport)
    assert before is not None
    assert view is not None
    marked = PictureLook(shows_marks=True)

    with_line = PictureMaker(view, marked).draw(2).pixels
    without = PictureMaker(before, marked).draw(2).pixels

    if with_line.ndim == 3:
        with_line = with_line.max(axis=2)
    columns = np.flatnonzero((with_line != without).any(axis=0))
    assert columns.size
    assert np.ptp(columns) < 6  # one upright line with its rim
    plain, plain_before = (PictureMaker(one, PLAIN).draw(2).pixels for one in (view, before))
    assert np.array_equal(plain, plain_before)
