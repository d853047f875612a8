"""The nétiquette in force: each article with its rules, which version it is, and the official wording."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.roles import Permission
from console.errors import CancelledError
from console.services.policy import ArticleView, PolicyDesk
from console.services.rows import ChangeSet
from ui import dates
from ui.desk import Desk
from ui.models.tones import shape_of, word_of
from ui.notify import Tone
from ui.pages.netiquette.lists import ListsForm
from ui.pages.netiquette.official import OfficialForm
from ui.pages.page import Page
from ui.widgets.badge import Badge
from ui.widgets.button import Button
from ui.widgets.empty import EmptyState
from ui.widgets.facts import ProgressLine
from ui.widgets.form import Card, Column
from ui.widgets.label import Label


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as the page shows it. `threshold` is a confidence 0–1."""

    id: str
    title: str
    explanation: str
    severity: int
    threshold: float
    actions: tuple[str, ...]
    warns: bool


@dataclass(frozen=True, slots=True)
class Charter:
    """The whole page, read at once."""

    label: str
    sha256: str
    adopted: date | None
    revision_years: int
    articles: tuple[ArticleView, ...]
    rules: Mapping[str, tuple[RuleLine, ...]]
    """Article number → its rules."""


def read_charter(desk: PolicyDesk) -> Charter:
    """Read the policy in force (blocking)."""
    policy = desk.policy()
    lines: dict[str, list[RuleLine]] = {}
    for rule in policy.rules.values():
        line = RuleLine(
            rule.id,
            rule.title,
            rule.explanation,
            int(rule.severity),
            rule.threshold,
            tuple(action.value for action in rule.actions),
            rule.warns,
        )
        lines.setdefault(rule.article, []).append(line)
    return Charter(
        policy.version.label,
        policy.version.sha256,
        policy.adopted,
        policy.revision_due_years,
        desk.articles(),
        {article: tuple(rules) for article, rules in lines.items()},
    )


class NetiquettePage(Page):
    """`open` takes an article's number and brings it into view."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = self.tr("Nétiquette")
        self.search_hint = self.tr("Rechercher une règle, un mot…")
        self._charter: Charter | None = None
        self._wanted, self._words = "", ""
        self._cards: dict[str, Card] = {}
        self._column = Column(centred=True)
        self._empty = EmptyState()
        self._empty.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._progress = ProgressLine()
        layout.addWidget(self._progress)
        layout.addWidget(self._column)
        layout.addWidget(self._empty)
        self.official = Button(self.tr("Texte officiel…"), "", "file-text")
        self.official.clicked.connect(self._show_official)
        self.learning: Button | None = None
        """The way to what the desk learns, beside the version as well."""
        self.lists: Button | None = None
        self.rejudge: Button | None = None
        """Stands in the card of the version, for those who may."""
        self._column.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._column.setProperty("look", "reader")
        self._column.setAccessibleName(self.tr("Articles et règles"))
        desk.actor_changed.connect(self._show_rights)
        self._show_rights()

    def bar_widgets(self) -> Sequence[QWidget]:
        """The way to the official wording."""
        return (self.official,)

    def entered(self) -> None:
        """Read the policy in force."""
        policy = self.desk.services.policy
        self.desk.tasks.read(lambda: read_charter(policy), self._show, owner=self, lane="charter")
        self._column.setFocus(Qt.FocusReason.OtherFocusReason)

    def open(self, argument: object) -> None:
        """Bring an article into view."""
        self._wanted = str(argument)
        self._scroll()

    def search(self, text: str) -> None:
        """Keep the articles and rules that contain the words, accents aside."""
        self._words = text.strip()
        self._fill()

    def card(self, article: str) -> Card:
        """The card of an article. Raises KeyError when it is not shown."""
        return self._cards[article]

    def _show(self, charter: Charter) -> None:
        if charter != self._charter:
            self._charter = charter
            self._fill()
        self._scroll()

    def _show_rights(self) -> None:
        self.official.setVisible(self.desk.may(Permission.MANAGE_POLICY))
        self._fill()

    def _show_official(self) -> None:
        form = OfficialForm(
            self.desk, {each.number for each in self._charter.articles} if self._charter else set()
        )
        form.adopted.connect(self.entered)
        self.desk.show_panel.emit(self.tr("Texte officiel"), form)

    def _show_lists(self) -> None:
        form = ListsForm(self.desk)
        form.saved.connect(self.entered)
        self.desk.show_panel.emit(self.tr("Listes de la Ville"), form)

    def _judge_again(self) -> None:
        intake, actor = self.desk.services.intake, self.desk.actor

        def done(changes: ChangeSet) -> None:
            self._end_progress()
            self.desk.announce(changes)
            count = dates.number(len(changes.messages))
            self.desk.notices.info(
                self.tr("Verdicts renouvelés selon la version en vigueur\u00a0: {count}.").format(
                    count=count
                ),
                self.tr("Les décisions déjà prises gardent le leur."),
                Tone.DONE,
            )

        def failed(error: Exception) -> None:
            self._end_progress()
            if not isinstance(error, CancelledError):
                self.desk.notices.error(error)

        ticket = self.desk.tasks.long(
            lambda step: intake.rejudge(actor, step),
            done,
            failed,
            advance=self._progress.advance,
            owner=self,
        )
        self._allow_judging(False)
        self._progress.begin(self.tr("Les messages à traiter sont jugés de nouveau"), ticket.cancel)

    def _end_progress(self) -> None:
        self._progress.hide()
        self._allow_judging(True)

    def _allow_judging(self, allowed: bool) -> None:
        if self.rejudge is not None:
            self.rejudge.setEnabled(allowed)

    def _fill(self) -> None:
        charter = self._charter
        if charter is None:
            return
        self._column.clear()
        self._cards.clear()
        self.rejudge = self.learning = self.lists = None
        if not self._words:
            self._column.body.addWidget(self._version(charter))
        for article in charter.articles:
            rules = charter.rules.get(article.number, ())
            shown = self._kept(article, rules)
            if shown is not None:
                self._cards[article.number] = self._article(article, shown)
                self._column.body.addWidget(self._cards[article.number])
        self._column.finish()
        self._column.setVisible(bool(self._cards))
        self._empty.setVisible(not self._cards)
        self._empty.say(
            "search",
            self.tr("Aucune règle trouvée"),
            self.tr("Aucun article ni aucune règle ne contient «\u00a0{words}\u00a0».").format(
                words=self._words
            ),
        )

    def _kept(self, article: ArticleView, rules: tuple[RuleLine, ...]) -> tuple[RuleLine, ...] | None:
        if not self._words or _found(self._words, article.title, article.summary, article.official):
            return rules
        kept = tuple(rule for rule in rules if _found(self._words, rule.title, rule.explanation))
        return kept or None

    def _version(self, charter: Charter) -> Card:
        card = Card(self.tr("Version en vigueur"))
        card.add(Label(charter.label, "title"))
        words = [self.tr("Empreinte SHA-256\u00a0: {sha}").format(sha=_grouped(charter.sha256))]
        if charter.adopted is None:
            words.append(self.tr("Date d’adoption\u00a0: non inscrite."))
        else:
            words.append(self.tr("Adoptée le {day}.").format(day=charter.adopted.isoformat()))
        words.append(
            self.tr("Révision prévue au plus tard {n} ans après l’adoption.").format(n=charter.revision_years)
        )
        words.append(self.tr("Chaque verdict nomme la version sur laquelle il repose."))
        for line in words:
            label = Label(line, "note", "muted", wrap=True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            card.add(label)
        if self.desk.may(Permission.MANAGE_POLICY):
            self.rejudge = Button(self.tr("Juger de nouveau"), "", "refresh-cw")
            self.rejudge.setEnabled(self._progress.isHidden())
            self.rejudge.clicked.connect(self._judge_again)
            hint = self.tr("Les messages à traiter sont jugés selon la version en vigueur.")
            card.add_row(hint, self.rejudge)
            self.lists = Button(self.tr("Listes…"), "", "list-checks")
            self.lists.clicked.connect(self._show_lists)
            card.add_row(self.tr("Domaines, élections, conseil et personnel."), self.lists)
        if self.desk.may(Permission.READ_HISTORY):
            self.learning = Button(self.tr("Apprentissage"), "", "sparkles")
            self.learning.clicked.connect(lambda: self.desk.open_page.emit("learning", None))
            card.add_row(self.tr("Ce que Vigie apprend des décisions de ce poste."), self.learning)
        return card

    def _article(self, article: ArticleView, rules: tuple[RuleLine, ...]) -> Card:
        numbered = article.number.isdigit()
        head = self.tr("Article {number}").format(number=article.number) if numbered else self.tr("Politique")
        card = Card(head)
        card.add(Label(article.title, "title", wrap=True))
        text = Label(article.official or article.summary, "base", wrap=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        card.add(text)
        source = self.tr("Texte officiel de la Ville") if article.official else self.tr("Résumé de Vigie")
        card.add(Label(source, "small", "muted"))
        for rule in rules:
            card.add(self._rule(rule), line=True)
        return card

    def _rule(self, rule: RuleLine) -> QWidget:
        row = QWidget()
        badge = Badge()
        badge.show_mark(rule.severity, shape_of(rule.severity), word_of(rule.severity))
        head = QHBoxLayout()
        head.addWidget(badge)
        head.addWidget(Label(rule.title, "strong", wrap=True), 1)
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(Label(rule.explanation, "base", wrap=True))
        column.addWidget(Label(self._facts(rule), "note", "muted", wrap=True))
        return row

    def _facts(self, rule: RuleLine) -> str:
        actions = ", ".join(self.desk.catalogue.label("action", action) for action in rule.actions)
        shown = self.tr("Montrée à partir d’une confiance de {percent}\u00a0%").format(
            percent=round(rule.threshold * 100)
        )
        default = self.tr("suggestion par défaut\u00a0: {actions}").format(actions=actions)
        facts = [shown, default] if actions else [shown]
        if not rule.warns:
            facts.append(self.tr("ne donne pas lieu à un avertissement"))
        return "; ".join(facts) + "."

    def _scroll(self) -> None:
        card = self._cards.get(self._wanted)
        if card is not None:
            self._wanted = ""
            # The layout has its heights only after the next turn of the event loop.
            QTimer.singleShot(0, card, lambda: self._column.bring_into_view(card))


def _grouped(sha256: str) -> str:
    return " ".join(sha256[start : start + 8] for start in range(0, len(sha256), 8))


def _found(words: str, *texts: str) -> bool:
    wanted = _folded(words)
    return any(wanted in _folded(text) for text in texts)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).replace("œ", "oe")
