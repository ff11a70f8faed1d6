"""The words the checker knows, and how it finds them: whole words, any case, exact places.

English, with the most common German forms of side and negation. Offsets count code points of
the text as it is; nothing is normalized before matching, so a place found is a place on screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from workstation.core.finding import Side

_EDGE = r"(?![\w\u0300-\u036f])"
"""End of a word; a combining mark still belongs to it."""

LEFT_WORDS = r"left(?:[- ]sided)?|links(?:seitig\w*)?|linke[mnrs]?"
RIGHT_WORDS = r"right(?:[- ]sided)?|rechts(?:seitig\w*)?|rechte[mnrs]?"
BOTH_WORDS = (
    r"bilateral(?:ly)?|beidseit\w+|beidseits|"
    r"both\s+(?:lungs|sides|kidneys|hemispheres|hemithoraces|lower\s+lobes|upper\s+lobes)"
)

NAMED_BY_SIDE = (
    r"(?:left|right)[-\s]+(?:atri\w+|ventric\w+|heart|coronary|main|anterior|circumflex|subclavian|"
    r"brachiocephalic|common|hepatic|portal|gastric|colic|bundle|dominan\w+|handed|aortic|"
    r"hemicolectomy|marginal)"
)
"""Names of structures in which the side is part of the name and says nothing of a finding."""

NEGATIONS = (
    r"no|not|non|none|without|absent|absence\s+of|free\s+of|negative\s+for|no\s+longer|resolved|"
    r"rules?\s+out|ruled\s+out|excluded?|never|kein\w*|ohne|nicht"
)
NEGATIONS_BEHIND = (
    r"(?:is|are|was|were|has|have)\s+(?:not|no\s+longer|been\s+excluded|excluded|absent|resolved)|"
    r"not\s+(?:seen|present|identified|visible|demonstrated|evident|detected|found)|"
    r"absent|excluded|resolved|nicht\s+nachweisbar"
)
SCOPE_ENDS = r"but|however|although|though|except|aside\s+from|apart\s+from|aber|jedoch"
"""Words at which a negation before them ends."""

NOT_ASSESSED = (
    r"(?:not|cannot\s+be|could\s+not\s+be|nor|incompletely|only\s+partly)\s+(?:\w+\s+)?"
    r"(?:assess\w*|evaluat\w*|imaged|included|covered|measured|visuali[sz]ed|examined|judged)|"
    r"limited|non-?diagnostic|outside\s+the\s+(?:field|scan)\w*|nicht\s+beurteil\w+"
)
NORMAL_WORDS = (
    r"normal|unremarkable|clear|intact|within\s+normal\s+limits|no\s+abnormalit\w+|"
    r"preserved|unauffällig\w*|regelrecht\w*"
)

MALE_ONLY = (
    r"prostat\w*|seminal\s+vesicles?|testis|testes|testicles?|testicular|scrot\w+|penis|penile|"
    r"spermatic|epididym\w+|vas\s+deferens"
)
FEMALE_ONLY = (
    r"uter(?:us|i|ine)|ovar(?:y|ies|ian)|endometri\w+|myometri\w+|fallopian|adnexa\w*|vagin\w+|"
    r"cervix|hysterectomy|oophorectomy|salping\w+|pregnan\w+|gravid|fibroids?|placenta\w*|vulva\w*"
)

CRITICAL = (
    r"(?:tension\s+)?pneumothora(?:x|ces)|(?:saddle|pulmonary)\s+embol\w+|aortic\s+dissection|"
    r"ruptured\s+(?:\w+\s+)?aneurysm|aortic\s+(?:rupture|transection)|"
    r"(?:intracranial|subdural|epidural|extradural|subarachnoid|intracerebral|intraparenchymal|"
    r"intraventricular)\s+(?:ha?emorrhage|ha?ematoma|bleed\w*|blood)|"
    r"ha?emopericardium|cardiac\s+tamponade|midline\s+shift|(?:uncal|tonsillar|transtentorial|"
    r"subfalcine)\s+herniation|(?:acute|hyperacute)\s+(?:infarct\w*|stroke|isch(?:a)?emia)|"
    r"large\s+vessel\s+occlusion|(?:obstructive|acute)\s+hydrocephalus|free\s+(?:intraperitoneal\s+)?air|"
    r"pneumoperitoneum|portal\s+venous\s+gas|bowel\s+(?:perforation|isch(?:a)?emia|infarction)|"
    r"mesenteric\s+isch(?:a)?emia|(?:spinal\s+)?cord\s+compression|cauda\s+equina|"
    r"(?:ovarian|testicular)\s+torsion|ectopic\s+pregnancy|acute\s+appendicitis|necroti[sz]ing\s+fasciitis|"
    r"active\s+(?:extravasation|bleeding)|unstable\s+(?:spinal\s+)?fracture|"
    r"malpositioned\s+(?:\w+\s+)?(?:tube|catheter|line)|retained\s+(?:foreign\s+body|sponge|instrument)"
)
"""Results that are told to the treating doctor at once. Own list; the idea of such a list: ACR
Practice Parameter for Communication of Diagnostic Imaging Findings, non-routine communications."""

COMMUNICATED = (
    r"communicated|discussed\s+with|notified|informed|telephoned|phoned|relayed|conveyed|"
    r"called\s+(?:to|dr\.?|the)|told\s+(?:to|dr\.?|the)|reported\s+by\s+(?:tele)?phone|"
    r"telefonisch|mitgeteilt|informiert"
)

PLACEHOLDERS = (
    r"\[(?![^\[\]]*\d\s*[/:]\s*\d)[^\[\]]*\]|\*{2,}|_{3,}|\{[^{}]*\}|<[A-Za-z][^<>\d]*>|"
    r"\?{2,}|(?<!\w)(?:X{3,}|TBD|TO-?DO|FIX-?ME)(?!\w)"
)
"""What a template leaves behind; an image reference as [3/45] is not one."""

FINDING_NOUNS = (
    r"pleural\s+effusion|effusion|pneumothorax|consolidation|nodule|mass|atelectasis|fracture|"
    r"ha?ematoma|ha?emorrhage|infarct(?:ion)?|hydronephrosis|cyst|stone|calculus|opacity|thrombus|"
    r"embolus|embolism|collapse|o?edema|lesion|hernia|abscess|emphysema|pneumonia|metastas[ie]s|"
    r"lymphadenopathy|aneurysm|stenosis|occlusion"
)
"""Findings whose side is compared between findings and impression."""

STOP_WORDS = frozenset(
    {"a", "above", "and", "area", "at", "below", "body", "hu", "in", "level", "mean", "of", "on"}
    | {"or", "region", "space", "the", "total", "volume", "with"}
)
"""Words of a fact's name that need not stand in a sentence for it to be meant."""

STEM_CUT = 2
"""Letters that may differ at the end of a word (lung, lungs; body, bodies)."""


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text: code points ``start`` to ``end``."""

    start: int
    end: int


@cache
def words_pattern(alternatives: str) -> re.Pattern[str]:
    """Return the pattern that finds any of the alternatives as whole words, in any case."""
    return re.compile(rf"(?<![\w])(?:{alternatives}){_EDGE}", re.IGNORECASE)


def find_words(text: str, alternatives: str) -> tuple[Span, ...]:
    """Return where any of the alternatives stands, in order."""
    return tuple(Span(*found.span()) for found in words_pattern(alternatives).finditer(text))


def sentences(text: str) -> Iterator[Span]:
    """Give the sentences of a text; a full stop inside a number ends none."""
    start = 0
    for found in re.finditer(r"(?<=[.!?;।؟])\s+|\n+", text):
        if text[start : found.start()].strip():
            yield Span(start, found.start())
        start = found.end()
    if text[start:].strip():
        yield Span(start, len(text))


def is_negated(text: str, sentence: Span, place: Span) -> bool:
    """Whether the words at a place are denied by their sentence.

    A negation before them reaches on to a word such as "but"; one behind them must follow in the
    same clause.
    """
    before = text[sentence.start : place.start]
    for end in words_pattern(SCOPE_ENDS).finditer(before):
        before = " " * end.end() + before[end.end() :]
    if words_pattern(NEGATIONS).search(before):
        return True
    behind = re.split(r"[,;:.]", text[place.end : sentence.end], maxsplit=1)[0]
    return words_pattern(NEGATIONS_BEHIND).search(behind) is not None


def side_words(text: str, sentence: Span) -> Iterator[tuple[Span, Side]]:
    """Give the words of a sentence that say a side, without names such as left ventricle."""
    part = text[sentence.start : sentence.end]
    named = [Span(*found.span()) for found in words_pattern(NAMED_BY_SIDE).finditer(part)]
    for alternatives, side in (
        (LEFT_WORDS, Side.LEFT),
        (RIGHT_WORDS, Side.RIGHT),
        (BOTH_WORDS, Side.BOTH),
    ):
        for found in find_words(part, alternatives):
            if not any(name.start <= found.start < name.end for name in named):
                yield Span(sentence.start + found.start, sentence.start + found.end), side


def mention(text: str, sentence: Span, name: str) -> Span | None:
    """Return where a sentence names a finding or anatomy: all telling words of it, near enough."""
    part = text[sentence.start : sentence.end]
    stems = _stems(name)
    found = [place for stem in stems if (place := stem.search(part)) is not None]
    if not stems or len(found) < len(stems):
        return None
    start, end = min(each.start() for each in found), max(each.end() for each in found)
    return Span(sentence.start + start, sentence.start + end)


@cache
def _stems(name: str) -> tuple[re.Pattern[str], ...]:
    """Return a pattern per telling word of a name; its end may differ by a few letters."""
    every = re.findall(r"[^\W\d_]+", name.casefold())
    words = [word for word in every if word not in STOP_WORDS] or every
    stems = (word[: max(4, len(word) - STEM_CUT)] for word in words)
    return tuple(
        re.compile(rf"(?<!\w){re.escape(stem)}\w{{0,4}}{_EDGE}", re.IGNORECASE) for stem in stems
    )
