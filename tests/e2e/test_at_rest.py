"""The installed command and encryption at rest: with a keyring, without one, and with one that forgot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from console.bootstrap import STORE, at_rest
from console.paths import RESOURCES
from console.services import key_file
from tests.store.sealing import FileSecrets

WORD = "zébrulon"


class Desk:
    """One home, and the keyring of one account of the system."""

    def __init__(self, folder: Path) -> None:
        self.home, self.keyring, self.file = (
            folder / "home",
            folder / "keyring.json",
            folder / "messages.jsonl",
        )
        message = {
            "id": "1",
            "channel": "comment",
            "platform": "facebook",
            "text": f"Merci {WORD}!",
            "account": "V",
        }
        self.file.write_text(json.dumps(message) + "\n", encoding="utf-8")
        self.plain, self.backend = False, "tests.e2e.file_keyring.Keyring"

    def run(self, *arguments: str, given: str = "") -> tuple[int, str, str]:
        """Exit status, standard output, standard error; no display."""
        left_out = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "VIGIE_AT_REST")
        environment = {key: value for key, value in os.environ.items() if key not in left_out}
        environment |= {
            "VIGIE_HOME": str(self.home),
            "COLUMNS": "160",
            "PYTHON_KEYRING_BACKEND": self.backend,
        }
        environment["VIGIE_TEST_KEYRING"] = str(self.keyring)
        if self.plain:
            environment["VIGIE_AT_REST"] = "plain"
        done = subprocess.run(
            [sys.executable, "-m", "ui.entry", *arguments],
            cwd=RESOURCES.parent,
            env=environment,
            input=given.encode(),
            capture_output=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def words_on_disk(self) -> bool:
        """Whether the citizen's word can be read under the home."""
        return any(WORD.encode() in each.read_bytes() for each in self.home.rglob("*") if each.is_file())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A machine with a keyring."""
    return Desk(tmp_path)


@pytest.fixture
def bare(tmp_path: Path) -> Desk:
    """A machine without one."""
    made = Desk(tmp_path)
    made.backend = "keyring.backends.fail.Keyring"
    return made


def test_with_a_keyring_a_new_desk_is_encrypted_and_that_is_said(desk: Desk) -> None:
    status, said, _ = desk.run("import", str(desk.file))
    assert status == 0
    assert "1 ajouté" in said
    assert "La base de ce poste est chiffrée" in said
    assert not desk.words_on_disk()
    status, said, _ = desk.run("import", str(desk.file))
    assert (status, "est chiffrée" in said, "1 inchangé" in said) == (0, False, True)
    status, said, _ = desk.run("journal", "verify")
    assert (status, "intacte" in said) == (0, True)
    status, said, _ = desk.run("desk", "status")
    assert status == 0
    for words in (
        "Chiffrée (SQLCipher, AES-256)",
        "file_keyring.Keyring",
        "Code de récupération\u00a0: aucun",
    ):
        assert words in said


def test_the_terminal_works_on_an_encrypted_desk(desk: Desk, tmp_path: Path) -> None:
    picture = tmp_path / "vigie.png"
    status, said, errors = desk.run("--import", str(desk.file), "--picture", str(picture))
    assert status == 0, errors
    assert WORD in said
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert not desk.words_on_disk()


def test_without_a_keyring_nothing_is_written_before_a_choice(bare: Desk) -> None:
    status, said, errors = bare.run("import", str(bare.file))
    assert status == 77
    assert said == ""
    assert errors.startswith("vigie: ")
    assert errors.count("\n") == 1
    assert "--sans-chiffrement" in errors
    assert not (bare.home / STORE).exists()
    status, said, _ = bare.run("import", str(bare.file), "--sans-chiffrement")
    assert status == 0
    assert "n’est pas chiffrée" in said
    status, said, _ = bare.run("desk", "status")
    assert "Non chiffrée, au choix de" in said


def test_without_a_keyring_the_terminal_judges_and_keeps_nothing(bare: Desk, tmp_path: Path) -> None:
    picture = tmp_path / "vigie.png"
    status, said, errors = bare.run("--import", str(bare.file), "--picture", str(picture))
    assert status == 0, errors
    assert WORD in said
    assert "n’est pas gardé" in " ".join(said.split())
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert not (bare.home / STORE).exists()
    assert not bare.words_on_disk()


def test_the_environment_of_a_server_chooses_plain_text_and_that_is_said(bare: Desk) -> None:
    bare.plain = True
    status, said, _ = bare.run("import", str(bare.file))
    assert status == 0
    assert "VIGIE_AT_REST=plain" in said
    assert bare.words_on_disk()


def test_a_plain_desk_is_encrypted_later(desk: Desk) -> None:
    desk.run("--sans-chiffrement", "import", str(desk.file))
    assert desk.words_on_disk()
    status, said, errors = desk.run("desk", "encrypt")
    assert status == 0, errors
    assert "est chiffrée" in said
    assert not desk.words_on_disk()
    assert desk.run("import", str(desk.file))[0] == 0
    assert desk.run("desk", "encrypt")[0] == 75


def test_a_keyring_that_forgot_gets_the_key_back_from_the_code(desk: Desk) -> None:
    assert desk.run("import", str(desk.file))[0] == 0
    code = _code(desk)
    desk.keyring.unlink()
    status, _, errors = desk.run("import", str(desk.file))
    assert status == 74
    assert "vigie desk recover" in errors
    status, _, errors = desk.run("desk", "recover", "--code", "AAAAA")
    assert status == 65
    status, said, errors = desk.run("desk", "recover", given=code.lower() + "\n")
    assert status == 0, errors
    assert "dans le trousseau" in said
    status, said, _ = desk.run("import", str(desk.file))
    assert (status, "1 inchangé" in said) == (0, True)


class _Service(FileSecrets):
    """The keyring file as the backend of tests writes it."""

    def get(self, name: str) -> str | None:
        """See `Secrets.get`."""
        return super().get(f"Vigie/{name}")

    def put(self, name: str, secret: str) -> None:
        """See `Secrets.put`."""
        super().put(f"Vigie/{name}", secret)


def _code(desk: Desk) -> str:
    """A recovery code; who may ask for one is proved elsewhere."""
    code = at_rest(desk.home, secrets=_Service(desk.keyring)).renew_recovery("Odile")
    said = key_file.read(desk.home)
    assert said is not None
    assert said.recovery is not None
    return code
