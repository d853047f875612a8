"""The filters of the queue, in the panel: each change acts at once; a view can be kept by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from console.catalogue import Catalogue
from console.domain.cases import CaseState
from console.domain.ids import PersonId, RuleId
from console.domain.messages import KNOWN_PLATFORMS, OTHER, Account, Channel, Kind
from console.domain.verdicts import Route
from console.services.rows import QueueFilter, SavedView
from ui import dates
from ui.models.card import CardContext, platform_name, rule_title
from ui.models.display_text import one_line
from ui.models.tones import word_of
from ui.pages.queue.period import Period
from ui.pages.queue.words import article_word, sentence
from ui.widgets.button import Button, IconButton
from ui.widgets.label import Label, SectionLabel
from ui.widgets.toggles import Toggles

_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen from, read beforehand."""

    context: CardContext
    accounts: Sequence[Account] = ()
    views: Sequence[SavedView] = ()
    author: PersonId | None = None
    """The author of the message on screen, offered as a filter."""
    author_name: str = ""


class FilterForm(QWidget):
    """`changed` hands over the whole filter."""

    changed = Signal(object)
    """`QueueFilter`."""
    save_wanted = Signal(str)
    drop_wanted = Signal(str)

    def __init__(self, where: QueueFilter, choices: Choices, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._where, self._choices, self._now = where, choices, now
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 16)
        self._column.setSpacing(6)
        self._found = Label("", "strong")
        self._clear = Button(self.tr("Tout effacer"))
        self._clear.clicked.connect(self._on_clear)
        head = QHBoxLayout()
        head.addWidget(self._found, 1)
        head.addWidget(self._clear)
        self._column.addLayout(head)
        label = Catalogue.load().label
        self._states = self._toggles(
            self.tr("État"), [(each, sentence(label("state", each))) for each in CaseState]
        )
        self._severities = self._toggles(
            self.tr("Gravité"), [(level, word_of(level)) for level in (4, 3, 2, 1, 0)]
        )
        self._rules = self._toggles(self.tr("Règle"), [])
        self._more_rules = self._rule_box()
        self._routes = self._toggles(
            self.tr("Suite"),
            [(each, sentence(label("route", each))) for each in Route if each is not Route.NONE],
        )
        platforms = (*KNOWN_PLATFORMS, OTHER)
        self._platforms = self._toggles(
            self.tr("Plateforme"), [(each, platform_name(each)) for each in platforms]
        )
        self._accounts = self._toggles(
            self.tr("Compte"),
            [
                (each.id, f"{one_line(each.name)} ({platform_name(each.platform)})")
                for each in choices.accounts
            ],
        )
        self._channels = self._toggles(
            self.tr("Canal"), [(each, sentence(label("channel", each))) for each in Channel]
        )
        self._kinds = self._toggles(
            self.tr("Type de contenu"), [(each, sentence(label("kind", each))) for each in Kind]
        )
        author = [(choices.author, one_line(choices.author_name))] if choices.author else []
        self._author = self._toggles(self.tr("Personne du message affiché"), author)
        self._period = Period()
        self._period.changed.connect(self._on_change)
        self._column.addSpacing(8)
        self._column.addWidget(SectionLabel(self.tr("Date de publication")))
        self._column.addWidget(self._period)
        self._build_views(choices.views)
        self._column.addStretch(1)
        self.setFocusProxy(self._states.button(CaseState.PENDING))
        self.show_filter(where)

    def show_filter(self, where: QueueFilter) -> None:
        """Show a filter, silently."""
        self._where = where
        for rule in where.rules:
            self._rules.add(rule, self._rule_word(rule), checked=True)
        for toggles, chosen in (
            (self._states, where.states), (self._severities, where.severities), (self._rules, where.rules),
            (self._routes, where.routes), (self._platforms, where.platforms),
            (self._accounts, where.accounts), (self._channels, where.channels), (self._kinds, where.kinds),
            (self._author, {where.author} if where.author else set()),
        ):  # fmt: skip
            toggles.choose(chosen)
        self._rules.setVisible(bool(self._rules.keys()))
        self._period.show_instants(where.posted_from, where.posted_to, self._now())

    def show_found(self, count: int) -> None:
        """How many messages match."""
        if count >= _COUNTED:
            self._found.setText(self.tr("Plus de {count} messages").format(count=dates.number(_COUNTED)))
        elif count == 1:
            self._found.setText(self.tr("1 message"))
        else:
            self._found.setText(self.tr("{count} messages").format(count=dates.number(count)))

    def _on_change(self) -> None:
        first, last = self._period.instants()
        author = self._author.chosen()
        self._where = replace(
            self._where,
            states=frozenset(self._states.chosen()),
            severities=frozenset(self._severities.chosen()),
            rules=frozenset(self._rules.chosen()),
            routes=frozenset(self._routes.chosen()),
            platforms=frozenset(self._platforms.chosen()),
            accounts=frozenset(self._accounts.chosen()),
            channels=frozenset(self._channels.chosen()),
            kinds=frozenset(self._kinds.chosen()),
            author=author[0] if author else None,
            posted_from=first,
            posted_to=last,
        )
        self.changed.emit(self._where)

    def _on_clear(self) -> None:
        self.show_filter(QueueFilter(text=self._where.text))
        self.changed.emit(self._where)

    def _toggles(self, title: str, choices: Sequence[tuple[Any, str]]) -> Toggles[Any]:
        toggles: Toggles[Any] = Toggles(title)
        for key, word in choices:
            toggles.add(key, word)
        toggles.changed.connect(self._on_change)
        head = SectionLabel(title)
        self._column.addSpacing(8)
        self._column.addWidget(head)
        self._column.addWidget(toggles)
        if not choices and title != self.tr("Règle"):
            head.hide()
            toggles.hide()
        return toggles

    def _rule_box(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("Ajouter une règle"))
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        box.addItem(self.tr("Ajouter une règle…"))
        for rule in sorted(self._choices.context.rules.values(), key=lambda each: each.title):
            box.addItem(self._rule_word(rule.id), rule.id)
        box.activated.connect(self._on_rule)
        self._column.addWidget(box)
        return box

    def _rule_word(self, rule: RuleId) -> str:
        view = self._choices.context.rules.get(rule)
        title = rule_title(rule, self._choices.context.rules)
        return f"{title}, {article_word(view.article)}" if view else title

    def _on_rule(self, place: int) -> None:
        rule = self._more_rules.itemData(place)
        if rule is None:
            return
        with QSignalBlocker(self._more_rules):
            self._more_rules.setCurrentIndex(0)
        self._rules.add(RuleId(rule), self._rule_word(RuleId(rule)), checked=True)
        self._rules.show()
        self._on_change()

    def _build_views(self, views: Sequence[SavedView]) -> None:
        self._column.addSpacing(8)
        self._column.addWidget(SectionLabel(self.tr("Vues enregistrées")))
        for view in views:
            row = QHBoxLayout()
            row.addWidget(Label(view.name, "base", wrap=True), 1)
            drop = IconButton("trash-2", self.tr("Supprimer la vue {name}").format(name=view.name))
            drop.clicked.connect(lambda _checked=False, name=view.name: self.drop_wanted.emit(name))
            row.addWidget(drop)
            self._column.addLayout(row)
        self._name = QLineEdit()
        self._name.setPlaceholderText(self.tr("Nom de la vue"))
        self._name.setAccessibleName(self.tr("Nom de la vue"))
        keep = Button(self.tr("Enregistrer"), icon="bookmark-plus")
        keep.clicked.connect(self._on_keep)
        self._name.returnPressed.connect(self._on_keep)
        row = QHBoxLayout()
        row.addWidget(self._name, 1)
        row.addWidget(keep)
        self._column.addLayout(row)

    def _on_keep(self) -> None:
        if self._name.text().strip():
            self.save_wanted.emit(self._name.text().strip())
