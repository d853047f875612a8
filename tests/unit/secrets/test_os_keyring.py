"""The system's keyring: what keeps secrets is used, what loses or exposes them is refused."""

from __future__ import annotations

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import InitError, KeyringLocked, NoKeyringError

from console.errors import SecretLockedError
from console.secrets.in_memory import MemorySecrets
from console.secrets.os_keyring import OsKeyring


class Keeping(KeyringBackend):
    """A keyring in memory."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.error: Exception | None = None
        self.loses = False

    def _answer(self) -> None:
        if self.error is not None:
            raise self.error

    def get_password(self, service: str, username: str) -> str | None:
        """As the real ones."""
        self._answer()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """As the real ones."""
        self._answer()
        if not self.loses:
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """As the real ones."""
        self._answer()
        del self.kept[service, username]


class PlainText(Keeping):
    """Stands for `keyrings.alt.file.PlaintextKeyring`."""


PlainText.__module__ = "keyrings.alt.file"


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Keeping:
    """The system's keyring for one test."""
    made = Keeping()
    monkeypatch.setattr(keyring, "get_keyring", lambda: made)
    return made


@pytest.fixture(params=[fail.Keyring, null.Keyring, PlainText])
def bad(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> KeyringBackend:
    """One that is none."""
    made: KeyringBackend = request.param()
    monkeypatch.setattr(keyring, "get_keyring", lambda: made)
    return made


def code_of(work: object, *arguments: str) -> str:
    """The code of the error."""
    assert callable(work)
    with pytest.raises(SecretLockedError) as error:
        work(*arguments)
    return error.value.code


def test_a_secret_is_kept_given_back_and_forgotten(backend: Keeping) -> None:
    secrets = OsKeyring()
    assert secrets.get("desk-key:1") is None
    secrets.put("desk-key:1", "s")
    assert secrets.get("desk-key:1") == "s"
    assert backend.kept == {("Vigie", "desk-key:1"): "s"}
    secrets.drop("desk-key:1")
    secrets.drop("desk-key:1")
    assert secrets.get("desk-key:1") is None
    assert secrets.kind.endswith("Keeping")
    assert not secrets.passing


def test_what_cannot_keep_a_secret_is_no_keyring(bad: KeyringBackend) -> None:
    secrets = OsKeyring()
    assert code_of(secrets.put, "a", "b") == "secret.no_keyring"
    assert code_of(secrets.get, "a") == "secret.no_keyring"
    assert code_of(secrets.drop, "a") == "secret.no_keyring"
    assert secrets.kind == ""
    assert not getattr(bad, "kept", {})


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (KeyringLocked("closed"), "secret.locked"),
        (NoKeyringError("none"), "secret.no_keyring"),
        (InitError("no"), "secret.failed"),
        (RuntimeError("D-Bus"), "secret.failed"),
        (OSError("socket"), "secret.failed"),
    ],
)
def test_errors_of_the_keyring_have_their_codes(backend: Keeping, raised: Exception, code: str) -> None:
    backend.error = raised
    secrets = OsKeyring()
    assert code_of(secrets.put, "a", "b") == code
    assert code_of(secrets.get, "a") == code
    assert code_of(secrets.drop, "a") == code


def test_a_keyring_that_loses_what_it_is_given_has_failed(backend: Keeping) -> None:
    backend.loses = True
    assert code_of(OsKeyring().put, "a", "b") == "secret.failed"


def test_of_a_chain_only_the_links_that_keep_secrets_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, good = PlainText(), Keeping()
    chain = chainer.ChainerBackend()
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [plain, null.Keyring(), good])
    monkeypatch.setattr(keyring, "get_keyring", lambda: chain)
    OsKeyring().put("a", "b")
    assert (plain.kept, good.kept) == ({}, {("Vigie", "a"): "b"})
    assert OsKeyring().get("a") == "b"


def test_secrets_in_memory_end_with_their_object() -> None:
    secrets = MemorySecrets()
    secrets.put("a", "b")
    assert (secrets.get("a"), MemorySecrets().get("a"), secrets.passing) == ("b", None, True)
    secrets.drop("a")
    secrets.drop("a")
    assert secrets.get("a") is None
    assert secrets.kind == "memory"
