"""Every mistake in a lexicon is told with file and line; the notation gives what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.errors import ConfigurationError
from console.netiquette.lexicon.compiling import compile_folders
from console.netiquette.lexicon.entries import expand
from console.netiquette.lexicon.frames import parse
from console.netiquette.lexicon.inflect import nominal, variants, verbal

GRAMMAR = 'neg: ["(pas|jamais)"]\n'
ENTRY = """- sense: insult
  rules: {insult: 3}
  entries:
  - {lemma: zouf, hit: "Un zouf."}
"""
FRAME = """- id: one
  family: insult
  rules: {insult: 2}
  match: "tu es <insult>"
  hit: "Tu es zouf."
"""


def folders(tmp_path: Path, terms: str = ENTRY, frames: str = FRAME) -> tuple[Path, Path]:
    (tmp_path / "terms").mkdir()
    (tmp_path / "frames").mkdir()
    (tmp_path / "terms" / "grammar.yaml").write_text(GRAMMAR, encoding="utf-8")
    (tmp_path / "terms" / "words.yaml").write_text(terms, encoding="utf-8")
    (tmp_path / "frames" / "frames.yaml").write_text(frames, encoding="utf-8")
    return tmp_path / "terms", tmp_path / "frames"


def test_a_sound_folder_compiles(tmp_path: Path) -> None:
    compiled = compile_folders(*folders(tmp_path))
    assert [entry.lemma for entry in compiled.entries] == ["zouf"]
    assert compiled.entries[0].source == "words.yaml:4"


@pytest.mark.parametrize(
    ("terms", "frames", "file", "line"),
    [
        (ENTRY + "  - {lemma: bof}\n", FRAME, "words.yaml", 5),
        (ENTRY + '  - {lemma: "[zouf]", hit: "x"}\n', FRAME, "words.yaml", 5),
        (ENTRY + '  - {lemma: bof, hit: "x", rule: 1}\n', FRAME, "words.yaml", 5),
        (ENTRY + '  - {lemma: bof, lemma: bif, hit: "x"}\n', FRAME, "words.yaml", 5),
        (ENTRY + "  - [\n", FRAME, "words.yaml", 6),
        ("insult: zouf\n", FRAME, "words.yaml", 1),
        (ENTRY, FRAME + '- {id: two, family: x, match: "<nothing> a", hit: "a"}\n', "frames.yaml", 6),
        (ENTRY, FRAME + '- {id: two, family: x, match: "a ..4", hit: "a"}\n', "frames.yaml", 6),
        (ENTRY, FRAME + '- {id: two, family: x, match: "(a|b", hit: "a"}\n', "frames.yaml", 6),
        (ENTRY, FRAME + "- {id: two}\n", "frames.yaml", 6),
    ],
)
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, terms: str, frames: str, file: str, line: int
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        compile_folders(*folders(tmp_path, terms, frames))
    assert caught.value.code == "lexicon.invalid"
    assert (caught.value.facts["file"], caught.value.facts["line"]) == (file, line)


def test_a_missing_grammar_is_told(tmp_path: Path) -> None:
    terms, frames = folders(tmp_path)
    (terms / "grammar.yaml").unlink()
    with pytest.raises(ConfigurationError, match=r"lexicon\.missing"):
        compile_folders(terms, frames)


def test_gender_and_number() -> None:
    assert {"niaiseux", "niaiseuse", "niaiseuses"} <= nominal("niaiseux")
    assert {"menteur", "menteuse", "menteurs", "menteuses"} <= nominal("menteur")
    assert {"attarde", "attardee", "attardes", "attardees"} <= nominal("attardé")
    assert nominal("vermine", "f") == {"vermine", "vermines"}


def test_verbs() -> None:
    assert {"tue", "tuer", "tuerai", "tuent", "tuez"} <= verbal("tuer")
    assert {"bat", "battu", "battrait", "battons"} <= verbal("battre")
    assert {"pend", "pendu", "pendront"} <= verbal("pendre")
    with pytest.raises(ValueError, match="infinitive"):
        verbal("chat")


def test_spelling_variants() -> None:
    assert "conard" in variants("connard")
    assert "kebecois" in variants("quebecois")
    assert variants("con") == set()


def test_phrases() -> None:
    assert expand("(va|allez) chier") == {"va chier", "allez chier"}
    assert expand("(gros)? cave") == {"gros cave", "cave"}
    assert "cassera la gueule" in expand("[casser] la gueule")
    assert expand("Tête à claques") == {"tete a claques"}


def test_patterns() -> None:
    parts = parse("^ (tu|<he>) ..4/ !pas <insult|animal>? fin $")
    assert [part.edge for part in parts] == ["^", "", "", "", "", "$"]
    assert parts[1].classes == ("he",)
    assert (parts[2].gap, parts[2].crossing, parts[2].forbidden) == (4, True, True)
    assert parts[3].optional
    assert parts[3].classes == ("insult", "animal")
