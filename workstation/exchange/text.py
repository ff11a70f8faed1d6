"""A report as plain text: UTF-8, one sentence to a line, made from the layout."""

from __future__ import annotations

from workstation.report.layout import INTENDED_USE, ReportLayout

RULE = "-" * 72


def report_text(blocks: ReportLayout) -> str:
    """Return a report as plain text; a copy that is not final says so first and last."""
    parts = [_head(blocks)]
    for block in blocks.sections:
        lines = "\n".join(sentence.marked for sentence in block.sentences)
        parts.append(f"{block.title.upper()}\n{lines}")
    if blocks.ai_share:
        parts.append("\n".join(["HOW THIS REPORT WAS MADE", *blocks.ai_share]))
    parts += ["\n".join(signature.lines) for signature in blocks.signatures]
    parts.append("\n".join([RULE, f"Report {blocks.report_id}", INTENDED_USE]))
    if blocks.notice:
        parts.append(blocks.notice)
    return "\n\n".join(parts) + "\n"


def _head(blocks: ReportLayout) -> str:
    lines = [blocks.notice, ""] if blocks.notice else []
    lines += [blocks.title.upper(), RULE]
    width = max((len(field.label) for field in blocks.fields), default=0) + 1
    lines += [f"{field.label + ':':<{width}} {field.value.reveal()}" for field in blocks.fields]
    return "\n".join([*lines, RULE])
