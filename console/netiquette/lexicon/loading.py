"""Reading resources/lexicon, resources/lexicon/grammar.yaml and resources/frames, each error at file:line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from console.domain.ids import RuleId
from console.netiquette.lexicon.entries import Entry
from console.netiquette.lexicon.frames import Frame, parse
from console.netiquette.lexicon.yaml_lines import LINE, load, refusal

GRAMMAR = "grammar.yaml"
_SECTION = {
    LINE, "sense", "also", "about", "rules", "pos", "gender", "severity", "spelling", "entries"
}  # fmt: skip
_ENTRY = {
    LINE, "lemma", "also", "about", "rules", "pos", "gender", "severity", "spelling", "forms", "except",
    "hit", "miss", "sense",
}  # fmt: skip
_FRAME = {LINE, "id", "family", "rules", "match", "reason", "steady", "parent", "hit", "miss"}
ABOUT = frozenset({"person", "group", "self", "thing", "any"})
POS = frozenset({"noun", "adj", "verb", "phrase", "interj"})


def load_entries(folder: Path) -> list[Entry]:
    """All entries of the folder's lexicons, in the order of the files.

    Raises:
        ConfigurationError: `lexicon.missing` or `lexicon.invalid`, with file and line.
    """
    return [
        entry
        for path in sorted(folder.glob("*.yaml"))
        if path.name != GRAMMAR
        for section in _list(path, load(path))
        for entry in _section(path, section)
    ]


def load_grammar(folder: Path) -> dict[str, tuple[str, ...]]:
    """Closed classes (pronouns, negations, reporting words…) → the notation of their members.

    Raises:
        ConfigurationError: `lexicon.missing` or `lexicon.invalid`, with file and line.
    """
    path = folder / GRAMMAR
    content = load(path)
    if not isinstance(content, dict):
        raise refusal(path, 1, "a mapping of classes is needed")
    return {str(name): tuple(_texts(path, 1, words)) for name, words in content.items() if name != LINE}


def load_frames(folder: Path) -> list[Frame]:
    """All frames of the folder.

    Raises:
        ConfigurationError: `lexicon.missing` or `lexicon.invalid`, with file and line.
    """
    return [_frame(path, row) for path in sorted(folder.glob("*.yaml")) for row in _list(path, load(path))]


def _list(path: Path, content: Any) -> list[dict[str, Any]]:
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise refusal(path, 1, "a list of mappings is needed")
    return content


def _section(path: Path, section: dict[str, Any]) -> Iterator[Entry]:
    _known(path, section, _SECTION)
    shared = {key: value for key, value in section.items() if key not in ("entries", LINE)}
    for row in section.get("entries", ()):
        if not isinstance(row, dict):
            raise refusal(path, section[LINE], f"an entry must be a mapping: {row!r}")
        _known(path, row, _ENTRY)
        yield _entry(path, {**shared, **row})


def _entry(path: Path, row: dict[str, Any]) -> Entry:
    line = int(row[LINE])
    lemma = row.get("lemma")
    if not isinstance(lemma, str) or not lemma or not isinstance(row.get("sense"), str):
        raise refusal(path, line, "lemma and sense are needed")
    if row.get("about", "any") not in ABOUT or row.get("pos", "phrase") not in POS:
        raise refusal(path, line, f"{lemma}: unknown about or pos")
    if not row.get("hit"):
        raise refusal(path, line, f"{lemma}: an example is needed (hit)")
    return Entry(
        lemma=lemma,
        senses=(row["sense"], *_texts(path, line, row.get("also", ()))),
        about=row.get("about", "any"),
        pos=row.get("pos", "phrase"),
        gender=row.get("gender", "mf"),
        severity=int(row.get("severity", 1)),
        rules=_rules(path, line, row.get("rules")),
        spelling=bool(row.get("spelling", False)),
        extra=tuple(_texts(path, line, row.get("forms", ()))),
        exceptions=tuple(_texts(path, line, row.get("except", ()))),
        hit=tuple(_texts(path, line, row["hit"])),
        miss=tuple(_texts(path, line, row.get("miss", ()))),
        source=f"{path.name}:{line}",
    )


def _frame(path: Path, row: dict[str, Any]) -> Frame:
    line = int(row[LINE])
    _known(path, row, _FRAME)
    if not all(row.get(key) for key in ("id", "family", "match", "hit")):
        raise refusal(path, line, "id, family, match and hit are needed")
    try:
        patterns = tuple(parse(pattern) for pattern in _texts(path, line, row["match"]))
    except ValueError as problem:
        raise refusal(path, line, str(problem)) from problem
    return Frame(
        id=str(row["id"]),
        family=str(row["family"]),
        rules=_rules(path, line, row.get("rules")),
        patterns=patterns,
        reason=str(row.get("reason", row["family"])),
        steady=bool(row.get("steady", False)),
        hit=tuple(_texts(path, line, row["hit"])),
        miss=tuple(_texts(path, line, row.get("miss", ()))),
        source=f"{path.name}:{line}",
        parent=str(row.get("parent", "")),
    )


def _known(path: Path, row: dict[str, Any], allowed: set[str]) -> None:
    unknown = sorted(set(row) - allowed)
    if unknown:
        raise refusal(path, int(row.get(LINE, 0)), f"unknown key: {', '.join(unknown)}")


def _rules(path: Path, line: int, given: Any) -> tuple[tuple[RuleId, float], ...]:
    if given is None:
        return ()
    if not isinstance(given, dict):
        raise refusal(path, line, "rules: a mapping of rule to log-odds is needed")
    return tuple((RuleId(str(rule)), float(weight)) for rule, weight in given.items() if rule != LINE)


def _texts(path: Path, line: int, given: Any) -> list[str]:
    rows = [given] if isinstance(given, str) else list(given)
    if not all(isinstance(text, str) for text in rows):
        raise refusal(path, line, f"quote what is not text: {rows!r}")
    return rows
