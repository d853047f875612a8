"""Where a message goes: the cues of routes.yaml and the learned model, weighed as one choice."""

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

_READINESS, _ALERT, _CALM = 1.5, 2.0, -0.4
"""Added for every route but `none`: a question left unanswered is worse than one asked in jest. For an
emergency it depends on whether any word of danger or help is there."""
_DANGER = frozenset(f"routes.{cue}" for cue in ("peril", "stuck", "water", "call", "medical", "power"))
_HEARD, _HEARD_AGAINST = 0.7, 0.4
"""The share of what the cues say for a route, and against it, that the model has counted already."""
_LOUDEST = 6.0
_FAINTEST = 1e-4


class LearnedRoutes(CueDetector):
    """One hint a route: what the model makes of words and cues together, less what the cues say already."""

    topic = "routes"

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self.name = "learned_routes"
        self._scorer = scorer(resources)

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """Hints in log-odds."""
        if not document.texts:
            return ()
        said = dict.fromkeys(ROUTES, 0.0)
        for hint in self._scorer.hints(document, context):
            said[hint.route.value] += hint.weight
        danger = not _DANGER.isdisjoint(self.reader(document, context).cues)
        scores = _log_odds(self._scorer.scores(document, context)[-len(ROUTES) :].tolist())
        return [
            RouteHint(route, self._weight(route, score, danger) - _heard(said[route.value]), self.name)
            for route, score in zip(Route, scores, strict=True)
        ]

    def _weight(self, route: Route, score: float, danger: bool) -> float:
        readiness = _READINESS
        if route is Route.NONE:
            readiness = 0.0
        elif route is Route.EMERGENCY:
            readiness = _ALERT if danger else _CALM
        return max(-_LOUDEST, min(_LOUDEST, score + readiness))


def _heard(said: float) -> float:
    return said * (_HEARD if said > 0 else _HEARD_AGAINST)


def _log_odds(scores: list[float]) -> list[float]:
    """Each route's log-odds against all others, from the scores of one choice among them."""
    top = max(scores)
    shares = [math.exp(score - top) for score in scores]
    whole = sum(shares)
    return [math.log(share / max(whole - share, _FAINTEST)) if share else -_LOUDEST for share in shares]
