"""Signing in through an identity provider: a real one, over HTTP."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey
from pydantic import SecretStr

from api.auth import COOKIE
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.ledger import Ledger
from quotawatt.settings import Settings
from tests.api.provider import CLIENT_ID, CLIENT_SECRET, Provider, run_provider
from tests.api.scene import TOKEN, Client, Scene, build_scene
from tests.quotawatt.access.people import HOLDER, add_user

CALLBACK = "/login/oidc/callback"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with run_provider() as found:
        yield found


@pytest.fixture
def provider(running: Provider) -> Iterator[Provider]:
    """As it is when it does not err."""
    yield running
    running.reset()


def scene_of(home: Path, provider: Provider, **more: Any) -> Scene:
    settings = Settings(
        home=home,
        api_token=SecretStr(TOKEN),
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=SecretStr(CLIENT_SECRET),
        oidc_name="统一身份认证",
        sign_in_failures_per_address=1000,
        **more,
    )
    scene = build_scene(home, settings=settings)
    add_user(scene.records, "wang", Grant(Role.MANAGER), password=None)
    return scene


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, running: Provider) -> Scene:
    return scene_of(tmp_path_factory.mktemp("oidc"), running)


@pytest.fixture
def scene(shared: Scene) -> Scene:
    """With nothing known of the provider yet."""
    shared.app.state.oidc = None
    return shared


def go(client: Client, provider: Provider, following: str = "/") -> httpx.Response:
    """From the sign-in page to the provider and back, as a browser goes."""
    asked = client.get(f"/login/oidc?next={following}").headers["location"]
    return client.get(_path(provider.agreed(asked)))


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def test_whom_the_provider_names_is_signed_in(scene: Scene, provider: Provider) -> None:
    client = Client(scene.app)
    assert "使用 统一身份认证 登录" in client.get("/login").text
    answer = go(client, provider, "/devices")
    assert answer.status_code == 200
    # No redirect: after one from another site a browser would keep the strict cookie back.
    assert '<meta http-equiv="refresh" content="0; url=/devices">' in answer.text
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(COOKIE))
    assert "samesite=strict" in cookie.lower()
    assert client.get("/api/v1/me").json()["name"] == "wang"
    last = Ledger(scene.records).entries(1000)[-1]
    assert (last.actor, last.action) == ("wang", "signed_in")
    assert '"way":"identity_provider"' in last.detail


def test_who_has_no_account_is_not_and_none_is_made(scene: Scene, provider: Provider) -> None:
    provider.name, provider.subject = "stranger", "subject-2"
    client = Client(scene.app)
    answer = go(client, provider)
    assert answer.status_code == 401
    assert "没有对应的账号" in answer.text
    assert COOKIE not in client.cookies
    assert [u.name for u in scene.app.state.gate.users.listed()] == ["wang"]


def test_a_blocked_account_is_not_signed_in(scene: Scene, provider: Provider) -> None:
    gate = scene.app.state.gate
    gate.users.set_blocked(HOLDER, "wang", True, gate.clock())
    assert go(Client(scene.app), provider).status_code == 401
    gate.users.set_blocked(HOLDER, "wang", False, gate.clock())
    assert go(Client(scene.app), provider).status_code == 200


def test_a_name_that_was_given_to_somebody_else_does_not_open_the_account(
    scene: Scene, provider: Provider
) -> None:
    assert go(Client(scene.app), provider).status_code == 200
    provider.subject = "another person"
    assert go(Client(scene.app), provider).status_code == 401
    provider.subject = "subject-1"
    assert go(Client(scene.app), provider).status_code == 200


def _wrong(provider: Provider, what: str) -> None:
    now = int(time.time())
    claims: dict[str, dict[str, Any]] = {
        "nonce": {"nonce": "another"},
        "no nonce": {"nonce": None},
        "audience": {"aud": "somebody else"},
        "audiences": {"aud": [CLIENT_ID, "other"], "azp": "other"},
        "issuer": {"iss": "https://elsewhere.test"},
        "expired": {"iat": now - 7200, "exp": now - 3600},
        "no subject": {"sub": None},
        "no name": {"preferred_username": None},
        "name of another kind": {"preferred_username": ["wang"]},
    }
    provider.claims = claims.get(what, {})
    if what == "another key":
        provider.signing_key = RSAKey.generate_key(2048, {"kid": "k1"})
    elif what == "the client's secret as key":
        provider.algorithm, provider.signing_key = "HS256", OctKey.import_key("x" * 40)


@pytest.mark.parametrize(
    "what",
    [
        "nonce",
        "no nonce",
        "audience",
        "audiences",
        "issuer",
        "expired",
        "no subject",
        "no name",
        "name of another kind",
        "another key",
        "the client's secret as key",
    ],
)
def test_an_id_token_that_is_not_right_opens_nothing(
    scene: Scene, provider: Provider, what: str
) -> None:
    _wrong(provider, what)
    client = Client(scene.app)
    assert go(client, provider).status_code == 401
    assert COOKIE not in client.cookies


def test_an_answer_fits_one_question_of_one_browser(scene: Scene, provider: Provider) -> None:
    mine, theirs = Client(scene.app), Client(scene.app)
    asked = theirs.get("/login/oidc").headers["location"]
    answer = _path(provider.agreed(asked))
    assert mine.get(answer).status_code == 401
    mine.get("/login/oidc")
    assert mine.get(answer).status_code == 401
    assert theirs.get(answer).status_code == 200
    assert theirs.get(answer).status_code == 401


@pytest.mark.parametrize("query", ["", "?state=x&code=y", "?error=access_denied", "?code=%00"])
def test_an_answer_to_nothing_opens_nothing(scene: Scene, query: str) -> None:
    assert Client(scene.app).get(CALLBACK + query).status_code == 401


def test_what_the_provider_refuses_opens_nothing(scene: Scene, provider: Provider) -> None:
    client = Client(scene.app)
    asked = dict(parse_qsl(urlsplit(client.get("/login/oidc").headers["location"]).query))
    state = asked["state"]
    assert client.get(f"{CALLBACK}?state={state}&error=access_denied").status_code == 401
    client.get("/login/oidc")
    assert client.get(f"{CALLBACK}?state={state}&code=made-up").status_code == 401


def test_an_answer_that_names_another_issuer_is_refused(scene: Scene, provider: Provider) -> None:
    client = Client(scene.app)
    back = _path(provider.agreed(client.get("/login/oidc").headers["location"]))
    assert client.get(f"{back}&iss=https://elsewhere.test").status_code == 401


def test_it_leads_on_only_within_the_console(scene: Scene, provider: Provider) -> None:
    answer = go(Client(scene.app), provider, "https://elsewhere.test/")
    assert 'content="0; url=/"' in answer.text
    assert "elsewhere" not in answer.text


def test_a_provider_that_wants_the_secret_in_the_form(scene: Scene, provider: Provider) -> None:
    provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert go(Client(scene.app), provider).status_code == 200


def test_one_that_is_not_what_it_should_be_is_a_problem(scene: Scene, provider: Provider) -> None:
    provider.metadata = {"issuer": "https://elsewhere.test"}
    assert Client(scene.app).get("/login/oidc").status_code == 503
    provider.metadata = {"jwks_uri": None}
    assert go(Client(scene.app), provider).status_code == 503


def test_one_that_does_not_answer_is_a_problem_and_the_password_still_signs_in(
    scene: Scene, provider: Provider
) -> None:
    provider.status = 500
    assert Client(scene.app).get("/login/oidc").status_code == 503
    assert Client(scene.app).get("/login").status_code == 200


@pytest.mark.parametrize(("verified", "status"), [(True, 200), (False, 401), (None, 401)])
def test_an_address_of_mail_must_be_verified(
    tmp_path: Path, provider: Provider, verified: bool | None, status: int
) -> None:
    scene = scene_of(tmp_path, provider, oidc_user_claim="email")
    add_user(scene.records, "wang@office.test", password=None)
    provider.claims = {"email": "wang@office.test", "email_verified": verified}
    assert go(Client(scene.app), provider).status_code == status


def test_without_a_provider_there_is_no_such_way(reading_scene: Scene) -> None:
    assert Client(reading_scene.app).get("/login/oidc").status_code == 404
    assert "/login/oidc" not in Client(reading_scene.app).get("/login").text


def test_a_provider_must_be_asked_by_https(tmp_path: Path, provider: Provider) -> None:
    scene = build_scene(
        tmp_path,
        settings=Settings(
            home=tmp_path, api_token=SecretStr(TOKEN), oidc_issuer="http://id.office.test"
        ),
    )
    answer = Client(scene.app).get("/login/oidc")
    assert answer.status_code == 422
    assert "QUOTAWATT_OIDC_ISSUER must be an address https://" in answer.json()["detail"]
