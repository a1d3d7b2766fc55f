"""The command line's way in: over the socket of a running system, else in process."""

import asyncio
import getpass
import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from quotawatt.app.home import prepare_home, socket_path
from quotawatt.app.token import with_token
from quotawatt.clock import Clock
from quotawatt.errors import InputError, NotFoundError, QuotawattError, StateError, StoreError
from quotawatt.settings import Settings

_TIMEOUT_S = 120
_BASE = "http://quotawatt"


def is_served(home: Path) -> bool:
    """Whether a running system listens on the home folder's socket."""
    path = socket_path(home)
    if not path.exists():
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def require_not_served(home: Path, what: str) -> None:
    """Raise StateError where a running system holds the stores of the home folder."""
    if is_served(home):
        raise StateError(
            f"no other process may hold the stores while {what}, got {home} with a running system"
        )


def call(
    settings: Settings,
    clock: Clock,
    method: str,
    path: str,
    *,
    params: Mapping[str, Any] | None = None,
    body: Any = None,
) -> Any:
    """One request to the API of the home folder; the answer's JSON, None where it has no content.

    Raises what the problem's status stands for, InputError, NotFoundError, StateError or StoreError, with
    the problem's own words, and StoreError where a running system does not answer.
    """
    answer = _send(settings, clock, method, path, params, body)
    return answer.json() if answer.content else None


def download(settings: Settings, clock: Clock, path: str, body: Any) -> bytes:
    """What a POST to the API answers that is no JSON. Raises like ``call``."""
    return _send(settings, clock, "POST", path, None, body).content


def _send(
    settings: Settings,
    clock: Clock,
    method: str,
    path: str,
    params: Mapping[str, Any] | None,
    body: Any,
) -> httpx.Response:
    settings = with_token(settings.model_copy(update={"home": prepare_home(settings.home)}))
    request: dict[str, Any] = {
        "method": method,
        "url": _BASE + path,
        "params": {k: v for k, v in (params or {}).items() if v is not None},
        "content": _json(body),
        "headers": {
            "Authorization": f"Bearer {settings.api_token.get_secret_value()}",
            "Content-Type": "application/json",
            # As the ledger names who uses the command line; a header holds ASCII.
            "X-Quotawatt-Actor": user_name(),
        },
    }
    if is_served(settings.home):
        transport = httpx.HTTPTransport(uds=str(socket_path(settings.home)))
        with httpx.Client(transport=transport, timeout=_TIMEOUT_S) as client:
            try:
                return _answer(client.request(**request))
            except httpx.TransportError as error:
                rule = f"the system that runs on {settings.home} must answer"
                raise StoreError(f"{rule}, got {type(error).__name__}: {error}") from None
    return _answer(asyncio.run(_in_process(settings, clock, request)))


def user_name() -> str:
    """Who uses the command line, as the operating system calls them."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        # A container may run under a number that has no name.
        name = f"uid-{os.getuid()}"
    return name.encode("ascii", errors="replace").decode()


def _json(body: Any) -> str | None:
    if body is None:
        return None
    try:
        return json.dumps(body, allow_nan=False)
    except ValueError:
        raise InputError(f"a number must be finite, got {body}") from None


async def _in_process(settings: Settings, clock: Clock, request: dict[str, Any]) -> httpx.Response:
    # Loaded only here: over the socket none of the system's own modules is needed.
    from api.local import locally
    from quotawatt.app.system import open_system

    system = open_system(settings, clock)
    try:
        app = locally(system.app(lambda: {}))
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, timeout=_TIMEOUT_S) as client:
            return await client.request(**request)
    finally:
        system.close()


def _answer(response: httpx.Response) -> httpx.Response:
    """The answer; raises what the status of a problem stands for."""
    if response.is_success:
        return response
    try:
        problem = response.json()
        message = str(problem.get("detail") or problem.get("title"))
    except ValueError:
        message = response.text[:500]
    kinds: dict[int, type[QuotawattError]] = {
        404: NotFoundError,
        409: StateError,
        500: StoreError,
        503: StoreError,
    }
    raise kinds.get(response.status_code, InputError)(message)
