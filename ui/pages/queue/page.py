"""The queue page: list, message, verdict and actions, and the way from one message to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from console.domain.decisions import Action
from console.domain.ids import MessageId, RuleId
from console.domain.roles import Permission
from console.errors import ConflictError
from console.services.decisions import DecisionRequest
from console.services.policy import ArticleView
from console.services.rows import QueueFilter, Sort
from ui.desk import Desk
from ui.models.queue_model import QueueModel
from ui.pages.page import Page
from ui.pages.queue.article_body import ArticleBody, panel_title
from ui.pages.queue.case import Case, CaseReader
from ui.pages.queue.claiming import Claiming
from ui.pages.queue.composer import Composer
from ui.pages.queue.deciding import Decider
from ui.pages.queue.filtering import Filtering
from ui.pages.queue.fold import Fold
from ui.pages.queue.keys import bind_keys
from ui.pages.queue.list_panel import ListPanel
from ui.pages.queue.list_width import ListWidth
from ui.pages.queue.loader import QueueLoader
from ui.pages.queue.message_pane import MessagePane
from ui.pages.queue.verdict_pane import VerdictPane
from ui.widgets.label import rule
from ui.widgets.side_panel import SidePanel

_LIST = 372
_FOLD_BELOW = 1100
"""Window width in pixels at 100 % text under which the list folds away."""
_SHORT_BELOW = 640
_AT_ONCE = frozenset({Action.KEEP, Action.NO_REPLY})


class QueuePage(Page):
    """Wires the panes; each of them knows only its own work."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.title = self.tr("File d’attente")
        self.search_hint = self.tr("Rechercher un message, une personne, un lien…")
        self.model = QueueModel(desk.services.clock.now(), self)
        self.loader = QueueLoader(desk, self.model, self)
        self.reader = CaseReader(desk, self)
        self.decider = Decider(desk, self)
        self.list = ListPanel(desk, self.model, self.loader)
        self.message = MessagePane(desk)
        self.verdict = VerdictPane(desk)
        self.claiming = Claiming(desk, self.model, self.verdict, self)
        self.panel = SidePanel(self)
        self.filtering = Filtering(desk, self.loader, self.panel)
        self._pick_after: MessageId | None = None
        self._waiting_for_more = False
        self._build()
        self._wire()
        self._list_keys = bind_keys(self)

    # what the window asks

    def bar_widgets(self) -> Sequence[QWidget]:
        """Filters and order."""
        return self.filtering.bar_widgets()

    def search(self, text: str) -> None:
        """Search within the filter in force."""
        self.filtering.search(text)

    def open(self, argument: object) -> None:
        """Show a message (its id), or a `QueueFilter`."""
        if isinstance(argument, QueueFilter):
            self.filtering.apply(argument)
        elif isinstance(argument, str):
            self._go_to(MessageId(argument))

    def entered(self) -> None:
        """Read what may be stale, and go on polling."""
        self.loader.mask(self.desk.settings.mask_names)
        self.loader.read_words()
        self.loader.read_counts()
        self.filtering.read_views()
        self._list_width.read()
        self._read_placeholders()
        if self.model.rowCount():
            self.loader.let_in()
        else:
            self.loader.show(self.filtering.where, self.filtering.sort)
        self.loader.start()
        self.claiming.look()
        if self.verdict.case is not None:
            self.claiming.opened(self.verdict.case)
        self._focus()

    def showEvent(self, event: QShowEvent) -> None:
        """Work begins in the list."""
        super().showEvent(event)
        self._focus()

    def _focus(self) -> None:
        """Where work goes on: in the list, or on the message while the list is folded away."""
        cards = self.list.cards
        (cards if cards.isVisible() else self.message.card.text).setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width."""
        super().resizeEvent(event)
        self.verdict.set_room(self.width())

    def left(self) -> None:
        """Stop polling, and let go of the case."""
        self.loader.stop()
        self.claiming.closed()

    def set_room(self, width: int) -> None:
        """Fold the list where room is short."""
        self.fold.set_folded(width < _FOLD_BELOW)
        self.verdict.set_room(self.width())
        self.filtering.set_short(width < _SHORT_BELOW)

    # one message after another

    def act(self, action: Action) -> None:
        """A key or a button: decide at once, open what must be written, or press it there."""
        case, form = self.verdict.case, self.verdict.form
        if isinstance(form, Composer):
            form.toggle(action)
        elif case is not None and self._may_act(case) and form is None:
            if action in _AT_ONCE:
                self.decider.decide_at_once(case, action)
            else:
                self.verdict.compose(action)

    def _may_act(self, case: Case) -> bool:
        """Only on the message that is really on screen: keys may come faster than the next one."""
        on_screen = case.id == self.list.cards.current_message()
        return on_screen and case.open and not self.decider.busy and self.desk.may(Permission.DECIDE)

    def _on_picked(self, message: MessageId | None) -> None:
        if message is None:
            self.reader.forget()
            self.message.show_nothing()
            self.verdict.show_nothing()
            self.filtering.about(None)
            self.claiming.closed()
        else:
            self.reader.want(message)

    def _on_case(self, case: Case) -> None:
        same = self.verdict.case is not None and self.verdict.case.id == case.id
        self.message.show_case(case.detail, case.rules, same=same)
        self.verdict.show_case(case)
        self.filtering.about(case.detail)
        if self.isVisible():
            self.claiming.opened(case)
        following = self.list.cards.next_awaiting({case.id})
        if following is not None:
            self.reader.read_ahead(following)

    def _on_case_failed(self, error: Exception) -> None:
        self.desk.notices.error(error)
        message = self.list.cards.current_message()
        if message is not None:
            self.loader.refresh([message])

    def _on_decided(self, message: MessageId) -> None:
        self.verdict.forget_written(message)
        following = self.list.cards.next_awaiting({message})
        if following is not None:
            self.list.cards.pick(following)
            self._focus()
        elif self.model.complete:
            # Everything loaded is decided: whatever arrived meanwhile, or the empty state.
            QTimer.singleShot(0, self, self.loader.reload)
        else:
            self._waiting_for_more = True
            self.list.cards.fetch_more()

    def _on_failed(self, message: MessageId, error: Exception) -> None:
        form = self.verdict.form
        if isinstance(error, ConflictError):
            # Somebody was faster: the screen shows what they did, so it is said above the page.
            self.desk.notices.error(error)
            self.loader.refresh([message])
            self.reader.want(message)
        elif form is not None and form.case.id == message:
            form.show_error(error)
        else:
            self.desk.notices.error(error)

    def _on_undone(self, message: MessageId) -> None:
        self._go_to(message)

    def _go_to(self, message: MessageId) -> None:
        if not self.list.cards.pick(message):
            self._pick_after = message
            self.loader.reload(max(100, self.model.rowCount()))
        self._focus()

    def _on_loaded(self) -> None:
        cards, wanted = self.list.cards, self._pick_after
        self._pick_after = None
        if wanted is not None and cards.pick(wanted):
            return
        if cards.current_message() is None or not cards.currentIndex().isValid():
            cards.pick_first()

    def _on_more(self) -> None:
        if self._waiting_for_more:
            self._waiting_for_more = False
            following = self.list.cards.next_awaiting(set())
            if following is not None:
                self.list.cards.pick(following)

    # filters and words

    def _on_filter(self, where: QueueFilter, sort: Sort) -> None:
        self.list.chips.show_filter(where, sort)
        self.list.cards.scrollToTop()
        self.loader.show(where, sort)

    def _on_view(self, where: QueueFilter, sort: Sort | None) -> None:
        self.filtering.apply(where, sort)
        self._focus()

    def _show_article(self, number: str) -> None:
        policy = self.desk.services.policy

        def show(article: ArticleView) -> None:
            self.panel.show_body(panel_title(article.number), ArticleBody(article, policy_rules))

        policy_rules = self.verdict.case.rules if self.verdict.case else {}
        self.desk.tasks.read(lambda: policy.article(number), show, owner=self, lane="article")

    def _on_disagreed(self, broken: RuleId) -> None:
        case = self.verdict.case
        if case is not None and self.desk.may(Permission.DECIDE):
            self.decider.disagree(case.id, broken)

    def _on_note(self, text: str) -> None:
        if self.verdict.case is not None:
            self.decider.note(self.verdict.case.id, text)

    def _on_noted(self, _message: MessageId) -> None:
        self.message.note.clear()
        self._focus()

    def _read_placeholders(self) -> None:
        policy = self.desk.services.policy
        self.desk.tasks.read(
            policy.placeholders, self.verdict.show_placeholders, owner=self, lane="placeholders"
        )

    def _on_settings(self) -> None:
        self.loader.mask(self.desk.settings.mask_names)
        if self.verdict.case is not None:
            self.message.show_case(self.verdict.case.detail, self.verdict.case.rules, same=True)
            self.message.card.text.choose(self.verdict.findings.chosen_index())

    def _on_theme(self) -> None:
        if self.verdict.case is not None:
            self.verdict.show_case(self.verdict.case)

    def _on_composing(self, composing: bool) -> None:
        for action in self._list_keys:
            action.setEnabled(not composing)
        if not composing:
            self._focus()

    # building

    def _build(self) -> None:
        self._splitter = QSplitter()
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(self.list)
        self._splitter.addWidget(self.message)
        self._splitter.setStretchFactor(0, 0)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([_LIST, 1000])
        self.fold = Fold(self._splitter, self.list)
        self._list_width = ListWidth(self.desk, self.fold)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.fold.strip)
        row.addWidget(self._splitter, 1)
        row.addWidget(rule(vertical=True))
        row.addWidget(self.verdict)
        self.panel.raise_()

    def _wire(self) -> None:
        findings = self.verdict.findings
        self.list.cards.picked.connect(self._on_picked)
        self.list.chips.chosen.connect(self._on_view)
        self.list.arrivals_wanted.connect(self.let_in)
        self.list.clear_wanted.connect(lambda: self.filtering.apply(QueueFilter()))
        self.list.import_wanted.connect(lambda: self.desk.open_page.emit("import", None))
        self.list.retry_wanted.connect(self.loader.reload)
        self.loader.loaded.connect(self._on_loaded)
        self.model.rowsInserted.connect(self._on_more)
        self.filtering.changed.connect(self._on_filter)
        self.filtering.views_read.connect(self.list.chips.show_views)
        self.reader.ready.connect(self._on_case)
        self.loader.counts_changed.connect(self.claiming.look)
        self.reader.failed.connect(self._on_case_failed)
        self.message.hovered.connect(findings.strengthen)
        self.message.chosen.connect(findings.choose)
        self.message.note_written.connect(self._on_note)
        self.message.message_wanted.connect(self._go_to)
        self.message.left.connect(self._focus)
        findings.hovered.connect(self.message.card.text.strengthen)
        findings.chosen.connect(self.message.card.text.choose)
        findings.article_wanted.connect(self._show_article)
        findings.disagreed.connect(self._on_disagreed)
        self.verdict.action_chosen.connect(self.act)
        self.verdict.confirmed.connect(self._on_confirmed)
        self.verdict.escalated.connect(self._on_escalated)
        self.verdict.undo_wanted.connect(self._undo_shown)
        self.verdict.composing_changed.connect(self._on_composing)
        self.decider.decided.connect(self._on_decided)
        self.decider.failed.connect(self._on_failed)
        self.decider.undone.connect(self._on_undone)
        self.decider.noted.connect(self._on_noted)
        self.decider.disputed.connect(findings.mark_disputed)
        self.desk.settings_changed.connect(self._on_settings)
        self.desk.emergency_changed.connect(self.loader.reload)
        self.desk.theme.changed.connect(self._on_theme)

    def confirm(self) -> None:
        """Send what is being written."""
        if self.verdict.form is not None:
            self.verdict.form.confirm()

    def let_in(self) -> None:
        """Show the messages that arrived."""
        self.loader.let_in()
        self.list.cards.scrollToTop()
        self._focus()

    def show_chosen_article(self) -> None:
        """The whole article of the chosen finding, in the panel."""
        finding = self.verdict.findings.chosen_finding()
        if finding is not None:
            self._show_article(finding.article)

    def disagree(self) -> None:
        """Record that the chosen finding is wrong."""
        finding = self.verdict.findings.chosen_finding()
        if finding is not None:
            self._on_disagreed(finding.rule)

    def _on_confirmed(self, request: DecisionRequest) -> None:
        self.decider.decide(request)

    def _on_escalated(self, reason: str, question: str, suggested: frozenset[Action]) -> None:
        if self.verdict.case is not None:
            self.decider.escalate(self.verdict.case, reason, question, suggested)

    def _undo_shown(self) -> None:
        case = self.verdict.case
        if case is not None and case.detail.decision is not None:
            self.decider.undo(case.detail.decision.id)
