"""Hanging protocols: which series goes where, and how it looks there, as frozen values.

A protocol is for studies (its rules), lays out cells (a Layout), and says of each cell which
series it takes (rules again) and how it is shown (a CellView). Rules are weighed, not obeyed: only
those that are required must hold. What a protocol scores, and why, is told by
:mod:`viewers.state.hanging_match`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import TypeAlias

from viewers.state.layout import Layout
from viewers.state.slab import Slab
from viewers.state.view_state import Plane, Tool
from workstation.core.intensity import Window

SHORT_WORD = 4
"""Words of up to four letters ("t1", "cta", "lung") are looked for as words of their own, as German
ends many a word in "lung"; longer ones ("flair", "thorax") also inside others: makers write
"T2FLAIR" and "AngioThorax"."""


class Attribute(StrEnum):
    """What a rule looks at; the value is its name in a file.

    Texts are compared without regard to case, accents and punctuation. ``anatomy`` is body part,
    study, series and protocol name together; ``words`` is everything that names a series: its
    description, protocol, sequence, image type and stack. A text itself, as it is looked up in
    tables tens of thousands of times while a study opens, and texts hash fast.
    """

    MODALITY = "modality"
    BODY_PART = "body_part"
    LATERALITY = "laterality"
    STUDY_DESCRIPTION = "study_description"
    SERIES_DESCRIPTION = "series_description"
    PROTOCOL_NAME = "protocol_name"
    ANATOMY = "anatomy"
    WORDS = "words"
    CONTRAST = "contrast"
    SEQUENCE = "sequence"
    IMAGE_TYPE = "image_type"
    KERNEL = "kernel"
    PLANE = "plane"
    STACK = "stack"
    SLICES = "slices"
    THICKNESS_MM = "thickness_mm"
    B_VALUE = "b_value"
    ECHO_TIME_MS = "echo_time_ms"
    REPETITION_TIME_MS = "repetition_time_ms"
    INVERSION_TIME_MS = "inversion_time_ms"
    TILT_DEG = "tilt_deg"
    AGE_DAYS = "age_days"
    SERIES = "series"
    PRIOR = "prior"
    LOCALIZER = "localizer"
    VOLUME = "volume"
    COLOR = "color"
    RESEARCH = "research"

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers, so that only ``between`` and ``exists`` ask for them."""
        return self in _NUMBERS


_NUMBERS = frozenset(
    {
        Attribute.SLICES,
        Attribute.THICKNESS_MM,
        Attribute.B_VALUE,
        Attribute.ECHO_TIME_MS,
        Attribute.REPETITION_TIME_MS,
        Attribute.INVERSION_TIME_MS,
        Attribute.TILT_DEG,
        Attribute.AGE_DAYS,
        Attribute.SERIES,
    }
)

YES, NO = "yes", "no"
"""Values of the attributes that are a yes or a no: prior, localizer, volume, color, research."""


class Operator(Enum):
    """How a rule compares; the value is its key in a file."""

    IS = "is"
    HAS = "has"
    LACKS = "lacks"
    BETWEEN = "between"
    EXISTS = "exists"


Operand: TypeAlias = tuple[str, ...] | tuple[float, float] | bool


@dataclass(frozen=True)
class Rule:
    """One weighed condition on a study or a series.

    Attributes:
        attribute: what is looked at.
        operator: how it is compared.
        operand: texts for ``is`` (one of them in full), ``has`` (one of them at least) and
            ``lacks`` (none of them); two numbers for ``between``, ends included; a truth for
            ``exists``.
        weight: what it adds to the score where it holds; a negative one counts against.
        is_required: whether nothing fits where it does not hold.
    """

    attribute: Attribute
    operator: Operator
    operand: Operand
    weight: float = 1.0
    is_required: bool = False

    def __post_init__(self) -> None:
        if not _fits(self.attribute, self.operator, self.operand):
            raise ValueError("the rule compares what cannot be compared")

    @cached_property
    def is_on_number(self) -> bool:
        """Whether it compares a number."""
        return self.attribute.is_number

    @cached_property
    def texts(self) -> frozenset[str]:
        """The operand of ``is`` as texts to compare."""
        words = self.operand if isinstance(self.operand, tuple) else ()
        return frozenset(plain(str(word)) for word in words)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The operand of ``has`` and ``lacks`` as one expression over plain text."""
        words = self.operand if isinstance(self.operand, tuple) else ()
        return words_pattern(str(word) for word in words)


@dataclass(frozen=True, slots=True)
class CellView:
    """How a cell shows its series.

    Attributes:
        plane: acquired slices or a reformat.
        window: name of a window of CT, or a window of its own; empty for the one as stored.
        slab: projection; None for single slices.
        zoom: canvas pixels per image pixel; None fits the slice.
        start: place of the first slice on screen, 0 first .. 1 last.
        is_inverted: whether gray is inverted.
        is_enhanced: whether the result of the enhancement that the protocol wishes for is shown;
            without it the result waits behind, and the original is shown.
    """

    plane: Plane = Plane.ACQUIRED
    window: str | Window = ""
    slab: Slab | None = None
    zoom: float | None = None
    start: float = 0.5
    is_inverted: bool = False
    is_enhanced: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.start <= 1:
            raise ValueError("a cell starts between its first and its last slice")


@dataclass(frozen=True, slots=True)
class HungCell:
    """What one cell of the layout takes.

    Attributes:
        name: what people call it ("Lung", "T2").
        rules: which series; the best that fits all required ones is taken.
        view: how it is shown.
        same_as: index of an earlier cell whose series this one shows where it finds none of its
            own (or has no rules); -1 for none.
        is_needed: whether the protocol fits only where this cell finds a series.
        is_fused: whether the series of the cell before is laid over it in color.
        weight: its share among the cells where some stay empty.
        screen: which screen it is on, 0 for the window itself.
    """

    name: str
    rules: tuple[Rule, ...] = ()
    view: CellView = field(default_factory=CellView)
    same_as: int = -1
    is_needed: bool = False
    is_fused: bool = False
    weight: float = 1.0
    screen: int = 0


@dataclass(frozen=True, slots=True)
class HangingProtocol:
    """A way to lay out the studies it is for.

    Attributes:
        protocol_id: stable name, e.g. ``ct-chest``.
        title: words for people.
        rules: which studies it is for.
        layout: places of the cells; its planes say nothing, the cells do.
        cells: one per cell of the layout, in its order.
        version: of the file, counted up when it is changed.
        fewest: so many cells must find a series of their own.
        keeps_empty: whether cells without a series keep their place; else the others close up.
        links: names of what moves together ("scroll", "zoom", "window").
        tool: what the left button does at first; None leaves it.
        enhance: the enhancement that is made of its series behind the reading; it is shown in
            cells that say so, and elsewhere when the reader asks.
        is_own: whether the reader made it; the own one wins at an equal score.
    """

    protocol_id: str
    title: str
    rules: tuple[Rule, ...]
    layout: Layout
    cells: tuple[HungCell, ...]
    version: int = 1
    fewest: int = 1
    keeps_empty: bool = False
    links: tuple[str, ...] = ()
    tool: Tool | None = None
    enhance: str = ""
    is_own: bool = False

    def __post_init__(self) -> None:
        if len(self.cells) != len(self.layout.cells):
            raise ValueError("each cell of the layout has one cell of the protocol")
        for number, cell in enumerate(self.cells):
            if cell.same_as >= number:
                raise ValueError("a cell can only show the series of an earlier one")


LINK_NAMES = ("scroll", "zoom", "window")
"""What cells can do together."""

ENHANCEMENTS = ("denoise", "superres")
"""What a protocol may wish for."""


def _no_texts() -> Mapping[Attribute, str]:
    return MappingProxyType({})


def _no_numbers() -> Mapping[Attribute, float]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class SeriesTraits:
    """What rules can ask about one display set.

    Attributes:
        key: says which one it is, for whoever made it: its row.
        name: what people call it.
        series: which series it is of; display sets of one series share it.
        texts: plain texts by attribute; absent where unknown.
        numbers: by attribute; absent where unknown.
        is_made: whether a model made its pixels; such a series hangs only where no other fits.
    """

    key: int
    name: str
    series: str = ""
    texts: Mapping[Attribute, str] = field(default_factory=_no_texts)
    numbers: Mapping[Attribute, float] = field(default_factory=_no_numbers)
    is_made: bool = False

    def is_yes(self, attribute: Attribute) -> bool:
        """Whether the answer to a yes-or-no attribute is yes."""
        return self.texts.get(attribute) == YES

    @property
    def slices(self) -> float:
        """How many slices it has."""
        return self.numbers.get(Attribute.SLICES, 0.0)


def plain(text: str) -> str:
    """Return a text for comparing: lower case, no accents, punctuation as single spaces."""
    if not text.isascii():
        spread = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
        text = "".join(c for c in spread if not unicodedata.combining(c))
    return " ".join(_BETWEEN_WORDS.sub(" ", text.casefold()).split())


_BETWEEN_WORDS = re.compile(r"[\W_]+")


def words_pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of some words in a plain text, by the rule of short words."""
    return re.compile("|".join(_word_pattern(plain(word)) for word in words) or r"(?!)")


def _word_pattern(word: str) -> str:
    if not word:
        return r"(?!)"
    escaped = re.escape(word)
    if len(word) > SHORT_WORD:
        return escaped
    # "t1" is in "t1w" and not in "t10"; "adc" is in "adc 2" and not in "adcock".
    end = r"(?!\d)" if word[-1].isdigit() else r"(?![^\W\d_])"
    return rf"(?<![^\W_]){escaped}{end}"


def _fits(attribute: Attribute, operator: Operator, operand: Operand) -> bool:
    match operator:
        case Operator.EXISTS:
            return isinstance(operand, bool)
        case Operator.BETWEEN:
            return (
                attribute.is_number
                and isinstance(operand, tuple)
                and len(operand) == 2
                and all(isinstance(end, int | float) for end in operand)
                and operand[0] <= operand[1]  # type: ignore[operator]  # numbers, just checked
            )
        case Operator.IS | Operator.HAS | Operator.LACKS:
            return (
                not attribute.is_number
                and isinstance(operand, tuple)
                and bool(operand)
                and all(isinstance(word, str) and plain(word) for word in operand)
            )
