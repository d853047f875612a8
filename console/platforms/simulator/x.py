"""X API v2, simulated (public documentation, autumn 2026)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from console.domain.messages import X
from console.platforms.simulator import x_shapes as shapes
from console.platforms.simulator.allowances import Allowances, Window, every
from console.platforms.simulator.anchors import StaleTokenError, page
from console.platforms.simulator.api import Ask, Handler, PlatformApi, Reply, Route
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.oauth import AuthorizationServer, Rules, bearer
from console.platforms.simulator.things import SimMessage, SimPerson
from console.platforms.simulator.world import World
from console.platforms.simulator.x_acts import XActs
from console.platforms.simulator.x_shapes import ProblemError, Tweet
from console.services.platform_ports import Tokens

SCOPES = (
    "tweet.read",
    "tweet.write",
    "tweet.moderate.write",
    "users.read",
    "dm.read",
    "dm.write",
    "mute.read",
    "mute.write",
    "offline.access",
)
CALLBACK = "http://127.0.0.1:8765/"
LIMITS = {
    "me": 75,
    "lookup": 900,
    "own": 900,
    "mentions": 300,
    "search": 300,
    "dm read": 15,
    "hide": 50,
    "post": 100,
    "dm send": 15,
    "mute": 50,
    "block": 50,
}
"""Calls in 15 minutes, by endpoint."""
_SEARCHED, _KEPT = timedelta(days=7), timedelta(days=30)
_MOST_MENTIONS = 800
_LONGEST_QUERY = 512
_SNOWFLAKE_EPOCH_MS = 1_288_834_974_657

Thing = TypeVar("Thing", Tweet, SimMessage)


class XApi(PlatformApi):
    """The city's account, its threads, who mentions it, and its private messages."""

    platform = X
    external_id = "1480000000000000001"
    scopes = SCOPES

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.calls = Allowances(LIMITS, every(timedelta(minutes=15)))
        self.credits: int | None = None
        """Calls that are paid for; None: as many as one likes."""
        self.acts = XActs(world, self.city)
        rules = Rules(
            scopes=SCOPES,
            access_life=timedelta(hours=2),
            code_life=timedelta(seconds=30),
            rotating=True,
            needs_secret=False,
            callbacks={CALLBACK},
        )
        self.oauth = AuthorizationServer(world, X, rules)

    def routes(self) -> Sequence[Route]:
        """What it serves; behind each call the endpoint it counts for and the scopes it needs."""
        acts, counted = self.acts, self._counted
        with_person = "/2/dm_conversations/with/<person>"
        return (
            Route("GET", "/i/oauth2/authorize", self.oauth.authorize, open=True),
            Route("POST", "/2/oauth2/token", self.oauth.token, open=True),
            Route("POST", "/2/oauth2/revoke", self.oauth.revoke, open=True),
            Route("GET", "/2/users/me", counted("me", "users.read", self._me)),
            Route("GET", "/2/users/<user>/tweets", counted("own", "tweet.read", self._own)),
            Route("GET", "/2/users/<user>/mentions", counted("mentions", "tweet.read", self._mentions)),
            Route("GET", "/2/tweets/search/recent", counted("search", "tweet.read", self._search)),
            Route("GET", "/2/tweets", counted("lookup", "tweet.read", self._lookup)),
            Route("GET", "/2/tweets/<tweet>", counted("lookup", "tweet.read", self._one)),
            Route("GET", "/2/dm_events", counted("dm read", "dm.read", self._events)),
            Route("GET", f"{with_person}/dm_events", counted("dm read", "dm.read", self._events)),
            Route("PUT", "/2/tweets/<tweet>/hidden", counted("hide", "tweet.moderate.write", acts.hide)),
            Route("POST", "/2/tweets", counted("post", "tweet.write", acts.post)),
            Route("DELETE", "/2/tweets/<tweet>", counted("post", "tweet.write", acts.delete)),
            Route("POST", f"{with_person}/messages", counted("dm send", "dm.write", acts.send)),
            Route("POST", "/2/users/<user>/muting", counted("mute", "mute.write", acts.mute)),
            Route("DELETE", "/2/users/<user>/muting/<person>", counted("mute", "mute.write", acts.unmute)),
            Route("POST", "/2/users/<person>/dm/block", counted("block", "dm.write", acts.block)),
            Route("POST", "/2/users/<person>/dm/unblock", counted("block", "dm.write", acts.unblock)),
        )

    def before(self, ask: Ask) -> Reply | None:
        """A token that is not taken is answered with 401."""
        ask.grant = self.world.grant_of(X, bearer(ask))
        return None if ask.grant is not None else self.wrong(Fault.TOKEN_EXPIRED, ask)

    def after(self, ask: Ask, reply: Reply) -> Reply:
        """Every answer has its number, and how much of the window is left."""
        reply.headers.setdefault("x-transaction-id", f"{self.world.next_number():016x}")
        window = ask.notes.get("window")
        if isinstance(window, Window):
            reply.headers |= _rate(window)
        return reply

    def wrong(self, fault: Fault, ask: Ask) -> Reply:
        """The form of each fault."""
        match fault:
            case Fault.TRANSIENT:
                return ProblemError(503, "Service Unavailable", "Service Unavailable").reply()
            case Fault.RATE_LIMITED:
                ask.notes["window"] = Window(300, 300, ask.now + timedelta(minutes=15))
                return _too_many().reply()
            case Fault.TOKEN_EXPIRED:
                return ProblemError(401, "Unauthorized", "Unauthorized").reply()
            case Fault.BLOCKED:
                words = "Your account is suspended and is not permitted to access this feature."
                return shapes.forbidden(words).reply()
            case Fault.GONE:
                words = "Could not find tweet with id."
                return ProblemError(404, "Not Found Error", words, "resource-not-found").reply()
        return shapes.forbidden("You are not permitted to perform this action.").reply()

    def tokens(self) -> Tokens:
        """Tokens that are taken now."""
        return self.oauth.tokens()

    def quota(self, **values: Any) -> None:
        """`left`: credits, one a call (None: no end); by endpoint, a name of `LIMITS` with «_»: calls that
        are left in the window."""
        for name, left in values.items():
            if name == "left":
                self.credits = left
            else:
                self.calls.leave(name.replace("_", " "), int(left), self.world.clock.now())

    def _counted(self, endpoint: str, scope: str, handler: Handler) -> Handler:
        def counted(ask: Ask) -> Reply:
            try:
                allowed = self.calls.take(endpoint, ask.now)
                ask.notes["window"] = self.calls.window(endpoint, ask.now)
                if not allowed:
                    raise _too_many()
                if ask.grant is None or scope not in ask.grant.scopes:
                    raise shapes.forbidden(f"The token does not have the scope {scope}.")
                self._pay()
                if ask.args.get("user", self.city.id) != self.city.id:
                    raise shapes.forbidden("The id is not that of the authenticated user.")
                return handler(ask)
            except ProblemError as problem:
                return problem.reply()
            except StaleTokenError:
                name = "next_token" if "next_token" in ask.query else "pagination_token"
                return shapes.invalid(name, ask.query.get(name, ""), "is not valid").reply()

        return counted

    def _pay(self) -> None:
        if self.credits is None:
            return
        if self.credits <= 0:
            words = "Your enrolled account does not have any credits to fulfill this request."
            raise ProblemError(402, "CreditsDepleted", words, "credits")
        self.credits -= 1

    def _me(self, ask: Ask) -> Reply:
        return Reply(200, {"data": shapes.user(self.city, shapes.asked_fields(ask)["user.fields"])})

    def _own(self, ask: Ask) -> Reply:
        return self._timeline(ask, lambda one: one.person.is_city, 5, 3_200)

    def _mentions(self, ask: Ask) -> Reply:
        return self._timeline(
            ask, lambda one: one.mentions_city and not one.person.is_city, 5, _MOST_MENTIONS
        )

    def _timeline(self, ask: Ask, wanted: Callable[[Tweet], bool], least: int, most: int) -> Reply:
        everything = shapes.tweets(self.world)
        # A timeline reaches back only so far, whatever since_id says.
        reach = sorted((o for o in everything.values() if wanted(o)), key=_key, reverse=True)[:most]
        cut, following = _cut(ask, _since(ask, reach), least, "pagination_token")
        ask.page()
        return shapes.listed(ask, cut, everything, following)

    def _search(self, ask: Ask) -> Reply:
        query = ask.query.get("query", "")
        if not query or len(query) > _LONGEST_QUERY:
            raise shapes.invalid("query", query, f"is empty or longer than {_LONGEST_QUERY}")
        oldest = ask.now - _SEARCHED
        since = ask.query.get("since_id", "")
        if since.isdecimal() and (int(since) >> 22) + _SNOWFLAKE_EPOCH_MS < oldest.timestamp() * 1000:
            raise shapes.invalid("since_id", since, "must be of the last 7 days")
        everything = shapes.tweets(self.world)
        found = [one for one in everything.values() if one.at >= oldest and _matches(one, query)]
        name = "next_token" if "next_token" in ask.query else "pagination_token"
        cut, following = _cut(ask, _since(ask, found), 10, name)
        ask.page(cut[0].root if cut else None)
        return shapes.listed(ask, cut, everything, following)

    def _lookup(self, ask: Ask) -> Reply:
        ids = ask.query.get("ids", "").split(",")
        if not 1 <= len(ids) <= 100 or not all(one.isdecimal() for one in ids):
            raise shapes.invalid("ids", ask.query.get("ids", ""), "is not a list of 1 to 100 ids")
        everything = shapes.tweets(self.world)
        errors = [shapes.missing("ids", one) for one in ids if one not in everything]
        found = [everything[one] for one in ids if one in everything]
        return shapes.listed(ask, found, everything, errors=errors, meta=False)

    def _one(self, ask: Ask) -> Reply:
        identifier = ask.args["tweet"]
        everything = shapes.tweets(self.world)
        if identifier not in everything:
            # A read of what is gone is a 200 that holds nothing but the error.
            return Reply(200, {"errors": [shapes.missing("id", identifier)]})
        reply = shapes.listed(ask, [everything[identifier]], everything, meta=False)
        reply.body["data"] = reply.body["data"][0]
        return reply

    def _events(self, ask: Ask) -> Reply:
        person = ask.args.get("person")
        if ask.query.get("event_types", "MessageCreate") != "MessageCreate":
            return shapes.listed_events(ask, (), self.city, "")
        kept = [
            one
            for one in self.world.messages(X)
            if one.at >= ask.now - _KEPT and person in (None, one.person.id)
        ]
        cut, following = _cut(ask, kept, 1, "pagination_token")
        ask.page()
        return shapes.listed_events(ask, cut, self.city, following)


def _key(one: Tweet | SimMessage) -> tuple[int, ...]:
    return (int(one.id),)


def _since(ask: Ask, found: Iterable[Tweet]) -> list[Tweet]:
    since, start = ask.query.get("since_id", "0"), ask.query.get("start_time")
    if not since.isdecimal():
        raise shapes.invalid("since_id", since, "is not a number")
    try:
        begin = datetime.fromisoformat(start) if start else None
    except ValueError:
        raise shapes.invalid("start_time", str(start), "is not a time") from None
    if begin is not None and begin.tzinfo is None:
        raise shapes.invalid("start_time", str(start), "has no time zone")
    return [one for one in found if int(one.id) > int(since) and (begin is None or one.at >= begin)]


def _cut(ask: Ask, found: Iterable[Thing], least: int, token: str) -> tuple[list[Thing], str]:
    given = ask.query.get("max_results", "100" if least == 1 else "10")
    if not given.isdecimal() or not least <= int(given) <= 100:
        raise shapes.invalid("max_results", given, f"is not between {least} and 100")
    return page(found, _key, int(given), ask.query.get(token, ""), ask.faults.epoch(X))


def _matches(one: Tweet, query: str) -> bool:
    """Operators `conversation_id:`, `from:`, `to:`, a leading `-`, and `OR` between them."""
    return any(all(_term(one, term) for term in group.strip(" ()").split()) for group in query.split(" OR "))


def _term(one: Tweet, term: str) -> bool:
    if term.startswith("-"):
        return not _term(one, term[1:])
    name, _, value = term.partition(":")
    answered = one.answered
    match name:
        case "conversation_id":
            return one.root.id == value
        case "from":
            return _is(one.person, value)
        case "to":
            return answered is not None and _is(answered[1], value)
        case "is" if value in ("retweet", "quote"):
            return False
    raise shapes.invalid("query", term, "holds an operator that is not known")


def _is(person: SimPerson, name: str) -> bool:
    return name.lstrip("@").lower() in (person.id, shapes.username(person))


def _too_many() -> ProblemError:
    return ProblemError(429, "Too Many Requests", "Too Many Requests")


def _rate(window: Window) -> dict[str, str]:
    return {
        "x-rate-limit-limit": str(window.limit),
        "x-rate-limit-remaining": str(window.left),
        "x-rate-limit-reset": str(int(window.resets_at.timestamp())),
    }
