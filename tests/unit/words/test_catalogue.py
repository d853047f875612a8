"""Every code that the program raises has its French sentence, and no sentence is left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

import console.errors
from console.catalogue import Catalogue
from console.errors import ValidationError, VigieError
from console.paths import RESOURCES

ROOT = RESOURCES.parent
ERRORS = {name for name in vars(console.errors) if name.endswith("Error")}
CODE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")


def _raised(path: Path) -> Iterator[tuple[str, str]]:
    """(place, code) of every error built with a literal code."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield f"{path.name}:{node.lineno}", first.value


def _sources() -> list[Path]:
    return sorted([*(ROOT / "console").rglob("*.py"), *(ROOT / "ui").rglob("*.py")])


def test_every_code_raised_is_said_in_french() -> None:
    catalogue = Catalogue.load()
    unsaid = [found for path in _sources() for found in _raised(path) if not catalogue.knows(found[1])]
    assert not unsaid


def test_every_sentence_belongs_to_a_code_of_the_program() -> None:
    said = yaml.safe_load((RESOURCES / "catalogue/errors.fr.yaml").read_text(encoding="utf-8"))
    literals = {
        node.value
        for path in _sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    }
    assert not set(said) - literals


def test_sentences_are_sorted_by_code_and_complete() -> None:
    said = yaml.safe_load((RESOURCES / "catalogue/errors.fr.yaml").read_text(encoding="utf-8"))
    assert list(said) == sorted(said)
    for code, entry in said.items():
        assert entry["title"].strip(), code
        assert entry["title"].rstrip()[-1] in ".!?…", code
        assert set(entry) <= {"title", "next"}, code


def test_facts_fill_the_sentence_and_codes_are_named_in_french() -> None:
    error = ValidationError("decision.combination", actions=["hide", "delete"])
    assert "masquer, supprimer" in Catalogue.load().say(error).title


def test_a_missing_fact_or_an_unknown_code_never_breaks_the_message() -> None:
    catalogue = Catalogue.load()
    assert "…" in catalogue.error("decision.combination").title
    assert "no.such.code" in catalogue.say(VigieError("no.such.code")).title
