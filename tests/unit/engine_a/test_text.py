"""Folding, disguises, words and sentences: every place leads back to the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.netiquette.text.document import build

ANY_TEXT = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("aeiouéèàçœ 0134@$€*!|.-_' \u00a0\n\t\u200b\u200d\u202e\u0301\ud800\0😀👍🏽🇨🇦"),
        st.sampled_from("аеорсух"),
    ),
    max_size=60,
)


@given(ANY_TEXT)
def test_every_place_leads_back_into_the_original_in_order(text: str) -> None:
    document = build(text)
    offsets = list(document.offsets)
    assert len(offsets) == len(document.normal) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)
    assert all(0 <= place <= len(text) for place in offsets)


@given(ANY_TEXT, st.data())
def test_spans_lie_inside_and_hold_something(text: str, data: st.DataObject) -> None:
    document = build(text)
    if not document.normal:
        return
    start = data.draw(st.integers(0, len(document.normal) - 1))
    end = data.draw(st.integers(start + 1, len(document.normal)))
    span = document.span(start, end)
    assert 0 <= span.start < span.end <= len(text)


@given(ANY_TEXT)
def test_words_sentences_and_tricks_lie_where_they_say(text: str) -> None:
    document = build(text)
    for token in document.tokens:
        assert document.normal[token.start : token.end] == token.text
    ends = [0]
    for start, end in document.sentences:
        assert ends[-1] <= start < end <= len(document.normal)
        ends.append(end)
    for _, span in document.tricks:
        assert 0 <= span.start < span.end <= len(text)


@given(st.text(alphabet="abcdefghij éèàôç,.?", max_size=80))
def test_plain_french_keeps_its_letters_one_to_one(text: str) -> None:
    if "  " in text or any(letter * 3 in text for letter in "abcdefghijéèàôç"):
        return
    document = build(text)
    if not document.tricks:
        assert len(document.normal) == len(text)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("L’ÉTÉ à la «Maison» — œuf", 'l\'ete a la "maison" - oeuf'),
        ("cafе", "cafe"),  # the last letter is Cyrillic
        ("𝐜𝐨𝐧 Ⓒⓞⓝ ｃｏｎ ᴄᴏɴ", "con con con con"),
        ("c\u200bo\u200bn", "con"),
        ("c\u0327a e\u0301te\u0301", "ca ete"),
        ("a  b\u00a0\u00a0c", "a b c"),
        ("👍🏽", "👍"),
        ("привет сон", "привет сон"),
    ],
)
def test_folding(written: str, folded: str) -> None:
    assert build(written).normal == folded


@pytest.mark.parametrize(
    ("written", "undone", "trick"),
    [
        ("quel c0n", "quel con", "leet"),
        ("$alope", "salope", "leet"),
        ("€nculé", "encule", "leet"),
        ("m0nk3y", "monkey", "leet"),
        ("m*rde alors", "merde alors", "asterisk"),
        ("t'es un c o n", "t'es un con", "spaced"),
        ("s.a.l.o.p.e", "salope", "spaced"),
        ("connnnnard", "connard", "repeated"),
        ("nooooon", "non", "repeated"),
        ("en culé", "encule", "split"),
    ],
)
def test_disguises_are_undone_and_named(written: str, undone: str, trick: str) -> None:
    document = build(written)
    assert document.normal == undone
    assert trick in {name for name, _ in document.tricks}


@pytest.mark.parametrize(
    "ordinary",
    [
        "la 2e rue à 14h30",
        "h2o et b2b",
        "5$ ou 20€ ou 10 %",
        "a@b.com et @ville",
        "4x4 covid19 mp3",
        "*important*",
        "les ami*e*s",
        "c*est ca",
        "c4est ca",
        "j2c 1a1",
        "con!!! merde!!",
        "https://exemple.org/m0nk3y",
        "y a un an a ma rue",
    ],
)
def test_ordinary_writing_is_left_alone(ordinary: str) -> None:
    document = build(ordinary)
    assert not {name for name, _ in document.tricks} & {"leet", "asterisk", "spaced", "split"}


def test_the_place_of_an_undone_word_is_the_whole_disguise() -> None:
    text = "ah le c\u200bo n n a r d là"
    document = build(text)
    start = document.normal.index("connard")
    span = document.span(start, start + len("connard"))
    assert text[span.start : span.end] == "c\u200bo n n a r d"


def test_tags_are_read_as_words() -> None:
    assert build("#BandeDePourris").normal == "#bande de pourris"


def test_elision_and_sentences() -> None:
    document = build("T’es où? J’ai l’air de quoi, M. Roy.\nAujourd’hui c’est non!")
    words = [token.text for token in document.tokens]
    assert words[:3] == ["t'", "es", "ou"]
    assert {"j'", "l'", "aujourd'hui", "c'"} <= set(words)
    shown = [document.normal[start:end] for start, end in document.sentences]
    assert shown == ["t'es ou?", "j'ai l'air de quoi, m. roy.", "aujourd'hui c'est non!"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("chu tanné de l'attente, y'a pas une cenne pour nos rues", "fr"),
        ("c quand kon peut sinscrire svp", "fr"),
        ("What time does the pool open on Saturday?", "en"),
        ("¿Dónde está la biblioteca, por favor?", "es"),
        ("متى تفتح المكتبة", "ar"),
        ("Bravo!", "und"),
        ("Go Voltigeurs", "und"),
        ("Le show était full cool, nice job la gang", "fr"),
    ],
)
def test_language(text: str, code: str) -> None:
    assert build(text).language.code == code
