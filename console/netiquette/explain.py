"""Why a rule was found broken, in French, from resources/explanations.yaml. Identifiers are masked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from console.domain.verdicts import Span
from console.netiquette.datafiles import invalid, read_lexicon
from console.netiquette.model import Evidence
from console.netiquette.policy import Rule
from console.netiquette.resources import Resources

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
        said: list[str] = []
        for each in evidence:
            sentence = self._sentences.get(each.reason)
            if sentence is None:
                continue
            facts = dict(each.facts)
            facts["words"] = self._quoted(text, each.spans or tuple(spans), hidden)
            filled = _PLACEHOLDER.sub(lambda match, facts=facts: facts.get(match.group(1), ""), sentence)  # type: ignore[misc]
            more = self._form["more"]
            filled = filled.replace(f"{more}.", more)  # «etc.» may end the sentence with its own point
            if filled not in said:
                said.append(filled)
            if len(said) == 2:
                break
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
