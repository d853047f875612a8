"""Working with other desks: the line, who is on what, and the decisions that met."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from console.clock import Clock
from console.domain.cases import CaseState
from console.domain.decisions import BanException
from console.domain.ids import DecisionId, MessageId
from console.domain.roles import Actor, Permission, Role, Staff
from console.errors import ConflictError, ValidationError
from console.services.carry_ports import CarryReport
from console.services.casework import Step
from console.services.decisions import DecisionRequest, Decisions
from console.services.facts import ConflictSettled, payload_of
from console.services.ports import Database, Progress
from console.services.rows import ChangeSet
from console.services.sharing_ports import (
    Claim,
    ConflictRow,
    Exchanged,
    HubAddress,
    HubLine,
    Line,
    Presence,
    RefusalRow,
)

KEPT, REPLACED = "kept", "replaced"
_SHOWN = 200


def _silent(_done: int, _total: int | None) -> None:
    """Progress that nobody watches."""


class Sharing:
    """Use cases over one `Database` and the line to the hub."""

    def __init__(self, db: Database, clock: Clock, decisions: Decisions, line: HubLine) -> None:
        self._db, self._clock, self._decisions, self._line = db, clock, decisions, line

    # --- the line -----------------------------------------------------------------------------

    def line(self) -> Line:
        """The state of the line, at once."""
        return self._line.line()

    def claims(self) -> Mapping[MessageId, Claim]:
        """Cases that somebody has open now, at once; one's own included."""
        return self._line.claims()

    def presence(self) -> tuple[Presence, ...]:
        """Who is at work at other desks, at once."""
        return self._line.presence()

    def listen(self, listener: Callable[[ChangeSet], object]) -> None:
        """Call back, from a thread of the line, when something came in or the line changed."""
        self._line.listen(listener)

    def sync_now(self) -> None:
        """Exchange now rather than at the next occasion; returns at once."""
        self._line.wake()

    def claim(self, actor: Actor, message: MessageId) -> None:
        """This person has the case open («en cours chez»); returns at once."""
        if actor.may(Permission.DECIDE, self._clock.now()):
            self._line.claim(message)

    def release(self) -> None:
        """The case is closed again; returns at once."""
        self._line.release()

    # --- joining ------------------------------------------------------------------------------

    def join(self, actor: Actor | None, address: HubAddress, password: str, desk_name: str) -> Actor:
        """Join a hub (blocking): the desk's own history goes there, the hub's comes here.

        Who the person is and what they may do is from now on what the hub says. Needs MANAGE_SETTINGS
        or SUPERVISE when somebody is at the desk already and it holds decisions of others. Codes:
        `hub.*`, `secret.*`, `hub.address_missing`, `permission.denied`.
        """
        for name in ("host", "database", "login"):
            if not getattr(address, name).strip():
                raise ValidationError("hub.address_missing", field=name)
        if not 0 < address.port < 65536:
            raise ValidationError("hub.address_missing", field="port")
        if actor is not None and actor.staff.role is Role.AUDITOR:
            actor.require(Permission.MANAGE_SETTINGS, self._clock.now())
        staff: Staff = self._line.join(address, password, desk_name.strip())
        return Actor(staff, self._db.desk)

    def change_password(self, password: str) -> None:
        """Give the hub's new password (blocking). Codes `hub.*`, `secret.*`."""
        self._line.change_password(password)

    def leave(self, actor: Actor) -> None:
        """Work alone again (blocking). Needs SUPERVISE or MANAGE_SETTINGS."""
        now = self._clock.now()
        if not actor.may(Permission.MANAGE_SETTINGS, now):
            actor.require(Permission.SUPERVISE, now)
        self._line.leave()

    # --- without a line -----------------------------------------------------------------------

    def exchange(self) -> Exchanged:
        """Exchange once with the hub, until nothing is left (blocking). Codes `hub.*`, `secret.*`."""
        return self._line.exchange()

    def carry_out(
        self, actor: Actor, to: Path, progress: Progress = _silent, *, everything: bool = False
    ) -> CarryReport:
        """Write what the hub does not have into a file for the other desks (blocking). Needs DECIDE.

        `to` is a file or a folder; `everything`: the whole journal of this desk. Codes `carry.*`,
        `hub.not_joined`, `secret.*`.
        """
        actor.require(Permission.DECIDE, self._clock.now())
        return self._line.carry_out(to, everything, progress)

    def carry_in(self, actor: Actor, file: Path, progress: Progress = _silent) -> CarryReport:
        """Take over another desk's file (blocking); refused as a whole or taken over as a whole. Needs
        DECIDE. Files may come in any order, and twice. Codes as `carry_out`."""
        actor.require(Permission.DECIDE, self._clock.now())
        return self._line.carry_in(file, progress)

    # --- what met -----------------------------------------------------------------------------

    def conflicts(self, actor: Actor, *, settled: bool = False) -> tuple[ConflictRow, ...]:
        """Contested decisions, newest first: all of them for supervision, one's own for the others."""
        supervises = actor.may(Permission.SUPERVISE, self._clock.now())
        return self._db.reads.conflicts(None if supervises else actor.staff.id, settled, _SHOWN)

    def refusals(self, actor: Actor) -> tuple[RefusalRow, ...]:
        """What the hub refused, newest first: all of it for supervision, one's own for the others."""
        supervises = actor.may(Permission.SUPERVISE, self._clock.now())
        return self._db.reads.refusals(None if supervises else actor.staff.id, _SHOWN)

    def settle(self, actor: Actor, decision: DecisionId, outcome: str, word: str) -> ChangeSet:
        """Supervision looks at both: what stands is kept, or replaced by the contested decision.

        Replacing takes back what stands and decides the same as the contested decision in the
        supervisor's own name. Codes `conflict.unknown`, `conflict.settled`, `escalation.word_missing`,
        and those of undoing and deciding.
        """
        actor.require(Permission.SUPERVISE, self._clock.now())
        if not word.strip():
            raise ValidationError("escalation.word_missing")
        if outcome not in (KEPT, REPLACED):
            raise ValidationError("conflict.outcome", outcome=outcome)
        row = next((row for row in self.conflicts(actor) if row.contested.decision == decision), None)
        if row is None:
            raise ConflictError("conflict.unknown", decision=decision)
        if outcome == REPLACED:
            self._replace(actor, row, decision)
        with self._db.write() as work:
            now = self._clock.now()
            fact = ConflictSettled(decision, outcome, word.strip())
            work.settle_conflict(fact, actor.staff.id, now)
            Step(work, actor, now).journal("conflict.settled", row.message_id, payload_of(fact))
        return ChangeSet(messages=frozenset({row.message_id}), counts=True, outgoing=True, escalations=True)

    def _replace(self, actor: Actor, row: ConflictRow, decision: DecisionId) -> None:
        with self._db.write() as work:
            contested = work.contested(decision)
            head = work.case(row.message_id)
        if head.decision_id is not None and head.state in (CaseState.DECIDED, CaseState.AWAITING_SIGNATURE):
            self._decisions.undo(actor, head.decision_id)
        request = DecisionRequest(
            message=row.message_id,
            revision=head.revision,
            actions=frozenset(contested.actions),
            rules=contested.rules,
            reason=contested.reason,
            texts=dict(contested.texts),
            note=contested.note,
            exception=BanException(contested.exception) if contested.exception else None,
        )
        self._decisions.decide(actor, request)
