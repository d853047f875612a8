"""Why a rule was found broken, in French, from resources/explanations.yaml. Identifiers are masked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from console.domain.ids import RuleId
from console.domain.verdicts import Span
from console.netiquette.combine import merge_spans
from console.netiquette.datafiles import invalid, read_lexicon
from console.netiquette.masking import HIDDEN, mask_all, mask_identifiers, mask_within
from console.netiquette.model import Evidence
from console.netiquette.policy import Rule
from console.netiquette.resources import Resources

_MOST_REASONS = 2
_MOST_WORDS = 3
_MOST_LETTERS = 60
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
"""`{one|many}`: as one word is quoted, or several."""
_IDENTIFIERS = RuleId("personal_information")
_WRITTEN = re.compile(r"[\d@]")
"""Without one, a number is in words («huit un neuf»), which show by their lengths what they are."""
_UNSHOWN = frozenset(
    f"{_IDENTIFIERS}.{kind}" for kind in ("nas", "card", "account", "health", "licence", "secret")
)
"""Reasons whose words are not shown at all, not even how they begin."""


class Explanations:
    """The sentences, read once. `{words}` stands for the quoted words, `{le mot|les mots}` for what agrees
    with their number, other names for facts."""

    def __init__(self, resources: Resources) -> None:
        path = resources.folder / "explanations.yaml"
        content = read_lexicon(path)
        self._sentences: Mapping[str, str] = content.get("reasons") or {}
        self._form: Mapping[str, str] = content.get("form") or {}
        if missing := {"quote", "separator", "last", "more"} - self._form.keys():
            raise invalid(path.name, f"form: {sorted(missing)[0]} missing")

    @property
    def reasons(self) -> frozenset[str]:
        """Every reason that has a sentence."""
        return frozenset(self._sentences)

    def explain(
        self,
        text: str,
        rule: Rule,
        evidence: Sequence[Evidence],
        spans: Sequence[Span],
        private: Sequence[Span] = (),
    ) -> str:
        """The sentences of the two strongest reasons (the rule's own explanation where none is known).

        `private` are the identifiers of the message: a text in capitals is quoted without them.
        """
        hidden = rule.id == _IDENTIFIERS
        text = text if hidden or not private else mask_within(text, private)
        grouped: dict[tuple[str, tuple[tuple[str, str], ...]], list[Span]] = {}
        for each in evidence:
            if each.reason in self._sentences:
                grouped.setdefault((each.reason, each.facts), []).extend(each.spans)
        said = []
        for (reason, facts), places in list(grouped.items())[:_MOST_REASONS]:
            shown = merge_spans(places) or tuple(spans)
            words = self._words(text, shown, hidden, reason in _UNSHOWN)
            sentence = _agreeing(self._sentences[reason], words)
            known = {"words": self._quoted(words)} | dict(facts)
            said.append(_PLACEHOLDER.sub(_filler(known), sentence))
        return " ".join(said) if said else rule.explanation

    @staticmethod
    def _words(text: str, spans: Sequence[Span], hidden: bool, unshown: bool) -> list[str]:
        """What stands at the spans, each once, shortened and masked."""
        words: list[str] = []
        for span in spans:
            word = " ".join(text[span.start : span.end].split()).encode("utf-8", "replace").decode()
            word = _masked(word, unshown) if hidden else mask_identifiers(word)
            if len(word) > _MOST_LETTERS:
                word = word[:_MOST_LETTERS].rstrip() + "…"
            if word and word not in words:
                words.append(word)
        return words

    def _quoted(self, words: Sequence[str]) -> str:
        shown = [self._form["quote"].replace("{word}", word) for word in words[:_MOST_WORDS]]
        if len(words) > _MOST_WORDS:
            return self._form["separator"].join(shown) + self._form["more"]
        return self._form["last"].join(filter(None, (self._form["separator"].join(shown[:-1]), *shown[-1:])))


def _filler(known: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    return lambda placeholder: known.get(placeholder.group(1), "")


def _agreeing(sentence: str, words: Sequence[str]) -> str:
    """The sentence in the singular where one word is quoted."""
    number = 1 if len(words) == 1 and " " not in words[0] else 2
    return _NUMBER.sub(lambda either: str(either[number]), sentence)


def _masked(identifier: str, unshown: bool) -> str:
    return HIDDEN if unshown or not _WRITTEN.search(identifier) else mask_all(identifier)
