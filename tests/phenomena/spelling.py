"""Misspellings and disguises of marked words, by rule, so that every run alters the same letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_MARKED = re.compile(r"\*([^*]+)\*")
_LEET = str.maketrans({"a": "4", "e": "3", "é": "3", "è": "3", "i": "1", "o": "0", "s": "5"})


def _by_word(alter: Callable[[str], str]) -> Callable[[str], str]:
    """`alter` on the longest word of a marked stretch: «personnes trans» is misspelt once."""

    def altered(stretch: str) -> str:
        words = stretch.split(" ")
        place = max(range(len(words)), key=lambda i: len(words[i]))
        words[place] = alter(words[place])
        return " ".join(words)

    return altered


def _swap(word: str) -> str:
    middle = len(word) // 2
    return word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]


def _delete(word: str) -> str:
    middle = len(word) // 2
    return word[:middle] + word[middle + 1 :]


def _split(word: str) -> str:
    middle = len(word) // 2
    return f"{word[:middle]} {word[middle:]}"


def _join(stretch: str) -> str:
    return stretch.replace(" ", "")


def _leet(word: str) -> str:
    return word.translate(_LEET)


def _spaced(word: str) -> str:
    return " ".join(word)


_WAYS: dict[str, Callable[[str], str]] = {
    "swap": _by_word(_swap),
    "delete": _by_word(_delete),
    "split": _by_word(_split),
    "join": _join,
    "leet": _by_word(_leet),
    "spaced": _by_word(_spaced),
}


def misspelt(text: str, way: str) -> str:
    """`text` with its marked stretches altered in this `way`; `bare` drops accents, capitals, apostrophes."""
    if way == "bare":
        plain = unicodedata.normalize("NFD", text.replace("*", "").lower())
        return re.sub(r"[^\w\s]", " ", "".join(sign for sign in plain if not unicodedata.combining(sign)))
    alter = _WAYS[way]
    return _MARKED.sub(lambda match: alter(match.group(1)), text)
