"""A publishing connection to an MQTT broker: v5, QoS 1, with a bounded number of messages in flight."""

import threading
from typing import Protocol

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from quotawatt.errors import StoreError
from simulators.dialects import Message

WINDOW = 2000
"""Messages in flight at most; fewer where the broker asks for fewer."""

_ANSWER_LIMIT_S = 30.0


class Connection(Protocol):
    """What publishes messages, one after the other."""

    def send(self, message: Message) -> None:
        """Hand one message over; may wait."""

    def flush(self) -> None:
        """Wait until the broker has acknowledged everything."""

    def close(self) -> None:
        """Disconnect."""


class Publisher:
    """A connection to a broker that counts what is in flight.

    Lost connections come back by themselves and what was not acknowledged is sent again. Methods
    raise StoreError where the broker does not answer for half a minute.
    """

    def __init__(self, host: str, port: int, client_id: str = "quotawatt-simulator") -> None:
        self._address = f"{host}:{port}"
        self._window = WINDOW
        self._in_flight = 0
        self._changed = threading.Condition()
        self._connected = threading.Event()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, protocol=mqtt.MQTTv5
        )
        # The window is kept here: paho walks all its waiting messages at each acknowledgement.
        self._client.max_inflight_messages = 0
        self._client.on_connect = self._on_connect
        self._client.on_publish = self._on_publish
        try:
            self._client.connect(host, port)
        except OSError as error:
            raise StoreError(f"the broker must answer, got {error} from {self._address}") from None
        self._client.loop_start()
        if not self._connected.wait(_ANSWER_LIMIT_S):
            self.close()
            raise StoreError(f"the broker must accept the connection, got none at {self._address}")

    def send(self, message: Message) -> None:
        """Hand one message over; waits while the window is full."""
        self._wait_until_below(self._window)
        with self._changed:
            self._in_flight += 1
        self._client.publish(message.topic, message.payload, qos=1)

    def flush(self) -> None:
        """Wait until the broker has acknowledged everything."""
        self._wait_until_below(1)

    def close(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()

    def _wait_until_below(self, limit: int) -> None:
        with self._changed:
            while self._in_flight >= limit:
                before = self._in_flight
                if not self._changed.wait(_ANSWER_LIMIT_S) and self._in_flight == before:
                    raise StoreError(
                        f"the broker must acknowledge what it is sent, got {before} messages"
                        f" unacknowledged for {_ANSWER_LIMIT_S:.0f} s at {self._address}"
                    )

    def _on_connect(
        self,
        client: mqtt.Client,
        userdata: object,
        flags: mqtt.ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        if not reason.is_failure:
            self._window = min(WINDOW, getattr(properties, "ReceiveMaximum", WINDOW))
            self._connected.set()

    def _on_publish(
        self,
        client: mqtt.Client,
        userdata: object,
        mid: int,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        with self._changed:
            self._in_flight -= 1
            self._changed.notify()
