"""A LinkedIn Page: a token from the developer portal's token generator, of somebody who administers it."""

from __future__ import annotations

from console.clock import SystemClock
from console.errors import VigieError
from console.platforms.http.client import Api
from console.platforms.http.wire import Wire
from console.platforms.linkedin import BASE_URL, SCOPES, SETTINGS, LinkedInManners
from console.platforms.signing_in.calls import Held, said_yes
from console.platforms.signing_in.paste import PasteSignIn
from console.services.platform_ports import Candidate, ClientApp, Tokens

_ORGANIZATION = "urn:li:organization:"


class LinkedInSignIn(PasteSignIn):
    """Fulfils `SignIn`."""

    scopes = SCOPES

    def behind(self, app: ClientApp, token: str) -> tuple[Candidate, ...]:
        """The Pages that the person administers."""
        tokens = Tokens(token, client_secret=app.client_secret)
        with Wire(app.base_url or BASE_URL, self._ca_file) as wire:
            api = Api(wire, LinkedInManners(SystemClock(), Held(tokens), SETTINGS))
            found = said_yes(api.get("/organizationAcls", {"q": "roleAssignee"}))
            urns = dict.fromkeys(each.word("organization") for each in found.records("elements"))
            pages = [urn for urn in urns if urn.startswith(_ORGANIZATION)]
            return tuple(Candidate(urn, _name(api, urn), tokens, dict(SETTINGS)) for urn in pages)


def _name(api: Api, urn: str) -> str:
    number = urn.removeprefix(_ORGANIZATION)
    try:
        return said_yes(api.get(f"/organizations/{number}")).text("localizedName") or urn
    except VigieError:
        # Reading the name needs a right of its own; the number names the Page as well.
        return urn
