"""The HTTP server: the API on its TCP port, and on a socket in the home folder for the command line."""

import socket
import threading
import time
from pathlib import Path

import uvicorn
from fastapi import FastAPI

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
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        self._sockets: list[socket.socket] = []
        self._thread = threading.Thread(target=self._run, name="api", daemon=True)
        self.port = settings.api_port

    def start(self) -> None:
        """Listen and serve. Raises StoreError where the port is taken or serving does not begin."""
        require_free_port(self._settings.api_host, self.port, "API", "QUOTAWATT_API_PORT")
        tcp = socket.socket()
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tcp.bind((self._settings.api_host, self.port))
        self.port = tcp.getsockname()[1]
        self._sockets = [tcp, *_unix_socket(self._settings.home)]
        self._thread.start()
        deadline = time.monotonic() + 20
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise StoreError(f"the API must start on port {self.port}, but it did not")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop serving and remove the socket."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        for listener in self._sockets:
            listener.close()
        socket_path(self._settings.home).unlink(missing_ok=True)

    def _run(self) -> None:
        self._server.run(sockets=self._sockets)


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
