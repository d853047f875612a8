"""Near-duplicates: the same message again, with a word or a sign changed.

MinHash over letter shingles (Broder 1997): 32 permutations in 16 bands of 2 make two texts that share
most of their shingles meet in at least one band. What meets is verified letter by letter.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from console.netiquette.text.normalise import normalise

_PERMUTATIONS = 32
_ROWS = 2
_SHINGLE = 5
_LEAST = 16
"""Letters below which chance makes strangers alike («merci beaucoup!»): no bands."""
_ALIKE = 86.0
"""rapidfuzz ratio, in per cent, from which two folded texts count as the same message."""
_GENERATOR = np.random.default_rng(20261122)
# Multiply-shift (Dietzfelbinger et al. 1997): odd factors as wide as the word, which wrap around, and the
# upper half of the product. Narrow factors do not wrap: then all permutations have the same minimum.
_FACTORS: NDArray[np.uint64] = _GENERATOR.integers(0, 1 << 63, _PERMUTATIONS, dtype=np.uint64) * np.uint64(
    2
) + np.uint64(1)
_ADDENDS: NDArray[np.uint64] = _GENERATOR.integers(0, 1 << 63, _PERMUTATIONS, dtype=np.uint64)
_UPPER = np.uint64(32)


@lru_cache(maxsize=1 << 14)
def folded(text: str) -> str:
    """Letters and figures alone, without case, accents or disguise; what likeness is measured on.

    Remembered: in a flood every message is compared with the same fifty before it.
    """
    return "".join(sign for sign in normalise(text).text if sign.isalnum())


def bands(text: str) -> tuple[int, ...]:
    """Keys (signed 64-bit) under which near-duplicates meet; none for a very short text."""
    letters = folded(text).encode()
    if len(letters) < _LEAST:
        return ()
    shingles = {zlib.crc32(letters[at : at + _SHINGLE]) for at in range(len(letters) - _SHINGLE + 1)}
    hashes = np.fromiter(shingles, np.uint64, len(shingles))
    lowest = ((hashes[:, None] * _FACTORS + _ADDENDS) >> _UPPER).min(axis=0)
    keys = []
    for band in range(_PERMUTATIONS // _ROWS):
        pair = lowest[band * _ROWS : (band + 1) * _ROWS].tobytes()
        # The band's own number goes in, so that equal values of different bands do not meet.
        mixed = zlib.crc32(pair, band) << 32 | zlib.adler32(pair)
        keys.append(mixed - (1 << 64) if mixed >= 1 << 63 else mixed)
    return tuple(dict.fromkeys(keys))


def alike(one: str, other: str) -> bool:
    """Whether two texts are the same message but for small changes."""
    return same(folded(one), folded(other))


def same(one: str, other: str) -> bool:
    """`alike` for texts that are folded already."""
    if one == other:
        return bool(one)
    if min(len(one), len(other)) < _LEAST:
        return False
    return fuzz.ratio(one, other, score_cutoff=_ALIKE) > 0


def count_alike(text: str, others: Sequence[str]) -> int:
    """How many of `others` are the same message."""
    mine = folded(text)
    return sum(same(mine, folded(other)) for other in others)
