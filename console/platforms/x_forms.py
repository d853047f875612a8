"""What the X API v2 answers, and the messages it means.

Source: https://docs.x.com/x-api (posts/lookup, users/mentions, posts/search, direct-messages, problems).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import unescape
from typing import Any

from console.domain.messages import Attachment, Channel, IncomingMessage, Kind, Platform
from console.domain.messages import X as X_PLATFORM
from console.domain.platforms import Result
from console.platforms.answers import Documented, instant, name_of, read_or_none, words_of

PRIVATE = "dm:"
"""Before the id of a private message: posts and messages are numbered alike, and a message that is asked
for as a post would pass for deleted."""
X: Platform = X_PLATFORM


class Referenced(Documented, frozen=True, kw_only=True):
    """`type`: replied_to, quoted or retweeted."""

    type: str = ""
    id: str = ""


class _Attached(Documented, frozen=True, kw_only=True):
    media_keys: tuple[str, ...] = ()


class _Metrics(Documented, frozen=True, kw_only=True):
    reply_count: int = -1


class Post(Documented, frozen=True, kw_only=True):
    """A post (`tweet`); all but id and text come when asked for in `tweet.fields`."""

    id: str
    text: str = ""
    author_id: str = ""
    created_at: datetime | None = None
    conversation_id: str = ""
    in_reply_to_user_id: str = ""
    referenced_tweets: tuple[Referenced, ...] = ()
    attachments: _Attached = _Attached()
    public_metrics: _Metrics = _Metrics()

    @property
    def answers(self) -> str:
        """The id of the post that it replies to, else empty."""
        return next((each.id for each in self.referenced_tweets if each.type == "replied_to"), "")


class User(Documented, frozen=True, kw_only=True):
    """Name as shown, and user name without the @."""

    id: str
    name: str = ""
    username: str = ""


class Media(Documented, frozen=True, kw_only=True):
    """A picture or film of a post."""

    media_key: str = ""
    type: str = ""
    url: str = ""
    preview_image_url: str = ""


class _Includes(Documented, frozen=True, kw_only=True):
    users: tuple[User, ...] = ()
    media: tuple[Media, ...] = ()


class _Meta(Documented, frozen=True, kw_only=True):
    newest_id: str = ""
    next_token: str = ""
    result_count: int = 0


class Problem(Documented, frozen=True, kw_only=True):
    """Problem JSON (RFC 9457); also each of `errors` beside `data` in an answer of status 200."""

    title: str = ""
    detail: str = ""
    type: str = ""
    reason: str = ""
    resource_id: str = ""
    value: str = ""
    errors: tuple[Any, ...] = ()
    error: str = ""
    """Of the token endpoint (RFC 6749)."""

    @property
    def kind(self) -> str:
        """The last word of `type` (`resource-not-found`, `usage-capped`…), else the title."""
        last = self.type.rsplit("/", maxsplit=1)[-1]
        named = self.error or (last if last and last != "about:blank" else "") or self.title
        return named[:100]


class PostList(Documented, frozen=True, kw_only=True):
    """Mentions, search, lookup, posts of a user."""

    data: tuple[Post, ...] = ()
    includes: _Includes = _Includes()
    errors: tuple[Problem, ...] = ()
    meta: _Meta = _Meta()


class PrivateEvent(Documented, frozen=True, kw_only=True):
    """A private message (`dm_event` of type MessageCreate)."""

    id: str
    text: str = ""
    event_type: str = "MessageCreate"
    sender_id: str = ""
    created_at: datetime | None = None
    dm_conversation_id: str = ""


class PrivateList(Documented, frozen=True, kw_only=True):
    """dm_events"""

    data: tuple[PrivateEvent, ...] = ()
    includes: _Includes = _Includes()
    errors: tuple[Problem, ...] = ()
    meta: _Meta = _Meta()


class Me(Documented, frozen=True, kw_only=True):
    """users/me"""

    data: User


class _Made(Documented, frozen=True, kw_only=True):
    id: str = ""
    dm_event_id: str = ""
    hidden: bool | None = None


class Done(Documented, frozen=True, kw_only=True):
    """The answer to a write; a 200 may hold `errors` in place of `data`."""

    data: _Made = _Made()
    errors: tuple[Problem, ...] = ()


class Granted(Documented, frozen=True, kw_only=True):
    """The token endpoint (RFC 6749, section 5.1)."""

    access_token: str
    refresh_token: str = ""
    expires_in: int = 7200


def post_message(
    post: Post, listed: PostList, me: str, account: str, roots: Mapping[str, Post]
) -> IncomingMessage:
    """A mention or a reply as intake takes it. `roots`: the city's own posts that are known, by id."""
    root = roots.get(post.conversation_id)
    answered = post.answers
    parent = "" if answered in {"", post.conversation_id} else answered
    conversation = post.conversation_id if post.conversation_id != post.id else ""
    return IncomingMessage(
        external_id=post.id,
        text=words_of(unescape(post.text)),
        platform=X,
        channel=Channel.COMMENT,
        kind=Kind.REPLY if parent else Kind.COMMENT,
        account=account,
        author_external_id=post.author_id,
        author_name=_name(post.author_id, listed.includes.users),
        posted_at=instant(post.created_at, "post") if post.created_at else None,
        post_external_id=conversation,
        post_text=words_of(unescape(root.text)) if root and conversation else "",
        post_posted_at=instant(root.created_at, "post")
        if root and root.created_at and conversation
        else None,
        parent_external_id=parent,
        attachments=_attachments(post, listed.includes.media),
        permalink=f"https://x.com/i/status/{post.id}",
        by_city=post.author_id == me,
    )


def private_message(event: PrivateEvent, listed: PrivateList, me: str, account: str) -> IncomingMessage:
    """A private message as intake takes it."""
    return IncomingMessage(
        external_id=PRIVATE + event.id,
        text=words_of(unescape(event.text)),
        platform=X,
        channel=Channel.PRIVATE,
        kind=Kind.PRIVATE_MESSAGE,
        account=account,
        author_external_id=event.sender_id,
        author_name=_name(event.sender_id, listed.includes.users),
        posted_at=instant(event.created_at, "dm_event") if event.created_at else None,
        post_external_id=event.dm_conversation_id,
        permalink=f"https://x.com/messages/{event.dm_conversation_id}" if event.dm_conversation_id else "",
        by_city=event.sender_id == me,
    )


def _name(author: str, users: Iterable[User]) -> str:
    user = next((each for each in users if each.id == author), None)
    if user is None:
        return ""
    return name_of(
        f"{user.name} (@{user.username})" if user.name and user.username else user.name or user.username
    )


def _attachments(post: Post, media: Iterable[Media]) -> tuple[Attachment, ...]:
    keys = set(post.attachments.media_keys)
    return tuple(
        Attachment(
            name=each.media_key,
            media_type="image/*" if each.type == "photo" else "video/*",
            url=each.url or each.preview_image_url,
        )
        for each in media
        if each.media_key in keys
    )


def missing_of(problems: Iterable[Problem]) -> frozenset[str]:
    """Ids that the platform says are no longer there."""
    gone = (each for each in problems if each.kind == "resource-not-found")
    return frozenset(each.resource_id or each.value for each in gone)


def problem_of(body: Any) -> Problem:
    """What is wrong, from the body of an error or from the first of `errors` beside no data."""
    problem = read_or_none(Problem, body) or Problem()
    if not problem.kind and problem.errors:
        problem = read_or_none(Problem, problem.errors[0]) or problem
    return problem


def result_of(kind: str, status: int) -> Result:
    """What a definite no to an act means: X refuses with 403 what it leaves to people in its own pages
    (a reply that was not asked for, a thread of somebody else, a person who takes no messages)."""
    if kind == "resource-not-found" or status == 404:
        return Result.GONE
    return Result.BY_HAND if status == 403 or kind.startswith("not-authorized") else Result.REFUSED
