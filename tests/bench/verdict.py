"""How fast the verdict engine is ready and judges: `python -m tests.bench.verdict [--profile]`.

The floor is one scan of the same messages for all words of the lexicon and the wordings, by automata, in the
same run: what any reading of them costs at least. The peers of `tests.bench._peers` run beside, too.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from itertools import cycle, islice
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from console.domain.messages import FACEBOOK, Channel
from console.netiquette.cues.detector import topics
from console.netiquette.engine import Engine
from console.netiquette.lexicon.forms import Forms
from console.netiquette.lexicon.scanner import Scanner, scanner
from console.netiquette.model import Context, Detector
from console.netiquette.policy_loader import shipped
from console.netiquette.text.document import Document, build
from console.paths import RESOURCES
from tests.bench._adversarial import FAMILIES, PLAIN, repeated
from tests.bench._peers import PEERS

MESSAGES = (
    "Bonjour, la lumière de rue au coin de Saint-Jean et Lindsay est brûlée depuis une semaine, merci!",
    "Est-ce que la piscine est ouverte demain malgré la pluie?",
    "Franchement, encore une hausse de taxes de 6 %. Le conseil ne nous écoute pas, et ça va durer.",
    "Merci à toute l’équipe pour la belle soirée au parc, mes enfants ont adoré les jeux gonflables! 😊",
    "Bravo!",
    "La gratte a passé trois fois hier soir pis elle a encore bloqué mon entrée, ça fait deux heures que je "
    "pellette. Est-ce qu’on pourrait avoir un peu de considération pour les gens âgés de la rue Marchand?",
    "Quelle honte de couper des arbres matures pour un stationnement. On parle d’environnement à longueur "
    "d’année, mais dès qu’un promoteur arrive on oublie tout. J’espère que le conseil va réviser ça.",
    "c quand les inscriptions pour le camp de jour svp",
)
"""What a city gets on a quiet day: nothing is found in them."""
ROUNDS = 2000
TARGET = 200e-6
"""Seconds of processor time a message may take."""
CONTEXT = Context(Channel.COMMENT, FACEBOOK, parent="Avis de travaux sur la rue Lindsay cette semaine.")
_LONG = 10_000


def main() -> None:
    """Print the time to be ready (a fresh process) and the time a message, layer by layer."""
    code = (
        "import time; start = time.process_time();"
        "from console.netiquette.engine import Engine;"
        "from console.netiquette.policy_loader import shipped;"
        "Engine(shipped()); print(time.process_time() - start)"
    )
    ready = min(
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout)
        for _ in range(3)
    )
    engine = Engine(shipped())
    texts = list(islice(cycle(MESSAGES), ROUNDS))
    _judge(engine, MESSAGES)
    each = _spent(partial(_judge, engine, texts))
    print(f"ready in {ready:.2f} s; {each * 1e6:.0f} µs a message, {1 / each:,.0f} messages/s on one core")
    pairs = [(text, CONTEXT) for text in texts]
    many = _spent(partial(engine.judge_many, pairs))
    print(
        f"  many at once {many * 1e6:.0f} µs; the limit is {TARGET * 1e6:.0f} µs: {many / TARGET:.1f} times"
    )
    sample = _sample()
    queue = _spent(partial(_judge, engine, sample), len(sample))
    print(f"  the sample queue, with its breaches: {queue * 1e6:.0f} µs")
    floor = _spent(partial(_scan, engine, texts))
    print(f"  floor {floor * 1e6:.0f} µs (one scan for the same words); a verdict: {each / floor:.1f} times")
    for name, make in PEERS.items():
        peer = make(engine)
        told = "not installed" if peer is None else f"{_spent(partial(_run, peer, texts)) * 1e6:.0f} µs"
        print(f"  peer, {name}: {told}")
    _growth(engine, each)
    print(f"  {'document':24} {_spent(partial(_read, texts)) * 1e6:6.1f} µs")
    documents = list(islice(cycle([build(text) for text in MESSAGES]), ROUNDS))
    for detector in engine.detectors:
        spent = _spent(partial(_detect, detector, documents))
        print(f"  {detector.name:24} {spent * 1e6:6.1f} µs (readings shared between layers not counted)")
    if "--profile" in sys.argv:
        profile = cProfile.Profile()
        profile.runcall(_judge, engine, texts)
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def _growth(engine: Engine, each: float) -> None:
    """With the length of a message, with the size of the lexicon, and on texts made to be slow."""
    for times in (4, 16):
        long = [" ".join([text] * times) for text in islice(cycle(MESSAGES), ROUNDS // times)]
        spent = _spent(partial(_judge, engine, long), len(long))
        print(f"  {times} times as long: {spent / each:.1f} times the time")
    documents = [build(text) for text in MESSAGES]
    known = scanner(engine.resources.folder).compiled
    times_of = {}
    for times in (1, 2, 4):
        size = known.forms.size * times
        more = [*_numbered(known.forms), *(_invented(number) for number in range(size - known.forms.size))]
        wider = Scanner(
            replace(
                known,
                forms=Forms(more),
                masks=known.masks + [0] * (size - len(known.masks)),
                owners=known.owners + [()] * (size - len(known.owners)),
                groups=known.groups + [""] * (size - len(known.groups)),
            )
        )
        times_of[times] = _spent(partial(_reread, wider, documents), len(documents) * 100)
        told = f"{times_of[times] * 1e6:.0f} µs, {times_of[times] / times_of[1]:.2f} times"
        print(f"  reading by {size:,} forms: {told}")
    spent_on = {name: _once(engine, repeated(part, _LONG)) for name, part in FAMILIES.items()}
    slowest = max(spent_on, key=lambda name: spent_on[name])
    plain = _once(engine, repeated(PLAIN, _LONG))
    print(
        f"  {_LONG:,} characters: plain {plain * 1e3:.0f} ms, "
        f"slowest of {len(FAMILIES)} kinds {spent_on[slowest] * 1e3:.0f} ms ({slowest})"
    )


def _numbered(forms: Forms) -> list[str]:
    """The forms in the order of their numbers."""
    return sorted(forms, key=forms.number)


def _invented(number: int) -> str:
    """A form that nobody writes; every second one goes on after a common word."""
    word = "".join(chr(ord("a") + number // 26**place % 26) for place in range(5))
    return f"zq{word}" if number % 2 else f"de zq{word}"


def _reread(reading: Scanner, documents: list[Document]) -> None:
    for _ in range(100):
        for document in documents:
            reading._read(document, "")


def _sample() -> list[str]:
    lines = Path(RESOURCES, "sample", "messages.jsonl").read_text(encoding="utf-8").splitlines()
    return [str(json.loads(line)["text"]) for line in lines]


def _judge(engine: Engine, texts: tuple[str, ...] | list[str]) -> None:
    for text in texts:
        engine.judge(text, CONTEXT)


def _run(peer: Callable[[str], object], texts: list[str]) -> None:
    for text in texts:
        peer(text)


def _scan(engine: Engine, texts: list[str]) -> None:
    """One pass a text for every form of the lexicon and every literal of the wordings."""
    forms = _automaton(engine)
    phrases = topics(engine.resources).phrasebook
    for text in texts:
        folded = text.lower()
        forms.find_matches_as_indexes(folded, overlapping=True)
        phrases.scan(folded)


@lru_cache(maxsize=1)
def _automaton(engine: Engine) -> AhoCorasick:
    return AhoCorasick([f" {form} " for form in scanner(engine.resources.folder).compiled.forms])


def _read(texts: list[str]) -> None:
    for text in texts:
        document = build(text)
        _ = document.sentences, document.language


def _detect(detector: Detector, documents: list[Document]) -> None:
    for document in documents:
        list(detector.detect(document, CONTEXT))


def _once(engine: Engine, text: str) -> float:
    return _spent(partial(engine.judge, text, CONTEXT), 1)


def _spent(work: Callable[[], object], messages: int = ROUNDS) -> float:
    """Seconds of processor time a message, best of three: other programs of the machine do not count."""
    times = []
    for _ in range(3):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times) / messages


if __name__ == "__main__":
    main()
