"""The five fixed views above the list, and what a filter narrows beyond the view it started from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from console.domain.cases import OPEN_STATES, SUPERVISED_STATES, CaseState
from console.domain.ids import StaffId
from console.domain.messages import Channel
from console.domain.verdicts import Route
from console.services.rows import QueueCounts, QueueFilter

_NOBODY = StaffId("")


@dataclass(frozen=True, slots=True)
class QuickView:
    """A fixed view: its word, its filter, and which figure stands beside the word."""

    id: str
    word: str
    filter: QueueFilter
    figure: Callable[[QueueCounts], int]


def quick_views(me: StaffId) -> tuple[QuickView, ...]:
    """In the order of the chips; the first is where the day begins. `me` is who works here."""
    return (
        QuickView("pending", _tr("À traiter"), QueueFilter(), lambda counts: counts.pending),
        QuickView(
            "emergency",
            _tr("Urgence"),
            QueueFilter(routes=frozenset({Route.EMERGENCY})),
            lambda counts: counts.emergencies,
        ),
        QuickView(
            "private",
            _tr("Privés"),
            QueueFilter(channels=frozenset({Channel.PRIVATE})),
            lambda counts: counts.private,
        ),
        QuickView(
            "mine",
            _tr("Mes dossiers"),
            QueueFilter(states=frozenset({CaseState.RETURNED}), submitted_by=me),
            lambda counts: counts.mine_returned,
        ),
        QuickView(
            "submitted",
            _tr("Soumis"),
            QueueFilter(states=SUPERVISED_STATES),
            lambda counts: counts.submitted,
        ),
    )


def view_of(where: QueueFilter) -> str:
    """The id of the fixed view whose filter this is (search aside), "" when it is none of them."""
    bare = replace(where, text="")
    return next((view.id for view in quick_views(where.submitted_by or _NOBODY) if view.filter == bare), "")


def narrowed(where: QueueFilter) -> int:
    """How many criteria a filter sets, for «Filtres · 2». The search field counts for itself."""
    set_criteria = (
        where.states != OPEN_STATES,
        where.platforms,
        where.accounts,
        where.channels or where.kinds,
        where.rules,
        where.severities,
        where.routes,
        where.author,
        where.submitted_by,
        where.posted_from or where.posted_to,
    )
    return sum(1 for criterion in set_criteria if criterion)


def _tr(text: str) -> str:
    return QCoreApplication.translate("QuickViews", text)
