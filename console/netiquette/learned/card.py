"""The model's card: what it was trained on, how, how well it does, what it is not good for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console.netiquette.learned.measuring import Figures
from console.netiquette.learned.model import ANY
from console.netiquette.learned.training import FOLDS

_CARD = """# The learned model

What it is: one logistic scorer for each of {rules} rules, one for «breaks any rule», one for «toxic» and one
choice among the routes, over hashed features: words with their n-grams of characters (2 to 5), pairs of
words, the lexicon's classes by themselves, in pairs and under a post, frames, cues and signals. It supports
or dampens what the other detectors of the verdict engine see, and speaks alone when it is sure
(console/netiquette/opinion.py); a person decides every case.

Trained on: the project's own corpus, resources/model/corpus and resources/model/routes: {written} messages
written for it, {routed} with their route, {composed} sentences composed from slots or taken from the
lexicon's examples. No message of a citizen is in it. {public}

How: AdaGrad on the logistic loss, weights held at 0 (L2), rare rules weighed up, tolerated rules left out,
composed sentences counted half, fixed seed, eight bits a weight. `vigie train` rebuilds it and prints these
figures; the same input gives the same bytes.

Measured: {folds}-fold cross-validation on the written messages, threshold 0.5, learned model alone.

| rule | precision | recall | F1 | messages |
| --- | --- | --- | --- | --- |
{table}

Routes, likewise: {routes:.2f} right. {forum}

Limits: short municipal messages in the French of Québec; rules with few examples are known badly; irony
and what only a picture shows are not seen. «Toxic» is what forums call so, not what the city's rules
forbid: it only strengthens a rule. What a desk learns from its moderators' decisions is kept apart from
these weights and never leaves the city.
"""
_PUBLIC = """{texts} texts of public sets marked for training ({sources}) teach «toxic» and, where
they are not toxic, what breaks no rule on persons; their words are only in the weights."""
_NO_PUBLIC = """No public set was there: «toxic» was learned from the corpus alone."""
_FORUM = """«Toxic» on the texts of toxifrench_agreement: precision {precision:.2f}, recall {recall:.2f},
F1 {f1:.2f} ({support} toxic)."""


@dataclass(frozen=True, slots=True)
class Trained:
    """How many rules and messages of each kind, and the names of the public sets."""

    rules: int
    written: int
    composed: int
    routed: int
    texts: int
    sources: Sequence[str]


def card(told: Trained, rules: Mapping[str, Figures], routes: float, forum: Figures | None) -> str:
    """The card as Markdown."""
    public = _PUBLIC.format(texts=told.texts, sources=", ".join(told.sources)) if told.sources else _NO_PUBLIC
    toxic = ""
    if forum is not None:
        toxic = _FORUM.format(
            precision=forum.precision, recall=forum.recall, f1=forum.f1, support=forum.support
        )
    return _CARD.format(
        rules=told.rules,
        written=told.written,
        routed=told.routed,
        composed=told.composed,
        public=public,
        folds=FOLDS,
        table=table(rules),
        routes=routes,
        forum=toxic,
    )


def table(figures: Mapping[str, Figures]) -> str:
    """One row a rule, `any` last."""
    rows = sorted(figures.items(), key=lambda row: (row[0] == ANY, row[0]))
    return "\n".join(
        f"| {rule} | {each.precision:.2f} | {each.recall:.2f} | {each.f1:.2f} | {each.support} |"
        for rule, each in rows
    )
