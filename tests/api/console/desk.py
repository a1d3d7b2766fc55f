"""Somebody at the console: signed in by an account, reading pages and sending their forms."""

import html
import re
from urllib.parse import urlencode

import httpx

from api.auth import COOKIE
from quotawatt.access.principal import Grant
from tests.api.scene import Client, Scene
from tests.quotawatt.access.people import add_ready_user

_IDENTIFIER = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")


class Desk:
    """An account's browser. ``grants`` are the roles that it has."""

    def __init__(self, scene: Scene, name: str, *grants: Grant) -> None:
        add_ready_user(scene.records, name, *grants)
        gate = scene.app.state.gate
        with scene.records.begin() as conn:
            self.secret: str = gate.sessions.open(conn, name, "192.0.2.7", gate.clock())
        self.csrf: str = gate.csrf_token(self.secret)
        headers = {"Accept": "text/html", "Cookie": f"{COOKIE}={self.secret}"}
        self.client = Client(scene.app, headers)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def page(self, path: str) -> str:
        """The text of a page that is there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.text

    def send(self, path: str, **fields: str) -> httpx.Response:
        """Send a form, with what its page would have put in."""
        return self.client.post(path, content=urlencode({"csrf": self.csrf, **fields}))

    def done(self, path: str, **fields: str) -> str:
        """Send a form that is taken; where it leads."""
        answer = self.send(path, **fields)
        assert answer.status_code == 303, (path, answer.status_code, said(answer.text))
        return answer.headers["location"]


def said(page: str) -> str:
    """The words of a page, without tags."""
    body = page.partition("<main")[2]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body)))


def identifiers(page: str) -> set[str]:
    """Words of a page that only a program would use; what stands in ``code`` and ``pre`` is meant to."""
    plain = re.sub(r"<(code|pre)\b.*?</\1>", " ", page, flags=re.S)
    return set(_IDENTIFIER.findall(said(plain)))
