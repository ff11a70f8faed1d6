"""The words a drafted sentence may hold, and which fact licenses which of them.

The lexicon belongs to the program, not to a pack: a pack can bring other patterns and weights,
it cannot bring words. Words of degree and judgement (small, severe, acute, normal) are left out
on purpose: no fact holds them. The names of the findings are those of ``measure.vocabulary``
and of the finding heads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workstation.core.finding import Fact, Side


@dataclass(frozen=True, slots=True)
class TermEntry:
    """How one finding is named.

    Attributes:
        finding: as facts write it.
        terms: phrases of which one must occur; lower case, digits left out.
        words: further words that the finding licenses.
        zero_is_absence: whether a measured value of 0 says that the finding is absent.
    """

    finding: str
    terms: tuple[str, ...]
    words: frozenset[str]
    zero_is_absence: bool = False


SIDE_WORDS = frozenset({"right", "left", "both", "bilateral", "midline"})
"""Words that claim a side."""

NEGATIONS = frozenset({"no", "not", "without", "absent", "none", "never", "neither", "nor", "free"})
"""Words that turn a claim into its opposite."""

QUESTION_WORDS = frozenset(
    {"possible", "question", "please", "check", "correct", "suspected", "could"}
)
"""Words of doubt: they may stand in a question, never in prose."""

FUNCTION_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "there",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "has",
        "have",
        "of",
        "in",
        "on",
        "at",
        "and",
        "with",
        "to",
        "from",
        "by",
        "for",
        "as",
        "it",
        "its",
        "each",
        "than",
        "over",
        "above",
        "below",
        "within",
        "inside",
        "where",
        "which",
        "measures",
        "measured",
        "measuring",
        "measurement",
        "amounts",
        "amount",
        "total",
        "seen",
        "identified",
        "found",
        "present",
        "shown",
        "noted",
        "detected",
        "visible",
        "or",
        "sides",
        "lies",
        "extends",
        "occupies",
        "involves",
        "involving",
        "value",
        "mean",
        "estimated",
        "computed",
        "evaluable",
        "side",
        "threshold",
        "overall",
        "together",
        "respectively",
        "unit",
        "share",
        "images",
        "image",
        "series",
        "study",
        "these",
        "does",
        "exceeds",
    ]
)
"""Plain words that claim nothing about a patient."""

THRESHOLDS: Mapping[str, str] = MappingProxyType(
    {
        "low-attenuation area below -950 HU": "-950 HU",
        "calcium volume above 130 HU": "130 HU",
    }
)
"""The constant that belongs to the name of a finding; it is written, never measured."""

_SIDES: Mapping[Side, str] = MappingProxyType(
    {
        Side.LEFT: "left",
        Side.RIGHT: "right",
        Side.BOTH: "both",
        Side.MIDLINE: "",
        Side.NONE: "",
    }
)


def _entry(
    finding: str, terms: str, words: str = "", *, zero_is_absence: bool = False
) -> TermEntry:
    phrases = tuple(term.strip() for term in terms.split("|"))
    licensed = {word for phrase in phrases for word in phrase.split()} | set(words.split())
    return TermEntry(finding, phrases, frozenset(licensed), zero_is_absence)


_ENTRIES = (
    _entry("lung volume", "lung volume|volume of the lung|volume", "lung lungs"),
    _entry(
        "low-attenuation area below -950 HU",
        "low-attenuation area|low-attenuation lung|low attenuation|low-attenuation",
        "lung lungs parenchyma volume",
    ),
    _entry(
        "mean lung density",
        "lung density|mean density|mean attenuation",
        "lung lungs density attenuation",
    ),
    _entry("pleural effusion", "pleural effusion|pleural fluid", "volume", zero_is_absence=True),
    _entry("lung nodule", "nodule|nodular opacity", "lung pulmonary mass diameter"),
    _entry(
        "calcium volume above 130 HU",
        "calcium volume|calcification volume|calcium|calcification",
        "arterial aortic coronary volume wall arteries aorta",
        zero_is_absence=True,
    ),
    _entry(
        "trabecular attenuation",
        "trabecular attenuation|vertebral attenuation",
        "vertebra vertebral body bodies bone attenuation",
    ),
    _entry("intracranial volume", "intracranial volume", "space volume"),
    _entry("brain volume", "brain volume", "brain volume"),
    _entry(
        "ventricle volume",
        "ventricle volume|ventricular volume|cerebral ventricles|ventricles",
        "cerebral volume",
    ),
    _entry(
        "hyperdense volume",
        "hyperdense volume|hyperdensity|hyperdense area",
        "intracranial space volume area hemorrhage",
        zero_is_absence=True,
    ),
    _entry("emphysema", "emphysema|emphysematous", "change lung lungs pattern"),
    _entry(
        "arterial calcification",
        "arterial calcification|calcified plaque",
        "aorta coronary arteries aortic",
    ),
    _entry("intracranial hemorrhage", "intracranial hemorrhage|hemorrhage", "hyperdense blood"),
    _entry(
        "ventricular enlargement",
        "enlarged ventricles|ventricular enlargement",
        "cerebral ventricles",
    ),
    _entry(
        "white-matter hyperintensities",
        "white-matter hyperintensities|white-matter hyperintensity",
        "cerebral white matter",
    ),
)

TERMS: Mapping[str, TermEntry] = MappingProxyType({entry.finding: entry for entry in _ENTRIES})
"""Every finding a sentence may name."""


def terms_of(finding: str) -> TermEntry | None:
    """Return how a finding is named; None where no sentence may name it."""
    return TERMS.get(finding)


def side_word(fact: Fact) -> str:
    """Return the word of a fact's side; empty where it has none or lies in the middle."""
    return _SIDES[fact.side]


def anatomy_words(fact: Fact) -> tuple[str, ...]:
    """Return the words of a fact's anatomy, lower case, without any side."""
    words = re.findall(r"[^\s,;]+", fact.anatomy.lower())
    return tuple(word for word in words if word not in SIDE_WORDS)


def is_absent(fact: Fact) -> bool:
    """Whether a fact says that its finding is absent: said so, or measured as zero."""
    if not fact.is_assessed:
        return False
    entry = terms_of(fact.finding)
    measured_zero = entry is not None and entry.zero_is_absence and fact.value == 0
    return fact.is_present is False or measured_zero
