"""Saved column mappings: take one, keep the present one under a name, drop one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from console.services.intake import ColumnMapping
from ui.widgets.button import Button, IconButton
from ui.widgets.form import Card


class PresetsCard(Card):
    """Knows the presets; reading and writing them is the page's part."""

    taken = Signal(object)
    """`ColumnMapping`."""
    kept = Signal(str)
    """A name for the present mapping."""
    dropped = Signal(str)

    def __init__(self) -> None:
        super().__init__(QCoreApplication.translate("PresetsCard", "Correspondances enregistrées"))
        self._presets: tuple[ColumnMapping, ...] = ()
        self.box = QComboBox()
        self.box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.box.activated.connect(self._on_taken)
        self.drop = IconButton("trash-2", self.tr("Supprimer cette correspondance"))
        self.drop.clicked.connect(lambda: self.dropped.emit(self.box.currentData()))
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        self.name.setPlaceholderText(self.tr("Nom, par exemple l’outil d’où vient le fichier"))
        self.name.returnPressed.connect(self._on_kept)
        self.keep = Button(self.tr("Enregistrer"), icon="bookmark-plus")
        self.keep.clicked.connect(self._on_kept)
        self.box.setAccessibleName(self.tr("Reprendre une correspondance"))
        self.name.setAccessibleName(self.tr("Nom de la correspondance à enregistrer"))
        self._taking = _row(self.box, self.drop)
        self.add(self._taking)
        self.add(_row(self.name, self.keep))

    def show_presets(self, presets: Sequence[ColumnMapping], current: str) -> None:
        """What is saved, and the name of the one that is applied ("" for none)."""
        self._presets = tuple(presets)
        with QSignalBlocker(self.box):
            self.box.clear()
            self.box.addItem(self.tr("Reprendre une correspondance…"), "")
            for preset in self._presets:
                self.box.addItem(preset.name, preset.name)
            self.box.setCurrentIndex(max(0, self.box.findData(current)))
        self.name.setText(current)
        self._taking.setVisible(bool(self._presets))
        self.drop.setEnabled(self.box.currentIndex() > 0)

    def _on_taken(self, place: int) -> None:
        self.drop.setEnabled(place > 0)
        if place > 0:
            preset = self._presets[place - 1]
            self.name.setText(preset.name)
            self.taken.emit(preset)

    def _on_kept(self) -> None:
        if self.name.text().strip():
            self.kept.emit(self.name.text().strip())
        else:
            self.name.setFocus()


def _row(field: QWidget, button: QWidget) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(field, 1)
    row.addWidget(button)
    return box
