"""`vigie hub join | sync | carry | leave` and `vigie journal verify`, as a person calls them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import keyring
import pytest

from console import cli, logs
from console.launch import Launch
from tests.e2e.file_keyring import Keyring
from tests.hub.conftest import PASSWORD, Hub

Run = Callable[..., tuple[int, str, str]]


def no_window(_launch: Launch) -> int:
    """These commands open none."""
    raise AssertionError("no window was asked for")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs one command at the desk given; every desk has a keyring of its own."""
    monkeypatch.setenv("VIGIE_AT_REST", "plain")
    monkeypatch.setenv("VIGIE_HUB_PASSWORD", PASSWORD)
    monkeypatch.setattr(logs, "configure", lambda _folder: None)  # the log of pytest is not theirs
    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())

    def once(desk: str, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setenv("VIGIE_TEST_KEYRING", str(tmp_path / f"{desk}.json"))
        capsys.readouterr()
        status = cli.main(["--home", str(tmp_path / desk), *arguments], no_window)
        return status, *capsys.readouterr()

    yield once
    keyring.set_keyring(before)


def _message(folder: Path, name: str, text: str) -> Path:
    file = folder / f"{name}.jsonl"
    row = {"id": name, "channel": "comment", "platform": "facebook", "text": text, "account": "Ville"}
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return file


def test_two_desks_join_carry_and_meet(run: Run, hub: Hub, tmp_path: Path) -> None:
    at = hub.address
    join = ("hub", "join", "--host", at.host, "--port", str(at.port), "--database", at.database)
    for login in ("marie", "noah"):
        status, said, wrong = run(login, *join, "--login", login, "--desk-name", f"Poste de {login}")
        assert (status, wrong) == (0, "")
        assert f"vous y êtes {login.capitalize()} (" in said
    # Each learns of the other by an exchange.
    for login in ("marie", "noah"):
        status, said, wrong = run(login, "hub", "sync")
        assert (status, wrong) == (0, "")
        assert said.startswith("Échange terminé\u00a0:")
    assert run("marie", "import", str(_message(tmp_path, "m1", "Bande de pourris")))[0] == 0
    status, said, wrong = run("marie", "hub", "carry", "out", str(tmp_path))
    assert (status, wrong) == (0, "")
    (file,) = tmp_path.glob("vigie-poste-de-marie-*.vigie")
    assert "1 messages" in said
    status, said, wrong = run("noah", "hub", "carry", "in", str(file), str(tmp_path / "m1.jsonl"))
    assert "du poste «\u00a0Poste de marie\u00a0», 1 messages et" in said
    # One was none of ours: said, and the other was taken all the same.
    assert (status, "Ce n’est pas un fichier entre postes" in wrong) == (65, True)
    status, said, _ = run("marie", "hub", "carry", "in", str(file))
    assert (status, "de ce poste même" in said) == (0, True)
    status, said, _ = run("noah", "hub", "sync")
    assert (status, hub.value("SELECT count(*) FROM vigie.case_file")) == (0, 1)
    _verify(run, tmp_path / "noah" / "vigie.db")
    assert run("noah", "hub", "leave")[0] == 77  # a moderator does not decide that
    assert run("noah", "hub", "carry", "out", "--everything", str(tmp_path / "non" / "ici.vigie"))[0] == 74


def _verify(run: Run, store: Path) -> None:
    status, said, _ = run("noah", "journal", "verify")
    assert (status, said.count("\n")) == (0, 1)
    change = "UPDATE shared_events SET {} WHERE NOT own AND "
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        last = connection.execute("SELECT max(sequence) FROM shared_events WHERE NOT own").fetchone()[0]
        connection.execute(change.format("body = replace(body, '\"', ' ')") + f"sequence = {last}")
    status, said, _ = run("noah", "journal", "verify")
    assert status == 65
    assert f"«\u00a0Poste de marie\u00a0» est rompue ici au maillon {last}\u00a0: le contenu" in said


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("hub", "sync"), 75, "n’est pas inscrit"),
        (("hub", "carry", "out", "."), 75, "n’est pas inscrit"),
        (("hub", "carry", "in", "x.vigie"), 75, "n’est pas inscrit"),
        (("hub", "join", "--login", "marie"), 64, "join"),
        (("hub", "carry"), 64, "carry"),
    ],
)
def test_a_desk_that_is_no_member_says_so(
    run: Run, arguments: tuple[str, ...], status: int, said: str
) -> None:
    found, _, wrong = run("seul", *arguments)
    assert (found, said in wrong, wrong.count("\n")) == (status, True, 1)


def test_a_hub_that_does_not_answer_and_a_wrong_password(
    run: Run, hub: Hub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nowhere = run("marie", "hub", "join", "--host", str(tmp_path), "--login", "marie")
    assert nowhere[0] == 69
    monkeypatch.setenv("VIGIE_HUB_PASSWORD", "autre chose")
    at = hub.address
    join = ("hub", "join", "--host", at.host, "--port", str(at.port), "--database", at.database)
    assert run("marie", *join, "--login", "marie")[0] == 77
