"""What the learned model thinks of a message: for and against every rule (see resources/model/CARD.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from typing import overload

import numpy as np

from console.domain.ids import RuleId
from console.domain.messages import Channel
from console.domain.verdicts import Span
from console.netiquette.learned.desk import common_words
from console.netiquette.learned.model import ANY, TOXIC
from console.netiquette.learned.scoring import scorer
from console.netiquette.model import Context, Evidence, Likeness, RouteHint, Shield
from console.netiquette.opinion import TOXIC as HARSH
from console.netiquette.opinion import UNKNOWN_POST, doubt
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

LEAST, MOST = -4.0, 6.0
_PUBLIC_ONLY = (RuleId("private_discussion"), RuleId("off_topic"))
"""Rules that a private message cannot break."""
_PRIOR = -1.5
_MOST_SPANS = 3
_TELLING = 4
"""Letters of the shortest word that is shown as found."""


class _Later(Sequence[Span]):
    """Spans worked out when first looked at: most evidence is weighed and never shown."""

    def __init__(self, work: Callable[[], tuple[Span, ...]]) -> None:
        self._work = work

    @cached_property
    def _spans(self) -> tuple[Span, ...]:
        return self._work()

    @overload
    def __getitem__(self, place: int) -> Span: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Span]: ...
    def __getitem__(self, place: int | slice) -> Span | Sequence[Span]:
        return self._spans[place]

    def __len__(self) -> int:
        return len(self._spans)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._spans == tuple(other)

    def __lt__(self, other: Sequence[Span]) -> bool:
        return self._spans < tuple(other)

    def __hash__(self) -> int:
        return hash(self._spans)


class LearnedDetector:
    """One `Likeness` a message."""

    name = "learned"

    def __init__(self, resources: Resources) -> None:
        self._scorer = scorer(resources)
        model = self._scorer.model
        self._rules = tuple(map(RuleId, model.rules))
        self._width = len(model.rules) + 2
        self._slope, self._shift = model.slope[: self._width], model.shift[: self._width]
        self._columns = {name: place for place, name in enumerate(model.columns)}
        rareness = [float(usual) - _PRIOR for usual in model.usual[: len(self._rules)]]
        self._doubts = {rule: doubt(rule, rare) for rule, rare in zip(self._rules, rareness, strict=True)}
        self._postless = {rule: value + UNKNOWN_POST for rule, value in self._doubts.items()}
        self._doubt = np.array([*self._doubts.values()], dtype=np.float32)
        self._public = [place for place, rule in enumerate(self._rules) if rule in _PUBLIC_ONLY]
        self._harsh = np.array([place for place, rule in enumerate(self._rules) if rule in HARSH])

    def prepare(self, documents: Sequence[Document], contexts: Sequence[Context]) -> None:
        """Score many messages at once."""
        self._scorer.prepare(documents, contexts)

    def detect(
        self, document: Document, context: Context
    ) -> Iterable[Evidence | Likeness | RouteHint | Shield]:
        """The model's opinion, in log-odds beyond each rule's share of messages."""
        scores = self._scorer.scores(document, context)[: self._width]
        told = (self._slope * (scores + self._shift)).clip(LEAST, MOST)
        if context.channel is Channel.PRIVATE:
            told[self._public] = LEAST
        postless = context.channel is Channel.COMMENT and not context.parent
        beyond = told[: len(self._rules)] - self._doubt
        harshest = None
        if len(self._harsh):
            harshest = self._rules[self._harsh[beyond[self._harsh].argmax()]]
        weights = told.tolist()
        return (
            Likeness(
                dict(zip(self._rules, weights, strict=False)),
                self._postless if postless else self._doubts,
                [
                    self._rules[place]
                    for place in np.flatnonzero(beyond > (UNKNOWN_POST if postless else 0.0)).tolist()
                ],
                weights[self._columns[ANY]],
                weights[self._columns[TOXIC]],
                harshest,
                lambda rule: _Later(partial(self._strongest, document, context, rule)),
            ),
        )

    def _strongest(self, document: Document, context: Context, rule: str) -> tuple[Span, ...]:
        """The words that speak loudest for a rule. Short and common words tell a reader nothing; a word that
        says less than half of the loudest does not explain either."""
        told = self._scorer.of_words(document, context, self._columns[rule])
        words: dict[str, list[tuple[int, int]]] = {}
        for token in document.tokens:
            telling = token.end - token.start >= _TELLING and token.text not in common_words()
            if telling and told.get(token.text, 0.0) > 0:
                words.setdefault(token.text, []).append((token.start, token.end))
        ranked = sorted(words, key=lambda word: (-told[word], word))[:_MOST_SPANS]
        enough = told[ranked[0]] / 2 if ranked else 0.0
        places = [place for word in ranked if told[word] >= enough for place in words[word]]
        return tuple(sorted(document.span(start, end) for start, end in places))
