"""The HTTP server: the API on its TCP port, and on a socket in the home folder for the command line."""

import asyncio
import socket
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from api.casestream import CaseStream
from api.local import locally
from quotawatt.app.broker import require_free_port
from quotawatt.app.home import socket_path
from quotawatt.errors import StoreError
from quotawatt.settings import Settings

# Longer paths do not fit into a Unix socket's address.
_SOCKET_PATH_LIMIT_BYTES = 100


class ApiServer:
    """Serves ``app`` in a thread, on TCP and on the home folder's socket."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self._settings = settings
        self._stream: CaseStream = app.state.case_stream
        # Two servers in one loop: what comes through the home folder's socket is marked as such, and
        # nothing that comes over TCP can be.
        self._over_tcp = _server(app, settings.trusted_proxies)
        self._over_socket = _server(locally(app), ())
        self._sockets: list[tuple[uvicorn.Server, socket.socket]] = []
        self._thread = threading.Thread(target=self._run, name="api", daemon=True)
        self.port = settings.api_port

    def start(self) -> None:
        """Listen and serve. Raises StoreError where the port is taken or serving does not begin."""
        require_free_port(self._settings.api_host, self.port, "API", "QUOTAWATT_API_PORT")
        # Named as TCP, so that asyncio turns Nagle's algorithm off: answers would wait 40 ms for an ACK.
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tcp.bind((self._settings.api_host, self.port))
        self.port = tcp.getsockname()[1]
        self._sockets = [(self._over_tcp, tcp)]
        self._sockets += [(self._over_socket, s) for s in _unix_socket(self._settings.home)]
        self._thread.start()
        deadline = time.monotonic() + 20
        while not all(server.started for server, _ in self._sockets):
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise StoreError(f"the API must start on port {self.port}, but it did not")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop serving and remove the socket."""
        # What is followed would go on for ever, and the server waits for it.
        self._stream.close()
        for server, _ in self._sockets:
            server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        for _, listener in self._sockets:
            listener.close()
        socket_path(self._settings.home).unlink(missing_ok=True)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        await asyncio.gather(*(server.serve([listener]) for server, listener in self._sockets))


def _server(app: ASGIApp, trusted_proxies: Sequence[str]) -> uvicorn.Server:
    """A server for one listener; only a proxy that is trusted is believed whom it speaks for."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),
    )
    return uvicorn.Server(config)


def _unix_socket(home: Path) -> list[socket.socket]:
    """The command line's socket, its owner's only; none where the path is too long for one."""
    path = socket_path(home)
    if len(str(path).encode()) > _SOCKET_PATH_LIMIT_BYTES:
        return []
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(0o600)
    return [listener]
