"""All forms of the lexicon by their first word: what begins at a word is found by one look-up.

Most forms of several words are never met: what may follow a first word is cut into steps when the word is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Steps = dict[str, tuple[int, Any]]
"""Next word → the form that ends there (-1 for none), and the steps after it (None where nothing follows)."""


class Forms:
    """`forms` (words parted by single blanks), numbered in their order."""

    def __init__(self, forms: Sequence[str]) -> None:
        self.size = len(forms)
        self.single: dict[str, int] = {}
        """Form of one word → its number."""
        self._rests: dict[str, list[tuple[str, int]]] = {}
        for number, form in enumerate(forms):
            first, _, rest = form.partition(" ")
            if rest:
                self._rests.setdefault(first, []).append((rest, number))
            else:
                self.single[first] = number
        self.longer: dict[str, Steps | None] = dict.fromkeys(self._rests)
        """First word of longer forms → the steps after it; None until `cut`."""

    def cut(self, first: str) -> Steps:
        """The steps after `first`, kept in `longer`. A race makes them twice."""
        steps: Steps = {}
        for rest, number in self._rests[first]:
            here = steps
            *words, last = rest.split(" ")
            for word in words:
                form, deeper = here.get(word, (-1, None))
                if deeper is None:
                    deeper = {}
                    here[word] = (form, deeper)
                here = deeper
            here[last] = (number, here.get(last, (-1, None))[1])
        self.longer[first] = steps
        return steps

    def number(self, form: str) -> int:
        """The number of a form. Raises KeyError for what is none."""
        first, _, rest = form.partition(" ")
        return dict(self._rests[first])[rest] if rest else self.single[first]

    def __iter__(self) -> Iterator[str]:
        """Every form, in no order."""
        yield from self.single
        for first, rests in self._rests.items():
            yield from (f"{first} {rest}" for rest, _ in rests)
