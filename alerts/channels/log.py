"""The channel that always is there: a file of JSON lines, and the log."""

import json
import logging
from pathlib import Path

from alerts.channels.base import Delivery
from alerts.channels.said import said
from quotawatt.clock import require_utc
from quotawatt.errors import ChannelError
from quotawatt.settings import Language

log = logging.getLogger(__name__)


class LogChannel:
    """Appends each message to ``path`` as one line ``{"key", "sent_at", ...body}``, in UTF-8.

    The title also goes to the log; of a message that has both languages, in ``language``.
    """

    def __init__(self, path: Path, language: Language = "zh") -> None:
        self._path = path
        self._language = language

    def send(self, delivery: Delivery) -> None:
        """Append the line. Raises a retryable ChannelError where the file cannot be written."""
        sent_at = require_utc(delivery.sent_at).isoformat()
        line = {"key": delivery.key, "sent_at": sent_at, **delivery.body}
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            raise ChannelError(
                f"the alert log must be writable, got {self._path} ({error.strerror})",
                retryable=True,
                whole_channel=True,
            ) from None
        log.info("%s", said(delivery.body, self._language).title)
