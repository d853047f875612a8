"""The contract of `vigie verdict`: one answer a line, in order, whatever comes in."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.errors import VigieError
from console.netiquette.engine import Engine
from console.netiquette.policy_loader import shipped
from console.services import verdicts
from console.services.wire import LONGEST_LINE, Run

ENGINE = Engine(shipped())
KEYS = {"id", "findings", "route", "language", "action", "priority", "policy", "engine"}


def judge(*lines: bytes) -> list[dict[str, object]]:
    """The answers to these lines."""
    return [json.loads(answer) for answer in Run(ENGINE).answers(lines)]


def line(**fields: object) -> bytes:
    """A well-formed line with these fields changed."""
    message = {"id": "1", "channel": "comment", "platform": "facebook", "text": "Merci!"} | fields
    return json.dumps(message).encode()


def test_an_answer_has_all_its_keys_and_spans_in_the_original_text() -> None:
    text = "🎉 Bonjour, mon gros épais de maire"
    (answer,) = judge(line(text=text, unknown={"a": 1}))
    assert set(answer) == KEYS
    findings = answer["findings"]
    assert isinstance(findings, list)
    assert findings
    for finding in findings:
        assert set(finding) == {"rule", "article", "severity", "confidence", "spans", "explanation"}
        assert finding["severity"] in (1, 2, 3, 4)
        assert 0 <= finding["confidence"] <= 1
        for start, end in finding["spans"]:
            assert 0 <= start < end <= len(text)
    assert "épais" in "".join(text[a:b] for finding in findings for a, b in finding["spans"])


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b"{", "verdict.line_unreadable"),
        (b"[]", "verdict.line_wrong"),
        (b'{"id": "7", "channel": "comment"}', "verdict.line_wrong"),
        (b'{"id": "7", "text": 3}', "verdict.line_wrong"),
        (b'{"id": "7", "text": "a", "channel": "shout"}', "verdict.line_wrong"),
        (b'{"id": "7", "text": "\xff"}', "verdict.line_unreadable"),
        (b"[" * 200_000, "verdict.line_wrong"),
        (
            b'{"id": "7", "text": "a", "x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
            "verdict.line_unreadable",
        ),
        (b"\x00\x00", "verdict.line_unreadable"),
        (b'{"id": "7", "text": "' + b"a" * LONGEST_LINE + b'"}', "verdict.line_long"),
    ],
)
def test_a_bad_line_is_answered_in_its_place_and_the_rest_goes_on(bad: bytes, code: str) -> None:
    first, wrong, last = judge(line(id="a"), bad, line(id="b"))
    assert (first["id"], last["id"]) == ("a", "b")
    error = wrong["error"]
    assert isinstance(error, dict)
    assert error["code"] in (code, "verdict.line_encoding")
    assert error["message"]
    assert ("id" in wrong) != ("line" in wrong)


def test_half_an_emoji_is_judged_like_any_text() -> None:
    (answer,) = judge(b'{"id": "a", "text": "gros \\ud83d \\u00e9pais", "platform": null}')
    assert answer["id"] == "a"
    assert set(answer) == KEYS


def test_an_id_that_is_half_an_emoji_comes_back_as_it_was() -> None:
    first, second = judge(b'{"id": "\\ud83d", "text": "Merci!"}', b'{"id": "\\ud83d", "text": 3}')
    assert first["id"] == "\ud83d"
    assert set(first) == KEYS
    assert "error" in second


def test_a_line_without_end_is_answered_once_and_not_kept_in_memory(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(line(id="a") + b"\n" + b"x" * (3 * LONGEST_LINE) + b"\n" + line(id="b"))
    assert verdicts.run(str(source), str(target)) == 1
    first, long, last = (json.loads(each) for each in target.read_text(encoding="utf-8").splitlines())
    assert (first["id"], long["error"]["code"], last["id"]) == ("a", "verdict.line_long", "b")


def test_blank_lines_and_a_byte_order_mark_are_no_messages() -> None:
    answers = judge(b"\xef\xbb\xbf" + line(id="a") + b"\r\n", b"\n", b"  \n", line(id="b"))
    assert [answer["id"] for answer in answers] == ["a", "b"]


def test_files_put_one_behind_the_other_keep_their_marks() -> None:
    answers = judge(line(id="a"), b"\xef\xbb\xbf" + line(id="b"), b"\xef\xbb\xbf")
    assert [answer["id"] for answer in answers] == ["a", "b"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are the system's")
def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    source, pipe = tmp_path / "in.jsonl", tmp_path / "pipe"
    source.write_bytes(line(id="a") + b"\n")
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(pipe.read_bytes)
        assert verdicts.run(str(source), str(pipe)) == 0
        assert json.loads(read.result())["id"] == "a"
    assert pipe.is_fifo()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    source, target, link = tmp_path / "in.jsonl", tmp_path / "out.jsonl", tmp_path / "link.jsonl"
    source.write_bytes(line(id="a") + b"\n")
    link.symlink_to(target)
    assert verdicts.run(str(source), str(link)) == 0
    assert link.is_symlink()
    assert json.loads(target.read_bytes())["id"] == "a"


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="a device that is always full")
def test_a_full_disk_behind_a_device_is_said(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(line(id="a") + b"\n")
    with pytest.raises(VigieError) as caught:
        verdicts.run(str(source), "/dev/full")
    assert caught.value.code == "verdict.cut_short"
    assert Path("/dev/full").is_char_device()


def test_the_same_author_repeating_is_noticed_within_one_run() -> None:
    text = "Vous cachez la vérité sur le dépotoir, réveillez-vous tout le monde!"
    author = {"id": "x", "name": "X"}
    answers = judge(*(line(id=str(number), text=text, author=author) for number in range(4)))
    rules = [{finding["rule"] for finding in answer["findings"]} for answer in answers]
    assert "repetition" not in rules[0]
    assert "repetition" in rules[-1]


def test_warnings_of_the_author_lead_up_the_ladder() -> None:
    def action(warnings: int) -> object:
        (answer,) = judge(line(text="t'es rien qu'un gros épais", author={"id": "x", "warnings": warnings}))
        return answer["action"]

    assert "warn" in str(action(0))
    assert "ban" in str(action(2))
    assert "warn" not in str(action(2))


@given(st.lists(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: line(text=text)), max_size=6))
def test_whatever_comes_in_every_line_gets_one_json_answer(lines: list[bytes]) -> None:
    lines = [each.replace(b"\n", b"").replace(b"\r", b"") for each in lines]
    answers = judge(*lines)
    assert len(answers) == sum(bool(each.removeprefix(b"\xef\xbb\xbf").strip()) for each in lines)
    assert all("error" in answer or set(answer) == KEYS for answer in answers)


@pytest.mark.parametrize("at_once", [2, 3, 64])
def test_lines_judged_together_are_answered_as_one_by_one(at_once: int) -> None:
    author = {"id": "a", "name": "Alex"}
    lines = [
        line(id=str(number), text=text, author=author)
        for number, text in enumerate(("Merci!", "Gros épais de maire", "Où est la piscine?") * 3)
    ]
    lines[4:4] = [b"", b"{", b'{"id": "7", "text": 3}']
    together = Run(ENGINE)
    assert list(together.answers(lines, at_once)) == list(Run(ENGINE).answers(lines))
    assert together.failed == 2


def test_files_are_written_whole_and_the_exit_status_tells_bad_lines(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(line(id="a") + b"\n" + b"{\n")
    assert verdicts.run(str(source), str(target)) == 1
    assert len(target.read_text(encoding="utf-8").splitlines()) == 2
    source.write_bytes(line(id="a") + b"\n")
    assert verdicts.run(str(source), str(target)) == 0
    assert len(target.read_text(encoding="utf-8").splitlines()) == 1


def test_what_cannot_be_read_or_written_is_said_and_nothing_is_touched(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(line())
    for given_source, target, code in (
        (str(tmp_path / "absent"), "-", "import.missing"),
        (str(source), str(source), "verdict.same_file"),
        (str(source), str(tmp_path / "absent/out.jsonl"), "verdict.unwritable"),
        (str(tmp_path), str(tmp_path / "out.jsonl"), "verdict.unreadable"),
    ):
        with pytest.raises(VigieError) as caught:
            verdicts.run(given_source, target)
        assert caught.value.code == code
    assert source.read_bytes() == line()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl"]
