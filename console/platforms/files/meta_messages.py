"""Private messages of a Facebook or Instagram download (`messages/inbox/*/message_1.json`).

One file is one conversation. Whose side is the city's is never guessed from the order of names: it
is what a person said, an account that Vigie knows, or the side that is not the title of a
conversation of two (Meta titles it by the other person). When none of these tells, every message is
judged: the city's own words in the queue are a nuisance, a citizen's words left out are a loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from console.domain.messages import FACEBOOK, INSTAGRAM, Channel, IncomingMessage, Kind, Platform
from console.platforms.files import meta
from console.platforms.files.mojibake import repair
from console.platforms.files.values import Options, RowError, derived_id, short, words

CODE = "meta-messages"
KEY = "messages"


@dataclass(frozen=True, slots=True)
class Conversation:
    """The head of a file: who took part, its title and path (for the platform)."""

    participants: tuple[str, ...]
    title: str
    path: str

    @classmethod
    def of(cls, head: Mapping[str, Any], participants: list[Any]) -> Conversation:
        """From the top of the document; names repaired."""
        names = [
            short(repair(each["name"]), "participants")
            for each in participants
            if isinstance(each, dict) and isinstance(each.get("name"), str)
        ]

        def text(key: str) -> str:
            value = head.get(key)
            return short(repair(value), key) if isinstance(value, str) else ""

        return cls(tuple(dict.fromkeys(names)), text("title"), text("thread_path"))

    def city(self, known: frozenset[str]) -> str:
        """The participant who is the city, or empty when nothing tells. `known` as `words` folds."""
        ours = [each for each in self.participants if words(each) in known]
        if len(ours) == 1:
            return ours[0]
        if len(self.participants) == 2 and self.title in self.participants:
            return next(each for each in self.participants if each != self.title)
        return ""


NOBODY = Conversation((), "", "")
"""No conversation."""


def matches(record: Mapping[str, Any]) -> bool:
    """Whether a member of `messages` is a message of such a file."""
    return isinstance(record.get("sender_name"), str) and "timestamp_ms" in record


def reader(
    conversation: Conversation, options: Options, hint: str
) -> Callable[[Mapping[str, Any]], IncomingMessage]:
    """Makes a message of a member; raises `RowError`. `hint` is a path that may name the platform."""
    city = conversation.city(options.city)
    platform = options.platform or _platform((hint, conversation.path))
    account = options.account or city
    others = [each for each in conversation.participants if each != city]
    thread = conversation.path or "vigie-" + "|".join(sorted(words(each) or each for each in others))

    def read(record: Mapping[str, Any]) -> IncomingMessage:
        if record.get("is_unsent") is True:
            raise RowError("import.row.withdrawn")
        attachments = meta.media(record)
        text = meta.text(record, "content", bool(attachments))
        sender = meta.name(record, "sender_name")
        posted_at = meta.instant(record.get("timestamp_ms"))
        return IncomingMessage(
            external_id=derived_id(account, sender, posted_at, text or attachments[0].name),
            text=text,
            platform=platform,
            channel=Channel.PRIVATE,
            kind=Kind.PRIVATE_MESSAGE,
            account=account,
            author_external_id=sender,
            author_name=sender,
            posted_at=posted_at,
            post_external_id=thread,
            attachments=attachments,
            by_city=bool(city) and sender == city,
        )

    return read


def _platform(paths: Iterable[str]) -> Platform:
    """Instagram's downloads say so in a folder (`your_instagram_activity`, `instagram-city-2025-…`)."""
    folders = (folder.lower() for path in paths for folder in path.replace("\\", "/").split("/"))
    return (
        INSTAGRAM if any(each.startswith(("your_instagram", "instagram-")) for each in folders) else FACEBOOK
    )
