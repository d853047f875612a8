"""What a desk has learned from its moderators' decisions: a small layer over the engine, apart from it.

A layer holds for some rules a few words and pairs of words, each with a weight in log-odds. It is fitted by
`desk_fitting`, measured by `desk_measure` and read by `detectors.desk`. Its name is the SHA-256 of what it
holds, so that the same decisions give the same name, and damage shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import msgspec

from console.domain.ids import RuleId
from console.errors import ConfigurationError
from console.netiquette.datafiles import read_lexicon
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document
from console.netiquette.text.tokens import Token

TERMS = 1
"""Version of how words are taken from a text, grows when that changes: layers of another are left out."""

MOST_TERMS = 40
"""Words and pairs that a rule keeps."""
LOWEST, HIGHEST = -2.0, 3.5
"""What a layer may add to a rule's log-odds in all. A clear case (3 and more) stays found when it is lowered;
something that no other layer sees needs nearly all of what it may be raised."""
OF_ONE = 0.5
"""The share of these bounds that one person's decisions may reach."""
MOST_WEIGHT = 2.5
"""Of one word, in log-odds."""
SILENT = 0.1
"""Less is not worth saying."""

LEFT_ALONE = frozenset(
    map(
        RuleId,
        (
            "abusive_links",
            "capitals",
            "incomprehensible",
            "not_french",
            "off_topic",
            "personal_information",
            "private_discussion",
            "repetition",
            "special_characters",
        ),
    )
)
"""Rules that a check decides, or what stands around a message: its words say nothing about them."""
ONLY_RAISED = frozenset(map(RuleId, ("violence",)))
"""Never lowered: what is missed there can hurt somebody. Routes, and so emergencies, no layer touches."""

_MOST_WORDS = 200
"""Longer texts are read to here."""
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Term:
    """A word (folded, without its ending) or two in a row, and where it stands in `Document.normal`."""

    key: str
    start: int
    end: int


class Weight(msgspec.Struct, frozen=True, array_like=True):
    """A term's `key`, how people wrote it, and its weight in log-odds (for the breach when positive)."""

    key: str
    shown: str
    weight: float


class RuleLayer(msgspec.Struct, frozen=True):
    """What was learned of one rule; the sum for a message stays within `lowest` and `highest`."""

    lowest: float
    highest: float
    weights: tuple[Weight, ...]


class _Body(msgspec.Struct, frozen=True):
    terms: int
    engine: str
    rules: dict[str, RuleLayer]


@dataclass(frozen=True, slots=True)
class DeskLayer:
    """`rules` by rule; `engine` is the version of the engine that it was measured with, without a layer."""

    engine: str
    rules: Mapping[RuleId, RuleLayer]
    terms: int = TERMS

    def encode(self) -> bytes:
        """Its canonical form: JSON, rules and words in order."""
        rules = {str(rule): self.rules[rule] for rule in sorted(self.rules)}
        return msgspec.json.encode(_Body(self.terms, self.engine, rules))

    @property
    def id(self) -> str:
        """SHA-256 of `encode()`, 64 hexadecimal digits."""
        return hashlib.sha256(self.encode()).hexdigest()

    @classmethod
    def decode(cls, body: bytes, name: str) -> DeskLayer:
        """The layer whose canonical form is `body` and whose name is `name`.

        Raises:
            ConfigurationError: `learning.damaged` when it is not whole or holds what no fitting gives,
                `learning.other_terms` when it was made for another way of taking words.
        """
        if hashlib.sha256(body).hexdigest() != name:
            raise ConfigurationError("learning.damaged", layer=name[:8])
        try:
            read = msgspec.json.decode(body, type=_Body)
        except (msgspec.DecodeError, UnicodeError) as problem:
            raise ConfigurationError("learning.damaged", layer=name[:8]) from problem
        if read.terms != TERMS:
            raise ConfigurationError("learning.other_terms", layer=name[:8])
        if not all(_within_bounds(RuleId(rule), each) for rule, each in read.rules.items()):
            raise ConfigurationError("learning.damaged", layer=name[:8])
        return cls(read.engine, {RuleId(rule): each for rule, each in read.rules.items()}, read.terms)


def _within_bounds(rule: RuleId, layer: RuleLayer) -> bool:
    """What is read holds to the bounds, whoever wrote it."""
    floor = 0.0 if rule in ONLY_RAISED else LOWEST
    return (
        rule not in LEFT_ALONE
        and floor <= layer.lowest <= 0.0 <= layer.highest <= HIGHEST
        and len(layer.weights) <= MOST_TERMS
        and all(abs(each.weight) <= MOST_WEIGHT for each in layer.weights)
    )


def terms_of(document: Document) -> tuple[Term, ...]:
    """The words that a layer may learn from, in order, and their pairs within a sentence.

    Common words, numbers and what holds a digit (addresses, telephone numbers) are left out.
    """
    words = [token for token in document.tokens[:_MOST_WORDS] if _tells(token.text)]
    found = [Term(_stem(token.text), token.start, token.end) for token in words]
    for first, second in pairwise(words):
        if _beside(document, first, second):
            found.append(Term(f"{_stem(first.text)} {_stem(second.text)}", first.start, second.end))
    return tuple(found)


def keys_of(terms: Iterable[Term]) -> frozenset[str]:
    """The distinct keys."""
    return frozenset(term.key for term in terms)


def leaning(layer: RuleLayer, keys: frozenset[str]) -> float:
    """What the layer adds to the rule's log-odds for a message with these terms; 0 when it is little."""
    told = [weight.weight for weight in layer.weights if weight.key in keys]
    if not told:
        return 0.0
    value = max(layer.lowest, min(layer.highest, sum(told) / len(told) ** 0.5))
    return value if abs(value) >= SILENT else 0.0


def strongest(layer: RuleLayer, count: int) -> Sequence[Weight]:
    """The `count` words that weigh most, for or against."""
    return sorted(layer.weights, key=lambda each: (-abs(each.weight), each.key))[:count]


@cache
def common_words() -> frozenset[str]:
    """Words that say nothing alone, from resources/lexicon/desk.yaml.

    Raises:
        ConfigurationError: `lexicon.missing` or `lexicon.invalid`.
    """
    return frozenset(str(read_lexicon(Resources().lexicon("desk"))["common"]).split())


def _tells(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha() and word not in common_words()


def _stem(word: str) -> str:
    """Without the endings of number and gender: «pourries», «pourrie» and «pourris» are «pourri»."""
    bare = word.rstrip("sx") if len(word) > _SHORTEST + 1 else word
    if len(bare) > _SHORTEST + 1 and bare.endswith("e"):
        bare = bare[:-1]
    return bare if len(bare) >= _SHORTEST else word


def _beside(document: Document, first: Token, second: Token) -> bool:
    """Whether the second word follows in the same sentence, with at most a common word between."""
    between = document.normal[first.end : second.start]
    return len(between.split()) <= 1 and not any(mark in between for mark in ".!?;,\n")
