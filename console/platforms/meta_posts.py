"""Publications whose comments are read, and which of them are due.

Comments come under old publications too, and no list of the Graph API tells where: young publications
are read every time, older ones when their count of comments changed, and a few more in their turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.platforms.http.shape import Record
from console.platforms.meta_graph import Graph
from console.platforms.walking import Walks

WATCHED = timedelta(days=90)
"""Comments are read under publications of so many days."""
WARM = timedelta(days=7)
TURN = 5
"""How many older publications are read in each round although nothing seems to have changed: one comment
gone and one come leave the count as it was."""
_PAGES = 20
_COUNTS, _NEXT = "counts", "turn"
COMMENTS = "c:"
"""Names of the walks under publications."""


@dataclass(frozen=True, slots=True)
class SeenPost:
    """A publication, as its comments need it. `count`: comments and replies; None when it is not told."""

    id: str
    text: str = ""
    at: datetime | None = None
    count: int | None = None
    permalink: str = ""


def listed(
    graph: Graph, path: str, fields: str, when: Callable[[Record], datetime | None], now: datetime
) -> list[Record]:
    """The publications of the watched days, newest first."""
    found: list[Record] = []
    after = ""
    for _ in range(_PAGES):
        page = graph.page(path, {"fields": fields, "limit": graph.page_size}, after)
        times = [when(each) for each in page.items]
        young = [
            each for each, at in zip(page.items, times, strict=True) if at is None or at >= now - WATCHED
        ]
        found += young
        if not page.next or (page.items and not young):
            break
        after = page.next
    return found


def keep(posts: Mapping[str, SeenPost], walks: Walks) -> None:
    """Forget the walks and counts of publications that are watched no longer."""
    walks.forget(set(posts), COMMENTS)
    counts = Record(walks.notes.get(_COUNTS))
    walks.notes[_COUNTS] = {name: value for name, value in counts.items() if name in posts}


def changed(post: SeenPost, walks: Walks) -> bool:
    """Whether its count is another than when it was last read to the end."""
    return post.count is None or walks.notes[_COUNTS].get(post.id) != post.count


def read_to_the_end(post: SeenPost, walks: Walks) -> None:
    """Note the count, for a walk that began after it was told."""
    if post.count is not None:
        walks.notes[_COUNTS][post.id] = post.count


def due(posts: Iterable[SeenPost], walks: Walks, now: datetime) -> list[SeenPost]:
    """Those to be read in this round."""
    urgent: list[SeenPost] = []
    calm: list[SeenPost] = []
    for post in posts:
        state = walks.walks.get(COMMENTS + post.id)
        warm = post.at is None or post.at >= now - WARM
        begun = state is None or bool(state.page)
        told = post.count is not None and changed(post, walks)
        (urgent if told or warm or begun else calm).append(post)
    calm.sort(key=lambda each: each.id)
    turn = Record(walks.notes).text(_NEXT)
    after = [each for each in calm if each.id > turn] + [each for each in calm if each.id <= turn]
    if after:
        walks.notes[_NEXT] = after[:TURN][-1].id
    return urgent + after[:TURN]
