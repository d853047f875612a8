"""What TikTok's API for Business v1.3 answers, and the messages it means.

Every answer is HTTP 200: `code` 0 is success. Source: https://business-api.tiktok.com/portal/docs
(business/video/list, business/comment/list, …/hide, …/reply/create; «Return codes»).
"""

from __future__ import annotations

from typing import Any

from console.domain.messages import TIKTOK, Channel, IncomingMessage, Kind
from console.domain.platforms import Result
from console.platforms.answers import Documented, from_epoch, name_of, words_of


class Envelope(Documented, frozen=True, kw_only=True):
    """What stands round every answer."""

    code: int
    message: str = ""
    request_id: str = ""
    data: Any = None


class Video(Documented, frozen=True, kw_only=True):
    """One of the account's films; `create_time` in seconds."""

    item_id: str
    caption: str = ""
    create_time: int = 0
    share_url: str = ""


class VideoList(Documented, frozen=True, kw_only=True):
    """business/video/list"""

    videos: tuple[Video, ...] = ()
    cursor: int = 0
    has_more: bool = False


class Comment(Documented, frozen=True, kw_only=True):
    """A comment, or a reply when it has a `parent_comment_id`; `owner`: the account's own."""

    comment_id: str
    video_id: str = ""
    unique_identifier: str = ""
    username: str = ""
    display_name: str = ""
    create_time: int = 0
    text: str = ""
    owner: bool = False
    status: str = ""
    parent_comment_id: str = ""
    reply_list: tuple[Comment, ...] = ()


class CommentList(Documented, frozen=True, kw_only=True):
    """business/comment/list"""

    comments: tuple[Comment, ...] = ()
    cursor: int = 0
    has_more: bool = False


class Made(Documented, frozen=True, kw_only=True):
    """business/comment/reply/create"""

    comment_id: str = ""


class Profile(Documented, frozen=True, kw_only=True):
    """business/get"""

    display_name: str = ""
    username: str = ""


class Info(Documented, frozen=True, kw_only=True):
    """tt_user/token_info/get; `scope` with commas."""

    creator_id: str = ""
    scope: str = ""


def flat(comments: tuple[Comment, ...]) -> tuple[Comment, ...]:
    """Comments and the replies inside them, in one row."""
    rows: list[Comment] = []
    for comment in comments:
        rows.append(comment)
        rows.extend(comment.reply_list)
    return tuple(rows)


def message_of(comment: Comment, video: Video, account: str) -> IncomingMessage:
    """A comment as intake takes it."""
    parent = comment.parent_comment_id
    return IncomingMessage(
        external_id=comment.comment_id,
        text=words_of(comment.text),
        platform=TIKTOK,
        channel=Channel.COMMENT,
        kind=Kind.REPLY if parent not in {"", "0"} else Kind.COMMENT,
        account=account,
        author_external_id=comment.unique_identifier or comment.username,
        author_name=name_of(comment.display_name or comment.username),
        posted_at=from_epoch(comment.create_time, "comment") if comment.create_time else None,
        post_external_id=comment.video_id or video.item_id,
        post_text=words_of(video.caption),
        post_posted_at=from_epoch(video.create_time, "video") if video.create_time else None,
        parent_external_id="" if parent == "0" else parent,
        permalink=video.share_url,
        by_city=comment.owner,
    )


def result_of(code: int) -> Result:
    """What a definite no to an act means."""
    return Result.GONE if code == 40007 else Result.REFUSED
