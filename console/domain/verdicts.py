"""The engine's opinion on one message. A suggestion: a person decides (A-2.1, art. 65.2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from console.domain.decisions import Action
from console.domain.ids import RuleId


class Severity(IntEnum):
    """How grave a breach is; the colours and shapes of the interface follow it."""

    INFORMATION = 1
    LIGHT = 2
    MEDIUM = 3
    GRAVE = 4


class Route(StrEnum):
    """Where the message should go, independent of any offence (annotation guide, «Route»)."""

    NONE = "none"
    SERVICE_311 = "service_311"
    COMPLAINT_311 = "complaint_311"
    ILLEGAL_311 = "illegal_311"
    QUESTION = "question"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open [start, end) in code points of the original text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule found broken, in which words and how sure (`confidence` 0–1, calibrated)."""

    rule: RuleId
    article: str
    severity: Severity
    confidence: float
    spans: tuple[Span, ...]
    explanation: str
    detectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Language:
    """ISO 639-1 code, or "und" when the text is too short to tell."""

    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """Which wording of the rules a verdict rests on: human label and SHA-256 (hex, 64)."""

    label: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.label}+{self.sha256[:12]}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Findings in falling gravity, then confidence. `criticism` marks allowed criticism (L7)."""

    findings: tuple[Finding, ...]
    route: Route
    language: Language
    actions: tuple[Action, ...]
    priority: int
    policy: PolicyVersion
    engine: str
    criticism: bool = False

    @property
    def severity(self) -> int:
        """The gravest finding, 0 when nothing was found."""
        return max((int(finding.severity) for finding in self.findings), default=0)
