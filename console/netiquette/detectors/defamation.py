"""A crime or dishonourable fact imputed to somebody as if proven (nétiquette, art. 4)."""

from __future__ import annotations

from console.netiquette.lexicon.family import FrameDetector


class DefamationDetector(FrameDetector):
    """Frames of resources/frames/defamation.yaml."""

    name = "defamation"
