"""What the verdict says beside its findings: nothing found, allowed criticism, route, language."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.verdicts import Route, Verdict
from ui.models.tones import DANGER_SHAPE, ROUTE_SHAPE, shape_of, word_of
from ui.pages.queue import words
from ui.widgets.badge import Badge
from ui.widgets.label import Label


class VerdictFacts(QWidget):
    """Badges with a sentence each; absent when there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fine, self._fine_why = Badge(), Label("", "note", "muted", wrap=True)
        self._route, self._route_why = Badge(), Label("", "note", "muted", wrap=True)
        self._language = Label("", "note", "muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self._fine, self._fine_why, self._route, self._route_why, self._language):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)

    def show_verdict(self, verdict: Verdict) -> None:
        """Another verdict."""
        self._show_fine(verdict)
        self._show_route(verdict.route)
        code = verdict.language.code
        sure = f"{round(verdict.language.confidence * 100)}\u00a0%"
        self._language.setText(
            self.tr("Langue\u00a0: {name} ({sure})").format(name=words.language_name(code), sure=sure)
        )
        self._language.setVisible(code not in ("fr", "und", ""))
        self.setVisible(any(not widget.isHidden() for widget in (self._fine, self._route, self._language)))

    def _show_fine(self, verdict: Verdict) -> None:
        shown = verdict.criticism or not verdict.findings
        self._fine.setVisible(shown)
        self._fine_why.setVisible(shown)
        if verdict.criticism:
            self._fine.show_mark(0, shape_of(0), self.tr("Critique permise"))
            self._fine_why.setText(
                self.tr("Critiquer la Ville, ses décisions et ses services, même durement, est permis.")
            )
        else:
            self._fine.show_mark(0, shape_of(0), word_of(0))
            self._fine_why.setText(self.tr("Aucune règle de la nétiquette ne semble enfreinte."))

    def _show_route(self, route: Route) -> None:
        self._route.setVisible(route is not Route.NONE)
        self._route_why.setVisible(route is not Route.NONE)
        why = {
            Route.EMERGENCY: self.tr("Danger pour la vie ou les biens, maintenant\u00a0: agissez d’abord."),
            Route.SERVICE_311: self.tr("La personne demande un service ou signale un problème au 311."),
            Route.COMPLAINT_311: self.tr("Une plainte en bonne et due forme se dépose au 311."),
            Route.ILLEGAL_311: self.tr("La personne signale un contenu ou une conduite illicite."),
            Route.QUESTION: self.tr("La personne demande une information."),
        }
        if route is Route.EMERGENCY:
            self._route.show_mark(4, DANGER_SHAPE, self.tr("Danger pour la vie"))
        else:
            self._route.show_mark(1, ROUTE_SHAPE, words.route_word(route))
        self._route_why.setText(why.get(route, ""))
