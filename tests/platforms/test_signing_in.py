"""Connecting accounts: a browser that answers on loopback, tokens that are pasted. Real HTTP throughout."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from console.domain.messages import (
    FACEBOOK,
    INSTAGRAM,
    KNOWN_PLATFORMS,
    LINKEDIN,
    TIKTOK,
    YOUTUBE,
    Platform,
    X,
)
from console.errors import (
    AccessLostError,
    CancelledError,
    EnvironmentProblemError,
    ExpectedError,
    OfflineError,
    PermissionDeniedError,
    ValidationError,
    VigieError,
)
from console.platforms.signing_in import sign_in
from console.platforms.signing_in.browser import BrowserSignIn
from console.platforms.signing_in.loopback import Loopback
from console.platforms.signing_in.x import PORT, XSignIn
from console.platforms.signing_in.youtube import YouTubeSignIn
from console.platforms.simulator.faults import Fault
from console.platforms.simulator.running import Simulator
from console.services.platform_ports import Candidate, ClientApp, SignInKind
from tests.platforms.http.answering import answering, json_answer


def never() -> bool:
    return False


@dataclass
class Browser:
    """Opens an address as a browser does: in its own time, following where it is sent."""

    change: Callable[[str], str] = lambda address: address
    pages: list[httpx.Response] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        self.opened.append(address)
        thread = threading.Thread(target=self._follow, args=(address,))
        self.threads.append(thread)
        thread.start()

    def _follow(self, address: str) -> None:
        with httpx.Client(trust_env=False) as client:
            answer = client.get(address)
            while answer.is_redirect:
                self.pages.append(answer)
                answer = client.get(self.change(answer.headers["location"]))
            self.pages.append(answer)


@contextmanager
def browser(change: Callable[[str], str] = lambda address: address) -> Iterator[Browser]:
    made = Browser(change)
    yield made
    for thread in made.threads:
        thread.join()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def way(sim: Simulator, platform: Platform) -> BrowserSignIn:
    """The sign-in, on a port that no other test uses."""
    if platform == YOUTUBE:
        return YouTubeSignIn()
    port = free_port()
    sim.api(X).oauth.rules.callbacks = {f"http://127.0.0.1:{port}/"}
    return XSignIn(port)


IN_BROWSER = pytest.mark.parametrize("platform", [YOUTUBE, X])


@IN_BROWSER
def test_an_account_is_connected_in_the_browser(sim: Simulator, platform: Platform) -> None:
    with browser() as person:
        (found,) = way(sim, platform).in_browser(sim.app(platform), person.open, never)
    assert found.external_id == sim.connection(platform).external_id
    assert found.name
    assert sim.world.grant_of(platform, found.tokens.access) is not None
    assert found.tokens.refresh
    assert found.tokens.expires_at is not None
    assert found.tokens.client_secret == sim.app(platform).client_secret
    asked = parse_qs(urlsplit(person.opened[0]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert asked["redirect_uri"][0].startswith("http://127.0.0.1:")
    assert asked["client_id"] == [sim.app(platform).client_id]
    page = person.pages[-1]
    assert page.status_code == 200
    assert "fermer cette page" in page.text
    assert "code=" not in page.text


def test_x_is_answered_on_the_port_that_the_city_registers() -> None:
    assert PORT == 8765
    assert sign_in(X)._port == PORT


@IN_BROWSER
def test_access_that_was_not_given(sim: Simulator, platform: Platform) -> None:
    def refuse(address: str) -> str:
        state = parse_qs(urlsplit(address).query)["state"][0]
        return f"{address.partition('?')[0]}?error=access_denied&state={state}"

    with browser(refuse) as person, pytest.raises(PermissionDeniedError) as caught:
        way(sim, platform).in_browser(sim.app(platform), person.open, never)
    assert (caught.value.code, caught.value.facts) == ("signin.denied", {"reason": "access_denied"})
    assert "pas été accordé" in person.pages[-1].text


@IN_BROWSER
@pytest.mark.parametrize("state", ["", "&state=autre"])
def test_an_answer_of_somebody_else(sim: Simulator, platform: Platform, state: str) -> None:
    def other(address: str) -> str:
        code = parse_qs(urlsplit(address).query)["code"][0]
        return f"{address.partition('?')[0]}?code={code}{state}"

    with browser(other) as person, pytest.raises(ValidationError) as caught:
        way(sim, platform).in_browser(sim.app(platform), person.open, never)
    assert caught.value.code == "signin.state"
    assert all(call.did != "token given" for call in sim.calls)


def test_the_person_stops(sim: Simulator) -> None:
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(CancelledError) as caught:
        YouTubeSignIn().in_browser(sim.app(YOUTUBE), lambda _: None, stop)
    assert caught.value.code == "signin.cancelled"


def test_nobody_comes_back_from_the_browser() -> None:
    with Loopback() as loopback, pytest.raises(ExpectedError) as caught:
        loopback.wait(never, patience=0)
    assert caught.value.code == "signin.late"


def test_the_port_is_taken(sim: Simulator) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(EnvironmentProblemError) as caught:
            XSignIn(taken.getsockname()[1]).in_browser(sim.app(X), lambda _: None, never)
    assert caught.value.code == "signin.port"


def test_only_the_answer_itself_is_taken() -> None:
    with Loopback() as loopback:
        seen: list[int] = []

        def knock() -> None:
            with httpx.Client(trust_env=False) as client:
                paths = ("favicon.ico", "?hello=1", "other?code=1", "?code=2&state=s")
                seen.extend(client.get(loopback.address + each).status_code for each in paths)

        idle = socket.create_connection(("127.0.0.1", int(loopback.address.split(":")[2].strip("/"))))
        thread = threading.Thread(target=knock)
        thread.start()
        given = loopback.wait(never)
        thread.join()
        idle.close()
    assert given == {"code": "2", "state": "s"}
    assert seen == [404, 404, 404, 200]


def test_the_code_is_not_taken(sim: Simulator) -> None:
    def spoil(address: str) -> str:
        return address.replace("code=", "code=x")

    with browser(spoil) as person, pytest.raises(AccessLostError) as caught:
        YouTubeSignIn().in_browser(sim.app(YOUTUBE), person.open, never)
    assert caught.value.code == "platform.token"


def test_the_exchange_is_lost(sim: Simulator) -> None:
    sim.faults.next(YOUTUBE, "POST", "/token", Fault.ANSWER_LOST)
    with browser() as person, pytest.raises(OfflineError) as caught:
        YouTubeSignIn().in_browser(sim.app(YOUTUBE), person.open, never)
    assert caught.value.code == "platform.unreachable"


def test_without_a_client_no_browser_is_opened() -> None:
    with pytest.raises(ValidationError) as caught:
        YouTubeSignIn().in_browser(ClientApp(" "), pytest.fail, never)
    assert caught.value.code == "signin.client_empty"


# Pasted tokens


def pasted(
    sim: Simulator, platform: Platform, token: str, app: ClientApp | None = None
) -> tuple[Candidate, ...]:
    return sign_in(platform).pasted(app or sim.app(platform), token)


@pytest.mark.parametrize("platform", [FACEBOOK, INSTAGRAM])
@pytest.mark.parametrize("kind", ["user", "page"])
@pytest.mark.parametrize("secret", [True, False])
def test_the_accounts_behind_a_token_of_meta(
    sim: Simulator, platform: Platform, kind: str, secret: bool
) -> None:
    api = sim.api(platform)
    token = api.user_token if kind == "user" else api.page_token
    app = sim.app(platform) if secret else ClientApp("", "", sim.base_url(platform))
    (found,) = pasted(sim, platform, f' "{token[:9]}\n{token[9:]}" ', app)
    assert found.external_id == sim.connection(platform).external_id
    assert found.name == sim.connection(platform).name
    assert found.tokens.client_secret == app.client_secret
    grant = sim.world.grants[found.tokens.access]
    assert grant.kind == "page"
    # From a short-lived token of a person that could not be exchanged, the Page's ends as well.
    assert (found.tokens.expires_at is None) is (secret or kind == "page")
    if platform == INSTAGRAM:
        assert found.settings["page_id"] == sim.connection(platform).settings["page_id"]


@pytest.mark.parametrize("platform", [FACEBOOK, INSTAGRAM, TIKTOK, LINKEDIN])
def test_a_token_that_is_none(sim: Simulator, platform: Platform) -> None:
    with pytest.raises(AccessLostError) as caught:
        pasted(sim, platform, "jeton-perime")
    assert caught.value.code == "platform.token"
    for empty in ("", "  \n", "«»"):
        with pytest.raises(ValidationError) as refused:
            pasted(sim, platform, empty)
        assert refused.value.code == "signin.token_empty"
    with pytest.raises(ValidationError) as refused:
        pasted(sim, platform, "jeton é")
    assert refused.value.code == "signin.token_form"


@pytest.mark.parametrize("platform", [TIKTOK, LINKEDIN])
def test_the_account_behind_a_pasted_token(sim: Simulator, platform: Platform) -> None:
    (found,) = pasted(sim, platform, sim.tokens(platform).access)
    assert found.external_id == sim.connection(platform).external_id
    assert found.name == sim.connection(platform).name


def test_a_token_behind_which_there_is_no_account(sim: Simulator) -> None:
    with answering(json_answer('{"data":[]}')) as server, pytest.raises(ValidationError) as caught:
        pasted(sim, FACEBOOK, "jeton", ClientApp("", "", server.base_url))
    assert caught.value.code == "signin.no_account"


@pytest.mark.parametrize("platform", KNOWN_PLATFORMS)
def test_each_platform_has_its_way(platform: Platform) -> None:
    found = sign_in(platform)
    assert found.scopes
    expected = SignInKind.BROWSER if platform in (YOUTUBE, X) else SignInKind.PASTE
    assert found.kind is expected
    app = ClientApp("a")
    other = (
        (lambda: found.pasted(app, "jeton"))
        if expected is SignInKind.BROWSER
        else (lambda: found.in_browser(app, pytest.fail, never))
    )
    with pytest.raises(ValidationError) as caught:
        other()
    assert caught.value.code == "signin.way"


def test_an_unknown_platform() -> None:
    with pytest.raises(VigieError) as caught:
        sign_in(Platform("forum"))
    assert caught.value.code == "platform.unknown"


def test_every_scope_is_explained_in_french() -> None:
    from console.catalogue import Catalogue

    catalogue = Catalogue.load()
    for platform in KNOWN_PLATFORMS:
        for scope in sign_in(platform).scopes:
            assert catalogue.label("scope", scope) != scope
