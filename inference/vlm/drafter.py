"""Drafting: measure, look, sort into points, word each point, read it again, refuse what fails.

Runs in the model worker and knows no patient. Nothing of a sentence is ever logged, only how
many were refused and why.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.measure.engine import measure
from inference.packs.manifest import Task
from inference.packs.store import Pack, PackStore
from inference.tasks.draft_findings import DraftRequest, DraftResult, DraftStatement
from inference.tasks.measure import MeasureRequest, MeasureResult
from inference.vlm.decoder import say
from inference.vlm.heads import (
    Detection,
    NetworkSpec,
    detections,
    network_input,
    probability_known,
)
from inference.vlm.image import Sampled, aim, overview, reduce_blocks, sample
from inference.vlm.lexicon import is_absent
from inference.vlm.parser import Reading, refusals
from inference.vlm.points import Planner, Said
from inference.vlm.runtime import LoadedPack
from inference.vlm.templates import UNKNOWN_REGION, not_assessed_text, technique_text
from workstation.core.errors import PackRefusedError
from workstation.core.finding import Evidence, Fact, Region, RegionKind, Side
from workstation.core.geometry import StackGeometry
from workstation.core.job import CancelToken
from workstation.core.provenance import Origin, OriginKind, PackRef

log = logging.getLogger(__name__)

CONTRAST_WORDS = {"FLAIR": ("flair", "dark fluid", "dark-fluid", "darkfluid")}
"""Words of a series description that say its weighting; without one, it is not known."""

MOST_SLICES = 12
"""Slices named as evidence of a detection: those through its box, the middle one first."""

MEASURED_SHARE = 0.7
"""Part of the progress that measuring takes; looking and wording take the rest."""

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Sight:
    """What the image model saw.

    Attributes:
        facts: detected findings at or above their threshold for asking.
        sayable: ids of those at or above their threshold for saying.
    """

    facts: tuple[Fact, ...]
    sayable: frozenset[str]


def draft(
    voxels: NDArray[Any],
    request: DraftRequest,
    packs: PackStore,
    cancel: CancelToken | None = None,
    on_progress: Progress | None = None,
) -> DraftResult:
    """Return facts, statements and questions about one series.

    Args:
        voxels: ``[k, j, i]`` original voxels.
        request: pack, geometry, unit, identity for the evidence.
        packs: the packs of this machine.
        cancel: asked between steps.
        on_progress: called with the done part, 0..1.

    Raises:
        CancelledError: the token was set.
        PackRefusedError: the pack asked for is damaged or no drafting pack.
    """
    started = time.perf_counter()
    token, report = cancel or CancelToken(), on_progress or (lambda _: None)
    measured = measure(
        voxels,
        request.measure,
        cancel=token,
        on_progress=lambda share: report(MEASURED_SHARE * share),
    )
    token.raise_if_cancelled()
    loaded, spec = _choose(request, packs, measured)
    sight = None
    if loaded is not None and spec is not None:
        sight = _see(voxels, request.measure, loaded, spec, measured, token)
    report(0.9)
    if loaded is None or sight is None:
        return _unknown(request.measure, measured, time.perf_counter() - started)
    result = _worded(request.measure, measured, loaded, sight, token)
    report(1.0)
    return replace(result, seconds=time.perf_counter() - started)


def _choose(
    request: DraftRequest, packs: PackStore, measured: MeasureResult
) -> tuple[LoadedPack | None, NetworkSpec | None]:
    """Return the pack, and its network for the region the engine recognized, if there is one."""
    modality = request.measure.modality
    pack = _pack(request.pack_id, packs, modality)
    if pack is None or modality not in pack.manifest.modalities:
        return None, None
    loaded = LoadedPack(pack)
    return loaded, loaded.network_for(measured.region, modality)


def _pack(pack_id: str, packs: PackStore, modality: str) -> Pack | None:
    if pack_id:
        return packs.get(pack_id)
    try:
        return packs.choose(Task.DRAFT_FINDINGS, modality)
    except PackRefusedError:
        # No pack for this modality is no fault: the draft then says that it knows nothing.
        return None


def _see(
    voxels: NDArray[Any],
    request: MeasureRequest,
    loaded: LoadedPack,
    spec: NetworkSpec,
    measured: MeasureResult,
    cancel: CancelToken,
) -> Sight | None:
    """Return what the network sees; None where it does not know the region."""
    seen = look(voxels, request, spec, cancel)
    is_ct = spec.modality == "CT"
    outputs = loaded.look(spec, network_input(seen, spec.channels, is_ct=is_ct))
    cancel.raise_if_cancelled()
    known = probability_known(outputs)
    log.info("drafting: region known %.2f of %.2f needed", known, spec.known_from)
    if known < spec.known_from:
        return None
    found = [
        detection
        for detection in detections(outputs, seen, spec)
        if detection.probability >= detection.head.ask and _is_valid(spec, request.description)
    ]
    first = len(measured.facts) + 1
    facts = [
        _fact(detection, f"f{number}", request, loaded.pack.ref)
        for number, detection in enumerate(found, start=first)
    ]
    sayable = frozenset(
        fact.fact_id
        for fact, detection in zip(facts, found, strict=True)
        if detection.probability >= detection.head.say
    )
    return Sight(tuple(facts), sayable)


def _is_valid(spec: NetworkSpec, description: str) -> bool:
    """Whether the weighting, as far as the description tells, is one the findings are for."""
    if not spec.contrasts:
        return True
    words = [word for name in spec.contrasts for word in CONTRAST_WORDS.get(name, ())]
    return any(word in description.lower() for word in words)


def look(
    voxels: NDArray[Any], request: MeasureRequest, spec: NetworkSpec, cancel: CancelToken
) -> Sampled:
    """Return the cube that a network looks at."""
    is_ct = spec.modality == "CT"
    reduced = reduce_blocks(
        voxels,
        request.geometry,
        spacing_mm=spec.spacing_mm,
        is_ct=is_ct,
        padding=request.intensity.outside,
        check=cancel.raise_if_cancelled,
    )
    whole = overview(reduced)
    cube = aim(whole, spec.shape_zyx, spec.spacing_mm, is_ct=is_ct, is_head=spec.is_head)
    return sample(reduced, cube)


def _fact(detection: Detection, fact_id: str, request: MeasureRequest, pack: PackRef) -> Fact:
    region = Region(RegionKind.BOX, detection.center_mm, detection.size_mm)
    uids = _slices_through(region, request.geometry, request.instance_uids)
    head = detection.head
    # Diffuse findings of a paired organ carry no side of their own; they concern both.
    side = Side.BOTH if head.anatomy == "lung" and not head.has_side else detection.side
    return Fact(
        fact_id=fact_id,
        finding=head.finding,
        anatomy=head.anatomy,
        side=side,
        confidence=round(detection.probability, 3),
        evidence=(Evidence(request.series_uid, uids, region),),
        origin_pack=f"{pack} {pack.digest}",
        is_present=True,
    )


def _slices_through(
    region: Region, geometry: StackGeometry, instance_uids: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the slices through a box, the one through its middle first."""
    center = np.array(region.center_mm)
    middle = float(center @ geometry.normal)
    reach = float(np.abs(geometry.normal) @ np.array(region.size_mm)) / 2
    away = np.abs(geometry.distances_mm - middle)
    order = np.argsort(away, kind="stable")[:MOST_SLICES]
    chosen = [int(k) for k in order if away[k] <= reach] or [int(order[0])]
    return tuple(dict.fromkeys(instance_uids[k] for k in chosen))


def _unknown(request: MeasureRequest, measured: MeasureResult, seconds: float) -> DraftResult:
    """Return the draft of a region nobody knows: technique, and that it is not known."""
    template = Origin(OriginKind.TEMPLATE)
    statements = (
        DraftStatement("s1", "technique", technique_text(request), template),
        DraftStatement("s2", "findings", UNKNOWN_REGION, template),
    )
    return DraftResult(None, measured, measured.facts, statements, (), seconds)


def _worded(
    request: MeasureRequest,
    measured: MeasureResult,
    loaded: LoadedPack,
    sight: Sight,
    cancel: CancelToken,
) -> DraftResult:
    planned = Planner(loaded.kinds, measured.facts, sight.facts, sight.sayable).plan()
    wording = _Wording(loaded)
    kept: list[tuple[Said, str]] = []
    for said in planned:
        cancel.raise_if_cancelled()
        text = wording.sentence(said)
        if text:
            kept.append((said, text))
    wording.log_refusals()
    template = Origin(OriginKind.TEMPLATE)
    prose = [DraftStatement("", "technique", technique_text(request), template)]
    findings = [pair for pair in kept if not pair[0].is_question]
    for section in ("findings", "impression"):
        prose += [
            _statement(said, text, loaded.pack.ref)
            for said, text in findings
            if said.section == section
        ]
        if section == "findings":
            prose.append(_not_assessed(measured.facts))
    questions = [_statement(said, text, loaded.pack.ref) for said, text in kept if said.is_question]
    return DraftResult(
        pack=loaded.pack.ref,
        measured=measured,
        facts=(*measured.facts, *sight.facts),
        statements=_numbered(prose, "s"),
        questions=_numbered(questions, "q"),
        seconds=0.0,
    )


class _Wording:
    """Words points and refuses sentences that say more than their facts. One thread."""

    def __init__(self, loaded: LoadedPack) -> None:
        self._decoder = loaded.decoder()
        self._vocabulary = loaded.vocabulary
        self._refused: Counter[str] = Counter()

    def sentence(self, said: Said) -> str:
        """Return the sentence of a point; empty where there is none or it was refused."""
        text = say(said.point, self._decoder, self._vocabulary)
        if not text:
            return ""
        reasons = refusals(Reading(text, said.point.facts, said.is_question))
        self._refused.update(reason.value for reason in reasons)
        return "" if reasons else text

    def log_refusals(self) -> None:
        """Log how many sentences were refused and why, never their words."""
        for reason, count in self._refused.items():
            log.warning("drafting: %d sentences refused: %s", count, reason)


def _statement(said: Said, text: str, pack: PackRef) -> DraftStatement:
    facts = said.point.facts
    kind = OriginKind.MODEL if said.is_modelled else OriginKind.MEASURED
    evidence = dict.fromkeys(evidence for fact in facts for evidence in fact.evidence)
    return DraftStatement(
        statement_id="",
        section=said.section,
        text=text,
        origin=Origin(kind, pack),
        fact_ids=tuple(fact.fact_id for fact in facts),
        evidence=tuple(evidence),
        confidence=min(fact.confidence for fact in facts),
    )


def _not_assessed(facts: tuple[Fact, ...]) -> DraftStatement:
    """Return the statement of what was not assessed, and of the limits of each negative."""
    told = tuple(f for f in facts if not f.is_assessed or (is_absent(f) and f.reason))
    return DraftStatement(
        statement_id="",
        section="findings",
        text=not_assessed_text(told),
        origin=Origin(OriginKind.TEMPLATE),
        fact_ids=tuple(fact.fact_id for fact in told),
    )


def _numbered(statements: list[DraftStatement], letter: str) -> tuple[DraftStatement, ...]:
    return tuple(
        replace(statement, statement_id=f"{letter}{number}")
        for number, statement in enumerate(statements, start=1)
    )
