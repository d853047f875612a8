"""French of past decisions: cards, envoys and warnings, and the proof as text."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication

from console.catalogue import Catalogue
from console.domain.sanctions import IssuedWarning
from console.services.rows import (
    FINAL_STATES,
    TROUBLED_STATES,
    DecisionDetail,
    HistoryFilter,
    HistoryRow,
    OutgoingRow,
)
from ui import dates
from ui.models.acts import gravest, level_of
from ui.models.card import CardText, ChipText, platform_name
from ui.models.delivery import means_word, proof_words, state_mark
from ui.models.display_text import one_line
from ui.models.tones import ROUTE_SHAPE, shape_of
from ui.pages.outbox.words import operation_word
from ui.pages.queue import words as queue_words


def history_card(row: HistoryRow, now: datetime, person: str) -> CardText:
    """The card of a decision, about `person` as the screen names them."""
    place, who = platform_name(row.platform), one_line(person)
    by = _tr("par {name}").format(name=one_line(row.decided_by)) if row.decided_by else ""
    undone = row.undone_at is not None
    remarks = _tr("annulée") if undone else by
    acts = sorted(row.actions, key=queue_words.ORDER.index)
    chips = tuple(
        ChipText(level_of(each), _shape(level_of(each)), queue_words.button_word(each)) for each in acts
    )
    spoken = _tr("{acts}, {who}, {place}, {by}, {when}. {excerpt}").format(
        acts=queue_words.sentence(queue_words.acts(row.actions)),
        who=who,
        place=place,
        by=f"{by}, {_tr('annulée')}" if undone else by,
        when=dates.spoken_age(row.at, now),
        excerpt=one_line(row.excerpt),
    )
    return CardText(
        place=place,
        who=who,
        account="",
        age=dates.age(row.at, now),
        excerpt=one_line(row.excerpt),
        level=gravest(row.actions),
        chips=chips,
        remarks=remarks,
        done=undone,
        spoken=spoken,
    )


def _shape(level: int) -> str:
    """Acts that only pass a message on have the arrow; the waves mean «semblables»."""
    return ROUTE_SHAPE if level == 1 else shape_of(level)


def narrowed(where: HistoryFilter) -> int:
    """How many criteria a filter sets, for «Filtres · 2»; the search counts for itself."""
    criteria = (
        where.actions,
        where.rules,
        where.platforms,
        where.staff,
        where.decided_from or where.decided_to,
        not where.include_undone,
    )
    return sum(1 for each in criteria if each)


def outgoing_line(row: OutgoingRow) -> str:
    """«Avertir · fait le 20 nov. 2026, 10 h 31 par Camille · message privé, vu»."""
    state = Catalogue.load().label("outgoing_state", row.state)
    if row.done_at is not None:
        when = dates.moment(row.done_at)
        state = _tr("{state} le {when}").format(state=state, when=when)
        if row.done_by:
            state = _tr("{state} par {who}").format(state=state, who=one_line(row.done_by))
    return " · ".join(part for part in (operation_word(row.operation), state, proof_words(row.proof)) if part)


def outgoing_level(row: OutgoingRow) -> int:
    """The severity whose dot stands before the line: done, cancelled or waiting."""
    return state_mark(row.state)[0] if row.state in FINAL_STATES | TROUBLED_STATES else 2


def warning_line(warning: IssuedWarning) -> str:
    """What became of a warning."""
    issued = _tr("donné le {when}").format(when=dates.moment(warning.issued_at))
    if warning.withdrawn_at is not None:
        fate = _tr("retiré le {when}, ne compte pas").format(when=dates.moment(warning.withdrawn_at))
    elif warning.delivery is None:
        fate = _tr("pas encore remis, ne compte pas")
    else:
        fate = _tr("remis le {when} par {means}").format(
            when=dates.moment(warning.delivery.at), means=means_word(warning.delivery.means)
        )
        if warning.delivery.proof:
            fate += " · " + one_line(warning.delivery.proof)
    return f"{issued} · {fate}"


def proof_text(detail: DecisionDetail) -> str:
    """Where the decision stands in the journal, as plain text that can be checked outside Vigie."""
    lines = [
        _tr("Décision {id}").format(id=detail.decision.id),
        _tr("Politique {policy}, moteur {engine}").format(
            policy=detail.decision.policy, engine=detail.decision.engine
        ),
    ]
    for proof in detail.proofs:
        at = proof.at.astimezone(UTC).isoformat(timespec="microseconds")
        lines += [
            "",
            _tr("Rang dans la piste\u00a0: {n}").format(n=proof.sequence),
            _tr("Évènement\u00a0: {id}").format(id=proof.event_id),
            _tr("Instant (UTC)\u00a0: {at}").format(at=at),
            _tr("Empreinte précédente\u00a0: {hash}").format(hash=proof.previous),
            _tr("Empreinte SHA-256\u00a0: {hash}").format(hash=proof.sha256),
        ]
    return "\n".join(lines) + "\n"


def _tr(text: str) -> str:
    return QCoreApplication.translate("HistoryWords", text)
