"""What a process without the API can listen on: ``/metrics`` for Prometheus and ``/health``."""

import json
import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import CollectorRegistry, make_wsgi_app

from quotawatt.app.broker import require_free_port
from quotawatt.app.monitor import States


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    timeout = (
        10  # seconds for a whole request: who opens a connection and says nothing is not waited for
    )

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a look every few seconds would fill the log."""


class MonitorServer:
    """Serves metrics and health in a thread. It shows figures and takes nothing.

    port
        0: any free one. ``port`` says which after ``start``.
    """

    def __init__(
        self, host: str, port: int, registry: CollectorRegistry, states: Callable[[], States]
    ) -> None:
        self._host = host
        self.port = port
        self._app = monitor_app(registry, states)
        self._server: WSGIServer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen. Raises StoreError where the port is taken."""
        require_free_port(self._host, self.port, "monitor", "QUOTAWATT_MONITOR_PORT")
        self._server = _Server((self._host, self.port), _Handler)
        self._server.set_app(self._app)
        self.port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="monitor", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def monitor_app(registry: CollectorRegistry, states: Callable[[], States]) -> WSGIApplication:
    """The WSGI application: ``/metrics``, ``/health`` (503 where a role is not ok), 404 for the rest."""
    metrics = make_wsgi_app(registry)

    def health(start_response: StartResponse) -> Iterable[bytes]:
        parts = states()
        well = all(state["ok"] for state in parts.values())
        body = json.dumps({"status": "ok" if well else "degraded", "parts": parts}).encode()
        status = "200 OK" if well else "503 Service Unavailable"
        start_response(status, [("Content-Type", "application/json")])
        return [body]

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            answer: Iterable[bytes] = metrics(environ, start_response)
            return answer
        if path == "/health" and environ["REQUEST_METHOD"] == "GET":
            return health(start_response)
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"there are /metrics and /health\n"]

    return app
