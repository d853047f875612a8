"""Members of the hub: each has a login of their own, in exactly one group role."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import sql

from console.errors import ConflictError, ValidationError
from console.hub.administration import GROUPS, as_owner, owner_session
from console.hub.connection import HubAddress

_LOGIN = re.compile(r"(?!pg_|vigie_)[a-z_][a-z0-9_.@-]{0,62}")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is mistaken for something else on paper: i, l, o, 0, 1."""
_SHORTEST = 12


@dataclass(frozen=True, slots=True)
class Member:
    """One row of `vigie hub person list`. `id` is None until the person has joined from a desk."""

    login: str
    name: str
    role: str
    active: bool
    valid_until: datetime | None
    id: str | None


def add(
    address: HubAddress,
    password: str | None,
    login: str,
    name: str,
    role: str,
    *,
    first_password: str | None = None,
    valid_until: datetime | None = None,
) -> str:
    """Make a login and a member. Returns the first password: the given one, or one drawn at random.

    Only its SCRAM verifier reaches the server. Codes: `hub.login_invalid`, `hub.login_exists`,
    `hub.role_unknown`, `hub.password_short`, `staff.name_missing`, those of `owner_session`.
    """
    if not _LOGIN.fullmatch(login):
        raise ValidationError("hub.login_invalid", login=login)
    if not name.strip():
        raise ValidationError("staff.name_missing")
    group = _group(role)
    chosen = first_password if first_password is not None else draw_password()
    if len(chosen) < _SHORTEST:
        raise ValidationError("hub.password_short", needed=_SHORTEST)
    with owner_session(address, password) as connection:
        if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (login,)).rowcount:
            raise ConflictError("hub.login_exists", login=login)
        connection.execute(
            "INSERT INTO staff (login, name, role, valid_until) VALUES (%s, %s, %s, %s)",
            (login, " ".join(name.split()), role, valid_until),
        )
        connection.execute("RESET ROLE")
        verifier = connection.pgconn.encrypt_password(chosen.encode(), login.encode(), b"scram-sha-256")
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE {}").format(
                sql.Identifier(login), sql.Literal(verifier.decode()), sql.Identifier(group)
            )
        )
        _tell(connection)
    return chosen


def set_role(address: HubAddress, password: str | None, login: str, role: str) -> None:
    """Give a member another role. Codes: `hub.member_unknown`, `hub.role_unknown`."""
    group = _group(role)
    with owner_session(address, password) as connection:
        member = _member(connection, login)
        connection.execute("UPDATE staff SET role = %s WHERE login = %s", (role, login))
        connection.execute("RESET ROLE")
        _regroup(connection, member.login, group if member.active else None)
        _tell(connection)


def set_active(address: HubAddress, password: str | None, login: str, active: bool) -> None:
    """Shut a member out at once (open connections read and write nothing more), or let them in again.

    Code: `hub.member_unknown`.
    """
    with owner_session(address, password) as connection:
        member = _member(connection, login)
        connection.execute("UPDATE staff SET active = %s WHERE login = %s", (active, login))
        connection.execute("RESET ROLE")
        _regroup(connection, login, GROUPS[member.role] if active else None)
        may = sql.SQL("LOGIN" if active else "NOLOGIN")
        connection.execute(sql.SQL("ALTER ROLE {} {}").format(sql.Identifier(login), may))
        _tell(connection)


def set_password(address: HubAddress, password: str | None, login: str, new: str | None = None) -> str:
    """Give a member who lost theirs another password; returns it. Codes: as `add`, `hub.member_unknown`."""
    chosen = new if new is not None else draw_password()
    if len(chosen) < _SHORTEST:
        raise ValidationError("hub.password_short", needed=_SHORTEST)
    with owner_session(address, password) as connection:
        _member(connection, login)
        connection.execute("RESET ROLE")
        verifier = connection.pgconn.encrypt_password(chosen.encode(), login.encode(), b"scram-sha-256")
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(verifier.decode()))
        )
    return chosen


def members(address: HubAddress, password: str | None) -> tuple[Member, ...]:
    """Everyone, active first, by name."""
    with owner_session(address, password) as connection:
        rows = connection.execute(
            "SELECT login, name, role, active, valid_until, id FROM staff ORDER BY active DESC, name, login"
        )
        return tuple(Member(*row) for row in rows)


def draw_password() -> str:
    """Sixteen characters in four groups, 79 bits."""
    drawn = ["".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4)]
    return "-".join(drawn)


def _group(role: str) -> str:
    if role not in GROUPS:
        raise ValidationError("hub.role_unknown", name=role, known=list(GROUPS))
    return GROUPS[role]


def _member(connection: psycopg.Connection, login: str) -> Member:
    row = connection.execute(
        "SELECT login, name, role, active, valid_until, id FROM staff WHERE login = %s", (login,)
    ).fetchone()
    if row is None:
        raise ValidationError("hub.member_unknown", login=login)
    return Member(*row)


def _regroup(connection: psycopg.Connection, login: str, group: str | None) -> None:
    """Member of that group alone, or of none. Runs with the administrator's own rights."""
    now_in = connection.execute(
        "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
        " JOIN pg_roles u ON u.oid = m.member WHERE u.rolname = %s AND g.rolname = ANY (%s)",
        (login, list(GROUPS.values())),
    )
    for (name,) in now_in.fetchall():
        if name != group:
            revoke = sql.SQL("REVOKE {} FROM {}")
            connection.execute(revoke.format(sql.Identifier(name), sql.Identifier(login)))
    if group is not None:
        grant = sql.SQL("GRANT {} TO {}")
        connection.execute(grant.format(sql.Identifier(group), sql.Identifier(login)))


def _tell(connection: psycopg.Connection) -> None:
    as_owner(connection)
    connection.execute("SELECT pg_notify('vigie', 'staff')")
