"""French and Québec inflection in folded spelling: gender and number of nouns, forms of verbs, variants.

Over-generation is meant: a form that nobody writes is never met, a form that is missing is.
Source of the endings: Bescherelle models, Office québécois de la langue française for -eux/-euse.
"""

from __future__ import annotations

from console.netiquette.lexicon.folding import fold

_FEMININE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("teur", ("teuse", "trice")),
    ("eur", ("euse", "eure")),
    ("eux", ("euse",)),
    ("oux", ("ouse",)),
    ("if", ("ive",)),
    ("er", ("ere",)),
    ("ais", ("aise", "aisse")),
    ("eau", ("elle",)),
    ("el", ("elle",)),
    ("en", ("enne",)),
    ("on", ("onne", "one")),
    ("et", ("ette", "ete")),
    ("ot", ("ote", "otte")),
    ("at", ("ate", "atte")),
    ("os", ("osse", "ose")),
    ("as", ("asse",)),
    ("ou", ("oue",)),
    ("f", ("ve",)),
    ("c", ("que", "che")),
    ("l", ("le", "lle")),
)

_ER = [
    "e",
    "es",
    "ent",
    "ons",
    "ez",
    "er",
    "ais",
    "ait",
    "aient",
    "ions",
    "iez",
    "a",
    "as",
    "ai",
    "ames",
    "ates",
    "erent",
    "ant",
    "ee",
    "ees",
    "erai",
    "eras",
    "era",
    "erons",
    "erez",
    "eront",
    "erais",
    "erait",
    "eraient",
    "erions",
    "eriez",
]
_IR = [
    "is",
    "it",
    "issons",
    "issez",
    "issent",
    "issais",
    "issait",
    "issaient",
    "issant",
    "isse",
    "isses",
    "ir",
    "i",
    "ie",
    "ies",
    "irent",
    "irai",
    "iras",
    "ira",
    "irons",
    "irez",
    "iront",
    "irais",
    "irait",
    "iraient",
    "irions",
    "iriez",
]
_RE = [
    "s",
    "ons",
    "ez",
    "ent",
    "ais",
    "ait",
    "aient",
    "ions",
    "iez",
    "is",
    "it",
    "irent",
    "ant",
    "u",
    "ue",
    "us",
    "ues",
    "e",
    "es",
    "re",
    "rai",
    "ras",
    "ra",
    "rons",
    "rez",
    "ront",
    "rais",
    "rait",
    "raient",
    "rions",
    "riez",
]
_FUTURE = ["ai", "as", "a", "ons", "ez", "ont", "ais", "ait", "aient", "ions", "iez"]
_IMPERFECT = ["ais", "ait", "aient", "ions", "iez", "ant", "ons", "ez"]
_SUBJUNCTIVE = ["e", "es", "ent"]

# ending: (present, imperfect stem, future stem, participles, subjunctive stem)
_IRREGULAR: dict[str, tuple[str, str, str, str, str]] = {
    "mettre": ("mets met", "mett", "mettr", "mis mise mises mit mirent", "mett"),
    "battre": ("bats bat", "batt", "battr", "battu battue battus battues", "batt"),
    "foutre": ("fous fout", "fout", "foutr", "foutu foutue foutus foutues", "fout"),
    "prendre": ("prends prend prennent", "pren", "prendr", "pris prise prises prit prirent", "prenn"),
    "vivre": ("vis vit", "viv", "vivr", "vecu vecue vecus", "viv"),
    "suivre": ("suis suit", "suiv", "suivr", "suivi suivie suivis suivies", "suiv"),
    "boire": ("bois boit boivent", "buv", "boir", "bu bue bus", "boiv"),
    "croire": ("crois croit croient", "croy", "croir", "cru crue crus", "croi"),
    "crire": ("cris crit", "criv", "crir", "crit crite crits crites", "criv"),
    "duire": ("duis duit", "duis", "duir", "duit duite duits duites", "duis"),
    "truire": ("truis truit", "truis", "truir", "truit truite truits truites", "truis"),
    "nuire": ("nuis nuit", "nuis", "nuir", "nui", "nuis"),
    "faire": ("fais fait font faites", "fais", "fer", "fait faite faits faites fit firent", "fass"),
    "dire": ("dis dit dites", "dis", "dir", "dit dite dits dites dirent", "dis"),
    "lire": ("lis lit", "lis", "lir", "lu lue lus lues", "lis"),
    "rire": ("ris rit rient", "ri", "rir", "ri", "ri"),
    "taire": ("tais tait", "tais", "tair", "tu tue", "tais"),
    "voir": ("vois voit voient", "voy", "verr", "vu vue vus vues vit virent", "voi"),
    "cevoir": ("cois coit coivent", "cev", "cevr", "cu cue cus cues", "coiv"),
    "devoir": ("dois doit doivent", "dev", "devr", "du due", "doiv"),
    "savoir": ("sais sait", "sav", "saur", "su", "sach"),
    "pouvoir": ("peux peut peuvent", "pouv", "pourr", "pu", "puiss"),
    "vouloir": ("veux veut veulent", "voul", "voudr", "voulu", "veuill"),
    "venir": ("viens vient viennent", "ven", "viendr", "venu venue venus venues vint", "vienn"),
    "tenir": ("tiens tient tiennent", "ten", "tiendr", "tenu tenue tenus tenues tint", "tienn"),
    "mourir": ("meurs meurt meurent", "mour", "mourr", "mort morte morts mortes", "meur"),
    "courir": ("cours court", "cour", "courr", "couru", "cour"),
    "partir": ("pars part", "part", "partir", "parti partie partis parties", "part"),
    "sortir": ("sors sort", "sort", "sortir", "sorti sortie sortis sorties", "sort"),
    "sentir": ("sens sent", "sent", "sentir", "senti sentie sentis", "sent"),
    "mentir": ("mens ment", "ment", "mentir", "menti", "ment"),
    "dormir": ("dors dort", "dorm", "dormir", "dormi", "dorm"),
    "etre": ("suis es est sommes etes sont", "et", "ser", "ete", "soi"),
    "avoir": ("ai as a ont", "av", "aur", "eu eue", "ai"),
    "aller": ("vais vas va vont", "all", "ir", "alle allee alles allees", "aill"),
    "chier": ("chis", "chi", "chier", "chie chiee chies", "chi"),
}
_KEYBOARD: tuple[tuple[str, str], ...] = (("qu", "k"), ("ph", "f"), ("ck", "k"), ("y", "i"))


def feminines(word: str) -> tuple[str, ...]:
    """The feminine forms that a folded masculine may take."""
    if word.endswith("e"):
        return (word,)
    for ending, others in _FEMININE:
        if word.endswith(ending):
            stem = word[: len(word) - len(ending)]
            return tuple(stem + other for other in others)
    return (word + "e", word + word[-1] + "e") if word[-1] in "nts" else (word + "e",)


def plurals(word: str) -> tuple[str, ...]:
    """The word itself and its plurals."""
    if word[-1] in "sxz":
        return (word,)
    if word.endswith(("au", "eu")):
        return (word, word + "x", word + "s")
    if word.endswith("al"):
        return (word, word[:-2] + "aux", word + "s")
    return (word, word + "s")


def nominal(word: str, gender: str = "mf") -> set[str]:
    """All genders and numbers of a noun or adjective; `gender` is "m", "f" (as written) or "mf"."""
    accented = word.endswith(("é", "ié"))
    word = fold(word)
    bases = {word, *(feminines(word) if gender == "mf" else ())}
    if accented and gender == "mf":
        bases.add(word + "e")
    return {form for base in bases for form in plurals(base)}


def verbal(infinitive: str) -> set[str]:
    """All simple forms and participles of a verb, given its infinitive («publie» stands for «publier»).

    Raises:
        ValueError: what is given does not end like an infinitive.
    """
    verb = fold(infinitive)
    if verb.endswith("e"):
        verb += (
            "" if verb.endswith("re") and verb.endswith(("tre", "dre", "vre", "ire", "ure", "pre")) else "r"
        )
    for ending, parts in _IRREGULAR.items():
        if verb.endswith(ending):
            return {verb, *_irregular(verb[: len(verb) - len(ending)], parts)}
    if verb.endswith("er"):
        return _first_group(verb[:-2])
    if verb.endswith("ir"):
        return {verb[:-2] + ending for ending in _IR}
    if verb.endswith("re"):
        stem = verb[:-2]
        return {stem, *(stem + ending for ending in _RE)}
    raise ValueError(f"not an infinitive: {infinitive}")


def _irregular(prefix: str, parts: tuple[str, str, str, str, str]) -> set[str]:
    present, imperfect, future, participles, subjunctive = parts
    forms = {prefix + form for form in (*present.split(), *participles.split())}
    forms |= {prefix + imperfect + ending for ending in _IMPERFECT}
    forms |= {prefix + future + ending for ending in _FUTURE}
    return forms | {prefix + subjunctive + ending for ending in _SUBJUNCTIVE}


def _first_group(stem: str) -> set[str]:
    forms = {stem + ending for ending in _ER}
    if stem.endswith("g"):
        forms |= {stem + "e" + ending for ending in ("ons", "ais", "ait", "aient", "a", "ant")}
    if stem.endswith("y"):
        forms |= {stem[:-1] + "i" + ending for ending in ("e", "es", "ent", "era", "erai", "erait", "eront")}
    if stem.endswith(("el", "et")):
        forms |= {stem + stem[-1] + ending for ending in ("e", "es", "ent", "era", "erai", "erait")}
    return forms


def variants(form: str) -> set[str]:
    """Keyboard and SMS spellings of one folded word of five letters or more: single consonants, k, f, i."""
    if len(form) < 5 or not form.isalpha():
        return set()
    found = {_single(form)}
    for old, new in _KEYBOARD:
        if old in form:
            found |= {form.replace(old, new), _single(form.replace(old, new))}
    if form[0] == "c" and form[1] in "aour":
        found.add("k" + form[1:])
    found.discard(form)
    return found


def _single(word: str) -> str:
    kept = [word[0]]
    for letter in word[1:]:
        if letter != kept[-1] or letter in "aeiou":
            kept.append(letter)
    return "".join(kept)
