"""One small chest study, computed once for all scenarios."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.phantoms.chest_ct import make_chest
from inference.phantoms.chest_spec import ChestSpec, NoduleSpec
from inference.phantoms.grids import axial_grid
from tests.support.canary import CANARY, CANARY_ID
from workstation.core.finding import Side
from workstation.core.identity import PatientIdentity
from workstation.core.phi import Phi
from workstation.dicom.phantom_series import Vendor, write_series


@pytest.fixture(scope="session")
def chest_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a small chest CT: a right nodule and a left effusion, thick slices."""
    spec = ChestSpec(
        nodules=(NoduleSpec("right upper lobe", 18.0),), effusion_ml=((Side.LEFT, 350.0),)
    )
    grid = axial_grid((72, 192, 192), (2.0, 2.0, 5.0), (0.0, 0.0, -25.0))
    patient = PatientIdentity(Phi(CANARY), Phi(CANARY_ID), Phi("19700101"), "F", "056Y")
    folder = tmp_path_factory.mktemp("chest")
    write_series(
        make_chest(spec, grid, seed=7),
        folder,
        patient=patient,
        vendor=Vendor.SIEMENS,
        description="CT chest",
        seed=7,
    )
    return folder
