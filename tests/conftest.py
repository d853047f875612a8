"""The floor of every test: warnings, unexpected logs and the person's own files are out of bounds."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "vigie", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("vigie")


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class ExpectedLogs:
    """What a test says about the log: a record whose message holds one of these words is expected."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def expect(self, words: str) -> None:
        """Allow warnings and errors that hold `words`."""
        self.words.append(words)


@pytest.fixture
def expected_logs() -> ExpectedLogs:
    """Ask for it in a test that makes the program log a warning or an error on purpose."""
    return ExpectedLogs()


@pytest.fixture(autouse=True)
def _no_unexpected_logs(expected_logs: ExpectedLogs) -> Iterator[None]:
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    yield
    logging.getLogger().removeHandler(collector)
    surprises = [
        record.getMessage()
        for record in collector.records
        if not any(words in record.getMessage() for words in expected_logs.words)
    ]
    assert not surprises, f"unexpected log records: {surprises}"


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test ever touches the data of whoever runs it, nor the keyring of the system."""
    monkeypatch.setenv("VIGIE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VIGIE_AT_REST", "plain")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
