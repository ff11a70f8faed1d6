"""What the reader chooses to open: files, a folder, or what is dropped on the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QFileDialog, QWidget

from workstation.ui.words import tr


def ask_files(parent: QWidget) -> tuple[Path, ...]:
    """Ask for files or zips; empty where none was chosen."""
    names, _ = QFileDialog.getOpenFileNames(parent, tr("Open files"))
    return tuple(Path(name) for name in names)


def ask_folder(parent: QWidget) -> tuple[Path, ...]:
    """Ask for a folder, which is read to any depth; empty where none was chosen."""
    name = QFileDialog.getExistingDirectory(parent, tr("Open folder"))
    return (Path(name),) if name else ()


def dropped_paths(mime: QMimeData) -> tuple[Path, ...]:
    """Return the files, folders and zips of this machine that were dropped."""
    return tuple(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())
