"""Receivers of messages, a process of its own: a webhook that checks signatures, and a mail server.

``python -m benchmarks.alerts_receivers FILE`` prints its two ports as JSON and notes each message in FILE:
a JSON line with the channel, its key, the monotonic clock in seconds at its receipt, the meters that it
tells of, and whether its signature and key are as they must be.
"""

import email
import email.policy
import json
import re
import socket
import sys
import threading
import time
from asyncio.base_events import Server
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from alerts.channels.webhook import (
    KEY_HEADER,
    SIGNATURE_HEADERS,
    TIMESTAMP_HEADER,
    signature,
)

SECRET = "a-secret-of-the-benchmarks"
WEBHOOK, EMAIL = "webhook", "email"
HOST = "127.0.0.1"
_METER = re.compile(r"\bM\d+\b")


def meters_of(body: Mapping[str, Any]) -> list[str]:
    """The meters of whose cases a message tells, in its order; those of other assets are left out."""
    return [c["subject"] for c in body["cases"] if _METER.fullmatch(c["subject"])]


class Notes:
    """What arrived, a line each, written at once."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", encoding="utf-8", buffering=1)
        self._one_at_a_time = threading.Lock()

    def note(self, channel: str, key: str, meters: Sequence[str], good: bool, at_s: float) -> None:
        """One message."""
        line = {"channel": channel, "key": key, "at_s": at_s, "good": good, "meters": meters}
        with self._one_at_a_time:
            self._file.write(json.dumps(line) + "\n")


class Mailbox:
    """What the mail server does with mails (a handler of aiosmtpd)."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        """Take a mail."""
        at_s = time.monotonic()
        raw = envelope.content
        mail = email.message_from_bytes(
            raw if isinstance(raw, bytes) else b"", policy=email.policy.default
        )
        body = mail.get_body(("plain",))
        text = str(mail["Subject"]) + "\n" + (body.get_content() if body is not None else "")
        meters = sorted(set(_METER.findall(text)))
        key = str(mail["Message-ID"] or "")
        self._notes.note(EMAIL, key, meters, bool(key), at_s)
        return "250 OK"


class _Mails(Controller):
    """On a port that is free; its own way of trying the server would connect to port 0."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        socket.create_connection((HOST, self.port), timeout=5).close()


def webhook(notes: Notes) -> ThreadingHTTPServer:
    """A receiver on a free port, not yet serving."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            at_s = time.monotonic()
            self.send_response(204)
            self.end_headers()
            said = json.loads(body)
            key = self.headers[KEY_HEADER]
            expected = signature(SECRET.encode(), self.headers[TIMESTAMP_HEADER], body)
            signed = self.headers[SIGNATURE_HEADERS[0]] == f"sha256={expected}"
            meters = meters_of(said)
            notes.note(WEBHOOK, key, meters, signed and key == said["key"], at_s)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: what arrives is noted."""

    return ThreadingHTTPServer((HOST, 0), Handler)


def main(file: Path) -> None:
    """Receive until the standard input ends."""
    notes = Notes(file)
    hook = webhook(notes)
    mails = _Mails(Mailbox(notes), hostname=HOST, port=0, data_size_limit=2**25)
    mails.start()
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    sys.stdout.write(json.dumps({WEBHOOK: hook.server_port, EMAIL: mails.port}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    hook.shutdown()
    mails.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
