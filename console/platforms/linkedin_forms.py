"""What LinkedIn's Community Management API answers, and the messages it means.

Source: https://learn.microsoft.com/linkedin/marketing/community-management/shares (posts-api,
comments-api). Names of members are absent from all answers.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from console.domain.messages import LINKEDIN, Channel, IncomingMessage, Kind
from console.domain.platforms import Result
from console.platforms.answers import Documented, from_epoch, read_or_none, words_of


class LinkedInPost(Documented, frozen=True, kw_only=True, rename="camel"):
    """One of the page's posts; times in ms."""

    id: str
    commentary: str = ""
    created_at: int = 0
    published_at: int = 0


class Paging(Documented, frozen=True, kw_only=True):
    """Beside each list; `count` is what was taken of the count asked for."""

    count: int = 0
    total: int = 0


class PostList(Documented, frozen=True, kw_only=True):
    """posts?q=author"""

    elements: tuple[LinkedInPost, ...] = ()
    paging: Paging = Paging()


class _Created(Documented, frozen=True, kw_only=True):
    actor: str = ""
    time: int = 0


class _Text(Documented, frozen=True, kw_only=True):
    text: str = ""


class _Summary(Documented, frozen=True, kw_only=True, rename="camel"):
    total_first_level_comments: int = 0
    aggregated_total_comments: int = 0


class Comment(Documented, frozen=True, kw_only=True, rename="camel"):
    """A comment, or a reply when it has a `parent_comment`; times in ms."""

    id: str = ""
    comment_urn: str = ""
    actor: str = ""
    object: str = ""
    parent_comment: str = ""
    created: _Created = _Created()
    last_modified: _Created = _Created()
    message: _Text = _Text()
    comments_summary: _Summary = _Summary()

    @property
    def urn(self) -> str:
        """`urn:li:comment:(urn:li:activity:1,2)`, the name that needs nothing beside it."""
        return self.comment_urn or (f"urn:li:comment:({self.object},{self.id})" if self.id else "")

    @property
    def author(self) -> str:
        """The URN of who wrote it."""
        return self.actor or self.created.actor

    @property
    def replies(self) -> int:
        """How many answers the comment has."""
        return max(self.comments_summary.total_first_level_comments, 0)


class CommentList(Documented, frozen=True, kw_only=True):
    """socialActions/{urn}/comments"""

    elements: tuple[Comment, ...] = ()
    paging: Paging = Paging()


class Organization(Documented, frozen=True, kw_only=True, rename="camel"):
    """organizations/{id}"""

    localized_name: str = ""


class _Role(Documented, frozen=True, kw_only=True, rename="camel"):
    organization: str = ""
    role: str = ""
    state: str = ""


class RoleList(Documented, frozen=True, kw_only=True):
    """organizationAcls?q=roleAssignee"""

    elements: tuple[_Role, ...] = ()


class ErrorBody(Documented, frozen=True, kw_only=True, rename="camel"):
    """`{"status", "serviceErrorCode", "code", "message"}`"""

    status: int = 0
    code: str = ""
    service_error_code: int = 0
    message: str = ""


def parts_of(comment_urn: str) -> tuple[str, str]:
    """What the comment stands under, and its number: of `urn:li:comment:(urn:li:activity:1,2)` the pair
    (`urn:li:activity:1`, `2`); two empty texts when it is no such name."""
    inner = comment_urn.removeprefix("urn:li:comment:(").removesuffix(")")
    under, comma, number = inner.rpartition(",")
    known = comment_urn.startswith("urn:li:comment:(") and comma and number.isdecimal()
    return (under, number) if known else ("", "")


def message_of(
    comment: Comment, post: LinkedInPost, organization: str, account: str, parent: str = ""
) -> IncomingMessage:
    """A comment as intake takes it; `organization` is the city's own URN, `parent` the comment under
    whose replies it was listed."""
    answered = comment.parent_comment or parent
    under = comment.object or post.id
    link = f"https://www.linkedin.com/feed/update/{under}?commentUrn={quote(comment.urn, safe='')}"
    posted = post.published_at or post.created_at
    return IncomingMessage(
        external_id=comment.urn,
        text=words_of(comment.message.text),
        platform=LINKEDIN,
        channel=Channel.COMMENT,
        kind=Kind.REPLY if answered else Kind.COMMENT,
        account=account,
        author_external_id=comment.author,
        posted_at=from_epoch(comment.created.time, "comment", 1000) if comment.created.time else None,
        post_external_id=post.id,
        post_text=words_of(post.commentary),
        post_posted_at=from_epoch(posted, "post", 1000) if posted else None,
        parent_external_id=answered,
        permalink=link,
        by_city=comment.author == organization,
    )


def reason_of(body: Any, status: int) -> str:
    """The platform's own code of an error, else its HTTP status."""
    error = read_or_none(ErrorBody, body) or ErrorBody()
    number = str(error.service_error_code) if error.service_error_code else ""
    return (error.code or number)[:100] or f"http_{status}"


def result_of(status: int) -> Result:
    """What a definite no to an act means; 403 is what LinkedIn leaves to the page's own administrators."""
    if status in {404, 410}:
        return Result.GONE
    return Result.BY_HAND if status == 403 else Result.REFUSED
