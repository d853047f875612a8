"""What the lexicon holds: entries with a sense, and the forms that each of them takes."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from console.domain.ids import RuleId
from console.netiquette.lexicon.folding import fold, split
from console.netiquette.lexicon.inflect import nominal, variants, verbal

IDIOM = "idiom"
"""The sense of figurative phrases: what lies within one is not found at all. They are written out."""
MAX_FORMS, MAX_IDIOM_FORMS = 400, 20_000
"""Phrases with more forms are matched place by place."""
_PLAIN = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
"""A phrase in folded spelling without any notation."""
_PART = re.compile(r"\[([^\]]+)\]|\(([^)]*)\)(\??)|(\S+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or phrase in one sense.

    `senses` are the classes that frames speak of. `rules` are the log-odds of a bare hit, 0 for a word
    that offends only within a frame. `exceptions` are phrases in which the word has another sense.
    `hit` and `miss` are sentences in which the entry must, and must not, be found; every entry is
    tested by them. `source` is file:line.
    """

    lemma: str
    senses: tuple[str, ...]
    about: str
    pos: str
    gender: str
    severity: int
    rules: tuple[tuple[RuleId, float], ...]
    spelling: bool
    extra: tuple[str, ...]
    exceptions: tuple[str, ...]
    hit: tuple[str, ...]
    miss: tuple[str, ...]
    source: str


Choices = tuple[tuple[str, ...], ...]
"""The alternatives at one place of a phrase, each of them words; an empty one makes the place optional."""


def phrases_of(entry: Entry) -> tuple[set[str], list[list[Choices]]]:
    """The forms of an entry, words parted by single blanks; and the phrases that have too many forms to
    be written out, as alternatives place by place.

    Raises:
        ValueError: the notation is wrong.
    """
    forms: set[str] = set()
    long: list[list[Choices]] = []
    most = MAX_IDIOM_FORMS if IDIOM in entry.senses else MAX_FORMS
    lemma = forms_of_word(entry.lemma, entry.pos, entry.gender)
    if lemma is None:
        _phrase(entry.lemma, forms, long, most)
    else:
        forms |= lemma
    for other in entry.extra:
        _phrase(other, forms, long, most)
    if entry.spelling:
        forms |= {other for form in forms for other in variants(form)}
    return forms, long


def _phrase(notation: str, forms: set[str], long: list[list[Choices]], most: int) -> None:
    if _PLAIN.fullmatch(notation):
        forms.add(notation)
        return
    places = parse_phrase(notation)
    if _count(places) > most:
        long.append(places)
    else:
        forms |= _written(places)


def forms_of_word(lemma: str, pos: str, gender: str) -> set[str] | None:
    """The inflected forms of a single noun, adjective or verb; None for anything else."""
    if " " in lemma or "[" in lemma or "(" in lemma:
        return None
    if pos in ("noun", "adj"):
        return {" ".join(split(form)) for form in nominal(lemma, gender)}
    return verbal(lemma) if pos == "verb" else None


def expand(notation: str) -> set[str]:
    """All forms of a phrase.

    `[verbe]` stands for all forms of a verb, `[mot~]` for gender and number of a noun or adjective,
    `(a|b)` for alternatives, `(a|b)?` for optional ones, `_` for a blank inside of one.

    Raises:
        ValueError: the notation is wrong, or gives nothing.
    """
    return {notation} if _PLAIN.fullmatch(notation) else _written(parse_phrase(notation))


def parse_phrase(notation: str) -> list[Choices]:
    """The alternatives at each place of a phrase.

    Raises:
        ValueError: an infinitive is wanted and something else given, or nothing is left.
    """
    places = [_part(match) for match in _PART.finditer(notation)]
    if not any(choice for place in places for choice in place):
        raise ValueError(f"{notation}: no form")
    return places


def _count(places: list[Choices]) -> int:
    total = 1
    for place in places:
        total *= len(place)
    return total


def _written(places: list[Choices]) -> set[str]:
    found = {
        " ".join(word for choice in choices for word in choice) for choices in itertools.product(*places)
    }
    found.discard("")
    return found


def _part(match: re.Match[str]) -> Choices:
    inflected, alternatives, optional, word = match.groups()
    if inflected is not None:
        choices = sorted(nominal(inflected[:-1]) if inflected.endswith("~") else verbal(inflected))
    elif alternatives is not None:
        choices = [""] if optional else []
        for choice in alternatives.split("|"):
            choices += _choice(choice.strip().replace("_", " "))
    else:
        choices = [str(word).replace("_", " ")]
    return tuple(
        dict.fromkeys(
            tuple(choice.split() if not choice or _PLAIN.fullmatch(choice) else split(fold(choice)))
            for choice in choices
        )
    )


def _choice(choice: str) -> list[str]:
    if choice.endswith("~"):
        return sorted(nominal(choice[:-1]))
    if choice.endswith("+"):
        return sorted(verbal(choice[:-1]))
    return [choice]
