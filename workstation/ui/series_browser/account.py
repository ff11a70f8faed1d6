"""The verdict of a series as words in reading order: what the panel shows and the copy holds.

Values and functions only, so that every sentence is tested without a window. Names of files may
identify a patient: they are shown, and left out of :func:`as_text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from viewers.qt.texts import NO_DOUBT_CODES
from workstation.core.geometry import Reformat
from workstation.core.verdict import (
    Answer,
    Doubt,
    MissingSlices,
    SeriesVerdict,
    SetAside,
    StackVerdict,
)
from workstation.ui.words import count_of, spacing_steps, tr

UNITS_OF_NOTHING = frozenset({"color", "gray", "unknown"})
"""Units that carry no quantity: their values are looked at and not measured."""

PLANES_CANNOT = "Other planes cannot be made: "
"""How the reason of a stack begins; the row of the facts has said so much already."""

POSITIONS = {
    "HFS": "head first, supine",
    "HFP": "head first, prone",
    "HFDR": "head first, right side down",
    "HFDL": "head first, left side down",
    "FFS": "feet first, supine",
    "FFP": "feet first, prone",
    "FFDR": "feet first, right side down",
    "FFDL": "feet first, left side down",
}
"""Words for Patient Position (0018,5100). Source: DICOM PS3.3 C.7.3.1.1.2."""

SIDES = {"R": "right side", "L": "left side", "B": "both sides"}
"""Words for Laterality (0020,0060). Source: DICOM PS3.3 C.7.3.1."""

_NAMES_ANOTHER = re.compile(r" \(as (?P<other>.*)\)$")
"""The end of a reason that names another file: the reason is one, the names are many."""


@dataclass(frozen=True, slots=True)
class AsideGroup:
    """Files set aside for one reason.

    Attributes:
        reason: why, as a sentence.
        names: of the files; shown, never logged or copied with the verdict.
    """

    reason: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """A verdict in the words of the panel.

    Attributes:
        title: what the series is called; empty for a study as a whole.
        kind: modality, plane and size.
        received, shown, aside: files; received is the sum of the other two.
        frames: how many images the files hold and show, where that is another number.
        blocked: why nothing may be measured; empty where something may.
        doubts: what is doubted, a sentence each.
        facts: (name, value) pairs.
        calm: what was looked for and not found, as one sentence.
        groups: files set aside.
        stacks: the stacks of the series, where there are several.
        absent: files that the index of the disk lists and that are not there.
        has_gaps: slices are missing between others, so that some may be proposed.
    """

    title: str
    kind: str
    received: int
    shown: int
    aside: int
    frames: str = ""
    blocked: str = ""
    doubts: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    calm: str = ""
    groups: tuple[AsideGroup, ...] = ()
    stacks: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    has_gaps: bool = False

    @property
    def sum_text(self) -> str:
        """Return the three figures as words."""
        words = tr("{0} received, {1} shown, {2} set aside")
        return words.format(f"{self.received:,}", f"{self.shown:,}", f"{self.aside:,}")

    @property
    def doubt_text(self) -> str:
        """Return how much is doubted, in words."""
        if not self.doubts:
            return tr("Nothing is in doubt.")
        return count_of(len(self.doubts), "doubt", "doubts")


def account_of(
    verdict: SeriesVerdict, *, title: str = "", stack: int = 0, linked: int | None = None
) -> Account:
    """Return the account of a series.

    Args:
        verdict: of the series.
        title: what the series is called; its description where empty.
        stack: which of its stacks is on screen, the largest first.
        linked: how many other series of the study share its frame of reference; None where it is
            not known.
    """
    shown = verdict.stacks[stack] if stack < len(verdict.stacks) else None
    facts, calm = ((), "") if shown is None else _facts(verdict, shown, linked)
    return Account(
        title=title or verdict.description or verdict.modality,
        kind=_kind(verdict, shown),
        received=verdict.received,
        shown=verdict.shown,
        aside=len(verdict.set_aside),
        frames=_frames(verdict),
        blocked="" if shown is None else _blocked(verdict, shown),
        doubts=tuple(tr(doubt.text) for doubt in real_doubts(verdict.warnings)),
        facts=facts,
        calm=calm,
        groups=grouped(verdict.set_aside),
        stacks=tuple(map(_stack_text, verdict.stacks)) if len(verdict.stacks) > 1 else (),
        absent=verdict.listed_absent,
        has_gaps=any(one.lower != one.upper for one in verdict.missing),
    )


def real_doubts(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """Return the doubts that put something in doubt, each sentence once."""
    found = {doubt.text: doubt for doubt in doubts if doubt.code not in NO_DOUBT_CODES}
    return tuple(found.values())


def grouped(set_aside: Sequence[SetAside]) -> tuple[AsideGroup, ...]:
    """Return files by the reason for which they were set aside, the most frequent first."""
    names: dict[str, list[str]] = {}
    for aside in set_aside:
        other = _NAMES_ANOTHER.search(aside.reason)
        reason = _NAMES_ANOTHER.sub("", aside.reason)
        same = aside.file
        if other:
            same = tr("{0}  same as {1}").format(aside.file, other["other"])
        names.setdefault(reason, []).append(same)
    found = sorted(names.items(), key=lambda item: -len(item[1]))
    return tuple(AsideGroup(_sentence(tr(reason)), tuple(files)) for reason, files in found)


def missing_text(missing: MissingSlices) -> str:
    """Return which slices are missing, with the name of their stack where there are several."""
    text = tr(missing.text)
    return f"{missing.stack}: {text}" if missing.stack else text


def reformat_text(verdict: SeriesVerdict, stack: StackVerdict) -> str:
    """Return whether other planes can be made, or why not and what is right all the same."""
    match stack.reformat:
        case Reformat.DIRECT:
            return tr("offered, from the slices as they are")
        case Reformat.RESAMPLED:
            return tr("offered, resampled and marked RESAMPLED")
        case Reformat.NONE:
            own = verdict.still_right if verdict.reformat is Reformat.NONE else ""
            right = tr(own or "Scrolling the slices is right.")
            why = tr(stack.reason_not_reformattable.removeprefix(PLANES_CANNOT))
            return f"{tr('not offered')}: {why} {right}"


def as_text(account: Account) -> str:
    """Return the account as lines of text to paste elsewhere; no identity is in it.

    Left out: the free text of the series description, and every name of a file.
    """
    lines = [account.kind, account.sum_text, account.frames, account.blocked]
    lines.append(f"{tr('In doubt')}: {len(account.doubts)}")
    lines += [f"- {doubt}" for doubt in account.doubts]
    lines += [f"{name}: {value}" for name, value in account.facts]
    lines.append(account.calm)
    if account.groups:
        lines.append(f"{tr('Set aside')}:")
    lines += [f"- {len(group.names):,} x {group.reason}" for group in account.groups]
    if account.absent:
        lines.append(count_of(len(account.absent), *_LISTED))
    if account.stacks:
        lines.append(f"{tr('Stacks')}:")
    lines += [f"- {stack}" for stack in account.stacks]
    return "\n".join(line for line in lines if line)


_LISTED = (
    "file is listed by the index of the disk and is not there",
    "files are listed by the index of the disk and are not there",
)


def absent_text(count: int) -> str:
    """Return how many listed files are not there."""
    return count_of(count, *_LISTED)


def _kind(verdict: SeriesVerdict, stack: StackVerdict | None) -> str:
    if stack is None:
        return f"{verdict.modality}  {tr('no images')}".strip()
    plane = "" if stack.orientation == "unknown" else tr(stack.orientation)
    size = f"{stack.columns} x {stack.rows}"
    slices = count_of(stack.slices, "slice", "slices")
    return "  ".join(part for part in (verdict.modality, plane, size, slices) if part)


def _frames(verdict: SeriesVerdict) -> str:
    """Return the number of images, where a file holds more than one."""
    if verdict.frames_received in (0, verdict.received):
        return ""
    shown, received = verdict.frames_shown, verdict.frames_received
    words = tr("{0} of {1} images in these files are shown")
    return words.format(f"{shown:,}", f"{received:,}")


def _blocked(verdict: SeriesVerdict, stack: StackVerdict) -> str:
    has_values = stack.is_unit_trusted and stack.unit not in UNITS_OF_NOTHING
    if has_values or stack.spacing_ij_mm is not None:
        return ""
    why = tr("its values have no unit")
    if stack.unit == "color":
        why = tr("its pixels are colors")
    elif verdict.unit_reason:
        why = tr(verdict.unit_reason)
    start = tr("Nothing is measured on this series: it has no millimeters, and {0}.").format(why)
    return f"{start} {tr('Looking at it is right.')}"


def _facts(
    verdict: SeriesVerdict, stack: StackVerdict, linked: int | None
) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return the rows of facts, and the sentence of what was looked for and not found."""
    in_plane, between = spacing_steps(stack)
    rows = [
        (tr("Order"), tr(verdict.sort_key) if verdict.sort_key else ""),
        (tr("Pixels"), in_plane),
        (tr("Between slices"), between),
        (tr("Unit"), _unit(verdict, stack)),
        (tr("Other planes"), reformat_text(verdict, stack)),
        (tr("Frame of reference"), _linked(verdict, linked)),
    ]
    none = []
    for name, value, absence in _looked_for(verdict, stack):
        if value:
            rows.append((name, value))
        elif absence:
            none.append(absence)
    rows += [
        (tr("Position"), _position(verdict)),
        *((_sentence(tr(e.source)), _expected(e.expected, e.received)) for e in verdict.expected),
        (tr("Stored as"), ", ".join(verdict.transfer_syntaxes)),
    ]
    calm = f"{_sentence(', '.join(none))}." if none else ""
    return tuple((name, value) for name, value in rows if value), calm


def _looked_for(verdict: SeriesVerdict, stack: StackVerdict) -> Iterable[tuple[str, str, str]]:
    """Yield name, value where it was found, and the words for its absence."""
    tilt = f"{stack.tilt_deg:+.1f}\N{DEGREE SIGN}" if stack.tilt_deg else ""
    missing = ". ".join(map(missing_text, verdict.missing))
    if not missing and verdict.missing_positions:
        missing = count_of(verdict.missing_positions, "slice", "slices")
    repeats = count_of(verdict.duplicates, "image", "images") if verdict.duplicates else ""
    lossy = tr("yes, ratio not stated") if verdict.is_lossy else ""
    if verdict.is_lossy and verdict.lossy_ratio is not None:
        lossy = tr("yes, {0} : 1").format(f"{verdict.lossy_ratio:.3g}")
    burned = {
        Answer.YES: tr("yes, it may name the patient"),
        Answer.NO: "",
        Answer.UNKNOWN: tr("not stated by the headers"),
    }[verdict.burned_in]
    yield tr("Gantry tilt"), tilt, tr("no tilt")
    yield tr("Missing"), missing, tr("no missing slices")
    yield tr("Repeated"), repeats, tr("no repeats")
    yield tr("Lossy"), lossy, tr("no lossy compression")
    yield tr("Burned-in text"), burned, tr("no burned-in text")


def _unit(verdict: SeriesVerdict, stack: StackVerdict) -> str:
    if stack.is_unit_trusted:
        said = {"signal": tr("signal, in no physical unit"), "color": tr("colors")}
        usual = stack.unit if stack.unit in UNITS_OF_NOTHING else f"{stack.unit}, {tr('trusted')}"
        return said.get(stack.unit, usual)
    reason = f": {tr(verdict.unit_reason)}" if verdict.unit_reason else ""
    return f"{tr('not trusted')}{reason}"


def _position(verdict: SeriesVerdict) -> str:
    code, side = verdict.patient_position, verdict.laterality
    words = f"{tr(POSITIONS[code])} ({code})" if code in POSITIONS else code
    return ", ".join(part for part in (words, tr(SIDES[side]) if side in SIDES else side) if part)


def _linked(verdict: SeriesVerdict, linked: int | None) -> str:
    if not verdict.frame_of_reference_uid:
        return tr("not stated, so linked to no other series")
    if linked is None:
        return tr("stated")
    if not linked:
        return tr("its own, so linked to no other series")
    return tr("shared with {0} other series").format(linked)


def _expected(expected: int, received: int) -> str:
    return tr("{0}, {1} came").format(f"{expected:,}", f"{received:,}")


def _stack_text(stack: StackVerdict) -> str:
    words = [stack.name or tr("main"), count_of(stack.slices, "slice", "slices")]
    if stack.missing:
        words.append(tr("{0} missing").format(f"{stack.missing:,}"))
    return ", ".join(words)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class StudyAccount:
    """What was received of a whole study, and what came with it and belongs to no series.

    Attributes:
        received, shown, aside: files of its series; received is the sum of the other two.
        groups: the files set aside, of all series.
        homeless: files of the same folder or archive that belong to no series.
    """

    received: int
    shown: int
    aside: int
    groups: tuple[AsideGroup, ...] = ()
    homeless: tuple[AsideGroup, ...] = ()

    @property
    def text(self) -> str:
        """Return the sums as one sentence."""
        words = tr("Study: {0} received, {1} shown, {2} set aside")
        return words.format(f"{self.received:,}", f"{self.shown:,}", f"{self.aside:,}")

    @property
    def homeless_text(self) -> str:
        """Return how many files belong to no series; empty for none."""
        count = sum(len(group.names) for group in self.homeless)
        if not count:
            return ""
        return count_of(count, "more file belongs to no series", "more files belong to no series")


def study_account_of(
    verdicts: Iterable[SeriesVerdict], homeless: Sequence[SetAside]
) -> StudyAccount:
    """Return the account of a study.

    Args:
        verdicts: of all its series, those without images too.
        homeless: what came with it and belongs to no series.
    """
    each = tuple(verdicts)
    aside = [one for verdict in each for one in verdict.set_aside]
    return StudyAccount(
        received=sum(verdict.received for verdict in each),
        shown=sum(verdict.shown for verdict in each),
        aside=len(aside),
        groups=grouped(aside),
        homeless=grouped(homeless),
    )
