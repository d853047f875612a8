"""Identifiers of a person made unreadable where their words are repeated: in explanations and in the log."""

from __future__ import annotations

import re
from collections.abc import Iterable

from console.domain.verdicts import Span

MASK = "•"
HIDDEN = MASK * 3
"""What stands for an identifier of which not even the beginning is shown."""
_NUMBER = re.compile(r"\d(?:[\d .\-()]{5,}\d)")
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_LOGGED = re.compile(
    r"(?<![\w.:/-])(?:"
    r"\+?\d{0,2}[ .-]?\(?\d{3}\)?[ .-]\d{3}[ .-]?\d{3,4}"  # a telephone or social insurance number
    r"|(?:\d{4}[ -]?){3}\d{1,7}"  # a card
    r"|[A-Za-z]{4}[ -]?\d{4}[ -]?\d{4}"  # a health card
    r"|[A-Za-z]\d{4}[ -]?\d{6}[ -]?\d{2}"  # a driver's licence
    r")(?![\w-])"
)


def mask_identifiers(words: str) -> str:
    """Long numbers and e-mail addresses hidden but for their first signs."""
    words = _EMAIL.sub(lambda match: mask_all(match.group()), words)
    return _NUMBER.sub(lambda match: mask_all(match.group()), words)


def mask_logged(line: str) -> str:
    """A line of the technical log without anybody's address or number. Ids, times and counts stay."""
    return _LOGGED.sub(HIDDEN, _EMAIL.sub(HIDDEN, line))


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
            masked.append(MASK)
    return "".join(masked)


def mask_within(text: str, spans: Iterable[Span]) -> str:
    """`text` with the letters and digits of `spans` hidden, as long as before: other spans still fit."""
    signs = list(text)
    for span in spans:
        for place in range(span.start, min(span.end, len(signs))):
            if signs[place].isalnum():
                signs[place] = MASK
    return "".join(signs)
