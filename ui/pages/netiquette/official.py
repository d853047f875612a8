"""The city's official wording: pasted or loaded, recognised article by article, then adopted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget

from console.domain.verdicts import PolicyVersion
from ui import theme
from ui.desk import Desk
from ui.notify import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.label import Label, SectionLabel

_FIRST_WORDS = 90


class OfficialForm(QWidget):
    """Two steps: recognise (nothing is kept yet), then adopt, which makes a new version."""

    adopted = Signal()

    def __init__(self, desk: Desk, known: set[str]) -> None:
        super().__init__()
        self._desk, self._known = desk, known
        self._wording: Mapping[str, str] = {}
        look = theme.current()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(look.space(16), look.space(12), look.space(16), look.space(16))
        layout.setSpacing(look.space(8))
        hint = self.tr(
            "Le texte adopté par la Ville remplace les résumés, article par article. C’est une nouvelle "
            "version de la politique\u00a0: les verdicts à venir la nomment, les anciens gardent la leur."
        )
        layout.addWidget(Label(hint, "note", "muted", wrap=True))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(self.tr("Texte officiel de la nétiquette"))
        self.text.setPlaceholderText(
            self.tr("Collez le texte. Chaque article commence par son numéro\u00a0: «\u00a01.\u00a0»")
        )
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(look.px(180))
        self.load = Button(self.tr("Charger un fichier…"), "", "file-down")
        self.load.clicked.connect(self._choose)
        self.recognise = Button(self.tr("Reconnaitre les articles"), "primary")
        self.recognise.clicked.connect(self._recognise)
        self.problem = Banner(Tone.WARNING, inset=True)
        self.problem.hide()
        self._found = QVBoxLayout()
        self.adopt = Button(self.tr("Adopter ce texte"), "primary")
        self.adopt.clicked.connect(self._adopt)
        self.adopt.hide()
        for widget in (self.text, self.load, self.recognise, self.problem):
            layout.addWidget(widget)
        layout.addLayout(self._found)
        layout.addWidget(self.adopt)
        layout.addStretch(1)
        self.text.textChanged.connect(self._forget)
        self.setFocusProxy(self.text)

    def _choose(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, self.tr("Texte officiel"), folder)
        dialog.setNameFilter(self.tr("Texte ou YAML (*.txt *.md *.yaml *.yml);;Tous les fichiers (*)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self._read(Path(path)))
        dialog.open()

    def _recognise(self) -> None:
        self._read(self.text.toPlainText())

    def _read(self, source: str | Path) -> None:
        policy = self._desk.services.policy
        self._forget()
        self._desk.tasks.read(
            lambda: policy.read_wording(source), self._show, self._failed, owner=self, lane="wording"
        )

    def _forget(self) -> None:
        self._wording = {}
        self.adopt.hide()
        self.problem.hide()
        while (item := self._found.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()

    def _show(self, wording: Mapping[str, str]) -> None:
        self._forget()
        self._wording = {number: text for number, text in wording.items() if number in self._known}
        unknown = [number for number in wording if number not in self._known]
        self._found.addWidget(SectionLabel(self.tr("Articles reconnus")))
        for number, text in self._wording.items():
            words = text if len(text) <= _FIRST_WORDS else text[:_FIRST_WORDS].rsplit(" ", 1)[0] + "…"
            self._found.addWidget(Label(f"{number}. {words}", "note", wrap=True))
        if unknown:
            left = self.tr("Laissés de côté, car la politique n’a pas ces numéros\u00a0: {numbers}.")
            self.problem.say(left.format(numbers=", ".join(unknown)))
        self.adopt.setVisible(bool(self._wording))
        if self._wording:
            self.adopt.setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, error: Exception) -> None:
        notice = self._desk.notices.explain(error)
        self.problem.say(notice.title, notice.next)

    def _adopt(self) -> None:
        actor, wording, policy = self._desk.actor, self._wording, self._desk.services.policy
        self._desk.tasks.write(
            lambda: policy.set_official_wording(actor, wording), self._adopted, self._failed, owner=self
        )

    def _adopted(self, version: PolicyVersion) -> None:
        self._desk.notices.toast(self.tr("Texte adopté. Version {label}.").format(label=version.label))
        self.adopted.emit()
        self._desk.hide_panel.emit()
