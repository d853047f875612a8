"""Sexual connotation about a person, proposals, sexual spam (nétiquette, art. 6)."""

from __future__ import annotations

from console.netiquette.lexicon.family import FrameDetector


class SexualDetector(FrameDetector):
    """Frames of resources/frames/sexual.yaml."""

    name = "sexual"
