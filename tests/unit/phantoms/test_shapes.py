"""Lesions, vessels and scanner noise against analytic volumes and spectra."""

from __future__ import annotations

import numpy as np
import pytest

from inference.phantoms.grids import axial_grid, coarse_grid, stack_of
from inference.phantoms.lesions import lesion
from inference.phantoms.noise import lattice, shifted
from inference.phantoms.scanner import Kernel, ScannerSpec, noise_source, smear, to_int16_hu
from inference.phantoms.shapes import capsule, ellipsoid
from inference.phantoms.tubes import Tree, draw, grow


@pytest.mark.parametrize(("diameter", "roughness"), [(12.0, 0.0), (12.0, 0.12), (30.0, 0.08)])
def test_a_lesion_has_the_volume_of_its_ball_whatever_its_outline(
    diameter: float, roughness: float
) -> None:
    shape = lesion(
        np.zeros(3),
        diameter,
        np.random.default_rng(5),
        roughness=roughness,
        stretch=(1.3, 0.9, 1.0),
    )
    step = diameter / 80
    axis = np.arange(-diameter, diameter, step, dtype=np.float32)
    z, y, x = np.meshgrid(axis, axis, axis, indexing="ij")

    inside = shape.distance(x, y, z) > 0

    volume_ml = inside.sum() * step**3 / 1000
    assert volume_ml == pytest.approx(np.pi / 6 * diameter**3 / 1000, rel=0.01)
    assert shape.volume_ml == pytest.approx(np.pi / 6 * diameter**3 / 1000)


@pytest.mark.parametrize("radius", [0.35, 0.7, 3.0])
def test_a_drawn_vessel_keeps_its_volume_below_and_above_a_voxel(radius: float) -> None:
    stack = stack_of(axial_grid((40, 60, 60), (1.0, 1.0, 1.0)))
    tree = Tree(np.array([[-15.0, -12.0, -9.0]]), np.array([[15.0, 12.0, 9.0]]), np.array([radius]))

    share = draw(tree, stack, slice_mm=1.0)

    length = float(np.linalg.norm(tree.ends_mm - tree.starts_mm))
    caps = 4 / 3 * np.pi * radius**3 if radius > 0.6 else 0.0
    assert share.sum() == pytest.approx(np.pi * radius**2 * length + caps, rel=0.04)


def test_a_grown_tree_reaches_every_target_and_thins_by_murrays_law() -> None:
    rng = np.random.default_rng(3)
    targets = rng.uniform(-50, 50, (60, 3))

    tree = grow(np.zeros(3), targets, root_radius_mm=5.0, rng=rng)

    for target in targets:
        assert np.abs(tree.ends_mm - target).sum(axis=1).min() < 1e-9
    from_root = np.all(tree.starts_mm == 0, axis=1)
    assert (tree.radii_mm[from_root] ** 2.7).sum() == pytest.approx(5.0**2.7)


def test_ellipsoid_and_capsule_distances_are_zero_on_their_surface() -> None:
    one = np.float32(1)
    x = np.array([30 * one, 0, 0], dtype=np.float32)
    y = np.array([0, 20 * one, 0], dtype=np.float32)
    z = np.array([0, 0, 10 * one], dtype=np.float32)

    on_ellipsoid = ellipsoid(x, y, z, (0, 0, 0), (30, 20, 10))
    on_capsule = capsule(x, y, z, (-50, 0, 0), (50, 0, 0), (10, 10))

    assert on_ellipsoid == pytest.approx(0, abs=1e-3)
    assert on_capsule == pytest.approx([10, -10, 0], abs=1e-3)


def test_points_of_the_bent_patient_bend_back_to_the_standard() -> None:
    rng = np.random.default_rng(1)
    shifts = (lattice(rng, 46, octaves=2), lattice(rng, 46, octaves=2), lattice(rng, 46, octaves=2))
    wanted = rng.uniform(-100, 100, (50, 3))

    patient = shifted(wanted, shifts, amount_mm=2.6, scale=1.07)

    at = patient.astype(np.float32)
    moved = np.stack([noise(at[:, 0], at[:, 1], at[:, 2]) for noise in shifts], axis=1)
    assert np.abs(patient / 1.07 + 2.6 * moved - wanted).max() < 0.05


def test_noise_has_its_level_in_a_water_cylinder_and_grows_with_the_cylinder() -> None:
    levels = []
    for radius in (110.0, 170.0):
        axis = (np.arange(256) - 127.5) * 1.5
        disc = np.hypot(axis[:, None], axis[None, :]) < radius
        water = np.where(disc, 0.0, -1000.0).astype(np.float32)[None].repeat(8, axis=0)
        spec = ScannerSpec(Kernel.STANDARD, 12.0)
        noise = noise_source((256, 256), (1.5, 1.5), spec).draw(water, np.random.default_rng(2))
        levels.append(float(noise[:, 118:138, 118:138].std()))

    assert levels[0] == pytest.approx(12.0, rel=0.12)
    assert levels[1] > 1.5 * levels[0]


def test_noise_is_ramp_colored_and_sharper_kernels_reach_further() -> None:
    flat = np.full((16, 128, 128), -1000, dtype=np.float32)
    frequency = np.hypot(np.fft.fftfreq(128, 0.7)[:, None], np.fft.fftfreq(128, 0.7)[None, :])
    power = {}
    for kernel in (Kernel.SMOOTH, Kernel.SHARP):
        source = noise_source((128, 128), (0.7, 0.7), ScannerSpec(kernel, 10.0))
        noise = source.draw(flat, np.random.default_rng(4))
        spectrum = (np.abs(np.fft.fft2(noise)) ** 2).mean(axis=0)
        power[kernel] = [
            float(spectrum[(frequency > a) & (frequency < b)].mean())
            for a, b in ((0.01, 0.03), (0.07, 0.12), (0.5, 0.6))
        ]

    smooth, sharp = power[Kernel.SMOOTH], power[Kernel.SHARP]
    assert smooth[1] > 1.5 * smooth[0]
    assert smooth[2] < 0.01 * smooth[1]
    assert sharp[2] / sharp[1] > 20 * smooth[2] / smooth[1]


def test_smearing_keeps_flat_regions_and_the_mean() -> None:
    image = np.zeros((1, 64, 64), dtype=np.float32)
    image[:, 20:40, 20:40] = 100

    result = smear(image, (0.5, 0.5), Kernel.SMOOTH)

    assert result.mean() == pytest.approx(image.mean(), rel=1e-4)
    assert result[0, 30, 30] == pytest.approx(100, abs=0.1)
    assert 20 < result[0, 30, 20] < 80


def test_ct_numbers_are_rounded_and_cut_to_twelve_bits() -> None:
    values = np.array([-5000.0, -0.4, 12.6, 9000.0], dtype=np.float32)

    assert to_int16_hu(values).tolist() == [-1024, 0, 13, 3071]


def test_a_coarse_field_comes_back_at_the_points_it_was_taken_from() -> None:
    stack = stack_of(axial_grid((30, 60, 60), (1.0, 1.0, 1.0)))
    grid = coarse_grid(stack, 4.0)

    dense = grid.smooth(lambda x, y, z: x + 2 * y - z, step=1)
    sparse = grid.smooth(lambda x, y, z: x + 2 * y - z, step=2)

    # A straight function is kept away from the ends, where the last value is held.
    assert sparse[2:-2, 3:-3, 3:-3] == pytest.approx(dense[2:-2, 3:-3, 3:-3], abs=1e-2)
