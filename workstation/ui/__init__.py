"""The PySide6 shell."""
