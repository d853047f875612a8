"""What else looks at messages, beside the engine in the same run: a word list, a linear filter, a finder of
identifiers. Each does a part of what a verdict takes. What is not installed is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from console.netiquette.engine import Engine
from console.netiquette.lexicon.scanner import scanner

Peer = Callable[[str], object]


def word_list(engine: Engine) -> Peer | None:
    """Every lemma that offends by itself, by one pattern: no forms, no senses, no context."""
    entries = scanner(engine.resources.folder).compiled.entries
    words = sorted({re.escape(entry.lemma) for entry in entries if entry.rules and entry.lemma.isalpha()})
    pattern = re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
    return pattern.findall


def linear_filter(engine: Engine) -> Peer | None:
    """TF-IDF of character n-grams and logistic regression (scikit-learn), trained here on the lexicon's own
    examples."""
    try:
        text: Any = import_module("sklearn.feature_extraction.text")
        linear: Any = import_module("sklearn.linear_model")
    except ImportError:
        return None
    entries = scanner(engine.resources.folder).compiled.entries
    offending = [each for entry in entries if entry.rules for each in entry.hit]
    others = [each for entry in entries if entry.rules for each in entry.miss]
    table = text.TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5))
    model = linear.LogisticRegression(max_iter=200)
    model.fit(table.fit_transform([*offending, *others]), [1] * len(offending) + [0] * len(others))
    return lambda message: model.predict_proba(table.transform([message]))


def identifiers(engine: Engine) -> Peer | None:
    """The pattern recognisers of presidio-analyzer, without a language model."""
    try:
        known: Any = import_module("presidio_analyzer.predefined_recognizers")
    except ImportError:
        return None
    names = ("CreditCardRecognizer", "EmailRecognizer", "IbanRecognizer", "PhoneRecognizer")
    recognisers = [getattr(known, name)() for name in names]
    return lambda message: [each.analyze(message, each.supported_entities) for each in recognisers]


PEERS: Mapping[str, Callable[[Engine], Peer | None]] = {
    "a word list": word_list,
    "TF-IDF and a linear model": linear_filter,
    "presidio's patterns": identifiers,
}
"""Name → what makes it, or None where it is not installed."""
