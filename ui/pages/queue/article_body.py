"""The whole article behind a finding, in the panel beside the message."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.ids import RuleId
from console.services.policy import ArticleView, RuleView
from ui.pages.queue.words import article_word
from ui.widgets.label import Label, SectionLabel


class ArticleBody(QWidget):
    """The city's official wording where it was given, else our summary, said to be one."""

    def __init__(self, article: ArticleView, rules: Mapping[RuleId, RuleView]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(10)
        column.addWidget(Label(article.title, "title", wrap=True))
        text = Label(article.official or article.summary, "base", wrap=True)
        text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        column.addWidget(text)
        if not article.official:
            said = self.tr(
                "Résumé de Vigie. Le texte officiel de la Ville peut être ajouté à la page Nétiquette."
            )
            column.addWidget(Label(said, "note", "muted", wrap=True))
        listed = [rules[rule] for rule in article.rules if rule in rules]
        if listed:
            column.addSpacing(6)
            column.addWidget(SectionLabel(self.tr("Règles de cet article")))
        for rule in listed:
            column.addWidget(Label(rule.title, "strong", wrap=True))
            column.addWidget(Label(rule.explanation, "note", "muted", wrap=True))
        column.addStretch(1)
        self.setFocusProxy(text)


def panel_title(number: str) -> str:
    """«Art. 4», or the section's own name."""
    word = article_word(number)
    return word[:1].upper() + word[1:]
