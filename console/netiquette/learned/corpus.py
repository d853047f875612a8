"""The project's own training corpus: sentences written by hand, and sentences composed from slots."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from console.domain.verdicts import Route
from console.errors import ConfigurationError
from console.netiquette.datafiles import invalid, read_lexicon
from console.netiquette.lexicon.entries import Entry
from console.netiquette.lexicon.frames import PARENT_SIGN, Frame

POSTS = "posts.tsv"
COMPOSED = "compose.yaml"
SEED = 20250624
_CERTAIN = 2.4
_UNNAMED = frozenset({"group", "all"})
_SLOT = re.compile(r"\{(\w+)\}")
_HEADER = ["rules", "tolerated", "post", "text"]


@dataclass(frozen=True, slots=True)
class Example:
    """A short municipal message. `rules` it breaks, `tolerated` ones count neither way; `route` is empty
    where nothing is said of it."""

    text: str
    parent: str
    rules: frozenset[str]
    tolerated: frozenset[str]
    composed: bool = False
    private: bool = False
    route: str = ""


def read_corpus(folder: Path) -> list[Example]:
    """All examples of the folder, written ones first.

    Raises:
        ConfigurationError: `lexicon.missing` or `lexicon.invalid`, with file and line.
    """
    posts = dict(_rows(folder / POSTS, ["key", "text"]))
    written = [
        _example(path.name, number, row, posts)
        for path in sorted(folder.glob("*.tsv"))
        if path.name != POSTS
        for number, row in enumerate(_rows(path, _HEADER), 2)
    ]
    annotated = [
        _annotated(path.name, number, line)
        for path in sorted(folder.glob("*.jsonl"))
        for number, line in enumerate(lines_of(path), 1)
    ]
    return [*written, *annotated, *compose(folder / COMPOSED)]


def examples_of(frames: Iterable[Frame], entries: Iterable[Entry]) -> list[Example]:
    """The lexicon's own sentences: what must be met as offences, what must not as clean."""
    found = []
    told: list[Frame | Entry] = [*frames, *entries]
    for each in told:
        broken = {rule for rule, weight in each.rules if weight >= _CERTAIN and rule not in _UNNAMED}
        named = {rule for rule, weight in each.rules if weight > 0 and rule not in _UNNAMED}
        protects = isinstance(each, Frame) and each.family == "protect"
        for sentence in each.hit:
            parent, _, text = sentence.rpartition(PARENT_SIGN)
            if broken and not protects:
                found.append(_lexical(text, parent, broken, named - broken))
        found += [_lexical(text, "", (), ()) for text in each.miss]
    return found


def _lexical(text: str, parent: str, rules: Iterable[str], tolerated: Iterable[str]) -> Example:
    return Example(text.strip(), parent.strip(), frozenset(rules), frozenset(tolerated), composed=True)


def lines_of(path: Path) -> list[str]:
    """The lines of a UTF-8 file, parted by line feeds only.

    Raises:
        ConfigurationError: `lexicon.missing`, or `lexicon.invalid` for what is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    except UnicodeDecodeError as problem:
        raise invalid(path.name, "UTF-8 expected", 1, 1) from problem
    except OSError as problem:
        raise ConfigurationError(
            "lexicon.missing", file=path.name, detail=type(problem).__name__
        ) from problem


def _rows(path: Path, header: list[str]) -> Iterator[list[str]]:
    lines = lines_of(path)
    if not lines or lines[0].split("\t") != header:
        raise invalid(path.name, f"header expected: {header}", 1, 1)
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(header):
            raise invalid(path.name, f"{len(header)} cells expected", number, 1)
        yield cells


def _example(name: str, number: int, row: list[str], posts: dict[str, str]) -> Example:
    rules, tolerated, post, text = row
    if post not in posts:
        raise invalid(name, f"unknown post {post}", number, 1)
    return Example(text, posts[post], _names(rules), _names(tolerated), private=not posts[post])


def _annotated(name: str, number: int, line: str) -> Example:
    """A line of annotated messages: `channel`, `text`, `parent`, `rules`, `tolerated`, and `route` where
    something is said of it."""
    try:
        given = json.loads(line)
        rules, tolerated = frozenset(given["rules"]), frozenset(given["tolerated"])
        private = given["channel"] == "private"
        route = Route(given["route"]).value if "route" in given else ""
        return Example(
            str(given["text"]), str(given["parent"]), rules, tolerated, private=private, route=route
        )
    except (ValueError, KeyError, TypeError) as problem:
        raise invalid(name, f"annotated message expected: {problem}", number, 1) from problem


def _names(cell: str) -> frozenset[str]:
    return frozenset(name.strip() for name in cell.split(",") if name.strip())


def compose(path: Path) -> list[Example]:
    """The sentences of `path`: each row draws `n` distinct ones, the same at every run.

    Raises:
        ConfigurationError: `lexicon.missing` or `lexicon.invalid`.
    """
    content = read_lexicon(path)
    slots = content["slots"]
    draw = random.Random(SEED)  # noqa: S311 - sentences, no secret
    found = []
    for row in content["rows"]:
        texts: set[str] = set()
        for _ in range(int(row["n"]) * 4):
            if len(texts) == int(row["n"]):
                break
            try:
                texts.add(_SLOT.sub(lambda slot: str(draw.choice(slots[slot[1]])), draw.choice(row["texts"])))
            except KeyError as problem:
                raise invalid(path.name, f"unknown slot {problem}") from problem
        rules, tolerated = _names(row["rules"]), _names(row.get("tolerated", ""))
        found += [Example(text, "", rules, tolerated, composed=True) for text in sorted(texts)]
    return found
