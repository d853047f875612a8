"""Where the learned model would send a message, beside the scores of routes.yaml."""

from __future__ import annotations

from collections.abc import Iterable

from console.domain.verdicts import Route
from console.netiquette.cues.detector import CueDetector
from console.netiquette.learned.features import Extractor
from console.netiquette.learned.model import Model
from console.netiquette.learned.routing import ROUTES, route_features
from console.netiquette.lexicon.scanner import scanner
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


class LearnedRoutes(CueDetector):
    """One hint a route."""

    topic = "routes"

    def __init__(self, resources: Resources) -> None:
        super().__init__(resources)
        self.name = "learned_routes"
        self._scanner = scanner(resources.folder)
        self._extractor = Extractor(self._scanner.compiled)
        self._model = Model.load(resources.folder / "model" / "routes.npz")

    def detect(self, document: Document, context: Context) -> Iterable[Evidence | RouteHint | Shield]:
        """Hints in log-odds."""
        if not document.tokens:
            return
        base = document.once(
            "features", lambda: self._extractor.extract(self._scanner.read(document, context.parent))
        )
        reader = self.reader(document, context)
        features = route_features(base, reader)
        for name, score in zip(ROUTES, self._model.scores(features).tolist(), strict=False):
            route = Route(name)
            readiness = _READINESS
            if route is Route.NONE:
                readiness = 0.0
            elif route is Route.EMERGENCY:
                readiness = _CALM if _DANGER.isdisjoint(reader.cues) else _ALERT
            weight = _SHARE * (score + readiness)
            yield RouteHint(route, max(-_LOUDEST, min(_LOUDEST, weight)), self.name)
