"""Colors of both themes, by the contrast formula of WCAG 2.2 (relative luminance)."""

from __future__ import annotations

import pytest

from viewers.qt.palette import Palette
from workstation.ui.theme import THEMES, Theme

GROUNDS = ("ground", "panel", "raised")
"""What words and controls stand on."""

NEUTRALS = ("ground", "panel", "raised", "line", "chosen", "edge", "text", "quiet", "proposed")


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_the_formula_gives_the_figures_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize(
    ("roles", "grounds", "least"),
    [
        (("text",), (*GROUNDS, "chosen"), 7.0),
        (("proposed",), GROUNDS, 7.0),
        (("quiet",), (*GROUNDS, "chosen"), 4.5),
        (("doubt", "accent"), GROUNDS, 4.5),
        (("edge", "blocked"), GROUNDS, 3.0),
        (("measured", "model", "template", "prior"), GROUNDS, 3.0),
    ],
)
def test_every_color_is_seen_on_what_it_stands_on(
    theme: Theme, roles: tuple[str, ...], grounds: tuple[str, ...], least: float
) -> None:
    for role in roles:
        for ground in grounds:
            found = contrast(getattr(theme, role), getattr(theme, ground))
            assert found >= least, f"{role} on {ground}: {found:.2f}"


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_words_are_seen_on_a_selection(theme: Theme) -> None:
    assert contrast(theme.ground, theme.accent) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_greys_have_no_tint(theme: Theme) -> None:
    for role in NEUTRALS:
        color = getattr(theme, role)
        parts = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
        assert max(parts) - min(parts) <= 12, role


def test_images_stand_on_black_and_their_words_are_seen_in_either_theme() -> None:
    palette = Palette()

    assert luminance(palette.canvas) == 0
    assert contrast(palette.text, palette.canvas) >= 7
    assert contrast(palette.text, palette.panel) >= 7
    for color in (palette.accent, palette.doubt, palette.evidence, palette.measure):
        assert contrast(color, palette.canvas) >= 4.5
        assert contrast(color, palette.panel) >= 3


def test_the_dark_theme_has_nothing_as_bright_as_its_words() -> None:
    dark = THEMES["dark"]
    surfaces = [luminance(getattr(dark, role)) for role in (*GROUNDS, "line")]

    assert max(surfaces) < 0.05
