"""Tokens of the Graph API: exchange, the Pages of a person, scopes, ends, taking back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from console.domain.messages import FACEBOOK, INSTAGRAM, Platform
from console.platforms.simulator.running import Simulator
from tests.platforms.simulator.conftest import NO_TLS, START

BOTH = pytest.mark.parametrize("platform", [FACEBOOK, INSTAGRAM])


def _get(sim: Simulator, platform: Platform, path: str, token: str, **params: str) -> httpx.Response:
    query = {"access_token": token, **params} if token else params
    return httpx.get(sim.base_url(platform) + path, params=query, trust_env=False, verify=NO_TLS)


def _code(answer: httpx.Response) -> tuple[int, int | None]:
    error = answer.json()["error"]
    return error["code"], error.get("error_subcode")


def _exchange(sim: Simulator, platform: Platform, **changed: str) -> httpx.Response:
    app = sim.app(platform)
    token = sim.api(platform).user_token
    params = {
        "grant_type": "fb_exchange_token",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "fb_exchange_token": token,
    }
    return _get(sim, platform, "/oauth/access_token", "", **{**params, **changed})


@BOTH
def test_from_a_pasted_token_to_one_without_end(sim: Simulator, platform: Platform) -> None:
    long = _exchange(sim, platform).json()
    assert long["expires_in"] == 60 * 86_400
    who = _get(sim, platform, "/me", long["access_token"]).json()["id"]
    (page,) = _get(sim, platform, f"/{who}/accounts", long["access_token"]).json()["data"]
    assert page["access_token"] == sim.tokens(platform).access
    assert "MODERATE" in page["tasks"]
    told = _get(sim, platform, "/debug_token", long["access_token"], input_token=page["access_token"]).json()
    assert told["data"]["expires_at"] == 0
    assert told["data"]["is_valid"] is True
    assert told["data"]["type"] == "PAGE"
    assert told["data"]["scopes"] == sorted(sim.connection(platform).scopes)


def test_a_page_token_from_a_short_one_ends_with_it(sim: Simulator) -> None:
    user = sim.api(FACEBOOK).user_token
    (page,) = _get(sim, FACEBOOK, "/me/accounts", user).json()["data"]
    assert _get(sim, FACEBOOK, "/me", page["access_token"]).json()["name"] == "Ville d'essai"
    sim.clock.advance(timedelta(hours=2))
    for token in (user, page["access_token"]):
        assert _code(_get(sim, FACEBOOK, "/me", token)) == (190, 463)
    assert _code(_exchange(sim, FACEBOOK)) == (190, 463)


def test_the_instagram_account_of_a_page(sim: Simulator) -> None:
    user = sim.api(INSTAGRAM).user_token
    fields = "id,name,access_token,instagram_business_account{id,username}"
    (page,) = _get(sim, INSTAGRAM, "/me/accounts", user, fields=fields).json()["data"]
    assert page["instagram_business_account"] == {"id": "17841400000000000", "username": "ville.essai"}
    assert set(page) == {"id", "name", "access_token", "instagram_business_account"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"client_secret": "faux"}, 1),
        ({"client_id": "autre"}, 101),
        ({"grant_type": "password"}, 100),
        ({"fb_exchange_token": "x"}, 190),
    ],
)
def test_an_exchange_that_is_refused(sim: Simulator, changed: dict[str, str], code: int) -> None:
    assert _code(_exchange(sim, FACEBOOK, **changed))[0] == code


def test_a_person_token_sees_no_comments(sim: Simulator, facebook: httpx.Client) -> None:
    post = sim.world.publish(FACEBOOK, "Bonjour")
    sim.world.comment(post, sim.world.person(FACEBOOK, "Ana Roy"), "Encore!")
    user = sim.api(FACEBOOK).user_token
    answer = _get(sim, FACEBOOK, f"/{post.id}/comments", user)
    assert (answer.status_code, answer.json()) == (200, {"data": []})
    assert len(facebook.get(f"/{post.id}/comments").json()["data"]) == 1


def test_tokens_that_are_not_taken(sim: Simulator) -> None:
    assert _code(_get(sim, FACEBOOK, "/me", "")) == (104, None)
    assert _code(_get(sim, FACEBOOK, "/me", "x")) == (190, None)
    told = _get(sim, FACEBOOK, "/debug_token", sim.tokens(FACEBOOK).access, input_token="x").json()
    assert told["data"]["is_valid"] is False


def test_a_scope_that_is_missing(sim: Simulator, facebook: httpx.Client) -> None:
    post = sim.world.publish(FACEBOOK, "Bonjour")
    comment = sim.world.comment(post, sim.world.person(FACEBOOK, "Ana Roy"), "Encore!")
    scopes = sim.world.grants[sim.tokens(FACEBOOK).access].scopes

    def refused(answer: httpx.Response) -> Any:
        assert answer.status_code == 403
        return answer.json()["error"]["code"]

    scopes.discard("pages_manage_engagement")
    assert refused(facebook.post(f"/{comment.id}", data={"is_hidden": "true"})) == 200
    scopes.discard("pages_read_user_content")
    assert refused(facebook.get(f"/{post.id}/comments")) == 10
    assert not comment.hidden


def test_taking_everything_back(sim: Simulator) -> None:
    user = sim.api(FACEBOOK).user_token
    listed = _get(sim, FACEBOOK, "/me/permissions", user).json()["data"]
    assert {"permission": "pages_messaging", "status": "granted"} in listed
    url = sim.base_url(FACEBOOK) + "/me/permissions"
    answer = httpx.delete(url, params={"access_token": user}, trust_env=False, verify=NO_TLS)
    assert answer.json() == {"success": True}
    for token in (user, sim.tokens(FACEBOOK).access):
        assert _code(_get(sim, FACEBOOK, "/me", token)) == (190, 458)


def test_ends_are_told(sim: Simulator) -> None:
    user = sim.api(FACEBOOK).user_token
    told = _get(sim, FACEBOOK, "/debug_token", sim.tokens(FACEBOOK).access, input_token=user).json()["data"]
    assert told["expires_at"] == int((START + timedelta(hours=2)).timestamp())
    assert told["type"] == "USER"
