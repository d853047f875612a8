"""Random sequences of units of work against a small model in memory: people, cases, imports, undo."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from console.domain.cases import CaseState
from console.domain.decisions import Action
from console.domain.ids import DecisionId, ImportId, MessageId
from console.domain.journal import first_break
from console.domain.messages import IncomingMessage
from console.services.rows import QueueFilter
from tests.builders import NOW, desk_file, finding, judged, message, verdict
from tests.store.file_state import check

TEXTS = st.sampled_from(["merci", "pourri", "œuvre", "évènement", "clé"])


@dataclass
class Case:
    """What the model knows of a message in sight."""

    id: MessageId
    incoming: IncomingMessage
    revision: int = 1
    state: CaseState = CaseState.PENDING
    decisions: list[DecisionId] = field(default_factory=list)
    """Those that stand, oldest first."""


class Desk(RuleBasedStateMachine):
    """The store's promises, in any order."""

    cases = Bundle("cases")

    @initialize()
    def open(self) -> None:
        """A new file."""
        self.folder = Path(tempfile.mkdtemp())
        self.stack = ExitStack()
        self.desk = self.stack.enter_context(desk_file(self.folder / "vigie.db"))
        self.cases_by_key: dict[str, Case] = {}
        self.staged: dict[str, IncomingMessage] = {}
        self.changes: list[tuple[str, IncomingMessage]] = []
        self.import_id: ImportId | None = None
        self.events = 0
        self.count = 0

    def teardown(self) -> None:
        """Close and remove the file."""
        if hasattr(self, "stack"):
            try:
                check(self.desk.db.path)
            finally:
                self.stack.close()
                shutil.rmtree(self.folder)

    # --- rules ---------------------------------------------------------------------------------

    @rule(target=cases, texts=st.lists(TEXTS, min_size=1, max_size=3))
    def take_in(self, texts: list[str]) -> object:
        """New messages."""
        incoming = [self._new(text) for text in texts]
        ids = self.desk.take_in(*(judged(each, verdict(finding())) for each in incoming))
        for ident, each in zip(ids, incoming, strict=True):
            self.cases_by_key[each.external_id] = Case(ident, each)
        return multiple(*(each.external_id for each in incoming))

    @rule(key=cases, text=TEXTS)
    def edit(self, key: str, text: str) -> None:
        """A known message comes again, with another text perhaps."""
        if key not in self.cases_by_key:
            return
        case = self.cases_by_key[key]
        incoming = replace(case.incoming, text=text)
        with self.desk.db.write() as work:
            work.take_in([judged(incoming, verdict())], NOW)
        self._edited(case, incoming)

    @rule(key=cases)
    def decide(self, key: str) -> None:
        """A person decides a case that waits."""
        case = self.cases_by_key.get(key)
        if case is None or case.state is not CaseState.PENDING:
            return
        case.decisions.append(self.desk.decide(case.id, Action.HIDE).id)
        case.state = CaseState.DECIDED
        self.events += 1

    @rule(key=cases)
    def undo(self, key: str) -> None:
        """The standing decision is taken back."""
        case = self.cases_by_key.get(key)
        if case is None or case.state is not CaseState.DECIDED:
            return
        with self.desk.db.write() as work:
            made, before, undone_at = work.decision(case.decisions[-1])
            assert undone_at is None
            work.mark_undone(made.id, NOW, made.actor)
            work.set_state(case.id, before)
            work.append(self.desk.event("decision.undone", case.id))
        case.decisions.pop()
        case.state = CaseState.PENDING
        self.events += 1

    @precondition(lambda self: self.import_id is None)
    @rule()
    def begin(self) -> None:
        """An import begins."""
        with self.desk.db.write() as work:
            self.import_id = work.begin_import(NOW)

    @precondition(lambda self: self.import_id is not None)
    @rule(texts=st.lists(TEXTS, min_size=1, max_size=4))
    def stage_new(self, texts: list[str]) -> None:
        """New messages in the import."""
        incoming = [self._new(text) for text in texts]
        self._stage(*incoming)
        self.staged |= {each.external_id: each for each in incoming}

    @precondition(lambda self: self.import_id is not None)
    @rule(key=cases, text=TEXTS)
    def stage_known(self, key: str, text: str) -> None:
        """A message in sight, in the import."""
        case = self.cases_by_key.get(key)
        if case is None:
            return
        incoming = replace(case.incoming, text=text)
        self._stage(incoming)
        if text != case.incoming.text:
            self.changes.append((key, incoming))

    @precondition(lambda self: self.import_id is not None)
    @rule(target=cases)
    def publish(self) -> object:
        """The import becomes visible."""
        assert self.import_id is not None
        with self.desk.db.write() as work:
            done = work.publish_import(self.import_id, NOW)
        assert done.added == len(self.staged)
        with self.desk.db.write() as work:
            keys = [("facebook", "Ville", key) for key in self.staged]
            known = work.known(keys)
        for key, incoming in self.staged.items():
            self.cases_by_key[key] = Case(known["facebook", "Ville", key].message_id, incoming)
        for key, incoming in self.changes:
            self._edited(self.cases_by_key[key], incoming)
        published = list(self.staged)
        self._forget_import()
        return multiple(*published)

    @precondition(lambda self: self.import_id is not None)
    @rule(reopen=st.booleans())
    def drop(self, reopen: bool) -> None:
        """The import is stopped, or the desk dies and opens again."""
        assert self.import_id is not None
        if reopen:
            self.stack.close()
            self.desk = self.stack.enter_context(desk_file(self.folder / "vigie.db"))
        else:
            self.desk.db.drop_import(self.import_id)
        self._forget_import()

    @rule(keys=st.lists(consumes(cases), max_size=1))
    def forget_a_name(self, keys: list[str]) -> None:
        """Let the machine go on to other cases."""

    # --- what must hold ------------------------------------------------------------------------

    @invariant()
    def every_case_is_as_the_model_says(self) -> None:
        """State, revision and standing decision of each message."""
        if not hasattr(self, "desk"):
            return
        with self.desk.db.write() as work:
            for case in self.cases_by_key.values():
                head = work.case(case.id)
                assert (head.state, head.revision) == (case.state, case.revision)
                assert head.decision_id == (case.decisions[-1] if case.decisions else None)

    @invariant()
    def what_is_seen_is_what_is_there(self) -> None:
        """Counts, search and journal."""
        if not hasattr(self, "desk"):
            return
        reads, everything = self.desk.db.reads, QueueFilter(states=frozenset())
        assert reads.matches(everything, 10_000) == len(self.cases_by_key)
        pending = [each for each in self.cases_by_key.values() if each.state is CaseState.PENDING]
        assert reads.counts(self.desk.actor().staff.id).pending == len(pending)
        for text in ("merci", "oeuvre", "evenement", "clef"):
            found = reads.matches(replace(everything, text=text), 10_000)
            wanted = {"oeuvre": "œuvre", "evenement": "évènement", "clef": "clé"}.get(text, text)
            assert found == sum(case.incoming.text == wanted for case in self.cases_by_key.values())
        head = reads.journal_head()
        assert (head[0] if head else 0) == self.events
        assert first_break(reads.journal(), head) is None

    # --- helpers -------------------------------------------------------------------------------

    def _new(self, text: str) -> IncomingMessage:
        self.count += 1
        return message(text, external_id=f"m{self.count}", author_external_id=f"a{self.count % 3}")

    def _stage(self, *incoming: IncomingMessage) -> None:
        assert self.import_id is not None
        with self.desk.db.write() as work:
            work.stage(self.import_id, [judged(each, verdict(finding())) for each in incoming], NOW)

    def _edited(self, case: Case, incoming: IncomingMessage) -> None:
        if incoming.text == case.incoming.text:
            return
        case.incoming, case.revision = incoming, case.revision + 1
        if case.state is CaseState.DECIDED:
            case.state, case.decisions = CaseState.PENDING, []

    def _forget_import(self) -> None:
        self.import_id, self.staged, self.changes = None, {}, []


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=25, stateful_step_count=25)
