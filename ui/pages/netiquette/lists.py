"""The city's lists: domains, election periods and candidates, council and staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from console.domain.verdicts import PolicyVersion
from ui import theme
from ui.desk import Desk
from ui.notify import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.label import Label, SectionLabel

_FEW, _MANY = 3, 8
"""Entries that a low field and a high one show at once."""


class ListsForm(QWidget):
    """One entry a line in each list. Saving stops at the first list with a wrong line and says which line."""

    saved = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._shown: dict[str, tuple[str, ...]] = {}
        self.texts: dict[str, QPlainTextEdit] = {}
        """List → its field, once it was read."""
        look = theme.current()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(look.space(16), look.space(12), look.space(16), look.space(16))
        self._layout.setSpacing(look.space(8))
        hint = self.tr(
            "Les verdicts consultent ces listes. Une entrée par ligne. Changer une liste fait une nouvelle "
            "version de la politique."
        )
        self._layout.addWidget(Label(hint, "note", "muted", wrap=True))
        self.problem = Banner(Tone.WARNING, inset=True)
        self.problem.hide()
        self.save = Button(self.tr("Enregistrer les listes"), "primary")
        self.save.clicked.connect(self._save)
        policy = desk.services.policy
        desk.tasks.read(policy.lists, self._show, self._failed, owner=self, lane="lists")

    def _show(self, lists: Mapping[str, Sequence[str]]) -> None:
        titles, look = self._titles(), theme.current()
        for key, entries in lists.items():
            title, hint = titles[key]
            field = _Lines(_MANY if len(entries) > _FEW else _FEW)
            field.setPlainText("\n".join(entries))
            field.setAccessibleName(title)
            field.setPlaceholderText(hint)
            field.setTabChangesFocus(True)
            self.texts[key] = field
            self._shown[key] = tuple(entries)
            self._layout.addSpacing(look.space(8))
            self._layout.addWidget(SectionLabel(title))
            if not entries:
                self._layout.addWidget(Label(self.tr("Vide\u00a0: rien n’est consulté."), "small", "muted"))
            self._layout.addWidget(field)
        self._layout.addWidget(self.problem)
        self._layout.addWidget(self.save)
        self._layout.addStretch(1)
        first = self.texts[next(iter(lists))]
        self.setFocusProxy(first)
        if self.isVisible():
            first.setFocus(Qt.FocusReason.OtherFocusReason)  # the panel opened before they were read

    def _titles(self) -> Mapping[str, tuple[str, str]]:
        name = self.tr("Prénom Nom")
        return {
            "city_domains": (self.tr("Domaines de la Ville"), "ville.qc.ca"),
            "public_domains": (self.tr("Domaines d’organismes publics"), "quebec.ca"),
            "election_periods": (
                self.tr("Périodes électorales (premier et dernier jour)"),
                "2025-09-19 2025-11-02",
            ),
            "candidates": (self.tr("Candidates et candidats"), name),
            "council": (self.tr("Membres du conseil"), name),
            "staff": (self.tr("Membres du personnel"), name),
        }

    def _save(self) -> None:
        self.problem.hide()
        written = {key: tuple(_lines(field.toPlainText())) for key, field in self.texts.items()}
        changed = {key: entries for key, entries in written.items() if entries != self._shown[key]}
        actor, policy = self._desk.actor, self._desk.services.policy

        def save() -> PolicyVersion:
            for key, entries in changed.items():
                policy.set_list(actor, key, entries)
            return policy.version()

        self._desk.tasks.write(save, self._saved, self._failed, owner=self)

    def _saved(self, version: PolicyVersion) -> None:
        self._desk.notices.toast(self.tr("Listes enregistrées. Version {label}.").format(label=version.label))
        self.saved.emit()
        self._desk.hide_panel.emit()

    def _failed(self, error: Exception) -> None:
        notice = self._desk.notices.explain(error)
        self.problem.say(notice.title, notice.next)
        self.problem.show()


class _Lines(QPlainTextEdit):
    """A field as high as some lines of its text, whatever their size."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._lines = lines
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        margins = self.height() - self.viewport().height() + 2 * int(self.document().documentMargin())
        return QSize(super().sizeHint().width(), self._lines * self.fontMetrics().lineSpacing() + margins)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
