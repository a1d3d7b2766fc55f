"""Sending to the platform above, over a real HTTP server on this machine."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, select

from quotawatt.errors import NotFoundError, SettingError, StateError
from quotawatt.exchange.outbox import MAX_TRIES, send_again
from quotawatt.exchange.pushing import Pusher, PushReport
from quotawatt.issued import Draft, issue
from quotawatt.ledger import Ledger
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.versions import Version
from quotawatt.storage.returns_tables import exchange_outbox
from tests.quotawatt.exchange.documents import NOW, snapshot
from tests.quotawatt.returns.forms import form

BOOK = Rulebook(
    forms={"small": form()}, versions={"forms": {"small": [Version(form(), None, None, "x:1")]}}
)


class Platform:
    """A platform above: what it was sent, and what it answers."""

    def __init__(self) -> None:
        self.status = 201
        self.got: list[tuple[dict[str, str], Any]] = []
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                platform.got.append((dict(self.headers), json.loads(body)))
                said = json.dumps({"receipt": f"R-{len(platform.got)}"}).encode()
                self.send_response(platform.status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"


@pytest.fixture
def platform() -> Iterator[Platform]:
    made = Platform()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def pusher(records: Engine, url: str, token: str = "secret") -> Pusher:
    return Pusher(records, lambda: BOOK, url, SecretStr(token), timeout_s=5)


def issued(records: Engine, *kinds: str) -> None:
    with records.begin() as conn:
        for n, kind in enumerate(kinds):
            issue(conn, Draft(kind, f"ORG-{n}", "2024-Q1", snapshot().content), "li", NOW)


def waiting(records: Engine) -> list[dict[str, Any]]:
    with records.connect() as conn:
        rows = conn.execute(select(exchange_outbox).order_by(exchange_outbox.c.id)).mappings()
        return [dict(row) for row in rows]


def test_accepted_returns_are_sent_once_and_the_receipt_is_kept(
    records: Engine, platform: Platform
) -> None:
    issued(records, "small", "ranking", "small")
    sender = pusher(records, platform.url)
    assert sender.run(NOW) == PushReport(queued=2, sent=2)
    assert sender.run(NOW) == PushReport()
    headers, body = platform.got[0]
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Idempotency-Key"] == "small-2024-Q1-ORG-0-1"
    assert headers["X-Quotawatt-Schema"] == "quotawatt.return/1"
    assert body["figures"][0]["energy"] in ("", "01")
    assert len(platform.got) == 2
    rows = waiting(records)
    assert [row["receipt"] for row in rows] == ['{"receipt": "R-1"}', '{"receipt": "R-2"}']
    assert [e.action for e in Ledger(records).entries()][-2:] == ["exchange_sent"] * 2


def test_it_is_off_without_an_address(records: Engine) -> None:
    issued(records, "small")
    assert pusher(records, "").run(NOW) == PushReport()
    assert waiting(records) == []


def test_a_failure_is_tried_again_later_under_the_same_key(
    records: Engine, platform: Platform
) -> None:
    issued(records, "small", "small")
    sender = pusher(records, platform.url)
    platform.status = 503
    # The first is put off, and the second waits: it would be asked of the same platform.
    assert sender.run(NOW) == PushReport(queued=2, put_off=1)
    assert "says 503" in waiting(records)[0]["last_error"]
    platform.status = 200
    assert sender.run(NOW + timedelta(seconds=30)) == PushReport(sent=1)
    assert sender.run(NOW + timedelta(minutes=2)) == PushReport(sent=1)
    keys = [headers["Idempotency-Key"] for headers, _ in platform.got]
    assert keys[0] == keys[2] == "small-2024-Q1-ORG-0-1"


def test_what_is_refused_is_given_up_and_can_be_sent_again(
    records: Engine, platform: Platform
) -> None:
    issued(records, "small")
    sender = pusher(records, platform.url)
    platform.status = 422
    assert sender.run(NOW) == PushReport(queued=1, given_up=1)
    [row] = waiting(records)
    with records.begin() as conn:
        send_again(conn, row["id"], "wang", NOW)
        with pytest.raises(StateError, match="must have been given up"):
            send_again(conn, row["id"], "wang", NOW)
        with pytest.raises(NotFoundError):
            send_again(conn, 99, "wang", NOW)
    platform.status = 201
    assert sender.run(NOW) == PushReport(sent=1)
    actions = [e.action for e in Ledger(records).entries()]
    assert actions == ["issued", "exchange_refused", "exchange_again", "exchange_sent"]


def test_nobody_there_is_given_up_in_the_end(records: Engine) -> None:
    issued(records, "small")
    sender = pusher(records, "http://127.0.0.1:9/in")
    now, reports = NOW, []
    for _ in range(MAX_TRIES):
        reports.append(sender.run(now))
        now += timedelta(hours=7)
    assert reports[0] == PushReport(queued=1, put_off=1)
    assert reports[-1] == PushReport(given_up=1)
    assert sender.run(now) == PushReport()
    assert waiting(records)[0]["tries"] == MAX_TRIES


@pytest.mark.parametrize("url", ["ftp://x/y", "nowhere", "http://"])
def test_an_address_that_is_none_is_a_wrong_setting(records: Engine, url: str) -> None:
    with pytest.raises(SettingError, match="QUOTAWATT_EXCHANGE_URL must be an http"):
        pusher(records, url)
