"""Shape of the head as signed distances: skull, brain with its folds, ventricles, face.

Coordinates are those of a standard adult in mm, LPS directions; the origin lies in the middle
of the brain, at the height of the thalami. The same anatomy serves CT and MR.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inference.phantoms.grids import F32
from inference.phantoms.head_spec import HeadSpec
from inference.phantoms.noise import Lattice, lattice
from inference.phantoms.shapes import (
    capsule,
    clipped,
    common,
    ellipsoid,
    oval,
    rounded_common,
    rounded_union,
    tube,
    union,
)
from workstation.core.finding import Side

WARP_MM = 1.7
"""Standard deviation of the bending of outlines."""

FOLD_WAVE_MM = 19.0
"""Wave of the folding pattern: two gyri of about 9 mm, as in adults."""

SULCUS_DEPTH_MM = 17.0
"""Depth to which sulci reach below the surface."""

SIGN = {Side.LEFT: 1.0, Side.RIGHT: -1.0}
"""Direction of x for each side in LPS."""


@dataclass(frozen=True, slots=True, eq=False)
class HeadWarp:
    """Noise of one person.

    Attributes:
        shifts: noise that bends outlines.
        folds: the folding pattern, sampled on directions.
        cells: air cells, diploe and turbinates.
        strands: muscle and fat of face and neck.
    """

    shifts: tuple[Lattice, Lattice, Lattice]
    folds: Lattice
    cells: Lattice
    strands: Lattice


def head_warp(rng: np.random.Generator) -> HeadWarp:
    """Return the individual noise of a head."""
    return HeadWarp(
        shifts=(
            lattice(rng, 50, octaves=1.5),
            lattice(rng, 50, octaves=1.5),
            lattice(rng, 50, octaves=1.5),
        ),
        folds=lattice(rng, FOLD_WAVE_MM * 0.85, octaves=0.5),
        cells=lattice(rng, 5.5, octaves=1.2),
        strands=lattice(rng, 15, octaves=1.5),
    )


@dataclass(frozen=True, slots=True, eq=False)
class HeadPlace:
    """Points in the standard head, bent; ``mid`` is x with the midline shift undone."""

    x: F32
    y: F32
    z: F32
    mid: F32


def rotation(
    turn_deg: tuple[float, float, float],
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the matrix that turns the standard head into the patient's pose."""
    a, b, c = np.deg2rad(turn_deg)
    about_z = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1.0]])
    about_x = np.array([[1.0, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    about_y = np.array([[np.cos(c), 0, np.sin(c)], [0, 1.0, 0], [-np.sin(c), 0, np.cos(c)]])
    result: np.ndarray[tuple[int, int], np.dtype[np.float64]] = about_z @ about_x @ about_y
    return result


def pose(x: F32, y: F32, z: F32, spec: HeadSpec) -> tuple[F32, F32, F32]:
    """Return points of the patient as points of the upright, standard-sized head."""
    back = (rotation(spec.turn_deg).T / spec.scale).astype(np.float32)
    if not any(spec.turn_deg):
        return x * back[0, 0], y * back[1, 1], z * back[2, 2]
    return tuple(back[n, 0] * x + back[n, 1] * y + back[n, 2] * z for n in range(3))


def bend_head(at: tuple[F32, F32, F32], shifts: tuple[F32, F32, F32], spec: HeadSpec) -> HeadPlace:
    """Return posed points bent by noise, with the shift of the midline undone."""
    amount = np.float32(WARP_MM)
    x: F32 = (at[0] + amount * shifts[0]) * np.float32(1 / spec.width)
    y: F32 = at[1] + amount * shifts[1]
    z: F32 = at[2] + amount * shifts[2]
    mid = x
    if spec.midline_shift_mm:
        a, b, c = x / 48, y / 60, (z - 6) / 46
        fade: F32 = np.exp(-a * a - b * b - c * c)
        mid = x - np.float32(spec.midline_shift_mm / spec.width) * fade
    return HeadPlace(x, y, z, mid)


def cavity(p: HeadPlace) -> F32:
    """Inner table of the skull: vault, middle fossae, posterior fossa, foramen magnum."""
    wide = p.x * (1 - np.float32(0.0011) * p.y)
    vault = ellipsoid(wide, p.y, p.z, (0, 3, -3), (65, 82, 75))
    floor = np.float32(26) + p.z + np.float32(0.10) * np.minimum(p.y + 30, 0)
    vault = rounded_common(vault, clipped(floor), 8)
    x = np.abs(p.x)
    middle = ellipsoid(x, p.y, p.z, (36, -14, -30), (29, 36, 25), turn_deg=-12)
    behind = ellipsoid(p.x, p.y, p.z, (0, 40, -36), (50, 40, 33))
    canal = capsule(p.x, p.y, p.z, (0, 22, -60), (0, 20, -190), (15.0, 10.0))
    return rounded_union(rounded_union(rounded_union(vault, middle, 5), behind, 10), canal, 8)


def tentorium(p: HeadPlace) -> F32:
    """Height above the tentorium; negative is the posterior fossa."""
    return clipped(
        (p.z + np.float32(9) + np.float32(0.32) * np.abs(p.x) + np.float32(0.16) * (p.y - 20))
        * np.float32(0.92)
    )


def is_behind(p: HeadPlace) -> F32:
    """Distance into the space of cerebellum and brain stem."""
    return clipped(np.minimum(-tentorium(p), p.y - np.float32(2) - np.float32(0.2) * np.abs(p.x)))


def folding(at: tuple[F32, F32, F32], warp: HeadWarp, depth: F32) -> tuple[F32, F32]:
    """Return the signed distance to the nearest sulcal sheet and the depth of its floor, mm.

    The pattern lives on directions from the middle of the brain, so that sulci go inward; it
    turns on its way, and its floors lie at different depths. Only inside the skull.
    """
    result = np.full(depth.shape, 9.0, dtype=np.float32)
    floor = np.full(depth.shape, SULCUS_DEPTH_MM, dtype=np.float32)
    near = np.flatnonzero((depth > -4) & (depth < 36))
    x, y, z = (c.ravel()[near] for c in at)
    sway = np.float32(4.5) * warp.strands(x, y, z)
    x, y, z = x + sway, y - sway, z + np.float32(0.6) * sway
    length = np.sqrt((x / np.float32(0.85)) ** 2 + y * y + (z + 5) ** 2) + np.float32(1)
    twist = np.float32(0.3)
    share = np.float32(66) / length * (1 - twist) + twist
    u, v, w = x * share, y * share, z * share
    noise = warp.folds(u + 100 * (x > 0), v, w)
    deep = np.float32(SULCUS_DEPTH_MM) * (1 + np.float32(0.33) * warp.strands(v + 37, w, u))
    # Near the base the directions crowd together; there are no sulci there.
    crowded = np.maximum(np.float32(44) - length, 0) * np.float32(0.5)
    scale = np.float32(FOLD_WAVE_MM / 5.2) * np.minimum(length / 66 + np.float32(0.25), 1)
    result.ravel()[near] = noise * scale + np.where(noise > 0, crowded, -crowded)
    floor.ravel()[near] = np.maximum(deep, 5)
    return result, floor


def fissures(p: HeadPlace, spec: HeadSpec) -> F32:
    """Gaps between lobes: interhemispheric and Sylvian fissures with the insula."""
    wide = np.float32(0.55 + 0.95 * spec.atrophy)
    x = np.abs(p.mid)
    radius: F32 = np.hypot(p.y * np.float32(1 / 50), (p.z + 2) * np.float32(1 / 27))
    outside = clipped((radius - 1) * np.float32(28))
    gap = common(wide + np.float32(0.3) - x, outside, tentorium(p) - 1)
    height: F32 = p.z + np.float32(4) - np.float32(0.55) * (p.y + 10) + np.float32(0.14) * (x - 50)
    height += np.float32(2.2) * np.sin(p.y * np.float32(0.17) + p.x * np.float32(0.125))
    lips = common(
        (wide - np.abs(height)) * np.float32(0.85),
        x - np.float32(38),
        p.y + 34,
        np.float32(30) - p.y,
    )
    arc = p.y / np.float32(14)
    ripple = np.float32(1.6) * np.sin(p.z / np.float32(5) + p.y / np.float32(4.5))
    insula = common(
        wide - np.abs(x - np.float32(39) + np.float32(0.7) * arc * arc + ripple),
        p.z + np.float32(12),
        np.float32(18) - p.z,
        p.y + 28,
        np.float32(24) - p.y,
    )
    return clipped(union(gap, lips, insula))


def ventricles(p: HeadPlace, spec: HeadSpec) -> F32:
    """Lateral, third and fourth ventricles."""
    size = spec.ventricles
    x = np.abs(p.mid)
    out = 1.0 + 0.18 * (size - 1)
    front = tube(
        x,
        p.y,
        p.z,
        (
            (11.5 * out, -38, 4),
            (8.5 * out, -24, 9),
            (7.5 * out, -6, 16),
            (11 * out, 16, 18),
            (22, 36, 9),
        ),
        (2.6 * size, 4.6 * size, 4.0 * size, 4.2 * size, 5.4 * size),
    )
    tail = tube(
        x, p.y, p.z, ((22, 36, 9), (26, 50, 5), (22, 66, 3)), (5.0 * size, 3.6 * size, 1.2 * size)
    )
    horn = tube(
        x,
        p.y,
        p.z,
        ((23, 36, 7), (34, 20, -12), (33, 2, -19)),
        (4.6 * size, 1.9 * size, 1.6 * size),
    )
    apart = x - np.float32(0.8)
    sides = common(union(front, tail, horn), apart)
    third = ellipsoid(p.mid, p.y, p.z, (0, 2, -4), (1.6 * size + 0.6, 15, 10))
    aqueduct = capsule(p.x, p.y, p.z, (0, 20, -10), (0, 30, -30), (0.8, 1.2))
    fourth = ellipsoid(p.x, p.y, p.z, (0, 34, -38), (6.5 * size, 4.6 * size, 9 * size))
    return union(sides, third, aqueduct, fourth)


def deep_gray(p: HeadPlace) -> F32:
    """Thalami, caudate and lentiform nuclei."""
    x = np.abs(p.mid)
    thalamus = ellipsoid(x, p.y, p.z, (11.5, 9, 3), (8.5, 15, 9.5), turn_deg=20)
    caudate = ellipsoid(x, p.y, p.z, (14.5, -23, 7), (5.5, 9, 10), turn_deg=-14)
    lens = ellipsoid(x, p.y, p.z, (25.5, -6, 0), (7.5, 18, 11.5), turn_deg=-12)
    return union(thalamus, caudate, lens)


def stem(p: HeadPlace) -> F32:
    """Midbrain, pons, medulla, cord."""
    peduncle = ellipsoid(np.abs(p.x), p.y, p.z, (9, 10, -17), (8, 10, 14), turn_deg=18)
    middle = ellipsoid(p.x, p.y, p.z, (0, 18, -18), (13, 10, 13))
    pons = ellipsoid(p.x, p.y, p.z, (0, 16, -40), (17, 13, 15))
    cord = tube(p.x, p.y, p.z, ((0, 19, -50), (0, 21, -72), (0, 21, -190)), (9, 7, 5.5))
    return rounded_union(rounded_union(union(peduncle, middle), pons, 6), cord, 4)


def cisterns(p: HeadPlace, spec: HeadSpec) -> F32:
    """Wide spaces of CSF at the base."""
    w = 1.0 + 0.35 * spec.atrophy
    x = np.abs(p.x)
    star = union(
        ellipsoid(p.x, p.y, p.z, (0, -13, -23), (11 * w, 8 * w, 8)),
        capsule(x, p.y, p.z, (6, -16, -23), (30, -16, -17), (3.0 * w, 1.6 * w)),
        capsule(p.x, p.y, p.z, (0, -18, -22), (0, -38, -20), (2.6 * w, 1.2 * w)),
    )
    ambient = tube(
        x,
        p.y,
        p.z,
        ((17, 8, -19), (18, 20, -16), (12, 31, -11), (0, 34, -8)),
        (2.2 * w, 2.4 * w, 3 * w, 4.5 * w),
    )
    pontine = ellipsoid(p.x, p.y, p.z, (0, 0, -38), (14 * w, 4 * w, 17))
    angle = capsule(x, p.y, p.z, (16, 10, -42), (32, 16, -40), (4.0 * w, 2.0))
    magna = ellipsoid(p.x, p.y, p.z, (0, 56, -66), (14 * w, 12, 7 * w))
    return union(star, ambient, pontine, angle, magna)


def subdural_layer(p: HeadPlace, depth: F32, spec: HeadSpec) -> F32:
    """Crescent between dura and brain; positive inside."""
    if spec.subdural is None:
        return np.full(depth.shape, -9, dtype=np.float32)
    sign = SIGN[spec.subdural.side]
    along = ((p.y - 0) / np.float32(74)) ** 2 + ((p.z - 14) / np.float32(56)) ** 2
    side = np.clip(p.x * np.float32(sign) / np.float32(30), -1, 1)
    thickness = np.float32(spec.subdural.thickness_mm / spec.scale) * (1 - along) * side
    return clipped(np.minimum(np.minimum(depth, thickness - depth), p.x * np.float32(sign) - 3))


def brain_fields(
    p: HeadPlace, at: tuple[F32, F32, F32], warp: HeadWarp, spec: HeadSpec
) -> dict[str, F32]:
    """Return the signed distances of all that is inside the skull."""
    depth = cavity(p)
    behind = is_behind(p)
    folia = p.z + np.float32(0.35) * p.y + np.float32(0.004) * p.x * p.x
    fold, floor = folding(at, warp, depth)
    fields = {
        "cavity": depth,
        "behind": behind,
        "fold": fold,
        "floor": floor,
        "fissure": fissures(p, spec),
        "ventricle": ventricles(p, spec),
        "deep": deep_gray(p),
        "stem": stem(p),
        "cistern": cisterns(p, spec),
        "tent": tentorium(p),
        "folia": folia,
        "mid": p.x * np.float32(0.6) + p.mid * np.float32(0.4),
        "high": p.z,
        "front": -p.y,
    }
    if spec.subdural is not None:
        fields["subdural"] = subdural_layer(p, depth, spec)
    return fields


def shell_fields(
    p: HeadPlace, cells: F32, fields: dict[str, F32], spec: HeadSpec
) -> dict[str, F32]:
    """Return bone, air and soft tissue around the brain, given the fields inside it."""
    x, y, z = np.abs(p.x), p.y, p.z
    depth = fields["cavity"]
    vault = depth + np.float32(spec.skull_mm) + np.float32(0.7) * cells
    base = union(
        capsule(x, y, z, (14, -2, -36), (46, 26, -36), (11, 13)),
        ellipsoid(p.x, y, z, (0, -14, -38), (20, 20, 13)),
        ellipsoid(x, y, z, (52, 32, -46), (15, 18, 24)),
        ellipsoid(p.x, y, z, (0, -2, -50), (13, 13, 16)),
    )
    is_vault = rounded_common(vault, clipped(z + np.float32(58) + np.float32(0.42) * (y + 20)), 6)
    face = _face_bones(p)
    bone = union(is_vault, base, face)
    eye = ellipsoid(x, y, z, (31, -71, -26), (11.8, 11.8, 11.8))
    orbit = capsule(x, y, z, (31, -70, -26), (15, -34, -26), (17, 5))
    bone = np.minimum(bone, -orbit)
    bone = np.minimum(bone, -(depth))
    skin = _skin(p, depth, spec)
    # Sinuses stay behind skin and bone; the nose is open at its tip.
    air = np.minimum(_air(p, cells), skin - np.where(z > -40, np.float32(5), np.float32(1)))
    return {
        "bone": clipped(bone),
        "air": air,
        "eye": common(eye, skin - np.float32(2)),
        "lens": ellipsoid(x, y, z, (31, -79.5, -26), (4.6, 2.2, 4.6)),
        "orbit": common(orbit, -depth, skin - np.float32(3)),
        "optic": tube(x, y, z, ((31, -66, -26), (22, -48, -25), (13, -32, -24)), (2.2, 1.9, 1.9)),
        "rectus": union(
            tube(x, y, z, ((42, -72, -26), (34, -54, -26), (19, -36, -26)), (1.5, 2.6, 1.2)),
            tube(x, y, z, ((19, -72, -26), (19, -54, -26), (16, -36, -26)), (1.5, 2.4, 1.2)),
        ),
        "skin": skin,
        "chew": union(
            ellipsoid(x, y, z, (62, -24, -18), (8, 26, 34), turn_deg=-14),
            ellipsoid(x, y, z, (50, -30, -72), (9, 18, 34)),
            ellipsoid(x, y, z, (30, -18, -66), (8, 14, 22)),
            ellipsoid(x, y, z, (22, 66, -86), (24, 20, 44)),
            ellipsoid(x, y, z, (26, 34, -96), (16, 20, 44)),
        ),
    }


def _face_bones(p: HeadPlace) -> F32:
    x, y, z = np.abs(p.x), p.y, p.z
    rim = tube(
        x,
        y,
        z,
        (
            (8, -84, -24),
            (20, -86, -9),
            (42, -78, -12),
            (49, -66, -26),
            (40, -74, -46),
            (18, -82, -44),
            (8, -84, -24),
        ),
        (3, 4.5, 4.5, 4, 4.5, 3, 3),
    )
    arch = tube(
        x, y, z, ((46, -68, -38), (60, -48, -42), (66, -20, -42), (62, 2, -42)), (5, 3.4, 3, 4)
    )
    jaw = tube(
        x, y, z, ((54, -6, -52), (50, -8, -84), (44, -28, -108), (8, -78, -118)), (5.5, 4, 5, 7)
    )
    wall = ellipsoid(x, y, z, (30, -60, -58), (20, 22, 22))
    wall = common(wall, np.float32(1.6) - wall)
    palate = common(
        ellipsoid(p.x, y, z, (0, -60, -84), (26, 30, 8)),
        np.float32(2.6) - np.abs(z + np.float32(84)),
    )
    teeth = tube(x, y, z, ((4, -88, -92), (20, -76, -92), (27, -50, -92)), (6, 6, 6))
    septum = common(
        np.float32(0.8) - x, -y - np.float32(36), np.float32(86) + y + 6, -z - 28, z + 82
    )
    side = common(
        np.float32(1.1) - np.abs(x - np.float32(14)), -y - np.float32(40), y + 84, -z - 24, z + 82
    )
    atlas = common(
        np.float32(5) - np.abs(np.hypot(p.x, y - np.float32(20)) - np.float32(20)),
        np.float32(7) - np.abs(z + np.float32(88)),
    )
    dens = capsule(p.x, y, z, (0, 6, -82), (0, 8, -110), (5, 7))
    axis = common(oval(p.x, y - 8, 11.0, 9.0), -z - np.float32(102))
    wing = common(
        np.float32(1.6) - np.abs(y + np.float32(46) - np.float32(0.45) * x),
        x - 16,
        np.float32(58) - x,
        z + 48,
        -z - 8,
    )
    return union(rim, arch, jaw, wall, palate, teeth, septum, side, atlas, dens, axis, wing)


def _air(p: HeadPlace, cells: F32) -> F32:
    x, y, z = np.abs(p.x), p.y, p.z
    maxillary = ellipsoid(x, y, z, (30, -60, -58), (18.0, 20.0, 20.0)) - np.float32(0.8) * cells
    sphenoid = common(ellipsoid(p.x, y, z, (0, -22, -38), (14, 12, 9)), x - np.float32(0.7))
    frontal = ellipsoid(x, y, z, (12, -80, -2), (13, 5.0, 12)) - np.float32(2.2) * cells
    ethmoid = ellipsoid(x, y, z, (8, -58, -28), (6.5, 24, 11))
    ethmoid = common(ethmoid, np.abs(cells) * np.float32(4) - np.float32(0.9))
    nasal = common(
        oval(x - 7, z + np.float32(58), 6.2, 24.0), -y - np.float32(34), y + np.float32(92)
    )
    nasal = common(nasal, np.float32(2.0) - cells * np.float32(2.6))
    throat = tube(p.x, y, z, ((0, -26, -62), (0, -20, -90), (0, -18, -190)), (8, 7, 9))
    mastoid = ellipsoid(x, y, z, (53, 34, -44), (13, 16, 22))
    mastoid = common(mastoid - np.float32(1.5), np.abs(cells) * np.float32(3.4) - np.float32(1.2))
    ear = capsule(x, y, z, (44, 14, -40), (84, 14, -42), (2.6, 3.4))
    return clipped(union(maxillary, sphenoid, frontal, ethmoid, nasal, throat, mastoid, ear))


def _skin(p: HeadPlace, depth: F32, spec: HeadSpec) -> F32:
    x, y, z = np.abs(p.x), p.y, p.z
    upper = depth + np.float32(spec.skull_mm + 6.0)
    upper = np.minimum(upper, clipped(z + np.float32(70)))
    face = ellipsoid(p.x, y, z, (0, -44, -56), (66, 52, 70))
    jaw = ellipsoid(p.x, y, z, (0, -40, -92), (52, 50, 40))
    nose = capsule(p.x, y, z, (0, -93, -30), (0, -103, -60), (6, 10))
    neck = oval(p.x, y - 18, 62.0, 60.0, square=0.3)
    neck = rounded_common(neck, clipped(-z - np.float32(20)), 30)
    cheek = ellipsoid(x, y, z, (50, -30, -50), (22, 40, 40))
    lid = ellipsoid(x, y, z, (30, -70, -26), (19, 15.5, 15))
    ear = ellipsoid(x, y, z, (80, 22, -36), (5, 15, 27), turn_deg=-25)
    whole = rounded_union(rounded_union(rounded_union(upper, face, 14), neck, 14), jaw, 14)
    whole = rounded_union(whole, lid, 5)
    return rounded_union(rounded_union(rounded_union(whole, cheek, 12), nose, 8), ear, 4)
