"""Who may do what (R3, R6). Permissions are checked in the services, never by the screen alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from console.domain.ids import DeskId, StaffId
from console.errors import PermissionDeniedError


class Role(StrEnum):
    """A staff member's function."""

    MODERATOR = "moderator"
    SUPERVISOR = "supervisor"
    AGENT_311 = "agent_311"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    COLLECTOR = "collector"
    """A program without a person: takes messages in and carries out what others decided."""


class Permission(StrEnum):
    """One thing that a role may do."""

    READ_QUEUE = "read_queue"
    IMPORT = "import"
    DECIDE = "decide"
    BAN = "ban"
    ESCALATE = "escalate"
    DELIVER = "deliver"
    SUPERVISE = "supervise"
    APPROVE_BAN = "approve_ban"
    EMERGENCY = "emergency"
    EXPORT = "export"
    READ_HISTORY = "read_history"
    LINK_IDENTITIES = "link_identities"
    MANAGE_POLICY = "manage_policy"
    MANAGE_SETTINGS = "manage_settings"
    MANAGE_STAFF = "manage_staff"
    CONNECT_ACCOUNTS = "connect_accounts"


_P = Permission
_MODERATOR = frozenset(
    {_P.READ_QUEUE, _P.IMPORT, _P.DECIDE, _P.BAN, _P.ESCALATE, _P.DELIVER, _P.READ_HISTORY, _P.EXPORT}
)
_SUPERVISOR = _MODERATOR | {
    _P.SUPERVISE,
    _P.APPROVE_BAN,
    _P.EMERGENCY,
    _P.LINK_IDENTITIES,
    _P.CONNECT_ACCOUNTS,
}
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.MODERATOR: _MODERATOR,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.AGENT_311: frozenset({_P.READ_QUEUE}),
    Role.ADMINISTRATOR: _SUPERVISOR | {_P.MANAGE_POLICY, _P.MANAGE_SETTINGS, _P.MANAGE_STAFF},
    Role.AUDITOR: frozenset({_P.READ_QUEUE, _P.READ_HISTORY, _P.EXPORT}),
    Role.COLLECTOR: frozenset({_P.READ_QUEUE, _P.IMPORT, _P.DELIVER}),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """A person who works with Vigie; a mandate may end (R3)."""

    id: StaffId
    name: str
    role: Role
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A staff member at a desk: the author of what is recorded."""

    staff: Staff
    desk: DeskId

    def may(self, permission: Permission, at: datetime) -> bool:
        """Whether the role holds `permission` and the mandate has not ended at `at`."""
        ended = self.staff.valid_until is not None and self.staff.valid_until <= at
        return not ended and permission in PERMISSIONS[self.staff.role]

    def require(self, permission: Permission, at: datetime) -> None:
        """Raise `PermissionDeniedError` (`permission.denied`) unless `may`."""
        if not self.may(permission, at):
            raise PermissionDeniedError("permission.denied", permission=permission, role=self.staff.role)
