"""LinkedIn: comments under the posts of the city's page, over the Community Management API.

Source: https://learn.microsoft.com/linkedin/marketing/community-management; facts as of autumn 2026. Names
of members never come. LinkedIn's terms let social activity be kept for 48 hours and profiles for 24: the
setting `retention_hours` of the connection says so to whoever prunes. A page role that was lost gives
empty lists: an empty list is therefore never taken for «everything was deleted».
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from console.clock import Clock, SystemClock
from console.domain.messages import IncomingMessage
from console.domain.platforms import Act, Receipt, Result, Target
from console.errors import AccessLostError, UncertainError
from console.platforms.account_connector import AccountConnector
from console.platforms.acting import may_be_effect, same_text
from console.platforms.allowance import DayAllowance
from console.platforms.answers import body_of, from_epoch, read
from console.platforms.http.client import Wait
from console.platforms.http.manners import Answer, Manners, Outcome, Said
from console.platforms.http.shape import Record
from console.platforms.http.wire import Call
from console.platforms.linkedin_forms import Organization, RoleList, parts_of, reason_of, result_of
from console.platforms.linkedin_reading import Reader, comments_path
from console.platforms.walking import Walks
from console.services.platform_ports import (
    Budget,
    Connection,
    FetchedPage,
    Health,
    Tokens,
    TokenStore,
)

BASE_URL = "https://api.linkedin.com/rest"
SCOPES = ("r_organization_social", "w_organization_social", "rw_organization_admin")
SETTINGS: Mapping[str, str] = {"retention_hours": "48"}
"""What a new connection has in its settings; `version` (YYYYMM) only where another one is wanted."""
CALLS_A_DAY, CALLS_FOR_READING = 5_000, 4_000
"""LinkedIn tells each developer the true number; the settings `calls` and `calls_reading` hold it."""
_IDS_AT_ONCE = 50
_VERSION_AGE = timedelta(days=75)
"""A version is served for a year, and named after the month it appears in: two to three months old is
there and stays a while."""


class LinkedInManners(Manners):
    """Two headers that every call needs, and a quota of the day."""

    request_id_header = "x-li-uuid"

    def __init__(self, clock: Clock, store: TokenStore, settings: Mapping[str, str]) -> None:
        super().__init__(clock)
        self._store = store
        self._version = settings.get("version", "")
        self._tokens: Tokens | None = None
        self.calls = DayAllowance(
            clock,
            "calls",
            _number(settings.get("calls", ""), CALLS_A_DAY),
            _number(settings.get("calls_reading", ""), CALLS_FOR_READING),
            UTC,
        )

    @property
    def tokens(self) -> Tokens:
        """Those that are used now."""
        if self._tokens is None:
            self._tokens = self._store.read()
        return self._tokens

    def before(self, call: Call) -> None:
        """Ask, and count."""
        super().before(call)
        self.calls.ask(1)
        self.calls.spend(1)

    def authorise(self, call: Call) -> Call:
        """The call with its proof and its version."""
        version = self._version or f"{self.clock.now() - _VERSION_AGE:%Y%m}"
        needed = {
            "Authorization": f"Bearer {self.tokens.access}",
            "Linkedin-Version": version,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        return replace(call, headers={**call.headers, **needed})

    def secrets(self) -> tuple[str, ...]:
        """What must not stand in a receipt or a log."""
        return tuple(filter(None, (self.tokens.access, self.tokens.client_secret)))

    def said(self, call: Call, answer: Answer) -> Said:
        """What the answer means."""
        if 200 <= answer.status < 300:
            return Said()
        reason = reason_of(answer.body, answer.status)
        if answer.status == 401:
            # Somebody may have pasted a new one meanwhile: it is read again next time.
            self._tokens = None
            return Said(Outcome.TOKEN, reason)
        if answer.status == 429:
            # The quota of the day, or a burst that is over sooner: asking once an hour costs nothing.
            until = min(self.calls.returns(), self.clock.now() + timedelta(hours=1))
            return Said(Outcome.LIMITED, reason, until)
        if reason in {"MEMBER_RESTRICTED", "APPLICATION_RESTRICTED"}:
            return Said(Outcome.BLOCKED, reason)
        if answer.status == 403 and call.reads:
            return Said(Outcome.PERMISSION, reason)
        return Said(Outcome.TRANSIENT if answer.status >= 500 else Outcome.REFUSED, reason)


class LinkedInConnector(AccountConnector):
    """One page of the city. Fulfils `Connector`."""

    _manners: LinkedInManners

    def __init__(
        self,
        connection: Connection,
        tokens: TokenStore,
        clock: Clock | None = None,
        wait: Wait = time.sleep,
        ca_file: str = "",
    ) -> None:
        clock = clock or SystemClock()
        manners = LinkedInManners(clock, tokens, connection.settings)
        super().__init__(connection, BASE_URL, manners, clock, wait, ca_file)
        number = connection.external_id.rpartition(":")[2]
        self._organization = f"urn:li:organization:{number}"
        self._reader = Reader(self._api, self._organization, connection.name, clock)

    def check(self) -> Health:
        """Who the token is. Raises `AccessLostError("platform.permission")` when the role is gone."""
        with self._manners.calls.acting():
            params = {"q": "roleAssignee", "state": "APPROVED", "count": 100}
            roles = read(RoleList, body_of(self._api.get("/organizationAcls", params)), "organizationAcls")
            if not any(role.organization == self._organization for role in roles.elements):
                raise AccessLostError("platform.permission", reason="no_role")
            number = self._organization.rpartition(":")[2]
            page = read(Organization, body_of(self._api.get(f"/organizations/{number}")), "organizations")
        scopes = self._connection.scopes
        missing = tuple(each for each in SCOPES if scopes and each not in scopes)
        name = page.localized_name or self._connection.name
        return Health(self._connection.external_id, name, scopes, missing, self._manners.tokens.expires_at)

    def fetch(self, cursor: str) -> Iterator[FetchedPage]:
        """The comments of each post of the last 30 days, and their replies where the number changed."""
        walks = Walks.load(cursor)
        self._manners.calls.restore(dict(Record(walks.notes.get("calls")).items()))
        for messages in self._reader.pages(walks):
            walks.notes["calls"] = self._manners.calls.state()
            yield FetchedPage(messages, walks.dump())

    def look(self, external_ids: Sequence[str]) -> Mapping[str, IncomingMessage | None]:
        """These comments as they are now, one call each."""
        wanted = [each for each in dict.fromkeys(external_ids) if parts_of(each)[0]][:_IDS_AT_ONCE]
        found: dict[str, IncomingMessage | None] = {}
        for urn in wanted:
            there, message = self._reader.look(urn)
            if there:
                found[urn] = message
        return found

    def carry_out(self, act: Act, target: Target, text: str = "") -> Receipt:
        """Do it, once."""
        left = self._left_to_people(act, target)
        if left is not None:
            return left
        under, number = parts_of(target.external_id)
        if not number:
            # Of an imported file: the page's own name of the comment is not known.
            return Receipt(act, Result.BY_HAND, self._clock.now(), code="by_hand.platform")
        with self._manners.calls.acting():
            return self._reply(target, text) if act is Act.REPLY else self._delete(under, number)

    def read_back(self, act: Act, target: Target, text: str, since: datetime) -> Receipt | None:
        """Look whether an act happened."""
        if self._left_to_people(act, target) is not None or not parts_of(target.external_id)[1]:
            return None
        with self._manners.calls.acting():
            if act is Act.REPLY:
                return self._own_reply(target, text, since)
            there, message = self._reader.look(target.external_id)
        if not there:
            raise UncertainError("platform.uncertain")
        return None if message else self._seen(act, Result.DONE)

    def budgets(self) -> tuple[Budget, ...]:
        """Calls of the day."""
        return (self._manners.calls.budget(),)

    def revoke(self) -> None:
        """LinkedIn has no call for it: the token ends by itself, or in the person's own settings there."""

    def _delete(self, under: str, number: str) -> Receipt:
        path = f"{comments_path(under)}/{number}"
        answer = self._api.send("DELETE", path, params={"actor": self._organization}, repeatable=True)
        return self._receipt(Act.DELETE, Result.DONE if answer.ok else result_of(answer.status), answer)

    def _reply(self, target: Target, text: str) -> Receipt:
        top = target.parent_external_id or target.external_id
        body = {
            "actor": self._organization,
            "object": parts_of(top)[0],
            "message": {"text": text},
            "parentComment": top,
        }
        answer = self._api.send("POST", comments_path(top), json=body)
        if not answer.ok:
            return self._receipt(Act.REPLY, result_of(answer.status), answer)
        number = answer.headers.get("x-restli-id", "")
        if not number:
            # It was taken, but by which name is not said: look.
            raise UncertainError("platform.uncertain")
        urn = number if number.startswith("urn:") else f"urn:li:comment:({parts_of(top)[0]},{number})"
        return self._receipt(Act.REPLY, Result.DONE, answer, external_id=urn)

    def _own_reply(self, target: Target, text: str, since: datetime) -> Receipt | None:
        top = target.parent_external_id or target.external_id
        for rows in self._reader.under(top):
            for each in rows:
                made = from_epoch(each.created.time, "comment", 1000) if each.created.time else since
                own = each.author == self._organization and may_be_effect(made, since)
                if own and same_text(each.message.text, text):
                    return replace(self._seen(Act.REPLY, Result.DONE), external_id=each.urn)
        return None


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise
