"""Reading TikTok: the city's films, and the comments of each by offset, newest first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from console.clock import Clock
from console.domain.messages import IncomingMessage
from console.platforms.acting import may_be_effect
from console.platforms.answers import body_of, from_epoch, read
from console.platforms.http.client import Api
from console.platforms.http.manners import Answer
from console.platforms.http.shape import Record
from console.platforms.offsets import OffsetPages, Slice
from console.platforms.tiktok_forms import Comment, CommentList, Envelope, Video, VideoList, flat, message_of
from console.platforms.walking import FIRST_TIME, Walk, Walks, walk

_VIDEOS_AT_ONCE, _COMMENTS_AT_ONCE = 20, 30
_FILMS = 100
"""The latest films, whose comments are read."""
_SEARCHES = 20
"""Calls of one look, of the 40 a minute, beyond which it asks no more for comments whose film is not known
(after a new start: none is)."""
_FRESH = timedelta(days=7)
_OLDER_EVERY = timedelta(minutes=30)
"""How often the comments of films older than a week are read: 40 calls a minute are soon used."""
_WALK = "comments:"


class Reader:
    """What comes in on one account; `account`: the name that messages bear."""

    def __init__(self, api: Api, business: str, account: str, clock: Clock) -> None:
        self._api, self._business, self._account, self._clock = api, business, account, clock
        self._films: dict[str, Video] = {}
        self._film_of: dict[str, str] = {}
        self._not_under: dict[str, set[str]] = {}
        """Films under which a comment of unknown film was looked for in vain."""

    def pages(self, walks: Walks) -> Iterator[tuple[IncomingMessage, ...]]:
        """The comments of each film. A round that was stopped (40 calls a minute) goes on with the films
        that were not read yet."""
        now = self._clock.now()
        waiting = [each for each in Record(walks.notes).strings("waiting") if each]
        films = self._latest()
        if not waiting:
            waiting = [each for each in films if self._is_due(walks, films[each], now)]
            walks.forget(set(films), _WALK)
            read_at = Record(walks.notes).record("read").items()
            walks.notes["read"] = {film: at for film, at in read_at if film in films}
        while waiting:
            film = self._films.get(waiting[0], Video(item_id=waiting[0]))
            for messages in self._film(walks, film, now):
                if not walks.walks[_WALK + film.item_id].page:
                    waiting = waiting[1:]
                    read_at = Record(walks.notes).record("read").items()
                    walks.notes["read"] = {**dict(read_at), film.item_id: now.isoformat()}
                walks.notes["waiting"] = waiting
                yield messages

    def look(self, wanted: Sequence[str]) -> dict[str, IncomingMessage | None]:
        """These comments as they are now; those of which not every film has been asked yet are absent."""
        by_film: dict[str, list[str]] = {}
        strange: list[str] = []
        for each in wanted:
            if each in self._film_of:
                by_film.setdefault(self._film_of[each], []).append(each)
            elif each.isdecimal():
                strange.append(each)
        found: dict[str, IncomingMessage | None] = {}
        for film, ids in by_film.items():
            found |= dict.fromkeys(ids)
            found |= self._named(film, ids)
        asked = sum(_pages_of(ids) for ids in by_film.values())
        return found | self._search(strange, max(_SEARCHES - asked, 2))

    def _search(self, strange: Sequence[str], most: int) -> dict[str, IncomingMessage | None]:
        """Comments of unknown film, among all films. What is under none of them is gone, provided that the
        list held all films there are."""
        if not strange:
            return {}
        films = self._films or self._latest()
        found: dict[str, IncomingMessage | None] = {}
        for each in strange:
            self._not_under.setdefault(each, set())
        calls = 0
        for film in films:
            ids = [each for each in strange if each not in found and film not in self._not_under[each]]
            if not ids:
                continue
            calls += _pages_of(ids)
            if calls > most:
                break
            found |= self._named(film, ids)
            for each in ids:
                self._not_under[each].add(film)
        if len(films) < _FILMS:
            found |= {
                each: None for each in strange if each not in found and films.keys() <= self._not_under[each]
            }
        for each in found:
            del self._not_under[each]
        return found

    def one(self, film: str, comment: str) -> Comment | None:
        """One comment; None when it is gone."""
        rows = self._rows(film, 0, [comment])
        return next((each for each in flat(rows.comments) if each.comment_id == comment), None)

    def own_replies(self, film: str, parents: set[str], since: datetime) -> Iterator[Comment]:
        """What the city answered to one of these comments since then, or somewhat before."""
        for rows in self._comment_pages(film).all():
            made = [from_epoch(each.create_time, "comment") for each in rows if each.create_time]
            yield from (
                each for each in flat(tuple(rows)) if each.owner and each.parent_comment_id in parents
            )
            if made and not any(may_be_effect(at, since) for at in made):
                return

    def _film(self, walks: Walks, film: Video, now: datetime) -> Iterator[tuple[IncomingMessage, ...]]:
        name = _WALK + film.item_id
        # The first walk reads all comments of a film of the last 30 days, and of an older one as many.
        begun = walks.walks.get(name, Walk(now - FIRST_TIME))
        listed = self._comment_pages(film.item_id)
        for rows, state in walk(begun, lambda page, _: listed.page(page), _made, now):
            walks.walks[name] = state
            comments = flat(rows)
            self._film_of |= {each.comment_id: film.item_id for each in comments}
            yield tuple(message_of(each, film, self._account) for each in comments)

    def _comment_pages(self, film: str) -> OffsetPages[Comment]:
        def part(offset: int) -> Slice[Comment]:
            listed = self._rows(film, offset, None)
            return Slice(listed.comments, listed.cursor, listed.has_more)

        return OffsetPages(part, lambda each: each.comment_id)

    def _rows(self, film: str, offset: int, ids: Sequence[str] | None) -> CommentList:
        params = {
            "business_id": self._business,
            "video_id": film,
            "status": "ALL",
            "include_replies": True,
            "sort_field": "create_time",
            "sort_order": "desc",
            "max_count": _COMMENTS_AT_ONCE,
            "cursor": offset,
            "comment_ids": None if ids is None else json.dumps(list(ids)),
        }
        answer = self._api.get("/business/comment/list/", params)
        if answer.code == "40007":
            return CommentList()  # the film was taken away
        return read(CommentList, data_of(answer), "business/comment/list")

    def _named(self, film: str, ids: Sequence[str]) -> dict[str, IncomingMessage | None]:
        found: dict[str, IncomingMessage | None] = {}
        for start in range(0, len(ids), _COMMENTS_AT_ONCE):
            rows = self._rows(film, 0, ids[start : start + _COMMENTS_AT_ONCE])
            for each in flat(rows.comments):
                if each.comment_id in ids:
                    self._film_of[each.comment_id] = film
                    video = self._films.get(film, Video(item_id=film))
                    found[each.comment_id] = message_of(each, video, self._account)
        return found

    def _latest(self) -> Mapping[str, Video]:
        films: dict[str, Video] = {}

        def part(offset: int) -> Slice[Video]:
            params = {
                "business_id": self._business,
                "fields": json.dumps(["item_id", "caption", "create_time", "share_url"]),
                "max_count": _VIDEOS_AT_ONCE,
                "cursor": offset,
            }
            answer = self._api.get("/business/video/list/", params)
            listed = read(VideoList, data_of(answer), "business/video/list")
            return Slice(listed.videos, listed.cursor, listed.has_more)

        for videos in OffsetPages(part, lambda each: each.item_id).all():
            films |= {each.item_id: each for each in videos}
            if len(films) >= _FILMS:
                break
        self._films = films
        return films

    def _is_due(self, walks: Walks, film: Video, now: datetime) -> bool:
        read_at = Record(walks.notes).record("read").time(film.item_id)
        under_way = walks.walks.get(_WALK + film.item_id)
        if read_at is None or (under_way is not None and under_way.page):
            return True
        fresh = not film.create_time or now - from_epoch(film.create_time, "video") < _FRESH
        return fresh or not timedelta(0) <= now - read_at < _OLDER_EVERY


def _pages_of(ids: Sequence[str]) -> int:
    return -(-len(ids) // _COMMENTS_AT_ONCE)


def data_of(answer: Answer) -> Any:
    """What stands in `data` of a yes; an empty object for nothing."""
    envelope = read(Envelope, body_of(answer), "envelope")
    return {} if envelope.data is None else envelope.data


def _made(comment: Comment) -> datetime | None:
    return from_epoch(comment.create_time, "comment") if comment.create_time else None
