"""Text as Qt can show it, with a map from code points (the engine's offsets) to UTF-16 (Qt's).

A span of the engine counts code points of the original text; `QTextCursor` counts UTF-16 code units
of the document. The two part ways at the first emoji, and again where Qt folds a line ending.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_LINE_ENDS = frozenset("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2029")
_RESERVED = frozenset("\x00\ufdd0\ufdd1\ufffc")
"""QTextDocument gives these a meaning of its own (frames, inline objects): shown as U+FFFD."""


@dataclass(frozen=True, slots=True)
class DisplayText:
    """`text` for Qt, and `units[i]`: the UTF-16 offset of code point `i` (one more entry for the end)."""

    text: str
    units: tuple[int, ...]

    @staticmethod
    def of(original: str) -> DisplayText:
        """Make `original` safe to show: one kind of line end, no lone surrogate, nothing reserved."""
        shown: list[str] = []
        units = [0]
        for index, char in enumerate(original):
            if char == "\r" and original[index + 1 : index + 2] == "\n":
                units.append(units[-1])
                continue
            safe = _safe(char)
            shown.append(safe)
            units.append(units[-1] + (2 if ord(safe) > 0xFFFF else 1))
        return DisplayText("".join(shown), tuple(units))

    def utf16(self, start: int, end: int) -> tuple[int, int]:
        """The UTF-16 range of the code points [start, end), cut to the text."""
        last = len(self.units) - 1
        first = max(0, min(start, last))
        return self.units[first], self.units[max(first, min(end, last))]


def merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The same ground in rising order, without empty or overlapping pieces."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if kept and start <= kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return tuple(kept)


def one_line(text: str) -> str:
    """`text` on a single line, safe to draw: for cards, names and spoken sentences."""
    return " ".join(DisplayText.of(text).text.split())


def isolated(name: str) -> str:
    """`name` between bidirectional isolates (U+2068, U+2069), which keeps it from turning its neighbours."""
    return f"\u2068{one_line(name)}\u2069"


def _safe(char: str) -> str:
    if char in _LINE_ENDS:
        return "\n"
    if char in _RESERVED or "\ud800" <= char <= "\udfff":
        return "\ufffd"
    return char
