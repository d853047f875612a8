"""The layers of the engine. A new detector is one file here and one line in `DETECTORS`.

Each entry builds its detector from the shared, read-only `Resources`; the order is the order of work
and does not change the verdict.
"""

from __future__ import annotations

from importlib import import_module

from console.netiquette.cues.detector import CueDetector
from console.netiquette.model import Detector
from console.netiquette.resources import Resources

DETECTORS: tuple[str, ...] = (
    "functions:Functions",
    "form:Form",
    "foreign:Foreign",
    "gibberish:Gibberish",
    "identifiers:Identifiers",
    "links:Links",
    "fraud:Fraud",
    "repetition:Repetition",
    "conversation:Conversation",
    "off_topic:OffTopic",
    "advertising.yaml",
    "politics.yaml",
    "elections:Elections",
    "religion.yaml",
    "propaganda.yaml",
    "copyright.yaml",
    "privacy.yaml",
    "identity.yaml",
    "routes.yaml",
    "lexicon:LexiconDetector",
    "semantics:SemanticsDetector",
    "threats:ThreatDetector",
    "defamation:DefamationDetector",
    "disinformation:DisinformationDetector",
    "group_hate:GroupHateDetector",
    "aggression:AggressionDetector",
    "sexual:SexualDetector",
    "learned:LearnedDetector",
    "learned_routes:LearnedRoutes",
    "protections:ProtectionDetector",
)
"""One line each: `module:Class` under this package, built as `Class(resources)`; or `topic.yaml`, a file of
resources/lexicon whose cues and scores say all (see `console.netiquette.cues`)."""


def build_detectors(resources: Resources, names: tuple[str, ...] = DETECTORS) -> tuple[Detector, ...]:
    """Every registered detector, built once."""
    return tuple(_build(name, resources) for name in names)


def _build(name: str, resources: Resources) -> Detector:
    if name.endswith(".yaml"):
        return CueDetector(resources, name.removesuffix(".yaml"))
    module, _, attribute = name.partition(":")
    detector: Detector = getattr(import_module(f"{__name__}.{module}"), attribute)(resources)
    return detector
