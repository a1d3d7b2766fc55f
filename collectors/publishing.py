"""Publishing one message over a connection that is opened for it and closed after it."""

import threading

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from collectors.tls import tls_context
from quotawatt.devicecommands import Telegram
from quotawatt.errors import StoreError
from quotawatt.settings import Settings

ANSWER_LIMIT_S = 5.0
"""How long the broker may take to let us in, and to acknowledge."""


class _Once:
    """What the broker said to one message."""

    def __init__(self, filled: Telegram, expires_s: float, v5: bool) -> None:
        self._filled = filled
        self._expires_s = expires_s
        self._v5 = v5
        self.done = threading.Event()
        self.handed_over = False
        self.problem = "no answer"

    def on_connect(
        self,
        client: Client,
        _data: object,
        _flags: ConnectFlags,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        """Publish as soon as we are in; a second connection publishes nothing."""
        if code.is_failure:
            self._end(str(code))
            return
        properties = None
        if self._v5:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            properties.MessageExpiryInterval = max(1, int(self._expires_s))
        self.handed_over = True
        client.publish(self._filled.topic, self._filled.payload, qos=1, properties=properties)

    def on_disconnect(
        self,
        _client: Client,
        _data: object,
        _flags: DisconnectFlags,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        """Without a connection there is no acknowledgement to come."""
        self._end(f"the end of the connection ({code})", refused=False)

    def on_publish(
        self,
        _client: Client,
        _data: object,
        _mid: int,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        """The broker has it, or says why it does not take it."""
        self._end(str(code) if code.is_failure else "")

    def _end(self, problem: str, refused: bool = True) -> None:
        if not self.done.is_set():
            self.problem = problem
            # What the broker has refused it has not handed on.
            self.handed_over = self.handed_over and not (problem and refused)
            self.done.set()


def publish_once(settings: Settings, filled: Telegram, expires_s: float) -> bool:
    """Publish with QoS 1, not retained. Whether the broker has acknowledged it in time.

    ``expires_s``: by MQTT 5 the broker drops it after so many seconds where a device has not taken it.

    Raises StoreError where it was not sent: the broker does not answer, does not let us in, or refuses it.
    It is never sent again by itself: its connection is gone.
    """
    v5 = settings.mqtt_version == "5"
    once = _Once(filled, expires_s, v5)
    client = _client(settings, once, v5)
    where = f"{settings.mqtt_host}:{settings.mqtt_port}"
    try:
        client.connect(settings.mqtt_host, settings.mqtt_port, keepalive=60)
    except (OSError, ValueError) as error:
        raise StoreError(f"the broker must answer, got {error} from {where}") from None
    client.loop_start()
    try:
        once.done.wait(ANSWER_LIMIT_S)
    finally:
        client.disconnect()
        client.loop_stop()
    if once.problem and not once.handed_over:
        raise StoreError(f"the broker must take a command, got {once.problem} from {where}")
    return not once.problem


def _client(settings: Settings, once: _Once, v5: bool) -> Client:
    client = Client(
        CallbackAPIVersion.VERSION2,
        f"{settings.mqtt_client_id[:240]}-commands",
        clean_session=None if v5 else True,
        protocol=MQTTProtocolVersion.MQTTv5 if v5 else MQTTProtocolVersion.MQTTv311,
        reconnect_on_failure=False,
    )
    client.connect_timeout = ANSWER_LIMIT_S
    if settings.mqtt_user:
        client.username_pw_set(settings.mqtt_user, settings.mqtt_password.get_secret_value())
    if (context := tls_context(settings)) is not None:
        client.tls_set_context(context)
    client.on_connect = once.on_connect
    client.on_disconnect = once.on_disconnect
    client.on_publish = once.on_publish
    return client
