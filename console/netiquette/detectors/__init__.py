"""The layers of the engine. A new detector is one file here and one line in `DETECTORS`.

Each entry builds its detector from the shared, read-only `Resources`; the order is the order of work
and does not change the verdict.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from console.netiquette.model import Detector
from console.netiquette.resources import Resources

DETECTORS: tuple[str, ...] = (
    "form:Form",
    "gibberish:Gibberish",
    "foreign:Foreign",
    "identifiers:Identifiers",
    "links:Links",
    "lexicon:LexiconDetector",
    "semantics:SemanticsDetector",
    "threats:ThreatDetector",
    "defamation:DefamationDetector",
    "disinformation:DisinformationDetector",
    "group_hate:GroupHateDetector",
    "aggression:AggressionDetector",
    "sexual:SexualDetector",
    "protections:ProtectionDetector",
)
"""`module:Class` under this package, one line each; `Class(resources)` builds it."""


def build_detectors(resources: Resources, names: tuple[str, ...] = DETECTORS) -> tuple[Detector, ...]:
    """Every registered detector, built once."""
    return tuple(_class(name)(resources) for name in names)


def _class(name: str) -> Callable[[Resources], Detector]:
    module, _, attribute = name.partition(":")
    found: Callable[[Resources], Detector] = getattr(import_module(f"{__name__}.{module}"), attribute)
    return found
