"""Messages mainly in another language than French (art. 5). A few foreign words are no breach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from console.domain.ids import RuleId
from console.domain.verdicts import Span
from console.netiquette.datafiles import read_lexicon
from console.netiquette.model import Context, Evidence
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document
from console.netiquette.text.language import english_alone

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
        fewest = _FEWEST_ENGLISH if language.code == "en" else _FEWEST_WORDS
        if not other_script and (len(document.texts) < fewest or self._borrows(document.texts)):
            return
        weight = 1.0 + 5.0 * max(0.0, language.confidence - 0.5) * 2
        text = document.original
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        yield Evidence(_RULE, weight, (Span(start, end),), self.name, f"not_french.{_reason(language.code)}")

    def _borrows(self, words: Sequence[str]) -> bool:
        """Whether a short message holds a borrowed phrase and beside it no word of English alone."""
        if len(words) > _SHORT:
            return False
        text = whole = f" {' '.join(words)} "
        for phrase in self._borrowed:
            text = text.replace(phrase, " ")
        return text != whole and not any(map(english_alone, text.split()))


def _reason(code: str) -> str:
    return "english" if code == "en" else "other"
