"""What connectors have in common: one account's connection, its calls, receipts and pictures."""

from __future__ import annotations

from collections.abc import Mapping

from console.clock import Clock
from console.domain.messages import Platform
from console.domain.platforms import Abilities, Act, Receipt, Result, Target
from console.platforms.abilities import abilities_of
from console.platforms.acting import by_hand
from console.platforms.http import receipts
from console.platforms.http.client import Api, Wait
from console.platforms.http.manners import Answer, Manners
from console.platforms.http.media import picture
from console.platforms.http.wire import Wire
from console.services.platform_ports import Budget, Connection


class AccountConnector:
    """Base of the connectors; each adds how its platform reads and acts."""

    def __init__(
        self,
        connection: Connection,
        base_url: str,
        manners: Manners,
        clock: Clock,
        wait: Wait,
        ca_file: str,
    ) -> None:
        """`base_url`: the platform's own, for a connection that names no other."""
        self._connection, self._clock, self._manners = connection, clock, manners
        self._wire = Wire(connection.base_url or base_url, ca_file)
        self._api = Api(self._wire, manners, wait)

    @property
    def platform(self) -> Platform:
        """Of the account."""
        return self._connection.platform

    @property
    def _abilities(self) -> Abilities:
        return abilities_of(self._connection.platform)

    @property
    def _settings(self) -> Mapping[str, str]:
        return self._connection.settings

    def media(self, url: str) -> bytes:
        """A picture of an attachment, at most 10 MB. Code `platform.media`."""
        return picture(self._wire, url)

    def budgets(self) -> tuple[Budget, ...]:
        """As the latest answers said; no call."""
        return self._manners.pace.budgets()

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def _left_to_people(self, act: Act, target: Target) -> Receipt | None:
        return by_hand(act, target, self._abilities, self._clock.now())

    def _receipt(
        self, act: Act, result: Result, answer: Answer, external_id: str = "", code: str = ""
    ) -> Receipt:
        return receipts.receipt(
            act,
            result,
            answer,
            self._clock.now(),
            external_id=external_id,
            code=code,
            secrets=self._manners.secrets(),
        )

    def _seen(self, act: Act, result: Result, external_id: str = "") -> Receipt:
        """The receipt of an act whose effect was found by looking."""
        return Receipt(act, result, self._clock.now(), external_id=external_id, read_back=True)
