"""Training from a folder: the same bytes from the same files, damage named, public sets optional."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console import cli, train_commands
from console.arguments import parse
from console.errors import ConfigurationError, EnvironmentProblemError
from console.netiquette.learned import training as learning
from console.netiquette.learned.corpus import read_corpus
from console.netiquette.learned.model import Model
from console.netiquette.learned.public import read_public
from console.netiquette.training import CARD, WEIGHTS, train

SLOTS = "slots:\n  lieu: [parc, pont]\nrows:\n- {n: 2, rules: '', texts: ['Merci pour le {lieu}']}\n"
LINES = [
    ("insult", "Espèce d'imbécile, va."),
    ("insult", "T'es un moron fini."),
    ("violence", "Je vais te casser les jambes."),
    ("violence", "On va te frapper demain."),
    ("", "Merci à toute l'équipe."),
    ("", "Le parc est beau ce matin."),
]
ANNOTATED: dict[str, Any] = {
    "channel": "private", "text": "À quelle heure ouvre la piscine?", "parent": "", "rules": [],
    "tolerated": [], "route": "question",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small corpus in the form of the shipped one."""
    corpus, routes = tmp_path / "model" / "corpus", tmp_path / "model" / "routes"
    corpus.mkdir(parents=True)
    routes.mkdir()
    (corpus / "posts.tsv").write_text("key\ttext\nnone\t\n", encoding="utf-8")
    rows = "".join(f"{rules}\t\tnone\t{text}\n" for rules, text in LINES)
    (corpus / "own.tsv").write_text("rules\ttolerated\tpost\ttext\n" + rows, encoding="utf-8")
    silent = {key: value for key, value in ANNOTATED.items() if key != "route"} | {"text": "Quel temps!"}
    lines = "".join(json.dumps(each) + "\n" for each in (ANNOTATED, silent))
    (corpus / "more.jsonl").write_text(lines, encoding="utf-8")
    (corpus / "compose.yaml").write_text(SLOTS, encoding="utf-8")
    (routes / "own.tsv").write_text("route\tpost\ttext\nemergency\tnone\tAu feu!\n", encoding="utf-8")
    return tmp_path / "model"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the lexicon tells is left out, and one round is enough."""
    monkeypatch.setattr("console.netiquette.training.examples_of", lambda frames, entries: [])
    monkeypatch.setattr(learning, "EPOCHS", 1)


def public(path: Path, rows: str = "1\tsale bête\ttoxic\n2\tbonne\\njournée\tnon-toxic\n") -> Path:
    path.mkdir()
    (path / "toxifrench_agreement.tsv").write_text("id\ttext\tlabel\n" + rows, encoding="utf-8")
    return path


def test_the_same_files_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    sets = public(tmp_path / "sets")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        outcome = train(folder, sets, tmp_path / name)
        assert list(outcome.public) == ["toxifrench_agreement"]
    for name in (WEIGHTS, CARD):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert Model.load(tmp_path / "a" / WEIGHTS).rules == ("insult", "violence")


def test_without_public_sets_the_corpus_is_enough_and_the_card_says_so(folder: Path, tmp_path: Path) -> None:
    steps: list[str] = []
    outcome = train(folder, None, tmp_path, steps.append)
    assert outcome.forum is None
    assert steps == ["reading", "measuring", "fitting"]
    assert "No public set" in (tmp_path / CARD).read_text(encoding="utf-8")


def test_a_public_text_is_read_as_it_is_escaped(tmp_path: Path) -> None:
    first, second = read_public(public(tmp_path / "sets"))
    assert (first.toxic, second.toxic, second.text) == (True, False, "bonne\njournée")
    assert read_public(None) == []


def test_an_annotated_line_trains_rules_and_route(folder: Path) -> None:
    known = {each.text: each for each in read_corpus(folder / "corpus")}
    found = known[ANNOTATED["text"]]
    assert (found.route, found.private, found.rules) == ("question", True, frozenset())
    assert known["Quel temps!"].route == ""


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda folder: (folder / "corpus" / "own.tsv").write_text("x\n"), "lexicon.invalid"),
        (lambda folder: (folder / "corpus" / "more.jsonl").write_text("{}\n"), "lexicon.invalid"),
        (lambda folder: (folder / "corpus" / "more.jsonl").write_text("[1]\n"), "lexicon.invalid"),
        (lambda folder: (folder / "corpus" / "own.tsv").write_bytes(b"\xff\xfe"), "lexicon.invalid"),
        (lambda folder: (folder / "corpus" / "posts.tsv").unlink(), "lexicon.missing"),
        (lambda folder: (folder / "corpus").rename(folder / "gone"), "lexicon.missing"),
        (lambda folder: (folder / "routes" / "own.tsv").write_text("route\n"), "lexicon.invalid"),
    ],
)
def test_a_damaged_corpus_is_named(
    folder: Path, tmp_path: Path, spoil: Callable[[Path], object], code: str
) -> None:
    spoil(folder)
    with pytest.raises(ConfigurationError) as told:
        train(folder, None, tmp_path)
    assert told.value.code == code
    assert not (tmp_path / WEIGHTS).exists()


@pytest.mark.parametrize("rows", ["1\tonly two\n", "\udcff"])
def test_a_damaged_public_set_is_named(tmp_path: Path, rows: str) -> None:
    folder = tmp_path / "sets"
    folder.mkdir()
    content = ("id\ttext\tlabel\n" + rows).encode("utf-8", "surrogateescape")
    (folder / "mlma_fr.tsv").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"lexicon\.invalid"):
        read_public(folder)


def given(*words: str) -> argparse.Namespace:
    return parse(["train", *words], "0")


def test_the_command_says_what_it_did(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    sets = public(tmp_path / "sets")
    status = train_commands.run(
        given("--folder", str(folder), "--public", str(sets), "-o", str(tmp_path / "out"))
    )
    said = capsys.readouterr().out
    assert status == 0
    assert "Validation croisée" in said
    assert "toxifrench_agreement" in said
    assert "{" not in said
    assert (tmp_path / "out" / WEIGHTS).exists()


def test_the_command_writes_beside_the_corpus_and_says_that_no_public_set_was_read(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train_commands.run(given("--folder", str(folder))) == 0
    assert "Aucun ensemble public" in capsys.readouterr().out
    assert (folder / CARD).exists()


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["train", "--public", "/nowhere"], 64, "/nowhere"),
        (["train", "--folder", "/nowhere"], 78, "corpus"),
        (["train", "--folder"], 64, "train"),
    ],
)
def test_a_wrong_call_is_one_line_of_french(
    words: list[str], status: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words, no_window) == status
    told = capsys.readouterr().err
    assert told.startswith("vigie: ")
    assert says in told


def test_a_folder_that_takes_nothing_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EnvironmentProblemError) as told:
        train_commands.run(given("--folder", str(folder), "-o", str(tmp_path / "file")))
    assert told.value.code == "train.write"


def no_window(launch: object) -> int:
    raise AssertionError(launch)
