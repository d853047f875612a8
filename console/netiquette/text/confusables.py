"""Signs that look like Latin letters, and how one code point is folded.

The tables hold what Unicode's own decomposition (NFKD, Unicode Standard Annex 15) does not give:
look-alikes of other scripts (after Unicode Technical Standard 39, «confusables»), small capitals,
turned letters, letters in squares, strokes and ligatures.
"""

from __future__ import annotations

import unicodedata

_LOOK_ALIKES = {
    # Cyrillic
    "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "ғ": "f", "һ": "h", "і": "i", "ї": "i",
    "ј": "j", "к": "k", "ӏ": "l", "м": "m", "н": "h", "о": "o", "р": "p", "ԛ": "q", "г": "r", "ѕ": "s",
    "т": "t", "ц": "u", "ѵ": "v", "ѡ": "w", "х": "x", "у": "y", "ү": "y", "ԝ": "w", "ь": "b", "п": "n",
    "и": "u", "я": "r", "з": "3", "А": "a", "В": "b", "С": "c", "Е": "e", "Н": "h", "І": "i", "Ј": "j",
    "К": "k", "М": "m", "О": "o", "Р": "p", "Ѕ": "s", "Т": "t", "Х": "x", "У": "y", "З": "3",
    # Greek
    "α": "a", "β": "b", "ϲ": "c", "ε": "e", "η": "n", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p",
    "σ": "o", "τ": "t", "υ": "u", "χ": "x", "ω": "w", "γ": "y", "μ": "u", "Α": "a", "Β": "b", "Ε": "e",
    "Ζ": "z", "Η": "h", "Ι": "i", "Κ": "k", "Μ": "m", "Ν": "n", "Ο": "o", "Ρ": "p", "Τ": "t", "Υ": "y",
    "Χ": "x",
    # Armenian, Cherokee and others seen in disguises
    "ա": "w", "օ": "o", "ս": "u", "ո": "n", "հ": "h", "ց": "g", "զ": "q", "Ꭺ": "a", "Ᏼ": "b", "Ꮯ": "c",
    "Ꭰ": "d", "Ꭼ": "e", "Ꮋ": "h", "Ꭵ": "i", "Ꭻ": "j", "Ꮶ": "k", "Ꮮ": "l", "Ꮇ": "m", "Ꮲ": "p", "Ꮪ": "s",
    "Ꭲ": "t", "Ꮩ": "v", "Ꮃ": "w", "Ꮓ": "z", "ꓮ": "a", "ꓐ": "b", "ꓚ": "c", "ꓓ": "d", "ꓰ": "e", "ꓲ": "i",
    "ꓳ": "o", "ꓢ": "s", "ꓴ": "u", "ⲟ": "o", "ⲥ": "c",
}  # fmt: skip
_SMALL_CAPITALS = dict(
    zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True),
)
_TURNED = dict(zip("ɐɔǝɟɓɥᴉɾʞɯʇʌʍʎ", "acefghijkmtvwy", strict=True)) | {
    "ɑ": "a",
    "ɡ": "g",
    "ɩ": "i",
    "ʋ": "v",
}
_SQUARED = {
    chr(base + index): chr(ord("a") + index)
    for base in (0x1F150, 0x1F170, 0x1F130, 0x24B6, 0x24D0)
    for index in range(26)
}
HOMOGLYPHS: dict[str, str] = _LOOK_ALIKES | _SMALL_CAPITALS | _TURNED | _SQUARED
"""Look-alike → Latin letter. Applied only in texts that are otherwise Latin."""

_PLAIN = {
    "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d",
    "ð": "d", "ı": "i", "ħ": "h", "ŧ": "t", "ƒ": "f", "ɨ": "i", "ʉ": "u",
    "’": "'", "‘": "'", "‛": "'", "ʼ": "'", "ʹ": "'", "′": "'", "´": "'", "`": "'", "＇": "'", "‚": "'",
    "«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "‹": '"', "›": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "﹣": "-",
    "¨": " ", "¯": " ", "¸": " ", "˚": " ", "·": "·", "•": "•", "⁄": "/", "∕": "/", "×": "x",
    "…": "...", "\u2028": " ", "\u2029": " ",
}  # fmt: skip

_INVISIBLE = frozenset({"Cf", "Mn", "Me", "Cs", "Co"})
_SKIN_TONES = frozenset(chr(code) for code in range(0x1F3FB, 0x1F400))
_SOFT = frozenset({"\u115f", "\u1160", "\u3164", "\uffa0", "\u17b4", "\u17b5"})
"""Fillers that Unicode calls letters and nobody sees."""


def fold_character(character: str) -> str:
    """The folded form of one code point: lower case, no accents, "" for what nobody sees, " " for blanks."""
    plain = _PLAIN.get(character)
    if plain is not None:
        return plain
    if character.isspace():
        return " "
    if character in _SKIN_TONES or character in _SOFT:
        return ""
    category = unicodedata.category(character)
    if category in _INVISIBLE:
        return ""
    if category == "Cc":
        return " "
    decomposed = unicodedata.normalize("NFKD", character).casefold()
    decomposed = unicodedata.normalize("NFKD", decomposed)
    kept = [_PLAIN.get(each, each) for each in decomposed if unicodedata.category(each) not in _INVISIBLE]
    folded = "".join(kept)
    return " " if folded and folded.isspace() else folded


def is_zero_width(character: str) -> bool:
    """Whether the sign hides between letters: joiners, spaces of no width, bidirectional marks, fillers."""
    if character in _SOFT:
        return True
    return unicodedata.category(character) == "Cf" and character not in "\u200d\u00ad\ufeff"
