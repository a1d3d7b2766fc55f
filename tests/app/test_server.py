"""The HTTP server: what comes through the home folder's socket, and what over the network."""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from pydantic import SecretStr

from api.local import ACTOR_HEADER
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.app.home import socket_path
from quotawatt.app.server import ApiServer
from quotawatt.ledger import Ledger
from quotawatt.settings import Settings
from tests.api.scene import TOKEN, Scene, build_scene
from tests.quotawatt.access.people import add_user
from tests.servers import free_port

BEARER = {"Authorization": f"Bearer {TOKEN}"}


@contextmanager
def running(home: Path, **more: Any) -> Iterator[tuple[Scene, str]]:
    """The small world on TCP and on its home folder's socket."""
    settings = Settings(home=home, api_token=SecretStr(TOKEN), api_port=free_port(), **more)
    scene = build_scene(home, settings=settings)
    server = ApiServer(scene.app, settings)
    server.start()
    try:
        yield scene, f"http://127.0.0.1:{server.port}"
    finally:
        server.stop()


def over_socket(home: Path, headers: Mapping[str, str] = BEARER) -> httpx.Response:
    transport = httpx.HTTPTransport(uds=str(socket_path(home)))
    with httpx.Client(transport=transport) as client:
        return client.get("http://quotawatt/api/v1/me", headers=headers)


def over_tcp(url: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{url}/api/v1/me", headers={**BEARER, **headers}, trust_env=False)


def test_answers_over_tcp_do_not_wait_to_be_joined(tmp_path: Path) -> None:
    """With Nagle's algorithm an answer's body waits 40 ms for its head to be acknowledged."""
    with running(tmp_path) as (_, url), httpx.Client(base_url=url, trust_env=False) as client:
        client.get("/api/v1/health")
        port = client.base_url.port
        (fd,) = (
            one.fd
            for one in psutil.Process().net_connections("tcp")
            if one.raddr and one.laddr.port == port
        )
        with socket.socket(fileno=os.dup(fd)) as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_socket_is_the_home_folders_and_the_network_is_not(tmp_path: Path) -> None:
    with running(tmp_path) as (scene, url):
        assert over_tcp(url).json()["name"] == "api"
        add_user(scene.records, "chief", Grant(Role.SECURITY_ADMIN))
        assert over_socket(tmp_path, {**BEARER, ACTOR_HEADER: "zhou"}).json()["name"] == "cli:zhou"
        assert over_socket(tmp_path, {}).status_code == 401
        assert over_tcp(url).status_code == 401
        assert over_tcp(url, **{ACTOR_HEADER: "zhou"}).status_code == 401
        assert over_tcp(url, **{"X-Forwarded-For": ""}).status_code == 401
        assert socket_path(tmp_path).stat().st_mode & 0o777 == 0o600
    assert not socket_path(tmp_path).exists()


@pytest.mark.parametrize(
    ("trusted", "address"), [((), "127.0.0.1"), (("127.0.0.1",), "203.0.113.7")]
)
def test_only_a_trusted_proxy_is_believed(
    tmp_path: Path, trusted: tuple[str, ...], address: str
) -> None:
    with running(tmp_path, trusted_proxies=trusted) as (scene, url):
        said = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
        answer = httpx.get(f"{url}/?token=wrong", headers=said, trust_env=False, timeout=30)
        assert answer.status_code == 401
        assert ("strict-transport-security" in answer.headers) is bool(trusted)
        (entry,) = Ledger(scene.records).entries()
        assert entry.action == "sign_in_failed"
        assert f'"address":"{address}"' in entry.detail
