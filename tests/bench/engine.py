"""How fast the verdict engine is ready and judges: `python -m tests.bench.engine`."""

from __future__ import annotations

import cProfile
import pstats
import subprocess
import sys
import time
from itertools import cycle, islice

from console.domain.messages import FACEBOOK, Channel
from console.netiquette.engine import Engine
from console.netiquette.model import Context
from console.netiquette.policy_loader import shipped
from console.netiquette.text.document import build

MESSAGES = (
    "Bonjour, la lumière de rue au coin de Saint-Jean et Lindsay est brûlée depuis une semaine, merci!",
    "Est-ce que la piscine est ouverte demain malgré la pluie?",
    "Franchement, encore une hausse de taxes de 6 %. Le conseil ne nous écoute pas, pis y nous écoutera jamais.",
    "Merci à toute l’équipe pour la belle soirée au parc, mes enfants ont adoré les jeux gonflables! 😊",
    "Bravo!",
    "La gratte a passé trois fois hier soir pis elle a encore bloqué mon entrée, ça fait deux heures que je "
    "pellette. Est-ce qu’on pourrait avoir un peu de considération pour les gens âgés de la rue Marchand?",
    "Quelle honte de couper des arbres matures pour un stationnement. On parle d’environnement à longueur "
    "d’année, mais dès qu’un promoteur arrive on oublie tout. J’espère que le conseil va réviser sa décision.",
    "c quand les inscriptions pour le camp de jour svp",
)
ROUNDS = 4000


def main() -> None:
    """Print the time to be ready (a fresh process) and the time a message, with the dearest functions."""
    code = (
        "import time; start = time.perf_counter();"
        "from console.netiquette.engine import Engine;"
        "from console.netiquette.policy_loader import shipped;"
        "Engine(shipped()); print(time.perf_counter() - start)"
    )
    ready = float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout)
    engine = Engine(shipped())
    context = Context(Channel.COMMENT, FACEBOOK, parent="Avis de travaux sur la rue Lindsay cette semaine.")
    texts = list(islice(cycle(MESSAGES), ROUNDS))
    for text in MESSAGES:
        engine.judge(text, context)
    started = time.perf_counter()
    for text in texts:
        engine.judge(text, context)
    each = (time.perf_counter() - started) / ROUNDS
    print(f"ready in {ready:.2f} s; {each * 1e6:.0f} µs a message, {1 / each:,.0f} messages/s on one core")
    documents = [build(text) for text in MESSAGES]
    for detector in engine.detectors:
        started = time.perf_counter()
        for document in islice(cycle(documents), ROUNDS):
            fresh = build(document.original)
            list(detector.detect(fresh, context))
        spent = (time.perf_counter() - started) / ROUNDS
        print(f"  {detector.name:24} {spent * 1e6:6.1f} µs (with the document)")
    if "--profile" in sys.argv:
        profile = cProfile.Profile()
        profile.runcall(lambda: [engine.judge(text, context) for text in texts])
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
