"""Who the killed system deals with: a receiver that fails half the time, somebody who acknowledges."""

import json
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

import httpx

from benchmarks.alerts_kills_world import TOKEN

_HANGS_S = 0.5
_CLIENT_TIMEOUT_S = 5.0
_REST_S = 0.05
# A half is well; of the rest some are taken before the line breaks.
_WAYS = ("well", "well", "well", "well", "500", "hang", "reset", "taken, then reset")


@dataclass
class Receiver:
    """What came. ``busy``: requests that are under way now; ``cut_off``: those that came in part.

    bodies
        By key the different bodies that came with it, by hash.
    taken
        How often each key was answered 204.
    """

    url: str = ""
    busy: int = 0
    cut_off: int = 0
    came: int = 0
    bodies: dict[str, set[str]] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)


@contextmanager
def receiving(seed: int) -> Iterator[Receiver]:
    """A webhook receiver for the time of the block; half the requests are answered 500, hang or break."""
    receiver, chance, lock = Receiver(), Random(seed), threading.Lock()
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if len(body) < int(self.headers["Content-Length"]):
                receiver.cut_off += 1  # the sender was killed in the middle of it
                return
            with lock:
                receiver.busy += 1
                way = chance.choice(_WAYS)
                self._note(self.headers["Idempotency-Key"], body, way == "well")
            try:
                self._answer(way)
            finally:
                with lock:
                    receiver.busy -= 1

        def _note(self, key: str, body: bytes, taken: bool) -> None:
            receiver.came += 1
            receiver.bodies.setdefault(key, set()).add(sha256(body).hexdigest())
            if taken:
                receiver.taken[key] = receiver.taken.get(key, 0) + 1

        def _answer(self, way: str) -> None:
            if way == "hang":
                ended.wait(_HANGS_S)
            if way in ("well", "500"):
                self.send_response(204 if way == "well" else 500)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            # Closed with a reset instead of an end.
            self.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass  # the sender was killed

    server = Server(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


class Acknowledger:
    """Acknowledges open cases by HTTP, one after the other, whatever happens to the server.

    answered
        Numbers of the cases whose acknowledgement was answered 200.
    busy
        Whether one is under way now.
    """

    def __init__(self, port: int, seed: int) -> None:
        self.answered: list[int] = []
        self.busy = False
        self._chance = Random(seed)
        self._ended = threading.Event()
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}/api/v1",
            headers={"Authorization": f"Bearer {TOKEN}"},
            timeout=_CLIENT_TIMEOUT_S,
            trust_env=False,
        )
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, with the answer to the last one or without it."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        self._client.close()

    def _run(self) -> None:
        while not self._ended.wait(_REST_S):
            try:
                self._acknowledge_one()
            except (httpx.HTTPError, json.JSONDecodeError):
                continue  # killed: whether it was done shows later
            finally:
                self.busy = False

    def _acknowledge_one(self) -> None:
        listed = self._client.get("/cases", params={"state": "open", "limit": 50})
        items: list[dict[str, Any]] = listed.json().get("items", [])
        if not items:
            return
        number = self._chance.choice(items)["number"]
        tag = self._client.get(f"/cases/{number}").headers.get("ETag", "")
        self.busy = True
        done = self._client.post(
            f"/cases/{number}/acknowledge", json={"comment": ""}, headers={"If-Match": tag}
        )
        if done.status_code == 200:
            self.answered.append(number)
