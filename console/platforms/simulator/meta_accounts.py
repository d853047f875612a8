"""Tokens of the Graph API: exchange, the Pages of a person, what a token may do, taking it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from console.platforms.simulator.api import CLIENT_ID, CLIENT_SECRET, Ask
from console.platforms.simulator.ids import letters
from console.platforms.simulator.meta import USER_ID, Found, GraphApi, Serves, show
from console.platforms.simulator.meta_fields import Field, GraphError, Node, asked_fields, bad, part
from console.platforms.simulator.things import Grant, SimPerson

_LONG = timedelta(days=60)
_LONG_ENOUGH = timedelta(days=1)

USER = Node("User", ("id", "name"), {"id": lambda ask, who, f: who.id, "name": lambda ask, who, f: who.name})


def serve_accounts(api: GraphApi) -> None:
    """Add what a person's token opens."""
    api.edges |= {
        ("GET", "user", ""): Serves(show),
        ("GET", "user", "accounts"): Serves(lambda ask, found: _accounts(api, ask), ("pages_show_list",)),
        ("GET", "user", "permissions"): Serves(_permissions),
        ("DELETE", "user", "permissions"): Serves(_revoke),
        ("GET", "page", ""): Serves(show),
    }


def user(api: GraphApi) -> Found:
    """The person behind the user tokens."""
    return Found("user", SimPerson(USER_ID, api.platform, "Administration d'essai"), USER)


def exchange(ask: Ask) -> dict[str, Any]:
    """A long-lived token for a short-lived one."""
    params = ask.params
    if params.get("grant_type") != "fb_exchange_token":
        raise bad("Unsupported grant_type")
    if params.get("client_id") != CLIENT_ID:
        raise GraphError(101, "Error validating application. Cannot get application info")
    if params.get("client_secret") != CLIENT_SECRET:
        raise GraphError(1, "Error validating client secret.")
    old = ask.world.grant_of(ask.platform, str(params.get("fb_exchange_token", "")))
    if old is None:
        raise GraphError(190, "Error validating access token: Session has expired", subcode=463)
    access = f"EAALong{letters(f'{ask.platform}/{ask.world.next_number()}', 40)}"
    ask.world.grant(ask.platform, access, old.scopes, subject=old.subject, lives=_LONG)
    ask.did("token exchanged")
    return {"access_token": access, "token_type": "bearer", "expires_in": int(_LONG.total_seconds())}


def debug(ask: Ask) -> dict[str, Any]:
    """What a token is; what is asked about may be void."""
    given = str(ask.params.get("input_token", ""))
    known = ask.world.grants.get(given)
    if known is None or known.platform != ask.platform:
        error = {"code": 190, "message": "Invalid OAuth access token."}
        return {"data": {"error": error, "is_valid": False, "scopes": []}}
    data = {
        "app_id": CLIENT_ID,
        "type": known.kind.upper(),
        "application": "Vigie (essai)",
        "expires_at": int(known.expires_at.timestamp()) if known.expires_at is not None else 0,
        "data_access_expires_at": 0,
        "is_valid": ask.world.grant_of(ask.platform, given) is not None,
        "scopes": sorted(known.scopes),
        "user_id": USER_ID,
    }
    if known.kind == "page":
        data["profile_id"] = known.subject
    return {"data": data}


def _accounts(api: GraphApi, ask: Ask) -> dict[str, Any]:
    page = api.find(ask, "me_page")
    shown: dict[str, Any] = {
        "access_token": _page_token(api, ask),
        "category": "Public & Government Service",
        "name": page.thing.name,
        "id": page.thing.id,
        "tasks": ["ANALYZE", "MESSAGING", "MODERATE", "CREATE_CONTENT"],
    }
    fields = asked_fields(ask)
    extra = tuple(one for one in fields if one.name not in shown)
    if extra:
        shown |= page.node.show(ask, page.thing, extra)
    wanted = {one.name for one in fields} | {"id"} if fields else set(shown)
    return {"data": [{name: value for name, value in shown.items() if name in wanted}]}


def _page_token(api: GraphApi, ask: Ask) -> str:
    """Without end when the person's token is a long-lived one; else it ends with it."""
    asked = _user_grant(ask)
    if asked.expires_at is None or asked.expires_at - ask.now > _LONG_ENOUGH:
        return api.page_token
    access = f"EAAShort{letters(f'{ask.platform}/{ask.world.next_number()}', 40)}"
    subject = api.find(ask, "me_page").thing.id
    ask.world.grant(
        ask.platform, access, asked.scopes, kind="page", subject=subject, lives=asked.expires_at - ask.now
    )
    return access


def _permissions(ask: Ask, found: Found) -> dict[str, Any]:
    scopes = sorted(_user_grant(ask).scopes)
    return {"data": [{"permission": name, "status": "granted"} for name in scopes]}


def _revoke(ask: Ask, found: Found) -> dict[str, Any]:
    """Takes back all that the person ever gave the program, the Page's tokens too."""
    _user_grant(ask)
    for grant in ask.world.grants.values():
        if grant.platform == ask.platform:
            grant.revoked = True
    ask.did("tokens revoked")
    return {"success": True}


def _user_grant(ask: Ask) -> Grant:
    if ask.grant is None or ask.grant.kind != "user":
        raise GraphError(2500, "An active access token must be used to query information about the user.")
    return ask.grant


def named(identifier: str, name: str, wanted: Field) -> dict[str, Any]:
    """`{"id": …, "name": …}` as far as asked."""
    return part({"name": name, "id": identifier}, wanted)
