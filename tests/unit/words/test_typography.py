"""Québec typography in everything a person reads (REQUIREMENTS L8): resources and the screen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from console.paths import RESOURCES

ROOT = RESOURCES.parent
NO_BREAK = "\u00a0"
FAULTS = {
    "a plain space before : % $": re.compile(r"(?<=[^\s]) [:%$](?=\s|$)"),
    "nothing before a colon": re.compile(r"[a-zéèàçA-ZÉ)»](?<!https)(?<!http):(?=\s)"),
    "a space before ; ! ?": re.compile(r"[ \u00a0\u202f][;!?]"),
    "guillemets without a no-break space": re.compile(r"«(?!\u00a0)|(?<!\u00a0)»"),
    "a straight apostrophe": re.compile(r"(?<=[A-Za-zéèêàçô])'(?=[A-Za-zéèêàhÉÀ])"),
    "traditional spelling": re.compile(
        r"\b(affût|entraîne|connaît|reconnaît|maître|dûment|événement|boîte|août|coût|naître|paraître)", re.I
    ),
    "a median dot": re.compile(r"\w·[a-zé]"),
}
CATALOGUES = [*sorted((RESOURCES / "catalogue").glob("*.yaml")), RESOURCES / "policy/netiquette.yaml"]


def _texts(node: object, trail: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _texts(value, f"{trail}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _texts(value, f"{trail}[{index}]")
    elif isinstance(node, str) and " " in node:
        yield trail, node


def _screen_texts(path: Path) -> Iterator[tuple[str, str]]:
    """Literals given to `tr(…)` or `translate(…, …)`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("tr", "translate", "_tr", "_"):
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield f"{path.name}:{node.lineno}", argument.value


def _faults(texts: Iterator[tuple[str, str]]) -> list[str]:
    return [
        f"{where}: {fault}: {text[:90]!r}"
        for where, text in texts
        for fault, pattern in FAULTS.items()
        if pattern.search(text)
    ]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_resources_are_set_as_quebec_sets_french(path: Path) -> None:
    assert not _faults(_texts(yaml.safe_load(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("path", sorted((ROOT / "ui").rglob("*.py")), ids=lambda path: path.stem)
def test_the_screen_is_set_as_quebec_sets_french(path: Path) -> None:
    assert not _faults(_screen_texts(path))


@pytest.mark.parametrize(
    "text",
    ["Attention : stop", "Attention: stop", "Quoi ?", "«bonjour»", "l'eau", "un événement", "élu·e"],
)
def test_each_fault_is_seen(text: str) -> None:
    assert _faults(iter([("here", text)]))


@pytest.mark.parametrize(
    "text", [f"Attention{NO_BREAK}: stop", "Quoi? Non! Si; oui", f"«{NO_BREAK}bonjour{NO_BREAK}»", "14 h 30"]
)
def test_good_typography_passes(text: str) -> None:
    assert not _faults(iter([("here", text)]))
