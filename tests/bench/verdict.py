"""How fast the verdict engine is ready and judges: `python -m tests.bench.verdict [--profile]`.

The floor is one scan of the same messages for all words of the lexicon and the wordings, by the same
automata, in the same run: what any reading of them costs at least.
"""

from __future__ import annotations

import cProfile
import pstats
import subprocess
import sys
import time
from collections.abc import Callable
from functools import lru_cache, partial
from itertools import cycle, islice

from ahocorasick_rs import AhoCorasick

from console.domain.messages import FACEBOOK, Channel
from console.netiquette.cues.detector import topics
from console.netiquette.engine import Engine
from console.netiquette.lexicon.scanner import scanner
from console.netiquette.model import Context, Detector
from console.netiquette.policy_loader import shipped
from console.netiquette.text.document import Document, build

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
ROUNDS = 2000
CONTEXT = Context(Channel.COMMENT, FACEBOOK, parent="Avis de travaux sur la rue Lindsay cette semaine.")


def main() -> None:
    """Print the time to be ready (a fresh process) and the time a message, layer by layer."""
    code = (
        "import time; start = time.perf_counter();"
        "from console.netiquette.engine import Engine;"
        "from console.netiquette.policy_loader import shipped;"
        "Engine(shipped()); print(time.perf_counter() - start)"
    )
    ready = float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout)
    engine = Engine(shipped())
    texts = list(islice(cycle(MESSAGES), ROUNDS))
    _judge(engine, MESSAGES)
    each = _spent(partial(_judge, engine, texts))
    print(f"ready in {ready:.2f} s; {each * 1e6:.0f} µs a message, {1 / each:,.0f} messages/s on one core")
    floor = _spent(partial(_scan, engine, texts))
    print(f"  floor {floor * 1e6:.0f} µs (one scan for the same words); a verdict: {each / floor:.1f} times")
    for times in (4, 16):
        long = [" ".join([text] * times) for text in islice(cycle(MESSAGES), ROUNDS // times)]
        spent = _spent(partial(_judge, engine, long), len(long))
        print(f"  {times} times as long: {spent / each:.1f} times the time")
    print(f"  {'document':24} {_spent(partial(_read, texts)) * 1e6:6.1f} µs")
    documents = list(islice(cycle([build(text) for text in MESSAGES]), ROUNDS))
    for detector in engine.detectors:
        spent = _spent(partial(_detect, detector, documents))
        print(f"  {detector.name:24} {spent * 1e6:6.1f} µs (readings shared between layers not counted)")
    if "--profile" in sys.argv:
        profile = cProfile.Profile()
        profile.runcall(_judge, engine, texts)
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def _judge(engine: Engine, texts: tuple[str, ...] | list[str]) -> None:
    for text in texts:
        engine.judge(text, CONTEXT)


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
