"""The panel of priors: earlier studies of the patient, and how two series are fitted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from workstation.ui.registration_box import RegistrationBox
from workstation.ui.widgets import button, clear, column, empty_notice, frame, label, rule, scrolled
from workstation.ui.words import tr


@dataclass(frozen=True, slots=True)
class PriorLine:
    """One study that may stand beside the one being read, in words.

    Attributes:
        study_uid: which.
        title: date, description and modalities.
        doubts: what differs from the patient being read, a sentence each.
        why_not: why it is not compared; empty where it may be.
        is_shown: it stands in the rail already.
    """

    study_uid: str
    title: str
    doubts: tuple[str, ...] = ()
    why_not: str = ""
    is_shown: bool = False


class PriorPanel(QWidget):
    """Owned by the UI thread.

    Args:
        compare: shows a study beside the one being read, by its UID.
        box: fits two series to each other.
    """

    def __init__(self, compare: Callable[[str], None], box: RegistrationBox) -> None:
        super().__init__()
        self._compare = compare
        self.buttons: dict[str, QPushButton] = {}
        self.message = label("", "quiet", wraps=True)
        content = QWidget()
        inside = column(content, margin=3, gap=3)
        self._list = column(gap=2)
        inside.addLayout(self._list)
        inside.addWidget(self.message)
        inside.addWidget(rule())
        inside.addWidget(label(tr("Fit two series"), "strong"))
        inside.addWidget(box)
        inside.addStretch(1)
        column(self).addWidget(scrolled(content))
        self.setAccessibleName(tr("Priors"))
        self.message.hide()
        self.show_lines(())

    def show_lines(self, lines: Sequence[PriorLine]) -> None:
        """List the studies, newest first."""
        clear(self._list)
        self.buttons = {}
        if not lines:
            self._list.addWidget(
                empty_notice(
                    tr("No prior of this patient"),
                    tr(
                        "Other studies of the same patient ID that were opened here, or came "
                        "with this one, stand here. Open the prior once, then come back."
                    ),
                )
            )
        for one in lines:
            self._list.addWidget(self._row(one))

    def say(self, text: str) -> None:
        """Show a sentence under the list; nothing for an empty one."""
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def _row(self, one: PriorLine) -> QFrame:
        made = frame("raised")
        inside = column(made, margin=2, gap=1)
        inside.addWidget(label(one.title, wraps=True))
        for doubt in one.doubts:
            inside.addWidget(label(doubt, "doubt", wraps=True))
        if one.why_not:
            inside.addWidget(label(one.why_not, "doubt", wraps=True))
            return made
        words = tr("Show beside again") if one.is_shown else tr("Compare with this prior")
        pressed = button(words, lambda: self._compare(one.study_uid))
        pressed.setAccessibleName(f"{words}: {one.title}")
        self.buttons[one.study_uid] = pressed
        inside.addWidget(pressed)
        return made
