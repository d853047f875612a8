"""Messages mainly in another language than French (art. 5). A few foreign words are no breach."""

from __future__ import annotations

from collections.abc import Iterable

from console.domain.ids import RuleId
from console.domain.verdicts import Span
from console.netiquette.model import Context, Evidence
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

_RULE = RuleId("not_french")
_FEWEST_WORDS = 3


class Foreign:
    """Evidence from the document's language."""

    name = "foreign"

    def __init__(self, resources: Resources) -> None:
        """Needs nothing but the document."""

    def detect(self, document: Document, context: Context) -> Iterable[Evidence]:
        """Evidence for `not_french` where the language is known and another."""
        language = document.language
        if language.code in ("fr", "und"):
            return
        other_script = not document.normal.isascii() and not any(
            "a" <= sign <= "z" for sign in document.normal
        )
        if len(document.tokens) < _FEWEST_WORDS and not other_script:
            return
        weight = 1.0 + 5.0 * max(0.0, language.confidence - 0.5) * 2
        text = document.original
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        yield Evidence(_RULE, weight, (Span(start, end),), self.name, f"not_french.{_reason(language.code)}")


def _reason(code: str) -> str:
    return "english" if code == "en" else "other"
