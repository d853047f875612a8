"""Identifiers written out, and that nothing repeats one in clear."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.messages import FACEBOOK, Channel
from console.logs import Masked
from console.netiquette import dictated, entities
from console.netiquette.engine import Engine
from console.netiquette.masking import mask_logged
from console.netiquette.model import Context
from console.netiquette.text.document import build

COMMENT = Context(Channel.COMMENT, FACEBOOK)
_WORDS = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"]


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("huit cent dix-neuf, cinq cent cinquante-cinq, zéro un quarante-deux", "8195550142"),
        ("huit un neuf 555 zéro cent douze", "8195550112"),
        ("quatre cinq zéro, cinq cinq cinq, zéro un quatre-vingt-dix-huit", "4505550198"),
        ("cinq cent quatorze cinq cinq cinq zéro un soixante et onze", "5145550171"),
        ("8-1-9-5-5-5-0-1-4-2", "8195550142"),
    ],
)
def test_a_dictated_number_is_read_as_it_is_said(said: str, digits: str) -> None:
    (found,) = dictated.numbers(build(f"Rejoins-moi au {said} svp"))
    assert found.digits == digits


@given(st.text("23456789", min_size=1, max_size=1), st.text("0123456789", min_size=6, max_size=6))
def test_digit_by_digit_every_number_that_can_be_called_is_found(first: str, rest: str) -> None:
    number = "819" + first + rest
    said = " ".join(_WORDS[int(digit)] for digit in number)
    phones = entities.phones(build(f"mon cell: {said}, merci"))
    assert [each.digits for each in phones] == ([number] if entities.can_be_called(number) else [])


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("luc point roy arobase boite point com", "luc.roy@boite.com"),
        ("luc.roy (at) boite (dot) com", "luc.roy@boite.com"),
        ("luc.roy @ boite . com", "luc.roy@boite.com"),
        ("luc.roy[arobase]boite[point]qc[point]ca", "luc.roy@boite.qc.ca"),
    ],
)
def test_a_written_out_address_is_read(written: str, plain: str) -> None:
    document = build(f"écris-moi, {written}")
    (place,) = entities.emails(document)
    assert dictated.plain_mail(document.normal[slice(*place)]) == plain


def test_a_mention_is_no_address() -> None:
    assert entities.emails(build("Salut @marie.tremblay, merci")) == ()


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("Mon NAS est 046 454 286", ("04", "454", "286")),
        ("MON NAS EST LE 046 454 286 POURQUOI VOUS RÉPONDEZ PAS", ("046", "454", "286")),
        ("Carte 4111 1111 1111 1111, gros épais", ("41", "11")),
        ("Ma carte soleil TREJ 8551 2318 MARCHE PAS PANTOUTE AU CENTRE", ("TREJ", "8551", "2318")),
        ("Mon cell huit un neuf cinq cinq cinq zéro un quatre deux", ("huit", "neuf", "quatre")),
    ],
)
def test_no_explanation_repeats_an_identifier(engine: Engine, text: str, secrets: tuple[str, ...]) -> None:
    findings = engine.judge(text, COMMENT).findings
    assert "personal_information" in {finding.rule for finding in findings}
    for finding in findings:
        assert not any(secret in finding.explanation for secret in secrets)


@pytest.mark.parametrize(
    "nothing", ["1" * 20_000, "12 rue " * 3_000, "8 1 9 " * 3_000, "a@" * 10_000, "🙂" * 20_000]
)
def test_a_text_of_nothing_else_takes_no_time_to_speak_of(engine: Engine, nothing: str) -> None:
    import time

    started = time.process_time()
    engine.judge(nothing, COMMENT)
    assert time.process_time() - started < 5


def test_the_log_holds_nobodys_number() -> None:
    error = ValueError("jean.roy@boite.example, 819 555-0142, 046 454 286, TREJ 8551 2318")
    record = logging.LogRecord("a", logging.ERROR, "a.py", 1, "%s", (error,), None)
    line = Masked("%(asctime)s %(message)s").format(record)
    assert not any(secret in line for secret in ("roy", "0142", "454", "8551"))
    assert record.asctime in line
    id_ = "018f2b6c-1234-7abc-8def-0123456789ab 2026-11-28 14:26:05,123 127.0.0.1:54321 10000000 octets"
    assert mask_logged(id_) == id_
