"""Pictures of what comes in, compared with those that were removed before; and removed ones remembered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from console.clock import Clock
from console.domain.ids import MessageId
from console.domain.messages import IncomingMessage
from console.domain.roles import Actor, Permission
from console.domain.verdicts import Verdict
from console.errors import VigieError
from console.services.accounts import Accounts
from console.services.connecting_ports import KnownPicture, PictureToNote
from console.services.pictures import Match, hash_of, is_picture, nearest
from console.services.platform_ports import Connector
from console.services.ports import Database, Judge, JudgeContext

log = logging.getLogger(__name__)

MOST = 100
"""Pictures fetched for one batch; a raid must not keep the rest from coming in."""
_BACK = timedelta(days=7)
_FORGET_EVERY = timedelta(minutes=5)
_AT_ONCE = 20
_SUREST, _LESS_A_BIT = 0.95, 0.025


class PictureLook:
    """Adds to a verdict when a picture of the message was removed before (`intake_judging.SecondLook`).

    Nothing is fetched as long as no picture was ever removed; each address is fetched once a batch.
    """

    def __init__(self, db: Database, judge: Judge, connector: Connector) -> None:
        self._judge, self._connector = judge, connector
        self._known = db.reads.known_pictures()
        self._matches: dict[str, Match | None] = {}

    def __call__(self, message: IncomingMessage, context: JudgeContext, verdict: Verdict) -> Verdict:
        """The verdict, with a finding for the picture that is the most like a removed one."""
        if not self._known:
            return verdict
        found = [self._match(each.url) for each in message.attachments if is_picture(each)]
        matches = sorted((each for each in found if each is not None), key=lambda each: each.distance)
        if not matches:
            return verdict
        sure = _SUREST - _LESS_A_BIT * matches[0].distance
        return self._judge.with_picture(message, context, verdict, matches[0].picture.rule, sure)

    def _match(self, url: str) -> Match | None:
        if url not in self._matches and len(self._matches) < MOST:
            self._matches[url] = None
            try:
                self._matches[url] = nearest(self._connector.media(url), self._known)
            except VigieError as error:
                # A picture that is gone or broken is for the person to see; the words come in all the same.
                log.info("a picture could not be compared: %s", error.code)
        return self._matches.get(url)

    def close(self) -> None:
        """Forget what was fetched."""
        self._matches.clear()


@dataclass
class PictureMemory:
    """Remembers pictures that were hidden or deleted for a rule, while they can still be fetched."""

    db: Database
    clock: Clock
    accounts: Accounts
    _tried: set[tuple[MessageId, str]] = field(default_factory=set)
    _forgot: datetime | None = None

    def note(self, actor: Actor, stop: Callable[[], bool]) -> int:
        """Hash what was decided on since the last time; how many are new. Needs IMPORT.

        Called before anything is carried out: a deleted picture is no longer there. Pictures whose decision
        was taken back are forgotten.
        """
        now = self.clock.now()
        actor.require(Permission.IMPORT, now)
        noted = 0
        for each in self.db.reads.pictures_to_note(now - _BACK, _AT_ONCE):
            if stop():
                break
            key = each.message, each.attachment.url
            if key not in self._tried:
                self._tried.add(key)
                noted += self._note(each)
        if self._forgot is None or now - self._forgot >= _FORGET_EVERY:
            self._forgot = now
            if self.db.reads.known_pictures():
                with self.db.write() as work:
                    work.forget_pictures()
        return noted

    def _note(self, picture: PictureToNote) -> int:
        try:
            hashed = hash_of(self.accounts.connector(picture.account).media(picture.attachment.url))
        except VigieError as error:
            log.info("a removed picture could not be remembered: %s", error.code)
            return 0
        if hashed is None:
            return 0
        now, name = self.clock.now(), picture.attachment.name
        with self.db.write() as work:
            # The gravest rule of the decision comes first: one picture, one reason.
            work.put_picture(
                KnownPicture(hashed, picture.rules[0], name, picture.message, now, picture.decided_by)
            )
        return 1
