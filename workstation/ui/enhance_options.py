"""The part of the preferences that chooses a model pack for each modality."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QWidget

from workstation.services.enhance_choices import EnhanceTask, fitting
from workstation.ui.enhance_packs import PREFERRED, PackDesk
from workstation.ui.widgets import column, label
from workstation.ui.words import tr

NAMES = {"CT": "Model pack for CT", "MR": "Model pack for MR"}
"""What the choices are called."""


class PackSection(QWidget):
    """One choice per modality. Owned by the UI thread."""

    def __init__(self, packs: PackDesk) -> None:
        """Begin with the best ones.

        Args:
            packs: knows them, and keeps what is chosen.
        """
        super().__init__()
        self._packs = packs
        self.choices: dict[str, QComboBox] = {}
        inside = column(self, gap=2)
        for modality in PREFERRED:
            choice = self.choices[modality] = QComboBox()
            choice.setAccessibleName(tr(NAMES[modality]))
            choice.setMinimumContentsLength(10)
            # Long names of packs never make the page wider than its panel.
            choice.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            choice.activated.connect(lambda _index, modality=modality: self._take(modality))
            inside.addWidget(label(tr(NAMES[modality]), wraps=True))
            inside.addWidget(choice)
        inside.addWidget(
            label(tr("A series that is enhanced already keeps its pack."), "quiet", wraps=True)
        )
        packs.changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        for modality, choice in self.choices.items():
            choice.clear()
            choice.addItem(tr("The best one"), "")
            for pack in fitting(self._packs.packs, EnhanceTask.LESS_NOISE, modality):
                choice.addItem(PackDesk.words(pack), pack.ref.pack_id)
            choice.setCurrentIndex(max(choice.findData(self._packs.preferred(modality)), 0))

    def _take(self, modality: str) -> None:
        self._packs.prefer(modality, self.choices[modality].currentData())
