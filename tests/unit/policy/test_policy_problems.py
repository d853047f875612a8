"""A wrong policy file is refused with every problem at its line and column, in French."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.catalogue import Catalogue
from console.errors import ConfigurationError
from console.netiquette.checked_yaml import Problem
from console.netiquette.policy_loader import POLICY_FILE, load_policy, read_policy

SOURCE = POLICY_FILE.read_text(encoding="utf-8")


def problems_of(content: str | bytes) -> tuple[Problem, ...]:
    data = content.encode() if isinstance(content, str) else content
    with pytest.raises(ConfigurationError) as raised:
        read_policy("p.yaml", data)
    assert raised.value.code == "policy.invalid"
    found: tuple[Problem, ...] = raised.value.facts["problems"]
    return found


def place(text: str, words: str, start: int = 0) -> tuple[int, int]:
    """Line and column, from 1, where `words` begin."""
    at = text.index(words, start)
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


# What is broken: the words in the shipped file, what stands there instead, the code, and the words
# (of the broken file) at whose first letter the problem has to be reported.
BROKEN = [
    ('opens: ""', "opens: no", "unquoted", "no\n  closes"),
    ('opens: ""', "opens: 12:30", "unquoted", "12:30"),
    ('opens: ""', 'opens: "25:00"', "not_clock", '"25:00"'),
    ('label: "2026-11"', "label: 2026-11-22", "unquoted", "2026-11-22"),
    ('title: "Insulte"', "title: off", "unquoted", "off"),
    ('title: "Insulte"', "title:", "blank_text", '\n    explanation: "Le message attaque'),
    ('title: "Insulte"', "title: [a, b]", "not_text", "[a, b]"),
    ('title: "Insulte"', 'title: "Insulte {prenom}"', "unknown_placeholder", "{prenom}"),
    ('title: "Insulte"', 'title: "Insulte {nom"', "unbalanced", '{nom"'),
    ('title: "Insulte"', 'title: "Insulte }"', "unbalanced", '}"'),
    ('title: "Insulte"', 'title: "Insulte [motif]"', "unknown_token", "[motif]"),
    ('title: "Insulte"', 'titre: "Insulte"', "unknown_key", "titre:"),
    ("    warns: false", "    warns: no", "not_flag", "no\n    priority: 50"),
    ("    severity: 4", "    severity: 9", "out_of_range", "9\n"),
    ("    severity: 4", "    severity: quatre", "not_integer", "quatre"),
    ("    severity: 4", "    severity: 1:30", "not_integer", "1:30"),
    ("    threshold: 0.5", "    threshold: .inf", "not_number", ".inf"),
    ("    threshold: 0.5", "    threshold: 1.5", "out_of_range", "1.5"),
    ("[delete, report, warn]", "[hide, delete]", "actions", "[hide, delete]"),
    ("[delete, report, warn]", "[chasser]", "not_allowed", "chasser"),
    ("[delete, report, warn]", "delete", "not_list", "delete\n"),
    ("actions: [delete]\n", "actions: [delete, warn]\n", "warns_never",
     "[delete, warn]\n    threshold: 0.5\n    warns: false"),
    ("article: politique-identite", "article: politique-identité", "unknown_article",
     "politique-identité\n"),
    ('  telephone_311: ""', '  telephone_411: ""', "unknown_placeholder", "telephone_411"),
    ("America/Toronto", "America/Drummondville", "unknown_zone", "America/Drummondville"),
    ("open_days: [monday,", "open_days: [lundi,", "not_allowed", "lundi"),
    ("closed_days: []", "closed_days: [2026-13-01]", "not_date", "2026-13-01"),
    ("  insult:\n", "  insulte:\n", "unknown_rule", "insulte:"),
    ("  insult:\n", "  violence:\n", "duplicate_key", 'violence:\n    article: "4"\n    title: "Insulte"'),
    ("id: remerciement", "id: opinion", "duplicate_id", 'opinion\n    action: reply\n    title: "Accueil'),
    ('    - "décembre"\n', "", "months", '- "janvier"'),
    ('[date], à [hour]\\u00a0h"', '[date]"', "missing_token", '"[date]"'),
    ("revised: 2026-11-22", 'revised: ""', "blank_text", '""\n      body'),
    ("ladder:\n", "echelle:\n", "unknown_key", "echelle:"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "instead", "code", "at"), BROKEN)
def test_each_kind_of_error_is_named_where_it_stands(words: str, instead: str, code: str, at: str) -> None:
    assert words in SOURCE
    broken = SOURCE.replace(words, instead, 1)
    start = broken.index(instead) if instead else 0
    expected = place(broken, at, max(0, start - 40))
    found = problems_of(broken)
    assert (f"policy.problem.{code}", *expected) in {(each.code, each.line, each.column) for each in found}


def test_a_missing_rule_and_a_missing_article_are_named() -> None:
    without_rule = SOURCE.replace("  capitals:\n", "  capitales:\n")
    assert {each.facts.get("rule") for each in problems_of(without_rule)} == {"capitals", "capitales"}
    without_article = SOURCE.replace('  "8":\n', '  "80":\n')
    codes = {(each.code, each.facts.get("article")) for each in problems_of(without_article)}
    assert ("policy.problem.missing_article", "8") in codes


def test_every_problem_of_a_file_is_reported_at_once_in_the_order_of_the_file() -> None:
    broken = (
        SOURCE.replace('opens: ""', "opens: no")
        .replace('title: "Insulte"', 'title: "Insulte {prenom}"')
        .replace("    severity: 4", "    severity: 9", 1)
    )
    found = problems_of(broken)
    assert [each.code.rsplit(".", 1)[1] for each in found] == [
        "out_of_range",
        "unknown_placeholder",
        "unquoted",
    ]
    assert [each.line for each in found] == sorted(each.line for each in found)


@pytest.mark.parametrize(
    ("content", "code", "line", "column"),
    [
        (b"", "empty", 1, 1),
        (b"# rien\n", "empty", 1, 1),
        (b"- a\n- b\n", "not_mapping", 1, 1),
        (b"version: [1,\n", "syntax", 2, 1),
        (b"a: 1\n b: 2\n", "syntax", 2, 3),
        (b"\tversion: 1\n", "syntax", 1, 1),
        (b"a: *x\n", "syntax", 1, 4),
        (b"a: 1\n---\nb: 2\n", "syntax", 2, 1),
        ("a: 1\nb: é".encode("latin-1"), "encoding", 2, 4),
        ("a: é\x00".encode(), "encoding", 1, 5),
        ("a: é\r\nb: \x07".encode(), "encoding", 2, 4),
    ],
)  # fmt: skip
def test_a_file_that_is_no_policy_at_all(content: bytes, code: str, line: int, column: int) -> None:
    found = problems_of(content)
    assert (f"policy.problem.{code}", line, column) in {(each.code, each.line, each.column) for each in found}


def test_a_byte_order_mark_and_windows_line_ends_are_no_problem() -> None:
    windows = b"\xef\xbb\xbf" + SOURCE.replace("\n", "\r\n").encode()
    assert read_policy("p.yaml", windows).version == load_policy(POLICY_FILE).version


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    for path in (tmp_path / "absente.yaml", tmp_path):
        with pytest.raises(ConfigurationError) as raised:
            load_policy(path)
        assert raised.value.code == "policy.missing"


def test_every_problem_is_said_in_french_with_its_place() -> None:
    with pytest.raises(ConfigurationError) as raised:
        read_policy("netiquette.yaml", SOURCE.replace('opens: ""', "opens: no").encode())
    said = str(Catalogue.load().say(raised.value))
    line, column = place(SOURCE.replace('opens: ""', "opens: no"), "no\n  closes")
    assert f"netiquette.yaml:{line}:{column} «\u00a0no\u00a0» doit être entre guillemets" in said
    assert "{" not in said
    assert "policy." not in said


@given(st.integers(0, len(SOURCE) - 1), st.text(alphabet="{}[]\"':#-&*!|>%@`\n\t é\x00", max_size=3))
def test_a_file_damaged_anywhere_is_read_or_refused_and_never_a_traceback(at: int, noise: str) -> None:
    damaged = SOURCE[:at] + noise + SOURCE[at + len(noise) :]
    lines = damaged.count("\n") + 1
    problems: tuple[Problem, ...] | None = None
    try:
        read_policy("p.yaml", damaged.encode())
    except ConfigurationError as error:
        problems = error.facts["problems"]
    assert problems is None or problems
    for each in problems or ():
        assert 1 <= each.line <= lines + 1
        assert each.column >= 1
        assert Catalogue.load().knows(each.code)
