"""Shape of the chest as signed distances: body wall, lungs, mediastinum, upper abdomen.

Coordinates are those of a standard adult in mm, LPS directions, with the carina at the origin;
they are bent by smooth noise, so that nothing is an exact ellipse. Positive is inside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inference.phantoms.chest_spec import ChestSpec
from inference.phantoms.grids import F32
from inference.phantoms.noise import Lattice, lattice
from inference.phantoms.shapes import (
    capsule,
    clipped,
    common,
    ellipsoid,
    oval,
    periodic,
    profile,
    rescaled,
    rounded_common,
    rounded_union,
    tube,
    union,
)

VERTEBRA_PITCH_MM = 24.0
"""Height of a thoracic vertebra with its disc."""

RIB_SLOPE = 0.45
"""How far a rib falls per mm from back to front."""

AORTA_PATH = (
    (-2.0, -22.0, -42.0),
    (-12.0, -30.0, -15.0),
    (-10.0, -30.0, 12.0),
    (-2.0, -22.0, 32.0),
    (10.0, -4.0, 39.0),
    (20.0, 16.0, 32.0),
    (25.0, 30.0, 12.0),
    (25.0, 33.0, -40.0),
    (19.0, 30.0, -110.0),
    (10.0, 22.0, -180.0),
    (6.0, 14.0, -300.0),
)
AORTA_RADII_MM = (15.5, 16.5, 15.5, 14.0, 13.0, 12.5, 12.0, 11.5, 11.0, 10.5, 9.5)
"""Center line and radii of the aorta from the valve to the upper abdomen.

Radii: mean of adults on CT, doi:10.1016/j.jcct.2013.05.017 (ascending 33 mm, descending 24 mm).
"""

CORONARY_PATH = (
    (10.0, -52.0, -30.0),
    (24.0, -66.0, -38.0),
    (40.0, -72.0, -52.0),
    (54.0, -74.0, -70.0),
)
"""Left main and anterior descending artery on the heart's surface."""


@dataclass(frozen=True, slots=True, eq=False)
class Warp:
    """Smooth noise that makes one person differ from the next.

    Attributes:
        shifts: noise that moves x, y and z.
        planes: noise for fat planes and edges of muscles.
        patches: noise for emphysema and the like.
        scale: mm of this person per mm of the standard adult.
    """

    shifts: tuple[Lattice, Lattice, Lattice]
    planes: Lattice
    patches: Lattice
    scale: float


def warp_of(spec: ChestSpec, rng: np.random.Generator) -> Warp:
    """Return the individual noise of a chest."""
    return Warp(
        shifts=(
            lattice(rng, 46, octaves=2),
            lattice(rng, 46, octaves=2),
            lattice(rng, 46, octaves=2),
        ),
        planes=lattice(rng, 36, octaves=1.5),
        patches=lattice(rng, 9, octaves=2.2),
        scale=spec.scale,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Points in the coordinates of the standard adult, bent."""

    x: F32
    y: F32
    z: F32


WARP_MM = 2.6
"""Standard deviation of the bending: enough to break every symmetry, not to fold."""


def bend(x: F32, y: F32, z: F32, shifts: tuple[F32, F32, F32], scale: float) -> Place:
    """Return points of the patient (mm) as points of the bent standard adult."""
    inverse = np.float32(1 / scale)
    amount = np.float32(WARP_MM)
    return Place(
        x * inverse + amount * shifts[0],
        y * inverse + amount * shifts[1],
        z * inverse + amount * shifts[2],
    )


def cage(p: Place) -> F32:
    """Inner surface of the chest wall: two domes that join below the collar bones."""
    z = p.z
    knots = (-230.0, -190.0, -150.0, -100.0, -50.0, 0.0, 40.0, 70.0, 90.0, 105.0, 116.0)
    half = profile(z, knots, (128, 132, 134, 134, 131, 124, 106, 75, 50, 26, 3))
    apart = profile(z, knots, (0, 0, 0, 0, 0, 0, 10, 27, 37, 41, 42))
    depth = profile(z, knots, (88, 92, 95, 95, 92, 86, 74, 58, 43, 26, 4))
    middle = profile(z, knots, (0, 0, 0, -2, -2, 2, 8, 14, 18, 22, 24))
    beside = np.maximum(np.abs(p.x) - apart, 0)
    return oval(beside, p.y - middle, half, depth, square=0.3)


def spine_y(z: F32) -> F32:
    """Place of the vertebral bodies from front to back, with the thoracic curve."""
    return profile(
        z, (-300.0, -230.0, -100.0, 0.0, 70.0, 120.0, 180.0), (30, 36, 47, 52, 44, 28, 8)
    )


def diaphragm(p: Place) -> F32:
    """Height above the domes, shortened to a distance."""
    heights = []
    for x0, y0, top in ((-68.0, -8.0, -92.0), (70.0, -4.0, -106.0)):
        r2 = (p.x - x0) ** 2 + np.float32(0.8) * (p.y - y0) ** 2
        heights.append(np.float32(top) - np.float32(0.0055) * r2 - np.float32(2.6e-6) * r2 * r2)
    dome = rounded_union(heights[0], np.maximum(heights[1], -400), 14.0)
    return clipped((p.z - dome) * np.float32(0.75))


def heart(p: Place, spec: ChestSpec) -> F32:
    """Heart with its pericardial fat."""
    size = spec.heart
    main = ellipsoid(p.x, p.y, p.z, (25, -34, -66), (62 * size, 45 * size, 49 * size), turn_deg=-28)
    right = ellipsoid(p.x, p.y, p.z, (-18, -26, -58), (27 * size, 34 * size, 45 * size))
    left = ellipsoid(p.x, p.y, p.z, (12, 2, -42), (40 * size, 27 * size, 30 * size))
    return rounded_union(rounded_union(main, right, 12), left, 12)


def aorta(p: Place) -> F32:
    """Aorta from the valve to the upper abdomen."""
    return tube(p.x, p.y, p.z, AORTA_PATH, AORTA_RADII_MM)


def great_vessels(p: Place) -> F32:
    """Caval vein, pulmonary trunk and arteries, branches of the arch."""
    x, y, z = p.x, p.y, p.z
    pieces = (
        tube(
            x,
            y,
            z,
            ((-30, -22, -40), (-30, -22, 20), (-28, -24, 60), (-40, -32, 95)),
            (11, 10, 9, 7),
        ),
        tube(x, y, z, ((-28, -24, 58), (10, -40, 66), (45, -30, 92)), (7, 7, 6)),
        tube(
            x, y, z, ((16, -48, -40), (18, -42, -12), (30, -14, -4), (50, 10, -8)), (15, 14, 12, 9)
        ),
        tube(x, y, z, ((20, -26, -8), (-8, -10, -12), (-46, 2, -18)), (12, 11, 9)),
        tube(
            x, y, z, ((-4, -20, 36), (-14, -14, 60), (-28, -6, 110), (-30, 0, 180)), (7, 6.5, 5, 4)
        ),
        tube(x, y, z, ((8, -6, 42), (12, -4, 70), (22, 0, 120), (28, 4, 190)), (4.5, 4, 4, 4)),
        tube(x, y, z, ((17, 8, 38), (26, 12, 70), (44, 8, 104), (100, -10, 112)), (5.5, 5, 5, 4)),
        tube(x, y, z, ((-20, 0, -95), (-16, 8, -140), (-14, 14, -300)), (12, 12, 11)),
    )
    return union(*pieces)


def trachea_path() -> tuple[tuple[float, float, float], ...]:
    """Return the center line of the trachea from the larynx to the carina."""
    return ((0, -22, 190), (0, -10, 130), (1, -2, 80), (0, 6, 30), (0, 8, 0))


def mediastinum(p: Place, spec: ChestSpec, great: F32, aortic: F32, heart_mm: F32) -> F32:
    """All that keeps the lungs apart: heart, great vessels, fat, spine."""
    z = p.z
    width = profile(
        z, (-250.0, -120.0, -60.0, 0.0, 40.0, 80.0, 110.0), (26, 26, 20, 25, 29, 31, 36)
    )
    column = oval(p.x, p.y - spine_y(z) - 10, 24.0, 29.0)
    middle = oval(p.x - 3, p.y - 4, width, 52.0)
    front = clipped(np.minimum(2.6 - np.abs(p.x - 4), -20 - p.y))
    hila = union(
        ellipsoid(p.x, p.y, z, (-36, 6, -16), (17, 15, 20)),
        ellipsoid(p.x, p.y, z, (42, 9, -12), (15, 14, 20)),
    )
    soft = rounded_union(middle, column, 10)
    soft = rounded_union(soft, heart_mm + np.float32(2.5), 8)
    soft = rounded_union(soft, hila, 10)
    soft = rounded_union(soft, aortic + np.float32(1.5), 6)
    return union(soft, front, great + np.float32(1.0))


def lungs(wall: F32, dome: F32, middle: F32) -> F32:
    """Both lungs with rounded edges."""
    inside = rounded_common(wall - np.float32(1.5), dome, 5)
    return rounded_common(inside, -middle, 5)


def oblique_fissure(p: Place) -> F32:
    """Signed distance to the oblique fissures, positive in the lower lobes."""
    bow = np.float32(6) * np.sin(p.x / np.float32(38))
    return clipped((np.float32(-42) + np.float32(1.05) * p.y - p.z + bow) * np.float32(0.69))


def horizontal_fissure(p: Place) -> F32:
    """Signed distance to the right horizontal fissure, positive above it."""
    return clipped(p.z + np.float32(24) + np.float32(0.0016) * (p.x + 70) ** 2)


def body(p: Place, spec: ChestSpec) -> F32:
    """Skin: trunk with flat back, shoulders of raised arms, breasts."""
    fat = np.float32(spec.fat_mm - 14)
    knots = (-240.0, -150.0, -60.0, 0.0, 50.0, 85.0, 120.0, 150.0, 190.0)
    half = profile(p.z, knots, (160, 164, 168, 173, 184, 198, 204, 200, 150)) + fat
    depth = profile(p.z, knots, (118, 120, 118, 114, 106, 96, 88, 82, 72)) + np.float32(0.9) * fat
    middle = profile(p.z, knots, (0, 0, 0, 2, 6, 10, 14, 16, 14)) - np.float32(0.35) * fat
    trunk = oval(p.x, p.y - middle, half, depth, square=0.34)
    if spec.breast > 0:
        size = 40 + 26 * spec.breast
        for x0 in (-78.0, 78.0):
            lump = ellipsoid(
                p.x, p.y, p.z, (x0, -86 - 0.5 * spec.fat_mm, -42), (size, size * 0.75, size)
            )
            trunk = rounded_union(trunk, lump, 16)
    groove = np.float32(7) * np.exp(-((p.x / 22) ** 2)) * (p.y > 60)
    return trunk - groove


def muscles(p: Place, spec: ChestSpec, wall: F32, planes: F32) -> F32:
    """Muscle of the chest wall, back and shoulder girdle, before fat planes are cut."""
    x, y, z = np.abs(p.x), p.y, p.z
    m = spec.muscle
    shell = wall + np.float32(11 + 3 * m) + np.float32(2) * planes
    pieces = (
        ellipsoid(x, y, z, (78, -84, 38), (66, 15 * m, 52), turn_deg=18),
        ellipsoid(x, y, z, (62, -74, 50), (44, 12 * m, 40), turn_deg=20),
        ellipsoid(x, y, z, (140, 32, 26), (19 * m, 56, 96), turn_deg=-12),
        ellipsoid(x, y, z, (138, 10, 95), (42 * m, 44, 52)),
        ellipsoid(x, y, z, (96, 78, 40), (58, 17 * m, 70), turn_deg=-24),
        ellipsoid(x, y, z, (60, 92, 80), (70, 12 * m, 70), turn_deg=-8),
        oval(x - 30, y - spine_y(z) - 42, np.float32(29), np.float32(20 * m)),
        oval(x, y - spine_y(z) - 14, np.float32(38), np.float32(42)),
        capsule(x, y, z, (14, -12, 105), (16, -2, 210), (24, 30)),
    )
    soft = shell
    for piece in pieces:
        soft = rounded_union(soft, piece.astype(np.float32), 4)
    return soft


def ribs(p: Place, wall: F32) -> tuple[F32, F32]:
    """Ribs and the costal cartilages that continue them in front."""
    fall = p.z + np.float32(RIB_SLOPE) * (np.float32(70) - p.y)
    fall = fall + np.float32(0.34) * np.maximum(np.abs(p.x) - 30, 0)
    across = periodic(fall, VERTEBRA_PITCH_MM) * np.float32(0.87)
    through = wall + np.float32(6.2)
    ring = np.sqrt((across / np.float32(6.2)) ** 2 + (through / np.float32(3.6)) ** 2)
    bar = (1 - ring) * np.float32(4.4)
    x = np.abs(p.x)
    behind = common(bar, x - np.float32(26), np.maximum(x - 74, p.y + 30))
    edge = np.minimum(np.float32(74) - x, -np.float32(30) - p.y)
    front = common(bar + np.float32(1.0), edge, x - np.float32(15), p.z + np.float32(130))
    return clipped(behind), clipped(front)


def breastbone(p: Place, wall: F32) -> F32:
    """Sternum with a wider manubrium."""
    half = profile(p.z, (-90.0, -70.0, 30.0, 50.0, 75.0), (9, 17, 14, 24, 28))
    plate = np.float32(5.2) - np.abs(wall + np.float32(9.5))
    height = np.minimum(p.z + np.float32(92), np.float32(72) - p.z)
    return clipped(common(plate, half - np.abs(p.x), height, -p.y))


def girdle(p: Place) -> F32:
    """Collar bones, shoulder blades, heads of the raised humeri."""
    x, y, z = np.abs(p.x), p.y, p.z
    blade = ellipsoid(x, y, z, (112, 66, 36), (46, 5.0, 66), turn_deg=-28)
    ridge = capsule(x, y, z, (82, 84, 66), (150, 42, 106), (4.0, 7.0))
    collar = tube(
        x, y, z, ((22, -58, 66), (60, -58, 84), (100, -28, 104), (142, 0, 112)), (8, 6, 6, 7)
    )
    socket = capsule(x, y, z, (132, 30, 84), (140, 26, 92), (12, 13))
    humerus = ellipsoid(x, y, z, (166, 18, 108), (23, 23, 24))
    shaft = capsule(x, y, z, (168, 16, 118), (182, 0, 240), (17, 13))
    return union(blade, ridge, collar, socket, humerus, shaft)


def vertebrae(p: Place) -> tuple[F32, F32, F32]:
    """Vertebrae, discs, spinal canal."""
    back = p.y - spine_y(p.z)
    level = periodic(p.z + np.float32(0.12) * back, VERTEBRA_PITCH_MM)
    height = np.abs(level)
    waist = np.float32(0.03) * level * level - np.float32(1.2)
    column = oval(p.x, back, 17.0, 14.0, square=0.4)
    column = column + np.minimum(waist, np.float32(1.2))
    block = common(column, np.float32(9.8) - height)
    disc = common(column, height - np.float32(9.8))
    canal_r = np.hypot(p.x / np.float32(1.15), back - np.float32(22))
    canal = np.float32(8.8) - canal_r
    arch = common(np.float32(3.4) - np.abs(canal_r - np.float32(12)), np.float32(8.5) - height)
    x = np.abs(p.x)
    wing = common(
        np.float32(4.6) - np.hypot(back - np.float32(20) - np.float32(0.25) * x, level - 3),
        np.float32(33) - x,
        x - np.float32(9),
    )
    thorn_level = periodic(p.z + np.float32(0.65) * back, VERTEBRA_PITCH_MM)
    thorn = common(
        np.float32(3.4) - x,
        np.float32(58) - back,
        back - np.float32(30),
        np.float32(6.5) - np.abs(thorn_level),
    )
    bone = union(block, arch, wing, thorn)
    return clipped(np.minimum(bone, canal_r - np.float32(8.8))), clipped(disc), clipped(canal)


def abdomen(p: Place, wall: F32, dome: F32) -> dict[str, F32]:
    """Liver, spleen and stomach (with its gas) under the domes."""
    under = common(wall - np.float32(3), -dome - np.float32(3.5))
    edge = np.float32(52) - p.x - np.float32(0.55) * np.maximum(-p.z - 105, 0)
    liver = rounded_common(under, clipped(edge * np.float32(0.85)), 8)
    liver = rounded_common(liver, np.float32(40) - oval(p.x, p.y - 40, 36.0, 48.0) - 40, 8)
    spleen = rounded_common(
        under, ellipsoid(p.x, p.y, p.z, (94, 44, -152), (32, 44, 46), turn_deg=30), 4
    )
    stomach = rounded_common(
        under, ellipsoid(p.x, p.y, p.z, (58, -18, -152), (46, 46, 44), turn_deg=-15), 4
    )
    gas = common(stomach - np.float32(4), -p.y - np.float32(34))
    return {"liver": liver, "spleen": spleen, "stomach": stomach, "gas": gas}


def chest_fields(p: Place, spec: ChestSpec, planes: F32) -> dict[str, F32]:
    """Return every signed distance of a chest at the given points."""
    wall = cage(p)
    aortic = aorta(p)
    great = great_vessels(p)
    heart_mm = heart(p, spec)
    dome = diaphragm(p)
    middle = mediastinum(p, spec, great, aortic, heart_mm)
    behind, cartilage = ribs(p, wall)
    spine, disc, canal = vertebrae(p)
    bone = union(behind, breastbone(p, wall), girdle(p), spine)
    fields = {
        "body": body(p, spec),
        "muscle": muscles(p, spec, wall, planes),
        "wall": wall,
        "lung": lungs(wall, dome, middle),
        "dome": dome,
        "heart": heart_mm,
        "aorta": aortic,
        "great": great,
        "bone": bone,
        "cartilage": cartilage,
        "disc": disc,
        "canal": canal,
        "oblique": oblique_fissure(p),
        "horizontal": horizontal_fissure(p),
        "gullet": tube(
            p.x, p.y, p.z, ((2, 12, 160), (8, 24, 60), (8, 26, -30), (14, 18, -110)), (6, 7, 7, 8)
        ),
        **abdomen(p, wall, dome),
    }
    return rescaled(fields, spec.scale)
