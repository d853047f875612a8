"""The version follows what decides or explains a verdict, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.errors import ValidationError
from console.netiquette.official_wording import wording_of_file, wording_of_text
from console.netiquette.policy_loader import ARTICLES, POLICY_FILE, load_policy, read_policy, shipped
from console.netiquette.policy_version import fingerprint, with_coordinates, with_official

SEED = Path(__file__).resolve().parents[3].parent / "shared/seed/politique_medias_sociaux_drummondville.txt"
POLICY = shipped()
SOURCE = POLICY_FILE.read_text(encoding="utf-8")

wordings = st.dictionaries(st.sampled_from(ARTICLES), st.text(min_size=1).filter(str.strip), max_size=10)


def test_the_same_file_always_has_the_same_version() -> None:
    assert load_policy(POLICY_FILE).version == POLICY.version
    assert len(POLICY.version.sha256) == 64
    assert str(POLICY.version).startswith("2026-11+")


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        ('title: "Insulte"', 'title: "Injure"'),
        ("    threshold: 0.5", "    threshold: 0.6"),
        ("warnings_before_ban: 2", "warnings_before_ban: 3"),
        ("Merci de votre question.", "Merci pour votre question."),
        ('label: "2026-11"', 'label: "2026-12"'),
    ],
)
def test_a_changed_rule_ladder_or_text_is_another_version(words: str, instead: str) -> None:
    changed = read_policy("p.yaml", SOURCE.replace(words, instead, 1).encode())
    assert changed.version.sha256 != POLICY.version.sha256


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        ('telephone_311: ""', 'telephone_311: "819 555-0100"'),
        ('opens: ""', 'opens: "08:30"'),
        ("# The directory.", "# The city's directory."),
    ],
)
def test_the_directory_the_calendar_and_comments_are_no_other_version(words: str, instead: str) -> None:
    assert words in SOURCE
    changed = read_policy("p.yaml", SOURCE.replace(words, instead, 1).encode())
    assert changed.version == POLICY.version


@given(wordings)
def test_official_wording_is_another_version_and_taking_it_back_restores_the_first(
    wording: dict[str, str],
) -> None:
    adopted = with_official(POLICY, wording)
    assert (adopted.version != POLICY.version) == bool(wording)
    assert adopted.version.label == POLICY.version.label
    for number, text in wording.items():
        assert adopted.articles[number].official == text.replace("\r\n", "\n").strip()
        assert adopted.articles[number].summary == POLICY.articles[number].summary
    assert with_official(adopted, dict.fromkeys(wording, "")) == POLICY
    assert fingerprint(adopted) == adopted.version.sha256


@given(wordings, st.text(max_size=40))
def test_overlays_may_come_in_any_order(wording: dict[str, str], telephone: str) -> None:
    filled = {"telephone_311": telephone}
    one = with_coordinates(with_official(POLICY, wording), filled)
    assert one == with_official(with_coordinates(POLICY, filled), wording)
    assert tuple(one.coordinates) == tuple(POLICY.coordinates)


def test_unknown_articles_and_coordinates_are_refused() -> None:
    with pytest.raises(ValidationError) as raised:
        with_official(POLICY, {"11": "…"})
    assert (raised.value.code, raised.value.facts) == ("policy.article_unknown", {"article": "11"})
    with pytest.raises(ValidationError) as raised:
        with_coordinates(POLICY, {"telephone_411": "…"})
    assert raised.value.code == "policy.coordinate_unknown"


def test_a_pasted_netiquette_is_cut_at_its_article_numbers() -> None:
    pasted = (
        "Nétiquette\n\n1.\t La Ville est là. Elle est «\nprésente ».\n"
        "2.\tVoici\ndeux choses :\n1. courtoisie\n3) Fin.\n"
    )
    assert wording_of_text(pasted) == {
        "1": "La Ville est là. Elle est «\u00a0présente\u00a0».",
        "2": "Voici deux choses : 1. courtoisie",
        "3": "Fin.",
    }


def test_a_yaml_mapping_gives_article_and_text(tmp_path: Path) -> None:
    path = tmp_path / "officiel.yaml"
    path.write_text(
        '"4": |\n  Premier alinéa,\n  suite.\n\n  Second.\npolitique-identite: Identité.\n', encoding="utf-8"
    )
    assert wording_of_file(path) == {
        "4": "Premier alinéa, suite.\n\nSecond.",
        "politique-identite": "Identité.",
    }


def test_an_old_editors_encoding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "officiel.txt"
    path.write_bytes("Article 1 – Été\nArticle 2 – Forêt".encode("cp1252"))
    assert wording_of_file(path) == {"1": "Été", "2": "Forêt"}


def test_the_published_policy_as_a_whole_yields_its_ten_articles() -> None:
    if not SEED.exists():
        pytest.skip("the published policy lies outside the project and is not on this machine")
    wording = wording_of_file(SEED)
    assert tuple(wording) == ARTICLES
    assert wording["8"].endswith("sans préavis.")
    assert "\n" not in wording["2"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "policy.wording_none"),
        (b"Rien de num\xc3\xa9rot\xc3\xa9.", "policy.wording_none"),
        (b"3. Commence trop tard.", "policy.wording_none"),
        (b"\x00\x01binaire", "policy.wording_unreadable"),
        (b"1. " + b"a" * 2_000_001, "policy.wording_unreadable"),
    ],
)
def test_a_file_without_articles_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "officiel.txt"
    path.write_bytes(content)
    with pytest.raises(ValidationError) as raised:
        wording_of_file(path)
    assert raised.value.code == code


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValidationError) as raised:
        wording_of_file(tmp_path / "absent.txt")
    assert raised.value.code == "policy.wording_unreadable"


@given(st.text(alphabet=st.characters(codec="utf-8")) | st.text(alphabet="12. )\n:-a\"'{[", max_size=40))
def test_any_pasted_text_is_read_or_refused(text: str) -> None:
    try:
        found = wording_of_text(text)
    except ValidationError:
        found = {"1": "refused with a code"}
    assert found
    assert all(found.values())
