"""Test the model packs on this machine: golden cases, then the gates of enhancements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inference.packs.store import GATED, Pack, PackStore
from inference.tasks.gates import GatesRequest, GatesResult
from inference.tasks.golden import GoldenRequest, GoldenResult
from workstation.services.ports import ModelWorkerPort


@dataclass(frozen=True, slots=True)
class MeasuredPacks:
    """What was found.

    Attributes:
        golden: one result per pack.
        gates: one per pack that has them, if gates were measured.
    """

    golden: tuple[GoldenResult, ...]
    gates: tuple[GatesResult, ...]

    @property
    def failed(self) -> tuple[str, ...]:
        """Ids of the packs that do not do here what they promise."""
        wrong = [each.pack.pack_id for each in self.golden if not each.has_passed]
        wrong += [each.pack.pack_id for each in self.gates if not each.has_passed]
        return tuple(dict.fromkeys(wrong))


def measure_packs(
    packs: tuple[Pack, ...],
    *,
    worker: ModelWorkerPort,
    store: PackStore,
    has_gates: bool = True,
    say: Callable[[str], None] = lambda _text: None,
) -> MeasuredPacks:
    """Run the golden case and the gates of each pack, and keep which gates were failed.

    Args:
        packs: which.
        worker: runs the models.
        store: keeps the verdict, so that a pack that failed is not chosen by itself.
        has_gates: whether gates are measured too; they take about a minute per pack.
        say: called with a sentence before each pack.

    Raises:
        PackRefusedError: a pack is damaged.
        WorkerError: the worker failed.
    """
    golden = tuple(worker.run(GoldenRequest(p.manifest.pack_id), None)[0] for p in packs)
    gates = []
    for pack in packs if has_gates else ():
        if pack.manifest.task in GATED:
            say(f"Measuring the gates of {pack.ref}; it takes about a minute.")
            result: GatesResult = worker.run(GatesRequest(pack.manifest.pack_id), None)[0]
            store.note_gates(
                pack.digest, tuple(gate.name for gate in result.gates if not gate.has_passed)
            )
            gates.append(result)
    return MeasuredPacks(golden, tuple(gates))
