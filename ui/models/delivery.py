"""French of what is carried out on platforms: the way each act goes, receipts, and why something waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from console.catalogue import Catalogue
from console.domain.delivery_plan import PlannedAct
from console.domain.platforms import Act, Result
from console.services.platform_rows import AttemptRow
from console.services.rows import FINAL_STATES, TROUBLED_STATES, ChangeSet, OutgoingRow, OutgoingState
from ui import dates
from ui.models.display_text import one_line
from ui.models.tones import ROUTE_SHAPE, shape_of

Mark = tuple[int, str]
"""A severity 0–4 for the colour, and the shape beside it."""


class Group(StrEnum):
    """Where an item stands on the page «Envois»: what asks for a person first."""

    BY_HAND = "by_hand"
    TROUBLE = "trouble"
    WAITING = "waiting"
    SENT = "sent"


def group_of(row: OutgoingRow) -> Group:
    """The group of an item."""
    if row.state is OutgoingState.BY_HAND:
        return Group.BY_HAND
    if row.state in TROUBLED_STATES:
        return Group.TROUBLE
    return Group.SENT if row.state in FINAL_STATES else Group.WAITING


def state_word(state: OutgoingState) -> str:
    """«en attente d’envoi»."""
    return Catalogue.load().label("outgoing_state", state)


def state_mark(state: OutgoingState) -> Mark:
    """Colour and shape of a state; its word stands beside them."""
    return {
        OutgoingState.DONE: (0, shape_of(0)),
        OutgoingState.ALREADY: (0, shape_of(0)),
        OutgoingState.CANCELLED: (1, "dot"),
        OutgoingState.BY_HAND: (2, "dot"),
        OutgoingState.UNKNOWN: (3, "diamond"),
        OutgoingState.REFUSED: (4, "square"),
        OutgoingState.FAILED: (4, "square"),
    }.get(state, (1, ROUTE_SHAPE))


def act_word(act: Act) -> str:
    """«message privé»."""
    return Catalogue.load().label("act", act)


def means_word(means: str) -> str:
    """How something was carried out: what the console did has a code, what a person wrote is shown."""
    return one_line(Catalogue.load().label("means", means))


def proof_words(proof: str) -> str:
    """Means and proof of an item, as they were put together when it was done."""
    means, dot, rest = one_line(proof).partition(" · ")
    return f"{means_word(means)}{dot}{rest}"


# what is planned


def way(planned: PlannedAct, operation: str) -> str:
    """«par Vigie», «message privé, à la main»: the act is named where the operation does not say it."""
    hand = _tr("par Vigie") if planned.by_api else _tr("à la main")
    return hand if planned.act.value == operation else f"{act_word(planned.act)}, {hand}"


def ways(planned: Sequence[PlannedAct], operation: str) -> str:
    """All acts of an operation in their order."""
    return _tr(" puis ").join(way(each, operation) for each in planned)


def notes(planned: Iterable[PlannedAct]) -> tuple[str, ...]:
    """What the acts mean there, or why one is done by hand; each once."""
    label = Catalogue.load().label
    return tuple(dict.fromkeys(label("ability", each.note) for each in planned if each.note))


def deadline(planned: Iterable[PlannedAct]) -> datetime | None:
    """When the first window closes."""
    return min((each.deadline for each in planned if each.deadline is not None), default=None)


def deadline_words(at: datetime, now: datetime) -> str:
    """«à envoyer avant 14 h 06», with the day when it is another one."""
    if at <= now:
        return _tr("délai passé depuis le {moment}").format(moment=dates.moment(at))
    if dates.local(at).date() == dates.local(now).date():
        return _tr("à envoyer avant {time}").format(time=dates.clock_time(at))
    return _tr("à envoyer avant le {moment}").format(moment=dates.moment(at))


def way_line(word: str, operation: str, planned: Sequence[PlannedAct], now: datetime) -> str:
    """«Masquer: par Vigie», with the time until which it can go by the interface."""
    said = _tr("{word}\u00a0: {ways}").format(word=word, ways=ways(planned, operation))
    until = deadline(each for each in planned if each.by_api)
    return said if until is None else f"{said}, {deadline_words(until, now)}"


def short_deadline(at: datetime, now: datetime) -> str:
    """«avant 14 h 06», «avant le 21 nov.»: for a card."""
    if at <= now:
        return _tr("délai passé")
    day = dates.local(at).date() == dates.local(now).date()
    said = _tr("avant {when}") if day else _tr("avant le {when}")
    return said.format(when=dates.moment_in_day(at, now))


# what became of it


def attempt_mark(attempt: AttemptRow) -> Mark:
    """Colour and shape of a try."""
    return {
        Result.DONE: (0, shape_of(0)),
        Result.ALREADY: (0, shape_of(0)),
        Result.GONE: (1, "dot"),
        Result.REFUSED: (4, "square"),
        Result.BY_HAND: (2, "dot"),
        None: (3, "diamond"),
    }[attempt.result]


def attempt_line(attempt: AttemptRow) -> str:
    """«message privé, fait le 14 nov. 2026, 13 h 31 par Vigie»."""
    label = Catalogue.load().label
    result = label("attempt", attempt.result or "begun")
    said = _tr("{act}, {result} le {moment} par Vigie").format(
        act=act_word(attempt.act), result=result, moment=dates.moment(attempt.ended_at or attempt.begun_at)
    )
    said = said[:1].upper() + said[1:]
    return f"{said} ({label('attempt', 'read_back')})" if attempt.read_back else said


def closing_line(row: OutgoingRow) -> str:
    """«Fait le 20 nov. 2026, 10 h 31 par Camille», "" while it is not over."""
    if row.done_at is None:
        return ""
    word = state_word(row.state)
    said = _tr("{state} le {moment}").format(
        state=word[:1].upper() + word[1:], moment=dates.moment(row.done_at)
    )
    if row.done_by:
        said = _tr("{said} par {who}").format(said=said, who=one_line(row.done_by))
    return said


def code_words(code: str, answer: str = "") -> str:
    """A code as a sentence: of Vigie's own errors, of what platforms can do, else the platform's as it is."""
    catalogue = Catalogue.load()
    if catalogue.knows(code):
        return catalogue.error(code).title
    if (known := catalogue.label("ability", code)) != code:
        return known
    heard = (
        _tr("Réponse de la plateforme\u00a0: {answer}.").format(answer=one_line(answer).rstrip("."))
        if answer
        else ""
    )
    number = _tr("Code de la plateforme\u00a0: {code}.").format(code=one_line(code)) if code else ""
    return " ".join(part for part in (heard, number) if part)


def reason(row: OutgoingRow, now: datetime) -> str:
    """Why an item is where it is, in a sentence or two; "" when its state says it all."""
    last = row.attempts[-1] if row.attempts else None
    answer = last.answer if last is not None and last.result is Result.REFUSED else ""
    code = row.code or (last.code if last is not None else "")
    told = code_words(code, answer)
    if row.state is OutgoingState.WAITING and row.retry_at is not None and row.retry_at > now:
        again = _tr("Prochain essai {when}.").format(when=when(row.retry_at, now))
        return f"{told} {again}".strip()
    if row.state is OutgoingState.BY_HAND:
        by_hand = [each for each in row.planned if not each.by_api]
        return " ".join(dict.fromkeys([*([told] if row.code else []), *notes(by_hand)]))
    return told


def undone_words(changes: ChangeSet) -> str:
    """A decision was taken back; what has no way back on the platform is said."""
    stays = [part for part in changes.facts.get("stays", "").split(",") if part]
    if not stays:
        return _tr("Décision annulée.")
    label = Catalogue.load().label
    named = ", ".join(label("operation" if part.startswith("un") else "action", part) for part in stays)
    return _tr("Décision annulée. Déjà parti, et sans retour possible\u00a0: {what}.").format(what=named)


def when(at: datetime, now: datetime) -> str:
    """«à 14 h 06» today, «le 15 nov. 2026, 3 h» on another day."""
    if dates.local(at).date() == dates.local(now).date():
        return _tr("à {time}").format(time=dates.clock_time(at))
    return _tr("le {moment}").format(moment=dates.moment(at))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Delivery", text)
