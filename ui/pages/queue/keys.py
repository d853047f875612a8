"""Which command of the table does what on the queue page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from console.domain.decisions import Action

if TYPE_CHECKING:
    from ui.pages.queue.page import QueuePage


def bind_keys(page: QueuePage) -> tuple[QAction, ...]:
    """Bind them all; returns those of the list, which rest while something is being written."""
    bind, cards, card = page.desk.commands.bind, page.list.cards, page.message.card
    for action in Action:
        bind(f"decide.{action.value}", page, partial(page.act, action))
    handlers: dict[str, Callable[[], object]] = {
        "queue.arrivals": page.let_in,
        "queue.disagree": page.disagree,
        "queue.note": page.message.write_note,
        "queue.filters": page.filtering.toggle,
        "queue.article": page.show_chosen_article,
        "queue.finding": partial(page.verdict.findings.step, 1),
        "queue.copy_link": card.copy_link,
        "queue.open_link": card.open_link,
        "queue.pictures": card.pictures.press,
        "queue.confirm": page.confirm,
    }
    for name, handler in handlers.items():
        bind(name, page, handler)
    return (
        bind("queue.next", page, partial(cards.step, 1)),
        bind("queue.previous", page, partial(cards.step, -1)),
    )
