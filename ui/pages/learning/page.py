"""What the desk learns from its moderators' decisions: compared, adopted, taken back by supervision."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.roles import Permission
from console.errors import CancelledError
from console.services.learning import LayerView, LearningState, Proposal
from console.services.rows import ChangeSet
from ui import dates
from ui.desk import Desk
from ui.notify import Tone
from ui.pages.learning import words
from ui.pages.learning.parts import ComparisonTable, Titles, WeightList
from ui.pages.page import Page
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.empty import EmptyState
from ui.widgets.facts import ProgressLine
from ui.widgets.form import Card, Column
from ui.widgets.label import Label


class LearningPage(Page):
    """Reached from the nétiquette. Everybody who reads the history sees it; supervision acts."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = self.tr("Apprentissage")
        self._state: LearningState | None = None
        self._titles: Titles = {}
        self._column = Column(centred=True)
        self._column.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._column.setProperty("look", "reader")
        self._column.setAccessibleName(self.tr("Ce que ce poste a appris"))
        self._empty = EmptyState()
        self._empty.hide()
        self._progress = ProgressLine()
        self._notice = Banner("info", closable=True)
        self._notice.hide()
        self.learn = Button(self.tr("Apprendre"), "primary", "sparkles")
        self.learn.setAccessibleName(self.tr("Apprendre des décisions"))
        self.learn.setToolTip(self.tr("Apprend de nouveau des décisions, et compare avant d’offrir"))
        self.learn.clicked.connect(self._propose)
        self.back = Button(self.tr("Nétiquette"), "", "arrow-left")
        self.back.clicked.connect(lambda: desk.open_page.emit("netiquette", None))
        self.adopt: Button | None = None
        """Of the newest version that is not in force."""
        self.roll_back: Button | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self._progress, self._notice, self._column, self._empty):
            layout.addWidget(widget)
        desk.actor_changed.connect(self._fill)

    def bar_widgets(self) -> Sequence[QWidget]:
        """The way back, and learning anew."""
        return (self.back, self.learn)

    def entered(self) -> None:
        """Read what was learned."""
        self._notice.hide()
        self._read()
        self._column.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self) -> None:
        if self.desk.may(Permission.READ_HISTORY):
            services, actor = self.desk.services, self.desk.actor
            self.desk.tasks.read(
                lambda: (services.learning.state(actor), services.policy.rules()),
                self._show,
                owner=self,
                lane="state",
            )
        else:
            self._state = None
            self._fill()

    def _show(self, read: tuple[LearningState, Titles]) -> None:
        self._state, self._titles = read
        self._fill()

    # --- acts ----------------------------------------------------------------------------------

    def _propose(self) -> None:
        learning, actor = self.desk.services.learning, self.desk.actor
        self._notice.hide()
        ticket = self.desk.tasks.long(
            lambda step: learning.propose(actor, step),
            self._proposed,
            self._failed,
            advance=self._progress.advance,
            owner=self,
        )
        self._begin(self.tr("Comparaison avec vos décisions"), ticket.cancel)

    def _proposed(self, proposal: Proposal) -> None:
        self._end()
        if proposal.layer is None:
            self._notice.say(*words.outcome(proposal, self.desk.services.learning.needed))
        self._read()

    def _adopt(self, layer: LayerView) -> None:
        learning, actor = self.desk.services.learning, self.desk.actor
        self.desk.tasks.write(
            lambda: learning.adopt(actor, layer.id), self._adopted, self._failed, owner=self
        )

    def _adopted(self, layer: LayerView) -> None:
        self.desk.notices.toast(self.tr("La version {name} est en vigueur.").format(name=layer.name))
        self._judge_again()

    def _roll_back(self) -> None:
        learning, actor = self.desk.services.learning, self.desk.actor
        self.desk.tasks.write(lambda: learning.roll_back(actor), self._rolled_back, self._failed, owner=self)

    def _rolled_back(self, layer: LayerView | None) -> None:
        said = self.tr("Le moteur juge de nouveau tel qu’il est livré.")
        if layer is not None:
            said = self.tr("La version {name} est de nouveau en vigueur.").format(name=layer.name)
        self.desk.notices.toast(said)
        self._judge_again()

    def _judge_again(self) -> None:
        learning, actor = self.desk.services.learning, self.desk.actor
        self._read()
        ticket = self.desk.tasks.long(
            lambda step: learning.judge_again(actor, step),
            self._judged,
            self._failed,
            advance=self._progress.advance,
            owner=self,
        )
        self._begin(self.tr("Les messages à traiter sont jugés de nouveau"), ticket.cancel)

    def _judged(self, changes: ChangeSet) -> None:
        self._end()
        self.desk.announce(changes)
        self.desk.notices.info(
            self.tr("Verdicts renouvelés\u00a0: {count}.").format(count=dates.number(len(changes.messages))),
            self.tr("Les décisions déjà prises gardent le leur."),
            Tone.DONE,
        )

    def _failed(self, error: Exception) -> None:
        self._end()
        self._read()
        if not isinstance(error, CancelledError):
            self.desk.notices.error(error)

    def _begin(self, what: str, stop: Callable[[], object]) -> None:
        # At once, in place, the work may be over before it is shown as begun.
        if self.desk.tasks.pending:
            self._progress.begin(what, stop)
            self._allow(False)

    def _end(self) -> None:
        self._progress.hide()
        self._allow(True)

    def _allow(self, allowed: bool) -> None:
        for button in (self.learn, self.adopt, self.roll_back):
            if button is not None:
                button.setEnabled(allowed)

    # --- what is shown -------------------------------------------------------------------------

    def _fill(self) -> None:
        self.learn.setVisible(self.desk.may(Permission.SUPERVISE))
        self._column.clear()
        self.adopt = self.roll_back = None
        state = self._state
        if state is None:
            return
        blank = bool(state.missing) and not state.layers
        self._column.setVisible(not blank)
        self._empty.setVisible(blank)
        if blank:
            self._empty.say("sparkles", self.tr("Pas encore assez de décisions"), self._why(state))
            return
        self._column.body.addWidget(self._now(state))
        waiting = [each for each in state.layers if not each.in_force]
        newer = waiting[0] if waiting and _is_news(waiting[0], state.in_force) else None
        if newer is not None:
            self._column.body.addWidget(self._offer(newer))
        others = [each for each in waiting if each is not newer]
        if others:
            self._column.body.addWidget(self._others(others))
        self._column.finish()
        self._allow(self._progress.isHidden())

    def _why(self, state: LearningState) -> str:
        ground = self.tr(
            "Vigie peut apprendre de ce que vous confirmez, retirez et ajoutez, et des «\u00a0rien à "
            "signaler\u00a0». Rien ne change sans que la supervision l’adopte, et rien ne quitte ce poste."
        )
        return f"{words.lessons(state)}\n{ground}"

    def _now(self, state: LearningState) -> Card:
        card = Card(self.tr("En vigueur"))
        layer = state.in_force
        if layer is None:
            card.add(Label(self.tr("Rien d’appris"), "title"))
            card.add(Label(self.tr("Le moteur juge tel qu’il est livré."), "base", wrap=True))
            card.add(Label(words.lessons(state), "note", "muted", wrap=True))
            return card
        self._describe(card, layer)
        if not layer.problem and layer.engine != state.engine:
            older = self.tr("Mesurée avec une autre version du moteur ({engine})\u00a0: apprenez de nouveau.")
            card.add(Label(older.format(engine=layer.engine), "note", "warning", wrap=True))
        card.add(Label(words.lessons(state), "note", "muted", wrap=True))
        if self.desk.may(Permission.SUPERVISE):
            self.roll_back = Button(self.tr("Revenir à la version d’avant"), "", "undo-2")
            self.roll_back.clicked.connect(self._roll_back)
            before = self.tr("Avant elle, le moteur jugeait tel qu’il est livré.")
            if state.before:
                before = self.tr("Avant elle\u00a0: la version {name}.").format(name=state.before[:8])
            card.add_row(before, self.roll_back)
        return card

    def _offer(self, layer: LayerView) -> Card:
        card = Card(self.tr("Proposition"))
        self._describe(card, layer)
        if self.desk.may(Permission.SUPERVISE) and not layer.problem:
            self.adopt = self._adopting(layer, "primary")
            hint = self.tr("Les verdicts à venir la nomment; les messages à traiter sont jugés de nouveau.")
            card.add_row(hint, self.adopt)
        return card

    def _others(self, layers: Sequence[LayerView]) -> Card:
        card = Card(self.tr("Autres versions"))
        for layer in layers:
            said = self.tr("Version {name}. {origin}").format(name=layer.name, origin=words.origin(layer))
            if self.desk.may(Permission.SUPERVISE) and not layer.problem:
                card.add_row(said, self._adopting(layer, ""))
            else:
                card.add(Label(said, "base", wrap=True), line=True)
        return card

    def _adopting(self, layer: LayerView, look: str) -> Button:
        button = Button(self.tr("Adopter"), look, "check")
        button.setAccessibleName(self.tr("Adopter la version {name}").format(name=layer.name))
        button.clicked.connect(lambda _on=False: self._adopt(layer))
        return button

    def _describe(self, card: Card, layer: LayerView) -> None:
        card.add(Label(self.tr("Version {name}").format(name=layer.name), "title"))
        since = words.adopted(layer)
        card.add(Label(" ".join(filter(None, (words.origin(layer), since))), "base", wrap=True))
        if layer.problem:
            banner = Banner("warning", inset=True)
            said = self.desk.catalogue.error(layer.problem, {"layer": layer.name})
            banner.say(said.title, said.next)
            card.add(banner)
        if layer.comparison is not None and layer.comparison.rules:
            told = self.tr("Sur des décisions qu’elle n’avait pas vues, avant → après\u00a0:")
            card.add(Label(told, "note", "muted", wrap=True))
            card.add(ComparisonTable(layer.comparison, self._titles))
        if layer.words:
            card.add(Label(self.tr("Les mots qui pèsent le plus"), "note", "muted", wrap=True), line=True)
            card.add(WeightList(layer.words, self._titles))


def _is_news(layer: LayerView, in_force: LayerView | None) -> bool:
    """Made after what is in force."""
    return in_force is None or layer.made_at > in_force.made_at
