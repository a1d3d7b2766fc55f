"""The command line's way in: over the socket of a running system, else in process."""

import asyncio
import getpass
import json
import os
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import httpx

from quotawatt.app.home import prepare_home, socket_path
from quotawatt.app.token import with_token
from quotawatt.clock import Clock
from quotawatt.errors import InputError, NotFoundError, QuotawattError, StateError, StoreError
from quotawatt.settings import Settings

_TIMEOUT_S = 120
_DOWNLOAD_TIMEOUT_S = 3600
"""A pack is made whole before its first byte comes."""

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
    if_match: str = "",
) -> Any:
    """One request to the API of the home folder; the answer's JSON, None where it has no content.

    ``if_match`` is the version that a change is of, ``*``: whichever it is; empty: none is named.
    Raises what the problem's status stands for, InputError, NotFoundError, StateError or StoreError, with
    the problem's own words, and StoreError where a running system does not answer.
    """
    answer = _send(settings, clock, method, path, params, body, if_match=if_match)
    return answer.json() if answer.content else None


def download(settings: Settings, clock: Clock, path: str, body: Any, target: IO[bytes]) -> None:
    """Write to ``target``, as it comes, what a POST to the API answers that is no JSON.

    Raises like ``call``; what was written then is of no use.
    """
    settings, request = _prepared(settings, "POST", path, None, body)
    # As it is: the file is compressed already.
    request["headers"]["Accept-Encoding"] = "identity"
    if not is_served(settings.home):
        _answer(asyncio.run(_in_process(settings, clock, request, target)))
        return
    with _served(settings.home, _DOWNLOAD_TIMEOUT_S) as client, client.stream(**request) as answer:
        if not answer.is_success:
            answer.read()
        for chunk in _answer(answer).iter_raw():
            target.write(chunk)


def upload(
    settings: Settings,
    clock: Clock,
    path: str,
    file: Path,
    params: Mapping[str, Any],
    if_match: str = "",
) -> Any:
    """Hand a file in by a form; the answer's JSON.

    Raises like ``call``, and InputError where the file cannot be read.
    """
    try:
        given = (file.name, file.read_bytes())
    except OSError as error:
        raise InputError(f"a file must be readable, got {file} ({error.strerror})") from None
    return _send(settings, clock, "POST", path, params, None, given, if_match).json()


def fetch(settings: Settings, clock: Clock, path: str, params: Mapping[str, Any]) -> bytes:
    """What the API answers that is no JSON. Raises like ``call``."""
    return _send(settings, clock, "GET", path, params, None).content


@contextmanager
def streaming(
    settings: Settings,
    clock: Clock,
    method: str,
    path: str,
    *,
    params: Mapping[str, Any] | None = None,
    content: Iterable[bytes] | None = None,
) -> Iterator[httpx.Response]:
    """A request to the system that runs on the home folder, with a body and an answer of any length.

    The answer is to be read within the context. Raises like ``call``.
    """
    settings, request = _prepared(settings, method, path, params, None)
    request["headers"] |= {
        "Accept-Encoding": "identity",
        "Content-Type": "application/octet-stream",
    }
    request["content"] = content
    with _served(settings.home, _DOWNLOAD_TIMEOUT_S) as client, client.stream(**request) as answer:
        if not answer.is_success:
            answer.read()
        yield _answer(answer)


def _send(
    settings: Settings,
    clock: Clock,
    method: str,
    path: str,
    params: Mapping[str, Any] | None,
    body: Any,
    file: tuple[str, bytes] | None = None,
    if_match: str = "",
) -> httpx.Response:
    settings, request = _prepared(settings, method, path, params, body)
    if if_match:
        request["headers"]["If-Match"] = if_match
    if file is not None:
        # The form says by itself of which type it is.
        del request["headers"]["Content-Type"]
        request["files"] = {"file": file}
    if is_served(settings.home):
        with _served(settings.home, _TIMEOUT_S) as client:
            return _answer(client.request(**request))
    return _answer(asyncio.run(_in_process(settings, clock, request)))


@contextmanager
def _served(home: Path, timeout_s: float) -> Iterator[httpx.Client]:
    """A client of the system that runs on the home folder; StoreError where it does not answer."""
    transport = httpx.HTTPTransport(uds=str(socket_path(home)))
    with httpx.Client(transport=transport, timeout=timeout_s) as client:
        try:
            yield client
        except httpx.TransportError as error:
            rule = f"the system that runs on {home} must answer"
            raise StoreError(f"{rule}, got {type(error).__name__}: {error}") from None


def _prepared(
    settings: Settings, method: str, path: str, params: Mapping[str, Any] | None, body: Any
) -> tuple[Settings, dict[str, Any]]:
    """The settings with their home folder and token, and the request."""
    settings = with_token(settings.model_copy(update={"home": prepare_home(settings.home)}))
    return settings, {
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


async def _in_process(
    settings: Settings, clock: Clock, request: dict[str, Any], target: IO[bytes] | None = None
) -> httpx.Response:
    # Loaded only here: over the socket none of the system's own modules is needed.
    from api.local import into_file, locally
    from quotawatt.app.system import open_system

    system = open_system(settings, clock)
    try:
        app = locally(system.app(lambda: {}))
        if target is not None:
            app = into_file(app, target)
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
