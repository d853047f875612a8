"""A TikTok business account: an access token of the API for Business."""

from __future__ import annotations

import json

from console.errors import AccessLostError
from console.platforms.http.client import Api
from console.platforms.http.manners import Answer
from console.platforms.http.shape import Record, misshapen, record
from console.platforms.http.wire import Wire
from console.platforms.signing_in.calls import Given
from console.platforms.signing_in.paste import PasteSignIn
from console.platforms.tiktok import BASE_URL, SCOPES
from console.services.platform_ports import Candidate, ClientApp, Tokens


class TikTokSignIn(PasteSignIn):
    """Fulfils `SignIn`."""

    scopes = SCOPES

    def behind(self, app: ClientApp, token: str) -> tuple[Candidate, ...]:
        """The one account that gave the token."""
        tokens = Tokens(token, client_secret=app.client_secret)
        with Wire(app.base_url or BASE_URL, self._ca_file) as wire:
            api = Api(wire, Given({"Access-Token": token}))
            body = {"app_id": app.client_id, "access_token": token}
            info = _data(api.send("POST", "/tt_user/token_info/get/", json=body, repeatable=True))
            identifier = info.id("creator_id")
            fields = json.dumps(["display_name", "username"])
            shown = _data(api.get("/business/get/", {"business_id": identifier, "fields": fields}))
        name = shown.text("display_name") or shown.text("username") or identifier
        return (Candidate(identifier, name, tokens),)


def _data(answer: Answer) -> Record:
    """`data` of an answer whose truth is in `code`."""
    body = record(answer.body)
    code = body.number("code")
    if code in (40104, 40105):
        raise AccessLostError("platform.token", reason=str(code))
    if code == 40001:
        raise AccessLostError("platform.permission", reason=str(code))
    if code != 0:
        raise misshapen(str(code))
    return body.record("data")
