"""Where the key of a desk comes from, who is asked, and what nobody chose is never done."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.bootstrap import STORE, open_services, recover
from console.catalogue import Catalogue
from console.clock import FixedClock
from console.domain.roles import Role
from console.errors import ConflictError, PermissionDeniedError, SecretLockedError, VigieError
from console.secrets.in_memory import MemorySecrets
from console.services import key_file
from console.services.at_rest import AtRest, State
from console.services.key_file import Because, KeyFile, Protection
from console.services.secret_ports import FileKey
from console.store.at_rest import DeskFileOnDisk
from tests.builders import NOW, desk_file

CLOCK = FixedClock(NOW)


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


@pytest.fixture(autouse=True)
def _nobody_has_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIGIE_AT_REST")


@pytest.fixture
def keyring() -> Keyring:
    """A keyring of its own for each test."""
    return Keyring()


def rest(home: Path, keyring: Keyring) -> AtRest:
    """The protection of the desk in `home`."""
    return AtRest(DeskFileOnDisk(home / STORE), keyring, CLOCK)


def code_of(work: Callable[..., Any], *arguments: Any, **options: Any) -> str:
    """The code of the error; its sentence has no hole."""
    with pytest.raises(VigieError) as error:
        work(*arguments, **options)
    assert "…" not in str(Catalogue.load().say(error.value))
    return error.value.code


def sealed(home: Path, keyring: Keyring) -> None:
    """A new desk, encrypted, with an administrator."""
    services = open_services(home, clock=CLOCK, secrets=keyring)
    services.access.introduce("Odile", Role.ADMINISTRATOR)
    services.close()


def code_for(home: Path, keyring: Keyring) -> str:
    """A recovery code, made by the administrator."""
    services = open_services(home, clock=CLOCK, secrets=keyring)
    actor = services.access.current()
    assert actor is not None
    assert services.protection is not None
    made = services.protection.new_code(actor)
    services.close()
    return made


def kinds(home: Path, keyring: Keyring) -> list[str]:
    """The kinds of the journal's events."""
    from console.store.database import open_reads

    with open_reads(home / STORE, rest(home, keyring).known_key()) as reads:
        return [link.event.kind for link in reads.journal()]


def test_a_new_desk_is_encrypted_without_a_question(tmp_path: Path, keyring: Keyring) -> None:
    services = open_services(tmp_path, clock=CLOCK, secrets=keyring)
    assert services.protection is not None
    assert services.protection.fresh
    status = services.protection.status()
    services.close()
    assert status.state is State.SEALED
    assert not (tmp_path / STORE).read_bytes().startswith(b"SQLite")
    written = (tmp_path / key_file.NAME).read_text("utf-8")
    (secret,) = keyring._kept.values()
    assert secret not in written
    assert json.loads(written)["protection"] == "keyring"
    again = open_services(tmp_path, clock=CLOCK, secrets=keyring)
    assert again.protection is not None
    assert not again.protection.fresh
    again.close()


@pytest.mark.parametrize("trouble", ["secret.no_keyring", "secret.locked", "secret.failed"])
def test_without_a_keyring_a_new_desk_waits_for_a_choice(
    tmp_path: Path, keyring: Keyring, trouble: str
) -> None:
    keyring.trouble = trouble
    assert code_of(open_services, tmp_path, secrets=keyring) == "at_rest.choice"
    assert not (tmp_path / STORE).exists()
    assert key_file.read(tmp_path) is None
    keyring.trouble = ""
    sealed(tmp_path, keyring)


def test_a_person_may_choose_plain_text_and_is_named(tmp_path: Path, keyring: Keyring) -> None:
    keyring.trouble = "secret.no_keyring"
    open_services(tmp_path, clock=CLOCK, plain=True, secrets=keyring).close()
    said = key_file.read(tmp_path)
    assert said is not None
    assert (said.protection, said.because, said.chosen_at) == (Protection.PLAIN, Because.PERSON, NOW)
    assert said.chosen_by
    # Chosen once, it is not asked again.
    open_services(tmp_path, clock=CLOCK, secrets=keyring).close()
    assert (tmp_path / STORE).read_bytes().startswith(b"SQLite")


def test_the_environment_may_choose_plain_text(
    tmp_path: Path, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_AT_REST", "something else")
    keyring.trouble = "secret.no_keyring"
    assert code_of(open_services, tmp_path, secrets=keyring) == "at_rest.choice"
    monkeypatch.setenv("VIGIE_AT_REST", "plain")
    open_services(tmp_path, clock=CLOCK, secrets=keyring).close()
    said = key_file.read(tmp_path)
    assert said is not None
    assert said.because is Because.ENVIRONMENT


def test_choosing_plain_text_never_touches_an_encrypted_desk(tmp_path: Path, keyring: Keyring) -> None:
    sealed(tmp_path, keyring)
    before = (tmp_path / key_file.NAME).read_bytes()
    open_services(tmp_path, clock=CLOCK, plain=True, secrets=keyring).close()
    assert (tmp_path / key_file.NAME).read_bytes() == before
    assert rest(tmp_path, keyring).status().state is State.SEALED


def test_a_plain_file_that_nobody_chose_is_asked_about(tmp_path: Path, keyring: Keyring) -> None:
    with desk_file(tmp_path / STORE):
        pass
    assert code_of(open_services, tmp_path, secrets=keyring) == "at_rest.plain_file"
    rest(tmp_path, keyring).encrypt()
    open_services(tmp_path, clock=CLOCK, secrets=keyring).close()
    assert rest(tmp_path, keyring).status().state is State.SEALED


def test_a_plain_copy_put_in_place_of_the_encrypted_file_is_asked_about(
    tmp_path: Path, keyring: Keyring
) -> None:
    sealed(tmp_path, keyring)
    (tmp_path / STORE).unlink()
    with desk_file(tmp_path / STORE):
        pass
    assert code_of(open_services, tmp_path, secrets=keyring) == "at_rest.plain_file"


def test_the_sample_is_plain_and_says_why(tmp_path: Path, keyring: Keyring) -> None:
    keyring.trouble = "secret.no_keyring"
    rest_of_sample = rest(tmp_path / "exemple", keyring)
    assert rest_of_sample.key(Because.SAMPLE) is None
    assert rest_of_sample.status().because is Because.SAMPLE


@pytest.mark.parametrize("trouble", ["secret.no_keyring", "secret.locked", "secret.failed"])
def test_an_encrypted_desk_waits_for_its_keyring(tmp_path: Path, keyring: Keyring, trouble: str) -> None:
    sealed(tmp_path, keyring)
    keyring.trouble = trouble
    assert code_of(open_services, tmp_path, secrets=keyring) == trouble
    assert code_of(open_services, tmp_path, secrets=keyring, plain=True) == trouble
    keyring.trouble = ""
    open_services(tmp_path, clock=CLOCK, secrets=keyring).close()


def test_a_lost_key_comes_back_with_the_code(tmp_path: Path, keyring: Keyring) -> None:
    sealed(tmp_path, keyring)
    code = code_for(tmp_path, keyring)
    another = Keyring()
    assert code_of(open_services, tmp_path, secrets=another) == "at_rest.key_lost"
    assert code_of(recover, tmp_path, "ABC", another) == "recovery.length"
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    assert code_of(recover, tmp_path, wrong, another) == "recovery.group"
    assert code_of(open_services, tmp_path, secrets=another) == "at_rest.key_lost"
    assert recover(tmp_path, code.lower(), another) is None
    open_services(tmp_path, clock=CLOCK, secrets=another).close()
    assert another._kept == keyring._kept


def test_a_key_of_another_file_in_the_keyring_is_no_key(tmp_path: Path, keyring: Keyring) -> None:
    sealed(tmp_path, keyring)
    (name,) = keyring._kept
    for wrong in (FileKey.new().hex, "pas une clé", ""):
        keyring._kept[name] = wrong
        assert code_of(open_services, tmp_path, secrets=keyring) == "at_rest.key_lost"


def test_with_the_code_a_desk_opens_even_where_the_keyring_is_broken(
    tmp_path: Path, keyring: Keyring
) -> None:
    sealed(tmp_path, keyring)
    code = code_for(tmp_path, keyring)
    keyring.trouble = "secret.no_keyring"
    passing = recover(tmp_path, code, keyring)
    assert passing is not None
    services = open_services(tmp_path, clock=CLOCK, secrets=passing)
    assert services.access.current() is not None
    services.close()


def test_a_newer_code_ends_the_one_before(tmp_path: Path, keyring: Keyring) -> None:
    sealed(tmp_path, keyring)
    first, second = code_for(tmp_path, keyring), code_for(tmp_path, keyring)
    assert code_of(recover, tmp_path, first, keyring) == "recovery.refused"
    assert recover(tmp_path, second, keyring) is None
    assert kinds(tmp_path, keyring).count("recovery.made") == 2
    written = (tmp_path / key_file.NAME).read_text("utf-8")
    assert second not in written
    assert second.replace("-", "") not in written


def test_without_a_code_a_lost_key_is_lost_and_that_is_said(tmp_path: Path, keyring: Keyring) -> None:
    sealed(tmp_path, keyring)
    assert code_of(recover, tmp_path, "x", Keyring()) == "at_rest.no_recovery"


def test_only_supervision_makes_codes_and_encrypts(tmp_path: Path, keyring: Keyring) -> None:
    services = open_services(tmp_path, clock=CLOCK, secrets=keyring)
    moderator = services.access.introduce("Camille", Role.MODERATOR)
    assert services.protection is not None
    with pytest.raises(PermissionDeniedError):
        services.protection.new_code(moderator)
    with pytest.raises(PermissionDeniedError):
        services.protection.encrypt_at_closing(moderator)
    assert services.protection.status().recovery is None
    services.close()
    assert "recovery.made" not in kinds(tmp_path, keyring)


def test_a_plain_desk_has_no_code_and_is_encrypted_when_it_closes(tmp_path: Path, keyring: Keyring) -> None:
    services = open_services(tmp_path, clock=CLOCK, plain=True, secrets=keyring)
    actor = services.access.introduce("Sacha", Role.SUPERVISOR)
    assert services.protection is not None
    with pytest.raises(ConflictError, match="not_sealed"):
        services.protection.new_code(actor)
    services.protection.encrypt_at_closing(actor)
    assert services.protection.encrypts_at_closing
    services.close()
    assert rest(tmp_path, keyring).status().state is State.SEALED
    open_services(tmp_path, clock=CLOCK, secrets=keyring).close()
    events = kinds(tmp_path, keyring)
    assert "recovery.made" not in events
    assert events.count("desk.protection") == 1


def test_encrypting_that_fails_leaves_the_desk_as_it_was(
    tmp_path: Path, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_services(tmp_path, clock=CLOCK, plain=True, secrets=keyring).close()
    before = (tmp_path / key_file.NAME).read_text("utf-8")
    real = Path.replace

    def refused(self: Path, target: Any) -> Path:
        if self.name.endswith(".chiffrement"):
            raise PermissionError("held by another program")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    assert code_of(rest(tmp_path, keyring).encrypt) == "store.seal_failed"
    assert (tmp_path / key_file.NAME).read_text("utf-8") == before
    assert keyring._kept == {}
    open_services(tmp_path, clock=CLOCK, secrets=keyring).close()


def test_only_a_plain_desk_is_encrypted(tmp_path: Path, keyring: Keyring) -> None:
    assert code_of(rest(tmp_path, keyring).encrypt) == "at_rest.not_plain"
    sealed(tmp_path, keyring)
    assert code_of(rest(tmp_path, keyring).encrypt) == "at_rest.not_plain"


def test_a_side_file_that_is_lost_or_altered_is_said(tmp_path: Path, keyring: Keyring) -> None:
    sealed(tmp_path, keyring)
    main, copy = tmp_path / key_file.NAME, tmp_path / "backups" / key_file.NAME
    good = main.read_text("utf-8")
    main.unlink()
    open_services(tmp_path, clock=CLOCK, secrets=keyring).close()  # the copy stands in
    main.write_text("{", "utf-8")
    open_services(tmp_path, clock=CLOCK, secrets=keyring).close()
    copy.unlink()
    assert code_of(open_services, tmp_path, secrets=keyring) == "at_rest.key_file"
    main.unlink()
    assert code_of(open_services, tmp_path, secrets=keyring) == "at_rest.key_file_missing"
    plain = json.loads(good) | {"protection": "plain", "because": "person"}
    main.write_text(json.dumps(plain), "utf-8")
    assert code_of(open_services, tmp_path, secrets=keyring) == "at_rest.key_file_missing"
    other = json.loads(good) | {"file": "another"}
    main.write_text(json.dumps(other), "utf-8")
    assert code_of(open_services, tmp_path, secrets=keyring) == "at_rest.key_lost"
    main.write_text(good, "utf-8")
    open_services(tmp_path, clock=CLOCK, secrets=keyring).close()


@pytest.mark.parametrize(
    "altered",
    ["", "null", "[]", "{}", '{"vigie_key_file": 2}', '{"vigie_key_file": 1, "protection": "none"}'],
)
def test_a_side_file_of_another_shape_is_refused(tmp_path: Path, altered: str) -> None:
    (tmp_path / key_file.NAME).write_text(altered, "utf-8")
    assert code_of(key_file.read, tmp_path) == "at_rest.key_file"


def test_the_side_file_says_what_it_was_told(tmp_path: Path) -> None:
    from console.services.recovery_code import new_code, wrap

    key = FileKey.new()
    said = KeyFile.encrypted(key, NOW, "moi")
    said = said.with_recovery(wrap(key, new_code(), said.file), NOW, "Odile")
    key_file.write(tmp_path, said)
    assert key_file.read(tmp_path) == said
    assert said.fits(key)
    assert not said.fits(FileKey.new())


def test_the_side_file_of_another_encrypted_file_is_kept_aside(tmp_path: Path, keyring: Keyring) -> None:
    sealed(tmp_path, keyring)
    before = key_file.read(tmp_path)
    assert before is not None
    (tmp_path / STORE).rename(tmp_path / "ailleurs.db")
    open_services(tmp_path, clock=CLOCK, plain=True, secrets=keyring).close()
    kept = tmp_path / "backups" / f"vigie.key-{before.file}.json"
    assert json.loads(kept.read_text("utf-8"))["file"] == before.file


def test_a_new_file_in_place_of_one_moved_away_has_the_same_key(tmp_path: Path, keyring: Keyring) -> None:
    sealed(tmp_path, keyring)
    before = key_file.read(tmp_path)
    (tmp_path / STORE).unlink()
    sealed(tmp_path, keyring)
    assert key_file.read(tmp_path) == before
