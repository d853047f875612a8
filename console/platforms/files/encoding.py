"""Which characters the bytes are: found over the whole file, never by name or by luck.

UTF-8 and UTF-16 are proved or excluded; only what is left is guessed, by charset-normalizer, among
the one-byte encodings that French files really use. Bytes that the encoding does not know come out
as `values.BROKEN`, so that their rows can be reported one by one.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from console.errors import ValidationError
from console.platforms.files.blob import Blob
from console.platforms.files.values import BROKEN

MAX_LINE = 4_000_000
"""Characters of one line; longer ones are reported, not loaded."""
OVERLONG = "\udcfe"
"""Stands for a line above `MAX_LINE`."""

_CHUNK = 1 << 20
_SAMPLE = 1 << 18
_ERRORS = "vigie-broken"
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = ["cp1252", "latin_1", "mac_roman"]
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27, 0})


def _mark(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return BROKEN, max(error.end, error.start + 1)
    raise error


codecs.register_error(_ERRORS, _mark)


@dataclass(frozen=True, slots=True)
class _Scan:
    """What one pass over the bytes saw: where UTF-8 first fails, and text around foreign bytes."""

    valid: bool
    multibyte: bool
    sample: bytes


def detect(blob: Blob) -> str:
    """The Python name of the encoding.

    Raises `ValidationError`: `import.empty`, or `import.unknown` when the content is no text.
    """
    head = blob.head()
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise ValidationError("import.empty", name=blob.name)
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    if wide := _wide(head):
        return wide
    if _looks_binary(head):
        raise ValidationError("import.unknown", name=blob.name)
    scan = _scan(blob)
    if scan.valid or _mostly_utf8(scan):
        return "utf-8"
    return _one_byte(scan.sample)


@contextmanager
def open_text(blob: Blob, encoding: str) -> Iterator[io.TextIOWrapper]:
    """The content as text; line ends stay as they are."""
    with blob.open() as raw:
        text = io.TextIOWrapper(raw, encoding=encoding, errors=_ERRORS, newline="")
        try:
            yield text
        finally:
            text.detach()


def lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines with their ends (LF, CRLF or CR); one above `MAX_LINE` comes as `OVERLONG`."""
    while line := text.readline(MAX_LINE):
        if len(line) < MAX_LINE or line.endswith(("\n", "\r")):
            yield line
            continue
        while rest := text.readline(MAX_LINE):
            if rest.endswith(("\n", "\r")):
                break
        yield OVERLONG


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: Latin text has a NUL in every second place."""
    sample = head[:4096]
    if len(sample) < 4:
        return ""
    even, odd = sample[::2].count(0) / len(sample[::2]), sample[1::2].count(0) / len(sample[1::2])
    if odd > 0.6 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 and odd < 0.1 else ""


def _looks_binary(head: bytes) -> bool:
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > len(head) * 0.02 or head.count(0) > len(head) * 0.05


def _scan(blob: Blob) -> _Scan:
    decoder = codecs.getincrementaldecoder("utf-8")()
    sample, valid, multibyte = bytearray(), True, False
    with blob.open() as file:
        while chunk := file.read(_CHUNK):
            if chunk.isascii() and not decoder.getstate()[0]:
                continue
            if len(sample) < _SAMPLE:
                sample += _foreign_lines(chunk)
            if valid:
                try:
                    multibyte = not decoder.decode(chunk).isascii() or multibyte
                except UnicodeDecodeError:
                    valid = False
            if not valid and len(sample) >= _SAMPLE:
                break
    if valid:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            valid = False
    return _Scan(valid, multibyte, bytes(sample[:_SAMPLE]))


def _foreign_lines(chunk: bytes) -> bytes:
    """The lines of a chunk that hold bytes above 127, cut around them when they are long."""
    return b"\n".join(line[:2000] for line in chunk.splitlines() if not line.isascii())[:_SAMPLE]


def _mostly_utf8(scan: _Scan) -> bool:
    """Whether the file is UTF-8 with some broken bytes rather than another encoding."""
    text = scan.sample.decode("utf-8", _ERRORS)
    broken = text.count(BROKEN)
    good = sum(1 for letter in text if ord(letter) > 127) - broken
    return good > 3 * broken or (scan.multibyte and good > broken)


def _one_byte(sample: bytes) -> str:
    import charset_normalizer  # slow to load, seldom needed

    best = charset_normalizer.from_bytes(sample, cp_isolation=_CANDIDATES, threshold=0.5).best()
    return best.encoding if best is not None and best.encoding in _CANDIDATES else "cp1252"
