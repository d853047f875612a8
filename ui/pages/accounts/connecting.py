"""Connecting an account, step by step: the platform, what is asked, the answer, which account.

The platform is asked off the UI thread. Tokens pass through here in memory only, and go with the step
that held them.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QStackedWidget, QWidget

from console.domain.messages import Platform
from console.domain.platforms import Abilities
from console.errors import CancelledError, VigieError
from console.services.platform_ports import Candidate, ClientApp, SignInKind
from console.services.rows import ChangeSet
from ui.desk import Desk
from ui.pages.accounts.ask_step import AskStep
from ui.pages.accounts.steps import CandidatesStep, PlatformStep, WaitStep


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request to a platform; what comes back to an abandoned one is dropped."""

    number: int
    platform: Platform
    app: ClientApp
    stop: threading.Event


class Connecting(QStackedWidget):
    """`begin` starts at the choice of a platform, or beyond it when the platform is known."""

    finished = Signal(object, str)
    """The account is connected: `ChangeSet`, its name."""
    left = Signal()
    """Back to the accounts."""
    _url_given = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._asked: _Asked | None = None
        self._number = 0
        self._known = False
        """Whether the platform was known beforehand: «Revenir» then leads to the accounts."""
        self.platforms: PlatformStep | None = None
        self.ask: AskStep | None = None
        self.candidates: CandidatesStep | None = None
        self.waiting = WaitStep(desk)
        self.waiting.stopped.connect(self.stop)
        self._blank = QWidget()
        """While the first step is read."""
        self.addWidget(self._blank)
        self.addWidget(self.waiting)
        self._url_given.connect(self._open_url)

    def begin(self, platform: Platform | None = None) -> None:
        """From the first step."""
        self.forget()
        self._known = platform is not None
        self.setCurrentWidget(self._blank)
        if platform is not None:
            self._read_ask(platform)
            return
        accounts = self._desk.services.accounts

        def work() -> dict[Platform, SignInKind]:
            # Off the UI thread: the first time, this loads what speaks to each platform.
            return {each: accounts.sign_in_kind(each) for each in accounts.platforms()}

        self._desk.tasks.read(work, self._show_platforms, self._lost, owner=self, lane="step")

    def take_focus(self) -> None:
        """Where the present step goes on."""
        step = self.currentWidget()
        if isinstance(step, (PlatformStep, AskStep, CandidatesStep, WaitStep)):
            step.take_focus()

    def stop(self) -> None:
        """Do not wait any longer."""
        if self._asked is not None:
            self._asked.stop.set()
            self._asked = None
        self.waiting.rest()
        if self.ask is not None:
            self._bring(self.ask)

    def forget(self) -> None:
        """Nothing of an earlier try stays: no secret in a field, no token in memory."""
        if self._asked is not None:
            self._asked.stop.set()
            self._asked = None
        self.waiting.rest()
        for step in (self.platforms, self.ask, self.candidates):
            if step is not None:
                self.removeWidget(step)
                step.hide()
                step.deleteLater()
        self.platforms = self.ask = self.candidates = None

    # inside

    def _show_platforms(self, kinds: dict[Platform, SignInKind]) -> None:
        self.platforms = PlatformStep(kinds)
        self.platforms.chosen.connect(lambda name: self._read_ask(Platform(name)))
        self.platforms.left.connect(self._leave)
        self._bring(self.platforms)

    def _read_ask(self, platform: Platform) -> None:
        accounts = self._desk.services.accounts

        def work() -> tuple[SignInKind, tuple[str, ...], Abilities]:
            return accounts.sign_in_kind(platform), accounts.scopes(platform), accounts.abilities(platform)

        def show(read: tuple[SignInKind, tuple[str, ...], Abilities]) -> None:
            self._show_ask(platform, *read)

        self._desk.tasks.read(work, show, self._lost, owner=self, lane="step")

    def _show_ask(
        self, platform: Platform, kind: SignInKind, scopes: tuple[str, ...], abilities: Abilities
    ) -> None:
        if self.ask is not None:
            self.removeWidget(self.ask)
            self.ask.deleteLater()
        self.ask = AskStep(self._desk, platform, kind, scopes, abilities)
        self.ask.given.connect(self._ask_platform)
        self.ask.left.connect(self._back)
        self._bring(self.ask)

    def _lost(self, error: Exception) -> None:
        self._desk.notices.error(error)
        self._leave()

    def _ask_platform(self, app: ClientApp, token: str) -> None:
        ask = self.ask
        if ask is None:
            return
        self._number += 1
        asked = self._asked = _Asked(self._number, ask.platform, app, threading.Event())
        accounts, actor = self._desk.services.accounts, self._desk.actor
        browser = ask.kind is SignInKind.BROWSER
        self.waiting.wait_for(ask.platform, ask.kind)
        self._bring(self.waiting)

        def work() -> tuple[Candidate, ...]:
            if browser:
                return accounts.sign_in(actor, asked.platform, app, self._url_given.emit, asked.stop.is_set)
            return accounts.pasted(actor, asked.platform, app, token)

        self._desk.tasks.long(
            lambda _advance: work(),
            lambda found: self._found(asked, found),
            lambda error: self._failed(asked, error),
            owner=self,
            writes=False,
        )

    def _open_url(self, url: str) -> None:
        # Said on the UI thread: the platform is asked on another.
        if self._asked is not None:
            self.waiting.show_url(url)
            QDesktopServices.openUrl(QUrl(url))

    def _found(self, asked: _Asked, candidates: tuple[Candidate, ...]) -> None:
        if self._asked is not asked or self.ask is None:
            return
        self._asked = None
        self.waiting.rest()
        self.ask.forget()
        step = self.candidates = CandidatesStep(self._desk, asked.platform, candidates)
        step.chosen.connect(lambda candidate: self._connect(asked, candidate))
        step.left.connect(self._again)
        self._bring(step)

    def _failed(self, asked: _Asked, error: Exception) -> None:
        if self._asked is not asked or self.ask is None:
            return
        self._asked = None
        self.waiting.rest()
        self._bring(self.ask)
        stopped = isinstance(error, CancelledError) or (
            isinstance(error, VigieError) and error.code == "signin.cancelled"
        )
        if not stopped:
            self.ask.show_error(self._desk.notices.explain(error))

    def _connect(self, asked: _Asked, candidate: Candidate) -> None:
        accounts, actor = self._desk.services.accounts, self._desk.actor

        def done(changes: ChangeSet) -> None:
            self.forget()
            self.finished.emit(changes, candidate.name)

        def failed(error: Exception) -> None:
            if self.candidates is not None:
                self.candidates.show_error(self._desk.notices.explain(error))
            else:
                self._desk.notices.error(error)

        self._desk.tasks.long(
            lambda _advance: accounts.connect(actor, asked.platform, asked.app, candidate),
            done,
            failed,
            owner=self,
        )

    def _again(self) -> None:
        """Back from the choice of an account: its tokens go."""
        if self.candidates is not None:
            self.removeWidget(self.candidates)
            self.candidates.hide()
            self.candidates.deleteLater()
            self.candidates = None
        if self.ask is not None:
            self._bring(self.ask)

    def _back(self) -> None:
        if self._known or self.platforms is None:
            self._leave()
            return
        if self.ask is not None:
            self.ask.forget()
        self._bring(self.platforms)

    def _leave(self) -> None:
        self.forget()
        self.left.emit()

    def _bring(self, step: QWidget) -> None:
        if self.indexOf(step) < 0:
            self.addWidget(step)
        self.setCurrentWidget(step)
        self.take_focus()
