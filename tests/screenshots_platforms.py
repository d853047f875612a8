"""Pictures of connected accounts: the list, connecting, what goes out, receipts, pictures that were blurred.

`python -m tests.screenshots_platforms [--into FOLDER] [NAME…]`; `python3 dev.py screenshots platforms` runs
it too. The desk and its services are real; what the platforms answer is in the hands of this file.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from console.bootstrap import open_services
from console.clock import FixedClock
from console.domain.cases import CaseState
from console.domain.decisions import WRITTEN, Action
from console.domain.ids import OutgoingId
from console.domain.messages import FACEBOOK, INSTAGRAM, YOUTUBE, Attachment, IncomingMessage, X
from console.domain.platforms import Act, Receipt, Result
from console.domain.roles import Role
from console.secrets.in_memory import MemorySecrets
from console.services.accounts import Accounts
from console.services.alone import AloneLine
from console.services.decisions import DecisionRequest
from console.services.platform_ports import (
    Budget,
    Candidate,
    ClientApp,
    ConnectionState,
    Tokens,
)
from console.services.rows import ChangeSet, OutgoingState, QueueFilter, Sort
from console.services.sample import SampleMessages
from console.services.services import Services
from tests.screenshots import IMAGES, LOOK, NOW, SIZE, Stage, settle, window_on
from tests.ui.accounts.fake_platform import TOKEN, FakeDirectory, FakePlatform, FakeWorker
from ui.app import qt_application
from ui.models.delivery import Group
from ui.pages.accounts.page import AccountsPage
from ui.pages.outbox.page import OutboxPage
from ui.pages.queue.page import QueuePage
from ui.theme import Mode, Theme

PAGE = "Ville de Fictionville"
_APP = ClientApp("")


@dataclass(frozen=True)
class Scene:
    """A stage with the platforms behind it."""

    stage: Stage
    clock: FixedClock
    platform: FakePlatform

    @property
    def services(self) -> Services:
        """Of the desk."""
        return self.stage.desk.services

    def accounts(self) -> AccountsPage:
        """The page in front."""
        self.stage.window.go("accounts")
        page = self.stage.window.page("accounts")
        assert isinstance(page, AccountsPage)
        return page

    def outbox(self, group: Group) -> OutboxPage:
        """The page in front, at a group."""
        self.stage.window.go("outbox", group)
        page = self.stage.window.page("outbox")
        assert isinstance(page, OutboxPage)
        return page


def message(number: int, text: str, author: str, **more: object) -> IncomingMessage:
    """A comment on the city's page; nobody in it exists."""
    said = {
        "external_id": f"90{number}_{number}",
        "text": text,
        "platform": FACEBOOK,
        "account": PAGE,
        "author_external_id": f"p{number}",
        "author_name": author,
        "posted_at": NOW - timedelta(hours=2, minutes=7 * number),
        "post_external_id": "77",
        "post_text": "La patinoire du parc ouvre samedi.",
        "permalink": f"https://facebook.example/77/{number}",
    }
    return IncomingMessage(**(said | more))


def messages() -> list[IncomingMessage]:
    """What lies in the queue."""
    photo = Attachment("photo.jpg", "image/jpeg", "https://facebook.example/photo.jpg")
    return [
        message(1, "T’es rien qu’un gros plein de marde, mon maudit incompétent!", "Firmin Gélinas"),
        message(2, "Bande de pourris, vous êtes tous des voleurs pis des crosseurs.", "Rose Thibodeau-Lam"),
        message(3, "Espèce d’imbécile, ferme ta grande gueule.", "Aurèle Pinard"),
        message(4, "Maudit cave, t’es juste un innocent.", "Odette Larochelle", platform=YOUTUBE,
                account="Chaine de Fictionville"),
        message(5, "Hostie d’épais, retourne donc te coucher.", "Léa Bonneau", attachments=(photo,)),
        message(6, "À quelle heure ouvre la patinoire samedi?", "Nadia Courtemanche"),
    ]  # fmt: skip


def _connect(accounts: Accounts, store: object, who: object) -> None:
    states = (
        (PAGE, FACEBOOK, ConnectionState.CONNECTED, None, ""),
        ("fictionville", INSTAGRAM, ConnectionState.CONNECTED, timedelta(days=5), ""),
        ("Chaine de Fictionville", YOUTUBE, ConnectionState.CONNECTED, None, ""),
        ("@fictionville", X, ConnectionState.EXPIRED, None, "platform.token"),
    )
    for name, platform, state, ends, code in states:
        expires = None if ends is None else NOW + ends
        accounts.connect(
            who, platform, _APP, Candidate(f"id-{name}", name, Tokens(TOKEN, expires_at=expires))
        )
        stored = next(each for each in store.reads.connections() if each.connection.name == name)
        with store.write() as work:
            work.put_connection(replace(stored.connection, state=state, code=code))
            budgets = {
                FACEBOOK: (Budget("percent", 12, 100),),
                YOUTUBE: (Budget("units", 3_200, 10_000, NOW + timedelta(hours=13, minutes=29)),),
                X: (Budget("cost", 12.4, 40),),
            }.get(platform, ())
            work.put_collected(stored.connection.account, "", NOW - timedelta(minutes=3), budgets)


def decide(scene: Scene, number: int, *actions: Action) -> list[OutgoingId]:
    """Decide about a message; its items, in order."""
    desk = scene.stage.desk
    rows = desk.services.queue.page(QueueFilter(), Sort.OLDEST, limit=50).rows
    row = next(each for each in rows if each.author == messages()[number - 1].author_name)
    detail = desk.services.queue.detail(row.id)
    rule = detail.verdict.findings[0].rule
    texts = dict.fromkeys(
        actions,
        "Bonjour, votre message contrevient à la nétiquette (art. 4\u00a0: insultes).",
    )
    texts = {action: text for action, text in texts.items() if action in WRITTEN}
    request = DecisionRequest(
        row.id, detail.message.revision, frozenset(actions), (rule,), "Insulte envers une personne.", texts
    )
    desk.announce(desk.services.decisions.decide(desk.actor, request))
    return [each.id for each in desk.services.queue.detail(row.id).outgoing]


def receive(
    scene: Scene, item: OutgoingId, state: OutgoingState, act: Act, result: Result | None, **more: str
) -> None:
    """What a platform answered to one item."""
    store, now = scene.services.sharing._db, scene.clock.now()
    with store.write() as work:
        work.begin_attempt(item, act, now - timedelta(seconds=2))
        if result is None:
            work.end_attempt(item, now, more["code"])
        else:
            work.keep_receipt(item, Receipt(act, result, now, status=200, **more))
        if state in (OutgoingState.DONE, OutgoingState.ALREADY):
            work.set_outgoing(item, state, now, scene.stage.desk.actor.staff.id, "api")
        else:
            work.put_outgoing(item, state, now, code=more.get("code", ""))


def _prepare(scene: Scene) -> None:
    """Something in each group."""
    hidden = decide(scene, 1, Action.HIDE, Action.WARN)
    refused = decide(scene, 2, Action.HIDE, Action.REPORT)
    lost = decide(scene, 3, Action.WARN)
    scene.clock.advance(timedelta(seconds=31))
    scene.services.outbox.end_grace()
    receive(scene, hidden[0], OutgoingState.DONE, Act.HIDE, Result.DONE, request_id="AbC4dEfGh1J")
    said = {"request_id": "A9xK2mPq7Lw", "code": "100/1446036", "answer": "Comment cannot be hidden"}
    receive(scene, refused[0], OutgoingState.REFUSED, Act.HIDE, Result.REFUSED, **said)
    receive(scene, lost[0], OutgoingState.UNKNOWN, Act.MESSAGE, None, code="platform.uncertain")
    decide(scene, 4, Action.HIDE)
    scene.stage.desk.announce(ChangeSet(outgoing=True, counts=True))


def _account(name: str) -> Callable[[Scene], None]:
    def show(scene: Scene) -> None:
        page = scene.accounts()
        page.open(next(each for each in page.model.ids() if page.model.row(each).account.name == name))

    return show


def _ask(platform: str) -> Callable[[Scene], None]:
    def show(scene: Scene) -> None:
        page = scene.accounts()
        page.begin()
        if platform:
            assert page.connecting.platforms is not None
            page.connecting.platforms.choices[platform].click()

    return show


def _candidates(scene: Scene) -> None:
    _ask(FACEBOOK)(scene)
    ask = scene.accounts().connecting.ask
    if ask is None:
        page = scene.accounts()
        page.begin()
        assert page.connecting.platforms is not None
        page.connecting.platforms.choices[FACEBOOK].click()
        ask = page.connecting.ask
    assert ask is not None
    ask.token.setText(TOKEN)
    ask.submit()


def _group(group: Group) -> Callable[[Scene], None]:
    return lambda scene: (scene.outbox(group), None)[1]


def _case(number: int, *, decided: bool) -> Callable[[Scene], None]:
    def show(scene: Scene) -> None:
        page = _queue(scene)
        author = messages()[number - 1].author_name
        store = scene.services.queue
        where = QueueFilter(states=frozenset({CaseState.DECIDED})) if decided else QueueFilter()
        page.open(where)
        row = next(each for each in store.page(where, Sort.OLDEST, limit=50).rows if each.author == author)
        page.open(row.id)

    return show


def _queue(scene: Scene) -> QueuePage:
    scene.stage.window.go("queue")
    page = scene.stage.window.page("queue")
    assert isinstance(page, QueuePage)
    page.verdict.close_form()
    return page


def _compose(scene: Scene) -> None:
    _case(5, decided=False)(scene)
    settle()
    _queue(scene).act(Action.WARN)


def _pictures(scene: Scene) -> None:
    _case(5, decided=False)(scene)
    settle()
    _queue(scene).message.card.pictures.press()


@dataclass(frozen=True)
class Shot:
    """`show` brings the screen about, in front of somebody of a role."""

    name: str
    show: Callable[[Scene], None]
    mode: Mode = Mode.LIGHT
    text: int = 100
    size: tuple[int, int] = SIZE
    role: Role = Role.ADMINISTRATOR


SHOTS = (
    Shot("accounts-light", _account("Chaine de Fictionville")),
    Shot("connect-token", _ask(FACEBOOK)),
    Shot("sending-hand", _group(Group.BY_HAND), role=Role.MODERATOR),
    Shot("sending-trouble", _group(Group.TROUBLE), role=Role.MODERATOR),
    Shot("case-follow-up", _case(1, decided=True), role=Role.MODERATOR),
)
EXTRA = (
    Shot("accounts-dark", _account("@fictionville"), Mode.DARK),
    Shot("accounts-200", _account("fictionville"), text=200),
    Shot("connect-platform", _ask("")),
    Shot("connect-browser", _ask(YOUTUBE)),
    Shot("connect-candidates", _candidates),
    Shot("sending-waiting", _group(Group.WAITING), role=Role.MODERATOR),
    Shot("sending-sent", _group(Group.SENT), role=Role.MODERATOR),
    Shot("case-planned", _compose, role=Role.MODERATOR),
    Shot("case-pictures", _pictures, role=Role.MODERATOR),
    Shot("extra-accounts-contrast", _account("@fictionville"), Mode.CONTRAST),
    Shot("extra-accounts-small", _account("Chaine de Fictionville"), size=(1280, 720)),
    Shot("extra-trouble-dark", _group(Group.TROUBLE), Mode.DARK, 100, (1280, 720), Role.MODERATOR),
    Shot("extra-sending-hand-200", _group(Group.BY_HAND), text=200, role=Role.MODERATOR),
    Shot("extra-case-small", _case(1, decided=True), size=(1280, 720), role=Role.MODERATOR),
    Shot("extra-compose-dark", _compose, Mode.DARK, size=(1280, 720), role=Role.MODERATOR),
    Shot("extra-pictures-dark", _pictures, Mode.DARK, role=Role.MODERATOR),
    Shot("extra-moderator", _account("@fictionville"), role=Role.MODERATOR),
)  # fmt: skip
"""Looked at, not shown in the documents."""
NAMES = tuple(shot.name for shot in SHOTS)


@contextmanager
def scene(folder: Path, theme: Theme) -> Iterator[Scene]:
    """A desk with four accounts and something in each group of what goes out."""
    clock, platform, worker = FixedClock(NOW), FakePlatform(), FakeWorker()
    services = open_services(folder, clock=clock, secrets=MemorySecrets(), online=False)
    store = services.sharing._db
    accounts = Accounts(store, clock, MemorySecrets(), FakeDirectory(platform), AloneLine())
    services = replace(services, accounts=accounts, worker=worker)
    access = services.access
    admin = access.introduce("Solange Marchand", Role.ADMINISTRATOR)
    access.introduce("Mathieu Roy", Role.MODERATOR)
    _connect(accounts, store, admin)
    services.intake.take_in(admin, SampleMessages(messages()), lambda _done, _total: None)
    with window_on(services, folder, theme) as stage:
        made = Scene(stage, clock, platform)
        stage.sit(Role.MODERATOR)
        _prepare(made)
        yield made


def take(into: Path, names: set[str] | None = None) -> list[Path]:
    """The named pictures, or all of the documents; returns their files."""
    into.mkdir(parents=True, exist_ok=True)
    os.environ["VIGIE_AT_REST"] = "plain"
    wanted = set(NAMES) if names is None else names
    theme, written = Theme(qt_application(), LOOK), []
    with tempfile.TemporaryDirectory() as name, scene(Path(name), theme) as opened:
        for shot in (each for each in (*SHOTS, *EXTRA) if each.name in wanted):
            opened.stage.window.panel.dismiss()
            opened.stage.window.toast.dismiss()
            opened.stage.sit(shot.role)
            opened.stage.look(shot.mode, shot.text, shot.size)
            opened.stage.window.go("queue")
            shot.show(opened)
            written.append(into / f"{shot.name}.png")
            opened.stage.save(written[-1])
    return written


def main(arguments: list[str] | None = None) -> int:
    """Write the pictures; the exit status is 0."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="pictures to take (all by default)")
    parser.add_argument("--into", type=Path, default=IMAGES)
    given = parser.parse_args(arguments)
    for file in take(given.into, set(given.names) or None):
        print(file.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
