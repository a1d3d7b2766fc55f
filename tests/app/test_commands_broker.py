"""The broker's files, on a real mosquitto: a device speaks for itself only."""

import csv
import os
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from typer.testing import CliRunner, Result

from quotawatt.app.broker_files import hashed, write_private
from quotawatt.app.main import app
from quotawatt.errors import InputError, StoreError
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site
from quotawatt.register.repository import save_register
from quotawatt.storage.records import open_records, upsert
from quotawatt.storage.tables import device_families
from tests.servers import HOST, _binary, free_port
from tests.waiting import until

SINCE = datetime(2024, 1, 1, tzinfo=UTC)
HOSTILE = "m-9/#"
DEVICES = ("m-1", "m-2", "plug-3", HOSTILE)
NOT_AUTHORISED = "Not authorized"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["broker", *arguments])


@pytest.fixture
def home(tmp_path: Path, both_stores: str) -> Path:
    """A register of three good devices, one of them a plug, one with a hostile name, and one long gone."""
    meters = [Meter(f"M{n}", "表", "Meter", "B", "electricity") for n in range(5)]
    bindings = [Binding(d, m.code, SINCE) for d, m in zip(DEVICES, meters[1:], strict=True)]
    gone = Binding("m-0", "M0", SINCE, valid_until=datetime(2024, 2, 1, tzinfo=UTC))
    by_hand = Binding("asset:M0", "M0", datetime(2024, 2, 1, tzinfo=UTC))
    register = Register(
        organisations=[Organisation("O", "机关", "Office", "party_government", "city")],
        sites=[Site("S", "院", "Site", "UTC", "shandong", "B")],
        buildings=[Building("B", "楼", "Building", "S", "O")],
        meters=meters,
        bindings=[*bindings, gone, by_hand],
    )
    records = open_records(both_stores, tmp_path / "home")
    save_register(records, register, actor="test", at=SINCE)
    with records.begin() as conn:
        heard = [{"device": "plug-3", "profile": name} for name in ("shelly_gen1", "shelly_gen2")]
        upsert(conn, device_families, heard, keys=["device", "profile"])
    records.dispose()
    return tmp_path / "home"


def test_rules_name_what_each_device_may_and_refuse_a_hostile_name(home: Path) -> None:
    result = run("acl", "--home", str(home))
    assert result.exit_code == 0
    rules = result.stdout.splitlines()
    assert rules[1:4] == ["user collector", "topic read #", "topic read $SYS/#"]
    assert [line for line in rules if line.startswith("user ")][1:] == [
        *("user m-1", "user m-2", "user plug-3")
    ]
    assert "topic write quotawatt/m-1/readings" in rules
    own = rules[rules.index("user plug-3") :]
    assert {f"topic write {t}" for t in ("plug-3/status/+", "quotawatt/plug-3/readings")} <= set(
        own
    )
    assert "topic write shellies/plug-3/relay/+/+" in own
    assert "topic deny shellies/plug-3/relay/+/command" in own
    assert not any("debug" in line for line in own)
    assert not any("m-9" in line or "m-0" in line or "asset" in line for line in rules)
    assert f"got '{HOSTILE}'" in result.stderr


def test_emqx_gets_the_same_rules_as_terms(home: Path) -> None:
    rules = run("acl", "--format", "emqx", "--home", str(home)).stdout.splitlines()
    assert rules[1] == '{allow, {user, "collector"}, subscribe, ["#", "$SYS/#"]}.'
    assert '{allow, {user, "m-1"}, publish, ["quotawatt/m-1/readings"]}.' in rules
    denied = rules.index(next(line for line in rules if line.startswith("{deny, {user")))
    assert '{deny, {user, "plug-3"}, publish, ["shellies/plug-3/color/+/command", ' in rules[denied]
    assert rules[denied + 1].startswith('{allow, {user, "plug-3"}, publish, [')
    assert rules[-1] == "{deny, all}."


def test_an_unknown_format_is_named(home: Path) -> None:
    error = run("acl", "--format", "vernemq", "--home", str(home)).exception
    assert isinstance(error, InputError)
    assert str(error) == "a format must be one of mosquitto, emqx, got 'vernemq'"


def test_the_collectors_account_is_no_devices(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTAWATT_MQTT_USER", "m-1")
    error = run("acl", "--home", str(home)).exception
    assert isinstance(error, InputError)
    assert "no device's, got 'm-1'" in str(error)


def test_passwords_are_made_once_kept_and_given_away_with_their_device(
    home: Path, tmp_path: Path
) -> None:
    output, made = tmp_path / "passwords", tmp_path / "made.csv"
    arguments = ["passwords", "--home", str(home), "--output", str(output)]
    missing = run(*arguments).exception
    assert isinstance(missing, InputError)
    assert "need a new file (--made)" in str(missing)
    assert not output.exists()
    assert run(*arguments, "--made", str(made)).exit_code == 0
    first, clear = output.read_text(), dict(list(csv.reader(made.read_text().splitlines()))[1:])
    assert set(clear) == {"collector", "m-1", "m-2", "plug-3"}
    assert not any(password in first for password in clear.values())
    assert [stat.S_IMODE(path.stat().st_mode) for path in (output, made)] == [0o600, 0o600]
    given = tmp_path / "given.csv"
    given.write_text("account,password\nm-1,a new one\n")
    again = run(*arguments, "--given", str(given))
    assert again.exit_code == 0
    changed = set(output.read_text().splitlines()) ^ set(first.splitlines())
    assert {line.split(":")[0] for line in changed} == {"m-1"}
    assert "a new one" not in output.read_text() + again.output


@pytest.fixture
def existing(tmp_path: Path) -> Path:
    """A password file of an installation: the shared account, an administrator's, a device's long gone."""
    path = tmp_path / "passwords"
    path.write_text("devices:$7$1$a$b\nadmin:$7$1$c$d\nm-0:$7$1$e$f\n")
    return path


def test_accounts_that_are_not_of_the_register_are_kept_and_told(
    home: Path, tmp_path: Path, existing: Path
) -> None:
    made = tmp_path / "made.csv"
    options = ["--home", str(home), "--output", str(existing), "--lang", "en"]
    result = run("passwords", *options, "--made", str(made))
    assert result.exit_code == 0
    assert existing.read_text().splitlines()[-3:] == [
        *("devices:$7$1$a$b", "admin:$7$1$c$d", "m-0:$7$1$e$f")
    ]
    assert "Kept, though not of the register: admin, devices (" in result.stderr
    assert "Kept, though no longer bound: m-0 (" in result.stderr
    assert run("passwords", *options, "--remove", "m-0").exit_code == 0
    found = [line.split(":")[0] for line in existing.read_text().splitlines()]
    assert found == ["collector", "m-1", "m-2", "plug-3", "devices", "admin"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("m-1", "an account to remove must not be in use, got m-1"),
        ("nobody", "an account to remove must be in the file, got nobody"),
    ],
)
def test_only_what_is_there_and_not_in_use_is_removed(
    home: Path, existing: Path, name: str, words: str
) -> None:
    before = existing.read_text()
    options = ["--home", str(home), "--output", str(existing), "--remove", name]
    assert str(run("passwords", *options).exception) == words
    assert existing.read_text() == before


def test_a_password_for_an_account_of_nobody_is_refused(
    home: Path, tmp_path: Path, existing: Path
) -> None:
    given = tmp_path / "given.csv"
    given.write_text("account,password\nm-1,one\ntypo,s3cret\nadmin,two\n")
    options = ["--home", str(home), "--output", str(existing), "--given", str(given)]
    error = run("passwords", *options).exception
    assert isinstance(error, InputError)
    assert str(error).endswith("or of the collectors, got admin, typo")
    assert "typo" not in existing.read_text()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_to_do_next_is_told_after_each_file(home: Path, tmp_path: Path, language: str) -> None:
    options = ["--home", str(home), "--lang", language, "--output"]
    rules = run("acl", *options, str(tmp_path / "acl"))
    secrets = run("passwords", *options, str(tmp_path / "p"), "--made", str(tmp_path / "made"))
    for result, mode in ((rules, "0644"), (secrets, "0600")):
        assert "kill -HUP" in result.stderr
        assert f"{os.geteuid()}:" in result.stderr
        assert mode in result.stderr


def test_a_file_keeps_its_mode_and_owner(tmp_path: Path) -> None:
    path = tmp_path / "passwords"
    path.write_text("old")
    path.chmod(0o640)
    owner = (1883, 1884) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    os.chown(path, *owner)
    write_private(path, "new")
    found = path.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (*owner, 0o640)
    assert path.read_text() == "new"


def test_a_file_whose_owner_cannot_be_kept_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    path = tmp_path / "passwords"
    path.write_text("old")
    monkeypatch.setattr(os, "fchown", refuse)
    with pytest.raises(StoreError, match=r"keep its owner, got .*passwords"):
        write_private(path, "new")
    assert [p.name for p in tmp_path.iterdir()] == ["passwords"]
    assert path.read_text() == "old"


@pytest.mark.parametrize("name", ["m-1", "collector", "a b"])
def test_the_onboarding_account_is_nobody_elses(home: Path, name: str) -> None:
    assert isinstance(run("acl", "--home", str(home), "--onboarding", name).exception, InputError)


def test_onboarding_is_a_rule_of_its_own_and_its_risk_is_told(home: Path) -> None:
    result = run("acl", "--home", str(home), "--onboarding", "new-devices", "--lang", "en")
    rules = result.stdout.splitlines()
    at = rules.index("user new-devices")
    assert rules[at : at + 2] == ["user new-devices", "topic write #"]
    assert "new-devices may publish as any device" in result.stderr
    terms = run("acl", "--format", "emqx", "--home", str(home), "--onboarding", "new-devices")
    assert '{allow, {user, "new-devices"}, publish, ["#"]}.' in terms.stdout.splitlines()


def test_a_wrong_password_file_is_told_without_its_values(home: Path, tmp_path: Path) -> None:
    given = tmp_path / "given.csv"
    given.write_text("account,password\nm-1,s3cret,more\n")
    arguments = ["--home", str(home), "--output", str(tmp_path / "p"), "--given", str(given)]
    error = run("passwords", *arguments).exception
    assert str(error) == f"{given}:2 a row must hold account and password"


def test_the_hash_is_that_of_mosquittos_own_tool(tmp_path: Path) -> None:
    """A password file by mosquitto_passwd, whose salt taken here gives the same kind of entry."""
    own = tmp_path / "own"
    subprocess.run([_binary("mosquitto_passwd"), "-c", "-b", str(own), "m-1", "pass"], check=True)
    form = own.read_text().strip().split(":")[1].split("$")
    ours = hashed("pass").split("$")
    assert (form[1], len(form[3]), len(form[4])) == (ours[1], len(ours[3]), len(ours[4]))


@contextmanager
def broker(folder: Path, acl: Path, passwords: Path) -> Iterator[int]:
    """A mosquitto that goes by these files."""
    port = free_port()
    config = folder / "mosquitto.conf"
    config.write_text(
        f"listener {port} {HOST}\nallow_anonymous false\n"
        f"password_file {passwords}\nacl_file {acl}\n"
        + ("user root\n" if os.geteuid() == 0 else "")
    )
    process = subprocess.Popen([_binary("mosquitto"), "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(10)


class Account:
    """A client of the broker under one account, and what it heard and was told."""

    def __init__(self, port: int, user: str, password: str) -> None:
        self.heard: list[str] = []
        self.answers: list[str] = []
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self.client.username_pw_set(user, password)
        self.client.on_connect = lambda _c, _u, _f, code, _p: self.answers.append(str(code))
        self.client.on_publish = lambda _c, _u, _m, code, _p: self.answers.append(str(code))
        self.client.on_subscribe = lambda *_: self.answers.append("subscribed")
        self.client.on_message = lambda _c, _u, message: self.heard.append(message.topic)
        self._connect(port)
        self.client.loop_start()

    def _connect(self, port: int) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                self.client.connect(HOST, port)
                return
            except OSError:
                assert time.monotonic() < deadline, "apt-get install -y mosquitto"
                time.sleep(0.05)

    def told(self, count: int) -> str:
        """The latest answer, once there are so many."""
        until(lambda: len(self.answers) >= count)
        return self.answers[-1]

    def publish(self, topic: str) -> str:
        """What the broker says to a message under this topic."""
        count = len(self.answers)
        self.client.publish(topic, b"{}", qos=1)
        return self.told(count + 1)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.mark.broker
def test_a_device_speaks_for_itself_only(home: Path, tmp_path: Path) -> None:
    acl, passwords, made = tmp_path / "acl", tmp_path / "passwords", tmp_path / "made.csv"
    both = ["--home", str(home), "--onboarding", "new-devices"]
    assert run("acl", *both, "--output", str(acl)).exit_code == 0
    options = [*both, "--output", str(passwords), "--made", str(made)]
    assert run("passwords", *options).exit_code == 0
    clear = dict(list(csv.reader(made.read_text().splitlines()))[1:])
    with broker(tmp_path, acl, passwords) as port:
        accounts = {user: Account(port, user, password) for user, password in clear.items()}
        stranger = Account(port, "m-1", clear["m-2"])
        try:
            assert {account.told(1) for account in accounts.values()} == {"Success"}
            assert stranger.told(1) == NOT_AUTHORISED
            collector, device, plug = accounts["collector"], accounts["m-1"], accounts["plug-3"]
            collector.client.subscribe("$share/quotawatt/#", qos=1)
            device.client.subscribe("#", qos=1)
            assert collector.told(2) == device.told(2) == "subscribed"
            assert device.publish("quotawatt/m-2/readings") == NOT_AUTHORISED
            assert device.publish("plug-3/status/switch:0") == NOT_AUTHORISED
            assert device.publish("quotawatt/m-9/readings") == NOT_AUTHORISED
            assert collector.publish("quotawatt/m-1/readings") == NOT_AUTHORISED
            assert plug.publish("plug-3/status/switch:0") == "Success"
            assert device.publish("quotawatt/m-1/readings") == "Success"
            assert plug.publish("shellies/plug-3/relay/0/command") == NOT_AUTHORISED
            assert plug.publish("plug-3/rpc") == NOT_AUTHORISED
            assert accounts["new-devices"].publish("tele/not-heard-yet/SENSOR") == "Success"
            until(lambda: len(collector.heard) == 3)
            assert set(collector.heard) == {
                "plug-3/status/switch:0",
                "quotawatt/m-1/readings",
                "tele/not-heard-yet/SENSOR",
            }
            assert device.heard == []
        finally:
            for account in (*accounts.values(), stranger):
                account.close()
