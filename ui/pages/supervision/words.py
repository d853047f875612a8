"""French of supervision: cards, headings and what the toast says."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from console.services.rows import EscalationKind, EscalationOutcome, EscalationRow
from ui import dates
from ui.models.card import CardText, ChipText, platform_name
from ui.models.display_text import one_line
from ui.models.tones import ROUTE_SHAPE, shape_of, word_of
from ui.pages.queue.words import acts

WAITING = frozenset({EscalationOutcome.OPEN, EscalationOutcome.HELD})


def outcome_word(row: EscalationRow) -> str:
    """How it stands, in a word or two."""
    return {
        EscalationOutcome.OPEN: _tr("à répondre"),
        EscalationOutcome.HELD: _tr("gardé par {who}").format(who=one_line(row.answered_by)),
        EscalationOutcome.DECIDED: _tr("décidé par {who}").format(who=one_line(row.answered_by)),
        EscalationOutcome.RETURNED: _tr("retourné par {who}").format(who=one_line(row.answered_by)),
        EscalationOutcome.SIGNED: _tr("signé par {who}").format(who=one_line(row.answered_by)),
        EscalationOutcome.REFUSED: _tr("refusé par {who}").format(who=one_line(row.answered_by)),
        EscalationOutcome.WITHDRAWN: _tr("retiré"),
    }[row.outcome]


def heading(row: EscalationRow) -> str:
    """What is before supervision."""
    if row.kind is EscalationKind.BAN_SIGNATURE:
        return _tr("Bannissement à signer") if row.outcome in WAITING else _tr("Bannissement proposé")
    return _tr("Dossier soumis")


def asked_line(row: EscalationRow) -> str:
    """«Soumis par Camille, 14 nov. 2026, 13 h 31»."""
    said = _tr("Soumis par {who}, {when}")
    if row.kind is EscalationKind.BAN_SIGNATURE:
        said = _tr("Proposé par {who}, {when}")
    return said.format(who=one_line(row.submitted_by), when=dates.moment(row.submitted_at))


def answered_line(row: EscalationRow) -> str:
    """«Décidé par Sacha, 14 nov. 2026, 15 h», or "" while it waits."""
    if row.answered_at is None:
        return ""
    word = outcome_word(row)
    return f"{word[:1].upper()}{word[1:]}, {dates.moment(row.answered_at)}"


def suggestion(row: EscalationRow) -> str:
    """«masquer et avertir», or that nothing was proposed."""
    return acts(row.suggested) if row.suggested else _tr("aucune")


def escalation_card(row: EscalationRow, now: datetime, person: str) -> CardText:
    """The card of a case at the instant `now`, about `person` as the screen names them."""
    ban = row.kind is EscalationKind.BAN_SIGNATURE
    chips = [
        ChipText(
            4 if ban else 1, "square" if ban else ROUTE_SHAPE, _tr("À signer") if ban else _tr("Question")
        )
    ]
    chips.append(ChipText(row.severity, shape_of(row.severity), word_of(row.severity)))
    done = row.outcome not in WAITING
    state = outcome_word(row)
    unread = _tr("réponse à lire") if done and not row.seen_by_submitter else ""
    spoken = _tr("{heading}, {state}, de {who}, {place}. {reason}").format(
        heading=heading(row),
        state=state,
        who=one_line(person),
        place=platform_name(row.platform),
        reason=one_line(row.reason),
    )
    return CardText(
        place=_tr("{platform}, par {who}").format(
            platform=platform_name(row.platform), who=one_line(row.submitted_by)
        ),
        who=one_line(person),
        account="",
        age=dates.age(row.submitted_at, now),
        excerpt=one_line(row.reason or row.excerpt),
        level=row.severity,
        chips=tuple(chips),
        remarks=unread or (state if row.outcome is not EscalationOutcome.OPEN else ""),
        done=done,
        spoken=spoken,
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("SupervisionWords", text)
