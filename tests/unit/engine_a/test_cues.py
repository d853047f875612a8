"""The language of wordings and topics, and what a mistake in the data is answered with."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.ids import RuleId
from console.domain.messages import FACEBOOK, Channel
from console.domain.verdicts import Route
from console.errors import ConfigurationError
from console.netiquette.cues.detector import TOPICS, CueDetector
from console.netiquette.cues.phrasebook import Phrasebook
from console.netiquette.cues.scoring import Reader, ScoreIndex, evidence
from console.netiquette.cues.topics import load_topics
from console.netiquette.cues.wordings import literals, wordings
from console.netiquette.datafiles import read_lexicon
from console.netiquette.model import Context, Evidence, RouteHint
from console.netiquette.resources import Resources
from console.netiquette.text.document import build

TOPIC = """
cues:
  offer: |
    soumission{|s} gratuite{|s}
    {rabais|prix} .. {semaine|mois}
  call: |
    appelez*
scores:
  - {rule: advertising, weight: 2, when: [offer, call], within: sentence, reason: advertising.offer}
  - {rule: advertising, weight: 1, when: [offer], unless: [call], more: 0.5, reason: advertising.offer}
  - {route: question, weight: 1.5, when: ["@question_mark"]}
"""


def found(line: str, text: str) -> list[str]:
    """What one wording finds in `text`."""
    normal = build(text).normal
    places = Phrasebook({"cue": [line]}).find(build(normal)).get("cue", [])
    return [normal[start:end] for start, end in places]


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("con", "Le conseil est conçu par un con", ["con"]),
        ("financ*", "Un financement et des finances", ["financement", "finances"]),
        ("*ment", "vraiment mental", ["vraiment"]),
        ("soumission{|s} gratuite{|s}", "Soumissions gratuites!", ["soumissions gratuites"]),
        ("appelez .. demain", "Appelez-moi vite demain, appelez", ["appelez-moi vite demain"]),
        ("appelez .. demain", "Appelez. Je viens demain", []),
        ("depuis # ans", "depuis 30 ans et depuis des ans", ["depuis 30 ans"]),
        ("{j'|je }{aimerais|voudrais} savoir", "J'aimerais savoir", ["j'aimerais savoir"]),
        (
            "{tres|fort} belle {rue|{grande|petite} place}",
            "une très belle petite place",
            ["tres belle petite place"],
        ),
    ],
)
def test_wordings(line: str, text: str, expected: list[str]) -> None:
    assert found(line, text) == expected


def test_a_long_line_finds_the_same_as_its_few_forms() -> None:
    verbs = ["ramasser", "vider", "reparer", "boucher", "deneiger", "nettoyer", "gratter"]
    things = ["bac", "trou", "trottoir", "lampadaire", "banc", "fosse", "sentier"]
    line = f"{{venez|passez}} {{{'|'.join(verbs)}}} {{le|mon}} {{{'|'.join(things)}}}"
    for verb in verbs:
        assert found(line, f"svp venez {verb} mon fosse demain") == [f"venez {verb} mon fosse"]
    assert found(line, "venez reparer mon toit") == []


def test_a_wording_goes_on_until_its_braces_close() -> None:
    assert list(wordings("un {deux|\n   trois} quatre\ncinq\n\n")) == ["un {deux|trois} quatre", "cinq"]


@pytest.mark.parametrize("line", ["{a|b", "{|*}", "a|b}"])
def test_a_wording_that_cannot_be_looked_for_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        list(literals(line))


@given(st.text(max_size=80))
def test_shipped_phrases_lie_inside_any_text(text: str) -> None:
    document = build(text)
    for places in load_topics(Resources(), ["links", "repetition"]).phrasebook.find(document).values():
        assert all(0 <= start < end <= len(document.normal) for start, end in places)


def _topic(folder: Path, content: str) -> Resources:
    (folder / "lexicon").mkdir(exist_ok=True)
    (folder / "lexicon" / "t.yaml").write_text(content, encoding="utf-8")
    return Resources(folder)


def _said(folder: Path, text: str) -> list[Evidence | RouteHint]:
    topics = load_topics(_topic(folder, TOPIC), ["t"])
    reader = Reader(topics, build(text), Context(Channel.COMMENT, FACEBOOK))
    return list(evidence(reader, ScoreIndex(topics.scores["t"]), "t"))


def test_scores_ask_for_all_of_when_and_nothing_of_unless(tmp_path: Path) -> None:
    (both,) = _said(tmp_path, "Soumission gratuite, appelez-nous")
    assert isinstance(both, Evidence)
    assert (both.rule, both.weight) == (RuleId("advertising"), 2.0)
    assert len(both.spans) == 2
    (alone,) = _said(tmp_path, "Soumission gratuite. Rabais de la semaine.")
    assert alone.weight == 1.5
    assert _said(tmp_path, "Soumission gratuite. Appelez-nous.") == []
    (asked,) = _said(tmp_path, "Une date?")
    assert asked == RouteHint(Route.QUESTION, 1.5, "t")


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        ("cues: [a]", "cues"),
        ("cues: {a: b}\nscores: [{rule: x, when: [a]}]", "weight"),
        ("cues: {a: b}\nscores: [{rule: x, weight: 1, when: [c]}]", "unknown cue c"),
        ("cues: {a: b}\nscores: [{rule: x, weight: 1, when: [a], whn: [a]}]", "unknown key whn"),
        ("cues: {a: b}\nscores: [{weight: 1, when: [a]}]", "rule or route"),
        ("cues: {a: '{b'}\nscores: []", "too many wordings"),
        ("cues: {a: b, a: c}", "duplicate key a"),
        ("- a", "mapping expected"),
        ("a: [", "expected"),
    ],
)
def test_a_wrong_topic_is_refused_with_its_file(tmp_path: Path, content: str, detail: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_topics(_topic(tmp_path, content), ["t"])
    assert caught.value.code == "lexicon.invalid"
    assert detail in str(caught.value.facts)


def test_a_missing_topic_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_topics(Resources(tmp_path), ["absent"])
    assert caught.value.code == "lexicon.missing"


def test_words_of_data_files_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "d.yaml"
    path.write_text("a: no\nb: 12:30\nc: 1.5\nd: on\ne: 2025-06-24\n", encoding="utf-8")
    assert read_lexicon(path) == {"a": "no", "b": "12:30", "c": 1.5, "d": "on", "e": "2025-06-24"}


def test_every_shipped_topic_builds_a_detector() -> None:
    for topic in TOPICS:
        assert CueDetector(Resources(), topic).name == topic
