"""All other ways, by the addresses of Apprise (github.com/caronc/apprise): one address is one channel.

An address holds its secrets, so it is never shown, and what Apprise itself would log is kept quiet: it only
says that a service has not taken a message, not why.
"""

import logging

import apprise
from pydantic import SecretStr

from alerts.channels.base import Delivery
from alerts.channels.said import said
from quotawatt.errors import ChannelError, SettingError


class AppriseChannel:
    """Sends each message to one service."""

    def __init__(self, url: SecretStr) -> None:
        """Raises SettingError where Apprise does not know such an address."""
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        self._scheme = url.get_secret_value().partition("://")[0][:20]
        self._service = apprise.Apprise()
        if not self._service.add(url.get_secret_value()):
            raise SettingError(
                "an address of apprise must be one of a service that it knows, got scheme"
                f" {self._scheme!r}"
            )

    def send(self, delivery: Delivery) -> None:
        """Hand it to the service. Raises a retryable ChannelError."""
        words = said(delivery.body)
        text = f"{words.markdown}\n\n{words.link}" if words.link else words.markdown
        try:
            taken = self._service.notify(
                body=text, title=words.title, body_format=apprise.NotifyFormat.MARKDOWN
            )
        except TypeError as error:  # what Apprise raises where there is nothing to send
            raise self._failed(str(error)) from None
        if not taken:
            raise self._failed("no")

    def _failed(self, why: str) -> ChannelError:
        return ChannelError(
            f"a service of apprise must take messages, {self._scheme} says: {why}",
            retryable=True,
            whole_channel=True,
        )
