"""The served form: a process a role, over a real broker, InfluxDB and PostgreSQL.

From a meter's message to the webhook that tells of the used-up quota, with the bad input that is normal.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.ports import free_port
from quotawatt.register.csvfolder import write_csv_folder
from quotawatt.register.model import (
    Binding,
    Building,
    Headcount,
    Meter,
    Organisation,
    Register,
    Site,
)
from simulators.dialects import Message
from simulators.publisher import publish
from tests.alerts.receiver import Receiver, run_receiver
from tests.conftest import InfluxDatabase
from tests.servers import Server
from tests.waiting import until

pytestmark = [
    pytest.mark.broker,
    pytest.mark.influx,
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.timeout(900),
]

TOKEN = "a-token-for-this-test"
ROLES = ("collect", "analyse", "alert", "api")
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
# All of it in the present year, also in the first days of January.
HOURS = min(48, int((NOW - datetime(NOW.year, 1, 1, tzinfo=UTC)) / timedelta(hours=1)))
KWH_AN_HOUR = 250.0
# For a machine that has other things to do; where all goes well nothing waits so long.
LIMIT_S = 240.0


def register() -> Register:
    """An office of 10 m²: a few hours use up its year."""
    return Register(
        organisations=[Organisation("ORG", "机关", "Office", "party_government", "city")],
        headcounts=[Headcount("ORG", "in_post", 5, date(2020, 1, 1))],
        sites=[Site("SITE", "院区", "Site", "UTC", "shandong", "B")],
        buildings=[Building("BLD", "办公楼", "Building", "SITE", "ORG", gross_area_m2=10)],
        meters=[Meter("MTR", "总表", "Main meter", "BLD", "electricity", rated_power_kw=1000)],
        bindings=[Binding("meter-1", "MTR", datetime(2020, 1, 1, tzinfo=UTC), multiplier=2)],
    )


def message(device: str, body: object) -> Message:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Message(NOW, f"quotawatt/{device}/readings", payload, 1)


def columns(times: list[float], values: list[float]) -> dict[str, Any]:
    return {"times": times, "values": {"electricity_import_kwh": values}}


def good_messages() -> Iterator[Message]:
    start = NOW - HOURS * timedelta(hours=1)
    for hour in range(HOURS + 1):
        at = (start + hour * timedelta(hours=1)).timestamp()
        yield message("meter-1", columns([at], [1000 + hour * KWH_AN_HOUR / 2]))


def bad_messages() -> Iterator[Message]:
    yield message("meter-1", b"not json")
    yield message("stranger", columns([NOW.timestamp()], [5.0]))
    yield message("meter-1", columns([NOW.timestamp() - 1800], [-3.0]))
    yield message("meter-1", columns([86_400.0], [7.0]))
    yield message("meter-1", columns([NOW.timestamp() + 366 * 86_400], [9.0]))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with run_receiver() as found:
        yield found


@pytest.fixture
def settings(
    tmp_path: Path, mosquitto: Server, influxdb: InfluxDatabase, postgres: str, receiver: Receiver
) -> dict[str, str]:
    return os.environ | {
        "QUOTAWATT_HOME": str(tmp_path / "home"),
        "QUOTAWATT_TIMEZONE": "UTC",
        "QUOTAWATT_SERIES_URL": f"influx+{influxdb.url}",
        "QUOTAWATT_INFLUX_BUCKET": influxdb.name,
        "QUOTAWATT_RECORDS_URL": postgres,
        "QUOTAWATT_MQTT_HOST": mosquitto.host,
        "QUOTAWATT_MQTT_PORT": str(mosquitto.port),
        "QUOTAWATT_MQTT_CLIENT_ID": "served",
        "QUOTAWATT_MQTT_TOPICS": json.dumps(["quotawatt/+/readings"]),
        "QUOTAWATT_API_PORT": str(free_port()),
        "QUOTAWATT_API_TOKEN": TOKEN,
        "QUOTAWATT_WEBHOOK_URL": receiver.url,
        "QUOTAWATT_ANALYSE_EVERY_S": "0.3",
        "QUOTAWATT_ALERT_EVERY_S": "0.3",
    }


@pytest.fixture
def served(settings: dict[str, str], tmp_path: Path) -> Iterator[httpx.Client]:
    folder = tmp_path / "register"
    write_csv_folder(register(), folder)
    program = [sys.executable, "-m", "quotawatt.app.main"]
    subprocess.run([*program, "register", "import", str(folder)], env=settings, check=True)
    log = (tmp_path / "roles.log").open("w")
    running = [
        subprocess.Popen([*program, "serve", "--role", role], env=settings, stderr=log)
        for role in ROLES
    ]

    def ready() -> bool:
        ended = [process.args for process in running if process.poll() is not None]
        assert not ended, f"{ended} ended:\n{Path(log.name).read_text()[-3000:]}"
        return all_well(client)

    base = f"http://127.0.0.1:{settings['QUOTAWATT_API_PORT']}/api/v1"
    try:
        with httpx.Client(
            base_url=base, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False
        ) as client:
            until(ready, f"all roles must be well; see {log.name}")
            yield client
    finally:
        for process in running:
            process.terminate()
        codes = [process.wait(LIMIT_S) for process in running]
        log.close()
    assert codes == [0] * len(ROLES)


def all_well(client: httpx.Client) -> bool:
    """Whether every role of every process is well; of the collector that means: subscribed."""
    try:
        answer = client.get("/health")
    except httpx.TransportError:
        return False
    return answer.status_code == 200 and answer.json()["status"] == "ok"


def test_from_message_to_webhook(
    served: httpx.Client, mosquitto: Server, receiver: Receiver
) -> None:
    publish([*good_messages(), *bad_messages()], mosquitto.host, mosquitto.port)
    until(lambda: counts(served).get("messages_received", 0) >= HOURS + 6, "all must be taken in")
    query = {
        "subject": "BLD",
        "measure": "electricity_import_kwh",
        "grain": "hour",
        "from": (NOW - timedelta(days=4)).isoformat(),
        "until": NOW.isoformat(),
    }

    def total() -> float:
        answer = served.get("/consumption", params=query).raise_for_status().json()
        return answer["series"][0]["total"] or 0.0

    expected = pytest.approx(HOURS * KWH_AN_HOUR, rel=1e-9)
    until(lambda: total() == expected, "the building's use must be that of its counter")

    until(lambda: told(receiver, "quota-exhausted"), "the webhook must tell of the quota")
    assert "公共机构节能条例" in told(receiver, "quota-exhausted")[0]

    found = counts(served)
    assert found["rejected:not_json"] == 1
    assert found["suspect:counter_below_zero"] == 1
    assert found["suspect:clock_before_2010"] == 1
    assert found["suspect:clock_ahead"] == 1
    seen = served.get("/seen-devices").json()["items"]
    assert [device["device"] for device in seen] == ["stranger"]
    letters = served.get("/deadletters").json()["items"]
    assert [(letter["reason"], letter["payload"]) for letter in letters] == [
        ("not_json", "not json")
    ]
    verdict = served.get("/ledger/verify").json()
    assert (verdict["ok"], verdict["findings"]) == (True, [])


def told(receiver: Receiver, rule: str) -> list[str]:
    """Messages of a rule that the webhook got."""
    bodies = [json.loads(request.body) for request in receiver.requests]
    about = [b for b in bodies if any(case["rule"] == rule for case in b["cases"])]
    return [json.dumps(body, ensure_ascii=False) for body in about]


def counts(client: httpx.Client) -> dict[str, int]:
    found: dict[str, int] = client.get("/health").json()["counts"]
    return found
