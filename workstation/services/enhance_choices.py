"""What can be made of a series by a model, and which packs of this machine do it; light values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from inference.packs.manifest import Task
from inference.packs.store import GateVerdict, PackStore, gate_verdict
from workstation.core.job import Focus
from workstation.core.provenance import PackRef


class EnhanceTask(Enum):
    """What is made of a series."""

    LESS_NOISE = "denoise"
    THINNER = "superres"
    THINNER_4 = "superres-x4"
    FINER = "superres-plane"

    @property
    def is_laid_over(self) -> bool:
        """Whether the result lies on the voxels of the series and is blended with them."""
        return self is EnhanceTask.LESS_NOISE

    @property
    def pack_task(self) -> str:
        """The kind of pack that does it, as manifests call it."""
        task = Task.DENOISE if self.is_laid_over else Task.SUPER_RESOLVE
        return str(task.value)

    @property
    def growth(self) -> int:
        """How many voxels the result has for one of the series."""
        return {"denoise": 1, "superres": 2, "superres-x4": 4, "superres-plane": 4}[self.value]

    @property
    def direction(self) -> str:
        """The direction a pack must make finer, as manifests call it; empty for none."""
        if self.is_laid_over:
            return ""
        return "in_plane" if self is EnhanceTask.FINER else "through_plane"


@dataclass(frozen=True, slots=True)
class EnhanceWish:
    """What is asked for.

    Attributes:
        task: what is made.
        pack_id: by which pack; empty for the best one.
        first_index: slice that is made first.
        focus: where the reader looks while it is made; None where nobody looks.
    """

    task: EnhanceTask
    pack_id: str = ""
    first_index: int = 0
    focus: Focus | None = None


@dataclass(frozen=True, slots=True)
class PackChoice:
    """A model pack of this machine, as a reader has to know it.

    Attributes:
        ref: its name.
        title: what people call it.
        task: kind of pack, e.g. ``denoise``.
        modalities: what it is for, e.g. ``("CT",)``.
        strength: share of the result that is shown first, 0..1.
        failed: gates it failed on this machine; such a pack is never chosen by itself.
        direction: what it makes finer: ``through_plane``, ``in_plane``; empty for nothing.
        is_measured: whether its gates are known; one that is not is never chosen by itself either.
    """

    ref: PackRef
    title: str
    task: str
    modalities: tuple[str, ...]
    strength: float
    failed: tuple[str, ...] = ()
    direction: str = ""
    is_measured: bool = True

    @property
    def is_sound(self) -> bool:
        """Whether it passed its gates, so that it may be taken without being named."""
        return self.is_measured and not self.failed

    def does(self, task: EnhanceTask, modality: str) -> bool:
        """Whether the pack is for a task on a modality."""
        is_kind = self.task == task.pack_task and modality in self.modalities
        return is_kind and self.direction in ("", task.direction)


def pack_choices(store: PackStore) -> tuple[PackChoice, ...]:
    """Return every pack of this machine; reads the disk."""
    failed = store.failed_gates()
    found = []
    for pack in store.packs():
        manifest = pack.manifest
        direction = manifest.input.direction
        found.append(
            PackChoice(
                pack.ref,
                manifest.title,
                manifest.task.value,
                manifest.modalities,
                manifest.output.default_strength,
                failed.get(pack.digest, ()),
                "" if direction is None else direction.value,
                gate_verdict(pack, failed.get(pack.digest)) is not GateVerdict.NOT_MEASURED,
            )
        )
    return tuple(found)


def fitting(
    packs: Sequence[PackChoice], task: EnhanceTask, modality: str
) -> tuple[PackChoice, ...]:
    """Return the packs for a task: those not known to pass their gates last, failed ones behind."""
    found = [pack for pack in packs if pack.does(task, modality)]
    return tuple(sorted(found, key=lambda pack: (bool(pack.failed), not pack.is_measured)))
