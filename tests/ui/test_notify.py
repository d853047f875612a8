"""Every error has French words and a next step; a bug is logged with its stack and said once."""

from __future__ import annotations

import logging
import sys

import pytest
import yaml

from console.errors import CancelledError, EnvironmentProblemError, ValidationError, VigieError
from console.paths import RESOURCES
from tests.conftest import ExpectedLogs
from ui.notify import Notice, Notices, Toast, Tone

CODES = sorted(yaml.safe_load((RESOURCES / "catalogue" / "errors.fr.yaml").read_text("utf-8")))


@pytest.fixture
def heard(qapp: object) -> tuple[Notices, list[Notice | Toast]]:
    notices, told = Notices(), []
    notices.noticed.connect(told.append)
    notices.toasted.connect(told.append)
    return notices, told


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_said_in_the_page(code: str, heard: tuple[Notices, list[Notice]]) -> None:
    notices, told = heard
    notices.error(VigieError(code))
    assert told[0].code == code
    assert told[0].title
    assert told[0].title != code


def test_the_tone_follows_who_can_help(heard: tuple[Notices, list[Notice]]) -> None:
    notices, told = heard
    notices.error(ValidationError("note.empty"))
    notices.error(EnvironmentProblemError("export.write", path="/x", problem="plein"))
    assert [each.tone for each in told] == [Tone.WARNING, Tone.PROBLEM]
    assert told[0].next


def test_what_the_person_stopped_is_no_news(heard: tuple[Notices, list[Notice]]) -> None:
    notices, told = heard
    notices.error(CancelledError("cancelled"))
    assert told == []


def test_a_bug_is_logged_with_its_stack_and_said_once(
    heard: tuple[Notices, list[Notice]], expected_logs: ExpectedLogs, caplog: pytest.LogCaptureFixture
) -> None:
    expected_logs.expect("unexpected error")
    notices, told = heard
    for _ in range(3):
        try:
            raise ZeroDivisionError("/home/personne/secret")
        except ZeroDivisionError as error:
            notices.error(error)
    assert len(told) == 1
    assert told[0].code == "internal"
    assert "secret" not in told[0].title + told[0].next
    logged = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(logged) == 3
    assert logged[0].exc_info is not None


def test_what_escapes_from_a_slot_is_said_too(
    heard: tuple[Notices, list[Notice]], expected_logs: ExpectedLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_logs.expect("unexpected error")
    notices, told = heard
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    notices.catch_all()
    try:
        raise RuntimeError("slot")
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    assert [each.code for each in told] == ["internal"]
