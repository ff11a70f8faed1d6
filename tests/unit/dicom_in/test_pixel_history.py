"""What headers say of how pixels came to be: who cleaned them, and whether they are ours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import Dataset

from tests.unit.dicom_in.factory import SERIES_UID, image, save_all, stack
from workstation.core.clock import SystemClock
from workstation.core.provenance import PackRef, PixelKind, Provenance
from workstation.dicom.derived_images import (
    Derivation,
    DerivedSeries,
    DerivedSlice,
    SourceFrame,
    write_derived_series,
)
from workstation.services.choose_series import choose_series
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series

PACK = PackRef("ct-denoise", "2.0.0", "ab" * 32)


def history(folder: Path, *datasets: Dataset) -> Provenance:
    """Return the provenance of the volume of a series."""
    result = import_paths([save_all(list(datasets), folder)])
    return load_series(choose_series(result).display_set).provenance


@pytest.mark.parametrize(
    ("attributes", "named"),
    [
        ({"SeriesDescription": "Thorax iDose (3)"}, "iDose"),
        ({"SeriesDescription": "ABD ASIR-V 50%"}, "ASiR-V"),
        ({"SeriesDescription": "Chest AIDR 3D STD"}, "AIDR 3D"),
        ({"SeriesDescription": "Abdo AiCE Body Sharp"}, "AiCE"),
        ({"SeriesDescription": "PARENCHYME TrueFidelity"}, "TrueFidelity"),
        ({"SeriesDescription": "Kopf IMR 2"}, "IMR"),
        ({"ConvolutionKernel": ["Br40d", "3"]}, "iterative reconstruction, level 3"),
        ({"ConvolutionKernel": "Br40d SAFIRE"}, "SAFIRE"),
        ({"ImageComments": "ClariCT.AI"}, "ClariCT"),
        ({"ProtocolName": "T2 AIR Recon DL"}, "AIR Recon DL"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "M", "DRB", "NORM"]}, "Deep Resolve Boost"),
        ({"ReconstructionAlgorithm": "ITERATIVE"}, "iterative reconstruction"),
    ],
)
def test_methods_against_noise_are_named(
    tmp_path: Path, attributes: dict[str, Any], named: str
) -> None:
    assert history(tmp_path, *stack(3, **attributes)).processing == (named,)


@pytest.mark.parametrize(
    ("creators", "elements", "named"),
    [
        ({0x00530010: "GEHC_CT_ADVAPP_001"}, {0x00531040: "SS50", 0x00531043: "50"}, "ASiR"),
        ({0x00530010: "GEHC_CT_ADVAPP_001"}, {0x00531040: "DL-H"}, "TrueFidelity"),
        ({0x00430010: "GEMS_PARM_01"}, {0x004310CA: "0.75\\High"}, "AIR Recon DL"),
    ],
)
def test_private_elements_of_makers_are_read(
    tmp_path: Path, creators: dict[int, str], elements: dict[int, str], named: str
) -> None:
    slices = stack(3)
    for data in slices:
        for tag, text in (creators | elements).items():
            data.add_new(tag, "LO", text)

    assert history(tmp_path, *slices).processing == (named,)


def test_equipment_that_denoised_names_itself(tmp_path: Path) -> None:
    item = Dataset()
    item.Manufacturer, item.ManufacturerModelName = "AlgoMedica", "PixelShine"

    found = history(tmp_path, *stack(3, ContributingEquipmentSequence=[item]))

    assert found.processing == ("PixelShine",)
    assert found.kind is PixelKind.ORIGINAL


@pytest.mark.parametrize(
    "attributes",
    [
        {"SeriesDescription": "IMRT planning", "ConvolutionKernel": "STANDARD"},
        {"SeriesDescription": "First pass", "ConvolutionKernel": ["B30f"]},
        {"SeriesDescription": "Iris and orbit", "FilterType": "BODY FILTER"},
    ],
)
def test_words_that_only_look_alike_name_nothing(
    tmp_path: Path, attributes: dict[str, Any]
) -> None:
    assert history(tmp_path, *stack(3, **attributes)).processing == ()


def test_a_capture_in_a_ct_series_is_known(tmp_path: Path) -> None:
    kind = ["DERIVED", "SECONDARY", "SCREEN SAVE"]

    assert history(tmp_path, image(1, ImageType=kind)).is_capture
    assert not history(tmp_path / "other", image(1)).is_capture


def derived(folder: Path, files: list[Path], *, title: str = "less noise") -> None:
    """Write the derived series of single images."""
    derivation = Derivation(False, PACK, title, 0.4, 20.0, "HU", "CPU")
    series = DerivedSeries(derivation, None, None, "Prelim test", SystemClock().now())
    pieces = [
        DerivedSlice(
            np.full((6, 5), 7, np.int16), np.array([0.0, 0, z]), SourceFrame(f), (SourceFrame(f),)
        )
        for z, f in enumerate(files, start=1)
    ]
    write_derived_series(series, pieces, folder)


def test_a_derived_series_is_known_again_with_pack_strength_and_source(tmp_path: Path) -> None:
    source = save_all(stack(3), tmp_path / "in")
    derived(tmp_path / "out", sorted(source.iterdir()))

    found = choose_series(import_paths([tmp_path / "out"]))

    volume = load_series(found.display_set)
    assert replace(volume.provenance, image_type=()) == Provenance(
        PixelKind.ENHANCED, SERIES_UID, PACK, 0.4
    )
    texts = {doubt.code: doubt.text for doubt in found.series.verdict.warnings}
    assert "ct-denoise 2.0.0, strength 40%" in texts["enhanced"]
    assert "not among what was opened" in texts["original_series"]


def test_the_original_is_chosen_and_named_where_both_are_there(tmp_path: Path) -> None:
    source = save_all(stack(3, SeriesDescription="Thorax"), tmp_path / "in")
    files = sorted(source.iterdir())
    derived(tmp_path / "in" / "made", [*files, *files])

    result = import_paths([tmp_path / "in"])

    assert choose_series(result).series.identity.series_uid == SERIES_UID
    told = [
        doubt.text
        for series in result.all_series
        for doubt in series.verdict.warnings
        if doubt.code == "original_series"
    ]
    assert told == ["The original is in this study: series 1 Thorax."]
