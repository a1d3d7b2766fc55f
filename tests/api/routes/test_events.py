"""The stream of events over a real server: within reach, taken up again, ended with the session."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

import api.routes.events as events
from api.auth import COOKIE
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.access.sessions import end_sessions
from tests.api.case_world import add_case
from tests.api.console.desk import Desk
from tests.api.scene import Client, Scene, build_scene

PLACE = "/api/v1/events"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("world")
    return build_scene(folder, records_url=f"sqlite:///{folder / 'records.sqlite'}")


@pytest.fixture(scope="module")
def home(scene: Scene) -> Iterator[str]:
    """The scene, served on a free port; it ends although somebody still listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(scene.app, log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        scene.app.state.case_stream.close()
        server.should_exit = True
        thread.join(timeout=20)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def officer(scene: Scene) -> Desk:
    """Of ORG-2."""
    return Desk(scene, "li", Grant(Role.OFFICER, "ORG-2"))


class Ear:
    """Somebody who follows the stream."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def block(self) -> dict[str, str]:
        """The next event's fields; of a stream that has ended, none."""
        fields: dict[str, str] = {}
        for line in self._lines:
            if not line and fields:
                return fields
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value
        return fields

    def step(self) -> tuple[str, dict[str, Any]]:
        """The next step's number, and what is said of it."""
        fields = self.block()
        assert fields["event"] == "step"
        return fields["id"], json.loads(fields["data"])


def follow(home: str, desk: Desk, query: str = "", last: str = "") -> Any:
    headers = {"Cookie": f"{COOKIE}={desk.secret}"} | ({"Last-Event-ID": last} if last else {})
    return httpx.stream("GET", f"{home}{PLACE}{query}", headers=headers, timeout=20)


def test_steps_within_reach_come_and_who_comes_back_misses_none(
    home: str, scene: Scene, officer: Desk
) -> None:
    with follow(home, officer) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        ear = Ear(answer.iter_lines())
        assert "id" in ear.block()
        add_case(scene, asset="BLD-1", subject="BLD-1", organisation="ORG-1")
        mine = add_case(scene)
        number, said = ear.step()
        assert (said["case"], said["event"], said["organisation"]) == (mine, "opened", "ORG-2")
    missed = [add_case(scene), add_case(scene)]
    with follow(home, officer, last=number) as answer:
        ear = Ear(answer.iter_lines())
        assert ear.block()["id"] == number
        assert [ear.step()[1]["case"] for _ in missed] == missed


def test_it_ends_when_somebody_signs_out(
    home: str, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "CHECK_EVERY", 1)
    desk = Desk(scene, "zhao", Grant(Role.OFFICER, "ORG-2"))
    with follow(home, desk) as answer:
        ear = Ear(answer.iter_lines())
        ear.block()
        with scene.records.begin() as conn:
            end_sessions(conn, "zhao", scene.app.state.gate.clock())
        assert ear.block() == {}
    assert (
        httpx.get(f"{home}{PLACE}", headers={"Cookie": f"{COOKIE}={desk.secret}"}).status_code
        == 401
    )


def test_asked_for_what_there_is_it_ends(tmp_path: Path) -> None:
    scene = build_scene(tmp_path, records_url=f"sqlite:///{tmp_path / 'records.sqlite'}")
    add_case(scene)
    second = add_case(scene)
    client = Client(scene.app, scene.bearer)
    answer = client.get(f"{PLACE}?after=0&follow=false&case={second}")
    assert answer.status_code == 200
    said = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    assert [one["case"] for one in said] == [second]


@pytest.mark.parametrize("query", ["?after=-1", "?case=0", "?follow=perhaps"])
def test_what_is_no_number_is_refused(scene: Scene, query: str) -> None:
    assert Client(scene.app, scene.bearer).get(f"{PLACE}{query}").status_code == 422
