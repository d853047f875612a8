"""What surrounds the message: thread, other messages, earlier versions, the person's history, notes."""

from __future__ import annotations

import difflib
import html
from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.ids import RuleId
from console.services.policy import RuleView
from console.services.rows import FINAL_STATES, CaseDetail, OutgoingRow, OutgoingState
from ui import dates
from ui.desk import Desk
from ui.models import delivery
from ui.models.card import shown_name
from ui.models.display_text import isolated, one_line
from ui.models.tones import shape_of
from ui.pages.outbox.words import operation_word
from ui.pages.queue import words
from ui.widgets.badge import Badge
from ui.widgets.button import Button
from ui.widgets.label import Label
from ui.widgets.quote import DatedLines, Quote, RichLabel
from ui.widgets.receipts import Receipts

_SHOWN = 12
"""Lines of a block; the rest is counted."""


def section(title: str, *inside: QWidget, spacing: int = 8) -> QWidget:
    """A heading and what stands below it."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    column.addWidget(Label(title, "label", "muted", wrap=True))
    lines = QVBoxLayout()
    lines.setSpacing(spacing)
    for widget in inside:
        lines.addWidget(widget)
    column.addLayout(lines)
    return box


def thread(detail: CaseDetail, desk: Desk) -> QWidget | None:
    """Earlier messages of the same thread, oldest first."""
    entries = detail.message.thread[-_SHOWN:]
    if not entries:
        return None
    quotes = []
    for entry in entries:
        name = isolated(thread_name(entry.author, detail, desk))
        when = f" · {dates.clock_time(entry.at)}" if entry.at is not None else ""
        quotes.append(Quote(f"{name} · {one_line(entry.text)}{when}"))
    return section(_tr("Fil de discussion"), *quotes)


def thread_name(name: str, detail: CaseDetail, desk: Desk) -> str:
    """A thread knows names only: with names masked, the number of whoever bears it here, else nobody's."""
    if not desk.settings.mask_names:
        return name or _tr("Une personne")
    known = {detail.author.name: detail.author_number}
    known |= {row.author: row.author_number for row in detail.siblings}
    if name in known:
        return shown_name(name, known[name], masked=True)
    return _tr("Une personne")


def follow_up(detail: CaseDetail, desk: Desk) -> QWidget | None:
    """What was to be carried out about this message: each item, how far it is, and its receipts."""
    if not detail.outgoing:
        return None
    now = desk.services.clock.now()
    return section(_tr("Suites"), *(_follow_up(row, desk, now) for row in detail.outgoing), spacing=14)


def _follow_up(row: OutgoingRow, desk: Desk, now: datetime) -> QWidget:
    box, head = QWidget(), QHBoxLayout()
    level, shape = delivery.state_mark(row.state)
    mark = Badge()
    mark.show_mark(level, shape, words.sentence(delivery.state_word(row.state)))
    head.setSpacing(8)
    head.addWidget(Label(operation_word(row.operation), "strong"))
    head.addWidget(mark)
    head.addStretch(1)
    if row.state not in FINAL_STATES and row.state is not OutgoingState.GRACE:
        go = Button(_tr("Voir l’envoi"), "link", font="note")
        go.setAccessibleName(_tr("Voir l’envoi\u00a0: {what}").format(what=operation_word(row.operation)))
        go.clicked.connect(lambda _on=False: desk.open_page.emit("outbox", row.id))
        head.addWidget(go)
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addLayout(head)
    if row.state not in FINAL_STATES and (why := delivery.reason(row, now)):
        column.addWidget(Label(why, "note", "muted", wrap=True))
    if row.attempts or row.done_at is not None:
        column.addWidget(Receipts(desk, row))
    return box


def versions(detail: CaseDetail) -> QWidget | None:
    """Earlier texts of an edited message: what went struck out, what came underlined."""
    earlier = [each for each in detail.snapshots if each.revision < detail.message.revision]
    if not earlier:
        return None
    texts = [each.text for each in earlier] + [detail.message.text]
    blocks: list[QWidget] = []
    for place, snapshot in enumerate(earlier):
        head = _tr("Version {number}, vue le {moment}").format(
            number=snapshot.revision, moment=dates.moment(snapshot.seen_at)
        )
        blocks.append(Label(head, "small", "muted", wrap=True))
        body = RichLabel("note")
        body.say_markup(snapshot.text, changes_between(texts[place], texts[place + 1]))
        blocks.append(body)
    return section(_tr("Versions précédentes"), *reversed_pairs(blocks))


def reversed_pairs(blocks: list[QWidget]) -> list[QWidget]:
    """Heading and body together, the newest version first."""
    pairs = [blocks[place : place + 2] for place in range(0, len(blocks), 2)]
    return [widget for pair in reversed(pairs) for widget in pair]


def changes_between(before: str, after: str) -> str:
    """`before` as rich text: words that the next version dropped are struck out, words that came are
    underlined."""
    old, new = before.split(), after.split()
    parts = []
    for kind, a, b, c, d in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(html.escape(" ".join(old[a:b])))
            continue
        if b > a:
            parts.append(f"<s>{html.escape(' '.join(old[a:b]))}</s>")
        if d > c:
            parts.append(f"<u>{html.escape(' '.join(new[c:d]))}</u>")
    return " ".join(parts)


def history(detail: CaseDetail, rules: Mapping[RuleId, RuleView]) -> QWidget:
    """Decisions and warnings about earlier messages of this person, newest first."""
    lines = DatedLines()
    events = [each for each in detail.history if each.undone or each.message_id != detail.message.id]
    for event in events[:_SHOWN]:
        level = words.event_level(event)
        shape = "dot" if level else shape_of(0)
        strong, rest = words.event_words(event, rules)
        lines.add(dates.table_date(event.at), level, shape, strong, rest)
    below: list[QWidget] = [lines]
    more = len(events) - _SHOWN
    if not events:
        below = [Label(_tr("Aucune décision antérieure pour cette personne."), "note", "muted", wrap=True)]
    elif more > 0:
        below.append(
            Label(_tr("et {count} décisions plus anciennes").format(count=more), "note", "muted", wrap=True)
        )
    if detail.declared_warnings:
        said = _tr("Le fichier importé déclare {warnings}, sans preuve de remise\u00a0: non compté.").format(
            warnings=words.warnings_word(detail.declared_warnings)
        )
        below.append(Label(said, "note", "muted", wrap=True))
    return section(_tr("Historique de la personne"), *below)


def notes(detail: CaseDetail) -> list[QWidget]:
    """Internal notes, oldest first."""
    return [Quote(f"{one_line(note.author)}, {dates.moment(note.at)}\n{note.text}") for note in detail.notes]


def _tr(text: str) -> str:
    return QCoreApplication.translate("QueueContext", text)
