"""What links and priors say on a viewport: words of the mark and notices of the band."""

from __future__ import annotations

from viewers.qt.words import tr
from viewers.state.linking import LinkKind, LinkMark


def link_words(mark: LinkMark) -> str:
    """Return what a viewport is linked in, for the eye and for screen readers; empty for not."""
    if not mark.kinds:
        return ""
    names = {
        LinkKind.SCROLL: tr("scroll"),
        LinkKind.WINDOW: tr("window"),
        LinkKind.ZOOM: tr("zoom"),
    }
    words = ", ".join(names[kind] for kind in mark.kinds)
    if mark.is_outside:
        return tr("Linked: {0}; the place shown elsewhere is outside these slices").format(words)
    return tr("Linked: {0}").format(words)


def brief_link_words(mark: LinkMark) -> str:
    """Return what must stand beside the mark of a small viewport; empty for nothing."""
    return tr("outside") if mark.kinds and mark.is_outside else ""


def link_notices(mark: LinkMark) -> tuple[tuple[str, str], ...]:
    """Return what the band must say of links that no header vouches for: word and text."""
    found = []
    if mark.by_registration:
        found.append((tr("LINKED BY REGISTRATION"), tr("rigid, not measured")))
    if mark.by_hand:
        text = tr("places match where a reader laid the slices together, not by their headers")
        found.append((tr("LINKED BY HAND"), text))
    return tuple(found)


def prior_words(date: str) -> tuple[str, str]:
    """Return the word and the text of the band of a study that is not the one being reported.

    Args:
        date: of the study, for people; empty where it is not known.
    """
    word = tr("PRIOR {0}").format(date) if date else tr("PRIOR, date not known")
    return word, tr("not the study that is reported")
