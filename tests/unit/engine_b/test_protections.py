"""Criticism, exasperation, quotation, figures of speech, counter-speech… are no offence.

Source: annotation guide, «Not an offence»; Charter of human rights and freedoms, s. 3 (CQLR c. C-12).
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.unit.engine_b.conftest import Judge

SENTENCES: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "protections.yaml").read_text(encoding="utf-8")
)
CASES = [(kind, sentence) for kind, sentences in SENTENCES.items() for sentence in sentences]
MEANING = frozenset(
    [
        "violence",
        "obscenity",
        "defamation",
        "hate",
        "discrimination",
        "disinformation",
        "insult",
        "sexism",
        "racism",
        "misogyny",
        "ageism",
        "xenophobia",
        "homophobia",
        "aggression",
        "sexual_content",
    ]
)


def test_there_are_enough() -> None:
    assert len(CASES) >= 150


@pytest.mark.parametrize(("kind", "sentence"), CASES)
def test_no_offence(kind: str, sentence: str, judge: Judge) -> None:
    found = {finding.rule for finding in judge(sentence).findings if finding.rule in MEANING}
    assert not found


def test_allowed_criticism_is_marked(judge: Judge) -> None:
    assert judge("La gestion du déneigement est lamentable.").criticism
    assert not judge("Bonjour, à quelle heure ouvre la piscine?").criticism
    assert not judge("La gestion est lamentable, bande de caves.").criticism
