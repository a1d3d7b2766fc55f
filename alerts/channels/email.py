"""E-mail by SMTP (RFC 5321): one message a recipient, text and HTML, known to receivers by its Message-ID.

The Message-ID is made of the message's key, so mail systems that drop repetitions know one. What the server
says decides: 4xx may pass, 5xx of a recipient is final for that message, 5xx of the sender or of the sign-in
stops the channel until somebody has put it right.
"""

import hashlib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from pathlib import Path

from pydantic import SecretStr

from alerts.channels.base import Delivery
from alerts.channels.http import tls_context
from alerts.channels.said import Said, said
from quotawatt.clock import require_utc
from quotawatt.errors import ChannelError

TIMEOUT_S = 15.0


class Security(StrEnum):
    """How the connection is protected: TLS from the first byte, from ``STARTTLS`` on, or not at all."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that takes the messages.

    sender
        Address that they come from.
    user, password
        To sign in; empty and None: the server asks for none.
    ca_file
        Certificates (PEM) by which the server is known; None: those of the machine.
    """

    host: str
    port: int
    sender: str
    security: Security = Security.STARTTLS
    user: str = ""
    password: SecretStr | None = None
    ca_file: Path | None = None


class EmailChannel:
    """Sends to the recipient's address, or always to ``to`` where that is given."""

    def __init__(self, server: MailServer, to: str = "", timeout_s: float = TIMEOUT_S) -> None:
        """Raises SettingError where the certificates cannot be read."""
        self._server, self._to, self._timeout_s = server, to, timeout_s
        self._tls = tls_context(server.ca_file)

    def send(self, delivery: Delivery) -> None:
        """Hand it to the server. Raises ChannelError."""
        address = self._to or (delivery.recipient.email if delivery.recipient else "")
        if not address:
            raise ChannelError("a recipient must have an e-mail address, got none", retryable=False)
        message = self._message(delivery, address)
        with self._as_channel_errors(), self._connected() as connection:
            connection.send_message(message, self._server.sender, [address])

    def _message(self, delivery: Delivery, address: str) -> EmailMessage:
        words = said(delivery.body)
        domain = self._server.sender.rpartition("@")[2]
        message = EmailMessage()
        to = mail_address(address)
        if to is None:
            raise ChannelError(
                "an e-mail address must be NAME@DOMAIN, got another", retryable=False
            )
        message["To"] = to
        message["From"] = MailAddress(addr_spec=self._server.sender)
        message["Subject"] = " ".join(words.title.split())
        message["Date"] = format_datetime(require_utc(delivery.sent_at))
        message["Message-ID"] = message_id(delivery.key, domain)
        # No out-of-office answers, please (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(_text(words))
        if words.html:
            message.add_alternative(words.html, subtype="html")
        return message

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self._server
        if server.security is Security.TLS:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self._timeout_s, context=self._tls
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self._timeout_s)
        with connection:
            if server.security is Security.STARTTLS:
                connection.starttls(context=self._tls)
            if server.user and server.password is not None:
                connection.login(server.user, server.password.get_secret_value())
            yield connection

    @contextmanager
    def _as_channel_errors(self) -> Iterator[None]:
        """What goes wrong with the server, as a channel says it: by codes, not by the server's words."""
        try:
            yield
        except smtplib.SMTPRecipientsRefused as error:
            code = max((code for code, _ in error.recipients.values()), default=0)
            raise ChannelError(
                f"the mail server must take the recipient, {self._server.host} says {code}",
                retryable=code < 500,
            ) from None
        except smtplib.SMTPResponseException as error:
            raise self._refused(error) from None
        except (smtplib.SMTPException, ssl.SSLError, OSError) as error:
            raise ChannelError(
                f"the mail server must answer, {self._server.host} says:"
                f" {type(error).__name__}: {error}",
                retryable=True,
                whole_channel=True,
            ) from None

    def _refused(self, error: smtplib.SMTPResponseException) -> ChannelError:
        """Of the message's content a 5xx is final; of sender or sign-in it waits to be put right."""
        of_message = isinstance(error, smtplib.SMTPDataError)
        what = "sign-in" if isinstance(error, smtplib.SMTPAuthenticationError) else "message"
        return ChannelError(
            f"the mail server must take the {what}, {self._server.host} says {error.smtp_code}",
            retryable=not (of_message and error.smtp_code >= 500),
            whole_channel=not of_message,
        )


def mail_address(text: str) -> MailAddress | None:
    """An address ``NAME@DOMAIN``; None for anything else."""
    try:
        found = MailAddress(addr_spec=text)
    except (ValueError, IndexError, MessageError):
        return None
    return found if found.username and found.domain else None


def message_id(key: str, domain: str) -> str:
    """The Message-ID of a message, the same for every try."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def _text(words: Said) -> str:
    return (
        f"{words.text}\n\n{words.link}"
        if words.link and words.link not in words.text
        else words.text
    )
