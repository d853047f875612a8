"""Texts made to be slow: what each kind of pattern in the engine might stumble over, said again and again."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle, islice

PLAIN = "Bonjour, la lumière de rue au coin est brûlée depuis une semaine, merci de la réparer bientôt. "

FAMILIES: Mapping[str, str] = {
    "addresses": "123 rue Lindsay app 4, ",
    "apostrophes": "l'",
    "at": "@",
    "brackets": "((((",
    "capitals": "JE SUIS ",
    "combining": "e\u0301",
    "commas": "a,",
    "cut words": "con nard ",
    "cyrillic": "а",
    "denounced": "C'est odieux de dire que les immigrants sont des parasites. ",
    "dictated figures": "cinq un quatre ",
    "different signs": "".join(map(chr, range(0x100, 0x2700))),
    "dots": "a.",
    "drawn": "connnnard",
    "emoji": "😀👍🏽",
    "english": "the people are here ",
    "exclamations": "!",
    "exclaimed insults": "con!",
    "figures": "5",
    "group hate": "les immigrants sont des parasites, ils ",
    "hyphens": "a-",
    "insults": "tu es un gros con ",
    "insults by sentence": "Tu es un gros con. ",
    "joined emoji": "👨\u200d👩\u200d👧 ",
    "letters": "a",
    "links": "http://exemple.ca/x ",
    "lines": "a\n",
    "mail": "a.b@c.ca ",
    "mentions": "@jean ",
    "misspelt": "lesfemmes ",
    "mixed scripts": "cоn ",
    "money": "$ 5 ",
    "names": "Jean Roy ",
    "negated": "tu n'es pas un con ",
    "nested quotes": "« \" « ' ",
    "open quotes": "«",
    "phones": "819-555-1234, ",
    "questions": "pouvez-vous réparer ma rue? ",
    "quoted": "« tu es un con » ",
    "reported": "il paraît que le maire est un voleur ",
    "script without blanks": "日本語",
    "signs for letters": "c0nn4rd ",
    "slashes": "//",
    "spaced": "c o n n a r d ",
    "stars": "p*** ",
    "surrogates": "\ud800",
    "tags": "#BandeDePourris ",
    "threats": "je vais te tuer ",
    "zero width": "a\u200b",
}
"""Name → what is repeated."""


def repeated(part: str, size: int) -> str:
    """`size` characters of `part` again and again."""
    return "".join(islice(cycle(part), size))
