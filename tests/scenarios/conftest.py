"""Two small studies, computed once for all scenarios."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from inference.phantoms.chest_ct import make_chest
from inference.phantoms.chest_spec import ChestSpec, NoduleSpec
from inference.phantoms.grids import axial_grid
from inference.phantoms.head_ct import make_head
from inference.phantoms.head_spec import HeadSpec
from inference.phantoms.phantom import Phantom
from inference.phantoms.scanner import ScannerSpec
from tests.support.canary import CANARY, CANARY_ID
from workstation.core.finding import Side
from workstation.core.identity import PatientIdentity
from workstation.core.phi import Phi
from workstation.dicom.phantom_series import Vendor, write_series


@pytest.fixture(scope="session", autouse=True)
def _application(qapp: QApplication) -> QApplication:
    """Make the application of the windows before a PDF makes one without widgets."""
    return qapp


@pytest.fixture(scope="session")
def chest_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a small chest CT: a right nodule and a left effusion, thick slices."""
    spec = ChestSpec(
        nodules=(NoduleSpec("right upper lobe", 18.0),), effusion_ml=((Side.LEFT, 350.0),)
    )
    grid = axial_grid((90, 192, 192), (2.0, 2.0, 5.0), (0.0, 0.0, -63.0))
    return _written(make_chest(spec, grid, seed=7), tmp_path_factory.mktemp("chest"), "CT chest")


@pytest.fixture(scope="session")
def head_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a small head CT of a spacing that the denoiser was trained on."""
    grid = axial_grid((20, 240, 240), (1.0, 1.0, 5.0))
    return _written(
        make_head(HeadSpec(scanner=ScannerSpec(noise_hu=9.0, thickness_mm=5.0)), grid, seed=8),
        tmp_path_factory.mktemp("head"),
        "CT head",
    )


def _written(phantom: Phantom, folder: Path, description: str) -> Path:
    patient = PatientIdentity(Phi(CANARY), Phi(CANARY_ID), Phi("19700101"), "F", "056Y")
    write_series(
        phantom, folder, patient=patient, vendor=Vendor.SIEMENS, description=description, seed=7
    )
    return folder
