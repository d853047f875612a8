"""Reads the members of a JSON document one after the other in constant memory.

The standard decoder parses each member straight out of a buffer that refills; no whole-document
tree is built. (The streaming parsers tried keep a path per nesting level: 100 kB of «[» made them
take tens of gigabytes.)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Any

MAX_MEMBER = 8_000_000
"""Characters of one member; more is an error, not memory."""
_CHUNK = 1 << 18
_BLANK = " \t\r\n\ufeff"


class JsonError(ValueError):
    """The document is broken; `code` is `import.json_broken` or `import.truncated`, `member` where."""

    def __init__(self, code: str, member: int) -> None:
        super().__init__(code, member)
        self.code, self.member = code, member


class JsonStream:
    """Walks a list or an object at the top of a document."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._buffer = ""
        self._at = 0
        self._ended = False
        self._members = 0
        self._decode = json.JSONDecoder().raw_decode

    def __iter__(self) -> Iterator[tuple[str, Any, bool]]:
        """`("", member, True)` for each member of a list; for an object `(key, value, False)`, and
        `(key, member, True)` for each member where the value is a list.

        Raises `JsonError`.
        """
        opening = self._peek()
        if opening == "[":
            yield from self._list("")
        elif opening == "{":
            yield from self._object()
        else:
            raise JsonError("import.json_broken", 0)
        if self._peek(end_allowed=True):
            raise JsonError("import.json_broken", self._members)

    def _object(self) -> Iterator[tuple[str, Any, bool]]:
        self._at += 1
        if self._peek() == "}":
            self._at += 1
            return
        while True:
            key = self._value()
            if not isinstance(key, str) or self._take() != ":":
                raise JsonError("import.json_broken", self._members)
            if self._peek() == "[":
                yield from self._list(key)
            else:
                yield key, self._value(), False
            if self._closes("}"):
                return

    def _list(self, key: str) -> Iterator[tuple[str, Any, bool]]:
        self._at += 1
        if self._peek() == "]":
            self._at += 1
            return
        while True:
            self._members += 1
            yield key, self._value(), True
            if self._closes("]"):
                return

    def _closes(self, bracket: str) -> bool:
        sign = self._take()
        if sign == bracket:
            return True
        if sign != ",":
            raise JsonError("import.json_broken", self._members)
        return False

    def _value(self) -> Any:
        self._peek()
        wanted = _CHUNK
        while True:
            try:
                value, end = self._decode(self._buffer, self._at)
            except (ValueError, RecursionError) as error:
                if isinstance(error, RecursionError) or not self._more_helps(wanted):
                    raise JsonError(self._reason(), self._members) from error
                wanted *= 2
                continue
            # A number at the very end of the buffer may go on in the next chunk.
            if end < len(self._buffer) or not self._fill(_CHUNK):
                self._at = end
                return value

    def _more_helps(self, wanted: int) -> bool:
        return len(self._buffer) - self._at <= MAX_MEMBER and self._fill(wanted)

    def _reason(self) -> str:
        whole = self._ended and len(self._buffer) - self._at <= MAX_MEMBER
        return "import.truncated" if whole and self._cut_short() else "import.json_broken"

    def _cut_short(self) -> bool:
        """Whether the rest could be the beginning of a value: the decoder stopped at the very end."""
        try:
            self._decode(self._buffer, self._at)
        except json.JSONDecodeError as error:
            near_end = error.pos >= len(self._buffer.rstrip(_BLANK)) - 1
            return near_end or error.msg.startswith("Unterminated string")
        except (ValueError, RecursionError):
            return False
        return False

    def _peek(self, end_allowed: bool = False) -> str:
        while True:
            while self._at < len(self._buffer):
                sign = self._buffer[self._at]
                if sign not in _BLANK:
                    return sign
                self._at += 1
            if not self._fill(_CHUNK):
                if end_allowed:
                    return ""
                raise JsonError("import.truncated", self._members)

    def _take(self) -> str:
        sign = self._peek()
        self._at += 1
        return sign

    def _fill(self, wanted: int) -> bool:
        """Drop what was read and append; False at the end."""
        if self._ended:
            return False
        chunk = self._text.read(wanted)
        self._ended = not chunk
        if chunk:
            self._buffer = self._buffer[self._at :] + chunk
            self._at = 0
        return bool(chunk)
