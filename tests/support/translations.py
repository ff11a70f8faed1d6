"""Keeps the German catalog: ``python -m tests.support.translations``.

Adds every text of the program that is not in it, marked unfinished and without words; takes out
what no text uses any more; keeps the order of the alphabet, so that changes can be read. With a
JSON file of translations by English text as its argument, it fills those in.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from tests.support.data import REPOSITORY
from tests.support.texts import all_texts

CATALOG = REPOSITORY / "resources" / "i18n" / "de.ts"

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_US">
<context>
    <name>Prelim</name>
"""

FINISHED = """    <message>
        <source>{source}</source>
        <translation>{translation}</translation>
    </message>
"""

UNFINISHED = """    <message>
        <source>{source}</source>
        <translation type="unfinished">{translation}</translation>
    </message>
"""


def stored(path: Path = CATALOG) -> dict[str, str]:
    """Return the translations of a catalog by English text; empty where unfinished."""
    found = {}
    for message in _messages(path):
        source, translation = message.find("source"), message.find("translation")
        assert source is not None
        assert source.text
        assert translation is not None
        is_done = translation.get("type") is None
        found[source.text] = (translation.text or "") if is_done else ""
    return found


def _messages(path: Path) -> list[ElementTree.Element]:
    root = ElementTree.parse(path).getroot()  # noqa: S314 a file of the program's own
    return list(root.iter("message"))


def written(texts: dict[str, str]) -> str:
    """Return a catalog as it stands in the file."""
    messages = []
    for source in sorted(texts, key=lambda text: (text.lower(), text)):
        form = FINISHED if texts[source] else UNFINISHED
        messages.append(form.format(source=escape(source), translation=escape(texts[source])))
    return f"{HEAD}{''.join(messages)}</context>\n</TS>\n"


def main(arguments: list[str]) -> int:
    """Bring the catalog up to date; return 1 where a text has no German yet."""
    known = stored() if CATALOG.exists() else {}
    for path in arguments:
        known |= json.loads(Path(path).read_text("utf-8"))
    needed = all_texts()
    texts = {text: known.get(text, "") for text in needed}
    CATALOG.write_text(written(texts), encoding="utf-8")
    lacking = [text for text, said in texts.items() if not said]
    for text in lacking:
        sys.stdout.write(f"{needed[text]}: {text}\n")
    sys.stdout.write(f"{len(texts)} texts, {len(lacking)} without German\n")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
