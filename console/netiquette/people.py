"""People whom the policy's lists name: found in a text by their whole name, or by their last name alone where
a title or a capital tells that a person is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from console.netiquette.text.document import Document
from console.netiquette.text.normalise import normalise

_WORD = re.compile(r"[^\W_]+")
_TITLES = frozenset(
    (
        "m", "mme", "monsieur", "madame", "maire", "mairesse", "conseiller", "conseillere", "elu", "elue",
        "echevin", "directeur", "directrice", "greffier", "greffiere", "candidat", "candidate", "agent",
        "agente", "chef",
    )
)  # fmt: skip
_SHORTEST = 3
"""Letters of a last name that may stand alone."""


class People:
    """A list of names, looked up word by word; empty finds nothing and costs nothing."""

    def __init__(self, names: Iterable[str]) -> None:
        self._whole: dict[str, list[tuple[str, ...]]] = {}
        self._last: set[str] = set()
        for name in names:
            words = _words(name)
            if len(words) > 1:
                self._whole.setdefault(words[0], []).append(words)
            if words and len(words[-1]) >= _SHORTEST:
                self._last.add(words[-1])

    def __bool__(self) -> bool:
        return bool(self._last or self._whole)

    def find(self, document: Document) -> tuple[tuple[int, int], ...]:
        """Places in `document.normal` where somebody of the list is named."""
        if not self or (
            self._last.isdisjoint(document.words) and self._whole.keys().isdisjoint(document.words)
        ):
            return ()
        return tuple(self._places(document))

    def named(self, name: str) -> bool:
        """Whether a profile's name is one of the list."""
        words = _words(name)
        return bool(words) and words in self._whole.get(words[0], ())

    def _places(self, document: Document) -> Iterator[tuple[int, int]]:
        tokens = document.tokens
        end = 0
        for at, token in enumerate(tokens):
            if token.start < end:
                continue
            for words in self._whole.get(token.text, ()):
                if tuple(each.text for each in tokens[at : at + len(words)]) == words:
                    end = max(end, tokens[at + len(words) - 1].end)
            if end > token.start:
                yield token.start, end
            elif token.text in self._last and self._alone(document, at):
                yield token.start, token.end

    @staticmethod
    def _alone(document: Document, at: int) -> bool:
        """«madame Roy», «la gang à Roy»: a last name, not the word that it also may be."""
        token = document.tokens[at]
        if at and document.tokens[at - 1].text in _TITLES:
            return True
        inside = any(start < token.start < stop for start, stop in document.sentences)
        return inside and document.original[document.offsets[token.start]].isupper()


def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(normalise(name).text))
