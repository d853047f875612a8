"""The full-text index: FTS5 tables that hold folded words only, beside the texts themselves.

Contentless (sqlite.org/fts5.html#contentless_tables): the index knows which words stand in which
row, not the text, so that a text is on disk once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, column, insert, select, table, update

from console.domain.folding import FOLD_VERSION, fold
from console.store.tables import DECISION_SEARCH, SEARCH, decisions, messages, meta, people

CREATE = (
    f"CREATE VIRTUAL TABLE {SEARCH} USING fts5(text, author, content='', "
    "tokenize='unicode61 remove_diacritics 2', prefix='3')",
    f"CREATE VIRTUAL TABLE {DECISION_SEARCH} USING fts5(words, content='', "
    "tokenize='unicode61 remove_diacritics 2')",
)
DROP = (f"DROP TABLE {SEARCH}", f"DROP TABLE {DECISION_SEARCH}")

_AT_ONCE = 2_000

search = table(SEARCH, column("rowid"), column("text"), column("author"))
search_command = table(SEARCH, column(SEARCH), column("rowid"), column("text"), column("author"))
"""The same with the column that takes commands, such as «delete»."""
decision_search = table(DECISION_SEARCH, column("rowid"), column("words"))
decision_search_command = table(DECISION_SEARCH, column(DECISION_SEARCH), column("rowid"), column("words"))


def fill(connection: Connection) -> None:
    """Index every message and decision; the tables are empty before."""
    words = select(messages.c.pk, messages.c.text, messages.c.author_name).order_by(messages.c.pk)
    for part in connection.execute(words, execution_options={"yield_per": _AT_ONCE}).partitions():
        rows = [{"rowid": pk, "text": fold(text), "author": fold(author)} for pk, text, author in part]
        connection.execute(insert(search), rows)
    said = select(
        decisions.c.pk, decisions.c.reason, decisions.c.note, decisions.c.texts, decisions.c.exception
    )
    for decided in connection.execute(said, execution_options={"yield_per": _AT_ONCE}).partitions():
        rows = [{"rowid": row.pk, "words": decision_words(row)} for row in decided]
        connection.execute(insert(decision_search), rows)


def decision_words(decision: object) -> str:
    """The folded words of a decision: reason, note, reason of an exception, texts sent.

    Takes a row of `decisions` or a `Decision`: both carry these names.
    """
    exception = getattr(decision, "exception", None)
    parts = [
        getattr(decision, "reason", ""),
        getattr(decision, "note", ""),
        exception.reason if exception else "",
        *(text for _, text in getattr(decision, "texts", ())),
    ]
    return fold(" ".join(parts))


def up_to_date(connection: Connection) -> bool:
    """Whether the index was made by the folding of this version."""
    version = select(meta.c.value).where(meta.c.key == "fold")
    return connection.execute(version).scalar_one_or_none() == FOLD_VERSION


def rebuild(connection: Connection) -> None:
    """Make the index anew, after the folding has changed."""
    for statement in (*DROP, *CREATE):
        connection.exec_driver_sql(statement)
    fill(connection)
    names = select(people.c.number, people.c.name)
    for part in connection.execute(names, execution_options={"yield_per": _AT_ONCE}).partitions():
        connection.execute(_REFOLD, [{"number_": number, "folded_": fold(name)} for number, name in part])
    connection.execute(update(meta).where(meta.c.key == "fold").values(value=FOLD_VERSION))


def forget(connection: Connection, rows: Iterable[Any]) -> None:
    """Take messages (`pk`, `text`, `author_name`, as they were indexed) out of the index.

    A contentless table has to be told what it holds (sqlite.org/fts5.html, «The 'delete' Command»).
    """
    gone = [
        {SEARCH: "delete", "rowid": pk, "text": fold(text), "author": fold(author)}
        for pk, text, author in rows
    ]
    if gone:
        connection.execute(insert(search_command), gone)


_REFOLD = (
    update(people).where(people.c.number == bindparam("number_")).values(folded_name=bindparam("folded_"))
)
