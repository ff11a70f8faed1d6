"""Which viewports follow which, and by what: rules and values, without a widget.

Positions mean the same place only inside one frame of reference, through a fit that a reader
accepted, or where a reader has laid two slices onto each other by hand. Slice numbers are never
compared between series. Lengths are mm in the patient, LPS.

Source: DICOM PS3.3 C.7.4.1.1.1 (Frame of Reference UID).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from workstation.core.geometry import nearest
from workstation.core.registration import RigidRegistration

Vector = tuple[float, float, float]

MOST_ANGLE_DEG = 15.0
"""Slices at a larger angle do not follow each other.

80 mm from the middle, at the rim of a head, planes 15 degrees apart are 21 mm apart: the middles
still show the same, and neuro-axial slices still follow plain axial ones of the same patient.
"""


class LinkKind(Enum):
    """What a viewport can follow another one in."""

    SCROLL = "scroll"
    WINDOW = "window"
    ZOOM = "zoom"


class BondKind(Enum):
    """Why positions of one series mean a place in another."""

    FRAME = "frame"
    REGISTRATION = "registration"
    HAND = "hand"


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What the rules have to know of a viewport and its slices.

    Attributes:
        series_uid: the series on show.
        frame_of_reference_uid: where its positions hold; may be empty.
        is_placed: whether its positions mean anything in the patient.
        has_millimetres: whether a length may be given.
        modality, unit: of its values.
        normal: (3,) unit normal of the slices, mm, LPS.
        distances_mm: (n,) place of each slice along the normal.
        reach_mm: how far beyond the first and last slice a point still belongs to them.
        index: the slice on show.
        center_mm: (3,) the point that the reader looks at: the middle of the slice on show.
        slices: the slices themselves, for who made this; the rules do not look at them.
    """

    series_uid: str
    frame_of_reference_uid: str
    is_placed: bool
    has_millimetres: bool
    modality: str
    unit: str
    normal: NDArray[np.float64]
    distances_mm: NDArray[np.float64]
    reach_mm: float
    index: int
    center_mm: NDArray[np.float64]
    slices: object = None


@dataclass(frozen=True, slots=True)
class HandLock:
    """Two series that a reader laid onto each other by hand, without a common frame.

    Attributes:
        one_uid, other_uid: the series.
        shift_mm: from a point of the one to the same place of the other.
    """

    one_uid: str
    other_uid: str
    shift_mm: Vector


@dataclass(frozen=True, slots=True)
class LinkState:
    """What is linked at all. Immutable.

    Attributes:
        kinds: what followers follow in.
        locks: series linked by hand.
        registrations: fits that a reader accepted.
        shows_lines: the lines where other slices cross this one are drawn.
        shows_ends: those of their first and last slices too.
    """

    kinds: frozenset[LinkKind] = field(default_factory=lambda: frozenset({LinkKind.SCROLL}))
    locks: tuple[HandLock, ...] = ()
    registrations: tuple[RigidRegistration, ...] = ()
    shows_lines: bool = True
    shows_ends: bool = False

    def toggled(self, kind: LinkKind) -> LinkState:
        """Return the state with one kind of following on or off."""
        return replace(self, kinds=self.kinds ^ {kind})

    def locked(self, lock: HandLock) -> LinkState:
        """Return the state with two series linked by hand, instead of an earlier lock of both."""
        rest = self.unlocked(lock.one_uid, lock.other_uid).locks
        return replace(self, locks=(*rest, lock))

    def unlocked(self, one_uid: str, other_uid: str) -> LinkState:
        """Return the state without a lock by hand between two series."""
        pair = {one_uid, other_uid}
        rest = tuple(one for one in self.locks if {one.one_uid, one.other_uid} != pair)
        return replace(self, locks=rest)

    def accepted(self, fit: RigidRegistration) -> LinkState:
        """Return the state with a fit in force, instead of an earlier one of the same frames."""
        rest = self.without(fit.fixed_uid, fit.moving_uid).registrations
        return replace(self, registrations=(*rest, fit))

    def without(self, one_uid: str, other_uid: str) -> LinkState:
        """Return the state without a fit between two frames of reference."""
        rest = tuple(fit for fit in self.registrations if not fit.joins(one_uid, other_uid))
        return replace(self, registrations=rest)


@dataclass(frozen=True, slots=True, eq=False)
class Bond:
    """How points of one series become points of another.

    Attributes:
        kind: why they do.
        matrix: (4, 4) float64, rigid, mm, LPS.
    """

    kind: BondKind
    matrix: NDArray[np.float64]

    def carry(self, xyz_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points (..., 3) of the one series in the other."""
        carried: NDArray[np.float64] = xyz_mm @ self.matrix[:3, :3].T + self.matrix[:3, 3]
        return carried

    def turn(self, direction: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return a direction (3,) of the one series in the other."""
        turned: NDArray[np.float64] = self.matrix[:3, :3] @ direction
        return turned


@dataclass(frozen=True, slots=True)
class LinkMark:
    """What a viewport says of its links.

    Attributes:
        kinds: what it follows, or is followed, in; in a fixed order. Empty for not linked.
        is_outside: the place shown elsewhere lies outside its slices, so it stayed.
        by_registration, by_hand: it is linked through a fit, or by hand.
    """

    kinds: tuple[LinkKind, ...] = ()
    is_outside: bool = False
    by_registration: bool = False
    by_hand: bool = False


def bond(leader: Subject, follower: Subject, state: LinkState) -> Bond | None:
    """Return how points of one series become points of another; None where they do not.

    One frame of reference comes first, then a fit the reader accepted, then a lock by hand.
    """
    if not (leader.is_placed and follower.is_placed):
        return None
    here, there = leader.frame_of_reference_uid, follower.frame_of_reference_uid
    is_same_series = leader.series_uid != "" and leader.series_uid == follower.series_uid
    if here == there and (here != "" or is_same_series):
        return Bond(BondKind.FRAME, np.eye(4))
    for fit in state.registrations:
        if fit.joins(here, there):
            return Bond(BondKind.REGISTRATION, fit.between(here, there))
    for lock in state.locks:
        sign = _direction(lock, leader.series_uid, follower.series_uid)
        if sign:
            matrix = np.eye(4)
            matrix[:3, 3] = sign * np.array(lock.shift_mm)
            return Bond(BondKind.HAND, matrix)
    return None


def are_parallel(
    leader: Subject, follower: Subject, through: Bond, within_deg: float = MOST_ANGLE_DEG
) -> bool:
    """Whether two stacks of slices lie nearly the same way in the patient."""
    cosine = abs(float(through.turn(leader.normal) @ follower.normal))
    return cosine >= math.cos(math.radians(within_deg))


def followed_slice(leader: Subject, follower: Subject, through: Bond) -> int | None:
    """Return the slice of a follower nearest to the leader's place; None where it is outside.

    The place is the middle of the leader's slice, carried into the follower and measured along
    the follower's normal.
    """
    depth = float(through.carry(leader.center_mm) @ follower.normal)
    return slice_at(follower, depth)


def slice_at(subject: Subject, depth_mm: float) -> int | None:
    """Return the slice nearest to a depth along the normal; None where it lies outside."""
    distances = subject.distances_mm
    first, last = float(distances.min()), float(distances.max())
    if not first - subject.reach_mm <= depth_mm <= last + subject.reach_mm:
        return None
    at = subject.index if 0 <= subject.index < distances.size else None
    return nearest(np.abs(distances - depth_mm), at)


def shares_window(leader: Subject, follower: Subject) -> bool:
    """Whether a window of one series means the same in another: one modality, one unit."""
    is_named = leader.modality != "" and leader.unit != ""
    same_modality = leader.modality == follower.modality
    return is_named and same_modality and leader.unit == follower.unit


def lock_by_hand(leader: Subject, follower: Subject) -> HandLock | None:
    """Return the lock that lays the slice on show of one series onto that of another.

    None where positions mean nothing in one of them, or their slices do not lie the same way:
    then no length along one of them means anything along the other.
    """
    lies_alike = Bond(BondKind.HAND, np.eye(4))
    if not (leader.is_placed and follower.is_placed and are_parallel(leader, follower, lies_alike)):
        return None
    if not (leader.has_millimetres and follower.has_millimetres):
        return None
    x, y, z = (float(value) for value in follower.center_mm - leader.center_mm)
    return HandLock(leader.series_uid, follower.series_uid, (x, y, z))


def marks_of(subjects: Iterable[Subject], state: LinkState) -> tuple[LinkMark, ...]:
    """Return what each viewport says of its links to the others, in the same order."""
    every = tuple(subjects)
    return tuple(_mark(one, [o for o in every if o is not one], state) for one in every)


def _mark(subject: Subject, others: list[Subject], state: LinkState) -> LinkMark:
    kinds: set[LinkKind] = set()
    bonds: set[BondKind] = set()
    for other in others:
        through = bond(other, subject, state)
        is_along = through is not None and are_parallel(other, subject, through)
        if through is not None and is_along and state.kinds & {LinkKind.SCROLL, LinkKind.ZOOM}:
            kinds |= state.kinds & {LinkKind.SCROLL, LinkKind.ZOOM}
            bonds.add(through.kind)
        elif through is not None and through.kind is not BondKind.FRAME:
            bonds.add(through.kind)
        if LinkKind.WINDOW in state.kinds and shares_window(other, subject):
            kinds.add(LinkKind.WINDOW)
    return LinkMark(
        kinds=tuple(kind for kind in LinkKind if kind in kinds),
        by_registration=BondKind.REGISTRATION in bonds,
        by_hand=BondKind.HAND in bonds,
    )


def _direction(lock: HandLock, from_uid: str, to_uid: str) -> int:
    if (lock.one_uid, lock.other_uid) == (from_uid, to_uid):
        return 1
    return -1 if (lock.other_uid, lock.one_uid) == (from_uid, to_uid) else 0
