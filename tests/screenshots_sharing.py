"""Pictures of two windows that work on one real hub: a claim, a card that a colleague resolved, no line.

`python -m tests.screenshots_sharing [--into FOLDER]`; `python3 dev.py screenshots sharing` runs it too. Both
windows and both lines are real; PostgreSQL is the one that pip installs.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from PySide6.QtCore import QElapsedTimer
from PySide6.QtWidgets import QApplication

from console.bootstrap import open_services
from console.clock import FixedClock
from console.domain.decisions import Action
from console.domain.ids import MessageId
from console.domain.messages import IncomingMessage
from console.hub.private_server import install, private_server
from console.secrets.in_memory import MemorySecrets
from console.services.decisions import DecisionRequest
from console.services.rows import QueueFilter, Sort
from console.services.sample import MESSAGES, SampleMessages, load_messages
from console.services.services import Services
from console.services.sharing_ports import HubAddress, LineState
from tests.screenshots import IMAGES, LOOK, NOW, Stage, settle, window_on
from ui.app import qt_application
from ui.pages.queue.page import QueuePage
from ui.theme import Theme

PEOPLE = {"ines": ("Inès Gagnon", "moderator"), "mathieu": ("Mathieu Roy", "supervisor")}
NAMES = ("sharing-claim", "sharing-resolved", "sharing-conflict", "sharing-offline")
_PATIENCE = 60_000
_BELOW = 700
"""Pixels down the list, where the resolved card is."""
_SHOWN = 60
"""Messages of the sample that the two desks share."""


def until(true: Callable[[], bool], what: str) -> None:
    """Let both windows go on until it holds."""
    timer = QElapsedTimer()
    timer.start()
    while not true():
        if timer.elapsed() > _PATIENCE:
            raise TimeoutError(what)
        QApplication.processEvents()
    settle()


def prepare(folder: Path, address: HubAddress, password: str, *, fill: bool) -> MemorySecrets:
    """A desk that has joined and met the hub once; `fill`: it brings the messages."""
    secrets = MemorySecrets()
    services = open_services(folder, clock=FixedClock(NOW), secrets=secrets)
    try:
        actor = services.sharing.join(None, address, password, f"Poste de {address.login}")
        if fill:
            every = [
                each for each in load_messages(MESSAGES, NOW).read() if isinstance(each, IncomingMessage)
            ]
            some = SampleMessages(every[-_SHOWN:])
            services.intake.take_in(actor, some, lambda _done, _total: None)
        until(lambda: met(services, 1 if fill else _SHOWN // 2), "the first exchange")
    finally:
        services.close()
    return secrets


def met(services: Services, messages: int) -> bool:
    """Whether all is exchanged."""
    online = services.sharing.line().state is LineState.ONLINE
    return (
        online and services.queue.matches(QueueFilter()) >= messages and not services.sharing.line().to_send
    )


def queue_of(stage: Stage) -> QueuePage:
    """The queue in front."""
    stage.window.go("queue")
    page = stage.window.page("queue")
    assert isinstance(page, QueuePage)
    return page


def decide(stage: Stage, message: MessageId, *actions: Action) -> None:
    """Decide as whoever sits there."""
    detail = stage.desk.services.queue.detail(message)
    rule = detail.verdict.findings[0].rule if detail.verdict.findings else ""
    texts = dict.fromkeys(actions, "Bonjour, votre message ne respecte pas la nétiquette (art. 4).")
    reason = "Insulte envers une personne."
    request = DecisionRequest(
        message,
        detail.message.revision,
        frozenset(actions),
        (rule,),
        reason,
        texts,
    )
    stage.desk.announce(stage.desk.services.decisions.decide(stage.desk.actor, request))


def take(into: Path) -> list[Path]:
    """All four pictures; returns their files."""
    into.mkdir(parents=True, exist_ok=True)
    theme = Theme(qt_application(), LOOK)
    os.environ["VIGIE_AT_REST"] = "plain"
    written = [into / f"{name}.png" for name in NAMES]
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder, server = Path(name), ExitStack()
        stack.callback(server.close)
        admin, admin_password = server.enter_context(private_server(folder / "base"))
        drawn = install(admin, admin_password, PEOPLE)
        stages = []
        for number, login in enumerate(PEOPLE):
            address = HubAddress(admin.host, admin.database, login, admin.port)
            secrets = prepare(folder / login, address, drawn[login], fill=number == 0)
            services = open_services(folder / login, clock=FixedClock(NOW), secrets=secrets)
            stages.append(stack.enter_context(window_on(services, folder / login, theme)))
        ines, mathieu = stages
        for each in stages:
            until(lambda each=each: met(each.desk.services, _SHOWN // 2), "both online")
        rows = ines.desk.services.queue.page(QueueFilter(), Sort.PRIORITY, limit=12).rows
        insult = next(row.id for row in rows[1:] if row.chips)
        queue_of(ines).open(insult)
        page = queue_of(mathieu)
        page.open(insult)
        claims = mathieu.desk.services.sharing.claims
        until(lambda: any(c.name == "Inès Gagnon" for c in claims().values()), "the claim")
        mathieu.save(written[0])
        page.open(rows[0].id)
        decide(ines, insult, Action.HIDE)
        state = mathieu.desk.services.queue
        until(lambda: state.detail(insult).decision is not None, "the decision")
        bar = page.list.cards.verticalScrollBar()
        bar.setValue(bar.maximum() if bar.maximum() < _BELOW else _BELOW)
        mathieu.save(written[1])
        both = next(row.id for row in rows[2:] if row.chips and row.id != insult)
        server.close()
        until(
            lambda: all(s.desk.services.sharing.line().state is LineState.OFFLINE for s in stages), "offline"
        )
        ines.save(written[3])
        decide(ines, both, Action.HIDE)
        decide(mathieu, both, Action.DELETE)
        server.enter_context(private_server(folder / "base"))
        for each in stages:
            each.desk.services.sharing.sync_now()
        conflicts = mathieu.desk.services.sharing.conflicts
        until(lambda: bool(conflicts(mathieu.desk.actor)), "the conflict")
        mathieu.window.go("sharing", "conflicts")
        mathieu.save(written[2])
    return written


def main(arguments: list[str] | None = None) -> int:
    """Write the pictures; the exit status is 0."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=IMAGES)
    for file in take(parser.parse_args(arguments).into):
        print(file.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
