"""Near-duplicates: MinHash signatures in bands (Broder 1997) and a verification by edit distance.

32 permutations over character 5-grams, 16 bands of 2: texts that share one band key are candidates
(recall .999 at a similarity of .8), `alike` decides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.netiquette.text.normalise import normalise

PERMUTATIONS = 32
BANDS = 16
_ROWS = PERMUTATIONS // BANDS
_SHINGLE = 5
_PRIME = np.uint64((1 << 31) - 1)
ALIKE = 85.0
"""Least similarity, 0–100, of near-duplicates."""
_SHORTEST = 12
"""Letters below which texts are alike only when they are equal: «Bravo!» is no repetition."""


def reduced(text: str) -> str:
    """The letters and digits of `text`, folded: what is compared."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in normalise(text).text).split())


def bands(text: str) -> tuple[int, ...]:
    """Sixteen band keys, signed 64-bit; () for texts too short to compare. The same on every desk."""
    plain = reduced(text)
    if len(plain) < _SHORTEST:
        return ()
    raw = plain.encode()
    shingles = {raw[place : place + _SHINGLE] for place in range(len(raw) - _SHINGLE + 1)}
    hashes = np.fromiter(
        (
            int.from_bytes(hashlib.blake2b(each, digest_size=4).digest(), "little")
            for each in sorted(shingles)
        ),
        dtype=np.uint64,
        count=len(shingles),
    )
    multipliers, increments = _permutations()
    signature = ((hashes[None, :] * multipliers[:, None] + increments[:, None]) % _PRIME).min(axis=1)
    return tuple(
        int.from_bytes(
            hashlib.blake2b(
                bytes([band]) + signature[band * _ROWS : (band + 1) * _ROWS].tobytes(), digest_size=8
            ).digest(),
            "little",
            signed=True,
        )
        for band in range(BANDS)
    )


@lru_cache(maxsize=1)
def _permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    generator = np.random.default_rng(20251)
    high = int(_PRIME)
    return (
        generator.integers(1, high, PERMUTATIONS, dtype=np.uint64),
        generator.integers(0, high, PERMUTATIONS, dtype=np.uint64),
    )


def alike(one: str, other: str) -> float:
    """Similarity 0–100 of two reduced texts (see `reduced`); 0 below `ALIKE`."""
    if one == other:
        return 100.0 if one else 0.0
    if min(len(one), len(other)) < _SHORTEST:
        return 0.0
    return float(_ratio()(one, other, score_cutoff=ALIKE))


def similar(text: str, others: Sequence[str]) -> int:
    """How many of `others` are near-duplicates of `text`."""
    plain = reduced(text)
    return sum(1 for other in others if alike(plain, reduced(other)) > 0)


@lru_cache(maxsize=1)
def _ratio() -> Any:
    from rapidfuzz import fuzz

    return fuzz.ratio
