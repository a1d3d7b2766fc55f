"""The served system's files: valid, complete, and naming nothing that does not exist."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
import typer
import yaml
from paho.mqtt.enums import CallbackAPIVersion

from grafana.panels import DATA_SOURCE_UID
from grafana.publish import FOLDER_UID
from quotawatt.settings import Settings
from tests.servers import HOST, free_port

ROOT = Path(__file__).resolve().parents[2]
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
ROLES = ("collect", "analyse", "alert", "api")
REQUIRED = set(re.findall(r"\$\{(\w+):\?", COMPOSE_TEXT))


def test_compose_file_follows_the_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    done = subprocess.run(
        [*command, "vendor.compose-spec", str(ROOT / "docker-compose.yml")],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_services_are_the_parts_of_the_served_system() -> None:
    assert set(SERVICES) == {
        *("broker", "influxdb", "postgres", "grafana", "register"),
        *(*ROLES, "collect-2"),
    }


def test_images_are_pinned_by_a_full_version() -> None:
    for name, service in SERVICES.items():
        assert re.fullmatch(r"[\w./-]+:\d+\.\d+(\.\d+)?(-\w+)?", service["image"]), name
    assert re.match(r"FROM python:3\.13-slim", DOCKERFILE)


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_setting_named_exists_and_is_valid(name: str) -> None:
    given = dict(OURS[name]["environment"])
    fields = {f"QUOTAWATT_{field.upper()}": field for field in Settings.model_fields}
    assert set(given) <= set(fields)
    values = {fields[key]: re.sub(r"\$\{.*?\}", "", str(value)) for key, value in given.items()}
    settings = Settings.model_validate(values)
    assert settings.series_url == "influx+http://influxdb:8086"
    assert settings.records_url.startswith("postgresql+psycopg://")


def test_the_hosts_named_are_services() -> None:
    for service in OURS.values():
        given = " ".join(str(value) for value in service["environment"].values())
        hosts = set(re.findall(r"(?:@|http://)([a-z]+):\d+", given))
        assert hosts == {"influxdb", "postgres"}
    assert OURS["collect"]["environment"]["QUOTAWATT_MQTT_HOST"] in SERVICES


def test_commands_named_are_real() -> None:
    from quotawatt.app.main import app
    from quotawatt.app.roles import Role

    program = typer.main.get_command(app)
    for name, service in OURS.items():
        words = list(service["command"])
        command: Any = program
        while hasattr(command, "commands"):
            word = words.pop(0)
            assert word in command.commands, f"{name}: {word}"
            command = command.commands[word]
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options
    assert set(ROLES) == {str(role) for role in Role}
    for role in ROLES:
        assert OURS[role]["command"] == ["serve", "--role", role]


def test_mounted_paths_exist() -> None:
    mounted = [
        re.sub(r"\$\{\w+:-(.*?)\}", r"\1", volume).split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
    ]
    paths = {source for source in mounted if source.startswith(".")}
    assert paths == {
        *("./deploy/mosquitto", "./deploy/mosquitto/accounts"),
        *("./grafana/provisioning", "./grafana/dashboards"),
        "./simulators/demo_register",
    }
    assert all((ROOT / path).is_dir() for path in paths)
    named = set(mounted) - paths
    assert named == set(yaml.safe_load(COMPOSE_TEXT)["volumes"])


def test_every_service_is_bounded_and_restarted() -> None:
    for name, service in SERVICES.items():
        assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}, name
        assert service["restart"] in ("unless-stopped", "on-failure:5"), name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_what_others_wait_for_has_a_health_check() -> None:
    for service in SERVICES.values():
        for other, how in service.get("depends_on", {}).items():
            waits = how["condition"] == "service_healthy"
            assert waits == ("healthcheck" in SERVICES[other]), other
    assert "healthcheck" in SERVICES["api"]
    assert "/api/v1/health" in SERVICES["api"]["healthcheck"]["test"][-1]


def test_no_secret_stands_in_the_file_and_none_may_be_missing() -> None:
    secret = re.compile(r"(PASSWORD|TOKEN|SECRET)$")
    for service in SERVICES.values():
        for key, value in service["environment"].items():
            if secret.search(key):
                assert re.fullmatch(r"\$\{\w+:(\?.+|-)\}", value), key
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^(\w+)=$", example, re.MULTILINE)) == REQUIRED
    used = set(re.findall(r"\$\{(\w+)", COMPOSE_TEXT))
    assert used == set(re.findall(r"^#?(\w+)=", example, re.MULTILINE))


def test_collectors_share_one_subscription_under_names_of_their_own() -> None:
    first, second = (OURS[name]["environment"] for name in ("collect", "collect-2"))
    group, own = "QUOTAWATT_MQTT_SHARE_GROUP", ("QUOTAWATT_MQTT_CLIENT_ID", "QUOTAWATT_INSTANCE")
    assert first[group] == second[group] != ""
    assert all(first[name] != second[name] for name in own)
    assert {k: v for k, v in first.items() if k not in own} == {
        k: v for k, v in second.items() if k not in own
    }


def test_only_the_broker_listens_beyond_the_machine() -> None:
    for name, service in SERVICES.items():
        for port in service.get("ports", []):
            assert name == "broker" or port.startswith("127.0.0.1:")


def test_image_is_built_from_hashed_packages_and_runs_as_nobody_special() -> None:
    assert "pip install --require-hashes -r requirements.txt" in DOCKERFILE
    assert "pip install --no-deps" in DOCKERFILE
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    assert DOCKERFILE.rstrip().splitlines()[-2] == 'ENTRYPOINT ["quotawatt"]'


def test_image_gets_everything_that_it_copies_and_every_package() -> None:
    copied = {
        word.rstrip("/")
        for line in re.findall(r"^COPY (.*) \S+$", DOCKERFILE, re.MULTILINE)
        for word in line.split()
    }
    allowed = set(
        re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    )
    assert copied == allowed
    assert all((ROOT / path).exists() for path in copied)
    include = re.search(
        r"^include = \[(.*)\]$", (ROOT / "pyproject.toml").read_text(), re.MULTILINE
    )
    assert include
    assert {name.rstrip("*") for name in re.findall(r'"(.*?)"', include[1])} <= copied


def test_provisioned_data_source_is_the_one_of_the_boards() -> None:
    path = ROOT / "grafana/provisioning/datasources/quotawatt.yaml"
    text = path.read_text(encoding="utf-8")
    (source,) = yaml.safe_load(text)["datasources"]
    assert source["uid"] == DATA_SOURCE_UID
    assert source["jsonData"]["version"] == "InfluxQL"
    named = set(re.findall(r"\$\{(\w+)\}", text))
    assert named == {"INFLUX_URL", "INFLUX_BUCKET", "INFLUX_TOKEN"}
    given = SERVICES["grafana"]["environment"]
    assert named <= set(given)
    ours = OURS["api"]["environment"]
    assert given["INFLUX_BUCKET"] == ours["QUOTAWATT_INFLUX_BUCKET"]
    assert "influx+" + given["INFLUX_URL"] == ours["QUOTAWATT_SERIES_URL"]


def test_provisioned_boards_are_where_compose_mounts_them() -> None:
    path = ROOT / "grafana/provisioning/dashboards/quotawatt.yaml"
    (provider,) = yaml.safe_load(path.read_text(encoding="utf-8"))["providers"]
    assert provider["folderUid"] == FOLDER_UID
    folder = provider["options"]["path"]
    assert f"./grafana/dashboards:{folder}:ro" in SERVICES["grafana"]["volumes"]
    home = Path(SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    assert str(home.parent) == folder
    assert (ROOT / "grafana/dashboards" / home.name).exists()


# --- the broker's own files, on a real mosquitto ---------------------------------------------------

PASSWORDS = {"MQTT_COLLECTOR_PASSWORD": "c0llect", "MQTT_DEVICES_PASSWORD": "d3vice"}
NOT_AUTHORISED = "Not authorized"


@pytest.fixture(scope="module")
def broker_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The broker as compose starts it: its own script, settings and rules, only elsewhere."""
    folder, port = tmp_path_factory.mktemp("broker"), free_port()
    source = ROOT / "deploy/mosquitto"
    config = (source / "mosquitto.conf").read_text(encoding="utf-8")
    for old, new in {
        "listener 1883": f"listener {port} {HOST}",
        "/run/mosquitto": str(folder),
        "/mosquitto/data/": f"{folder}/",
    }.items():
        assert old in config
        config = config.replace(old, new)
    if os.geteuid() == 0:
        config += "user root\n"
    (folder / "mosquitto.conf").write_text(config, encoding="utf-8")
    arguments = [str(folder / "mosquitto.conf"), str(folder)]
    path = os.environ["PATH"] + ":/usr/sbin"
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(
            ["sh", str(source / "start.sh"), *arguments],
            env={"PATH": path, **PASSWORDS},
            stderr=log,
        )
    try:
        _wait_for(port, process, folder / "log.txt")
        kept = (folder / "passwords").read_text(encoding="utf-8")
        assert not any(password in kept for password in PASSWORDS.values())
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the broker takes connections; a broker that ended, or a minute in vain, fails the test."""
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(
                    f"apt-get install -y mosquitto, or the broker failed:\n{log.read_text()}"
                )
            time.sleep(0.05)


def _connect(port: int, user: str, password: str) -> tuple[mqtt.Client, str]:
    """A connected client, and what the broker answered."""
    answers: list[str] = []
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.on_connect = lambda _c, _u, _f, reason, _p: answers.append(str(reason))
    if user:
        client.username_pw_set(user, password)
    client.connect(HOST, port)
    _loop_until(lambda: bool(answers), client)
    return client, answers[0]


@pytest.mark.broker
@pytest.mark.parametrize(
    ("user", "password"), [("", ""), ("collector", "wrong"), ("devices", ""), ("other", "c0llect")]
)
def test_broker_refuses_strangers(broker_port: int, user: str, password: str) -> None:
    client, answer = _connect(broker_port, user, password)
    client.disconnect()
    assert answer == NOT_AUTHORISED


@pytest.mark.broker
def test_devices_write_and_the_collector_reads_by_shared_subscription(broker_port: int) -> None:
    collector, answer = _connect(broker_port, "collector", PASSWORDS["MQTT_COLLECTOR_PASSWORD"])
    devices, other = _connect(broker_port, "devices", PASSWORDS["MQTT_DEVICES_PASSWORD"])
    assert (answer, other) == ("Success", "Success")
    heard: list[tuple[str, bytes]] = []
    overheard: list[bytes] = []
    ready: list[str] = []
    collector.on_message = lambda _c, _u, m: heard.append((m.topic, m.payload))
    devices.on_message = lambda _c, _u, m: overheard.append(m.payload)
    collector.on_subscribe = devices.on_subscribe = lambda *_: ready.append("")
    collector.subscribe("$share/quotawatt/#", qos=1)
    devices.subscribe("#", qos=1)
    _loop_until(lambda: len(ready) == 2, collector, devices)
    devices.publish("quotawatt/dev-1/readings", b"{}", qos=1)
    _loop_until(lambda: bool(heard), collector, devices)
    for client in (collector, devices):
        client.loop(0.2)
        client.disconnect()
    assert heard == [("quotawatt/dev-1/readings", b"{}")]
    assert overheard == []


@pytest.mark.broker
def test_the_collector_writes_nothing(broker_port: int) -> None:
    collector, _ = _connect(broker_port, "collector", PASSWORDS["MQTT_COLLECTOR_PASSWORD"])
    answers: list[str] = []
    collector.on_publish = lambda _c, _u, _m, reason, _p: answers.append(str(reason))
    collector.publish("quotawatt/dev-1/readings", b"forged", qos=1)
    _loop_until(lambda: bool(answers), collector)
    collector.disconnect()
    assert answers == [NOT_AUTHORISED]


def _loop_until(done: Callable[[], bool], *clients: mqtt.Client) -> None:
    """Let the clients work until ``done``, at most a minute."""
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline, "the broker did not answer"
        for client in clients:
            client.loop(0.05)
