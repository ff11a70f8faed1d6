"""A sentence for people that can still be said in another language.

The rooms below the window know no language: they say what they found in English. A
:class:`Sentence` is that text, and remembers what it was made of, so that the window can say it
again from the translated template. Files, logs and the command line take the text as it is.
"""

from __future__ import annotations

from typing import Self


class Sentence(str):
    """An English text that was made of a template and values.

    Args:
        template: words with ``{0}``, ``{1}`` ... where the values go (str.format).
        values: numbers, names, or sentences in their turn.

    Attributes:
        template: as given.
        values: as given.
    """

    __slots__ = ("template", "values")

    template: str
    values: tuple[object, ...]

    def __new__(cls, template: str, *values: object) -> Self:
        """Make the English text; see the class."""
        made = super().__new__(cls, template.format(*values) if values else template)
        made.template = template
        made.values = values
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        """Cross to another process whole."""
        return type(self), (self.template, *self.values)
