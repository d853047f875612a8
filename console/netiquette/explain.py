"""Why a rule was found broken, in French, from resources/explanations.yaml. Identifiers are masked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from console.domain.verdicts import Span
from console.netiquette.combine import merge_spans
from console.netiquette.datafiles import invalid, read_lexicon
from console.netiquette.model import Evidence
from console.netiquette.policy import Rule
from console.netiquette.resources import Resources

_MOST_REASONS = 2
_MOST_WORDS = 3
_MOST_LETTERS = 60
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"\d(?:[\d .\-()]{5,}\d)")
_EMAIL = re.compile(r"\b[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_MASK = "•"


class Explanations:
    """The sentences, read once. `{words}` stands for the quoted words, other names for facts."""

    def __init__(self, resources: Resources) -> None:
        path = resources.folder / "explanations.yaml"
        content = read_lexicon(path)
        self._sentences: Mapping[str, str] = content.get("reasons") or {}
        self._form: Mapping[str, str] = content.get("form") or {}
        if missing := {"quote", "separator", "more"} - self._form.keys():
            raise invalid(path.name, f"form: {sorted(missing)[0]} missing")

    @property
    def reasons(self) -> frozenset[str]:
        """Every reason that has a sentence."""
        return frozenset(self._sentences)

    def explain(self, text: str, rule: Rule, evidence: Sequence[Evidence], spans: Sequence[Span]) -> str:
        """The sentences of the two strongest reasons (the rule's own explanation where none is known)."""
        hidden = rule.id == "personal_information"
        grouped: dict[tuple[str, tuple[tuple[str, str], ...]], list[Span]] = {}
        for each in evidence:
            if each.reason in self._sentences:
                grouped.setdefault((each.reason, each.facts), []).extend(each.spans)
        said = []
        for (reason, facts), places in list(grouped.items())[:_MOST_REASONS]:
            known = dict(facts) | {"words": self._quoted(text, merge_spans(places) or tuple(spans), hidden)}
            said.append(_PLACEHOLDER.sub(_filler(known), self._sentences[reason]))
        return " ".join(said) if said else rule.explanation

    def _quoted(self, text: str, spans: Sequence[Span], hidden: bool) -> str:
        words: list[str] = []
        for span in spans:
            word = " ".join(text[span.start : span.end].split()).encode("utf-8", "replace").decode()
            word = mask_all(word) if hidden else mask_identifiers(word)
            if len(word) > _MOST_LETTERS:
                word = word[:_MOST_LETTERS].rstrip() + "…"
            if word and word not in words:
                words.append(word)
        shown = [self._form["quote"].replace("{word}", word) for word in words[:_MOST_WORDS]]
        joined = self._form["separator"].join(shown)
        return joined + (self._form["more"] if len(words) > _MOST_WORDS else "")


def _filler(known: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    return lambda placeholder: known.get(placeholder.group(1), "")


def mask_identifiers(words: str) -> str:
    """Long numbers and e-mail addresses hidden but for their first signs."""
    words = _EMAIL.sub(lambda match: mask_all(match.group()), words)
    return _NUMBER.sub(lambda match: mask_all(match.group()), words)


def mask_all(words: str) -> str:
    """Every letter and digit hidden but the first two of the whole."""
    kept = 0
    masked = []
    for sign in words:
        if not sign.isalnum():
            masked.append(sign)
        elif kept < 2:
            kept += 1
            masked.append(sign)
        else:
            masked.append(_MASK)
    return "".join(masked)
