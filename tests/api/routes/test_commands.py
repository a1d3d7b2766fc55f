"""Commands over the api: offered, asked for, confirmed by another person, taken back; off by default."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import insert

from alerts.cases.book import take_step
from alerts.cases.model import Act, Case, CaseEvent, CaseState
from api.auth import COOKIE, CSRF_HEADER
from quotawatt.access.principal import Grant
from quotawatt.access.roles import Role
from quotawatt.readings import Reading, readings_table
from quotawatt.register.model import Binding, Meter, Register
from quotawatt.rulebook.alert_rules import Offer
from quotawatt.settings import Settings
from quotawatt.storage.jobs import claim_job, end_job
from quotawatt.storage.tables import device_families
from tests.alerts.commanding.scene import shipped_commands
from tests.api.scene import NOW, REGISTER, TOKEN, Client, build_scene, shipped_rulebook
from tests.quotawatt.access.people import add_ready_user

API = "/api/v1"
MINUTE = timedelta(minutes=1)
RULE = "use-above-expected"
BAD: tuple[tuple[dict[str, Any], int], ...] = (
    ({"command": "toggle", "device": "plug-2"}, 422),
    ({"command": "switch_off", "device": "nothing"}, 404),
    ({"command": "switch_off", "device": "plug-2", "value": 5}, 422),
    ({"command": "switch_off"}, 422),
    ({"command": "switch_off", "device": "plug-2", "topic": "cmnd/all/POWER"}, 422),
)
ASKED = {"command": "switch_off", "device": "plug-2", "comment": "after hours"}


def world() -> Register:
    """The small world with a water heater in each building."""
    heaters = [
        Meter(f"MTR-H{n}", f"饮水机{n}", f"Water heater {n}", f"BLD-{n}", "electricity", "A1")
        for n in (1, 2)
    ]
    bound = [Binding(f"plug-{n}", f"MTR-H{n}", NOW - timedelta(days=9)) for n in (1, 2)]
    kinds = ("organisations", "sites", "buildings")
    return Register(
        **{kind: list(getattr(REGISTER, kind).values()) for kind in kinds},
        meters=[*REGISTER.meters.values(), *heaters],
        bindings=[*REGISTER.bindings, *bound],
    )


class Desk:
    """The application with commands, a case of each building, and people."""

    def __init__(self, home: Path, enabled: bool = True) -> None:
        book = shipped_rulebook()
        offering = replace(book.rules[RULE], offers=(Offer("switch_off"),))
        offered = replace(book, rules={**book.rules, RULE: offering})
        settings = Settings(home=home, api_token=SecretStr(TOKEN), commands_enabled=enabled)
        known = shipped_commands()
        self.scene = build_scene(
            home,
            world(),
            settings=settings,
            rulebook_source=lambda: offered,
            commands=lambda: known,
        )
        self.cases = {n: self._open(n) for n in (1, 2)}
        with self.scene.records.begin() as conn:
            for n in (1, 2):
                row = {"device": f"plug-{n}", "profile": "tasmota"}
                conn.execute(insert(device_families), [row])
        for n in (1, 2):
            self.hears(f"plug-{n}", 1.0)

    def _open(self, n: int) -> int:
        draft = Case(
            id=0,
            rule=RULE,
            subject=f"BLD-{n}",
            asset=f"BLD-{n}",
            organisation=f"ORG-{n}",
            site="SITE-1",
            source="results",
            severity="warning",
            state=CaseState.OPEN,
            firing=True,
            began_at=NOW,
            opened_at=NOW,
            changed_at=NOW,
        )
        with self.scene.records.begin() as conn:
            return take_step(conn, draft, CaseEvent.OPENED, Act("alerts", NOW)).case.id

    def hears(self, device: str, value: float) -> None:
        at = self.scene.moment[0]
        reading = Reading(device, "", "switch_on", at, value, at)
        self.scene.series.write_readings(readings_table([reading]))

    def person(self, name: str, role: Role, organisation: str = "ORG-2") -> Client:
        add_ready_user(self.scene.records, name, Grant(role, organisation))
        gate = self.scene.app.state.gate
        with self.scene.records.begin() as conn:
            secret = gate.sessions.open(conn, name, "", gate.clock())
        headers = {"Cookie": f"{COOKIE}={secret}", CSRF_HEADER: gate.csrf_token(secret)}
        return Client(self.scene.app, headers)

    def sent(self) -> None:
        """The collector and the alert role do their part."""
        at = self.scene.moment[0]
        with self.scene.records.begin() as conn:
            job = claim_job(conn, ("command",), "collector", at)
            assert job is not None
            end_job(conn, job, at, {"sent_at": at.isoformat(), "acknowledged": True})
        self.follow()

    def follow(self) -> None:
        self.scene.services.alerts.follow_commands(self.scene.moment[0])  # type: ignore[attr-defined]

    @property
    def asking(self) -> str:
        return f"{API}/cases/{self.cases[2]}/commands"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """On SQLite: what differs by store is tested with the commands themselves."""
    return Desk(tmp_path)


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


def test_from_offer_to_answer_and_back(desk: Desk) -> None:
    officer, manager = desk.person("li", Role.OFFICER), desk.person("boss", Role.MANAGER)
    (offer,) = ok(officer.get(f"{API}/cases/{desk.cases[2]}/offers"))["items"]
    assert (offer["device"], offer["topic"], offer["payload"]) == (
        "plug-2",
        "cmnd/plug-2/POWER",
        "OFF",
    )
    assert (offer["title"]["en"], offer["quantity"], offer["present"]) == (
        "Switch off",
        "switch_on",
        1.0,
    )
    asked = ok(officer.post(desk.asking, json=ASKED), 201)
    number = asked["number"]
    one = f"{API}/commands/{number}"
    assert (asked["state"], asked["asked_by"]) == ("asked", "li")
    assert ok(manager.post(f"{one}/confirm", json={}))["state"] == "confirmed"
    desk.sent()
    desk.scene.moment[0] += MINUTE / 6
    desk.hears("plug-2", 0.0)
    desk.follow()
    done = ok(officer.get(one))
    assert (done["state"], done["answer"]["value"], done["confirmed_by"]) == (
        "answered",
        0.0,
        "boss",
    )
    back = ok(officer.post(f"{one}/undo", json={"comment": "a meeting"}), 201)
    assert (back["command"], back["undoes"], back["state"]) == ("switch_on", number, "asked")
    listed = ok(officer.get(f"{API}/commands?state=asked&state=answered"))
    assert [row["number"] for row in listed["items"]] == [back["number"], number]


def test_nobody_alone_and_no_officer_confirms_and_a_refusal_says_why(desk: Desk) -> None:
    officer, manager = desk.person("li", Role.OFFICER), desk.person("boss", Role.MANAGER)
    one = f"{API}/commands/{ok(manager.post(desk.asking, json=ASKED), 201)['number']}"
    own = manager.post(f"{one}/confirm", json={})
    assert own.status_code == 409
    assert "somebody other than who asked" in own.json()["detail"]
    assert officer.post(f"{one}/confirm", json={}).status_code == 403
    assert ok(officer.get(one))["state"] == "asked"
    assert ok(manager.post(f"{one}/withdraw", json={}))["state"] == "withdrawn"
    refused = f"{API}/commands/{ok(officer.post(desk.asking, json=ASKED), 201)['number']}"
    assert manager.post(f"{refused}/refuse", json={}).status_code == 422
    assert ok(manager.post(f"{refused}/refuse", json={"comment": "in use"}))["error"] == "in use"


def test_what_is_out_of_reach_is_as_if_it_were_not_there_and_bad_requests_are_said(
    desk: Desk,
) -> None:
    officer = desk.person("li", Role.OFFICER)
    outside = f"{API}/cases/{desk.cases[1]}"
    assert officer.get(f"{outside}/offers").status_code == 404
    body = {**ASKED, "device": "plug-1"}
    assert officer.post(f"{outside}/commands", json=body).status_code == 404
    # Nor by a case of one's own.
    assert officer.post(desk.asking, json=body).status_code == 404
    for wrong, status in BAD:
        answer = officer.post(desk.asking, json=wrong)
        assert answer.status_code == status, answer.text
    assert ok(officer.get(f"{API}/commands"))["total"] == 0


def test_off_by_default(tmp_path: Path) -> None:
    assert Settings().commands_enabled is False
    desk = Desk(tmp_path, enabled=False)
    officer = desk.person("li", Role.OFFICER)
    assert ok(officer.get(f"{API}/cases/{desk.cases[2]}/offers")) == {"total": 0, "items": []}
    refused = officer.post(desk.asking, json=ASKED)
    assert refused.status_code == 409
    assert "QUOTAWATT_COMMANDS_ENABLED: must be true" in refused.json()["detail"]
