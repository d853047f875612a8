"""What the YouTube Data API v3 answers, and the messages it means.

Source: https://developers.google.com/youtube/v3/docs/comments, …/commentThreads, …/errors.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from console.domain.messages import YOUTUBE, Channel, IncomingMessage, Kind
from console.domain.platforms import Result
from console.platforms.answers import Documented, instant, name_of, read_or_none, words_of
from console.platforms.http.manners import Outcome, Said

QUOTA_ZONE = ZoneInfo("America/Los_Angeles")
"""Units come back at midnight there."""


class _AuthorChannel(Documented, frozen=True, kw_only=True):
    value: str = ""


class CommentSnippet(Documented, frozen=True, kw_only=True, rename="camel"):
    """`snippet` of a comment; `moderation_status` only for the channel's owner."""

    text_display: str = ""
    text_original: str = ""
    author_display_name: str = ""
    author_channel_id: _AuthorChannel = _AuthorChannel()
    channel_id: str = ""
    video_id: str = ""
    parent_id: str = ""
    moderation_status: str = ""
    published_at: datetime
    updated_at: datetime | None = None


class Comment(Documented, frozen=True, kw_only=True):
    """A comment or a reply."""

    id: str
    snippet: CommentSnippet


class _ThreadSnippet(Documented, frozen=True, kw_only=True, rename="camel"):
    top_level_comment: Comment
    total_reply_count: int = 0
    video_id: str = ""


class _Replies(Documented, frozen=True, kw_only=True):
    comments: tuple[Comment, ...] = ()


class Thread(Documented, frozen=True, kw_only=True):
    """A comment with how many replies it has; of these at most five are in `replies`."""

    id: str
    snippet: _ThreadSnippet
    replies: _Replies = _Replies()


class ThreadList(Documented, frozen=True, kw_only=True, rename="camel"):
    """commentThreads.list"""

    items: tuple[Thread, ...] = ()
    next_page_token: str = ""


class CommentList(Documented, frozen=True, kw_only=True, rename="camel"):
    """comments.list"""

    items: tuple[Comment, ...] = ()
    next_page_token: str = ""


class _Title(Documented, frozen=True, kw_only=True, rename="camel"):
    title: str = ""
    published_at: datetime | None = None


class Titled(Documented, frozen=True, kw_only=True):
    """A video or a channel with its title."""

    id: str
    snippet: _Title = _Title()


class TitledList(Documented, frozen=True, kw_only=True):
    """videos.list, channels.list"""

    items: tuple[Titled, ...] = ()


class _Reason(Documented, frozen=True, kw_only=True):
    reason: str = ""


class _Error(Documented, frozen=True, kw_only=True):
    code: int = 0
    message: str = ""
    errors: tuple[_Reason, ...] = ()


class ErrorBody(Documented, frozen=True, kw_only=True):
    """`{"error": {"code", "message", "errors": [{"domain", "reason"}]}}`"""

    error: _Error = _Error()


def message_of(comment: Comment, channel: str, account: str, video: Titled | None) -> IncomingMessage:
    """A comment as intake takes it.

    `channel` is the city's own, whose comments are `by_city`; `account` the name messages bear.
    """
    snippet = comment.snippet
    author = snippet.author_channel_id.value
    parent = snippet.parent_id
    video_id = snippet.video_id or (video.id if video else "")
    link = f"https://www.youtube.com/watch?v={video_id}&lc={comment.id}" if video_id else ""
    published = video.snippet.published_at if video else None
    return IncomingMessage(
        external_id=comment.id,
        text=words_of(snippet.text_display or snippet.text_original),
        platform=YOUTUBE,
        channel=Channel.COMMENT,
        kind=Kind.REPLY if parent else Kind.COMMENT,
        account=account,
        author_external_id=author,
        author_name=name_of(snippet.author_display_name),
        posted_at=instant(snippet.published_at, "comment"),
        post_external_id=video_id,
        post_text=words_of(video.snippet.title) if video else "",
        post_posted_at=instant(published, "video") if published else None,
        parent_external_id=parent,
        permalink=link,
        by_city=bool(author) and author == channel,
    )


_RESULTS = {
    "commentNotFound": Result.GONE,
    "parentCommentNotFound": Result.GONE,
    "videoNotFound": Result.GONE,
    "notFound": Result.GONE,
    "operationNotSupported": Result.BY_HAND,
    "forbidden": Result.BY_HAND,
    "banWithoutReject": Result.REFUSED,
    "commentsDisabled": Result.REFUSED,
}
"""Of an act. What is not named here and not below is refused with its reason."""


def reason_of(body: Any, status: int) -> str:
    """The platform's own word for an error, else its HTTP status."""
    error = read_or_none(ErrorBody, body)
    named = next((each.reason for each in error.error.errors if each.reason), "") if error else ""
    return named[:100] or f"http_{status}"


def result_of(reason: str, status: int) -> Result:
    """What a definite no to an act means."""
    return _RESULTS.get(reason, Result.GONE if status == 404 else Result.REFUSED)


_QUOTA = {"quotaExceeded", "dailyLimitExceeded"}
_TOO_FAST = {"rateLimitExceeded", "userRateLimitExceeded"}
_ROLE = {"insufficientPermissions", "youtubeSignupRequired", "accessNotConfigured", "channelForbidden"}
_STOP = {"accountClosed", "accountSuspended", "channelSuspended", "channelClosed"}


def is_quota(reason: str) -> bool:
    """Whether the day's units are used up."""
    return reason in _QUOTA


def said_of(reason: str, status: int, returns: datetime) -> Said:
    """What an answer that is no yes means; `returns`: when the day's units come back."""
    if status == 401 or reason == "authError":
        return Said(Outcome.TOKEN, reason)
    if is_quota(reason):
        return Said(Outcome.LIMITED, reason, returns)
    if status == 429 or reason in _TOO_FAST:
        return Said(Outcome.LIMITED, reason)
    if reason in _ROLE:
        return Said(Outcome.PERMISSION, reason)
    if reason in _STOP:
        return Said(Outcome.BLOCKED, reason)
    # «Can be a transient error» (errors, setModerationStatus): for a reply this means in doubt.
    transient = status >= 500 or reason in {"backendError", "internalError", "processingFailure"}
    return Said(Outcome.TRANSIENT if transient else Outcome.REFUSED, reason)
