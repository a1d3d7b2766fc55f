"""Messages as JSON on a topic of an MQTT broker, QoS 1: sent once the broker has acknowledged (PUBACK).

For systems that listen there already: a panel, a building automation, another platform. The payload is the
body as the webhook posts it, with ``key`` and ``sent_at``; never retained.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from pydantic import SecretStr

from alerts.channels.base import Delivery
from alerts.channels.http import tls_context
from quotawatt.clock import require_utc
from quotawatt.errors import ChannelError

TIMEOUT_S = 10.0
_LOOK_S = 0.02


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the messages go. ``tls`` with the certificates of ``ca_file``, None: those of the machine."""

    host: str
    port: int
    user: str = ""
    password: SecretStr | None = None
    tls: bool = False
    ca_file: Path | None = None


class MqttChannel:
    """Publishes each message to one topic, over a connection of its own."""

    def __init__(self, broker: Broker, topic: str, timeout_s: float = TIMEOUT_S) -> None:
        """Raises SettingError where the certificates cannot be read."""
        self._broker, self._topic, self._timeout_s = broker, topic, timeout_s
        self._tls = tls_context(broker.ca_file) if broker.tls else None

    def send(self, delivery: Delivery) -> None:
        """Publish and wait for the broker. Raises a retryable ChannelError."""
        sent_at = require_utc(delivery.sent_at).isoformat()
        line = {"key": delivery.key, "sent_at": sent_at, **delivery.body}
        try:
            with self._connected() as client:
                published = client.publish(
                    self._topic, json.dumps(line, ensure_ascii=False).encode(), qos=1
                )
                published.wait_for_publish(self._timeout_s)
                acknowledged = published.is_published()
        except (OSError, RuntimeError, ValueError) as error:
            raise self._failed(type(error).__name__) from None
        if not acknowledged:
            raise self._failed("no acknowledgement")

    @contextmanager
    def _connected(self) -> Iterator[Client]:
        broker = self._broker
        refused: list[str] = []
        client = Client(CallbackAPIVersion.VERSION2)
        client.connect_timeout = self._timeout_s
        if broker.user:
            client.username_pw_set(broker.user, _shown(broker.password))
        if self._tls is not None:
            client.tls_set_context(self._tls)

        def answered(
            _client: Client, _data: Any, _flags: Any, reason: Any, _properties: Any
        ) -> None:
            if reason.is_failure:
                refused.append(str(reason))

        client.on_connect = answered
        client.connect(broker.host, broker.port)
        client.loop_start()
        try:
            self._wait_for(client, refused)
            yield client
        finally:
            client.disconnect()
            client.loop_stop()

    def _wait_for(self, client: Client, refused: list[str]) -> None:
        ends_s = time.monotonic() + self._timeout_s
        while not client.is_connected():
            if refused or time.monotonic() > ends_s:
                raise self._failed(refused[0] if refused else "no answer")
            time.sleep(_LOOK_S)

    def _failed(self, why: str) -> ChannelError:
        return ChannelError(
            f"the broker must take messages, {self._broker.host} says: {why}",
            retryable=True,
            whole_channel=True,
        )


def _shown(password: SecretStr | None) -> str | None:
    return None if password is None else password.get_secret_value()
