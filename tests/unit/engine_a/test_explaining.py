"""What an explanation says of the words that it quotes."""

from __future__ import annotations

import re

import pytest

from console.netiquette.engine import Engine
from tests.measure.figures import POST


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        ("Imbécile.", "insult", "Le mot « Imbécile » est insultant."),
        ("Imbécile, abruti.", "insult", "Les mots « Imbécile » et « abruti » sont insultants."),
        (
            "On sait où tu restes.",
            "violence",
            "Menace voilée envers une personne : « On sait où tu restes ».",
        ),
    ],
)
def test_the_sentence_agrees_with_what_it_quotes(engine: Engine, text: str, rule: str, said: str) -> None:
    found = {str(finding.rule): finding.explanation for finding in engine.judge(text, POST).findings}
    assert said in found[rule].replace("\u00a0", " ")


@pytest.mark.parametrize(
    "text",
    ["Imbécile.", "Bande de caves, gros épais, crétin, abruti.", "Salope", "Va chier, gros cave."],
)
def test_nothing_is_left_open_and_one_word_is_no_plural(engine: Engine, text: str) -> None:
    for finding in engine.judge(text, POST).findings:
        assert not re.search(r"[{}|]", finding.explanation)
        assert not re.search(r"Les mots «\s[^» ]+\s» (?!et)", finding.explanation), finding.explanation
