"""Near-duplicate keys: the same message meets itself again, strangers do not meet."""

from __future__ import annotations

import random
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from console.netiquette.likeness import alike, bands, count_alike

LETTERS = "abcdefghijklmnopqrstuvwxyzéèàç"
SHARED = 3


def _comment(chance: random.Random) -> str:
    return " ".join("".join(chance.choices(LETTERS, k=8)) for _ in range(12))


def test_strangers_seldom_share_a_key_and_hardly_ever_three() -> None:
    chance = random.Random(7)
    keys = [set(bands(_comment(chance))) for _ in range(300)]
    shared = [len(one & other) for one, other in combinations(keys, 2)]
    assert sum(number >= 1 for number in shared) < len(shared) * 0.02
    assert sum(number >= SHARED for number in shared) < len(shared) * 0.0005


def test_the_same_message_with_a_word_changed_shares_three() -> None:
    chance = random.Random(8)
    met = 0
    for _ in range(300):
        words = _comment(chance).split()
        changed = [*words]
        changed[chance.randrange(len(words))] = "autre"
        one, other = " ".join(words), " ".join(changed).upper() + "!!!"
        assert alike(one, other)
        met += len(set(bands(one)) & set(bands(other))) >= SHARED
    assert met >= 297


@given(st.text(max_size=200))
def test_keys_fit_the_store_and_are_always_the_same(text: str) -> None:
    keys = bands(text)
    assert keys == bands(text)
    assert all(-(1 << 63) <= key < 1 << 63 for key in keys)
    assert len(keys) <= 16


def test_very_short_texts_have_no_keys() -> None:
    assert bands("merci!") == ()
    assert count_alike("merci!", ["Merci", "merci beaucoup"]) == 1
