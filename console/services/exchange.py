"""What comes in from the hub or from another desk's file, taken over in one transaction a batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from console.domain.emergency import Emergency
from console.domain.ids import MessageId, PersonId, StaffId
from console.domain.journal import seal
from console.errors import ConflictError
from console.netiquette.likeness import bands
from console.services import replay
from console.services.carry_ports import CarriedText, TextHere
from console.services.judged import Judged
from console.services.policy import apply_policy_event
from console.services.ports import TakenIn, UnitOfWork
from console.services.preferences import apply_ladder_event
from console.services.rows import ChangeSet
from console.services.sharing_ports import Content, SharedEvent, Standing


@dataclass(slots=True)
class Taken:
    """What a batch changed."""

    messages: set[MessageId] = field(default_factory=set)
    people: set[PersonId] = field(default_factory=set)
    to_rebuild: set[MessageId] = field(default_factory=set)

    def finish(self, work: UnitOfWork) -> None:
        """Rebuild each case that moved, once."""
        for message in sorted(self.to_rebuild):
            replay.rebuild(work, message)
        self.to_rebuild.clear()

    def change_set(self) -> ChangeSet:
        """For the screen."""
        return ChangeSet(
            messages=frozenset(self.messages),
            people=frozenset(self.people),
            counts=True,
            outgoing=True,
            escalations=True,
        )


def take_contents(work: UnitOfWork, contents: Sequence[Content], at: datetime, taken: Taken) -> None:
    """Messages of other desks; known ones with another text become the next revision here as well."""
    outcome = work.take_in([_keyed(each) for each in _news(work, contents)], at)
    work.place_contents(contents)
    _after_texts(work, outcome, taken)


def _news(work: UnitOfWork, contents: Sequence[Content]) -> list[Judged]:
    """The texts to take over, in the hub's order."""
    waiting = {
        message: sha256
        for message, (sha256, waits) in work.present_texts([each.message for each in contents]).items()
        if waits
    }
    news = []
    for each in contents:
        kept = waiting.get(each.message)
        if kept is None:
            news += [each.judged] if each.judged is not None else []
        elif kept == each.sha256:
            # The hub has it, from whoever brought it: what comes after it in the feed is newer.
            del waiting[each.message]
        # Else an edit that is still to be sent, and will come last in the hub's order: it stays in sight.
    return news


def take_carried(work: UnitOfWork, texts: Sequence[CarriedText], taken: Taken) -> int:
    """Texts from another desk's file, which then wait here for the hub as well; how many were news.

    Whichever files come, in whatever order, the same text stands at the end.
    """
    here = work.texts_here([each.message for each in texts])
    by_time: dict[datetime, list[Judged]] = defaultdict(list)
    for each in texts:
        known = here.get(each.message)
        if known is None or _is_newer(each, known):
            by_time[each.at].append(_keyed(each.judged))
    count = 0
    for at in sorted(by_time):
        outcome = work.take_in(by_time[at], at)
        count += len(outcome.added) + len(outcome.updated)
        _after_texts(work, outcome, taken)
    return count


def _is_newer(text: CarriedText, here: TextHere) -> bool:
    """Whether a text from a file comes after the one that stands here."""
    sha256 = text.judged.sha256
    if sha256 == here.sha256:
        return False
    if text.seq is None and here.waits:
        return (text.at, sha256) > (here.at, here.sha256)
    if text.seq is None:
        # The hub does not have it, so it comes last; unless this desk has gone on from it already.
        return sha256 not in here.earlier
    return not here.waits and here.seq is not None and text.seq > here.seq


def _keyed(judged: Judged) -> Judged:
    return replace(judged, bands=bands(judged.incoming.text))


def _after_texts(work: UnitOfWork, outcome: TakenIn, taken: Taken) -> None:
    # An edit that the hub saw before a decision that is here already: the order decides. And a file may
    # have brought events before their message.
    taken.to_rebuild |= {*outcome.updated, *outcome.reopened}
    for message in work.with_events(outcome.added):
        taken.to_rebuild.add(message)
        for shared in work.events_about(message):
            if shared.event.kind == "note.added" and not shared.own and shared.matter:
                work.add_note(message, shared.matter, shared.event.actor, shared.event.at)
    taken.messages.update(outcome.added, outcome.updated)


def take_event(work: UnitOfWork, shared: SharedEvent, taken: Taken) -> None:
    """One event: another desk's, or what the hub says of one of this desk's."""
    before = work.known_event(shared.event.id)
    if before is not None and before.seq is not None and before.seq == shared.seq:
        return
    if before is not None and shared.seq is None:
        return  # a file that brings what is known already
    if before is not None:
        shared = replace(shared, matter=shared.matter or before.matter, seal=shared.seal or before.seal)
    work.know_event(shared)
    kind, subject = shared.event.kind, shared.event.subject
    if kind in replay.CASE_KINDS:
        _take_case_event(work, shared, before, taken)
    elif kind == "note.added":
        _take_note(work, shared, before, taken)
    elif kind in replay.LINKS:
        replay.relink(work)
        taken.people.update({PersonId(subject), PersonId(str(shared.event.payload.get("merged", subject)))})
    elif shared.standing is Standing.ACCEPTED:
        _take_wide(work, shared)


def _take_case_event(work: UnitOfWork, shared: SharedEvent, before: SharedEvent | None, taken: Taken) -> None:
    message = MessageId(shared.event.subject)
    if not work.holds(message):
        return  # its text has not come yet (a file without it): rebuilt when it does
    taken.messages.add(message)
    events = [each for each in work.events_about(message) if each.event.kind in replay.CASE_KINDS]
    if (shared.own or before is not None) and _in_place(shared, events):
        return  # applied here already, and in this order
    taken.to_rebuild.add(message)


def _in_place(shared: SharedEvent, events: Sequence[SharedEvent]) -> bool:
    """Whether the hub took it as this desk had it: then its place moves nothing.

    Only where all events of the case are this desk's own and accepted, or not seen by the hub yet: their
    order is that of the journal either way.
    """
    fine = (Standing.ACCEPTED, Standing.PENDING)
    return all(each.own and each.standing in fine for each in events)


def _take_note(work: UnitOfWork, shared: SharedEvent, before: SharedEvent | None, taken: Taken) -> None:
    message = MessageId(shared.event.subject)
    if shared.own or before is not None or not shared.matter or not work.holds(message):
        return
    work.add_note(message, shared.matter, shared.event.actor, shared.event.at)
    taken.messages.add(message)


def _take_wide(work: UnitOfWork, shared: SharedEvent) -> None:
    """Settings of the city: the last one in the order of the hub is in force on every desk."""
    kind = shared.event.kind
    if kind.startswith("emergency."):
        _take_emergency(work, shared)
    elif kind == "ladder.changed":
        apply_ladder_event(work, shared.event.payload)
    elif kind.startswith("policy."):
        apply_policy_event(work, kind, shared.event.payload)


def _take_emergency(work: UnitOfWork, shared: SharedEvent) -> None:
    payload, event = shared.event.payload, shared.event
    ended = event.kind == "emergency.ended"
    work.put_emergency(
        Emergency(
            reason=str(payload["reason"]),
            started_at=datetime.fromisoformat(str(payload["started_at"])),
            started_by=StaffId(str(payload.get("started_by", event.actor))),
            planned_end=datetime.fromisoformat(str(payload["planned_end"])),
            ended_at=event.at if ended else None,
            ended_by=event.actor if ended else None,
        )
    )


def check(shared: SharedEvent) -> None:
    """The event's hash, as far as one link alone can show it. Code `hub.altered`."""
    if seal(shared.event, shared.link.sequence, shared.link.previous).sha256 != shared.link.sha256:
        raise ConflictError("hub.altered", desk=shared.event.desk, sequence=shared.link.sequence)
