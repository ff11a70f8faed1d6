"""The first page: who you are, the recovery key to print, and what this machine can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from workstation.ui.theme import step_px
from workstation.ui.widgets import button, clear, column, frame, label, line, scrolled
from workstation.ui.words import tr

if TYPE_CHECKING:  # only its fields are read here
    from workstation.services.examine_machine import MachineReport

MIN_PASSPHRASE = 8
"""Shortest passphrase the signing identity takes; said here before it is refused there."""

GIB = 2**30


class FirstRunPanel(QWidget):
    """Name, passphrase, recovery key, machine. Owned by the UI thread."""

    def __init__(
        self,
        *,
        create: Callable[[str, str, str], None],
        go_on: Callable[[], None],
        print_key: Callable[[str], None],
    ) -> None:
        """Make the page.

        Args:
            create: makes an identity from name, organization and passphrase.
            go_on: leaves the page; an identity can be made later.
            print_key: writes the recovery key to a PDF for printing.
        """
        super().__init__()
        self.setProperty("role", "page")
        self._create, self._go_on, self._print_key = create, go_on, print_key
        self._key = ""
        self.name = _field(tr("Your name"))
        self.organization = _field(tr("Hospital or practice"))
        self.passphrase = _field(tr("Passphrase"), is_secret=True)
        self.again = _field(tr("Passphrase again"), is_secret=True)
        self.message = label("", wraps=True)
        self.make = button(tr("Make my signing identity"), self._make, role="primary")
        self.key_label = label("", "title", wraps=True)
        self._machine = column(gap=1)
        self._steps = QStackedWidget()
        self._lay_out()
        for field in (self.name, self.passphrase, self.again):
            field.textChanged.connect(self._update)
        self._update()

    def show_recovery_key(self, key: str) -> None:
        """Show the key that opens the identity when the passphrase is lost; it is shown once."""
        self._key = key
        groups = key.split("-")
        half = len(groups) // 2
        self.key_label.setText("-".join(groups[:half]) + "-\n" + "-".join(groups[half:]))
        for field in (self.passphrase, self.again):
            field.clear()
        self._steps.setCurrentIndex(1)

    def show_refused(self, sentence: str) -> None:
        """Show why no identity was made."""
        self.message.setText(sentence)
        self._update()

    def show_machine(self, report: MachineReport) -> None:
        """Show what this machine can do."""
        clear(self._machine)
        for words in _machine_words(report):
            self._machine.addWidget(label(words, wraps=True))
        for words in report.advice:
            self._machine.addWidget(label(words, "doubt", wraps=True))

    def start_again(self) -> None:
        """Show the form."""
        self._steps.setCurrentIndex(0)
        self.message.clear()
        self.name.setFocus()

    def _lay_out(self) -> None:
        middle = QWidget()
        inside = column(middle, margin=6, gap=4)
        inside.addWidget(label(tr("Welcome to Prelim"), "title"))
        words = tr(
            "Prelim reads CT and MRI studies, drafts a report on this machine, and leaves the "
            "last word to you. It opens no network connection by itself. Your studies stay where "
            "they are; reports and worklist are kept encrypted on this machine. It is not a "
            "cleared medical device."
        )
        inside.addWidget(label(words, wraps=True))
        self._steps.addWidget(self._form())
        self._steps.addWidget(self._key_page())
        inside.addWidget(self._steps)
        box = frame("raised")
        self._machine_box(box)
        inside.addWidget(box)
        inside.addStretch(1)
        middle.setMaximumWidth(step_px(180))
        across = line(gap=0)
        across.addStretch(1)
        across.addWidget(middle, 8)
        across.addStretch(1)
        whole = QWidget()
        whole.setLayout(across)
        column(self).addWidget(scrolled(whole))

    def _machine_box(self, box: QWidget) -> None:
        inside = column(box, margin=3, gap=2)
        inside.addWidget(label(tr("What this machine can do"), "strong"))
        inside.addLayout(self._machine)
        self._machine.addWidget(label(tr("Looking…"), "quiet"))

    def _form(self) -> QWidget:
        made = QWidget()
        inside = column(made, gap=2)
        inside.addWidget(label(tr("Who are you?"), "strong"))
        for field in (self.name, self.organization, self.passphrase, self.again):
            inside.addWidget(label(field.accessibleName(), "quiet"))
            inside.addWidget(field)
        words = tr(
            "Your name is printed under each report you sign. The passphrase protects your "
            "signature; a few words with spaces are good. It cannot be looked up by anybody."
        )
        inside.addWidget(label(words, "quiet", wraps=True))
        inside.addWidget(self.message)
        row = line(gap=2)
        row.addWidget(self.make)
        row.addWidget(button(tr("Later"), self._go_on))
        row.addStretch(1)
        inside.addLayout(row)
        return made

    def _key_page(self) -> QWidget:
        made = QWidget()
        inside = column(made, gap=2)
        inside.addWidget(label(tr("Your recovery key"), "strong"))
        words = tr(
            "It opens your signing identity if you forget the passphrase. It is shown only now. "
            "Print it and keep it where you keep your documents."
        )
        inside.addWidget(label(words, wraps=True))
        interaction = Qt.TextInteractionFlag
        self.key_label.setTextInteractionFlags(
            interaction.TextSelectableByMouse | interaction.TextSelectableByKeyboard
        )
        inside.addWidget(self.key_label)
        row = line(gap=2)
        row.addWidget(button(tr("Save as PDF to print…"), lambda: self._print_key(self._key)))
        row.addWidget(button(tr("I have kept it"), self._leave_key, role="primary"))
        row.addStretch(1)
        inside.addLayout(row)
        return made

    def _leave_key(self) -> None:
        self._key = ""
        self.key_label.clear()
        self._go_on()

    def _update(self) -> None:
        passphrase, again = self.passphrase.text(), self.again.text()
        hint = ""
        if passphrase and len(passphrase) < MIN_PASSPHRASE:
            hint = tr("The passphrase needs at least 8 characters.")
        elif again and passphrase != again:
            hint = tr("The two passphrases differ.")
        if hint or passphrase:
            self.message.setText(hint)
        is_whole = bool(self.name.text().strip()) and bool(again) and not hint
        self.make.setEnabled(is_whole and passphrase == again)

    def _make(self) -> None:
        self.make.setEnabled(False)
        self.message.setText(tr("Making the key…"))
        self._create(
            self.name.text().strip(), self.organization.text().strip(), self.passphrase.text()
        )


def _field(name: str, *, is_secret: bool = False) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    if is_secret:
        made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


def _machine_words(report: MachineReport) -> list[str]:
    words = [
        tr("{0} processor cores, {1} GB of memory, {2} GB of disk free").format(
            report.processors,
            f"{report.memory_bytes / GIB:.1f}",
            f"{report.disk_free_bytes / GIB:.0f}",
        )
    ]
    if report.runtime is not None:
        names = [name.removesuffix("ExecutionProvider") for name in report.runtime.providers]
        words.append(f"{tr('Models run on')}: {', '.join(names)}")
    if report.packs:
        words.append(f"{tr('Model packs')}: {', '.join(report.packs)}")
    return words
