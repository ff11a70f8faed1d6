"""Commands that link viewports, compare with a prior and fit series to each other."""

from __future__ import annotations

from workstation.ui.command import Command, Context, Menu

_S, _VIEW, _STUDY = Context.STUDY, Menu.VIEW, Menu.STUDY

LINK_COMMANDS: tuple[Command, ...] = (
    Command(
        "link_scroll", "Link scrolling", ("Alt+S",), _S, _VIEW, "links.toggle", "scroll",
        is_checkable=True,
    ),
    Command(
        "link_window", "Link windows", ("Alt+W",), _S, _VIEW, "links.toggle", "window",
        is_checkable=True,
    ),
    Command(
        "link_zoom", "Link zoom and place", ("Alt+Z",), _S, _VIEW, "links.toggle", "zoom",
        is_checkable=True,
    ),
    Command("link_here", "Link by hand from here", ("Alt+H",), _S, _VIEW, "links.lock_here"),
    Command(
        "reference_lines", "Lines of other slices", ("Alt+L",), _S, _VIEW, "links.toggle_lines",
        is_checkable=True,
    ),
    Command(
        "reference_ends", "Lines of first and last slices", ("Alt+Shift+L",), _S, _VIEW,
        "links.toggle_ends", is_checkable=True,
    ),
    Command("priors", "Compare with a prior", ("F8",), _S, _STUDY, "links.show_priors"),
    Command("fit_series", "Fit the two series on show", ("Shift+F8",), _S, _STUDY, "links.fit"),
    Command("localize", "Show this point everywhere", ("Shift+X",), _S, _VIEW, "links.localize"),
)  # fmt: skip
"""In the order menus and key help show them."""
