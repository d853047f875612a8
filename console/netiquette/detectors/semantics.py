"""Insult and contempt of a person: who is addressed or named × what is said (nétiquette, art. 4)."""

from __future__ import annotations

from console.netiquette.lexicon.family import FrameDetector


class SemanticsDetector(FrameDetector):
    """Frames of resources/frames/insult.yaml."""

    name = "insult"
