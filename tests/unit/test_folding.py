"""Search has to find a word however it was typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.folding import fold
from console.domain.spelling import DOUBLED, WORDS


@pytest.mark.parametrize(
    ("before", "since"),
    [
        ("événement", "évènement"),
        ("août", "aout"),
        ("ambiguë", "ambigüe"),
        ("oignon", "ognon"),
        ("nénuphar", "nénufar"),
        ("clef", "clé"),
        ("relais", "relai"),
        ("chariot", "charriot"),
        ("week-end", "weekend"),
        ("pique-niques", "piqueniques"),
        ("le porte-clef", "le porteclé"),
        ("renouvellement", "renouvèlement"),
        ("il ruisselle", "il ruissèle"),
        ("étiquette", "étiquète"),
        ("maître", "maitre"),
        ("vingt et un", "vingt-et-un"),
    ],
)
def test_both_spellings_meet(before: str, since: str) -> None:
    assert fold(before) == fold(since)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("CŒUR", "coeur"),
        ("l’école", "l'ecole"),
        ("ÉCOLE", "ecole"),
        ("e\u0301cole", "école"),
        ("mai\u200brie", "mairie"),
        ("ﬁn", "fin"),
        ("𝐦𝐚𝐢𝐫𝐢𝐞", "mairie"),
        ("Straße", "strasse"),
        ("#eau_potable", "eau potable"),
    ],
)
def test_ways_of_typing_meet(typed: str, meant: str) -> None:
    assert fold(typed) == fold(meant)


@pytest.mark.parametrize(("one", "other"), [("vile", "ville"), ("poison", "poisson"), ("pèche", "pèches")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(st.text())
def test_composed_and_decomposed_text_are_the_same(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


def test_the_tables_lead_to_ends_and_are_written_without_accents() -> None:
    for word, standing in WORDS.items():
        assert (word + standing.replace(" ", "")).isascii(), word
        assert fold(standing) == standing, f"{word} leads on from {standing}"
    for stem in DOUBLED:
        assert stem[-1] == stem[-2], stem
