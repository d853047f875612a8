"""Threats, veiled ones too, wishes of harm, glorification and incitement (nétiquette, art. 4: violence)."""

from __future__ import annotations

from console.netiquette.lexicon.family import FrameDetector


class ThreatDetector(FrameDetector):
    """Frames of resources/frames/threats.yaml."""

    name = "threats"
