"""French, English or another language; short texts and joual are never foreign.

A vote of function words (and of the script) settles nearly all messages. Only texts of some length
without a clear vote ask py3langid (Lui and Baldwin 2012), which costs some 70 MB and is loaded then.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from console.domain.verdicts import Language
from console.netiquette.datafiles import read_lexicon
from console.netiquette.resources import Resources
from console.netiquette.text.normalise import normalise

UNDETERMINED = Language("und", 0.0)

_FEWEST_WORDS = 3
_ASK_FROM = 4
"""Words from which the learned model may be asked."""
_FEWEST_VOTES = 2
_SURE = 0.9
_NOISE = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|\\[uU][0-9a-fA-F]{4}|&\w{2,6};|\d+")
"""Links, names, tags, figures, and what careless exports leave of signs (`\\ud83d`, `&amp;`)."""
_MAYBE_NOISE = re.compile(r"[@#\d\\&]|://|www")
_OTHER_NOISE = re.compile(r"[@#\\&]|://|www")
_FIGURES = re.compile(r"\d+")
_ELIDED = frozenset(f"{word}'" for word in (*"cdjlmnst", "qu"))
_WORD = re.compile(r"(?:[cdjlmnst]|qu)'(?=\w)|[^\W_]+")
_SPANISH = re.compile(r"[ñ¿¡]", re.IGNORECASE)
_PORTUGUESE = re.compile(r"[ãõ]", re.IGNORECASE)
_FRENCH_SIGNS = re.compile(r"[éèêëàâçùûîïôœ]|(?<![^\W_])(?:[cdjlmnst]|qu)['’](?=[a-zà-ÿ])", re.IGNORECASE)
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u2c00-\u2dff\u3040-\ud7ff\uf900-\ufdff\ufe70-\ufeff]")
_SCRIPTS = {
    "ARABIC": "ar",
    "CYRILLIC": "ru",
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "GREEK": "el",
    "HEBREW": "he",
    "DEVANAGARI": "hi",
    "THAI": "th",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "BENGALI": "bn",
    "TAMIL": "ta",
    "ETHIOPIC": "am",
}
_LIKELY, _UNLIKELY = 2.0, 8.0
"""How much likelier than French the model must find another language: where words of it stand, and where
only the model speaks. No word of French alone stands in either."""
_FEW_WORDS = 0.7
"""The confidence of two words that are English alone, or of few that neighbouring languages share."""
_CANDIDATES = ["fr", "en", "es", "pt", "it", "de", "ht", "ro", "nl", "pl", "tr", "vi", "so", "sw"]


@lru_cache(maxsize=1)
def _votes() -> Mapping[str, tuple[str, ...]]:
    """Word → the languages that it speaks for."""
    table: dict[str, tuple[str, ...]] = {}
    lists: dict[str, str] = read_lexicon(Resources().lexicon("language"))["words"]
    for code, block in lists.items():
        for word in set(block.split()):
            table[word] = (*table.get(word, ()), code)
    return table


def english_alone(word: str) -> bool:
    """Whether a folded word is listed for English and for no other language."""
    return _votes().get(word) == ("en",)


def identify(text: str, words: Sequence[str], as_written: bool = False) -> Language:
    """Main language of `text` whose folded words are `words`: `as_written` when no disguise was undone."""
    if not text.isascii() and _OTHER_SCRIPT.search(text) and (foreign := _by_script(text)) is not None:
        return foreign
    if _MAYBE_NOISE.search(text):
        plain = _without_figures(text, words) if as_written else None
        words = _words_without_noise(text) if plain is None else plain
    return _plainly_french(words) or _by_vote(text, words)


def _without_figures(text: str, words: Sequence[str]) -> list[str] | None:
    """The words but figures, where figures that stand alone are all the noise there is; else None."""
    if _OTHER_NOISE.search(text):
        return None
    kept = [word for word in words if word.isalpha() or word in _ELIDED]
    figures = [word for word in words if word.isdecimal()]
    if len(kept) + len(figures) < len(words) or len(figures) != len(_FIGURES.findall(text)):
        return None
    elided = any(word[-1] == "'" and after.isdecimal() for word, after in pairwise(words))
    return None if elided else kept


def _words_without_noise(text: str) -> list[str]:
    """The folded words that are no links, names, tags or figures."""
    return _WORD.findall(normalise(_NOISE.sub(" ", text)).text)


def _plainly_french(words: Sequence[str]) -> Language | None:
    """French where words of French alone vote and no other language does: most messages."""
    distinct = frozenset(words)
    french, foreign, shared = _camps()
    votes = len(distinct & french)
    if votes and distinct.isdisjoint(foreign) and len(words) > 1:
        return _french(votes + len(distinct & shared), len(distinct))
    return None


@lru_cache(maxsize=1024)
def _french(votes: int, words: int) -> Language:
    """French that nothing speaks against, by `votes` of `words` different words."""
    return Language("fr", _confidence(votes, 0.0, words))


@lru_cache(maxsize=1)
def _camps() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Words of French, words of any other language that French has not, and French words that English
    writes too (they say little: «on», «me», «a»)."""
    votes = _votes()
    shared = frozenset(read_lexicon(Resources().lexicon("language"))["shared"].split())
    french = frozenset(word for word, codes in votes.items() if "fr" in codes)
    return french - shared, frozenset(votes) - french, shared


def _by_vote(text: str, words: Sequence[str]) -> Language:
    """Every language's function words counted; the learned model asked where they do not settle it."""
    counted = _without_tails([word for word in words if word[0].isalpha()])
    if len(counted) < 2:
        return UNDETERMINED
    score = _tally(counted)
    signs = len(_FRENCH_SIGNS.findall(text)) if not text.isascii() else 0
    french = score.get("fr", 0.0) + 0.5 * min(4, signs)
    other, strongest = _strongest(score, text)
    if not signs and _camps()[0].isdisjoint(counted):
        return _without_french(text, counted, french, other, strongest)
    if other != "en" and strongest > french and _mostly_foreign(counted):
        return Language(other, _FEW_WORDS)
    if french > 0 and french >= strongest:
        return Language("fr", _confidence(french, strongest, len(counted)))
    if len(counted) < _FEWEST_WORDS:
        return UNDETERMINED
    if strongest >= _FEWEST_VOTES and strongest >= 2 * french and strongest / len(counted) >= 0.2:
        return Language(other, _confidence(strongest, french, len(counted)))
    if len(counted) < _ASK_FROM:
        return UNDETERMINED if french < 1 else Language("fr", 0.6)
    return _learned(text, french / len(counted))


def _without_french(
    text: str, counted: Sequence[str], french: float, other: str, strongest: float
) -> Language:
    """No word says French alone. Two words say nothing, unless both are English alone; more may be another
    language, if its own words or the model say so."""
    undecided = UNDETERMINED
    if french > 0 and french >= strongest:
        undecided = Language("fr", _confidence(french, strongest, len(counted)))
    if len(counted) < _FEWEST_WORDS:
        return Language(other, _FEW_WORDS) if other == "en" and strongest == len(counted) else undecided
    if strongest >= _FEWEST_VOTES and strongest > french and strongest / len(counted) >= 0.2:
        return Language(other, _confidence(strongest, french / 2, len(counted)))
    if other != "en" and strongest > french and _mostly_foreign(counted):
        return Language(other, _FEW_WORDS)
    likely = dict(_identifier().rank(_NOISE.sub(" ", text).strip().lower()))
    code = max(likely, key=lambda each: (likely[each], each))
    lead = float(likely[code]) / max(1e-9, float(likely["fr"]))
    if code == "fr" or lead < _LIKELY:
        return Language("fr", 0.6) if code == "fr" and undecided is UNDETERMINED else undecided
    enough = len(counted) >= _ASK_FROM
    if code == other == "en" and (enough or lead >= _UNLIKELY):
        return Language(code, 0.8)
    if enough and lead >= _UNLIKELY and (code == "en" or (likely[code] >= _SURE and french < 1)):
        return Language(code, 0.75)
    return undecided


def _mostly_foreign(counted: Sequence[str]) -> bool:
    """Whether two words in three are of other languages alone, whichever: «Quando abre a piscina?»."""
    foreign = sum(word in _camps()[1] for word in counted)
    return foreign >= _FEWEST_VOTES and 3 * foreign >= 2 * len(counted) >= 2 * _FEWEST_WORDS


def _without_tails(words: list[str]) -> list[str]:
    """The words without the tails of English contractions: those of «he's», «don't», «you're» are not the
    French «s», «t», «re»."""
    openers, tails = _contractions()
    return [
        word
        for place, word in enumerate(words)
        if not (place and word in tails and words[place - 1] in openers)
    ]


@lru_cache(maxsize=1)
def _contractions() -> tuple[frozenset[str], frozenset[str]]:
    content = read_lexicon(Resources().lexicon("language"))["contractions"]
    return frozenset(content["openers"].split()), frozenset(content["tails"].split())


def _tally(words: Sequence[str]) -> dict[str, float]:
    """Votes by language; a word of several languages gives each a share."""
    votes, shared = _votes(), _camps()[2]
    score: dict[str, float] = {}
    for word in words:
        for code in votes.get(word, ()):
            most = 0.5 if code == "fr" and word in shared else 1.0
            score[code] = score.get(code, 0.0) + min(most, 1.0 / len(votes[word]))
    return score


def _strongest(score: Mapping[str, float], text: str) -> tuple[str, float]:
    foreign = {code: value for code, value in score.items() if code != "fr"}
    if not text.isascii():
        if _SPANISH.search(text):
            foreign["es"] = foreign.get("es", 0.0) + 2
        if _PORTUGUESE.search(text):
            foreign["pt"] = foreign.get("pt", 0.0) + 2
    if not foreign:
        return "und", 0.0
    code = max(foreign, key=lambda each: (foreign[each], each))
    return code, foreign[code]


def _confidence(winner: float, loser: float, words: int) -> float:
    """Grows with the lead and with the share of words that voted."""
    lead = (winner - loser) / (winner + loser)
    share = min(1.0, winner / words * 2)
    return round(min(0.99, 0.55 + 0.25 * lead + 0.2 * share), 2)


def _by_script(text: str) -> Language | None:
    """The language of another script, when most letters are of it."""
    counts: dict[str, int] = {}
    letters = 0
    for sign in text:
        if sign.isalpha():
            letters += 1
            if ord(sign) >= 0x370:
                script = unicodedata.name(sign, "?").partition(" ")[0]
                counts[script] = counts.get(script, 0) + 1
    if not counts:
        return None
    script = max(counts, key=lambda each: (counts[each], each))
    if counts[script] < 3 or counts[script] * 2 < letters or script not in _SCRIPTS:
        return None
    return Language(_SCRIPTS[script], round(min(0.99, 0.6 + 0.4 * counts[script] / letters), 2))


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    whole.set_languages(_CANDIDATES)
    # Made anew from what is left, so that the columns of a hundred other languages (24 MB) can go.
    return LanguageIdentifier(
        whole.nb_ptc,
        whole.nb_pc,
        whole.nb_classes,
        whole.tk_nextmove,
        whole.tk_output,
        norm_probs=True,
        tk_row=whole.tk_row,
    )


def _learned(text: str, french_share: float) -> Language:
    """What the learned model says, doubted where French words stand in the text."""
    plain = _NOISE.sub(" ", text).strip()
    code, probability = _identifier().classify(plain.lower())
    sure = float(probability)
    if code == "fr":
        return Language("fr", round(min(0.95, max(0.6, sure)), 2))
    if sure < _SURE or french_share > 0.15:
        return UNDETERMINED
    return Language(str(code), round(min(0.9, sure), 2))
