"""What is refused and what is warned of before a model sees a series, each in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.packs.manifest import Manifest
from inference.packs.store import PackStore
from tests.support.model_packs import pair_model, shift_model, write_pack
from tests.unit.enhance.test_enhance_series import geometry, volume
from workstation.core.errors import InputRefusedError
from workstation.core.provenance import PackRef, PixelKind, Provenance
from workstation.core.volume import Volume
from workstation.services.denoise_runs import denoise_request, slices_seen
from workstation.services.enhancement_gate import require_fit, stack_doubt


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    write_pack(tmp_path, shift_model(0))
    return PackStore(tmp_path).get("test-denoise").manifest


def typed(*image_type: str, **history: Any) -> Volume:  # noqa: ANN401
    return replace(volume(), provenance=Provenance(image_type=image_type, **history))


def described(description: str, *image_type: str) -> Volume:
    made = typed(*image_type)
    return replace(made, series=replace(made.series, description=description))


@pytest.mark.parametrize(
    ("image_type", "words"),
    [
        (("ORIGINAL", "PRIMARY", "LOCALIZER"), "localizer"),
        (("DERIVED", "PRIMARY", "DIFFUSION", "ADC"), "map"),
        (("DERIVED", "PRIMARY", "PERFUSION", "MTT"), "map"),
        (("DERIVED", "PRIMARY", "ASL", "RCBF"), "map"),
        (("DERIVED", "PRIMARY", "MAT_SPECIFIC"), "map"),
        (("ORIGINAL", "PRIMARY", "P", "ND"), "phases"),
        (("ORIGINAL", "PRIMARY", "PHASE MAP", "P", "FFE"), "phases"),
        (("ORIGINAL", "PRIMARY", "VELOCITY"), "phases"),
        (("DERIVED", "SECONDARY", "MIP"), "projection"),
        (("DERIVED", "SECONDARY", "PROJECTION IMAGE"), "projection"),
        (("DERIVED", "PRIMARY", "M", "SUB"), "subtraction"),
        (("DERIVED", "SECONDARY", "OTHER"), "already computed"),
    ],
)
def test_images_of_another_kind_are_refused_by_what_they_are(
    manifest: Manifest, image_type: tuple[str, ...], words: str
) -> None:
    with pytest.raises(InputRefusedError, match=words) as refused:
        require_fit(typed(*image_type), manifest)

    assert refused.value.todo


@pytest.mark.parametrize(
    "image_type",
    [
        ("ORIGINAL", "PRIMARY", "AXIAL"),
        ("ORIGINAL", "PRIMARY", "M", "ND", "NORM"),
        ("ORIGINAL", "PRIMARY", "MPR"),
        ("ORIGINAL", "PRIMARY", "M", "IN_PHASE"),
        (),
    ],
)
def test_scanned_cross_sections_pass_without_a_word(
    manifest: Manifest, image_type: tuple[str, ...]
) -> None:
    assert require_fit(typed(*image_type), manifest) == ()


def test_a_description_tells_what_the_image_type_does_not(manifest: Manifest) -> None:
    with pytest.raises(InputRefusedError, match="map"):
        require_fit(described("Apparent Diffusion Coefficient", "DERIVED", "PRIMARY"), manifest)
    with pytest.raises(InputRefusedError, match="localizer"):
        require_fit(described("3-plane LOCALIZER", "ORIGINAL", "PRIMARY", "OTHER"), manifest)

    assert require_fit(described("DWI and ADC", "ORIGINAL", "PRIMARY"), manifest) == ()


def test_a_screen_capture_is_refused_whatever_its_class(manifest: Manifest) -> None:
    with pytest.raises(InputRefusedError, match="secondary capture"):
        require_fit(typed("DERIVED", "SECONDARY", is_capture=True), manifest)


def test_other_modalities_are_refused_before_a_pack_is_looked_at(manifest: Manifest) -> None:
    made = volume()

    with pytest.raises(InputRefusedError, match="for CT and MR, not PT"):
        require_fit(replace(made, series=replace(made.series, modality="PT")), manifest)


def test_what_a_model_made_is_not_enhanced_again(manifest: Manifest) -> None:
    pack = PackRef("ct-denoise", "2.0.0", "ab" * 32)
    made = typed("DERIVED", "SECONDARY", kind=PixelKind.ENHANCED, pack=pack, strength=0.4)

    with pytest.raises(InputRefusedError, match=r"ct-denoise 2\.0\.0, strength 40%") as refused:
        require_fit(made, manifest)

    assert "original series" in refused.value.todo


def test_proposed_slices_are_named_where_a_series_holds_some(manifest: Manifest) -> None:
    made = typed("DERIVED", "PRIMARY", "AXIAL", "FILLED", kind=PixelKind.FILLED)

    with pytest.raises(InputRefusedError, match="proposed and not scanned") as refused:
        require_fit(made, manifest)

    assert "original series" in refused.value.todo


def test_slices_of_unknown_thickness_are_split_with_a_warning(tmp_path: Path) -> None:
    write_pack(
        tmp_path, pair_model(1), pack_id="pair", task="super_resolve", kind="slice_pair", bound=0.0
    )
    finer = PackStore(tmp_path).get("pair").manifest

    assert require_fit(volume(), finer) == ()
    doubts = require_fit(replace(volume(), thickness_mm=0.0), finer)

    assert [doubt.code for doubt in doubts] == ["thickness_unknown"]
    assert "touch" in doubts[0].text


def test_what_the_scanner_cleaned_is_enhanced_with_a_warning(manifest: Manifest) -> None:
    doubts = require_fit(typed("ORIGINAL", "PRIMARY", processing=("iDose",)), manifest)

    assert [doubt.code for doubt in doubts] == ["already_denoised"]
    assert "iDose" in doubts[0].text


def test_images_that_a_maker_of_denoising_derived_are_warned_of_too(manifest: Manifest) -> None:
    doubts = require_fit(typed("DERIVED", "SECONDARY", processing=("PixelShine",)), manifest)

    assert {doubt.code for doubt in doubts} == {"already_denoised", "computed_images"}


@pytest.mark.parametrize("third", ["MPR", "REFORMATTED"])
def test_reformatted_slices_are_enhanced_with_a_warning(manifest: Manifest, third: str) -> None:
    doubts = require_fit(typed("DERIVED", "SECONDARY", third), manifest)

    assert [doubt.code for doubt in doubts] == ["computed_images"]


def test_a_lossy_history_is_told(manifest: Manifest) -> None:
    doubts = require_fit(typed("ORIGINAL", "PRIMARY", notes=("compressed with loss",)), manifest)

    assert [(doubt.code, doubt.text) for doubt in doubts] == [("lossy", "compressed with loss")]


def test_a_spacing_a_little_outside_is_warned_of_and_one_far_outside_refused(
    manifest: Manifest,
) -> None:
    low = manifest.input.spacing_ij_mm.low

    doubts = require_fit(volume(geometry(spacing_mm=low * 0.95)), manifest)

    assert [doubt.code for doubt in doubts] == ["spacing_outside_training"]
    with pytest.raises(InputRefusedError, match="pixel spacing"):
        require_fit(volume(geometry(spacing_mm=low * 0.5)), manifest)


@pytest.mark.parametrize("lean_mm", [-0.5, 0.5])
def test_a_tilt_to_either_side_is_warned_of(manifest: Manifest, lean_mm: float) -> None:
    stack = geometry()
    positions = stack.positions_mm + np.outer(np.arange(4) * lean_mm, stack.column_cosines)

    doubts = require_fit(volume(replace(stack, positions_mm=positions)), manifest)

    # 0.5 mm in the plane for 2 mm through it are 14 degrees.
    assert [doubt.text for doubt in doubts] == [
        "The slices are tilted by 14 degrees against the stack."
    ]


def placed(*distances_mm: float) -> Volume:
    positions = np.zeros((len(distances_mm), 3))
    positions[:, 2] = distances_mm
    return volume(replace(geometry(len(distances_mm)), positions_mm=positions))


def test_missing_slices_are_said_and_split_a_series(manifest: Manifest) -> None:
    doubts = require_fit(placed(*range(0, 14, 2), *range(18, 28, 2)), manifest)

    assert [doubt.code for doubt in doubts] == ["parts", "slices_missing"]
    assert "2 parts (2.00 mm apart)" in doubts[0].text
    assert "missing (2)" in doubts[1].text


def test_what_takes_slices_apart_refuses_a_series_with_missing_ones(tmp_path: Path) -> None:
    write_pack(
        tmp_path, pair_model(1), pack_id="pair", task="super_resolve", kind="slice_pair", bound=0.0
    )
    finer = PackStore(tmp_path).get("pair").manifest

    with pytest.raises(InputRefusedError, match=r"2\.00 to 6\.00 mm apart; slices are missing"):
        require_fit(placed(*range(0, 14, 2), *range(18, 28, 2)), finer)


def test_a_head_that_is_thin_below_and_thick_above_is_fit(manifest: Manifest) -> None:
    head = placed(0, 4, 8, 12, 13.08, 20.08, 27.08, 34.08)

    doubts = require_fit(head, manifest)

    assert [doubt.code for doubt in doubts] == ["parts"]
    assert "2 parts (4.00, 7.00 mm apart)" in doubts[0].text
    assert denoise_request(head, "x").runs == ((0, 4), (4, 8))


def test_a_part_with_slices_too_far_apart_for_the_pack_is_refused(manifest: Manifest) -> None:
    with pytest.raises(InputRefusedError, match=r"slice spacing is 12\.00 mm"):
        require_fit(placed(0, 4, 8, 12, 24, 36, 48), manifest)


def test_one_slice_between_parts_is_left_and_more_than_a_tenth_refused(
    manifest: Manifest,
) -> None:
    lone = placed(*range(0, 12, 2), 13.5, *range(16, 24, 2))

    assert denoise_request(lone, "x").runs == ((0, 6), (7, 11))
    assert [doubt.code for doubt in require_fit(lone, manifest)] == ["parts"]
    with pytest.raises(InputRefusedError, match="not evenly spaced"):
        require_fit(placed(0, 2, 4, 5.5, 8, 10, 12), manifest)
    with pytest.raises(InputRefusedError, match="not evenly spaced"):
        require_fit(placed(0, 1, 3, 6, 10, 15), manifest)


def test_a_slice_names_only_sources_of_its_own_part() -> None:
    head = placed(0, 4, 8, 9, 16, 23, 25)

    seen = [tuple(slices_seen(head, k, 3)) for k in range(7)]

    assert seen == [(0, 1), (0, 1, 2), (1, 2), (3, 4), (3, 4, 5), (4, 5), (6,)]


def test_a_film_of_one_place_is_no_stack(manifest: Manifest) -> None:
    still = volume(replace(geometry(), positions_mm=np.zeros((4, 3))))

    with pytest.raises(InputRefusedError, match="one place"):
        require_fit(still, manifest)


def test_one_of_several_stacks_is_said(manifest: Manifest) -> None:
    assert stack_doubt("", 1) is None

    doubt = stack_doubt("b=1000", 3)

    assert doubt is not None
    assert "3 stacks" in doubt.text
    assert "b=1000" in doubt.text
