"""The contract of `vigie verdict`: one JSON message a line in, one JSON verdict a line out.

In: `id`, `channel` (`comment`|`private`), `platform`, `text`; optional `account`, `parent`, `thread`
[{`author`,`text`,`at`}], `author` {`id`,`name`,`warnings`}, `posted_at`; unknown keys are ignored.
Out: `id`, `findings`, `route`, `language`, `action` (actions joined with "+"), `priority`, `policy`,
`engine`; or `id`/`line` and `error` {`code`,`message`}.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from console.catalogue import Catalogue
from console.domain.messages import OTHER, Channel, Platform, ThreadEntry
from console.domain.verdicts import Verdict
from console.errors import ValidationError
from console.netiquette.engine import Engine
from console.netiquette.model import Context, Earlier

LONGEST_LINE = 1 << 20
"""Bytes; a platform's longest text is far below, a longer line is no message."""
_MARK = b"\xef\xbb\xbf"
_REMEMBERED = 20
"""Earlier messages of one author that are kept as context within one run."""
_AUTHORS = 50_000


class _Entry(msgspec.Struct):
    author: str = ""
    text: str = ""
    at: str | None = None


class _Author(msgspec.Struct):
    id: str | int | None = None
    name: str | None = None
    warnings: int | None = None


class _Line(msgspec.Struct):
    id: str | int
    text: str
    channel: Channel = Channel.COMMENT
    platform: str | None = None
    account: str | None = None
    parent: str | None = None
    thread: list[_Entry] | None = None
    author: _Author | None = None
    posted_at: str | None = None


class _Id(msgspec.Struct):
    id: str | int


class _Asked(NamedTuple):
    id: str | int
    text: str
    context: Context


class Run:
    """One stream of lines. Remembers what each author wrote before in it, so that repetition shows."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._decode = msgspec.json.Decoder(_Line).decode
        self._encode = msgspec.json.Encoder().encode
        self._by_author: defaultdict[str, deque[Earlier]] = defaultdict(lambda: deque(maxlen=_REMEMBERED))
        self.failed = 0
        """Lines that could not be judged so far."""

    def answers(self, lines: Iterable[bytes], at_once: int = 1) -> Iterator[bytes]:
        """One answer (with its line feed) for each line that is not blank, in their order. A byte order mark
        may begin any line: files put one behind the other keep theirs. Lines are judged `at_once` together,
        which is sooner for all of them and later for the first."""
        waiting: list[_Asked | dict[str, object]] = []
        for number, raw in enumerate(lines, 1):
            line = raw.removeprefix(_MARK).strip()
            if line:
                waiting.append(self._asked(number, line))
            if len(waiting) >= at_once:
                yield from self._judged(waiting)
                waiting = []
        yield from self._judged(waiting)

    def _judged(self, waiting: Sequence[_Asked | dict[str, object]]) -> Iterator[bytes]:
        pairs = [(each.text, each.context) for each in waiting if isinstance(each, _Asked)]
        alone = len(pairs) == 1
        verdicts = iter([self._engine.judge(*pairs[0])] if alone else self._engine.judge_many(pairs))
        for each in waiting:
            answer = _said(each.id, next(verdicts)) if isinstance(each, _Asked) else each
            yield self._said(answer) + b"\n"

    def _said(self, answer: dict[str, object]) -> bytes:
        try:
            return self._encode(answer)
        except UnicodeEncodeError:
            # An id that is half an emoji goes back as it came, escaped.
            return json.dumps(answer, separators=(",", ":")).encode()

    def _asked(self, number: int, line: bytes) -> _Asked | dict[str, object]:
        """What is to be judged, or the answer for a line that cannot be."""
        try:
            message = self._read(line)
            return _Asked(message.id, message.text, self._context(message))
        except ValidationError as error:
            self.failed += 1
            said = Catalogue.load().say(error)
            return _place(number, line) | {"error": {"code": error.code, "message": str(said)}}

    def _read(self, line: bytes) -> _Line:
        if len(line) > LONGEST_LINE:
            raise ValidationError("verdict.line_long", most=LONGEST_LINE)
        try:
            return self._decode(line)
        except msgspec.ValidationError as error:
            raise ValidationError("verdict.line_wrong", detail=_field(str(error))) from error
        except msgspec.DecodeError as error:
            return _read_leniently(line, error)
        except UnicodeDecodeError as error:
            raise ValidationError("verdict.line_encoding") from error
        except RecursionError as error:
            raise ValidationError("verdict.line_unreadable") from error

    def _context(self, message: _Line) -> Context:
        author = message.author or _Author()
        key = str(author.id if author.id is not None else author.name or "")
        posted_at = _time(message.posted_at)
        context = Context(
            channel=message.channel,
            platform=Platform(message.platform) if message.platform else OTHER,
            account=message.account or "",
            parent=message.parent or "",
            thread=tuple(
                ThreadEntry(each.author, each.text, _time(each.at)) for each in message.thread or ()
            ),
            author=key,
            author_name=author.name or "",
            delivered_warnings=max(author.warnings or 0, 0),
            posted_at=posted_at,
            author_recent=tuple(self._by_author[key]) if key else (),
        )
        if key:
            self._by_author[key].append(Earlier(message.text, posted_at, message.parent or ""))
            if len(self._by_author) > _AUTHORS:
                self._by_author.pop(next(iter(self._by_author)))
        return context


def _read_leniently(line: bytes, refused: msgspec.DecodeError) -> _Line:
    """Half a surrogate pair («\\ud83d»), as platforms cut emoji in two: no valid JSON, yet a message."""
    try:
        return msgspec.convert(json.loads(line), _Line)
    except msgspec.ValidationError as error:
        raise ValidationError("verdict.line_wrong", detail=_field(str(error))) from error
    except (ValueError, RecursionError):
        raise ValidationError("verdict.line_unreadable") from refused


def _said(message_id: str | int, verdict: Verdict) -> dict[str, object]:
    return {
        "id": message_id,
        "findings": [
            {
                "rule": finding.rule,
                "article": finding.article,
                "severity": int(finding.severity),
                "confidence": round(finding.confidence, 4),
                "spans": [[span.start, span.end] for span in finding.spans],
                "explanation": finding.explanation,
            }
            for finding in verdict.findings
        ],
        "route": verdict.route.value,
        "language": {"code": verdict.language.code, "confidence": round(verdict.language.confidence, 4)},
        "action": "+".join(action.value for action in verdict.actions),
        "priority": verdict.priority,
        "policy": str(verdict.policy),
        "engine": verdict.engine,
    }


def _place(number: int, line: bytes) -> dict[str, object]:
    """The id when the line has a readable one, else its number."""
    try:
        return {"id": msgspec.json.decode(line[:LONGEST_LINE], type=_Id).id}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {"line": number}


def _field(message: str) -> str:
    """The field that is wrong, out of msgspec's message («… - at `$.text`», «missing field `id`»)."""
    parts = message.split("`")
    return parts[-2].removeprefix("$.") if len(parts) > 2 else "$"


def _time(text: str | None) -> datetime | None:
    """An ISO 8601 instant; what is no instant is unknown, which is no reason to refuse the message."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
