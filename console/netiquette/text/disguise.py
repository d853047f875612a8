"""Undoing disguises: letters spaced out, replaced by signs or digits, doubled, words cut in two.

What the signs stand for is looked up in resources/lexicon/disguised.yaml; beyond it only letters
replaced between other letters («m0nk3y») and long spaced or drawn-out words are undone, so that «2e»,
«h2o», «14 h 30», addresses and prices stay what they are.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from console.domain.verdicts import Span
from console.netiquette.datafiles import read_lexicon
from console.netiquette.resources import Resources
from console.netiquette.text.misspelling import mended, slips
from console.netiquette.text.normalise import Normalised

_LETTERS = str.maketrans("013457@€$!|+£¢©", "oieastaesiltlcc")
_ENDINGS = ("", "s", "e", "es", "x")
_INCLUSIVE = re.compile(r"(?:[nt]?e|le|ve|trice|euse|ere|fe|enne)?s?")
_SIGNS = frozenset("013457@€$!|+£¢©*#")
_STARS = frozenset("*#")
_BESIDE_LETTER = re.compile(r"[a-z][013457@€$|£¢©]|[013457@€$!|+£¢©][a-z]|[!+][013457@€$|£¢©]")
"""What every word with a sign for a letter has, other than stars; a mark at the end of a word is none."""
_CHUNK = re.compile(r"[^\s\"(),;?/<>{}\[\]&]+")
_ADDRESS = re.compile(r"\w@[\w-]+\.\w|^www\.|\.(?:com|ca|org|net|qc)\b")
_SIGN_BETWEEN = re.compile(r"^[a-z]*[a-z][@€$£¢©](?=[a-z])[a-z@€$£¢©]*$")
_DIGITS_BETWEEN = re.compile(r"^[a-z]+(?:[013457]{1,2}[a-z]+)+$")
_ELIDED = re.compile(r"[a-z]{1,6}'(?=.)|(?:[cdjlmnst]|qu)\*(?=[aeiouyh][a-z]*$)")
_AZERTY_APOSTROPHE = re.compile(r"(?:[cdjlmnst]|qu)4[aeiouyh]|x1f")
"""«c4est»: the key of the apostrophe with the capitals lock on; «x1f44c» is the rest of an emoji."""
_STARRED = re.compile(r"[a-z][*#]+([a-z]+)|^[a-z][*]{2,}$")
_SPACED = re.compile(r"(?<![^\W_])[a-z]([ .\-_*/|~]{1,3})[a-z](?:\1[a-z])+(?![^\W_])")
_MAYBE_SPACED = re.compile(r"[ .\-_*/|~'][a-z][ .\-_*/|~]+[a-z][ .\-_*/|~]")
_DRAWN = re.compile(r"([a-z])\1\1+")
_TRIPLES = tuple(letter * 3 for letter in "abcdefghijklmnopqrstuvwxyz")
_LONG = 6
_POINTS = ".,;:!?)"
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_CAMEL = re.compile(r"#\w+")
_INNER_CAPITAL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")


class Edit(NamedTuple):
    """`text[start:end]` becomes `letters`; the n-th letter comes from index `sources[n]`."""

    start: int
    end: int
    letters: str
    sources: tuple[int, ...]
    trick: str


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, int]:
    """Disguised word with its endings → rank (the first in the file is the likeliest)."""
    words = str(read_lexicon(Resources().lexicon("disguised"))["words"]).split()
    ranked: dict[str, int] = {}
    for rank, word in enumerate(words):
        for index, ending in enumerate(_ENDINGS):
            if ending and word[-1] in ("aeiousxz" if ending[0] == "e" else "sxz"):
                continue
            form, place = word + ending, rank + 1000 * index
            ranked[form] = min(place, ranked.get(form, place))
    return ranked


@lru_cache(maxsize=1)
def _by_first() -> dict[str, list[str]]:
    """Words by their first letter, likeliest first, for wildcards."""
    table: dict[str, list[str]] = {}
    for word in sorted(_vocabulary(), key=_vocabulary().__getitem__):
        table.setdefault(word[0], []).append(word)
    return table


def undo(plain: Normalised, original: str, signs: frozenset[str], words: list[str]) -> Normalised:
    """`plain` with every disguise undone that can be told from ordinary writing.

    `signs` and `words` are those of `plain.text` (`tokens.signs_of`, `tokens.texts`): what they rule out is
    not looked for, which is nearly everything in nearly every text.
    """
    given = plain.text
    if "#" in original:
        plain = _apply(plain, list(_tags(plain, original)))
    plain = _stage(plain, _spaced)
    if plain.text is not given:
        signs = frozenset(plain.text)
    if not _SIGNS.isdisjoint(signs) and (
        not _STARS.isdisjoint(signs) or _BESIDE_LETTER.search(plain.text) is not None
    ):
        plain = _stage(plain, _leet)
    if any(map(plain.text.__contains__, _TRIPLES)):
        plain = _stage(plain, _drawn)
    if plain.text is not given or not plain.text.isascii():
        return _stage(_stage(plain, _cut), _misspelt)
    if _maybe_cut(words) or ("-" in signs and not _halves()[1].isdisjoint(words)):
        plain = _stage(plain, _cut)
    if plain.text is not given or not slips().meant.keys().isdisjoint(words):
        plain = _stage(plain, _misspelt)
    return plain


def _stage(plain: Normalised, find: Callable[[str], Iterator[Edit]]) -> Normalised:
    return _apply(plain, list(find(plain.text)))


def _apply(plain: Normalised, edits: list[Edit]) -> Normalised:
    """The text after `edits` (in order, apart from each other)."""
    if not edits:
        return plain
    text: list[str] = []
    offsets: list[int] = []
    tricks = list(plain.tricks)
    done = 0
    for edit in edits:
        text += (plain.text[done : edit.start], edit.letters)
        offsets += plain.offsets[done : edit.start]
        offsets += (plain.offsets[source] for source in edit.sources)
        if edit.trick:
            tricks.append((edit.trick, Span(plain.offsets[edit.start], plain.offsets[edit.end - 1] + 1)))
        done = edit.end
    text.append(plain.text[done:])
    offsets += plain.offsets[done:]
    breaks = tuple(bisect_left(offsets, plain.offsets[index]) for index in plain.breaks)
    return Normalised("".join(text), offsets, breaks, tuple(tricks))


def _tags(plain: Normalised, original: str) -> Iterator[Edit]:
    """«#BandeDePourris» reads «#bande de pourris»: a blank before each inner capital."""
    for tag in _CAMEL.finditer(original):
        for inner in _INNER_CAPITAL.finditer(original, tag.start(), tag.end()):
            place = bisect_left(plain.offsets, inner.start())
            yield Edit(place, place, " ", (place,), "")


def _spaced(text: str) -> Iterator[Edit]:
    """«c o n», «s.a.l.o.p.e»: the longest known word in the run of single letters, else a long run."""
    if not _MAYBE_SPACED.search(f" {text} "):
        return
    for run in _SPACED.finditer(text):
        places = [index for index in range(run.start(), run.end()) if text[index].isalpha()]
        letters = "".join(text[index] for index in places)
        first, last = _known_part(letters) or ((0, len(letters)) if len(letters) >= 5 else (0, 0))
        if first == last:
            continue
        kept = tuple(places[first:last])
        yield Edit(kept[0], kept[-1] + 1, letters[first:last], kept, "spaced")


def _known_part(letters: str) -> tuple[int, int] | None:
    vocabulary = _vocabulary()
    for size in range(len(letters), max(2, len(letters) - 4), -1):
        for first in range(len(letters) - size + 1):
            if letters[first : first + size] in vocabulary:
                return first, first + size
    return None


def _leet(text: str) -> Iterator[Edit]:
    """Signs and digits that stand for letters, word by word."""
    links = [link.span() for link in _LINK.finditer(text)] if "://" in text or "www." in text else []
    for chunk in _CHUNK.finditer(text):
        raw = chunk.group()
        if _SIGNS.isdisjoint(raw) or _ADDRESS.search(raw):
            continue
        if any(start <= chunk.start() < end for start, end in links):
            continue
        word = raw.rstrip(".'!+-:").lstrip(".'!+-:#")
        if not _unbalanced(word):
            word = word.strip("*#")
        word, start = _without_elision(word, chunk.start() + raw.find(word))
        if any(sign.isalpha() for sign in word) and not _SIGNS.isdisjoint(word):
            yield from _undo_word(word, start)


def _unbalanced(raw: str) -> bool:
    """«*important*» is emphasis, «p***» a disguise."""
    return raw.rstrip("*") != raw and not raw.startswith("*")


def _without_elision(word: str, start: int) -> tuple[str, int]:
    """Without «l'», «j'», also where a star stands for the apostrophe («c*est»)."""
    elided = _ELIDED.match(word)
    return (word[elided.end() :], start + elided.end()) if elided else (word, start)


def _undo_word(word: str, start: int) -> Iterator[Edit]:
    sources = tuple(range(start, start + len(word)))
    letters = word.translate(_LETTERS)
    vocabulary = _vocabulary()
    if "*" in word or "#" in word:
        found = _wildcard(letters)
        if found is not None:
            yield Edit(start, start + len(word), found, _stretched(sources, len(found)), "asterisk")
        elif (hidden := _STARRED.search(word)) and not _INCLUSIVE.fullmatch(hidden.group(1) or "*"):
            yield Edit(start, start + len(word), word, sources, "asterisk")
    elif letters in (known_words := _whole_words()) or letters.replace("i", "l") in known_words:
        known = letters if letters in known_words else letters.replace("i", "l")
        if not word.startswith("@") or word[1:] not in vocabulary:
            yield Edit(start, start + len(word), known, sources, "leet")
    elif not letters.isalpha() or word.startswith("@"):
        return
    elif _SIGN_BETWEEN.search(word) or (_DIGITS_BETWEEN.match(word) and _wordlike(word)):
        yield Edit(start, start + len(word), letters, sources, "leet")


def _wordlike(word: str) -> bool:
    """Enough letters for a word, not a code or a quantity («b2b», «h2o», «mp3s»)."""
    digits = sum(1 for sign in word if sign.isdigit())
    if _AZERTY_APOSTROPHE.match(word):
        return False
    return len(word) >= 4 and len(word) - digits >= 2 * digits


def _wildcard(word: str) -> str | None:
    """The likeliest word behind «m*rde», «c**» or «p***e»."""
    if not word[0].isalpha() or len(word) < 3:
        return None
    pattern = re.compile(re.sub(r"[*#]", "[a-z]", re.escape(word).replace(r"\*", "*").replace(r"\#", "#")))
    loose = re.compile(re.sub(r"(?:\\[*#])+", "[a-z]+", re.escape(word)))
    candidates = _by_first().get(word[0], ())
    for shape in (pattern, loose):
        for candidate in candidates:
            if shape.fullmatch(candidate):
                return candidate
    return None


def _stretched(sources: tuple[int, ...], size: int) -> tuple[int, ...]:
    """`size` rising indices over `sources` (a wildcard may stand for fewer or more letters)."""
    count = len(sources)
    return tuple(sources[index * count // size] for index in range(size))


def _drawn(text: str) -> Iterator[Edit]:
    """«connnnard», «nooon»: runs of three and more become one letter, or two where that gives the word."""
    done = 0
    for run in _DRAWN.finditer(text):
        if run.start() < done:
            continue
        start, end = run.start(), run.end()
        while start > 0 and text[start - 1].isalpha():
            start -= 1
        while end < len(text) and text[end].isalpha():
            end += 1
        done = end
        word = text[start:end]
        if "www" in word:
            continue
        kept = _shortened(word)
        yield Edit(start, end, "".join(word[i] for i in kept), tuple(start + i for i in kept), "repeated")


def _shortened(word: str) -> list[int]:
    """Indices to keep: single letters if that is a known word, else doubles if that is, else singles."""
    forms = []
    for most in (1, 2):
        kept, run = [], 0
        drawn = {index for match in _DRAWN.finditer(word) for index in range(*match.span())}
        for index, letter in enumerate(word):
            run = run + 1 if index and word[index - 1] == letter else 1
            if run <= most or index not in drawn:
                kept.append(index)
        forms.append(kept)
    doubled = "".join(word[index] for index in forms[1])
    single = "".join(word[index] for index in forms[0])
    return forms[1] if doubled in _vocabulary() and single not in _vocabulary() else forms[0]


@lru_cache(maxsize=1)
def _whole_words() -> frozenset[str]:
    """Every word that is known again whole, behind digits or cut in two."""
    return frozenset(_vocabulary()) | slips().strong


@lru_cache(maxsize=1)
def _halves() -> tuple[frozenset[str], frozenset[str]]:
    """How the first piece of a word cut in two may look; and, of words with hyphens, the parts at the ends,
    one of which every cut leaves whole."""
    known = [word for word in _whole_words() if len(word) >= _LONG]
    return (
        frozenset(word[:place] for word in known for place in range(2, len(word) - 1)),
        frozenset(part for word in known if "-" in word for part in word.split("-")),
    )


def _maybe_cut(words: list[str]) -> bool:
    """Whether two neighbours make one known word without hyphens."""
    known, first = _whole_words(), _halves()[0]
    previous = ""
    for word in words:
        if previous and previous + word in known:
            return True
        previous = word if word in first else ""
    return False


def _cut(text: str) -> Iterator[Edit]:
    """«con nard», «en culé»: two neighbours that make one long known word."""
    known = _whole_words()
    words = text.split(" ")
    if not any(first + second.rstrip(_POINTS) in known for first, second in pairwise(words)):
        return
    place = 0
    previous = ""
    for word in words:
        bare = word.rstrip(_POINTS)
        joined = previous + bare
        if (
            min(len(previous), len(bare)) >= 2
            and len(joined) >= _LONG
            and joined in known
            and f"{previous} {bare}" not in slips().apart
        ):
            start, end = place - 1 - len(previous), place + len(bare)
            yield Edit(start, end, joined, (*range(start, place - 1), *range(place, end)), "split")
            previous = ""
        else:
            previous = word
        place += len(word) + 1


def _misspelt(text: str) -> Iterator[Edit]:
    """«vemrine», «détste», «lesfemmes»: one slip of the keys in a strong word or a group's name."""
    for start, end, word in mended(text):
        yield Edit(start, end, word, _stretched(tuple(range(start, end)), len(word)), "")
