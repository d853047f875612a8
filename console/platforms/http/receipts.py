"""What a receipt keeps of an answer: what the platform said, without secrets and citizens' words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from console.domain.platforms import Act, Receipt, Result
from console.platforms.http.manners import Answer
from console.platforms.http.shape import clean

LONGEST = 500
_SILENT = {
    "access_token",
    "refresh_token",
    "id_token",
    "client_secret",
    "text",
    "textDisplay",
    "textOriginal",
    "username",
    "display_name",
    "name",
    "from",
    "authorDisplayName",
    "next",
    "previous",
}
"""Members whose value stays out: secrets, what people wrote, who they are, addresses with a token."""
_ERRORS = {"error", "errors"}
"""Inside these, `message` is the platform's; elsewhere it is somebody's text."""


def excerpt(body: Any, secrets: Iterable[str] = ()) -> str:
    """At most 500 characters of a JSON answer; of anything that is not JSON, nothing."""
    if body is None:
        return ""
    try:
        text = json.dumps(_kept(body, False), ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        return ""
    for secret in secrets:
        # Platforms repeat a token that they do not take.
        if secret:
            text = text.replace(secret, "…")
    return clean(text)[:LONGEST]


def _kept(value: Any, in_error: bool) -> Any:
    if isinstance(value, dict):
        top = "code" in value and "message" in value
        return {
            name: _kept(each, in_error or name in _ERRORS)
            for name, each in value.items()
            if name not in _SILENT and (name != "message" or in_error or top)
        }
    if isinstance(value, list):
        return [_kept(each, in_error) for each in value]
    return value


def receipt(
    act: Act,
    result: Result,
    answer: Answer,
    at: datetime,
    *,
    external_id: str = "",
    code: str = "",
    secrets: Iterable[str] = (),
) -> Receipt:
    """The receipt of an act from the answer to its call."""
    return Receipt(
        act=act,
        result=result,
        at=at,
        request_id=clean(answer.request_id)[:200],
        external_id=external_id,
        status=answer.status,
        code=clean(code or answer.code)[:100],
        answer=excerpt(answer.body, secrets),
    )
