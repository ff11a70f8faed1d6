"""Hanging protocols as files: read and written the same; what is wrong is said with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.data import REPOSITORY
from viewers.state.hanging import Attribute, HangingProtocol, HungCell, Operator, Rule
from viewers.state.layout import Layout
from workstation.core.errors import InputRefusedError
from workstation.services.hanging_files import as_toml, read_file, read_text
from workstation.services.hanging_store import HangingStore, free_id
from workstation.services.hanging_table import HangingFileError

OURS = REPOSITORY / "resources" / "hanging_protocols"
PLAIN = """
format = 1
id = "mine"
title = "Mine"
[layout]
name = "1x2"
[[study]]
of = "modality"
is = ["CT"]
[[cells]]
name = "a"
[[cells.series]]
of = "slices"
between = [10, 20]
[[cells]]
name = "b"
same_as = 1
window = "Lung"
"""


@pytest.mark.parametrize("path", sorted(OURS.glob("*.toml")), ids=lambda path: path.stem)
def test_each_of_ours_is_read_written_and_read_the_same(path: Path) -> None:
    made = read_file(path)

    assert made.protocol_id == path.stem
    assert read_text(as_toml(made), path.name) == made


def test_a_free_layout_and_every_field_come_back() -> None:
    text = PLAIN.replace(
        'name = "1x2"', 'name = "free"\ncells = [[0, 0, 0.3, 1], [0.3, 0, 0.7, 1]]'
    )
    text = text.replace(
        'window = "Lung"',
        'window = [40.5, 350]\nplane = "coronal"\nslab = {projection = "mip", thickness_mm = 9.5}\n'
        'zoom = 2.0\nstart = "first"\ninvert = true\nfused = true\nscreen = 1\nneeded = true\n'
        "weight = 0.5",
    ).replace(
        'title = "Mine"',
        'title = "Mine \\"quoted\\" Ä"\ntool = "length"\nenhance = "denoise"\nversion = 7\n'
        'links = ["scroll"]\nkeep_empty = true\nfewest_cells = 2',
    )
    made = read_text(text, "mine.toml")

    assert read_text(as_toml(made), "mine.toml") == made
    assert made.cells[1].view.slab is not None
    assert made.layout.name == "free"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("format = 1", "format = 2", "format"),
        ('id = "mine"', 'id = "../mine"', "id"),
        ('title = "Mine"', "title = 3", "title"),
        ('title = "Mine"', "", "title"),
        ('name = "1x2"', 'name = "9x9"', "layout"),
        ('name = "1x2"', 'name = "1x1"', "cells"),
        ('of = "modality"', 'of = "moodality"', "study[1].of"),
        ('is = ["CT"]', "is = []", "study[1].is"),
        ('is = ["CT"]', 'is = ["CT"]\nhas = ["CT"]', "study[1].of"),
        ('is = ["CT"]', "between = [1, 2]", "study[1].between"),
        ('is = ["CT"]', 'is = ["CT"]\nwage = 2', "study[1].wage"),
        ("between = [10, 20]", "between = [20, 10]", "cells[1].series[1].between"),
        ("between = [10, 20]", 'has = ["ten"]', "cells[1].series[1].has"),
        ("same_as = 1", "same_as = 2", "cells[2].same_as"),
        ('window = "Lung"', 'window = "Lnug"', "cells[2].window"),
        ('window = "Lung"', "window = [40, 0]", "cells[2].window"),
        ('window = "Lung"', "start = 2", "cells[2].start"),
        ('window = "Lung"', "zoom = 1e9", "cells[2].zoom"),
        ('window = "Lung"', 'plane = "oblique"', "cells[2].plane"),
        ('window = "Lung"', 'slab = {projection = "mip"}', "cells[2].slab.thickness_mm"),
        ('title = "Mine"', 'title = "Mine"\nlinks = ["all"]', "links"),
        ('title = "Mine"', 'title = "Mine"\ncolour = "red"', "colour"),
    ],
)
def test_what_is_wrong_is_named_with_file_key_and_what_to_do(old: str, new: str, key: str) -> None:
    with pytest.raises(HangingFileError) as refused:
        read_text(PLAIN.replace(old, new), "mine.toml")

    assert refused.value.key == key
    assert "mine.toml" in str(refused.value)
    assert refused.value.todo


def test_a_file_that_is_no_toml_says_in_which_line() -> None:
    with pytest.raises(HangingFileError, match="line 3"):
        read_text('format = 1\nid = "a"\ntitle = \n', "broken.toml")


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def test_one_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    write(tmp_path / "own", "good.toml", PLAIN)
    write(tmp_path / "own", "bad.toml", PLAIN.replace("format = 1", ""))
    (tmp_path / "own" / "binary.toml").write_bytes(b"\xff\xfe\x00")
    write(tmp_path / "own", "huge.toml", "#" * 300_000)

    loaded = HangingStore(tmp_path / "none", tmp_path / "own").load()

    assert [one.protocol_id for one in loaded.protocols] == ["mine"]
    assert [one.file for one in loaded.problems] == ["bad.toml", "binary.toml", "huge.toml"]


def test_the_readers_protocol_takes_the_place_of_ours_until_it_is_deleted(tmp_path: Path) -> None:
    write(tmp_path / "ours", "mine.toml", PLAIN)
    store = HangingStore(tmp_path / "ours", tmp_path / "own")
    ours = store.load().protocols[0]
    changed = read_text(PLAIN.replace('"Mine"', '"Changed"'), "x")

    store.save(changed)
    in_force = store.load().protocols
    store.delete("mine")

    assert [(one.title, one.is_own) for one in in_force] == [("Changed", True)]
    assert store.load().protocols == (ours,)
    assert store.is_ours("mine")


def test_saving_again_writes_the_same_file_and_leaves_no_other(tmp_path: Path) -> None:
    store = HangingStore(tmp_path / "ours", tmp_path / "own")
    write(tmp_path / "own", "from-a-colleague.toml", PLAIN)

    store.save(store.load().protocols[0])

    assert [path.name for path in (tmp_path / "own").iterdir()] == ["from-a-colleague.toml"]


def test_a_protocol_goes_out_as_a_file_and_comes_in_again(tmp_path: Path) -> None:
    one = HangingStore(tmp_path / "ours", tmp_path / "a")
    other = HangingStore(tmp_path / "ours", tmp_path / "b")
    made = one.save(read_text(PLAIN, "x"))

    one.export(made, tmp_path / "out.toml")
    taken = other.import_file(tmp_path / "out.toml")

    assert taken == made
    assert other.load().protocols == (made,)


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("a file is in the way", "utf-8")
    store = HangingStore(tmp_path / "ours", tmp_path / "own")

    with pytest.raises(InputRefusedError, match="cannot be saved"):
        store.save(read_text(PLAIN, "x"))


def test_equal_rules_of_several_protocols_become_one(tmp_path: Path) -> None:
    rule = Rule(Attribute.MODALITY, Operator.IS, ("MR",), 1.0, is_required=True)
    for name in ("a", "b"):
        cells = (HungCell("x", (rule,)),)
        made = HangingProtocol(name, name, (rule,), Layout.ONE, cells)
        write(tmp_path / "own", f"{name}.toml", as_toml(made))

    first, second = HangingStore(tmp_path / "none", tmp_path / "own").load().protocols

    assert first.rules is second.rules
    assert first.cells[0].rules is second.cells[0].rules


@pytest.mark.parametrize(
    ("title", "made"),
    [("Knie rechts", "knie-rechts"), ("…", "protocol"), ("Mine", "mine-3"), ("Schädel", "schadel")],
)
def test_an_id_is_made_of_the_title_and_is_never_taken(title: str, made: str) -> None:
    assert free_id(title, ["mine", "mine-2"]) == made


@pytest.mark.parametrize(
    "line",
    [
        "window = [0, inf]",
        "window = [nan, 400]",
        "window = [0, 1e-320]",
        f"window = [{'9' * 400}, 1]",
        f"weight = {'9' * 400}",
        'slab = { projection = "mip", thickness_mm = 1e8 }',
    ],
)
def test_a_number_that_cannot_be_shown_is_refused_and_stops_no_other_file(
    line: str, tmp_path: Path
) -> None:
    (tmp_path / "mine.toml").write_text(PLAIN, encoding="utf-8")
    broken = PLAIN.replace('id = "mine"', 'id = "broken"').replace('window = "Lung"', line)
    (tmp_path / "broken.toml").write_text(broken, encoding="utf-8")

    loaded = HangingStore(tmp_path / "none", tmp_path).load()

    assert [one.protocol_id for one in loaded.protocols] == ["mine"]
    assert [one.file for one in loaded.problems] == ["broken.toml"]
