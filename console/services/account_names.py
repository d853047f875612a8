"""Which of the city's accounts a thing on a platform is, whatever it is called today."""

from __future__ import annotations

from console.domain.ids import account_id
from console.domain.messages import Account, Platform
from console.services.platform_ports import Candidate
from console.services.ports import Database

CONNECTED = "account.connected"
"""Journal: an account was connected, here or at another desk of the hub."""


def account_for(db: Database, platform: Platform, candidate: Candidate) -> Account:
    """The account of a candidate: the one that had its id on the platform, else the one of its name.

    A renamed page keeps its account, and with it its messages; another page of the same name gets a name
    of its own. A new one is named as it is first met, so that every desk means the same account.
    """
    known = {each.id: each for each in db.reads.accounts()}
    taken: dict[str, str] = {}
    for stored in db.reads.connections():
        connection = stored.connection
        if connection.platform != platform:
            continue
        if connection.external_id == candidate.external_id and connection.account in known:
            return known[connection.account]
        taken[connection.name] = connection.external_id
    name = _name_elsewhere(db, platform, candidate.external_id) or candidate.name.strip()
    name = name or candidate.external_id
    if taken.get(name, candidate.external_id) != candidate.external_id:
        name = f"{name} ({candidate.external_id})"
    identity = account_id(platform, name)
    met = (each for each in known.values() if (each.platform, each.name) == (platform, name))
    return next(met, None) or Account(identity, platform, name)


def _name_elsewhere(db: Database, platform: Platform, external_id: str) -> str:
    """Under which name another desk connected it first."""
    with db.write() as work:
        events = work.events_of_kinds((CONNECTED,))
    for shared in events:
        facts = shared.event.payload
        if (facts.get("platform"), facts.get("external_id")) == (platform, external_id):
            return str(facts.get("name") or "")
    return ""
