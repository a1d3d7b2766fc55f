"""The MQTT session: persistent, QoS 1, acknowledged by hand.

The broker keeps what it sent until it is acknowledged, across connections, so nothing is lost while this
side is down. A packet identifier belongs to one connection: after a reconnect the broker sends again
what was open, under identifiers of its own choice, and acknowledgements of the old ones are dropped.
"""

import logging
from collections.abc import Callable, Sequence
from threading import Lock
from typing import NamedTuple

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from collectors.buffered import BufferedClient
from collectors.decoded import Message
from collectors.values import shown
from quotawatt.clock import Clock
from quotawatt.errors import SettingError
from quotawatt.settings import Settings

log = logging.getLogger(__name__)

# Longer than the longest holidays during which nobody restarts a collector.
SESSION_EXPIRY_S = 30 * 86_400
KEEPALIVE_S = 60
RECONNECT_FIRST_S = 1
RECONNECT_LAST_S = 30
RECEIVE_MAXIMUM_LIMIT = 65_535
# A retained message is sent once, not after every reconnect: where it carries no time of its own, an old
# value would look like one of now.
_SUBSCRIBE = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_SEND_IF_NEW_SUB)
TOPIC_BYTES_LIMIT = 65_000  # MQTT has 65,535, the name of a shared group included


class Delivery(NamedTuple):
    """A message as it came: ``connection`` counts connections, ``mid`` is the packet identifier there."""

    connection: int
    mid: int
    qos: int
    message: Message


def receive_maximum(settings: Settings) -> int:
    """How many messages may be unacknowledged: two batches, so that one fills while one is written."""
    return min(RECEIVE_MAXIMUM_LIMIT, 2 * settings.batch_readings)


class Session:
    """A subscriber's session with the broker.

    deliver
        Called with every message, in the network thread. It may wait: then the broker has to.
    clock
        Stamps arrival.
    """

    def __init__(
        self, settings: Settings, deliver: Callable[[Delivery], None], clock: Clock
    ) -> None:
        self._settings = settings
        self._topics = _filters(settings)
        self._deliver = deliver
        self._clock = clock
        self._lock = Lock()
        self._connection = 0
        self.connected = False
        self.problem = ""
        self._client = self._make_client()

    def start(self) -> None:
        """Connect in the background, and again after every loss, with back-off."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = SESSION_EXPIRY_S
        properties.ReceiveMaximum = receive_maximum(self._settings)
        self._client.connect_async(
            self._settings.mqtt_host,
            self._settings.mqtt_port,
            keepalive=KEEPALIVE_S,
            clean_start=False,
            properties=properties,
        )
        self._client.loop_start()

    def stop(self) -> None:
        """Send what acknowledgements are waiting, disconnect, end the network thread."""
        # While it closes the library reports each call on the closed socket as an error.
        self._client.disable_logger()
        self._client.disconnect()
        self._client.loop_stop()
        self.connected = False

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """Tell the broker that it may forget these messages, in the order given."""
        with self._lock:
            if self.connected:
                own = self._connection
                self._client.acknowledge(
                    [d.mid for d in deliveries if d.qos and d.connection == own]
                )

    def _make_client(self) -> BufferedClient:
        client = BufferedClient(
            CallbackAPIVersion.VERSION2,
            client_id=self._settings.mqtt_client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            manual_ack=True,
        )
        if self._settings.mqtt_user:
            password = self._settings.mqtt_password.get_secret_value()
            client.username_pw_set(self._settings.mqtt_user, password)
        # What goes wrong in a callback is logged; by default it would end the network thread.
        client.suppress_exceptions = True
        client.enable_logger(log)
        client.reconnect_delay_set(RECONNECT_FIRST_S, RECONNECT_LAST_S)
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        return client

    def _on_connect(
        self,
        client: Client,
        _data: object,
        _flags: ConnectFlags,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if code.is_failure:
            self._note(f"the broker must let us in, it says: {code}")
            return
        with self._lock:
            self._connection += 1
            self.connected = True
        self.problem = ""
        client.subscribe([(topic, _SUBSCRIBE) for topic in self._topics])
        log.info("connected to %s:%d", self._settings.mqtt_host, self._settings.mqtt_port)

    def _on_connect_fail(self, _client: Client, _data: object) -> None:
        where = f"{self._settings.mqtt_host}:{self._settings.mqtt_port}"
        self._note(f"the broker must answer, {where} does not")

    def _on_disconnect(
        self,
        _client: Client,
        _data: object,
        _flags: DisconnectFlags,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        with self._lock:
            self.connected = False
        if code.is_failure:
            self._note(f"the connection to the broker must last, it ended: {code}")

    def _on_subscribe(
        self,
        _client: Client,
        _data: object,
        _mid: int,
        codes: Sequence[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        for topic, code in zip(self._topics, codes, strict=False):
            if code.is_failure:
                self._note(f"the broker must grant the topic {topic!r}, it says: {code}")

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""  # ends as a dead letter: no profile fits
        try:
            arrived = Message(topic, bytes(message.payload), self._clock())
            self._deliver(Delivery(self._connection, message.mid, message.qos, arrived))
        except Exception:
            # An exception here would end the network thread. Unacknowledged, the message comes again.
            log.exception("a message could not be taken in: topic %r", topic)

    def _note(self, problem: str) -> None:
        self.problem = problem
        log.warning("%s", problem)


def _filters(settings: Settings) -> list[str]:
    """The topic filters to subscribe to. Raises SettingError where one is not allowed by MQTT."""
    for topic in settings.mqtt_topics:
        levels = topic.split("/")
        wildcards = [level for level in levels if set(level) & set("+#")]
        wrong = "#" in levels[:-1] or not set(wildcards) <= {"+", "#"}
        if wrong or not 0 < len(topic.encode()) <= TOPIC_BYTES_LIMIT:
            rule = (
                f"a topic needs 1 to {TOPIC_BYTES_LIMIT} bytes, + for one level, # at the end only"
            )
            raise SettingError(f"setting QUOTAWATT_MQTT_TOPICS: {rule}, got {shown(topic)}")
    group = settings.mqtt_share_group
    return [f"$share/{group}/{t}" if group else t for t in settings.mqtt_topics]
