"""The window and encryption at rest: the choice before a desk opens, and the card in the settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.bootstrap import STORE, at_rest, open_services
from console.catalogue import Catalogue
from console.domain.roles import Role
from console.errors import EnvironmentProblemError, SecretLockedError, VigieError
from console.launch import Launch
from console.secrets.in_memory import MemorySecrets
from console.services import key_file
from console.services.at_rest import State
from console.services.key_file import Because
from console.services.recovery_code import read_code
from tests.builders import desk_file
from tests.conftest import ExpectedLogs
from tests.ui.conftest import settle
from ui.actions import Commands
from ui.app import Session
from ui.commands import all_commands
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.notify import Notice, Notices, Toast
from ui.opening import OpeningWindow
from ui.pages.settings.data import DataSection
from ui.pages.settings.protection import ProtectionCard
from ui.pages.settings.recovery_sheet import put_on, sheet, write_pdf
from ui.protection_choice import WAYS, Way
from ui.settings import Settings
from ui.tasks import TaskRunner
from ui.theme import Theme


class Keyring(MemorySecrets):
    """The system's keyring; `trouble` is what it answers with."""

    passing = False
    trouble = ""

    def get(self, name: str) -> str | None:
        """See `Secrets.get`."""
        self._answer()
        return super().get(name)

    def put(self, name: str, secret: str) -> None:
        """See `Secrets.put`."""
        self._answer()
        super().put(name, secret)

    def _answer(self) -> None:
        if self.trouble:
            raise SecretLockedError(self.trouble, keyring="test")


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    """A keyring of its own for each test, and nobody has chosen plain text."""
    monkeypatch.delenv("VIGIE_AT_REST")
    return Keyring()


@pytest.fixture
def session(
    theme: Theme, tmp_path: Path, qapp: QApplication, keyring: Keyring, expected_logs: ExpectedLogs,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Session]:  # fmt: skip
    """A session on an empty home, as a person starts it."""
    expected_logs.expect("the UI thread was held")
    monkeypatch.setattr("sys.excepthook", lambda *_: None)
    quits = qapp.quitOnLastWindowClosed()
    made = Session(qapp, Launch(tmp_path / "home", False, None, secrets=keyring))
    yield made
    made.end()
    made.theme.deleteLater()
    made.deleteLater()
    qapp.setQuitOnLastWindowClosed(quits)


def opened(qtbot: QtBot, session: Session) -> MainWindow:
    """The window, once it is there."""
    qtbot.waitUntil(lambda: session.window is not None and session.tasks.pending == 0, timeout=20_000)
    assert session.window is not None
    return session.window


def asked(qtbot: QtBot, session: Session) -> OpeningWindow:
    """The opening window, once it asks."""
    qtbot.waitUntil(lambda: session.opening.choice is not None and session.tasks.pending == 0, timeout=20_000)
    assert session.opening.isVisible()
    assert session.window is None
    return session.opening


def state(home: Path, keyring: Keyring) -> State:
    """What lies on the disk."""
    return at_rest(home, secrets=keyring).status().state


def test_a_new_desk_is_encrypted_and_the_person_is_told(
    session: Session, qtbot: QtBot, tmp_path: Path, keyring: Keyring
) -> None:
    said: list[object] = []
    session.notices.noticed.connect(said.append)
    session.open(sample=False)
    opened(qtbot, session)
    (notice,) = said
    assert isinstance(notice, Notice)
    assert "est chiffrée" in notice.title
    assert state(tmp_path / "home", keyring) is State.SEALED


def test_without_a_keyring_the_person_chooses(
    session: Session, qtbot: QtBot, tmp_path: Path, keyring: Keyring
) -> None:
    keyring.trouble = "secret.no_keyring"
    session.open(sample=False)
    window = asked(qtbot, session)
    assert window.accessible_words()[0] == "Le trousseau du système n’est pas disponible."
    assert window.choice is not None
    assert set(window.choice.choices) == {Way.RETRY, Way.PLAIN}
    assert state(tmp_path / "home", keyring) is State.ABSENT
    window.choice.choices[Way.RETRY].click()
    qtbot.waitUntil(lambda: session.tasks.pending == 0)
    assert asked(qtbot, session).choice is not None
    assert state(tmp_path / "home", keyring) is State.ABSENT
    said: list[object] = []
    session.notices.toasted.connect(said.append)
    assert window.choice is not None
    window.choice.choices[Way.PLAIN].click()
    opened(qtbot, session)
    assert state(tmp_path / "home", keyring) is State.PLAIN
    (toast,) = said
    assert isinstance(toast, Toast)
    assert "n’est pas chiffré" in toast.text


def test_a_keyring_that_is_opened_meanwhile_is_used(
    session: Session, qtbot: QtBot, tmp_path: Path, keyring: Keyring
) -> None:
    keyring.trouble = "secret.locked"
    session.open(sample=False)
    window = asked(qtbot, session)
    keyring.trouble = ""
    assert window.choice is not None
    window.choice.choices[Way.RETRY].click()
    opened(qtbot, session)
    assert not window.isVisible()
    assert state(tmp_path / "home", keyring) is State.SEALED


def test_leaving_the_question_ends_the_program(
    session: Session, qtbot: QtBot, keyring: Keyring, qapp: QApplication
) -> None:
    keyring.trouble = "secret.locked"
    session.open(sample=False)
    window = asked(qtbot, session)
    with qtbot.waitSignal(window.closed):
        window._quit.click()
    assert not window.isVisible()


def test_an_older_plain_desk_is_encrypted_from_the_question(
    session: Session, qtbot: QtBot, tmp_path: Path, keyring: Keyring
) -> None:
    (tmp_path / "home").mkdir()
    with desk_file(tmp_path / "home" / STORE) as desk:
        desk.take_in("Zébrulon")
    session.open(sample=False)
    window = asked(qtbot, session)
    assert window.choice is not None
    assert set(window.choice.choices) == {Way.ENCRYPT, Way.PLAIN}
    window.choice.choices[Way.ENCRYPT].click()
    opened(qtbot, session)
    assert state(tmp_path / "home", keyring) is State.SEALED
    assert session.window is not None
    assert session.window.desk.services.queue.counts is not None


def test_a_lost_key_is_asked_for_and_put_back(
    session: Session, qtbot: QtBot, tmp_path: Path, keyring: Keyring
) -> None:
    home = tmp_path / "home"
    open_services(home, secrets=keyring).close()
    code = at_rest(home, secrets=keyring).renew_recovery("Odile")
    keyring._kept.clear()
    session.open(sample=False)
    choice = asked(qtbot, session).choice
    assert choice is not None
    choice.code.setText("AAAAA")
    choice.open.click()
    qtbot.waitUntil(choice.problem.isVisible)
    assert "40" in choice.problem.text()
    assert choice.code.accessibleDescription() == choice.problem.text()
    choice.code.setText("")
    choice.code.textEdited.emit("")
    assert not choice.problem.isVisible()
    choice.code.setText(code.lower())
    choice.code.returnPressed.emit()
    opened(qtbot, session)
    assert len(keyring._kept) == 1


def test_the_code_opens_a_desk_whose_keyring_is_gone(
    session: Session, qtbot: QtBot, tmp_path: Path, keyring: Keyring
) -> None:
    home = tmp_path / "home"
    open_services(home, secrets=keyring).close()
    code = at_rest(home, secrets=keyring).renew_recovery("Odile")
    keyring.trouble = "secret.no_keyring"
    session.open(sample=False)
    choice = asked(qtbot, session).choice
    assert choice is not None
    assert list(choice.choices) == [Way.RETRY]
    choice.code.setText(code)
    choice.open.click()
    opened(qtbot, session)


def test_every_question_has_its_words(theme: Theme, qtbot: QtBot) -> None:
    notices = Notices(theme)
    for code in WAYS:
        window = OpeningWindow()
        qtbot.addWidget(window)
        kind: type[VigieError] = SecretLockedError if code.startswith("secret") else EnvironmentProblemError
        window.ask(notices.explain(kind(code, path="/x", reason="y", keyring="z")))
        words = window.accessible_words()
        assert len(words) == 2
        assert "--" not in " ".join(words)
        assert Catalogue.load().knows(code)
        window.wait(sample=False)
        assert window.choice is None
        window.hide()


class Card:
    """The card on a real desk of its own."""

    def __init__(
        self, theme: Theme, home: Path, keyring: Keyring, role: Role, *, plain: bool = False
    ) -> None:
        # Without the collector of a whole session, a thread at work would free widgets outside the UI thread.
        self.services = open_services(home, plain=plain, secrets=keyring, work=False)
        self.tasks = TaskRunner(synchronous=True)
        self.said: list[object] = []
        notices = Notices(self.tasks)
        notices.noticed.connect(self.said.append)
        notices.toasted.connect(self.said.append)
        commands = Commands(all_commands(), self.tasks)
        self.desk = Desk(self.services, home, theme, self.tasks, notices, commands, Settings(), self.tasks)
        self.desk.seat(self.services.access.introduce("Odile", role))
        self.section = DataSection(self.desk)
        self.section.resize(900, 700)
        self.section.show()
        settle()

    @property
    def card(self) -> ProtectionCard:
        """The card."""
        return self.section.protection

    def close(self) -> None:
        """Everything."""
        self.section.hide()
        self.section.deleteLater()
        settle()
        self.tasks.shutdown()
        self.services.close()


@pytest.fixture
def supervised(theme: Theme, tmp_path: Path, keyring: Keyring) -> Iterator[Card]:
    """An encrypted desk that a supervisor sits at."""
    made = Card(theme, tmp_path / "desk", keyring, Role.SUPERVISOR)
    yield made
    made.close()


def test_the_code_is_shown_once_and_leaves_with_the_page(supervised: Card, tmp_path: Path) -> None:
    card = supervised.card
    assert card.state.accessibleName().startswith("La base de ce poste est chiffrée.")
    assert not card.encrypt.isVisible()
    assert "Aucun code" in card.make.accessibleDescription()
    card.make.click()
    settle()
    shown = card.shown.code.text()
    assert read_code(shown)
    assert card.shown.isVisible()
    assert not card.make.isEnabled()
    card.shown.done.click()
    assert (card.shown.code.text(), card.shown.code.accessibleName(), card.shown.isVisible()) == (
        "",
        "",
        False,
    )
    assert "par Odile" in card.make.accessibleDescription()
    card.make.click()
    assert card.confirm.isVisible()
    card.keep.click()
    assert not card.confirm.isVisible()
    card.make.click()
    card.sure.click()
    second = card.shown.code.text()
    assert read_code(second) != read_code(shown)
    supervised.section.hide()
    assert card.shown.code.text() == ""
    assert shown.replace("\n", "-") not in (tmp_path / "desk" / key_file.NAME).read_text("utf-8")


def test_the_code_is_written_as_pdf(supervised: Card, tmp_path: Path) -> None:
    card = supervised.card
    card.make.click()
    target = tmp_path / "code.pdf"
    card._write(card._sheet(), target)
    assert target.read_bytes().startswith(b"%PDF")
    assert isinstance(supervised.said[-1], Toast)
    words = card._sheet().toPlainText()
    for group in card.shown.code.text().replace("\n", "-").split("-"):
        assert group in words
    assert "Odile" in words
    card._write(card._sheet(), tmp_path / "no" / "folder" / "code.pdf")
    notice = supervised.said[-1]
    assert isinstance(notice, Notice)
    assert notice.code == "recovery.write"
    card.shown.pdf.click()
    dialog = card.children()[-1]
    dialog.close()


def test_the_page_fits_on_one_sheet(theme: Theme, tmp_path: Path, supervised: Card) -> None:
    from PySide6.QtGui import QPdfWriter

    document = sheet("-".join(["WWWWW"] * 8), "M" * 60, supervised.services.clock.now(), tmp_path)
    writer = QPdfWriter(str(tmp_path / "page.pdf"))
    put_on(document, writer)
    del writer
    assert (tmp_path / "page.pdf").read_bytes().count(b"/Type /Page\n") == 1
    write_pdf(document, tmp_path / "again.pdf")


def test_a_moderator_sees_the_protection_and_changes_nothing(
    theme: Theme, tmp_path: Path, keyring: Keyring
) -> None:
    made = Card(theme, tmp_path / "desk", keyring, Role.MODERATOR)
    assert made.card.state.isVisible()
    assert not made.card.make.isEnabled()
    assert "rôle de supervision" in made.card.make.accessibleDescription()
    made.close()


def test_a_plain_desk_says_who_chose_it_and_can_be_encrypted(
    theme: Theme, tmp_path: Path, keyring: Keyring
) -> None:
    made = Card(theme, tmp_path / "desk", keyring, Role.SUPERVISOR, plain=True)
    assert made.card.state.accessibleName().startswith("La base de ce poste n’est pas chiffrée.")
    assert "Choix de" in made.card.state.accessibleName()
    assert not made.card.make.isVisible()
    asked: list[object] = []
    made.desk.reopen.connect(lambda *given: asked.append(given))
    made.card.encrypt.click()
    assert asked == [(False, "", None)]
    made.close()
    assert state(tmp_path / "desk", keyring) is State.SEALED


def test_encrypting_from_the_settings_closes_and_opens_the_desk(
    session: Session, qtbot: QtBot, tmp_path: Path, keyring: Keyring
) -> None:
    services = open_services(tmp_path / "home", plain=True, secrets=keyring, work=False)
    services.access.introduce("Odile", Role.SUPERVISOR)
    services.close()
    session.open(sample=False)
    first = opened(qtbot, session)
    first.go("settings", "data")
    settle()
    section = first.page("settings").findChild(DataSection)
    assert section is not None
    qtbot.waitUntil(section.protection.encrypt.isVisible)
    section.protection.encrypt.click()
    qtbot.waitUntil(lambda: session.window is not None and session.window is not first, timeout=20_000)
    window = opened(qtbot, session)
    assert state(tmp_path / "home", keyring) is State.SEALED
    assert window.desk.actor.staff.name == "Odile"


def test_encrypting_that_cannot_be_done_is_said_in_the_next_window(
    session: Session, qtbot: QtBot, tmp_path: Path, keyring: Keyring
) -> None:
    services = open_services(tmp_path / "home", plain=True, secrets=keyring, work=False)
    actor = services.access.introduce("Odile", Role.SUPERVISOR)
    services.close()
    session.open(sample=False)
    first = opened(qtbot, session)
    said: list[object] = []
    session.notices.noticed.connect(said.append)
    keyring.trouble = "secret.no_keyring"
    protection = first.desk.services.protection
    assert protection is not None
    protection.encrypt_at_closing(actor)
    first.desk.reopen.emit(False, "", None)
    qtbot.waitUntil(lambda: session.window is not None and session.window is not first, timeout=20_000)
    opened(qtbot, session)
    assert [each.code for each in said if isinstance(each, Notice)] == ["secret.no_keyring"]
    assert at_rest(tmp_path / "home", secrets=keyring).status().because is Because.PERSON
    QCoreApplication.processEvents()
