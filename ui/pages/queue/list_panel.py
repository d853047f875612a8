"""The left of the queue page: views, the button for new messages, and the list or what stands for it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from console.services.rows import QueueFilter
from ui import dates
from ui.announce import announce
from ui.desk import Desk
from ui.models.queue_model import QueueModel
from ui.pages.queue.chips import ViewChips
from ui.pages.queue.loader import ListState, QueueLoader
from ui.pages.queue.quick_views import narrowed, view_of
from ui.widgets.button import Button
from ui.widgets.card_list import CardList
from ui.widgets.empty import EmptyState
from ui.widgets.skeleton import CardSkeleton


class ListPanel(QWidget):
    """Asks nothing itself: the loader reads, the page decides."""

    arrivals_wanted = Signal()
    clear_wanted = Signal()
    import_wanted = Signal()
    retry_wanted = Signal()

    def __init__(self, desk: Desk, model: QueueModel, loader: QueueLoader) -> None:
        super().__init__()
        self._desk, self._loader = desk, loader
        self.setProperty("surface", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(280)
        self.chips = ViewChips(lambda: desk.actor.staff.id)
        self.arrivals = Button("", "dashed", "arrow-up", commands=desk.commands, command="queue.arrivals")
        self.arrivals.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.arrivals.clicked.connect(self.arrivals_wanted)
        self.arrivals.hide()
        self.cards = CardList(model)
        self.empty = EmptyState()
        self._stack = QStackedWidget()
        self._skeleton = CardSkeleton()
        for widget in (self._skeleton, self.cards, self.empty):
            self._stack.addWidget(widget)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.addWidget(self.chips)
        self._column.addSpacing(10)
        self._column.addWidget(self.arrivals)
        self._column.addSpacing(6)
        self._column.addWidget(self._stack, 1)
        loader.state_changed.connect(self._show_state)
        loader.arrivals_changed.connect(self._show_arrivals)
        loader.counts_changed.connect(self.chips.show_counts)
        loader.watch(self.cards.visible_messages)
        desk.theme.changed.connect(self._dress)
        self._dress()

    def _show_arrivals(self, count: int) -> None:
        words = self.tr("Voir le nouveau message")
        if count > 1:
            words = self.tr("Voir les {count} nouveaux messages").format(count=dates.number(count))
        if count and not self.arrivals.isVisible():
            announce(self.arrivals, words)
        self.arrivals.setText(words)
        self.arrivals.setVisible(count > 0)

    def _show_state(self, state: ListState) -> None:
        if state is ListState.LOADING:
            self._stack.setCurrentWidget(self._skeleton)
        elif state is ListState.READY:
            self._stack.setCurrentWidget(self.cards)
        else:
            if state is ListState.FAILED:
                self._say_failed()
            else:
                self._say_empty(self._loader.where)
            self._stack.setCurrentWidget(self.empty)
            announce(self.empty, self.empty.title)

    def _say_failed(self) -> None:
        error = self._loader.error
        notice = self._desk.notices.explain(error or RuntimeError())
        self.empty.say(
            "circle-alert",
            self.tr("La file n’a pas pu être lue"),
            f"{notice.title} {notice.next}",
            self.tr("Réessayer"),
            self.retry_wanted.emit,
        )

    def _say_empty(self, where: QueueFilter) -> None:
        if where.text:
            self.empty.say(
                "search",
                self.tr("Aucun message trouvé"),
                self.tr("Aucun message de cette vue ne contient «\u00a0{text}\u00a0».").format(
                    text=where.text
                ),
                self.tr("Effacer la recherche et les filtres"),
                self.clear_wanted.emit,
            )
        elif view_of(where) == "pending":
            self.empty.say(
                "circle-check",
                self.tr("Rien à traiter"),
                self.tr(
                    "Tous les messages reçus ont leur décision. Les prochains apparaitront ici d’eux-mêmes."
                ),
                self.tr("Importer un fichier"),
                self.import_wanted.emit,
            )
        else:
            why = self.tr("Aucun message ne correspond aux filtres choisis.")
            if view_of(where):
                why = _WHY[view_of(where)](self)
            action = self.tr("Effacer les filtres") if narrowed(where) and not view_of(where) else ""
            self.empty.say(
                "inbox",
                self.tr("Cette vue est vide"),
                why,
                action or self.tr("Voir tout ce qui est à traiter"),
                self.clear_wanted.emit,
            )

    def _dress(self) -> None:
        space = self._desk.theme.space
        self._column.setContentsMargins(space(12), space(10), space(4), 0)
        self.chips.setContentsMargins(0, 0, 0, 0)
        self._column.setAlignment(self.chips, Qt.AlignmentFlag(0))


_WHY = {
    "emergency": lambda panel: panel.tr("Aucun message n’annonce un danger pour la vie ou les biens."),
    "private": lambda panel: panel.tr("Aucun message privé n’attend de décision."),
    "mine": lambda panel: panel.tr("La supervision ne vous a retourné aucun dossier."),
    "submitted": lambda panel: panel.tr("Aucun dossier n’est devant la supervision."),
}
