"""The installed command as a person types it: French in one line, exit codes, never a traceback."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from console.domain.decisions import Action
from console.paths import RESOURCES
from tests.desks import open_desk

ROOT = RESOURCES.parent
EXAMPLES = ROOT.parent / "shared/eval/examples.jsonl"
SCORER = ROOT.parent / "shared/eval/score.py"


def vigie(*arguments: str, home: Path, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own, with no display."""
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    environment |= {"VIGIE_HOME": str(home), "LANG": "C", "COLUMNS": "160"}
    return subprocess.run(
        [sys.executable, "-m", "ui.entry", *arguments],
        cwd=ROOT,
        env=environment,
        input=given,
        capture_output=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["verdict"], 64, "La commande est mal écrite"),
        (["--nimporte"], 64, "La commande est mal écrite"),
        (["journal"], 64, "vigie journal"),
        (["verdict", "/nowhere/in.jsonl"], 65, "introuvable"),
        (["import", "/nowhere/in.csv"], 65, "introuvable"),
    ],
)
def test_a_wrong_command_is_one_line_of_french(
    arguments: list[str], status: int, words: str, tmp_path: Path
) -> None:
    done = vigie(*arguments, home=tmp_path)
    assert done.returncode == status
    said = done.stderr.decode()
    assert said.startswith("vigie: ")
    assert words in said
    assert "Traceback" not in said
    assert said.count("\n") == 1


def test_help_is_in_french_and_names_every_command(tmp_path: Path) -> None:
    said = vigie("--help", home=tmp_path).stdout.decode()
    for word in ("Utilisation", "verdict", "import", "journal", "--exemple", "--self-test"):
        assert word in said
    assert "usage:" not in said
    assert "show this help" not in said


def test_verdicts_flow_through_a_pipe(tmp_path: Path) -> None:
    line = json.dumps({"id": 5, "channel": "comment", "platform": "x", "text": "Merci!"}).encode()
    done = vigie("verdict", "-", home=tmp_path, given=line + b"\n")
    assert done.returncode == 0
    assert json.loads(done.stdout)["id"] == 5
    assert done.stderr == b""


def test_without_a_display_the_main_job_is_done_in_the_terminal(tmp_path: Path) -> None:
    picture = tmp_path / "vigie.png"
    done = vigie("--picture", str(picture), home=tmp_path / "home")
    said = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "Aucun écran" in said
    assert "Suggestion" in said
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_import_then_verify_the_journal(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    message = {"id": "1", "channel": "comment", "platform": "facebook", "text": "Merci!", "account": "Ville"}
    file.write_text(json.dumps(message) + "\n", encoding="utf-8")
    imported = vigie("import", str(file), home=tmp_path / "home")
    assert imported.returncode == 0, imported.stderr.decode()
    assert "1 ajouté" in imported.stdout.decode()
    verified = vigie("journal", "verify", home=tmp_path / "home")
    assert verified.returncode == 0
    assert "intacte" in verified.stdout.decode()


def test_the_journal_is_verified_beside_an_open_desk(tmp_path: Path) -> None:
    with open_desk(tmp_path / "home") as desk:
        desk.decide(desk.receive("m1"), Action.KEEP)
        verified = vigie("journal", "verify", home=tmp_path / "home")
        assert verified.returncode == 0, verified.stderr.decode()


def test_a_tampered_journal_is_named(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with open_desk(home) as desk:
        desk.decide(desk.receive("m1"), Action.KEEP)
    with closing(sqlite3.connect(home / "vigie.db")) as raw, raw:
        raw.execute("DROP TRIGGER journal_keeps_words")
        raw.execute(
            "UPDATE journal SET payload = replace(payload, 'keep', 'hide') WHERE kind = 'decision.made'"
        )
        (sequence,) = raw.execute("SELECT sequence FROM journal WHERE kind = 'decision.made'").fetchone()
    verified = vigie("journal", "verify", home=home)
    assert verified.returncode == 65
    assert f"maillon {sequence}" in verified.stdout.decode()


def test_there_is_nothing_to_verify_in_an_empty_folder(tmp_path: Path) -> None:
    verified = vigie("journal", "verify", home=tmp_path / "home")
    assert verified.returncode == 74
    assert "pas encore de base" in verified.stderr.decode()
    assert not (tmp_path / "home/vigie.db").exists()


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the annotated examples are not on this machine")
def test_the_scorer_reads_the_verdicts(tmp_path: Path) -> None:
    verdicts = tmp_path / "verdicts.jsonl"
    assert vigie("verdict", str(EXAMPLES), "-o", str(verdicts), home=tmp_path).returncode == 0
    scored = subprocess.run(
        [sys.executable, str(SCORER), str(EXAMPLES), str(verdicts), "--json"],
        capture_output=True,
        check=True,
    )
    figures = json.loads(scored.stdout)
    assert figures["missing"] == 0
    assert figures["messages"] == len(EXAMPLES.read_text(encoding="utf-8").splitlines())
