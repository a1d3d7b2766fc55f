"""The console's inbox: a row for each message and account, there at once and kept until it is read."""

import hashlib

from sqlalchemy import Engine

from alerts.channels.base import Delivery
from quotawatt.errors import ChannelError, StoreError
from quotawatt.storage.case_tables import inbox_messages
from quotawatt.storage.records import upsert

_KEY_LENGTH = 64


class InboxChannel:
    """Puts messages into the recipient's inbox; the same key twice is one message."""

    def __init__(self, records: Engine) -> None:
        self._records = records

    def send(self, delivery: Delivery) -> None:
        """Put it in. Raises ChannelError: final for a recipient without an account, else it may pass."""
        account = delivery.recipient.account if delivery.recipient else ""
        if not account:
            raise ChannelError("a recipient must have an account, got none", retryable=False)
        row = {
            "key": _fitting(delivery.key),
            "account": account,
            "created_at": delivery.sent_at,
            "body": dict(delivery.body),
        }
        try:
            with self._records.begin() as conn:
                upsert(conn, inbox_messages, [row], keys=["key"])
        except StoreError as error:
            raise ChannelError(str(error), retryable=True, whole_channel=True) from None


def _fitting(key: str) -> str:
    return key if len(key) <= _KEY_LENGTH else hashlib.sha256(key.encode()).hexdigest()
