"""Checkable falsehoods on health, safety, elections or the city stated as fact (nétiquette, art. 4)."""

from __future__ import annotations

from console.netiquette.lexicon.family import FrameDetector


class DisinformationDetector(FrameDetector):
    """Frames of resources/frames/disinformation.yaml."""

    name = "disinformation"
