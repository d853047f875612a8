"""Who may do what, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.ids import DeskId, StaffId
from console.domain.roles import PERMISSIONS, Actor, Permission, Role, Staff
from console.errors import PermissionDeniedError

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def actor(role: Role, until: datetime | None = None) -> Actor:
    """Somebody of that role."""
    return Actor(Staff(StaffId("s"), "Alex", role, until), DeskId("d"))


@given(st.sampled_from(list(Role)), st.sampled_from(list(Permission)))
def test_require_says_what_may_says(role: Role, permission: Permission) -> None:
    if actor(role).may(permission, NOW):
        actor(role).require(permission, NOW)
    else:
        with pytest.raises(PermissionDeniedError):
            actor(role).require(permission, NOW)


@given(st.sampled_from(list(Role)), st.sampled_from(list(Permission)))
def test_an_ended_mandate_permits_nothing(role: Role, permission: Permission) -> None:
    assert not actor(role, NOW).may(permission, NOW)
    assert actor(role, NOW + timedelta(seconds=1)).may(permission, NOW) == (permission in PERMISSIONS[role])


def test_moderators_neither_supervise_nor_sign_nor_administer() -> None:
    denied = {
        Permission.SUPERVISE,
        Permission.APPROVE_BAN,
        Permission.EMERGENCY,
        Permission.MANAGE_POLICY,
        Permission.MANAGE_SETTINGS,
        Permission.MANAGE_STAFF,
    }
    assert not PERMISSIONS[Role.MODERATOR] & denied


def test_auditors_change_nothing() -> None:
    assert PERMISSIONS[Role.AUDITOR] <= {
        Permission.READ_QUEUE,
        Permission.READ_HISTORY,
        Permission.EXPORT,
    }
