"""The engine, the scanner and a way to judge, built once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from console.domain.messages import FACEBOOK, Channel
from console.domain.verdicts import Verdict
from console.netiquette.engine import Engine
from console.netiquette.lexicon.reading import Reading
from console.netiquette.lexicon.scanner import Scanner, scanner
from console.netiquette.model import Context
from console.netiquette.policy_loader import shipped
from console.netiquette.text.document import build
from console.paths import RESOURCES

Judge = Callable[..., Verdict]
Read = Callable[..., Reading]


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine(shipped())


@pytest.fixture(scope="session")
def judge(engine: Engine) -> Judge:
    def judged(text: str, parent: str = "", channel: Channel = Channel.COMMENT) -> Verdict:
        return engine.judge(text, Context(channel, FACEBOOK, parent=parent))

    return judged


@pytest.fixture(scope="session")
def reader() -> Scanner:
    return scanner(RESOURCES)


@pytest.fixture(scope="session")
def read(reader: Scanner) -> Read:
    return lambda text, parent="": reader.read(build(text), parent)
