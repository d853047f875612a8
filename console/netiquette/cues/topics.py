"""Reading topics (cues and scores) from YAML, with every mistake named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from console.domain.ids import RuleId
from console.domain.verdicts import Route
from console.netiquette.cues.phrasebook import Phrasebook, plain
from console.netiquette.cues.signals import SIGNALS
from console.netiquette.cues.wordings import wordings
from console.netiquette.datafiles import invalid, read_lexicon
from console.netiquette.kept import kept
from console.netiquette.resources import Resources

_KEYS = frozenset({"rule", "route", "weight", "when", "unless", "within", "reason", "spans", "more"})


class Alternatives(NamedTuple):
    """Cues and signals any of which will do."""

    cues: frozenset[str]
    signals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """One line of `scores`: all of `when` and nothing of `unless`."""

    topic: str
    target: RuleId | Route
    weight: float
    when: tuple[Alternatives, ...]
    unless: Alternatives
    by_sentence: bool
    reason: str
    spans: tuple[str, ...]
    more: float


@dataclass(frozen=True)
class Topics:
    """Every topic: the phrasebook over all cues, and the scores by topic."""

    phrasebook: Phrasebook
    scores: Mapping[str, tuple[Score, ...]]


def load_topics(resources: Resources, names: Sequence[str]) -> Topics:
    """Read the topics `names`, or take what an earlier start read of the same files.

    Raises `ConfigurationError` `lexicon.missing` or `lexicon.invalid`.
    """
    paths = {name: resources.lexicon(name) for name in names}
    sources = [path for path in (*paths.values(), Resources().lexicon("common")) if path.exists()]
    return kept("cues", sources, lambda: _made(paths), _restored)


def _made(paths: Mapping[str, Path]) -> dict[str, Any]:
    """The topics as plain data."""
    contents = {name: read_lexicon(path) for name, path in paths.items()}
    phrases = {
        f"{name}.{cue}": tuple(wordings(str(block)))
        for name, content in contents.items()
        for cue, block in _section(name, content, "cues", dict).items()
    }
    scores = {
        name: [list(_score(name, line, phrases.keys())) for line in _section(name, content, "scores", list)]
        for name, content in contents.items()
    }
    try:
        return {"phrases": plain(phrases), "scores": scores}
    except ValueError as error:
        raise invalid("lexicon", f"too many wordings: {error}") from error


def _restored(data: Any) -> Topics:
    """What `_made` tells. Raises ValueError and the like for anything else."""
    scores = {
        str(topic): tuple(_restored_score(row) for row in rows) for topic, rows in data["scores"].items()
    }
    return Topics(Phrasebook.restored(data["phrases"]), scores)


def _section(name: str, content: Mapping[str, Any], key: str, kind: type[Any]) -> Any:
    part = content.get(key) or kind()
    if not isinstance(part, kind):
        raise invalid(f"{name}.yaml", f"{key}: {kind.__name__} expected")
    return part


def _score(topic: str, line: Any, cues: Iterable[str]) -> tuple[Any, ...]:
    """One line of `scores` as plain data, in the order of `_restored_score`."""
    file = f"{topic}.yaml"
    if not isinstance(line, dict) or not isinstance(line.get("weight"), float | int):
        raise invalid(file, f"score without weight: {line}")
    if unknown := line.keys() - _KEYS:
        raise invalid(file, f"unknown key {sorted(unknown)[0]}")
    if ("rule" in line) == ("route" in line):
        raise invalid(file, f"rule or route expected: {line}")
    target = RuleId(line["rule"]) if "rule" in line else Route(line["route"])
    required = tuple(_references(topic, entry, cues) for entry in line.get("when") or ())
    excluded = tuple(each for entry in line.get("unless") or () for each in _references(topic, entry, cues))
    shown = line.get("spans")
    shown_references = (
        tuple(each for entry in shown for each in _references(topic, entry, cues))
        if shown is not None
        else tuple(each for entry in required for each in entry if not each.startswith("@"))
    )
    return (
        topic,
        "rule" in line,
        str(target),
        float(line["weight"]),
        [list(each) for each in required],
        list(excluded),
        line.get("within", "message") == "sentence",
        str(line.get("reason", f"{target}.default")),
        list(shown_references),
        float(line.get("more", 0.0)),
    )


def _restored_score(row: list[Any]) -> Score:
    topic, of_rule, target, weight, when, unless, by_sentence, reason, spans, more = row
    return Score(
        str(topic),
        RuleId(str(target)) if of_rule else Route(target),
        float(weight),
        tuple(map(_alternatives, when)),
        _alternatives(unless),
        bool(by_sentence),
        str(reason),
        tuple(map(str, spans)),
        float(more),
    )


def _alternatives(references: Sequence[str]) -> Alternatives:
    signals = tuple(each for each in references if each.startswith("@"))
    return Alternatives(frozenset(references) - frozenset(signals), signals)


def _references(topic: str, entry: str, cues: Iterable[str]) -> tuple[str, ...]:
    references = []
    for name in str(entry).split("|"):
        name = name.strip()
        full = name if name.startswith("@") or "." in name else f"{topic}.{name}"
        if full not in cues and full not in SIGNALS:
            raise invalid(f"{topic}.yaml", f"unknown cue {name}")
        references.append(full)
    return tuple(references)
