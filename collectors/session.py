"""The MQTT session: persistent, QoS 1, acknowledged by hand.

The broker keeps what it sent until it is acknowledged, across connections, so nothing is lost while this
side is down. A packet identifier belongs to one connection: after a reconnect the broker sends again
what was open, under identifiers of its own choice, and acknowledgements of the old ones are dropped.
"""

import logging
import random
from collections.abc import Callable, Iterable, Sequence
from threading import Lock
from typing import NamedTuple

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from collectors.buffered import BufferedClient, Received
from collectors.decoded import Message
from collectors.subscriptions import Subscriptions, topic_filters
from collectors.tls import connect_problem, tls_context
from quotawatt.clock import Clock
from quotawatt.errors import StoreError
from quotawatt.settings import Settings

log = logging.getLogger(__name__)

# Longer than the longest holidays during which nobody restarts a collector.
SESSION_EXPIRY_S = 30 * 86_400
KEEPALIVE_S = 60
RECONNECT_FIRST_S = 1.0
RECONNECT_LAST_S = 30.0
# More would only lie in memory here instead of at the broker.
RECEIVE_MAXIMUM_LIMIT = 10_000
# A retained message is sent once, not after every reconnect: where it carries no time of its own, an old
# value would look like one of now.
_SUBSCRIBE = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_SEND_IF_NEW_SUB)


class Delivery(NamedTuple):
    """What one read from the network brought.

    connection
        Counts connections: acknowledgements are good for the one that the messages came by.
    messages
        In their order.
    acks
        The packets that acknowledge them.
    size
        0; or there is only one message, and its payload was cut from so many bytes.
    """

    connection: int
    messages: list[Message]
    acks: list[bytes]
    size: int


def receive_maximum(settings: Settings) -> int:
    """How many messages may be unacknowledged: two batches, so that one fills while one is written.

    At most ``RECEIVE_MAXIMUM_LIMIT``: a batch has fewer messages where each brings several readings.
    """
    return min(RECEIVE_MAXIMUM_LIMIT, 2 * settings.batch_readings)


class Session:
    """A subscriber's session with the broker.

    deliver
        Called with what each read brought, in the network thread.
    may_read
        Asked before each read. While it says no, the broker has to wait.
    clock
        Stamps arrival.

    ``connected``, ``subscribed`` (the broker has granted all topics), ``problem`` (in words; empty where
    there is none) and ``connections`` (how many there were) may be read from any thread.
    """

    def __init__(
        self,
        settings: Settings,
        deliver: Callable[[Delivery], None],
        may_read: Callable[[], bool],
        subscriptions: Subscriptions,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._topics = topic_filters(settings)
        self._stale: list[str] = []
        self._v5 = settings.mqtt_version == "5"
        self._deliver = deliver
        self._subscriptions = subscriptions
        self._lock = Lock()
        self.connections = 0
        self.connected = False
        self.subscribed = False
        self.problem = ""
        self._client = self._make_client(may_read, clock)

    def start(self) -> None:
        """Connect in the background, and again after every loss, with back-off."""
        where = self._settings.mqtt_host, self._settings.mqtt_port, KEEPALIVE_S
        if self._v5:
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            properties.SessionExpiryInterval = SESSION_EXPIRY_S
            properties.ReceiveMaximum = receive_maximum(self._settings)
            self._client.connect_async(*where, clean_start=False, properties=properties)
        else:
            self._client.connect_async(*where)
        self._client.loop_start()

    def stop(self) -> None:
        """Send what acknowledgements are waiting, disconnect, end the network thread."""
        # While it closes the library reports each call on the closed socket as an error.
        self._client.disable_logger()
        self._client.disconnect()
        self._client.loop_stop()
        self.connected = self.subscribed = False

    def acknowledge(self, deliveries: Iterable[Delivery]) -> int:
        """Tell the broker that it may forget these messages, in the order given.

        Returns how many it is told of: not those of QoS 0, nor those of a connection that is no more.
        """
        with self._lock:
            own = self.connections if self.connected else 0
            acks = [ack for d in deliveries if d.connection == own for ack in d.acks]
            self._client.acknowledge(acks)
        return len(acks)

    def _make_client(self, may_read: Callable[[], bool], clock: Clock) -> BufferedClient:
        settings = self._settings
        client = BufferedClient(
            settings.mqtt_client_id,
            self._v5,
            self._on_received,
            may_read,
            clock,
            settings.payload_limit_bytes,
            tls_context(settings),
        )
        if settings.mqtt_user:
            client.username_pw_set(settings.mqtt_user, settings.mqtt_password.get_secret_value())
        # What goes wrong in a callback is logged; by default it would end the network thread.
        client.suppress_exceptions = True
        client.enable_logger(log)
        _spread_reconnects(client)
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_unsubscribe = self._on_unsubscribe
        return client

    def _on_received(self, received: Received) -> None:
        self._deliver(Delivery(self.connections, *received))

    def _on_connect(
        self,
        client: Client,
        _data: object,
        flags: ConnectFlags,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if code.is_failure:
            self._note(f"the broker must let us in, it says: {code}")
            return
        with self._lock:
            self.connections += 1
            self.connected = True
        self.problem = ""
        _spread_reconnects(client)
        self._subscribe(client, flags.session_present)
        log.info("connected to %s:%d", self._settings.mqtt_host, self._settings.mqtt_port)

    def _subscribe(self, client: Client, session_present: bool) -> None:
        """Ask for the topics of the settings, and for none that earlier settings have left behind."""
        known = self._remembered()
        self._stale = [topic for topic in known if topic not in self._topics]
        if self._stale:
            client.unsubscribe(self._stale)
        if self._v5:
            client.subscribe([(topic, _SUBSCRIBE) for topic in self._topics])
        elif session_present and all(known.get(topic) for topic in self._topics):
            self.subscribed = True  # MQTT 3.1.1 would send again what is retained
        else:
            client.subscribe([(topic, 1) for topic in self._topics])

    def _remembered(self) -> dict[str, bool]:
        """The filters of the session, those now to be asked for noted; none where the store is off."""
        try:
            known = self._subscriptions.all()
            self._subscriptions.asked([t for t in self._topics if t not in known])
        except StoreError as error:
            log.warning("earlier topics stay subscribed while the store is off: %s", error)
            return {}
        return known

    def _on_connect_fail(self, _client: Client, _data: object) -> None:
        where = f"{self._settings.mqtt_host}:{self._settings.mqtt_port}"
        self._note(connect_problem(where, self._client.last_error))

    def _on_disconnect(
        self,
        _client: Client,
        _data: object,
        _flags: DisconnectFlags,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        with self._lock:
            was_connected, self.connected, self.subscribed = self.connected, False, False
        error, self._client.last_error = self._client.last_error, None
        # Where the broker has not let us in, it has said why, and ending is no news.
        if code.is_failure and (was_connected or error):
            self._note(f"the connection to the broker must last, it ended: {error or code}")

    def _on_subscribe(
        self,
        _client: Client,
        _data: object,
        _mid: int,
        codes: Sequence[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        answers = list(zip(self._topics, codes, strict=False))
        refused = [(topic, code) for topic, code in answers if code.is_failure]
        for topic, code in refused:
            self._note(f"the broker must grant the topic {topic!r}, it says: {code}")
        self.subscribed = not refused
        self._remember(
            self._subscriptions.granted, [t for t, code in answers if not code.is_failure]
        )

    def _on_unsubscribe(
        self,
        _client: Client,
        _data: object,
        _mid: int,
        _codes: Sequence[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        self._remember(self._subscriptions.removed, self._stale)

    def _remember(self, change: Callable[[Sequence[str]], None], topics: Sequence[str]) -> None:
        try:
            change(topics)
        except StoreError as error:
            log.warning("topics are asked for again at the next connection: %s", error)

    def _note(self, problem: str) -> None:
        self.problem = problem
        log.warning("%s", problem)


def _spread_reconnects(client: Client) -> None:
    """Several collectors lose a broker at one moment, and must not all come back at one."""
    first_s = RECONNECT_FIRST_S * random.uniform(0.5, 1.5)
    # Paho doubles the pause each time; nothing in it needs whole seconds.
    client.reconnect_delay_set(first_s, RECONNECT_LAST_S)  # type: ignore[arg-type]
