"""The tables of a desk's file. See docs/architecture.md for the reasons; the essentials are here.

* Messages, posts, accounts and people have a small integer key inside the store (`pk`, `number`);
  the ids of the domain (UUIDv7) stand beside it and are the only ones that leave the store.
* A message is *visible* when `arrival <= watermark.arrival`. A staged import writes its messages
  above the watermark, in short transactions; publishing moves the watermark. Every read for the
  screen filters by the watermark; reads that serve as context for the verdict engine do not.
* `messages.rules` holds a bit for each rule found (`rule_bit`). Rules may share a bit: the bit
  narrows an index scan, `findings` decides.
* The two queue indexes cover every filter, so that no filter reads the table for rows it drops.
"""

from __future__ import annotations

from console.store.codes import ACTION_BITS, rule_bit
from console.store.schema.base import metadata
from console.store.schema.cases import decisions, escalations, notes, outgoing, warnings
from console.store.schema.desk import (
    emergencies,
    import_changes,
    imports,
    journal,
    journal_head,
    meta,
    settings,
    staff,
    views,
)
from console.store.schema.learning import adoptions, layers
from console.store.schema.messages import (
    accounts,
    bands,
    counters,
    findings,
    messages,
    people,
    posts,
    rules,
    snapshots,
    verdicts,
    watermark,
)
from console.store.schema.platforms import attempts, connections, known_pictures
from console.store.schema.sharing import content_places, contested, edits, peer_desks, shared_events, unsent

SEARCH = "search"
"""FTS5, contentless: rowid = messages.pk, columns `text`, `author`, both folded (console.domain.folding).

`prefix='3'`: begun words are searched from three letters on; without it those take 100 ms in a million.
"""

DECISION_SEARCH = "decision_search"
"""FTS5, contentless: rowid = decisions.pk, column `words`: reason, note and texts sent, folded."""

__all__ = [
    "ACTION_BITS",
    "DECISION_SEARCH",
    "SEARCH",
    "accounts",
    "adoptions",
    "attempts",
    "bands",
    "connections",
    "content_places",
    "contested",
    "counters",
    "decisions",
    "edits",
    "emergencies",
    "escalations",
    "findings",
    "import_changes",
    "imports",
    "journal",
    "journal_head",
    "known_pictures",
    "layers",
    "messages",
    "meta",
    "metadata",
    "notes",
    "outgoing",
    "peer_desks",
    "people",
    "posts",
    "rule_bit",
    "rules",
    "settings",
    "shared_events",
    "snapshots",
    "staff",
    "unsent",
    "verdicts",
    "views",
    "warnings",
    "watermark",
]
