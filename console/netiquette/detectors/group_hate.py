"""Contempt, hatred and exclusion of groups (nétiquette, art. 4: hate, discrimination and the -isms)."""

from __future__ import annotations

from console.netiquette.lexicon.family import FrameDetector


class GroupHateDetector(FrameDetector):
    """Frames of resources/frames/group_hate.yaml; the group met decides which rule is broken."""

    name = "group_hate"
