"""Where all state of this user lives: library, settings, keys, packs.

``PRELIM_HOME`` moves everything to one folder (DESIGN section 4); else it is the place the
platform means for an application's data.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from workstation.core.errors import InputRefusedError

PRIVATE_FOLDER_MODE = 0o700
"""Only the user may look inside: the folder holds keys and the names of patients."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one user's state; ``root`` exists after :meth:`prepared`."""

    root: Path

    @property
    def database(self) -> Path:
        """The study library, one encrypted file."""
        return self.root / "library.db"

    @property
    def keys(self) -> Path:
        """Signing identity and key of the library."""
        return self.root / "keys"

    @property
    def packs(self) -> Path:
        """Model packs the user added."""
        return self.root / "packs"

    @property
    def demo(self) -> Path:
        """The bundled study, once it is made."""
        return self.root / "demo"

    @property
    def settings_file(self) -> Path:
        """Options the user changed."""
        return self.root / "settings.toml"

    def prepared(self) -> Home:
        """Make the root folder, private to the user, and return this home.

        Raises:
            InputRefusedError: it cannot be made.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER_MODE)
        except OSError as error:
            raise InputRefusedError(
                "The folder for settings, keys and packs cannot be made",
                why=error.strerror or "the system refused it",
                todo="Set PRELIM_HOME to a folder that you may write to",
            ) from error
        return self


def home() -> Home:
    """Return the home that the environment names, without making it."""
    named = os.environ.get("PRELIM_HOME")
    return Home(Path(named).expanduser() if named else _platform_folder())


def _platform_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", "~")).expanduser() / "Prelim"
    if sys.platform == "darwin":
        return Path("~/Library/Application Support/Prelim").expanduser()
    return Path(os.environ.get("XDG_DATA_HOME", "~/.local/share")).expanduser() / "prelim"
