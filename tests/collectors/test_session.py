"""The session on a real broker: MQTT 5 and 3.1.1, what is subscribed, and what is said of a problem."""

from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import Engine

from collectors.session import Delivery, Session, receive_maximum
from collectors.subscriptions import Subscriptions
from collectors.tls import tls_context
from quotawatt.clock import system_clock
from quotawatt.settings import Settings
from tests.servers import Server, free_port, run_mosquitto
from tests.waiting import until

pytestmark = pytest.mark.broker

LIMIT_S = 60.0
_numbers = count(1)


class Forgetful:
    """Subscriptions that nobody remembers."""

    def all(self) -> dict[str, bool]:
        return {}

    def asked(self, topics: Any) -> None:
        pass

    granted = removed = asked


class Listener:
    """A session, and what it delivered. It acknowledges at once unless told not to."""

    def __init__(self, settings: Settings, subscriptions: Any = None, quiet: bool = False) -> None:
        self.deliveries: list[Delivery] = []
        self._quiet = quiet
        self.session = Session(
            settings, self._deliver, lambda: True, subscriptions or Forgetful(), system_clock
        )

    def _deliver(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)
        if not self._quiet:
            self.session.acknowledge([delivery])

    def messages(self) -> list[tuple[str, bytes]]:
        return [(m.topic, m.payload) for d in self.deliveries for m in d.messages]

    def __enter__(self) -> "Listener":
        self.session.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.session.stop()


def publish(
    settings: Settings, messages: Iterable[tuple[str, bytes]], retain: bool = False
) -> None:
    """Publish, encrypted as ``settings`` say, and wait until the broker has taken responsibility."""
    client = Client(CallbackAPIVersion.VERSION2)
    if context := tls_context(settings):
        client.tls_set_context(context)
    client.connect(settings.mqtt_host, settings.mqtt_port)
    client.loop_start()
    for info in [client.publish(topic, payload, 1, retain) for topic, payload in messages]:
        info.wait_for_publish(LIMIT_S)
    client.disconnect()
    client.loop_stop()


def settings_for(broker: Server, version: str = "5", **others: Any) -> Settings:
    number = next(_numbers)
    given: dict[str, Any] = {
        "mqtt_host": broker.host,
        "mqtt_port": broker.port,
        "mqtt_client_id": f"session-{number}",
        "mqtt_topics": (f"s{number}/a/#", f"s{number}/b"),
        "mqtt_version": version,
    }
    return Settings(**(given | others))


def root(settings: Settings) -> str:
    return settings.mqtt_topics[0].split("/")[0]


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_what_was_not_acknowledged_comes_again_and_the_rest_does_not(
    mosquitto: Server, version: str
) -> None:
    settings = settings_for(mosquitto, version)
    name = f"{root(settings)}/b"
    with Listener(settings) as listener:
        until(lambda: listener.session.subscribed)
        publish(settings, [(name, b"1")])
        until(lambda: len(listener.messages()) == 1)
    with Listener(settings, quiet=True) as listener:
        until(lambda: listener.session.subscribed)
        publish(settings, [(name, b"2"), (name, b"3")])
        until(lambda: len(listener.messages()) == 2)
    publish(settings, [(name, b"4")])  # nobody is there
    with Listener(settings) as listener:
        until(lambda: len(listener.messages()) == 3)
        assert listener.messages() == [(name, b"2"), (name, b"3"), (name, b"4")]
    assert not listener.session.connected


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_a_retained_message_comes_once_and_not_with_every_connection(
    mosquitto: Server, version: str, records: Engine
) -> None:
    settings = settings_for(mosquitto, version)
    known = Subscriptions(records, settings.mqtt_client_id)
    name = f"{root(settings)}/b"
    publish(settings, [(name, b"kept")], retain=True)
    with Listener(settings, known) as listener:
        until(lambda: len(listener.messages()) == 1 and listener.session.subscribed)
        until(lambda: all(known.all().values()))
    with Listener(settings, known) as listener:
        until(lambda: listener.session.subscribed)
        publish(settings, [(name, b"live")])
        until(lambda: (name, b"live") in listener.messages())
        assert listener.messages() == [(name, b"live")]


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_topics_of_earlier_settings_come_no_more(
    mosquitto: Server, version: str, records: Engine
) -> None:
    before = settings_for(mosquitto, version)
    known = Subscriptions(records, before.mqtt_client_id)
    name = root(before)
    with Listener(before, known) as listener:
        until(lambda: known.all() == {f"{name}/a/#": True, f"{name}/b": True})
    after = before.model_copy(update={"mqtt_topics": (f"{name}/b", f"{name}/c")})
    with Listener(after, known) as listener:
        until(lambda: listener.session.subscribed)
        until(lambda: known.all() == {f"{name}/b": True, f"{name}/c": True})
        publish(after, [(f"{name}/a/1", b"1"), (f"{name}/b", b"2"), (f"{name}/c", b"3")])
        until(lambda: len(listener.messages()) == 2)
        assert listener.messages() == [(f"{name}/b", b"2"), (f"{name}/c", b"3")]


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_a_broker_that_lost_the_session_is_asked_again(
    tmp_path: Path, version: str, records: Engine
) -> None:
    port = free_port()
    with run_mosquitto(tmp_path / "one", port) as broker:
        settings = settings_for(broker, version)
        known = Subscriptions(records, settings.mqtt_client_id)
        listener = Listener(settings, known)
        with listener:
            until(lambda: listener.session.subscribed and all(known.all().values()))
            broker.process.kill()
            until(lambda: not listener.session.subscribed)
            with run_mosquitto(tmp_path / "two", port):  # another folder: it knows of nothing
                until(lambda: listener.session.subscribed)
                publish(settings, [(f"{root(settings)}/b", b"1")])
                until(lambda: len(listener.messages()) == 1)
                assert listener.session.connections == 2
                assert listener.session.problem == ""


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_a_topic_that_is_refused_is_named(tmp_path: Path, version: str) -> None:
    rights = tmp_path / "acl"
    rights.write_text("topic read open/#\n", encoding="ascii")
    # mosquitto 2 refuses a subscription by its rights only where a plugin decides; a filter that is too
    # deep it refuses itself.
    deep = "/".join("x" * 250)
    with run_mosquitto(tmp_path / "broker", extra_config=f"acl_file {rights}\n") as broker:
        settings = settings_for(broker, version, mqtt_topics=("open/#", deep))
        with Listener(settings) as listener:
            until(lambda: listener.session.problem != "")
            assert not listener.session.subscribed


def test_a_wrong_password_is_said_and_tried_again(tmp_path: Path) -> None:
    passwords = tmp_path / "passwords"
    passwords.write_text("", encoding="ascii")
    lines = f"allow_anonymous false\npassword_file {passwords}\n"
    with run_mosquitto(tmp_path / "broker", extra_config=lines) as broker:
        settings = settings_for(broker, mqtt_user="somebody", mqtt_password="wrong")
        with Listener(settings) as listener:
            until(lambda: "must let us in" in listener.session.problem)
            assert "uthor" in listener.session.problem
            assert not listener.session.connected


def test_another_client_under_the_same_name_is_said(mosquitto: Server) -> None:
    settings = settings_for(mosquitto)
    with Listener(settings) as first:
        until(lambda: first.session.subscribed)
        with Listener(settings):
            until(lambda: "another client has our id" in first.session.problem)


def test_acknowledgements_of_another_connection_are_not_sent(mosquitto: Server) -> None:
    settings = settings_for(mosquitto)
    with Listener(settings, quiet=True) as listener:
        until(lambda: listener.session.subscribed)
        publish(settings, [(f"{root(settings)}/b", b"1")])
        until(lambda: len(listener.deliveries) == 1)
        (delivery,) = listener.deliveries
        assert listener.session.acknowledge([delivery._replace(connection=0)]) == 0
        assert listener.session.acknowledge([delivery]) == 1


def test_receive_maximum_is_two_batches_and_bounded() -> None:
    assert receive_maximum(Settings(batch_readings=300)) == 600
    assert receive_maximum(Settings(batch_readings=100_000)) == 10_000
