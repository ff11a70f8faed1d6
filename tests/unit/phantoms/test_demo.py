"""The demo's chest holds what its page in resources/demo says."""

from __future__ import annotations

from dataclasses import replace

from inference.phantoms.chest_ct import make_chest
from inference.phantoms.demo import DEMO_SEED, demo_chest_spec
from inference.phantoms.grids import axial_grid
from inference.phantoms.scanner import ScannerSpec
from workstation.core.finding import Side


def test_the_demo_holds_its_findings_and_no_other() -> None:
    spec = replace(demo_chest_spec(), scanner=ScannerSpec(noise_hu=0.0))
    grid = axial_grid((84, 96, 96), (4.0, 4.0, 4.0), (0.0, 4.0, -38.0))

    truth = make_chest(spec, grid, seed=DEMO_SEED).truth

    (nodule,) = truth.of("nodule diameter")
    assert (nodule.anatomy, nodule.value) == ("right upper lobe", 12.0)
    assert 2 < truth.value("low attenuation area") < 15
    assert 80 < truth.value("pleural effusion", Side.LEFT) < 260
    assert truth.value("pleural effusion", Side.RIGHT) == 0
    assert truth.value("aortic calcium") > 0
    assert truth.value("coronary calcium") == 0
