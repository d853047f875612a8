"""Strong words and names of groups under one slip of the keys: a swap, a lost letter, a lost or added blank.

As SymSpell does (Garbe 2012), every misspelling is worked out when resources/lexicon/misspelt.yaml is
loaded, so that a message costs one lookup a word. What is itself a French word, or a pair of them that
people write, stands there under `real` and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from console.netiquette.datafiles import read_lexicon
from console.netiquette.resources import Resources

SHORTEST = 5
"""Letters of the shortest word that is mended, before and after."""
_BESIDE = (
    "les",
    "des",
    "ces",
    "aux",
    "nos",
    "vos",
    "une",
    "sale",
    "sales",
    "faut",
    "tous",
    "toutes",
    "sont",
    "maudits",
)
"""Short words that people join to their neighbour."""
_ENDINGS = ("", "s", "e", "es")
_BEFORE, _AFTER = frozenset("@#_./-0123456789"), frozenset("@_/0123456789")
_WORD = re.compile(r"[a-z]{5,}")


class Slips(NamedTuple):
    """`strong`: the words; `meant`: misspelling → what is meant, with its blank where one was lost;
    `apart`: two pieces, with a blank, that are left apart."""

    strong: frozenset[str]
    meant: dict[str, str]
    apart: frozenset[str]


@lru_cache(maxsize=1)
def slips() -> Slips:
    """All misspellings, worked out once. Raises `ConfigurationError` when the file is missing or broken."""
    content = read_lexicon(Resources().lexicon("misspelt"))
    listed, forms = str(content["words"]).split(), str(content["forms"]).split()
    real = frozenset(str(content["real"]).split())
    apart = frozenset(each.replace("_", " ") for each in real if "_" in each)
    strong = frozenset(forms) | frozenset(
        word + ending
        for word in listed
        for ending in _ENDINGS
        if not (ending and word[-1] in "sxz") and not (ending[:1] == "e" and word[-1] in "aeiou")
    )
    meant: dict[str, str] = {}
    for word in sorted(strong, key=lambda each: (each not in (*listed, *forms), each)):
        for slip in (*_swapped(word), *_shortened(word)):
            if len(slip) >= SHORTEST and slip not in real and slip not in strong:
                meant.setdefault(slip, word)
        for other in _BESIDE:
            for first, second in ((other, word), (word, other)):
                if first + second not in real:
                    meant.setdefault(first + second, f"{first} {second}")
    return Slips(strong, meant, apart)


def _swapped(word: str) -> Iterator[str]:
    for i in range(len(word) - 1):
        if word[i] != word[i + 1]:
            yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]


def _shortened(word: str) -> Iterator[str]:
    """Without one inner letter; the first and the last carry too much."""
    for i in range(1, len(word) - 1):
        yield word[:i] + word[i + 1 :]


def mended(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, what is meant) of every misspelt word of a folded text."""
    meant = slips().meant
    if meant.keys().isdisjoint(_WORD.findall(text)):
        return
    for found in _WORD.finditer(text):
        word = meant.get(found.group())
        if word is not None and not _within_name(text, found.start(), found.end()):
            yield found.start(), found.end(), word


def _within_name(text: str, start: int, end: int) -> bool:
    """Whether the word is part of an address, a tag, a name or a longer word with digits."""
    return text[start - 1 : start] in tuple("@#_./-0123456789") or text[end : end + 1] in tuple(
        "@_/0123456789"
    )
