"""Hostile, menacing or bullying tone short of a threat of violence (nétiquette, art. 6)."""

from __future__ import annotations

from console.netiquette.lexicon.family import FrameDetector


class AggressionDetector(FrameDetector):
    """Frames of resources/frames/aggression.yaml."""

    name = "aggression"
