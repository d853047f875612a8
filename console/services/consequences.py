"""What a decision would do: said before anyone confirms, and checked again when it is made."""

from __future__ import annotations

from dataclasses import dataclass

from console.domain.decisions import SANCTIONS, Action, BanException
from console.domain.delivery_plan import PlannedAct
from console.domain.messages import AccountType
from console.domain.sanctions import LadderSettings, Rung
from console.errors import PermissionDeniedError, ValidationError, VigieError
from console.services.rows import CaseDetail


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a set of actions would do, said before anyone confirms.

    `blocked` is the error that `decide` would raise now (None when it may go on); `needs_signature`:
    a supervisor has to sign, the case will wait. `notices` are codes of the catalogue's group
    `consequence`.
    """

    rung: Rung
    counted: int
    undelivered: int
    blocked: VigieError | None
    needs_signature: bool
    notices: tuple[str, ...]
    planned: tuple[tuple[Action, tuple[PlannedAct, ...]], ...] = ()
    """How each action that leaves the console would be carried out, were it sent now."""


def needs_signature(ladder: LadderSettings, exception: BanException | None) -> bool:
    """Whether a ban waits for a second person. An immediate one always does."""
    return ladder.ban_needs_second_signature or exception is not None


def check_scope(account: AccountType, actions: frozenset[Action]) -> None:
    """No sanction on accounts outside the policy (R4): `scope.no_sanction`."""
    if account is AccountType.OUT_OF_SCOPE and actions & SANCTIONS:
        raise ValidationError("scope.no_sanction")


def check_ban(
    actions: frozenset[Action],
    rung: Rung,
    counted: int,
    ladder: LadderSettings,
    exception: BanException | None,
) -> None:
    """Article 7: no ban without its delivered warnings, but for the exception path.

    Codes `ban.warnings_missing`, `ban.not_allowed`, `ban.exception_reason_missing`.
    """
    if Action.BAN not in actions:
        return
    if exception is None:
        if rung is not Rung.BAN:
            raise ValidationError("ban.warnings_missing", counted=counted, needed=ladder.warnings_before_ban)
        return
    if not ladder.immediate_ban_allowed:
        raise PermissionDeniedError("ban.not_allowed")
    if not exception.reason.strip():
        raise ValidationError("ban.exception_reason_missing")


def notices(
    actions: frozenset[Action], detail: CaseDetail, exception: bool, ladder: LadderSettings
) -> list[str]:
    """Codes of the catalogue\'s group `consequence`, in the order in which they are said."""
    said = []
    if Action.HIDE in actions:
        said.append("hide.facebook" if detail.message.platform == "facebook" else "hide.other")
        if Action.WARN not in actions and Action.BAN not in actions:
            said.append("hide.silent")
    if Action.WARN in actions:
        said.append(_RUNG_NOTICE[detail.standing.rung])
        if detail.standing.undelivered:
            said.append("warn.undelivered")
        if any(each.incident == detail.message.id for each in detail.standing.counted):
            said.append("warn.same_incident")
    if Action.BAN in actions:
        said.append("ban.exception" if exception else "ban")
        if not exception and needs_signature(ladder, None):
            said.append("ban.signature")
    if Action.REPLY in actions:
        said.append(f"reply.{'private' if detail.message.channel == 'private' else 'public'}")
    said += [name for action, name in _PLAIN_NOTICE.items() if action in actions]
    return said


_RUNG_NOTICE = {
    Rung.FIRST_WARNING: "warn.first",
    Rung.SECOND_WARNING: "warn.second",
    Rung.BAN: "warn.ban",
}
_PLAIN_NOTICE = {Action.DELETE: "delete", Action.REPORT: "report", Action.REDIRECT_311: "redirect"}
