"""Where the recipients of messages are reached, as of the instant at which they are sent."""

from collections.abc import Callable, Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from alerts.people.accounts import read_accounts
from alerts.people.recipients import Recipient, Staff, recipient_by_key
from quotawatt.register.model import Register


class AddressBook:
    """Looks recipients up by their keys in the register and among the accounts."""

    def __init__(
        self, records: Engine, register_source: Callable[[], Register], zone: ZoneInfo
    ) -> None:
        """``zone`` is that of assets without a site."""
        self._records, self._register_source, self._zone = records, register_source, zone

    def __call__(self, keys: Collection[str], now: datetime) -> dict[str, Recipient]:
        """Those of the recipients who are still there, by key. Raises StoreError."""
        if not keys:
            return {}
        register = self._register_source()
        with self._records.connect() as conn:
            accounts = read_accounts(conn)
        staff = Staff(register, accounts, self._zone)
        found = {key: recipient_by_key(staff, key, now) for key in keys}
        return {key: recipient for key, recipient in found.items() if recipient is not None}
