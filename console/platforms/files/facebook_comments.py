"""Comments of a Facebook download (`comments.json`): under `comments_v2`, or a bare list.

The file holds no ids: they are derived from author, time and text. Nothing in it tells the city's
own comments from others (a name can be borrowed), so only what a person named as the city's is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.domain.messages import FACEBOOK, Channel, IncomingMessage, Kind
from console.platforms.files import meta
from console.platforms.files.values import Options, RowError, derived_id, is_city, words

CODE = "facebook-comments"
KEYS = ("comments_v2", "comments", "")
_REPLY_WORDS = ("replied to", "a repondu", "reponse")


def matches(record: Mapping[str, Any]) -> bool:
    """Whether a list member is an entry of such a file."""
    return "timestamp" in record and _comment(record) is not None


def message(record: Mapping[str, Any], options: Options) -> IncomingMessage:
    """One entry as a message. Raises `RowError`."""
    comment = _comment(record)
    if comment is None:
        raise RowError("import.row.text_missing")
    attachments = meta.comment_media(record)
    text = meta.text(comment, "comment", bool(attachments))
    author = meta.name(comment, "author")
    posted_at = meta.instant(comment.get("timestamp", record.get("timestamp")))
    title = words(meta.string(record, "title"))
    platform = options.platform or FACEBOOK
    return IncomingMessage(
        external_id=derived_id(options.account, author, posted_at, text),
        text=text,
        platform=platform,
        channel=Channel.COMMENT,
        kind=Kind.REPLY if any(each in title for each in _REPLY_WORDS) else Kind.COMMENT,
        account=options.account,
        author_external_id=author,
        author_name=author,
        posted_at=posted_at,
        attachments=attachments,
        by_city=is_city(author, options),
    )


def _comment(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    data = record.get("data")
    for each in data if isinstance(data, list) else []:
        if isinstance(each, dict) and isinstance(each.get("comment"), dict):
            found: Mapping[str, Any] = each["comment"]
            return found
    return None
