"""The city's official wording as an administrator gives it: pasted, or a text or YAML file.

Two shapes are understood. A YAML mapping of article number → text; or running text in which each article
begins a line with its number («1.», «2)», «Article 3 –»), as a nétiquette copied from a PDF does, its lines
cut anywhere. What stands before the first article is left aside.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from yaml.nodes import MappingNode

from console.errors import ValidationError
from console.netiquette.checked_yaml import CheckedYaml

_BEGINS = re.compile(
    r"^[ \t]*(?:article[ \t]+)?(\d{1,2})[ \t]*(?:[.)\u2013:]|-(?=\s))[ \t]*(?=\S)", re.I | re.M
)
_SPACES = re.compile(r"[^\S\n]*\n[^\S\n]*|[^\S\n\u00a0\u202f]+")
_LARGEST = 2_000_000
"""Bytes. A whole policy is some 25 thousand."""


def wording_of_file(path: Path) -> dict[str, str]:
    """The wording in a file: UTF-8, or Windows-1252 as older editors write it.

    Raises `ValidationError`: `policy.wording_unreadable` (path), `policy.wording_none`.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST or b"\x00" in content:
            raise ValidationError("policy.wording_unreadable", path=str(path))
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252")
    except (OSError, UnicodeDecodeError) as error:
        raise ValidationError("policy.wording_unreadable", path=str(path)) from error
    return wording_of_text(text)


def wording_of_text(text: str) -> dict[str, str]:
    """Article number → text, in order.

    Raises `ValidationError("policy.wording_none")` when no article is found.
    """
    found = _from_yaml(text) or _from_running_text(text)
    if not found:
        raise ValidationError("policy.wording_none")
    return found


def _from_yaml(text: str) -> dict[str, str]:
    """A mapping of texts, else nothing: running text is seldom YAML, and then it is no mapping."""
    reader = CheckedYaml("", text.encode("utf-8", "replace"))
    if reader.problems or not isinstance(reader.root, MappingNode):
        return {}
    pairs = [(key, value) for key, value in reader.root.value if isinstance(value, yaml.ScalarNode)]
    named = {str(key.value): _tidy(str(value.value)) for key, value in pairs}
    whole = len(pairs) == len(reader.root.value) == len(named)
    return {key: value for key, value in named.items() if value} if whole else {}


def _from_running_text(text: str) -> dict[str, str]:
    """Articles by rising number, so that «2. » inside an article's text does not begin another."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    begun: list[tuple[str, int, int]] = []
    for found in _BEGINS.finditer(text):
        if int(found[1]) == len(begun) + 1:
            begun.append((found[1], found.start(), found.end()))
    ends = [*(start for _, start, _ in begun), len(text)][1:]
    texts = {number: _tidy(text[start:end]) for (number, _, start), end in zip(begun, ends, strict=True)}
    return {number: body for number, body in texts.items() if body}


def _tidy(text: str) -> str:
    """Lines that a page cut are joined; an empty line stays a new paragraph."""
    paragraphs = re.split(r"\n[^\S\n]*\n", text.strip())
    joined = (_SPACES.sub(" ", each).strip() for each in paragraphs)
    return "\n\n".join(_quotes(each) for each in joined if each)


def _quotes(text: str) -> str:
    """No break between a guillemet and its words, wherever the page cut the line."""
    return re.sub(r"\s*»", "\u00a0»", re.sub(r"«\s*", "«\u00a0", text))
