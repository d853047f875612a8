"""The state of all simulated platforms, and what people do there."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from datetime import datetime, timedelta
from threading import RLock

from console.clock import Clock
from console.domain.messages import FACEBOOK, INSTAGRAM, LINKEDIN, TIKTOK, YOUTUBE, Platform, X
from console.platforms.simulator import ids
from console.platforms.simulator.things import (
    Grant,
    SimComment,
    SimConversation,
    SimMessage,
    SimPerson,
    SimPost,
)


class World:
    """Everybody and everything. Each method takes `lock`; requests are served under it one at a time.

    `links`: address that permalinks lead to in place of the platform's own (the demonstration's wall).
    """

    def __init__(self, clock: Clock, links: str = "") -> None:
        self.lock = RLock()
        self.clock = clock
        self.links = links
        self.cities: dict[Platform, SimPerson] = {}
        self.grants: dict[str, Grant] = {}
        self._named: dict[tuple[Platform, str], SimPerson] = {}
        self._people: dict[tuple[Platform, str], SimPerson] = {}
        self._posts: dict[tuple[Platform, str], SimPost] = {}
        self._comments: dict[tuple[Platform, str], SimComment] = {}
        self._with: dict[tuple[Platform, str], SimConversation] = {}
        """By the person's identifier; those below are by their own."""
        self._conversations: dict[tuple[Platform, str], SimConversation] = {}
        self._messages: dict[tuple[Platform, str], SimMessage] = {}
        self._banned: dict[Platform, set[str]] = {}
        self._muted: dict[Platform, set[str]] = {}
        self._number = 0

    # People

    def join(self, platform: Platform, identifier: str, name: str) -> SimPerson:
        """The city opens its account on the platform."""
        with self.lock:
            city = SimPerson(identifier, platform, name, is_city=True)
            self.cities[platform] = city
            return city

    def person(self, platform: Platform, name: str) -> SimPerson:
        """Who is called so there; the same person for the same name."""
        with self.lock:
            key = (platform, name)
            if key not in self._named:
                made = SimPerson(self._id(platform, ids.What.PERSON), platform, name)
                self._named[key] = self._people[(platform, made.id)] = made
            return self._named[key]

    def people(self, platform: Platform) -> list[SimPerson]:
        """Everybody who ever wrote there, without the city."""
        with self.lock:
            return [one for one in self._people.values() if one.platform == platform]

    def person_by_id(self, platform: Platform, identifier: str) -> SimPerson | None:
        """Who has this identifier, without the city."""
        return self._people.get((platform, identifier))

    # Publications and comments

    def publish(
        self, platform: Platform, text: str, *, at: datetime | None = None, by: SimPerson | None = None
    ) -> SimPost:
        """The city publishes; `by` somebody else on its page. `at`: an earlier time than now."""
        with self.lock:
            at = at or self.clock.now()
            identifier = self._id(platform, ids.What.POST, at=at)
            link = self._permalink(platform, identifier)
            post = SimPost(identifier, platform, text, at, link, by or self.cities[platform])
            self._posts[(platform, identifier)] = post
            return post

    def comment(
        self,
        post: SimPost,
        person: SimPerson,
        text: str,
        parent: SimComment | None = None,
        picture: str | None = None,
        *,
        at: datetime | None = None,
    ) -> SimComment:
        """Somebody comments under a publication, or answers a comment (`parent`)."""
        with self.lock:
            at = at or self.clock.now()
            identifier = self._id(
                post.platform, ids.What.COMMENT, at=at, parent=parent.id if parent is not None else ""
            )
            made = SimComment(identifier, post, person, text, at, self._number, parent, picture)
            self._comments[(post.platform, identifier)] = made
            insort(post.comments, made, key=_order)
            if parent is not None:
                insort(parent.children, made, key=_order)
            return made

    def edit(self, comment: SimComment, text: str, *, at: datetime | None = None) -> None:
        """The author changes the text."""
        with self.lock:
            comment.text = text
            comment.edited_at = at or self.clock.now()

    def remove(self, thing: SimComment | SimMessage | SimPost) -> None:
        """The author (or the city) takes it away; the replies to a comment go with it, but not on X."""
        with self.lock:
            thing.removed = True
            if isinstance(thing, SimComment) and thing.platform != X:
                for reply in thing.children:
                    reply.removed = True

    def posts(self, platform: Platform) -> list[SimPost]:
        """Publications that stand, oldest first."""
        with self.lock:
            found = [one for one in self._posts.values() if one.platform == platform and not one.removed]
            return sorted(found, key=lambda post: post.at)

    def post_by_id(self, platform: Platform, identifier: str) -> SimPost | None:
        """A publication that stands."""
        found = self._posts.get((platform, identifier))
        return found if found is not None and not found.removed else None

    def comments(self, platform: Platform, *, removed: bool = False) -> list[SimComment]:
        """Comments and replies that stand, the city's too (`by_city`), hidden ones too, oldest first;
        with `removed` also those that were taken away."""
        with self.lock:
            found = [
                one
                for one in self._comments.values()
                if one.platform == platform and (removed or not (one.removed or one.post.removed))
            ]
            return sorted(found, key=_order)

    def comment_by_id(self, platform: Platform, identifier: str) -> SimComment | None:
        """A comment, taken away or not."""
        return self._comments.get((platform, identifier))

    def replies(self, comment: SimComment) -> list[SimComment]:
        """What the city answered in public under a comment, oldest first, as far as it stands.

        Where a platform puts the answer to a reply beside it (one level only), it is found under the
        reply's parent.
        """
        top = comment.parent if comment.parent is not None and comment.platform != X else comment
        with self.lock:
            found = {*comment.children, *top.children}
            return sorted((one for one in found if one.by_city and not one.removed), key=_order)

    # Private messages

    def message(
        self,
        platform: Platform,
        person: SimPerson,
        text: str,
        picture: str | None = None,
        *,
        at: datetime | None = None,
    ) -> SimMessage:
        """Somebody writes to the city in private; the first time this opens the conversation."""
        with self.lock:
            return self._write(self._conversation(platform, person), person, text, picture, at)

    def send(self, person: SimPerson, text: str) -> SimMessage:
        """The city writes to somebody in private."""
        with self.lock:
            city = self.cities[person.platform]
            return self._write(self._conversation(person.platform, person), city, text, None, None)

    def conversations(self, platform: Platform) -> list[SimConversation]:
        """Those that hold a message, the one that changed last first."""
        with self.lock:
            found = [one for one in self._conversations.values() if one.platform == platform]
            return sorted(found, key=lambda one: (one.updated_at, one.messages[-1].number), reverse=True)

    def conversation_with(self, person: SimPerson) -> SimConversation | None:
        """The conversation of a person, once a message was written in it."""
        return self._with.get((person.platform, person.id))

    def conversation_by_id(self, platform: Platform, identifier: str) -> SimConversation | None:
        """A conversation."""
        return self._conversations.get((platform, identifier))

    def message_by_id(self, platform: Platform, identifier: str) -> SimMessage | None:
        """A private message, taken away or not."""
        return self._messages.get((platform, identifier))

    def messages(self, platform: Platform) -> list[SimMessage]:
        """All private messages that stand, the city's too (`by_city`), oldest first."""
        with self.lock:
            found = [m for one in self.conversations(platform) for m in one.messages if not m.removed]
            return sorted(found, key=_order)

    def sent(self, person: SimPerson) -> list[SimMessage]:
        """Private messages that the person got from the city, oldest first."""
        return [m for m in self.messages(person.platform) if m.by_city and m.person is person]

    # Bans

    def banned(self, platform: Platform) -> set[str]:
        """Identifiers of the people who are banned; the set itself, to change it."""
        return self._banned.setdefault(platform, set())

    def muted(self, platform: Platform) -> set[str]:
        """Identifiers of the people whose private messages are blocked; the set itself."""
        return self._muted.setdefault(platform, set())

    # Tokens

    def grant(
        self,
        platform: Platform,
        access: str,
        scopes: Iterable[str],
        *,
        kind: str = "user",
        subject: str = "",
        lives: timedelta | None = None,
        refresh: str = "",
    ) -> Grant:
        """Give a token; without `lives` it has no end."""
        with self.lock:
            ends = self.clock.now() + lives if lives is not None else None
            subject = subject or self.cities[platform].id
            made = Grant(access, platform, kind, subject, set(scopes), ends, refresh)
            self.grants[access] = made
            return made

    def grant_of(self, platform: Platform, access: str) -> Grant | None:
        """The grant behind a token that is taken now: known, not ended, not revoked."""
        found = self.grants.get(access)
        if found is None or found.platform != platform or found.revoked:
            return None
        ended = found.expires_at is not None and found.expires_at <= self.clock.now()
        return None if ended else found

    def next_number(self) -> int:
        """A number that was never given before."""
        with self.lock:
            self._number += 1
            return self._number

    def _conversation(self, platform: Platform, person: SimPerson) -> SimConversation:
        key = (platform, person.id)
        if key not in self._with:
            made = SimConversation(self._id(platform, ids.What.CONVERSATION), platform, person)
            self._with[key] = self._conversations[(platform, made.id)] = made
        return self._with[key]

    def _write(
        self,
        conversation: SimConversation,
        sender: SimPerson,
        text: str,
        picture: str | None,
        at: datetime | None,
    ) -> SimMessage:
        at = at or self.clock.now()
        identifier = self._id(conversation.platform, ids.What.MESSAGE, at=at)
        made = SimMessage(identifier, conversation, sender, text, at, self._number, picture)
        self._messages[(conversation.platform, identifier)] = made
        insort(conversation.messages, made, key=_order)
        return made

    def _id(self, platform: Platform, what: ids.What, *, at: datetime | None = None, parent: str = "") -> str:
        city = self.cities.get(platform)
        number = self.next_number()
        at = at or self.clock.now()
        return ids.new(platform, what, number, at, city.id if city is not None else "", parent)

    def _permalink(self, platform: Platform, post: str) -> str:
        if self.links:
            return f"{self.links}#{platform}-{post}"
        return (
            _permalinks()
            .get(platform, "https://{platform}.example/{post}")
            .format(platform=platform, post=post, own=post.rpartition("_")[2], short=ids.letters(post, 11))
        )


def _order(one: SimComment | SimMessage) -> tuple[datetime, int]:
    return one.at, one.number


def _permalinks() -> dict[Platform, str]:
    return {
        FACEBOOK: "https://www.facebook.com/ville.essai/posts/{own}",
        INSTAGRAM: "https://www.instagram.com/p/{short}/",
        YOUTUBE: "https://www.youtube.com/watch?v={post}",
        X: "https://x.com/i/status/{post}",
        LINKEDIN: "https://www.linkedin.com/feed/update/{post}",
        TIKTOK: "https://www.tiktok.com/@ville.essai/video/{post}",
    }
