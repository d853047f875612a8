"""Repairs the text of Meta's downloads, whose UTF-8 bytes were written as Latin-1 letters.

Only what is certain is touched: the whole text must read as UTF-8, and every pair must be one that
good French cannot contain. «CONGÉ : demain» with its no-break space also reads as UTF-8
(«CONGɠ: demain»); it stays as it is.
"""

from __future__ import annotations

import re

_CONTROL = re.compile("[\u0080-\u009f]")
_PAIRS = re.compile("(?:[\u00c2\u00c3][\u0080-\u00bf]|[\u0000-\u007f])+")


def repair(text: str) -> str:
    """The text as it was written, or unchanged when it is no mojibake."""
    if text.isascii():
        return text
    try:
        repaired = text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
    # Control characters U+0080–9F are never typed; the leads Â and Ã before a sign of the upper
    # half of Latin-1 are not French either. Anything else is too weak a proof.
    return repaired if _CONTROL.search(text) or _PAIRS.fullmatch(text) else text
