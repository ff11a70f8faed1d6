"""Say in words why a hanging protocol fits, and what a rule asks for.

The sentences are whole: places for what was found are numbered, so that every language can put
them where it needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from viewers.state.hanging import Attribute, HungCell, Operator, Rule
from viewers.state.hanging_match import Match, Reason, ReasonKind
from workstation.core.intensity import Window

Translate = Callable[[str], str]

NO_PROTOCOL = "No hanging protocol fits: the largest series is shown."
"""Said where nothing is hung."""

ATTRIBUTE_WORDS: Mapping[Attribute, str] = MappingProxyType(
    {
        Attribute.MODALITY: "modality",
        Attribute.BODY_PART: "body part",
        Attribute.LATERALITY: "side",
        Attribute.STUDY_DESCRIPTION: "study description",
        Attribute.SERIES_DESCRIPTION: "series description",
        Attribute.PROTOCOL_NAME: "scan protocol",
        Attribute.ANATOMY: "body part or description",
        Attribute.WORDS: "name of the series",
        Attribute.CONTRAST: "contrast agent",
        Attribute.SEQUENCE: "sequence",
        Attribute.IMAGE_TYPE: "image type",
        Attribute.KERNEL: "kernel",
        Attribute.PLANE: "plane",
        Attribute.STACK: "name of the stack",
        Attribute.SLICES: "number of slices",
        Attribute.THICKNESS_MM: "slice thickness in mm",
        Attribute.B_VALUE: "b-value",
        Attribute.ECHO_TIME_MS: "TE in ms",
        Attribute.REPETITION_TIME_MS: "TR in ms",
        Attribute.INVERSION_TIME_MS: "TI in ms",
        Attribute.TILT_DEG: "gantry tilt in degrees",
        Attribute.AGE_DAYS: "age of the prior in days",
        Attribute.SERIES: "number of series",
        Attribute.PRIOR: "prior",
        Attribute.LOCALIZER: "localizer",
        Attribute.VOLUME: "reformats are possible",
        Attribute.COLOR: "color",
        Attribute.RESEARCH: "research volume",
    }
)
"""What people call an attribute."""

_RULE_SENTENCES: Mapping[Operator, str] = MappingProxyType(
    {
        Operator.IS: "{0} is {1}",
        Operator.HAS: "{0} has one of {1}",
        Operator.LACKS: "{0} has none of {1}",
        Operator.BETWEEN: "{0} is from {1} to {2}",
    }
)


def reason_text(reason: Reason, say: Translate = str) -> str:
    """Return a reason as a short sentence without a full stop.

    Args:
        reason: it.
        say: translates a sentence.
    """
    match reason.kind:
        case ReasonKind.FILLED:
            sentence = say("{0} of {1} cells find their series")
            return sentence.format(reason.count, reason.total)
        case ReasonKind.RULE:
            name = say(ATTRIBUTE_WORDS[reason.attribute]) if reason.attribute else ""
            if reason.attribute is Attribute.MODALITY:
                return reason.found.upper()
            if reason.attribute is not None and reason.attribute.is_number:
                return say("{0}: {1}").format(name, reason.found)
            if reason.found:
                return say('"{0}" in: {1}').format(reason.found, name)
            return say("As wished: {0}").format(name)


def reasons_text(match: Match, say: Translate = str) -> str:
    """Return the reasons of a match in one line."""
    return "; ".join(reason_text(reason, say) for reason in match.reasons)


def rule_text(rule: Rule, say: Translate = str) -> str:
    """Return what a rule asks for, without a full stop."""
    name, operand = say(ATTRIBUTE_WORDS[rule.attribute]), rule.operand
    if isinstance(operand, bool):
        return say("{0} is stated" if operand else "{0} is not stated").format(name)
    sentence = say(_RULE_SENTENCES[rule.operator])
    if rule.operator is Operator.BETWEEN:
        low, high = operand
        return sentence.format(name, f"{low:g}", f"{high:g}")
    return sentence.format(name, ", ".join(str(word) for word in operand))


def window_text(cell: HungCell) -> str:
    """Return the window of a cell: its name, center / width, or that it is the stored one."""
    window = cell.view.window
    if isinstance(window, Window):
        return f"{window.center:g} / {window.width:g}"
    return window or "as stored"
