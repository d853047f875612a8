"""Theme, text size, motion, names: applied at once, kept on this desk."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QSizePolicy, QSlider, QWidget

from ui.desk import Desk
from ui.theme import Mode
from ui.widgets.form import Card, Column
from ui.widgets.label import Label

_STEP = 10


class AppearanceSection(Column):
    """What the eye sees."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.add_title(
            self.tr("Apparence"), self.tr("Ces choix valent pour ce poste et s’appliquent aussitôt.")
        )
        self.mode = QComboBox()
        for mode, word in self._modes():
            self.mode.addItem(word, mode.value)
        self.text = QSlider(Qt.Orientation.Horizontal)
        self.text.setRange(100, 200)
        self.text.setSingleStep(_STEP)
        self.text.setPageStep(_STEP * 2)
        self.text.setTracking(False)  # the whole window is set anew: once, when the handle is let go
        self.text.sliderMoved.connect(self._show_percent)
        self._percent = Label("100\u00a0%", "strong")
        self.motion = QComboBox()
        for word, value in self._motions():
            self.motion.addItem(word, value)
        self.names = QCheckBox(self.tr("Masquer les noms"))
        self._build()
        self.load()
        self.mode.activated.connect(self._mode_chosen)
        self.text.valueChanged.connect(self._text_chosen)
        self.motion.activated.connect(self._motion_chosen)
        self.names.toggled.connect(lambda on: desk.change_settings(mask_names=on))
        desk.settings_changed.connect(self.load)

    def _build(self) -> None:
        look = Card(self.tr("Affichage"))
        look.add_row(self.tr("Thème"), self.mode)
        size = QWidget()
        row = QHBoxLayout(size)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.text, 1)
        row.addWidget(self._percent)
        size.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        size.setFocusProxy(self.text)
        words = look.add_row(
            self.tr("Taille du texte"), size, self.tr("De 100 à 200\u00a0%. Aussi avec Ctrl et + ou −.")
        )
        words.setBuddy(self.text)
        self.text.setAccessibleName(self.tr("Taille du texte, en pour cent"))
        look.add_row(self.tr("Animations"), self.motion, self.tr("Elles durent moins de 150 millisecondes."))
        self.body.addWidget(look)
        names = Card(self.tr("Noms"))
        names.add_row(
            self.tr("Personnes qui écrivent à la Ville"),
            self.names,
            self.tr("Un numéro remplace le nom, pour une capture d’écran, une formation ou plus de calme."),
        )
        self.names.setAccessibleName(self.names.text())
        self.body.addWidget(names)
        self.finish()

    def load(self) -> None:
        """Show what is chosen."""
        chosen = self._desk.settings
        look = chosen.appearance
        for widget in (self.text, self.names):
            widget.blockSignals(True)
        self.mode.setCurrentIndex(self.mode.findData(look.mode.value))
        self.text.setValue(look.text)
        self._show_percent(look.text)
        self.motion.setCurrentIndex([value for _, value in self._motions()].index(look.reduced_motion))
        self.names.setChecked(chosen.mask_names)
        for widget in (self.text, self.names):
            widget.blockSignals(False)

    def _show_percent(self, value: int) -> None:
        self._percent.setText(f"{round(value / _STEP) * _STEP}\u00a0%")

    def _modes(self) -> tuple[tuple[Mode, str], ...]:
        return (
            (Mode.SYSTEM, self.tr("Comme le système")),
            (Mode.LIGHT, self.tr("Clair")),
            (Mode.DARK, self.tr("Sombre")),
            (Mode.CONTRAST, self.tr("Contraste élevé")),
        )

    def _motions(self) -> tuple[tuple[str, bool | None], ...]:
        return (
            (self.tr("Comme le système"), None),
            (self.tr("Réduites"), True),
            (self.tr("Permises"), False),
        )

    def _mode_chosen(self) -> None:
        look = replace(self._desk.settings.appearance, mode=Mode(self.mode.currentData()))
        self._desk.change_settings(appearance=look)

    def _text_chosen(self, value: int) -> None:
        steps = round(value / _STEP) * _STEP
        self._desk.change_settings(appearance=replace(self._desk.settings.appearance, text=steps))

    def _motion_chosen(self) -> None:
        look = replace(self._desk.settings.appearance, reduced_motion=self.motion.currentData())
        self._desk.change_settings(appearance=look)
