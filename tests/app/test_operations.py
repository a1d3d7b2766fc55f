"""What docs/operations.md says is so: every metric, setting and command of it, and the TLS how-to."""

import os
import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine
from typer.main import get_command

from collectors.metrics import CollectorMetrics
from quotawatt.app.broker_files import hashed
from quotawatt.app.main import app
from quotawatt.app.monitor import RoleMetrics
from quotawatt.clock import system_clock
from quotawatt.settings import Settings
from tests.servers import HOST, _binary, free_port

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
TABLE = dict(re.findall(r"^\| `(quotawatt_\w+)` \|([^|]*)\|", PAGE, re.MULTILINE))
BROKER = ROOT / "deploy/mosquitto"
GRANTED, REFUSED = "granted", "Not authorized"


class Idle:
    """A collector that nothing has happened to."""

    def healthy(self) -> dict[str, object]:
        names = ("subscribed", "unacknowledged", "oldest_unacknowledged_s", "queued")
        return {**dict.fromkeys(names, 0), "store_problem": ""}

    def stats(self) -> dict[str, float]:
        return dict.fromkeys(("received", "bytes", "acknowledged", "reconnects"), 0)


def test_the_table_of_metrics_is_that_of_the_code(records: Engine) -> None:
    registry = CollectorRegistry()
    metrics = CollectorMetrics(registry)
    metrics.watch(Idle())
    registry.register(RoleMetrics(records, system_clock))
    shown = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in registry.collect()
    }
    assert set(TABLE) == shown


def test_settings_named_exist() -> None:
    named = {name.lower() for name in re.findall(r"`QUOTAWATT_([A-Z_]+)", PAGE)}
    assert len(named) >= 15
    assert named <= set(Settings.model_fields)


def test_commands_named_exist_with_their_options() -> None:
    lines = re.findall(r"^quotawatt (.+)$", PAGE, re.MULTILINE)
    assert len(lines) >= 2
    for line in lines:
        command, rest = get_command(app), line.split()
        while hasattr(command, "commands"):
            command = command.commands[rest.pop(0)]
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= options, line


def block(start: str) -> str:
    """The page's shell commands that begin so."""
    found = re.search(rf"```sh\n({re.escape(start)}.+?)```", PAGE, re.DOTALL)
    assert found, start
    return found[1]


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    """The accounts folder as the page says to make it, one device in it, with its certificate."""
    folder = tmp_path / "accounts"
    folder.mkdir()
    own = block("openssl ").replace("DNS:NAME,IP:ADDR", f"DNS:broker.example,IP:{HOST}")
    device = "openssl req -newkey rsa:2048 -nodes -subj /CN=m-1 -keyout m-1.key -out m-1.csr\n"
    device += (
        "openssl x509 -req -in m-1.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out m-1.crt\n"
    )
    subprocess.run(["sh", "-ec", own + device], cwd=folder, check=True, stderr=subprocess.DEVNULL)
    (folder / "acl").write_text("user m-1\ntopic write quotawatt/m-1/readings\n")
    (folder / "passwords").write_text(f"m-1:{hashed('s3cret')}\n")
    return folder


def start_broker(
    folder: Path,
    accounts: Path,
    port: int,
    more: str = "",
    environment: Mapping[str, str] = MappingProxyType({}),
) -> subprocess.Popen[bytes]:
    """The broker as compose starts it, from a copy of its own folder, with TLS on ``port``."""
    own, run = folder / "config", folder / "run"
    own.mkdir(exist_ok=True)
    run.mkdir(exist_ok=True)
    config = (BROKER / "mosquitto.conf").read_text().replace("/run/mosquitto", str(run))
    config = config.replace("listener 1883", f"listener {free_port()} {HOST}")
    config = config.replace("/mosquitto/data/", f"{run}/")
    tls = (BROKER / "tls.conf").read_text().replace("listener 8883", f"listener {port} {HOST}")
    (own / "tls.conf").write_text(tls.replace("/mosquitto/accounts", str(accounts)) + more)
    (own / "mosquitto.conf").write_text(config + ("user root\n" if os.geteuid() == 0 else ""))
    (own / "start.sh").write_text((BROKER / "start.sh").read_text())
    (own / "acl").write_text((BROKER / "acl").read_text())
    _binary("mosquitto")
    return subprocess.Popen(
        ["sh", str(own / "start.sh"), str(own / "mosquitto.conf"), str(run), str(accounts)],
        env={"PATH": os.environ["PATH"] + ":/usr/sbin"} | dict(environment),
        stderr=subprocess.PIPE,
    )


def answers(port: int, accounts: Path, password: str, *, certificate: bool) -> list[str]:
    """What the broker says to the device over TLS: to its connection, its own topic, another's.

    Of a message that is let through it also says whether anybody listens, which is not asked here.
    """
    heard: list[str] = []
    told = threading.Event()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    keys = (
        [str(accounts / name) for name in ("m-1.crt", "m-1.key")] if certificate else [None, None]
    )
    client.tls_set(str(accounts / "ca.crt"), *keys, cert_reqs=ssl.CERT_REQUIRED)
    if password:
        client.username_pw_set("m-1", password)

    def note(reason: object) -> None:
        heard.append(REFUSED if str(reason) == REFUSED else GRANTED)
        told.set()

    client.on_connect = lambda _c, _u, _f, code, _p: note(code)
    client.on_publish = lambda _c, _u, _m, code, _p: note(code)
    connect(client, port)
    client.loop_start()
    assert told.wait(60)
    for topic in ("quotawatt/m-1/readings", "quotawatt/m-2/readings"):
        if heard[0] == GRANTED:
            told.clear()
            client.publish(topic, b"{}", qos=1)
            assert told.wait(60)
    client.disconnect()
    client.loop_stop()
    return heard


def connect(client: mqtt.Client, port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            client.connect(HOST, port)
            return
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, "apt-get install -y mosquitto"
            time.sleep(0.05)


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.communicate(timeout=10)


ITSELF = [GRANTED, GRANTED, REFUSED]


@pytest.mark.broker
def test_devices_speak_for_themselves_over_tls_by_password(tmp_path: Path, accounts: Path) -> None:
    port = free_port()
    process = start_broker(tmp_path, accounts, port)
    try:
        assert answers(port, accounts, "s3cret", certificate=False) == ITSELF
        assert answers(port, accounts, "wrong", certificate=False) == [REFUSED]
    finally:
        stop(process)


@pytest.mark.broker
def test_a_broker_without_docker_is_as_the_page_says(tmp_path: Path, accounts: Path) -> None:
    """Its two recipes, on folders of the test's own instead of the system's, then the real mosquitto."""
    etc, data = tmp_path / "etc", tmp_path / "data"
    etc.mkdir()
    data.mkdir()
    plain, secure = free_port(), free_port()
    recipes = block("sudo mkdir -p /etc/mosquitto") + block("sed 's|/mosquitto/accounts|")
    recipes = recipes.replace("sudo ", "").replace("/var/lib/mosquitto", str(data))
    recipes = recipes.replace("/etc/mosquitto", str(etc))
    subprocess.run(["sh", "-ec", recipes], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    for path in accounts.iterdir():
        if path.name != "ca.key":
            path.replace(etc / "quotawatt" / path.name)
    config, tls = etc / "mosquitto.conf", etc / "conf.d" / "tls.conf"
    root = "user root\n" if os.geteuid() == 0 else ""
    config.write_text(
        config.read_text().replace("listener 1883", f"listener {plain} {HOST}") + root
    )
    tls.write_text(tls.read_text().replace("listener 8883", f"listener {secure} {HOST}"))
    process = subprocess.Popen([_binary("mosquitto"), "-c", config], stderr=subprocess.PIPE)
    try:
        assert answers(secure, etc / "quotawatt", "s3cret", certificate=False) == ITSELF
        assert answers(secure, etc / "quotawatt", "wrong", certificate=False) == [REFUSED]
        with socket.create_connection((HOST, plain), timeout=10):
            pass
    finally:
        stop(process)
    assert (data / "mosquitto.db").exists()


@pytest.mark.broker
def test_devices_speak_for_themselves_by_certificate(tmp_path: Path, accounts: Path) -> None:
    port = free_port()
    more = "require_certificate true\nuse_identity_as_username true\n"
    assert all(line in PAGE for line in more.splitlines())
    process = start_broker(tmp_path, accounts, port, more)
    try:
        assert answers(port, accounts, "", certificate=True) == ITSELF
    finally:
        stop(process)


@pytest.mark.broker
def test_rules_are_read_again_at_sighup(tmp_path: Path, accounts: Path) -> None:
    port = free_port()
    process = start_broker(tmp_path, accounts, port)
    try:
        assert answers(port, accounts, "s3cret", certificate=False) == ITSELF
        fresh = accounts / "fresh"
        fresh.write_text("user m-1\ntopic write quotawatt/m-2/readings\n")
        fresh.replace(accounts / "acl")
        process.send_signal(1)
        deadline = time.monotonic() + 60
        turned = [GRANTED, REFUSED, GRANTED]
        while answers(port, accounts, "s3cret", certificate=False) != turned:
            assert time.monotonic() < deadline
    finally:
        stop(process)


@pytest.mark.parametrize("password", ["", "be:fore", "two\nlines:x"])
def test_a_password_that_mosquitto_would_cut_is_refused(tmp_path: Path, password: str) -> None:
    given = {"MQTT_COLLECTOR_PASSWORD": "good", "MQTT_DEVICES_PASSWORD": password}
    process = start_broker(tmp_path, tmp_path / "none", free_port(), environment=given)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 1
    assert b"a password must have a character, no colon" in said
    assert not password or password.encode() not in said


def test_one_of_the_two_files_alone_is_refused(tmp_path: Path, accounts: Path) -> None:
    (accounts / "acl").unlink()
    process = start_broker(tmp_path, accounts, free_port())
    _, said = process.communicate(timeout=30)
    assert process.returncode == 1
    assert b"passwords and acl must both be in" in said
