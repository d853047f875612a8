"""The pictures of the guide: the main screens on the sample queue, into docs/images.

`python3 dev.py screenshots [NAME…]`. The clock stands still, the font is the bundled one and nothing moves,
so a picture changes only when the screen does.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from console.bootstrap import open_services
from console.clock import FixedClock
from console.domain.decisions import Action
from console.domain.ids import MessageId
from console.domain.roles import Role
from console.secrets.in_memory import MemorySecrets
from console.services.rows import ChangeSet, HistoryFilter, QueueFilter, Sort
from console.services.services import Services
from console.services.sharing_ports import LineState
from tests.ui.sharing.fake_line import FakeLine, accept, contest
from ui.actions import Commands
from ui.app import qt_application
from ui.commands import all_commands
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.notify import Notices
from ui.pages.importing.page import ImportPage
from ui.pages.people.page import PeoplePage
from ui.pages.queue.page import QueuePage
from ui.settings import Settings
from ui.tasks import TaskRunner
from ui.theme import Appearance, Mode, Theme

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
SIZE = (1440, 900)
NOW = datetime(2026, 11, 14, 18, 31, tzinfo=UTC)
"""13 h 31 on a Saturday in Drummondville."""
LOOK = Appearance(Mode.LIGHT, reduced_motion=True, bundled_font=True)
_SECRETS = MemorySecrets()
"""Pictures are taken where there is no keyring, too."""

_TABLE = """\
Réseau;Type;Date et heure;Nom du profil;Texte du commentaire;Lien
Facebook;Commentaire;2026-11-12 08:14;Rose Thibodeau-Lam;À quelle heure ouvre la patinoire du parc samedi?;https://facebook.example/p/1
Facebook;Commentaire;2026-11-12 08:31;Firmin Gélinas;Bravo aux équipes de déneigement, la rue était belle à 6 h.;https://facebook.example/p/2
Instagram;Commentaire;2026-11-12 09:02;toiture.fictive;Soumission gratuite, écrivez-nous en privé!;https://instagram.example/p/3
Facebook;Commentaire;2026-11-12 09:40;Aurèle Pinard;Encore une hausse. Le conseil devrait avoir honte.;https://facebook.example/p/4
Instagram;Commentaire;2026-11-12 11:26;lea.photos;Tellement belle, la lumière sur la rivière.;https://instagram.example/p/5
"""
"""What a table that Vigie does not know may look like; nobody in it exists."""


@dataclass
class Stage:
    """One window on one desk, where everything asked for is done at once, in place."""

    desk: Desk
    window: MainWindow
    folder: Path

    def sit(self, role: Role) -> None:
        """Somebody of this role takes the desk."""
        access = self.desk.services.access
        staff = next(each for each in access.staff() if each.role is role)
        if self.desk.actor.staff.id != staff.id:
            self.desk.seat(access.switch(staff.id))
            settle()

    def look(self, mode: Mode = Mode.LIGHT, text: int = 100, size: tuple[int, int] = SIZE) -> None:
        """How the window looks from here on."""
        self.desk.change_settings(appearance=replace(self.desk.settings.appearance, mode=mode, text=text))
        self.window.resize(*size)
        settle()

    def queue(self) -> QueuePage:
        """The queue, at a message with several findings by somebody who was warned once."""
        self.window.go("queue")
        page = self.window.page("queue")
        assert isinstance(page, QueuePage)
        page.verdict.close_form()
        page.open(self.telling_message())
        settle()
        page.list.cards.scrollTo(page.list.cards.currentIndex(), page.list.cards.ScrollHint.PositionAtCenter)
        return page

    def telling_message(self) -> MessageId:
        """Of the open messages with two findings or more, by somebody with one delivered warning: the one
        whose author has the longest history."""
        queue = self.desk.services.queue
        rows = queue.page(QueueFilter(), Sort.PRIORITY, limit=500).rows
        details = [queue.detail(row.id) for row in rows if len(row.chips) > 1 and row.warnings == 1]
        return max(details, key=lambda detail: len(detail.history)).message.id

    def save(self, target: Path) -> None:
        """Write the window as it is now."""
        settle()
        # Quality 0 is the strongest compression; nothing is lost by it.
        if not few_colours(self.window.grab().toImage()).save(str(target), quality=0):
            raise OSError(f"cannot write {target}")


def few_colours(picture: QImage) -> QImage:
    """The picture in 256 of its own colours, every other one as the nearest of them: a third of the size, and
    no difference that an eye finds. One after another, that colour is kept whose absence would show most."""
    picture = picture.convertToFormat(QImage.Format.Format_RGB32)
    shape = (picture.height(), picture.width())
    pixels = np.frombuffer(picture.constBits(), np.uint32).reshape(shape)
    colours, places, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    parts = np.stack([(colours >> shift) & 255 for shift in (16, 8, 0)], axis=1).astype(np.int64)
    kept = [int(counts.argmax())]
    distance = ((parts - parts[kept[0]]) ** 2).sum(axis=1)
    nearest = np.zeros(len(colours), np.uint8)
    while len(kept) < 256 and distance.any():
        kept.append(int((distance * counts).argmax()))
        further = ((parts - parts[kept[-1]]) ** 2).sum(axis=1)
        nearest[further < distance] = len(kept) - 1
        distance = np.minimum(distance, further)
    indexed = nearest[places].tobytes()
    height, width = shape
    made = QImage(indexed, width, height, width, QImage.Format.Format_Indexed8)
    made.setColorTable([int(colour) for colour in colours[kept]])
    return made.copy()  # `indexed` goes with this call


def settle() -> None:
    """Deliver what is queued, lay out, delete what was to be deleted."""
    for _ in range(5):
        QCoreApplication.sendPostedEvents(None, 0)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()


def _queue(stage: Stage) -> None:
    stage.queue()


def _compose(stage: Stage) -> None:
    stage.queue().act(Action.WARN)


def _keys(stage: Stage) -> None:
    stage.queue()
    stage.window.show_keys()


def _history(stage: Stage) -> None:
    history = stage.desk.services.history
    stage.window.go("history")
    rows = history.page(stage.desk.actor, HistoryFilter(include_undone=False), limit=100).rows
    stage.window.page("history").open(next(row.decision_id for row in rows if Action.WARN in row.actions))


def _supervision(stage: Stage) -> None:
    stage.sit(Role.SUPERVISOR)
    stage.window.go("supervision")


def _people(stage: Stage) -> None:
    people = stage.desk.services.people
    stage.window.go("people")
    rows = people.page(stage.desk.actor, "", limit=100).rows
    page = stage.window.page("people")
    assert isinstance(page, PeoplePage)
    page.open(max(rows, key=lambda row: row.delivered_warnings).id)
    page.read_file()  # at once, not after the moment that tells a look from passing by


def _import(stage: Stage) -> None:
    table = stage.folder / "commentaires-novembre.csv"
    table.write_text(_TABLE, encoding="utf-8")
    stage.window.go("import", table)
    page = stage.window.page("import")
    assert isinstance(page, ImportPage)


def _go(page: str) -> Callable[[Stage], None]:
    return lambda stage: stage.window.go(page)


def _settings(stage: Stage) -> None:
    stage.sit(Role.ADMINISTRATOR)
    stage.window.go("settings")


def _conflict(stage: Stage) -> None:
    """Two decisions on one message; the line is one that a test would hold."""
    stage.sit(Role.SUPERVISOR)
    services = stage.desk.services
    line = FakeLine(services.clock)
    line.be(LineState.ONLINE, last_met=NOW - timedelta(minutes=2))
    services.sharing._line = line
    history = services.history.page(stage.desk.actor, HistoryFilter(include_undone=False), limit=100).rows
    row = next(row for row in history if Action.WARN in row.actions)
    by = next(each for each in services.access.staff() if each.name != row.decided_by)
    store = services.sharing._db
    accept(store, row.decision_id, row.at + timedelta(minutes=1))
    contest(
        store,
        row.message_id,
        Action.DELETE,
        by=by.id,
        at=row.at + timedelta(minutes=3),
        late=timedelta(minutes=17),
        text=services.queue.detail(row.message_id).message.text,
        policy=row.policy,
        rules=row.rules,
        reason="Ces mots ne peuvent pas rester en ligne.",
    )
    stage.desk.sharing.line_changed.emit()
    stage.desk.announce(ChangeSet(messages=frozenset({row.message_id}), counts=True))
    stage.window.go("sharing", "conflicts")


def _emergency(stage: Stage) -> None:
    stage.sit(Role.SUPERVISOR)
    emergency, actor = stage.desk.services.emergency, stage.desk.actor
    emergency.start(actor, "crue de la rivière Saint-François", NOW + timedelta(hours=6))
    stage.desk.set_emergency(emergency.current())
    stage.window.go("queue")
    page = stage.window.page("queue")
    assert isinstance(page, QueuePage)
    settle()
    page.list.cards.setCurrentIndex(page.model.index(0, 0))
    page.list.cards.scrollToTop()


@dataclass(frozen=True)
class Picture:
    """`show` brings the screen about. A picture that changes the desk comes last."""

    name: str
    show: Callable[[Stage], None]
    mode: Mode = Mode.LIGHT
    text: int = 100


WELCOME = "welcome-light"
PICTURES = (
    Picture("queue-light", _queue),
    Picture("queue-dark", _queue, Mode.DARK),
    Picture("queue-200", _queue, text=200),
    Picture("compose-light", _compose),
    Picture("keys-light", _keys),
    Picture("history-light", _history),
    Picture("history-dark", _history, Mode.DARK),
    Picture("people-light", _people),
    Picture("outbox-light", _go("outbox")),
    Picture("import-light", _import),
    Picture("netiquette-light", _go("netiquette")),
    Picture("supervision-light", _supervision),
    Picture("supervision-dark", _supervision, Mode.DARK),
    Picture("settings-light", _settings),
    Picture("settings-dark", _settings, Mode.DARK),
    Picture("conflict-light", _conflict),
    Picture("emergency-light", _emergency),
)


@contextmanager
def stage(folder: Path, *, sample: bool) -> Iterator[Stage]:
    """Open a desk in `folder` and its window; both are closed afterwards."""
    services = open_services(folder, sample=sample, clock=FixedClock(NOW), secrets=_SECRETS)
    with window_on(services, folder, Theme(qt_application(), LOOK)) as opened:
        yield opened


@contextmanager
def window_on(services: Services, folder: Path, theme: Theme) -> Iterator[Stage]:
    """A window on an open desk; both are closed afterwards."""
    tasks = TaskRunner(synchronous=True)
    notices = Notices(tasks)
    tasks.failed.connect(notices.error)
    commands = Commands(all_commands(), tasks)
    shown = folder / "poste"  # never shown with the name of a passing folder
    desk = Desk(services, shown, theme, tasks, notices, commands, Settings(appearance=LOOK), tasks)
    actor = services.access.current()
    if actor is not None:
        desk.seat(actor)
    window = MainWindow(desk)
    window.resize(*SIZE)
    window.show()
    settle()
    try:
        yield Stage(desk, window, folder)
    finally:
        window.close()
        window.deleteLater()
        settle()
        tasks.shutdown()
        services.close()


def take(names: set[str], target: Path) -> list[Path]:
    """Write the named pictures, in the order of the table, and return their files."""
    target.mkdir(parents=True, exist_ok=True)
    written = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if WELCOME in names:
            with stage(folder / "nouveau", sample=False) as opened:
                written.append(target / f"{WELCOME}.png")
                opened.save(written[-1])
        if names == {WELCOME}:
            return written
        with stage(folder / "exemple", sample=True) as opened:
            for picture in (each for each in PICTURES if each.name in names):
                opened.window.panel.dismiss()
                opened.sit(Role.MODERATOR)
                opened.look(picture.mode, picture.text)
                picture.show(opened)
                written.append(target / f"{picture.name}.png")
                opened.save(written[-1])
    return written


def main(arguments: list[str] | None = None) -> int:
    """Write all pictures, or the named ones; the exit status is 0."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    known = [WELCOME, *(each.name for each in PICTURES)]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*known, []], metavar="NAME", help=", ".join(known))
    parser.add_argument("--into", type=Path, default=IMAGES)
    given = parser.parse_args(arguments)
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    for written in take(set(given.names) or set(known), given.into):
        print(f"{written.name}  {written.stat().st_size // 1024} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
