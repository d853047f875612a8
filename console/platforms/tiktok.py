"""TikTok: comments under the city's films, over the API for Business v1.3.

Source: https://business-api.tiktok.com/portal/docs; facts as of autumn 2026. Every answer is HTTP 200 and
says in `code` what it is. Lists are paged by offset; each endpoint takes 40 calls a minute.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from console.clock import Clock, SystemClock
from console.domain.messages import IncomingMessage
from console.domain.platforms import Act, Receipt, Result, Target
from console.errors import UncertainError
from console.platforms.account_connector import AccountConnector
from console.platforms.acting import may_be_effect, same_text
from console.platforms.answers import from_epoch, read, read_or_none
from console.platforms.http.client import Wait
from console.platforms.http.manners import Answer, Manners, Outcome, Said
from console.platforms.http.wire import Call
from console.platforms.tiktok_forms import Envelope, Info, Made, Profile, result_of
from console.platforms.tiktok_reading import Reader, data_of
from console.platforms.walking import Walks
from console.services.platform_ports import Budget, Connection, FetchedPage, Health, Tokens, TokenStore

BASE_URL = "https://business-api.tiktok.com/open_api/v1.3"
SCOPES = ("comment.list", "comment.list.manage", "video.list", "user.info.basic")
CALLS_A_MINUTE = 40
_MINUTE = timedelta(minutes=1)
_IDS_AT_ONCE = 50
_TOKEN, _PERMISSION, _LIMITED = {40104, 40105}, {40001}, {40100, 40016, 40133}


class TikTokManners(Manners):
    """The token in `Access-Token`, the truth in `code`, 40 calls a minute for each endpoint."""

    def __init__(self, clock: Clock, store: TokenStore) -> None:
        super().__init__(clock)
        self._store = store
        self._tokens: Tokens | None = None

    @property
    def tokens(self) -> Tokens:
        """Those that are used now."""
        if self._tokens is None:
            self._tokens = self._store.read()
        return self._tokens

    def key(self, call: Call) -> str:
        """The endpoint."""
        return call.path

    def before(self, call: Call) -> None:
        """Ask, and count."""
        self.pace.allow(self.key(call), CALLS_A_MINUTE, _MINUTE)
        super().before(call)

    def authorise(self, call: Call) -> Call:
        """The call with its proof."""
        return replace(call, headers={**call.headers, "Access-Token": self.tokens.access})

    def secrets(self) -> tuple[str, ...]:
        """What must not stand in a receipt or a log."""
        return tuple(filter(None, (self.tokens.access, self.tokens.client_secret)))

    def request_id(self, answer: Answer) -> str:
        """It stands in the body."""
        envelope = read_or_none(Envelope, answer.body)
        return envelope.request_id if envelope else ""

    def said(self, call: Call, answer: Answer) -> Said:
        """What the answer means."""
        if not 200 <= answer.status < 300:
            return super().said(call, answer)
        envelope = read_or_none(Envelope, answer.body)
        if envelope is None:
            # Not TikTok's form: nothing was said. A write is in doubt then.
            return Said(Outcome.FINE if call.reads else Outcome.TRANSIENT, "" if call.reads else "answer")
        if envelope.code == 0:
            return Said()
        code = str(envelope.code)
        if envelope.code in _TOKEN:
            # Somebody may have pasted a new one meanwhile: it is read again next time.
            self._tokens = None
            return Said(Outcome.TOKEN, code)
        if envelope.code in _PERMISSION:
            return Said(Outcome.PERMISSION, code)
        if envelope.code in _LIMITED:
            return Said(Outcome.LIMITED, code, self.clock.now() + _MINUTE)
        return Said(Outcome.TRANSIENT if 50000 <= envelope.code < 60000 else Outcome.REFUSED, code)


class TikTokConnector(AccountConnector):
    """One business account of the city. Fulfils `Connector`."""

    _manners: TikTokManners

    def __init__(
        self,
        connection: Connection,
        tokens: TokenStore,
        clock: Clock | None = None,
        wait: Wait = time.sleep,
        ca_file: str = "",
    ) -> None:
        clock = clock or SystemClock()
        super().__init__(connection, BASE_URL, TikTokManners(clock, tokens), clock, wait, ca_file)
        self._business = connection.external_id
        self._reader = Reader(self._api, self._business, connection.name, clock)

    def check(self) -> Health:
        """Who the token is, and what it may do."""
        fields = json.dumps(["display_name", "username"])
        params = {"business_id": self._business, "fields": fields}
        profile = read(Profile, data_of(self._api.get("/business/get/", params)), "business/get")
        scopes = self._scopes()
        missing = tuple(each for each in SCOPES if scopes and each not in scopes)
        name = profile.display_name or profile.username or self._connection.name
        return Health(self._business, name, scopes, missing, self._connection.expires_at)

    def fetch(self, cursor: str) -> Iterator[FetchedPage]:
        """The comments of each film, newest first, down to its floor."""
        walks = Walks.load(cursor)
        for messages in self._reader.pages(walks):
            yield FetchedPage(messages, walks.dump())

    def look(self, external_ids: Sequence[str]) -> Mapping[str, IncomingMessage | None]:
        """These comments as they are now. A comment is asked for under its film: where that is not known
        the latest films are tried, and what is found nowhere is absent."""
        wanted = [each for each in dict.fromkeys(external_ids) if each][:_IDS_AT_ONCE]
        return self._reader.look(wanted) if wanted else {}

    def carry_out(self, act: Act, target: Target, text: str = "") -> Receipt:
        """Do it, once."""
        left = self._left_to_people(act, target)
        if left is not None:
            return left
        body = {
            "business_id": self._business,
            "video_id": target.post_external_id,
            "comment_id": target.external_id,
        }
        if act is Act.REPLY:
            answer = self._api.send("POST", "/business/comment/reply/create/", json={**body, "text": text})
            return self._replied(answer)
        action = "HIDE" if act is Act.HIDE else "UNHIDE"
        answer = self._api.send(
            "POST", "/business/comment/hide/", json={**body, "action": action}, repeatable=True
        )
        return self._receipt(act, _result(answer), answer)

    def read_back(self, act: Act, target: Target, text: str, since: datetime) -> Receipt | None:
        """Look whether an act happened."""
        if self._left_to_people(act, target) is not None:
            return None
        if not target.post_external_id:
            raise UncertainError("platform.uncertain")
        if act is Act.REPLY:
            return self._own_reply(target, text, since)
        found = self._reader.one(target.post_external_id, target.external_id)
        if found is None:
            return self._seen(act, Result.GONE)
        public = found.status.upper() in {"", "PUBLIC"}
        return self._seen(act, Result.DONE) if public is (act is Act.UNHIDE) else None

    def budgets(self) -> tuple[Budget, ...]:
        """TikTok says nothing of what is left."""
        return ()

    def revoke(self) -> None:
        """Make the token void."""
        held = self._manners.tokens
        body = {
            "client_id": self._connection.client_id,
            "client_secret": held.client_secret,
            "access_token": held.access,
        }
        self._api.send("POST", "/tt_user/oauth2/revoke/", json=body, repeatable=True)

    def _scopes(self) -> tuple[str, ...]:
        body = {"app_id": self._connection.client_id, "access_token": self._manners.tokens.access}
        answer = self._api.send("POST", "/tt_user/token_info/get/", json=body, repeatable=True)
        info = read(Info, data_of(answer), "token_info") if answer.ok else Info()
        return tuple(filter(None, info.scope.split(","))) or self._connection.scopes

    def _replied(self, answer: Answer) -> Receipt:
        if not answer.ok:
            return self._receipt(Act.REPLY, _result(answer), answer)
        made = read_or_none(Made, data_of(answer))
        if made is None or not made.comment_id:
            # It was taken, but by which name is not said: look.
            raise UncertainError("platform.uncertain")
        return self._receipt(Act.REPLY, Result.DONE, answer, external_id=made.comment_id)

    def _own_reply(self, target: Target, text: str, since: datetime) -> Receipt | None:
        parents = {target.external_id, target.parent_external_id} - {""}
        for row in self._reader.own_replies(target.post_external_id, parents, since):
            made = from_epoch(row.create_time, "comment") if row.create_time else since
            if may_be_effect(made, since) and same_text(row.text, text):
                return replace(self._seen(Act.REPLY, Result.DONE), external_id=row.comment_id)
        return None


def _result(answer: Answer) -> Result:
    if answer.ok:
        return Result.DONE
    return result_of(int(answer.code)) if answer.code.isdecimal() else Result.REFUSED
