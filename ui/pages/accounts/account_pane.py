"""One account: its state and what to do about it, what waits, its budgets, what its platform can do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.domain.roles import Permission
from console.errors import VigieError
from console.services.platform_rows import AccountRow
from ui.desk import Desk
from ui.models import accounts as models
from ui.models.accounts import LOST, AccountState
from ui.models.card import platform_name
from ui.models.display_text import isolated
from ui.notify import Notice, Tone
from ui.pages.accounts import words
from ui.pages.accounts.parts import AbilityTable, BudgetLine, ScopeList
from ui.widgets.badge import Badge
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.facts import Facts
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Card, Column
from ui.widgets.label import Label


class AccountPane(Column):
    """Built anew when the account changed. Shows states to everybody, buttons to whoever may connect."""

    connect_wanted = Signal(object)
    """`AccountRow` to connect (again)."""
    check_wanted = Signal(object)
    """`AccountId`; the next two as well."""
    disconnect_wanted = Signal(object)
    resume_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._row: AccountRow | None = None
        self._asking = False
        self.buttons: dict[str, Button] = {}
        """By what they do: connect, resume, check, disconnect, really, stay, outbox."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("look", "reader")
        self.setAccessibleName(self.tr("Compte choisi"))

    @property
    def row(self) -> AccountRow | None:
        """What is shown."""
        return self._row

    def show_row(self, row: AccountRow | None) -> None:
        """Another account, the same one changed, or none."""
        before = self._row
        same = before is not None and row is not None and before.account.id == row.account.id
        if not same:
            self._asking = False
        self._row = row
        self._rebuild(keep=same)

    def reword(self) -> None:
        """Time went on, or another text size."""
        self._rebuild(keep=True)

    def wait(self, *, waiting: bool) -> None:
        """While the platform is asked."""
        for button in self.buttons.values():
            button.setEnabled(not waiting)

    def show_error(self, notice: Notice) -> None:
        """What went wrong, and the next step."""
        self.wait(waiting=False)
        self._problem.say(notice.title, notice.next)

    def press(self, name: str) -> None:
        """What the key of a command does: nothing where its button is not offered."""
        button = self.buttons.get(name)
        if button is not None and button.isEnabled():
            button.click()

    # inside

    def _rebuild(self, *, keep: bool) -> None:
        place = self.verticalScrollBar().value() if keep else 0
        focused = next((name for name, each in self.buttons.items() if each.hasFocus()), "")
        self.clear()
        self.buttons = {}
        if self._row is None:
            return
        self._build(self._row)
        self.verticalScrollBar().setValue(place)
        if focused:
            # The same button, made anew; one that is no longer offered leaves the focus to the pane.
            self.buttons.get(focused, self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self, row: AccountRow) -> None:
        now = self._desk.services.clock.now()
        said = models.state_words(row, now)
        self.add_title(isolated(row.account.name), platform_name(row.account.platform))
        self._problem = Banner(Tone.WARNING, inset=True)
        self._problem.hide()
        self.body.addWidget(self._state(row, said))
        self.body.addWidget(self._problem)
        if row.budgets:
            card = Card(self.tr("Ce qui reste à utiliser"))
            for budget in row.budgets:
                card.add(BudgetLine(budget, now), line=True)
            self.body.addWidget(card)
        self.body.addWidget(self._work(row))
        card = Card(self.tr("Ce que la plateforme permet"))
        card.add(AbilityTable(row.abilities))
        self.body.addWidget(card)
        if row.connection is not None and row.connection.scopes:
            card = Card(self.tr("Ce que la Ville a permis à Vigie"))
            card.add(ScopeList(row.connection.scopes))
            self.body.addWidget(card)
        self.finish()

    def _state(self, row: AccountRow, said: models.StateWords) -> Card:
        card = Card(self.tr("État"))
        mark = Badge()
        mark.show_mark(said.level, said.shape, models.sentence(said.word))
        line = QWidget()
        inner = QHBoxLayout(line)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(mark)
        inner.addStretch(1)
        card.add(line)
        card.add(Label(said.text, "base", wrap=True))
        if row.connection is not None and row.connection.code and said.state not in LOST:
            notice = self._desk.notices.explain(VigieError(row.connection.code))
            card.add(Label(f"{notice.title} {notice.next}".strip(), "note", "warning", wrap=True))
        if not self._desk.may(Permission.CONNECT_ACCOUNTS):
            why = self.tr("La supervision ou l’administration connecte les comptes.")
            card.add(Label(why, "note", "muted", wrap=True))
        elif self._asking:
            card.add(Label(words.disconnect_words(row), "base", "warning", wrap=True))
            card.add(self._row_of(self._really(row), self._stay()))
        else:
            card.add(self._row_of(*self._offers(row, said.state)))
        return card

    def _offers(self, row: AccountRow, state: AccountState) -> list[Button]:
        account = row.account.id
        again = self.tr("Connecter") if state is AccountState.DISCONNECTED else self.tr("Reconnecter")
        urgent = state not in (AccountState.CONNECTED, AccountState.BLOCKED)
        connect = self._button(
            "connect", again, "primary" if urgent else "", "link", lambda: self.connect_wanted.emit(row)
        )
        if state is AccountState.DISCONNECTED:
            return [connect]
        check = self._button(
            "check", self.tr("Vérifier"), "", "refresh-cw", lambda: self.check_wanted.emit(account)
        )
        leave = self._button(
            "disconnect", self.tr("Déconnecter…"), "danger", "", lambda: self._ask(asking=True)
        )
        if state is AccountState.CONNECTED:
            connect.hide()
            del self.buttons["connect"]
            return [check, leave]
        if state is AccountState.BLOCKED:
            resume = self._button(
                "resume",
                self.tr("Reprendre"),
                "primary",
                "send",
                lambda: self.resume_wanted.emit(account),
            )
            return [resume, check, leave]
        return [connect, check, leave]

    def _really(self, row: AccountRow) -> Button:
        account = row.account.id
        return self._button(
            "really", self.tr("Déconnecter"), "danger", "", lambda: self.disconnect_wanted.emit(account)
        )

    def _stay(self) -> Button:
        return self._button("stay", self.tr("Garder connecté"), "", "", lambda: self._ask(asking=False))

    def _button(self, name: str, text: str, look: str, icon: str, act: Callable[[], object]) -> Button:
        command = f"accounts.{name}"
        known = name in ("connect", "check", "resume", "disconnect")
        button = Button(
            text,
            look,
            icon,
            commands=self._desk.commands if known else None,
            command=command if known else "",
        )
        button.clicked.connect(lambda _on=False: act())
        self.buttons[name] = button
        return button

    def _row_of(self, *buttons: Button) -> QWidget:
        box = QWidget()
        flow = FlowLayout(box, gap=8)
        for button in buttons:
            flow.addWidget(button)
        return box

    def _ask(self, *, asking: bool) -> None:
        self._asking = asking
        self._rebuild(keep=True)
        first = self.buttons.get("stay" if asking else "disconnect")
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _work(self, row: AccountRow) -> Card:
        now, work = self._desk.services.clock.now(), self._desk.platforms.work(row.account.id)
        facts = Facts()
        collected = self.tr("jamais") if row.collected_at is None else models.moment_at(row.collected_at, now)
        if work is not None and work.busy:
            collected = self.tr("{when}, une autre est en cours").format(when=collected)
        facts.add(self.tr("Dernière collecte"), collected)
        if row.waits_until is not None and row.waits_until > now:
            facts.add(
                self.tr("Reprise"),
                self.tr("{when}\u00a0: la plateforme demande d’attendre").format(
                    when=models.moment_at(row.waits_until, now)
                ),
                "warning",
            )
        if work is not None and work.error is not None:
            notice = self._desk.notices.explain(work.error)
            facts.add(self.tr("Dernier problème"), f"{notice.title} {notice.next}".strip(), "warning")
        if row.held_by:
            facts.add(self.tr("Poste qui collecte"), row.held_by)
        facts.add(self.tr("Envois"), models.waiting_words(row) or self.tr("aucun n’attend"))
        if row.connection is not None and row.connection.expires_at is not None:
            facts.add(self.tr("Fin de l’accès"), models.moment_at(row.connection.expires_at, now))
        card = Card(self.tr("Collecte et envois"))
        card.add(facts)
        if row.waiting or row.trouble:
            card.add(
                self._row_of(
                    self._button(
                        "outbox",
                        self.tr("Voir les envois"),
                        "",
                        "send",
                        lambda: self._desk.open_page.emit("outbox", None),
                    )
                )
            )
        return card
