"""Against a real mail server on this machine."""

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from pydantic import SecretStr

from alerts.channels.email import EmailChannel, MailServer, Security
from quotawatt.errors import ChannelError
from tests.alerts.channels.bodies import OFFICER, delivery
from tests.alerts.channels.platform import make_authority


@dataclass
class Mailbox:
    """A mail server's side: what came in, and what it says to recipients and contents."""

    to_recipient: str = ""
    to_content: str = "250 OK"
    got: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        if self.to_content.startswith("250"):
            self.got.append(envelope)
        return self.to_content

    def message(self) -> EmailMessage:
        (envelope,) = self.got
        raw = envelope.content
        assert isinstance(raw, bytes)
        return email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[return-value]


class _OnAFreePort(Controller):
    """A server that takes the port that is free; its own way of trying it would connect to port 0."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        socket.create_connection(("127.0.0.1", self.port), timeout=5).close()


@contextmanager
def run_mail_server(mailbox: Mailbox, **options: Any) -> Iterator[MailServer]:
    controller = _OnAFreePort(mailbox, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield MailServer("127.0.0.1", controller.port, "quotawatt@example.org", Security.NONE)
    finally:
        controller.stop()


def _accept(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    return AuthResult(
        success=(given.login, given.password) == (b"alerts", b"s3cret"), handled=False
    )


def test_text_and_html_in_utf8_with_an_id_from_the_key() -> None:
    mailbox = Mailbox()
    with run_mail_server(mailbox) as server:
        EmailChannel(server).send(delivery())
        first = mailbox.message()["Message-ID"]
        mailbox.got.clear()
        EmailChannel(server).send(delivery())
    message = mailbox.message()
    assert mailbox.got[0].rcpt_tos == ["officer@example.org"]
    assert message["Subject"] == "［告警］主楼用电超定额"
    assert message["Message-ID"] == first
    assert first.endswith("@example.org>")
    assert message["Date"] == "Thu, 01 Jun 2023 00:00:00 +0000"
    plain, html = message.iter_parts()
    assert plain.get_content().startswith("对象：主楼\r\n用量：104 kgce")
    assert "https://quotawatt.example.org/cases/7" in plain.get_content()
    assert html.get_content().strip() == "<p>对象：主楼</p>"


def test_a_title_of_several_lines_makes_no_headers() -> None:
    mailbox = Mailbox()
    with run_mail_server(mailbox) as server:
        EmailChannel(server).send(delivery(title="告警\r\nBcc: all@example.org", html=""))
    message = mailbox.message()
    assert message["Bcc"] is None
    assert message["Subject"] == "告警 Bcc: all@example.org"
    assert not message.is_multipart()


def test_a_fixed_mailbox_needs_no_recipient() -> None:
    mailbox = Mailbox()
    with run_mail_server(mailbox) as server:
        EmailChannel(server, to="duty@example.org").send(delivery(None))
    assert mailbox.got[0].rcpt_tos == ["duty@example.org"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # it is TLS throughout
@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_signing_in_over_tls_with_a_ca_of_ones_own(tmp_path: Path, security: Security) -> None:
    authority = make_authority(tmp_path)
    mailbox = Mailbox()
    options: dict[str, Any] = {"authenticator": _accept, "auth_required": True}
    if security is Security.TLS:
        options |= {"ssl_context": authority.server, "auth_require_tls": False}
    else:
        options |= {"tls_context": authority.server, "require_starttls": True}
    with run_mail_server(mailbox, **options) as plain:
        server = replace(
            plain,
            security=security,
            user="alerts",
            password=SecretStr("s3cret"),
            ca_file=authority.ca_file,
        )
        EmailChannel(server).send(delivery())
        with pytest.raises(ChannelError, match=r"must take the sign-in, .* says 535") as caught:
            EmailChannel(replace(server, password=SecretStr("wr0ng"))).send(delivery())
        assert (caught.value.retryable, caught.value.whole_channel) == (True, True)
        assert "wr0ng" not in str(caught.value)
        with pytest.raises(ChannelError, match="CERTIFICATE_VERIFY_FAILED") as caught:
            EmailChannel(replace(server, ca_file=None)).send(delivery())
        assert caught.value.retryable
    assert len(mailbox.got) == 1


@pytest.mark.parametrize(
    ("to_recipient", "to_content", "retryable"),
    [
        ("550 5.1.1 no such user", "250 OK", False),
        ("451 4.7.1 greylisted, come back", "250 OK", True),
        ("", "554 5.7.1 looks like spam", False),
        ("", "452 4.3.1 disk full", True),
    ],
)
def test_what_the_server_refuses(to_recipient: str, to_content: str, retryable: bool) -> None:
    with (
        run_mail_server(Mailbox(to_recipient, to_content)) as server,
        pytest.raises(ChannelError, match="the mail server must take") as caught,
    ):
        EmailChannel(server).send(delivery())
    assert (caught.value.retryable, caught.value.whole_channel) == (retryable, False)


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b@c", "x y@example.org", "a@example.org\r\nX: y"]
)
def test_an_address_that_is_none_is_final(address: str) -> None:
    server = MailServer("127.0.0.1", 9, "quotawatt@example.org", Security.NONE)
    with pytest.raises(ChannelError, match="address") as caught:
        EmailChannel(server).send(delivery(replace(OFFICER, email=address)))
    assert not caught.value.retryable


def test_a_server_that_says_nothing_is_left_after_the_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        server = MailServer("127.0.0.1", port, "quotawatt@example.org", Security.NONE)
        with pytest.raises(ChannelError, match="timed out") as caught:
            EmailChannel(server, timeout_s=0.1).send(delivery())
    assert (caught.value.retryable, caught.value.whole_channel) == (True, True)
