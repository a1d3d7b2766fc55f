"""The kinds of channels that the channels file may name: their keys, and what is made of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from pydantic import SecretStr

from alerts.channels import dingtalk, feishu, wecom
from alerts.channels.base import Address, Channel, ChannelKind
from alerts.channels.email import EmailChannel, MailServer, Security, mail_address
from alerts.channels.given import Given, Keys
from alerts.channels.mqtt import Broker, MqttChannel
from alerts.channels.sms import Gateway, Sent, Signing, SmsChannel, unknown_placeholders
from alerts.channels.webhook import WebhookChannel


class To(StrEnum):
    """Whether a chat platform's channel speaks to a group by a robot, or to persons by an application."""

    GROUP = "group"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Plan:
    """A channel as the file gives it. ``make`` is called where the file has no problems."""

    address: Address
    make: Callable[[], Channel]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of channel is given by, and how that is read."""

    keys: Keys
    read: Callable[[Given], Plan]


_PLACE = ("url", "ca_file")
_PORTS: Mapping[Security, int] = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


def _email(given: Given) -> Plan:
    security = given.word("security", Security.STARTTLS)
    user, password = given.text("user"), given.secret("password")
    if bool(user) != (password is not None):
        given.note("user", "user and password must be given together", "one of them")
    if user and security is Security.NONE:
        given.note("security", "a password must travel by tls or starttls", "none")
    server = MailServer(
        host=given.text("host"),
        port=given.whole("port", _PORTS[security], 1, 65535),
        sender=_mail_address(given, "sender"),
        security=security,
        user=user,
        password=password,
        ca_file=given.file("ca_file"),
    )
    to = _mail_address(given, "to") if given.has("to") else ""
    return Plan(Address.NONE if to else Address.EMAIL, lambda: EmailChannel(server, to))


def _mail_address(given: Given, key: str) -> str:
    value = given.text(key)
    if mail_address(value) is None and given.has(key):
        given.note(key, f"{key} must be an address NAME@DOMAIN", repr(value))
    return value


def _webhook(given: Given) -> Plan:
    place = given.place()
    secret, previous = given.secret("secret"), given.secret("previous_secret")
    if previous is not None and secret is None:
        given.note("kind", "a previous secret must stand beside a present one", "none")
    return Plan(Address.NONE, lambda: WebhookChannel(place, secret, previous))


def _dingtalk(given: Given) -> Plan:
    place = given.place(dingtalk.ADDRESS)
    if _to(given, robot=("token", "secret"), person=("app_key", "app_secret", "agent")):
        app = dingtalk.NoticeApp(given.text("app_key"), _needed(given, "app_secret"), _agent(given))
        return Plan(Address.CHAT, lambda: dingtalk.DingTalkNotices(place, app))
    token, secret = _needed(given, "token"), given.secret("secret")
    return Plan(Address.NONE, lambda: dingtalk.DingTalkRobot(place, token, secret))


def _wecom(given: Given) -> Plan:
    place = given.place(wecom.ADDRESS)
    if _to(given, robot=("token",), person=("corporation", "app_secret", "agent")):
        app = wecom.MessageApp(
            given.text("corporation"), _needed(given, "app_secret"), _agent(given)
        )
        return Plan(Address.CHAT, lambda: wecom.WeComMessages(place, app))
    token = _needed(given, "token")
    return Plan(Address.NONE, lambda: wecom.WeComRobot(place, token))


def _feishu(given: Given) -> Plan:
    place = given.place(feishu.ADDRESS)
    token, secret = _needed(given, "token"), given.secret("secret")
    return Plan(Address.NONE, lambda: feishu.FeishuRobot(place, token, secret))


def _to(given: Given, robot: tuple[str, ...], person: tuple[str, ...]) -> bool:
    """Whether it is for persons; what the file gives for the other kind is noted."""
    to = given.word("to", To.GROUP)
    foreign = robot if to is To.PERSON else person
    for key in (name for word in foreign for name in (word, f"{word}_file", f"{word}_env")):
        if given.has(key):
            given.note(key, f"{key} must not be given with to: {to.value}", key)
    if to is To.PERSON:
        for key in person:
            if not key.endswith("_secret") and not given.has(key):
                given.note("to", f"to: person must have {key}", "none")
    return to is To.PERSON


def _agent(given: Given) -> int:
    return given.whole("agent", 0, 1, 2**53)


def _needed(given: Given, key: str) -> SecretStr:
    return given.secret(key, needed=True) or SecretStr("")


def _apprise(given: Given) -> Plan:
    url = _needed(given, "url")

    def make() -> Channel:
        # A large library, which only those load who use it.
        from alerts.channels.apprise import AppriseChannel

        return AppriseChannel(url)

    return Plan(Address.NONE, make)


def _sms(given: Given) -> Plan:
    success = given.texts("success")
    if given.has("success") and set(success) != {"field", "value"}:
        given.note("success", "success must have field and value", ", ".join(success) or "nothing")
    gateway = Gateway(
        place=given.place(),
        fields=given.texts("fields"),
        sent=given.word("send_as", Sent.JSON),
        headers=given.texts("headers"),
        secret=given.secret("secret"),
        signing=given.word("signing", Signing.HMAC_SHA256),
        signed=given.text("signed"),
        success=(success.get("field", ""), success.get("value", "")),
    )
    for key, templates in (("fields", gateway.fields), ("headers", gateway.headers)):
        for template in templates.values():
            for word in unknown_placeholders(template):
                given.note(key, f"a word in braces of {key} must be a placeholder", f"{{{word}}}")
    if not any("{mobile}" in t for t in (*gateway.fields.values(), gateway.place.url)):
        given.note("fields", "one of the fields must hold {mobile}", "none")
    return Plan(Address.MOBILE, lambda: SmsChannel(gateway))


def _mqtt(given: Given) -> Plan:
    topic = given.text("topic")
    if any(sign in topic for sign in "+#\0"):
        given.note("topic", "topic must be one topic, without + and #", repr(topic))
    tls = given.flag("tls")
    user, password = given.text("user"), given.secret("password")
    port = given.whole("port", 8883 if tls else 1883, 1, 65535)
    broker = Broker(given.text("host"), port, user, password, tls, given.file("ca_file"))
    return Plan(Address.NONE, lambda: MqttChannel(broker, topic))


KINDS: Mapping[ChannelKind, Kind] = MappingProxyType(
    {
        ChannelKind.APPRISE: Kind(Keys(secrets=("url",)), _apprise),
        ChannelKind.DINGTALK: Kind(
            Keys(
                optional=(*_PLACE, "to", "app_key", "agent"),
                secrets=("url", "token", "secret", "app_secret"),
            ),
            _dingtalk,
        ),
        ChannelKind.EMAIL: Kind(
            Keys(("host", "sender"), ("port", "security", "user", "to", "ca_file"), ("password",)),
            _email,
        ),
        ChannelKind.FEISHU: Kind(
            Keys(optional=_PLACE, secrets=("url", "token", "secret")), _feishu
        ),
        ChannelKind.MQTT: Kind(
            Keys(("host", "topic"), ("port", "user", "tls", "ca_file"), ("password",)), _mqtt
        ),
        ChannelKind.SMS: Kind(
            Keys(
                ("fields",),
                (*_PLACE, "send_as", "headers", "signing", "signed", "success"),
                ("url", "secret"),
            ),
            _sms,
        ),
        ChannelKind.WEBHOOK: Kind(
            Keys(optional=_PLACE, secrets=("url", "secret", "previous_secret")), _webhook
        ),
        ChannelKind.WECOM: Kind(
            Keys(
                optional=(*_PLACE, "to", "corporation", "agent"),
                secrets=("url", "token", "app_secret"),
            ),
            _wecom,
        ),
    }
)
"""``inbox`` and ``log`` are not among them: they are always there."""
