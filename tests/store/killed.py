"""A desk at work, to be killed: `python -m tests.store.killed FILE`.

Everything is imported once; each line on stdin forks a desk that writes until somebody kills it. The
desk says each unit of work it got through on stdout, after the commit: `decided ID`, `undone ID`,
`taken N`, `published N`, `dropped`. The parent answers `gone` once the dead desk is buried.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

from console.domain.cases import CaseState
from console.domain.decisions import Action, Decision
from console.domain.ids import DecisionId, MessageId, OutgoingId, RuleId, WarningId, new_id
from console.domain.sanctions import IssuedWarning
from console.services.ports import NewOutgoing
from console.services.rows import OutgoingState, QueueFilter, Sort
from tests.builders import DeskFile, desk_file, finding, judged, message, verdict


def say(words: str) -> None:
    """One whole line, at once."""
    os.write(1, f"{words}\n".encode())


def decide(desk: DeskFile, case: MessageId) -> None:
    """Decision, warning, outbox item and journal entry in one unit of work."""
    with desk.db.write() as work:
        head, now, actor = work.case(case), desk.clock.now(), desk.actor().staff.id
        made = Decision(
            id=DecisionId(new_id()),
            message_id=case,
            revision=head.revision,
            actions=(Action.WARN,),
            rules=(RuleId("insult"),),
            reason="motif",
            texts=((Action.WARN, "texte"),),
            actor=actor,
            at=now,
            policy=head.policy,
            engine=head.engine,
        )
        warning = WarningId(new_id())
        work.set_state(case, CaseState.DECIDED)
        work.add_decision(made, head.state)
        work.add_warning(
            IssuedWarning(warning, head.person_id, made.id, case, head.platform, made.rules, now)
        )
        work.add_outgoing(NewOutgoing(OutgoingId(new_id()), made.id, case, "warn", "texte", now, warning))
        work.append(desk.event("decision.made", case, {"decision": made.id}))
    say(f"decided {made.id}")


def undo(desk: DeskFile) -> None:
    """Take the latest decision back in one unit of work."""
    with desk.db.write() as work:
        chosen = work.latest_undoable(desk.actor().staff.id)
        if chosen is None:
            return
        made, before, _ = work.decision(chosen)
        for item, _state in work.outgoing_of(chosen):
            work.set_outgoing(item.id, OutgoingState.CANCELLED, desk.clock.now(), made.actor)
            if item.warning_id:
                work.withdraw_warning(item.warning_id, desk.clock.now())
        work.mark_undone(chosen, desk.clock.now(), made.actor)
        work.set_state(made.message_id, before)
        work.append(desk.event("decision.undone", made.message_id, {"decision": chosen}))
    say(f"undone {chosen}")


def import_some(desk: DeskFile, chance: random.Random) -> None:
    """A staged import of a few batches, published or dropped."""
    with desk.db.write() as work:
        import_id = work.begin_import(desk.clock.now())
    total = 0
    for _ in range(chance.randint(1, 4)):
        batch = [
            judged(message(f"lot {new_id()}", external_id=new_id()), verdict(finding()), bands=(each,))
            for each in range(chance.randint(1, 30))
        ]
        total += len(batch)
        with desk.db.write() as work:
            work.stage(import_id, batch, desk.clock.now())
    if chance.random() < 0.3:
        desk.db.drop_import(import_id)
        say("dropped")
        return
    with desk.db.write() as work:
        work.publish_import(import_id, desk.clock.now())
        work.append(desk.event("import.done", import_id, {"added": total}))
    say(f"published {total}")


def work_until_killed(path: Path, seed: int) -> None:
    """Never ends by itself."""
    chance = random.Random(seed)
    with desk_file(path) as desk:
        say("open")
        while True:
            what = chance.random()
            rows = desk.db.reads.queue(QueueFilter(), Sort.OLDEST, None, 20).rows
            if what < 0.15 or not rows:
                import_some(desk, chance)
            elif what < 0.3:
                undo(desk)
            elif what < 0.4:
                added = desk.take_in(message(f"seul {new_id()}", external_id=new_id()))
                say(f"taken {len(added)}")
            else:
                decide(desk, chance.choice(rows).id)


def main() -> None:
    """Fork a desk for each seed on stdin."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work_until_killed(Path(sys.argv[1]), int(line))
        say(f"born {child}")
        os.waitpid(child, 0)
        say("gone")


if __name__ == "__main__":
    main()
