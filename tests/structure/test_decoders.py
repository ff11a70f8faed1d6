"""Decoder libraries run in the decoder process and nowhere else.

They are C, C++ and Rust that read what nobody vouches for: in the application they could take the
window down. Importing pydicom loads some of them; calling them is what this file looks for.
"""

from __future__ import annotations

import ast

from tests.structure.sources import ROOMS, modules

LIBRARIES = {
    *("openjpeg", "libjpeg", "rle", "jpeg_ls", "pylibjpeg", "PIL", "gdcm", "imagecodecs"),
    *("_openjpeg", "_libjpeg", "_CharLS", "pydicom.pixels", "pydicom.pixel_data_handlers"),
}
"""Modules that decode compressed pixels, or hand them to one that does."""

DECODING_NAMES = {"pixel_array", "iter_pixels", "convert_pixel_data", "get_decoder", "get_frame"}
"""What pydicom and highdicom decode with."""

IN_PROCESSES_OF_THEIR_OWN = {
    "workstation/dicom/decode_process.py",
    "workstation/exchange/research/pictures.py",  # by workstation.exchange.research.process alone
}
IN_PYTHON = {
    "workstation/dicom/segmentation.py",  # native bits, and RLE by pydicom's own plugin
}
ENCODERS = {
    "workstation/exchange/movie_av1.py",
    "workstation/exchange/picture_files.py",
}
"""They turn pixels of ours into files with Pillow, and open none."""

OPENING_NAMES = {"open", "frombytes", "frombuffer", "Parser", "Draft", "register_open"}
"""What Pillow reads a picture with."""


def _is_of(name: str) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in LIBRARIES)


def _imported(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_only_processes_beside_the_application_import_decoder_libraries() -> None:
    users = {
        path.as_posix(): {name for name in _imported(tree) if _is_of(name)}
        for path, tree in modules("workstation", "viewers")
    }

    found = {path for path, names in users.items() if names}
    assert found - ENCODERS == IN_PROCESSES_OF_THEIR_OWN | IN_PYTHON


def test_what_writes_pictures_in_the_application_opens_none() -> None:
    trees = {path.as_posix(): tree for path, tree in modules("workstation")}
    found = {
        (path, node.attr)
        for path in ENCODERS
        for node in ast.walk(trees[path])
        if isinstance(node, ast.Attribute) and node.attr in OPENING_NAMES
    }

    assert found == set()


def test_nobody_asks_pydicom_or_highdicom_to_decode() -> None:
    found = {
        (path.as_posix(), node.attr)
        for path, tree in modules(*ROOMS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in DECODING_NAMES
    }

    assert found == set()
