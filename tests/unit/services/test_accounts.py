"""Connecting accounts: tokens are in the keyring and nowhere else; a page keeps its account for good."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from console.domain.ids import account_id
from console.domain.messages import FACEBOOK, YOUTUBE, Account, Attachment
from console.domain.roles import Actor, Role
from console.errors import (
    AccessLostError,
    ConflictError,
    OfflineError,
    PermissionDeniedError,
    SecretLockedError,
    ValidationError,
)
from console.secrets.in_memory import MemorySecrets
from console.services.accounts import Accounts
from console.services.alone import AloneLine
from console.services.platform_ports import ConnectionState, Health
from console.services.platform_rows import AccountRow
from tests.builders import NOW, DeskFile, desk_file, message
from tests.unit.services.fake_platform import APP, REFRESH, TOKEN, FakeDirectory, candidate, picture

CITY = account_id(FACEBOOK, "Ville")
SECRETS = (TOKEN, REFRESH, APP.client_secret)


@dataclass
class City:
    """A desk with the accounts over it."""

    desk: DeskFile
    accounts: Accounts
    secrets: MemorySecrets
    directory: FakeDirectory
    supervisor: Actor

    def connect(self, external_id: str = "page-1", name: str = "Ville", **changes: object) -> None:
        """Connect a page."""
        self.accounts.connect(self.supervisor, FACEBOOK, APP, candidate(external_id, name, **changes))

    def row(self, name: str = "Ville") -> AccountRow:
        """The account of this name."""
        (found,) = (each for each in self.accounts.rows(self.supervisor) if each.account.name == name)
        return found

    def kinds(self) -> list[str]:
        """Of the journal, those about accounts."""
        kinds = (link.event.kind for link in self.desk.db.reads.journal())
        return [each for each in kinds if each.startswith("account.")]


@contextmanager
def a_city(folder: Path) -> Iterator[City]:
    """Open the desk; the supervisor sits at it."""
    with desk_file(folder / "vigie.db") as desk:
        secrets, directory = MemorySecrets(), FakeDirectory()
        accounts = Accounts(desk.db, desk.clock, secrets, directory, AloneLine())
        supervisor = desk.actor(Role.SUPERVISOR)
        with desk.db.write() as work:
            work.put_setting("desk.current_staff", supervisor.staff.id)
        yield City(desk, accounts, secrets, directory, supervisor)
        accounts.close()


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """A desk without connections."""
    with a_city(tmp_path) as opened:
        yield opened


def test_connecting_makes_the_account_and_says_so(city: City) -> None:
    city.directory.candidates = (candidate(), candidate("page-2", "Loisirs"))
    found = city.accounts.pasted(city.supervisor, FACEBOOK, APP, "user token")
    assert [each.name for each in found] == ["Ville", "Loisirs"]
    urls: list[str] = []
    assert city.accounts.sign_in(city.supervisor, FACEBOOK, APP, urls.append, lambda: False) == found
    assert urls
    city.accounts.connect(city.supervisor, FACEBOOK, APP, found[0])
    row = city.row()
    assert row.account == Account(CITY, FACEBOOK, "Ville")
    assert row.connection is not None
    assert row.connection.state is ConnectionState.CONNECTED
    assert (row.connection.connected_at, row.connection.client_id) == (NOW, "app-1")
    assert row.connection.scopes == city.accounts.scopes(FACEBOOK)
    assert row.connection.settings == {"version": "v26.0"}
    assert (row.waiting, row.trouble, row.held_by, row.collected_at) == (0, 0, "", None)
    assert row.abilities == city.accounts.abilities(FACEBOOK)
    assert city.kinds() == ["account.connected"]
    assert FACEBOOK in city.accounts.platforms()


def test_no_token_reaches_the_file_the_logs_or_a_repr(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with a_city(tmp_path) as city:
        city.connect(refresh=REFRESH)
        connector = city.accounts.connector(CITY)
        assert connector.tokens.read().access == TOKEN
        city.directory.world.errors["revoke " + TOKEN] = OfflineError("platform.unreachable")
        shown = [repr(city.row()), repr(connector.tokens)]
        shown += [repr(link) for link in city.desk.db.reads.journal()]
        assert all(secret in " ".join(city.secrets.all().values()) for secret in SECRETS)
        city.accounts.disconnect(city.supervisor, CITY)
        assert city.secrets.all() == {}
    files = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    assert files
    for secret in SECRETS:
        assert secret.encode() not in files
        assert secret not in caplog.text
        assert secret not in "".join(shown)


def test_a_renamed_page_keeps_its_account_and_another_of_its_name_gets_one_of_its_own(city: City) -> None:
    city.connect()
    city.connect("page-1", "Ville renommée")
    assert [each.account.name for each in city.accounts.rows(city.supervisor)] == ["Ville"]
    city.connect("page-2", "Ville")
    names = [each.account.name for each in city.accounts.rows(city.supervisor)]
    assert names == ["Ville", "Ville (page-2)"]
    city.accounts.disconnect(city.supervisor, CITY)
    city.connect("page-1", "Encore un autre nom")
    assert [each.account.name for each in city.accounts.rows(city.supervisor)] == names


def test_an_account_that_a_file_brought_is_the_same_account(city: City) -> None:
    city.desk.take_in(message(account="Ville"))
    assert city.row().connection is None
    city.connect()
    assert [each.account.id for each in city.accounts.rows(city.supervisor)] == [CITY]


def test_the_end_of_a_token_is_announced_a_week_before(city: City) -> None:
    city.connect(expires_at=NOW + timedelta(days=60))
    assert not city.row().expires_soon
    city.desk.clock.advance(timedelta(days=53, seconds=1))
    assert city.row().expires_soon
    city.connect(expires_at=city.desk.clock.now() + timedelta(hours=2), refresh=REFRESH)
    row = city.row()
    assert row.connection is not None
    assert row.connection.expires_at is None
    assert not row.expires_soon


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("platform.token", ConnectionState.EXPIRED),
        ("platform.permission", ConnectionState.FORBIDDEN),
        ("platform.blocked", ConnectionState.BLOCKED),
    ],
)
def test_a_lost_account_is_noted_once_and_used_no_more(city: City, code: str, state: ConnectionState) -> None:
    city.connect()
    for _ in range(2):
        city.accounts.lost(CITY, AccessLostError(code))
    row = city.row()
    assert row.connection is not None
    assert (row.connection.state, row.connection.code) == (state, code)
    assert city.kinds() == ["account.connected", "account.lost"]
    with pytest.raises(AccessLostError, match=code.replace(".", r"\.")):
        city.accounts.connector(CITY)


def test_only_a_person_resumes_what_the_platform_blocked(city: City) -> None:
    city.connect()
    city.accounts.lost(CITY, AccessLostError("platform.blocked"))
    row = city.accounts.check(city.supervisor, CITY)
    assert row.connection is not None
    assert row.connection.state is ConnectionState.BLOCKED
    city.accounts.resume(city.supervisor, CITY)
    assert city.accounts.connector(CITY)
    city.accounts.resume(city.supervisor, CITY)
    assert city.kinds() == ["account.connected", "account.lost", "account.resumed"]


def test_a_check_notes_what_the_platform_says(city: City) -> None:
    city.connect()
    ends = NOW + timedelta(days=3)
    city.directory.world.health = Health("page-1", "Autre nom", ("one",), ("two",), ends)
    row = city.accounts.check(city.supervisor, CITY)
    assert row.connection is not None
    assert (row.connection.scopes, row.connection.expires_at) == (("one",), ends)
    assert (row.connection.code, row.connection.state) == (
        "account.scopes_missing",
        ConnectionState.CONNECTED,
    )
    assert row.expires_soon
    city.directory.world.errors["check"] = AccessLostError("platform.token")
    row = city.accounts.check(city.supervisor, CITY)
    assert row.connection is not None
    assert row.connection.state is ConnectionState.EXPIRED
    del city.directory.world.errors["check"]
    row = city.accounts.check(city.supervisor, CITY)
    assert row.connection is not None
    assert row.connection.state is ConnectionState.CONNECTED
    city.directory.world.errors["check"] = OfflineError("platform.unreachable")
    with pytest.raises(OfflineError):
        city.accounts.check(city.supervisor, CITY)


def test_disconnecting_revokes_then_forgets(city: City) -> None:
    city.connect()
    used = city.accounts.connector(CITY)
    city.accounts.disconnect(city.supervisor, CITY)
    assert city.directory.world.calls == [f"revoke {TOKEN}"]
    assert used.closed
    assert city.secrets.all() == {}
    for act in (city.accounts.check, city.accounts.disconnect, city.accounts.resume):
        with pytest.raises(ConflictError, match=r"account\.not_connected"):
            act(city.supervisor, CITY)
    with pytest.raises(ConflictError, match=r"account\.not_connected"):
        city.accounts.connector(CITY)
    assert city.kinds() == ["account.connected", "account.disconnected"]


def test_a_connector_is_kept_until_its_connection_is_another(city: City) -> None:
    city.connect()
    first = city.accounts.connector(CITY)
    assert city.accounts.connector(CITY) is first
    city.directory.world.calls.append("one")
    assert city.row().budgets == first.budgets()
    city.desk.clock.advance(timedelta(seconds=1))
    city.connect()
    assert city.accounts.connector(CITY) is not first
    assert first.closed


def test_tokens_that_are_not_there_are_a_lost_access(city: City) -> None:
    city.connect()
    city.secrets.drop("platform:facebook/page-1")
    with pytest.raises(AccessLostError, match=r"platform\.token"):
        city.accounts.connector(CITY)
    city.secrets.put("platform:facebook/page-1", '{"access": ')
    with pytest.raises(AccessLostError, match=r"platform\.token"):
        city.accounts.connector(CITY)


def test_long_tokens_are_kept_in_parts_that_every_keyring_takes(city: City) -> None:
    long = "".join(f"{number:04}" for number in range(900))
    city.connect(access=long, refresh=REFRESH)
    assert all(len(each) <= 1_280 for each in city.secrets.all().values())
    assert len(city.secrets.all()) > 3
    assert city.accounts.connector(CITY).tokens.read().access == long
    city.connect(access="short")
    assert len(city.secrets.all()) == 1
    assert city.accounts.connector(CITY).tokens.read().access == "short"
    city.connect(access=long)
    city.secrets.drop("platform:facebook/page-1#2")
    with pytest.raises(AccessLostError, match=r"platform\.token"):
        city.accounts.connector(CITY).tokens.read()
    city.connect(access=long)
    city.accounts.disconnect(city.supervisor, CITY)
    assert city.secrets.all() == {}


def test_a_locked_keyring_leaves_no_connection_behind(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(name: str, secret: str) -> None:
        raise SecretLockedError("secret.locked")

    monkeypatch.setattr(city.secrets, "put", locked)
    with pytest.raises(SecretLockedError):
        city.connect()
    assert city.desk.db.reads.connections() == ()
    assert city.kinds() == []


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.AUDITOR, Role.AGENT_311])
def test_who_does_not_supervise_sees_states_and_changes_nothing(city: City, role: Role) -> None:
    city.connect()
    actor = city.desk.actor(role)
    assert len(city.accounts.rows(actor)) == 1
    for act in (
        lambda: city.accounts.connect(actor, FACEBOOK, APP, candidate()),
        lambda: city.accounts.pasted(actor, FACEBOOK, APP, "x"),
        lambda: city.accounts.sign_in(actor, FACEBOOK, APP, print, lambda: True),
        lambda: city.accounts.check(actor, CITY),
        lambda: city.accounts.disconnect(actor, CITY),
        lambda: city.accounts.resume(actor, CITY),
    ):
        with pytest.raises(PermissionDeniedError):
            act()


def test_a_thumbnail_is_a_small_png_made_here(city: City) -> None:
    city.connect()
    shown = Attachment("a.jpg", "image/jpeg", "http://127.0.0.1/a.jpg")
    other = Attachment("a.pdf", "application/pdf", "http://127.0.0.1/a.pdf")
    broken = replace(shown, url="http://127.0.0.1/b.jpg")
    (case,) = city.desk.take_in(message(attachments=(other, shown, broken)))
    world = city.directory.world
    world.pictures = {shown.url: picture(3, size=2000), broken.url: b"GIF89a no picture"}
    small = city.accounts.picture(city.supervisor, case, 1)
    assert small.startswith(b"\x89PNG")
    assert len(small) < 1_000_000
    assert all(each.closed for each in city.directory.made)
    for index, code in ((0, "platform.media"), (7, "platform.media"), (2, "picture.unreadable")):
        with pytest.raises(ValidationError, match=code.replace(".", r"\.")):
            city.accounts.picture(city.supervisor, case, index)


def test_another_platform_is_another_account(city: City) -> None:
    city.connect()
    city.accounts.connect(city.supervisor, YOUTUBE, APP, candidate("UC1", "Ville"))
    assert len(city.accounts.rows(city.supervisor)) == 2
    assert len(city.secrets.all()) == 2
