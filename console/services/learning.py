"""Learning from the moderators' decisions: proposing, adopting, going back (`vigie learn`).

What is learned stays in this desk's file. Other desks of a hub learn from the same decisions, which travel,
and so propose the same; each adopts for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from console.clock import Clock
from console.domain.ids import EventId, RuleId, new_id
from console.domain.journal import Event
from console.domain.learning import FEWEST, Comparison, RuleFigures
from console.domain.roles import Actor, Permission
from console.domain.sanctions import LadderSettings
from console.errors import ConfigurationError, ConflictError, ValidationError
from console.services.intake_rejudge import judge_again
from console.services.learning_ports import Adoption, StoredLayer
from console.services.policy import PolicyDesk
from console.services.ports import Database, Judge, Progress
from console.services.rows import ChangeSet

if TYPE_CHECKING:
    from console.netiquette.engine import Engine
    from console.netiquette.policy import Policy

MOST_DECISIONS = 4_000
"""The newest decisions are learned from; what the city wants changes, and the work stays short."""
_KEPT_PROPOSALS = 5
_SHORTEST_NAME = 4


@dataclass(frozen=True, slots=True)
class LayerView:
    """A learned layer. `problem` is an error code when it cannot be used; `words` are those that weigh most
    by rule, in log-odds. `comparison` is None when its figures are damaged."""

    id: str
    made_at: datetime
    made_by: str
    decisions: int
    first: datetime
    last: datetime
    engine: str
    comparison: Comparison | None
    words: Mapping[RuleId, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    problem: str = ""
    in_force: bool = False
    adopted_at: datetime | None = None
    adopted_by: str = ""

    @property
    def name(self) -> str:
        """The first eight signs, as the version of a verdict names it."""
        return self.id[:8]


@dataclass(frozen=True, slots=True)
class LearningState:
    """`lessons` decided or disputed messages that teach something, of `needed`; `layers` newest first."""

    lessons: int
    needed: int
    layers: tuple[LayerView, ...]
    before: str
    """The layer that going back would put in force, "" for the engine alone."""
    engine: str
    """The version of the engine now, without a layer, "" while none is in force; a layer names the one that
    it was measured with."""

    @property
    def in_force(self) -> LayerView | None:
        """The layer at work, or that would be if it were whole."""
        return next((each for each in self.layers if each.in_force), None)

    @property
    def missing(self) -> int:
        """How many decisions are missing at least."""
        return max(0, self.needed - self.lessons)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What learning came to. `layer` is None with a `reason`: `few`, `no_better` or `same` (as in force)."""

    layer: LayerView | None
    comparison: Comparison
    decisions: int
    reason: str = ""


class Learning:
    """Use cases over one `Database`; see each method. `engine` makes one of a policy, without a layer."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        policy: PolicyDesk,
        judge: Judge,
        ladder: Callable[[], LadderSettings],
        engine: Callable[[Policy], Engine] | None = None,
    ) -> None:
        self._db, self._clock, self._policy, self._judge, self._ladder = db, clock, policy, judge, ladder
        self._engine = engine or _engine

    @property
    def needed(self) -> int:
        """How many different decided messages a proposal needs."""
        return FEWEST

    def state(self, actor: Actor) -> LearningState:
        """What was learned, what is in force, what is missing. Needs READ_HISTORY."""
        from console.services.teaching import lessons_of

        actor.require(Permission.READ_HISTORY, self._clock.now())
        reads = self._db.reads
        rules = self._policy.policy().rules
        lessons = lessons_of(reads.judgements(MOST_DECISIONS), reads.disputes(MOST_DECISIONS), rules)
        views = self._views()
        standing = [each.layer for each in reads.adoptions() if each.withdrawn_at is None]
        before = standing[1] if len(standing) > 1 else ""
        # Loading the engine takes a moment: only where there is something to compare.
        engine = self._judge.version.partition("+desk.")[0] if standing else ""
        return LearningState(len(lessons), FEWEST, views, before, engine)

    def propose(self, actor: Actor, progress: Progress) -> Proposal:
        """Learn anew from the decisions that stand, and keep it if it is better; nothing changes by it.

        Needs SUPERVISE. `progress` may stop it.
        """
        from console.services.teaching import teach

        actor.require(Permission.SUPERVISE, self._clock.now())
        reads = self._db.reads
        judgements, disputes = reads.judgements(MOST_DECISIONS), reads.disputes(MOST_DECISIONS)
        engine = self._engine(self._policy.policy())
        taught = teach(engine, judgements, disputes, progress)
        if not taught.id:
            reason = "few" if taught.comparison.lessons < FEWEST else "no_better"
            return Proposal(None, taught.comparison, taught.decisions, reason)
        made = StoredLayer(
            taught.id,
            taught.body,
            msgspec.json.encode(taught.comparison).decode(),
            taught.engine,
            taught.decisions,
            taught.first,
            taught.last,
            self._clock.now(),
            actor.staff.id,
        )
        with self._db.write() as work:
            # Also where it is in force already: it may have been damaged meanwhile.
            work.put_layer(made)
            newest = [each.id for each in reads.layers() if each.id != made.id]
            work.forget_layers([made.id, *newest[: _KEPT_PROPOSALS - 1]])
            if work.layer_now() == made.id:
                return Proposal(None, taught.comparison, taught.decisions, "same")
        (view,) = (each for each in self._views() if each.id == made.id)
        return Proposal(view, taught.comparison, taught.decisions)

    def adopt(self, actor: Actor, name: str) -> LayerView:
        """Put a layer in force, by its id or the beginning of it; verdicts to come name it. Journalled.

        One that is in force already stays so. Open cases keep their verdict until `judge_again`. Needs
        SUPERVISE. Codes `permission.denied`, `learning.unknown`, `learning.ambiguous`, `learning.damaged`,
        `learning.other_terms`.
        """
        now = self._clock.now()
        actor.require(Permission.SUPERVISE, now)
        chosen = self._named(name)
        if chosen.problem:
            raise ConfigurationError(chosen.problem, layer=chosen.name)
        with self._db.write() as work:
            before = work.layer_now()
            if before != chosen.id:
                work.adopt_layer(chosen.id, now, actor.staff.id)
                work.append(self._event(actor, "learning.adopted", chosen.id, _adopted(before, chosen)))
        return next(each for each in self._views() if each.id == chosen.id)

    def roll_back(self, actor: Actor) -> LayerView | None:
        """Put in force what was so before, None for the engine alone. Journalled. Needs SUPERVISE.

        Codes `permission.denied`, `learning.nothing_before`.
        """
        now = self._clock.now()
        actor.require(Permission.SUPERVISE, now)
        with self._db.write() as work:
            before = work.layer_now()
            if before is None:
                raise ConflictError("learning.nothing_before")
            work.withdraw_layer(now, actor.staff.id)
            after = work.layer_now()
            payload = {"before": before, "after": after}
            work.append(self._event(actor, "learning.rolled_back", before, payload))
        return next((each for each in self._views() if each.in_force), None)

    def judge_again(self, actor: Actor, progress: Progress) -> ChangeSet:
        """Give the open cases a verdict with what is in force now. Needs SUPERVISE; journalled."""
        actor.require(Permission.SUPERVISE, self._clock.now())
        return judge_again(self._db, self._judge, self._clock, actor, self._ladder(), progress)

    def _named(self, name: str) -> LayerView:
        wanted = name.strip().lower()
        views = self._views()
        found = [each for each in views if each.id.startswith(wanted)] if wanted else []
        if not found or len(wanted) < _SHORTEST_NAME:
            raise ValidationError("learning.unknown", layer=name)
        if len(found) > 1:
            raise ValidationError("learning.ambiguous", layer=name)
        return found[0]

    def _views(self) -> tuple[LayerView, ...]:
        reads = self._db.reads
        standing = next((each for each in reads.adoptions() if each.withdrawn_at is None), None)
        names = {person.id: person.name for person in reads.staff()}
        return tuple(_view(each, standing, names) for each in reads.layers())

    def _event(self, actor: Actor, kind: str, layer: str, payload: Mapping[str, Any]) -> Event:
        at = self._clock.now()
        return Event(EventId(new_id()), kind, layer, actor.staff.id, actor.desk, at, payload)


def _engine(policy: Policy) -> Engine:
    from console.netiquette.engine import Engine

    return Engine(policy)


def _adopted(before: str | None, layer: LayerView) -> dict[str, Any]:
    """What the journal keeps of it: where it comes from and what it was measured to do, not its words."""
    return {
        "before": before,
        "after": layer.id,
        "engine": layer.engine,
        "decisions": layer.decisions,
        "first": layer.first.isoformat(),
        "last": layer.last.isoformat(),
        "figures": asdict(layer.comparison) if layer.comparison else None,
    }


def _view(stored: StoredLayer, standing: Adoption | None, names: Mapping[Any, str]) -> LayerView:
    in_force = standing is not None and standing.layer == stored.id
    words, problem = _words(stored)
    return LayerView(
        id=stored.id,
        made_at=stored.made_at,
        made_by=names.get(stored.made_by, ""),
        decisions=stored.decisions,
        first=stored.first,
        last=stored.last,
        engine=stored.engine,
        comparison=_figures(stored.figures),
        words=words,
        problem=problem,
        in_force=in_force,
        adopted_at=standing.at if standing and in_force else None,
        adopted_by=names.get(standing.by, "") if standing and in_force else "",
    )


def _words(stored: StoredLayer) -> tuple[Mapping[RuleId, tuple[tuple[str, float], ...]], str]:
    from console.services.teaching import words_of

    try:
        return words_of(stored.id, stored.body), ""
    except ConfigurationError as error:
        return {}, error.code


def _figures(text: str) -> Comparison | None:
    try:
        return msgspec.json.decode(text, type=Comparison)
    except (msgspec.DecodeError, UnicodeError):
        return None


def lines_of(comparison: Comparison) -> Sequence[RuleFigures]:
    """The rows of the table before and after: what was learned first, then by name."""
    return sorted(comparison.rules, key=lambda each: (each.errors_after - each.errors_before, each.rule))
