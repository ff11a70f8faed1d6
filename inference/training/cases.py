"""The patients of the recipes: which are trained on, which are held out, and how they are read.

No patient named in HELD_OUT is ever part of a training batch. Volumes are ``[k, j, i]`` float32.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK
from numpy.typing import NDArray

HELD_OUT = ("STS_028", "STS_035")
"""Patients of s16 (CT and MR) never trained on, beside s02, s03, s14 and half of s01."""

S01_FIRST_HELD_OUT_INDEX = 150
"""Slices of s01 from here to the head (heart to neck) are held out; the rest is trained on."""

S01_MARGIN = 12
"""Slices of s01 left out between the trained and the held-out half, so that none are shared."""

LEAST_HALVED_PX = 200
"""Images of at least this edge are also used at half their resolution."""

ENLARGED = ("s05", "s06")
"""Series that the scanner enlarged: their noise has no fine part by which it could be told."""

FAT_HU = -1000.0
"""Floor of CT references; scanners write lower values outside their field only."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One reference volume.

    Attributes:
        name: data set and patient, e.g. ``s16/STS_003``.
        voxels: ``[k, j, i]`` float32; HU for CT, else raw signal.
        spacing_kji_mm: voxel spacing.
    """

    name: str
    voxels: NDArray[np.float32]
    spacing_kji_mm: tuple[float, float, float]


def ct_training(folder: Path) -> list[Case]:
    """Return the CT references that are trained on, at reduced noise where they are thin."""
    s01 = _s01(folder)
    lower = Case(
        "s01/lower", s01.voxels[: S01_FIRST_HELD_OUT_INDEX - S01_MARGIN], s01.spacing_kji_mm
    )
    cases = [slab_mean(lower, 5), halve_in_plane(slab_mean(lower, 3))]
    thick = [
        read_series(path / "CT" / "image", f"s15/{path.name}") for path in _patients(folder, "s15")
    ]
    thick += [
        read_image(path / "CT_image.nii.gz", f"s16/{path.name}")
        for path in _patients(folder, "s16")
        if path.name not in HELD_OUT
    ]
    organs = _set(folder, "s23")
    thick.append(read_image(organs / "example_ct.nii.gz", "s23/example"))
    cases += [*thick, *(halve_in_plane(case) for case in thick)]
    cases.append(read_image(organs / "ct_brain_atlas_1mm.nii.gz", "s23/brain"))
    return [Case(c.name, np.maximum(c.voxels, FAT_HU), c.spacing_kji_mm) for c in cases]


def ct_held_out(folder: Path) -> list[Case]:
    """Return the CT references that no recipe has seen."""
    s01 = _s01(folder)
    upper = Case("s01/upper", s01.voxels[S01_FIRST_HELD_OUT_INDEX:], s01.spacing_kji_mm)
    sarcoma = _set(folder, "s16")
    cases = [slab_mean(upper, 5)]
    cases += [read_image(sarcoma / p / "CT_image.nii.gz", f"s16/{p}") for p in HELD_OUT]
    return [Case(c.name, np.maximum(c.voxels, FAT_HU), c.spacing_kji_mm) for c in cases]


def s01_upper_thin(folder: Path) -> Case:
    """Return the held-out half of s01 as scanned, 1 mm slices with their own noise."""
    s01 = _s01(folder)
    return Case("s01/upper thin", s01.voxels[S01_FIRST_HELD_OUT_INDEX:], s01.spacing_kji_mm)


def s02_head(folder: Path) -> Case:
    """Return the held-out head CT as a stack of slices; its spacing along k is nominal."""
    return read_series(_set(folder, "s02"), "s02")


def ct_thin_training(folder: Path) -> list[Case]:
    """Return the trained CT volumes whose slices are close enough to learn the through-plane."""
    s01 = _s01(folder)
    lower = Case(
        "s01/lower", s01.voxels[: S01_FIRST_HELD_OUT_INDEX - S01_MARGIN], s01.spacing_kji_mm
    )
    organs = _set(folder, "s23")
    return [
        lower,
        read_image(organs / "example_ct.nii.gz", "s23/example"),
        read_image(organs / "ct_brain_atlas_1mm.nii.gz", "s23/brain"),
    ]


def mr_training(folder: Path) -> list[Case]:
    """Return the MR volumes trained on, each scaled so that its 99th percentile is one."""
    brain = _set(folder, "s18") / "patient07"
    cases = [
        read_image(path, f"s18/{path.name.split('_')[0]}")
        for path in sorted(brain.glob("*.nii.gz"))
        if not path.name.startswith("GOLD")
    ]
    cases.append(read_series(_set(folder, "s05"), "s05"))
    cases.append(read_series(_set(folder, "s09") / "HFP", "s09"))
    cases += [
        read_image(path / "MR_T1_image.nii.gz", f"s16/{path.name}")
        for path in _patients(folder, "s16")
        if path.name not in HELD_OUT
    ]
    return [to_unit(case) for case in cases]


def mr_denoise_training(folder: Path) -> list[Case]:
    """Return what the MR denoiser is trained on: also series too thick for super-resolution.

    The large ones come once more at half the resolution, where they are quieter.
    """
    cases = mr_training(folder)
    cases.append(to_unit(read_series(_set(folder, "s06"), "s06")))
    for path in _patients(folder, "s15"):
        cases.append(to_unit(read_series(path / "MR_T1" / "image", f"s15/{path.name}")))
    large = [case for case in cases if min(case.voxels.shape[1:]) >= LEAST_HALVED_PX]
    whole = [case for case in cases if case.name not in ENLARGED]
    return [*whole, *(to_unit(halve_in_plane(case)) for case in large)]


def mr_held_out(folder: Path) -> list[Case]:
    """Return the MR volumes that no recipe has seen, scaled like the trained ones."""
    sarcoma = _set(folder, "s16")
    cases = [read_series(_set(folder, "s03"), "s03")]
    cases += [read_image(sarcoma / p / "MR_T1_image.nii.gz", f"s16/{p}") for p in HELD_OUT]
    return [to_unit(case) for case in cases]


def to_unit(case: Case) -> Case:
    """Return the case with its 99th percentile of the non-zero voxels scaled to one."""
    lifted = case.voxels[case.voxels > 0]
    return Case(case.name, case.voxels / np.float32(np.percentile(lifted, 99)), case.spacing_kji_mm)


def slab_mean(case: Case, count: int) -> Case:
    """Return the running mean over slices: thicker slices at the old spacing, less noise."""
    total = np.cumsum(np.pad(case.voxels, ((1, 0), (0, 0), (0, 0))), axis=0, dtype=np.float64)
    mean = ((total[count:] - total[:-count]) / count).astype(np.float32)
    return Case(case.name, mean[:: max(count // 2, 1)], _with_k(case, max(count // 2, 1)))


def halve_in_plane(case: Case) -> Case:
    """Return the case at half the in-plane resolution (mean of 2 x 2), which quiets it further."""
    k, j, i = case.voxels.shape
    blocks = case.voxels[:, : j // 2 * 2, : i // 2 * 2].reshape(k, j // 2, 2, i // 2, 2)
    spacing = case.spacing_kji_mm
    return Case(
        f"{case.name}/half", blocks.mean(axis=(2, 4)), (spacing[0], spacing[1] * 2, spacing[2] * 2)
    )


def read_series(folder: Path, name: str) -> Case:
    """Read one folder of single-frame DICOM files, sorted by position."""
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    return _case(reader.Execute(), name)


def read_image(path: Path, name: str) -> Case:
    """Read one NIfTI file."""
    return _case(SimpleITK.ReadImage(str(path)), name)


def _case(image: SimpleITK.Image, name: str) -> Case:
    i_mm, j_mm, k_mm = image.GetSpacing()
    return Case(name, SimpleITK.GetArrayFromImage(image).astype(np.float32), (k_mm, j_mm, i_mm))


def _with_k(case: Case, factor: int) -> tuple[float, float, float]:
    k_mm, j_mm, i_mm = case.spacing_kji_mm
    return (k_mm * factor, j_mm, i_mm)


def _s01(folder: Path) -> Case:
    return read_series(_set(folder, "s01"), "s01")


def _set(folder: Path, prefix: str) -> Path:
    return next(path for path in sorted(folder.iterdir()) if path.name.startswith(f"{prefix}_"))


def _patients(folder: Path, prefix: str) -> list[Path]:
    return sorted(path for path in _set(folder, prefix).iterdir() if path.name.startswith("STS_"))
