"""Where the learned model would send a message, beside the scores of routes.yaml."""

from __future__ import annotations

import math
from collections.abc import Iterable

from console.domain.verdicts import Route
from console.netiquette.cues.detector import CueDetector
from console.netiquette.learned.model import ROUTES
from console.netiquette.learned.scoring import scorer
from console.netiquette.model import Context, Evidence, RouteHint, Shield
from console.netiquette.resources import Resources
from console.netiquette.text.document import Document

_SHARE = 0.75
"""How much the model's log-odds count beside the scores."""
_READINESS, _ALERT, _CALM = 2.0, 2.5, 0.5
"""Added for every route but `none`: a question left unanswered is worse than one asked in jest. For an
emergency it depends on whether any word of danger or help is there."""
_DANGER = frozenset(f"routes.{cue}" for cue in ("peril", "stuck", "water", "call", "medical", "power"))
_LOUDEST = 6.0
_FAINTEST = 1e-4


class LearnedRoutes(CueDetector):
    """One hint a route."""

    topic = "routes"

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self.name = "learned_routes"
        self._scorer = scorer(resources)

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """Hints in log-odds."""
        if not document.tokens:
            return
        reader = self.reader(document, context)
        scores = _log_odds(self._scorer.scores(document, context)[-len(ROUTES) :].tolist())
        for name, score in zip(ROUTES, scores, strict=True):
            route = Route(name)
            readiness = _READINESS
            if route is Route.NONE:
                readiness = 0.0
            elif route is Route.EMERGENCY:
                readiness = _CALM if _DANGER.isdisjoint(reader.cues) else _ALERT
            weight = _SHARE * (score + readiness)
            yield RouteHint(route, max(-_LOUDEST, min(_LOUDEST, weight)), self.name)


def _log_odds(scores: list[float]) -> list[float]:
    """Each route's log-odds against all others, from the scores of one choice among them."""
    top = max(scores)
    shares = [math.exp(score - top) for score in scores]
    whole = sum(shares)
    return [math.log(share / max(whole - share, _FAINTEST)) if share else -_LOUDEST for share in shares]
