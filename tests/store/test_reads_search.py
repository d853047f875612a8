"""What a person types finds what a person means, and nothing typed can break the search."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.domain.folding import fold
from console.services.rows import HistoryFilter, QueueFilter, Sort
from console.store.reads.words import words
from tests.builders import DeskFile, desk_file, judged, message

TEXTS = (
    "L’évènement de la Saint-Jean est reporté",
    "Un évenement mal placé: la rue du Cœur-Sacré est fermée",
    "Mon courriel: zoe@exemple.ca, voir https://exemple.ca/photos?id=42",
    "Bonjour bonjour BONJOUR",
    "AND OR NOT NEAR",
    "😀 🇨🇦 rue",
    "déneiger, déneigement, déneigeuse",
    "",
    "l'eau n'est pas bonne",
    "𝐦𝐚𝐢𝐫𝐢𝐞 et ﬁn de s\u200bemaine",
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskFile]:
    """One message a text, by authors of different names."""
    with desk_file(tmp_path_factory.mktemp("search") / "vigie.sqlite") as desk:
        names = ("Éloïse Côté", "Jean-François Roy", "O’Neil", "")
        desk.take_in(
            *(
                judged(message(text, author_name=names[place % 4], author_external_id=f"a{place}"))
                for place, text in enumerate(TEXTS)
            )
        )
        yield desk


def found(desk: DeskFile, typed: str) -> set[str]:
    """Texts of the rows that a search shows."""
    page = desk.db.reads.queue(QueueFilter(text=typed), Sort.OLDEST, None, 100)
    return {row.excerpt for row in page.rows}


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("evenement", {0, 1}),
        ("ÉVÉNEMENT", {0, 1}),
        ("coeur", {1}),
        ("cœur-sacré", {1}),
        ("sacré cœur", {1}),
        ("«sacré cœur»", set()),
        ("«cœur sacré»", {1}),
        ('"la rue du"', {1}),
        ("“la rue du", {1}),
        ("rue", {1, 5}),
        ("ru", set()),
        ("dén", {6}),
        ("déneige", {6}),
        ("déneige ", set()),
        ("déneiger", {6}),
        ("l'eau", {8}),
        ("l’eau bonne", {8}),
        ("eau -bonne", {8}),
        ("eau NOT bonne", set()),
        ("exemple.ca", {2}),
        ("https://exemple.ca/photos?id=42", {2}),
        ("zoe@exemple.ca", {2}),
        ("côté évènement", {0}),
        ("eloise", {0, 4, 8}),
        ("jean-françois", {1, 5, 9}),
        ("o'neil", {2, 6}),
        ("mairie", {9}),
        ("semaine", {9}),
        ("fin", {9}),
        ("and or", {4}),
        ("NEAR", {4}),
        ("bonjour*", {3}),
        ("text:bonjour", set()),
        ("(bonjour", {3}),
        ("^bonjour", {3}),
        ("introuvable", set()),
        ("😀", set()),
        ("***", set()),
        ('"', set()),
        ("«»", set()),
    ],
)
def test_searches(shelf: DeskFile, typed: str, places: set[int]) -> None:
    assert found(shelf, typed) == {" ".join(TEXTS[place].split()) for place in places}


@pytest.mark.parametrize("typed", ["", "   ", "\n\t"])
def test_nothing_typed_is_no_search(shelf: DeskFile, typed: str) -> None:
    assert len(found(shelf, typed)) == len(TEXTS)


@given(st.text())
@example('"')
@example("«")
@example("NEAR(a b, 3)")
@example('a" OR "b')
@example("rue*:^-+(){}[]")
@example("\x00rue")
@example("a\u0000b")
def test_no_text_breaks_the_search(shelf: DeskFile, typed: str) -> None:
    every = {" ".join(text.split()) for text in TEXTS}
    assert found(shelf, typed) <= every
    assert shelf.db.reads.history(HistoryFilter(text=typed), None, 5).rows == ()
    people = shelf.db.reads.people(typed, None, 100).rows
    assert len(people) == len(TEXTS) or typed.strip()


@given(st.sampled_from(TEXTS), st.data())
def test_every_word_of_a_text_finds_it(shelf: DeskFile, text: str, data: st.DataObject) -> None:
    """Any words of it in any order, in capitals or without accents; and its words in order as a phrase."""
    said = fold(text).split()
    if not said:
        return
    typed = data.draw(st.lists(st.sampled_from(said), min_size=1, max_size=4))
    changed = data.draw(st.sampled_from([str.upper, str.title, str.lower]))
    line = " ".join(text.split())
    assert line in found(shelf, changed(" ".join(typed)))
    start = data.draw(st.integers(0, len(said) - 1))
    end = data.draw(st.integers(start + 1, len(said)))
    assert line in found(shelf, f"«{' '.join(said[start:end])}»")


@given(st.text())
def test_an_expression_holds_quoted_words_only(typed: str) -> None:
    """Nothing typed reaches FTS5 as an operator."""
    made = words(typed)
    assert all(token and '"' not in token and " " not in token for group in made.groups for token in group)
    if made.groups:
        outside = made.expression.split('"')[::2]
        assert {part.strip() for part in outside} <= {"", "AND", "*"}
