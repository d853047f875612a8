"""Messages mainly in another language than French (art. 5). A few foreign words are no breach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from console.domain.ids import RuleId
from console.domain.verdicts import Span
from console.netiquette.datafiles import read_lexicon
from console.netiquette.model import Context, Evidence
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

_RULE = RuleId("not_french")
_SHORT = 5
"""Words up to which a borrowed phrase may be most of a message."""
_FEWEST_WORDS, _FEWEST_ENGLISH = 3, 2


class Foreign:
    """Evidence from the document's language."""

    name = "foreign"

    def __init__(self, resources: Resources) -> None:
        """The English that French has borrowed. Raises `ConfigurationError` without its list."""
        listed = str(read_lexicon(resources.lexicon("language"))["borrowed"]).split()
        self._borrowed = tuple(f" {phrase.replace('_', ' ')} " for phrase in listed)

    def detect(self, document: Document, context: Context) -> Iterable[Evidence]:
        """Evidence for `not_french` where the language is known and another."""
        language = document.language
        if language.code in ("fr", "und"):
            return
        other_script = not document.normal.isascii() and not any(
            "a" <= sign <= "z" for sign in document.normal
        )
        words = document.texts
        own = self._own(words)
        fewest = _FEWEST_ENGLISH if language.code == "en" and own == len(words) else _FEWEST_WORDS
        if not other_script and own < fewest:
            return
        weight = 1.0 + 5.0 * max(0.0, language.confidence - 0.5) * 2
        text = document.original
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        yield Evidence(_RULE, weight, (Span(start, end),), self.name, f"not_french.{_reason(language.code)}")

    def _own(self, words: Sequence[str]) -> int:
        """How many words are left without borrowed phrases; of a long message, all."""
        if len(words) > _SHORT:
            return len(words)
        text = f" {' '.join(words)} "
        for phrase in self._borrowed:
            text = text.replace(phrase, " ")
        return len(text.split())


def _reason(code: str) -> str:
    return "english" if code == "en" else "other"
