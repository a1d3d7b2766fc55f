"""Signing in through an identity provider: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636).

The provider says who somebody is, never what they may: the account must exist, and its roles are given here.
What a question was asked with (state, nonce, verifier) stays in the browser that asks, in a cookie of its
own, so an answer fits one browser and one question.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from fastapi import FastAPI
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.auth import same_secret
from quotawatt.errors import InputError, NotFoundError, SettingError, StoreError
from quotawatt.settings import Settings

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures that are believed: of a key pair, so that only the provider can make them."""
LEEWAY_S = 120
_TIMEOUT_S = 10
_METADATA = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Question:
    """Where the browser is led, and what the answer must fit."""

    address: str
    state: str
    nonce: str
    verifier: str

    def kept(self) -> dict[str, str]:
        """What the browser keeps until the answer comes."""
        return {"state": self.state, "nonce": self.nonce, "verifier": self.verifier}


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider names: the account's name by the claim of the settings, and its lasting subject."""

    name: str
    subject: str


class Provider:
    """The identity provider of the settings.

    Raises SettingError where its address is not one of https (of this machine: http will do).
    """

    def __init__(self, settings: Settings) -> None:
        address = urlsplit(settings.oidc_issuer)
        here = address.hostname in {"localhost", "127.0.0.1", "::1"}
        if not address.hostname or address.scheme not in ({"https", "http"} if here else {"https"}):
            raise SettingError(
                f"setting QUOTAWATT_OIDC_ISSUER must be an address https://..., got {settings.oidc_issuer!r}"
            )
        self._issuer = settings.oidc_issuer
        self._client_id = settings.oidc_client_id
        self._client_secret = settings.oidc_client_secret
        self._user_claim = settings.oidc_user_claim
        self._metadata: Mapping[str, Any] | None = None

    def question(self, callback: str) -> Question:
        """A new question. Raises StoreError where the provider does not answer."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": callback,
            "scope": "openid profile email",
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        endpoint = self._known()["authorization_endpoint"]
        joint = "&" if "?" in endpoint else "?"
        return Question(f"{endpoint}{joint}{urlencode(query)}", state, nonce, verifier)

    def answer(
        self, given: Mapping[str, str], kept: Mapping[str, str], callback: str, now: datetime
    ) -> Identity:
        """Whom the provider names.

        given
            The parameters that the browser came back with.
        kept
            What it kept of the question.

        Raises InputError where the answer does not fit the question or cannot be believed, StoreError where
        the provider does not answer.
        """
        if not kept.get("state") or not same_secret(given.get("state", ""), kept["state"]):
            raise InputError(
                "an answer must be to a question of this browser, got another or an old one"
            )
        if given.get("iss", self._issuer) != self._issuer:
            raise InputError(f"an answer must be that of {self._issuer}, got {given['iss']!r}")
        if "code" not in given:
            raise InputError(f"an answer must hold a code, got {given.get('error', 'none')!r}")
        token = self._redeem(given["code"], kept.get("verifier", ""), callback)
        claims = self._believed(token, kept.get("nonce", ""), now)
        return self._identity(claims)

    def _redeem(self, code: str, verifier: str, callback: str) -> Mapping[str, Any]:
        """The tokens for a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": callback,
            "code_verifier": verifier,
            "client_id": self._client_id,
        }
        secret = self._client_secret.get_secret_value()
        methods = self._known().get(
            "token_endpoint_auth_methods_supported", ["client_secret_basic"]
        )
        auth = None
        if secret and "client_secret_basic" in methods:
            auth = (quote(self._client_id, safe=""), quote(secret, safe=""))
        elif secret:
            form["client_secret"] = secret
        answer = _ask("POST", str(self._known()["token_endpoint"]), data=form, auth=auth)
        if "id_token" not in answer:
            raise InputError(f"a code must be redeemed, got {answer.get('error', 'no id_token')!r}")
        return answer

    def _believed(self, token: Mapping[str, Any], nonce: str, now: datetime) -> Mapping[str, Any]:
        """The claims of an id_token whose signature, issuer, audience, times and nonce are right."""
        keys: Any = _ask("GET", str(self._known()["jwks_uri"]))
        try:
            signed = jwt.decode(
                str(token["id_token"]), KeySet.import_key_set(keys), algorithms=list(ALGORITHMS)
            )
            claims = CodeIDToken(
                signed.claims,
                signed.header,
                options={
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                },
                params={
                    "nonce": nonce,
                    "client_id": self._client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY_S)
        except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"an id_token must be the provider's and fit the question, got {type(error).__name__}"
            ) from None
        if not nonce:
            raise InputError("an answer must fit a question with a nonce, got none")
        return dict(claims)

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        name = claims.get(self._user_claim)
        if not isinstance(name, str) or not name:
            raise InputError(f"an id_token must hold the claim {self._user_claim}, got none")
        # Whoever may enter any address of mail there must not become somebody else here.
        if self._user_claim == "email" and claims.get("email_verified") is not True:
            raise InputError(
                "an address of mail must be one that the provider has verified, got another"
            )
        return Identity(name, str(claims["sub"]))

    def _known(self) -> Mapping[str, Any]:
        """What the provider says of itself, asked once."""
        if self._metadata is None:
            found = _ask("GET", self._issuer.rstrip("/") + _METADATA)
            if found.get("issuer") != self._issuer:
                raise StoreError(
                    f"the identity provider must call itself {self._issuer}, got {found.get('issuer')!r}"
                )
            missing = {"authorization_endpoint", "token_endpoint", "jwks_uri"} - set(found)
            if missing:
                raise StoreError(
                    f"the identity provider must name its {', '.join(sorted(missing))}"
                )
            self._metadata = found
        return self._metadata


def provider_of(app: FastAPI, settings: Settings) -> Provider:
    """The provider of the application, made when it is first asked for.

    Raises NotFoundError where the settings name none.
    """
    if not settings.oidc_issuer:
        raise NotFoundError("an identity provider must be set by QUOTAWATT_OIDC_ISSUER, got none")
    provider: Provider | None = getattr(app.state, "oidc", None)
    if provider is None:
        provider = app.state.oidc = Provider(settings)
    return provider


def _ask(method: str, address: str, **options: Any) -> Mapping[str, Any]:
    """The JSON object that the provider answers; of an error it tells itself, that."""
    try:
        with httpx.Client(timeout=_TIMEOUT_S, trust_env=False) as client:
            answer = client.request(method, address, **options)
            found = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise StoreError(
            f"the identity provider must answer with JSON, got {type(error).__name__}"
        ) from None
    if not isinstance(found, dict) or answer.status_code >= 500:
        raise StoreError(f"the identity provider must answer, got status {answer.status_code}")
    return found
