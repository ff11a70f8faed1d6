"""Where the findings and the branching trees of a chest lie: chosen once, for every grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.chest_anatomy import (
    AORTA_PATH,
    CORONARY_PATH,
    WARP_MM,
    Place,
    Warp,
    bend,
    chest_fields,
    trachea_path,
)
from inference.phantoms.chest_spec import LOBES, ChestSpec, NoduleSpec
from inference.phantoms.grids import F32
from inference.phantoms.lesions import Lesion, lesion
from inference.phantoms.noise import shifted
from inference.phantoms.tubes import Tree, grow, joined
from workstation.core.finding import Side

CLOUD_POINTS = 24_000
"""Random points over the chest from which places and thresholds are taken; about 6,000 fall
into the lungs, so a volume asked for is met to about two percent (the truth is what was drawn)."""

CLOUD_LOW_MM, CLOUD_HIGH_MM = (-150.0, -110.0, -215.0), (150.0, 105.0, 120.0)
"""Box that holds both lungs of the standard adult."""


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """Random points of a chest and what they are in.

    Attributes:
        points_mm: (n, 3) LPS.
        place: the same in the standard adult.
        lung: (n,) signed distance to the lung surface, mm.
        lobe: (n,) index into LOBES.
        wall: (n,) signed distance to the chest wall, mm.
        volume_ml: volume one point stands for.
    """

    points_mm: NDArray[np.float64]
    place: Place
    lung: F32
    lobe: NDArray[np.intp]
    wall: F32
    volume_ml: float


@dataclass(frozen=True, slots=True, eq=False)
class ChestPlan:
    """Everything that is decided before the first pixel is drawn.

    Attributes:
        nodules: nodules with their specification.
        effusions: side -> level of :func:`effusion_score` above which fluid stands.
        emphysema_level: level of :func:`emphysema_score` above which lung is destroyed; inf
            for none.
        vessels: arteries and veins of the lungs.
        airways: trachea and bronchi (inner radius).
        calcium: calcified pieces of the coronary arteries.
    """

    nodules: tuple[tuple[NoduleSpec, Lesion], ...]
    effusions: tuple[tuple[Side, float], ...]
    emphysema_level: float
    vessels: Tree
    airways: Tree
    coronary: Tree | None


def effusion_score(p: Place, lung: F32) -> F32:
    """Height of a point in the order in which fluid fills a supine chest, in mm.

    Dependent (posterior, basal) parts fill first; fluid climbs along the pleura.
    """
    climb = np.float32(9) * np.exp(-np.maximum(lung, 0) / np.float32(7))
    score: F32 = p.y - np.float32(0.28) * p.z + climb
    return score


def emphysema_score(p: Place, patches: F32) -> F32:
    """Order in which lung is destroyed: patchy, upper parts first."""
    score: F32 = patches + np.clip(p.z / np.float32(90), -1, 1) * np.float32(0.45)
    return score


def lobes_at(fields: dict[str, F32], x: F32) -> NDArray[np.intp]:
    """Return the index into LOBES of each point."""
    is_low = fields["oblique"] > 0
    right = np.where(is_low, 2, np.where(fields["horizontal"] > 0, 0, 1))
    return np.where(x < 0, right, np.where(is_low, 4, 3))


def cloud_of(spec: ChestSpec, warp: Warp, rng: np.random.Generator) -> Cloud:
    """Return random points of the chest with what they are in."""
    low, high = np.array(CLOUD_LOW_MM) * spec.scale, np.array(CLOUD_HIGH_MM) * spec.scale
    points = rng.uniform(low, high, (CLOUD_POINTS, 3))
    at = points.astype(np.float32)
    moved = tuple(noise(at[:, 0], at[:, 1], at[:, 2]) for noise in warp.shifts)
    place = bend(at[:, 0], at[:, 1], at[:, 2], (moved[0], moved[1], moved[2]), spec.scale)
    fields = chest_fields(place, spec, np.zeros_like(place.x))
    volume = float(np.prod(high - low)) / 1000 / CLOUD_POINTS
    lobe = lobes_at(fields, place.x)
    return Cloud(points, place, fields["lung"], lobe, fields["wall"], volume)


def plan_chest(
    spec: ChestSpec, warp: Warp, rng: np.random.Generator, *, tree_targets: int
) -> ChestPlan:
    """Return where everything goes.

    Args:
        spec: what is wanted.
        warp: the individual noise.
        rng: source of the places.
        tree_targets: branches per arterial tree; fewer are enough for coarse grids.
    """
    cloud = cloud_of(spec, warp, rng)
    nodules = tuple((wanted, _nodule(wanted, cloud, rng)) for wanted in spec.nodules)
    effusions = tuple((side, _level(cloud, side, ml)) for side, ml in spec.effusion_ml)
    return ChestPlan(
        nodules=nodules,
        effusions=effusions,
        emphysema_level=_emphysema_level(cloud, spec, warp),
        vessels=_vessels(cloud, effusions, warp, rng, tree_targets),
        airways=_airways(cloud, warp, rng),
        coronary=_coronary(spec, warp, rng),
    )


def _nodule(wanted: NoduleSpec, cloud: Cloud, rng: np.random.Generator) -> Lesion:
    in_lobe = np.flatnonzero(cloud.lobe == LOBES.index(wanted.lobe))
    room = cloud.lung[in_lobe] - wanted.diameter_mm / 2
    roomy = in_lobe[room > 2]
    chosen = rng.choice(roomy) if roomy.size else in_lobe[int(room.argmax())]
    stretch = tuple(np.exp(rng.normal(0, 0.08, 3)))
    return lesion(
        cloud.points_mm[chosen],
        wanted.diameter_mm,
        rng,
        roughness=0.05 + 0.07 * wanted.spiculation,
        stretch=(stretch[0], stretch[1], stretch[2]),
    )


def _is_on(side: Side, x: F32) -> NDArray[np.bool_]:
    return np.asarray(x < 0 if side is Side.RIGHT else x > 0)


def _level(cloud: Cloud, side: Side, volume_ml: float) -> float:
    chosen = (cloud.lung > 0) & _is_on(side, cloud.place.x)
    scores = np.sort(effusion_score(cloud.place, cloud.lung)[chosen])[::-1]
    return float(scores[min(int(volume_ml / cloud.volume_ml), scores.size - 1)])


def _emphysema_level(cloud: Cloud, spec: ChestSpec, warp: Warp) -> float:
    if spec.emphysema_percent == 0:
        return float("inf")
    chosen = cloud.lung > 0
    at = cloud.points_mm[chosen].astype(np.float32)
    patches = warp.patches(at[:, 0], at[:, 1], at[:, 2])
    place = Place(cloud.place.x[chosen], cloud.place.y[chosen], cloud.place.z[chosen])
    return float(np.quantile(emphysema_score(place, patches), 1 - spec.emphysema_percent / 100))


def _in_patient(points: object, warp: Warp) -> NDArray[np.float64]:
    wanted = np.asarray(points, dtype=np.float64).reshape(-1, 3)
    return shifted(wanted, warp.shifts, amount_mm=WARP_MM, scale=warp.scale)


def _vessels(
    cloud: Cloud,
    effusions: tuple[tuple[Side, float], ...],
    warp: Warp,
    rng: np.random.Generator,
    count: int,
) -> Tree:
    score = effusion_score(cloud.place, cloud.lung)
    trees = []
    roots = _in_patient([(-40, 4, -14), (46, 8, -8), (-26, 2, -40), (32, 6, -36)], warp)
    for n, side in enumerate((Side.RIGHT, Side.LEFT)):
        is_dry = np.ones(score.size, dtype=bool)
        for wet_side, level in effusions:
            if wet_side is side:
                is_dry = score < level - 2
        lobe_edge = cloud.lung > 2.5
        pool = np.flatnonzero(lobe_edge & is_dry & _is_on(side, cloud.place.x))
        if pool.size < 8:
            continue
        for root, radius, share in ((roots[n], 8.6, 1.0), (roots[n + 2], 7.2, 0.75)):
            size = min(int(count * share), pool.size)
            targets = cloud.points_mm[rng.choice(pool, size, replace=False)]
            thinned = radius * warp.scale * (size / 700) ** 0.12
            trees.append(grow(root, targets, root_radius_mm=thinned, rng=rng))
    return joined(*trees)


def _airways(cloud: Cloud, warp: Warp, rng: np.random.Generator) -> Tree:
    path = _in_patient(trachea_path(), warp)
    radii = np.array([8.0, 8.5, 8.5, 8.2]) * warp.scale
    trees = [Tree(path[:-1], path[1:], radii)]
    forks = ((0, 8, 0), (-18, 9, -14), (-36, 9, -24)), ((0, 8, 0), (22, 10, -13), (46, 14, -26))
    for side, fork in zip((Side.RIGHT, Side.LEFT), forks, strict=True):
        main = _in_patient(fork, warp)
        trees.append(Tree(main[:-1], main[1:], np.array([7.0, 6.0]) * warp.scale))
        pool = np.flatnonzero((cloud.lung > 14) & _is_on(side, cloud.place.x))
        if pool.size < 8:
            continue
        size = min(46, pool.size)
        targets = cloud.points_mm[rng.choice(pool, size, replace=False)]
        trees.append(grow(main[-1], targets, root_radius_mm=4.6 * warp.scale, rng=rng))
    return joined(*trees)


def _coronary(spec: ChestSpec, warp: Warp, rng: np.random.Generator) -> Tree | None:
    if spec.coronary_calcium == 0:
        return None
    path = np.array(CORONARY_PATH)
    path[1:, :2] = path[0, :2] + (path[1:, :2] - path[0, :2]) * spec.heart
    along = np.sort(rng.uniform(0, 2.6, 2 + int(6 * spec.coronary_calcium)))
    low = along.astype(int)
    start = path[low] + (along - low)[:, None] * (path[low + 1] - path[low])
    step = (path[low + 1] - path[low]) / np.linalg.norm(path[low + 1] - path[low], axis=1)[:, None]
    end = start + step * rng.uniform(1.5, 7, along.size)[:, None]
    radii = rng.uniform(0.9, 1.4 + 0.7 * spec.coronary_calcium, along.size)
    return Tree(_in_patient(start, warp), _in_patient(end, warp), radii)


def plaque_score(p: Place, noise: F32) -> F32:
    """Order in which the aortic wall calcifies: patchy, arch and descending part first."""
    arch = np.maximum(
        np.exp(-(((p.z - AORTA_PATH[4][2]) / np.float32(26)) ** 2)),
        np.where((p.y > 15) & (p.z < 20), np.float32(0.75), np.float32(0)),
    )
    score: F32 = noise * np.float32(0.8) + arch
    return score
